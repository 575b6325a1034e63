"""The forms of message that every door understands, and their names in headers and topics."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from anlan.sense.doors.decode import arrow, binary, csv_text, json_text
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.stream.batch import Rows

Decoder = Callable[[bytes, Limits], Rows]

FORMS: Mapping[str, Decoder] = MappingProxyType(
    {
        "json": json_text.decode,
        "csv": csv_text.decode,
        "arrow": arrow.decode,
        "binary": binary.decode,
    }
)

DEFAULT_FORM = "json"
"""The form of a message that says nothing of it."""

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "application/json": "json",
        "text/csv": "csv",
        "application/vnd.apache.arrow.stream": "arrow",
        "application/vnd.anlan.observations": "binary",
    }
)
"""Media types and the form that each names; Arrow's is registered with IANA, the last is this house's own."""


def decode(form: str, payload: bytes, limits: Limits) -> Rows:
    """Return the observations of a message.

    Raises
    ------
    Unreadable
        If nothing of it can be taken; ``message.form`` if there is no such form.
    """
    decoder = FORMS.get(form)
    if decoder is None:
        raise Unreadable("message.form", form)
    if len(payload) > limits.unpacked_bytes:
        raise Unreadable("message.size", len(payload))
    return decoder(payload, limits)
