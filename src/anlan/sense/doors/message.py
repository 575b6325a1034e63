"""What a door hands on: bytes from a sender, and what is known about them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came.

    Attributes
    ----------
    source
        Who sent it, as the door knows: by topic, credential or folder.
    door
        ``mqtt``, ``nats``, ``http`` or ``file``.
    form
        A form of :data:`anlan.sense.doors.decode.forms.FORMS`; empty: by the mapping.
    mapping
        The payload mapping that the door was told to use; None: the source's own, or none.
    topic
        Topic, subject or file name.
    received_us
        The world's time of receipt, microseconds since 1970 UTC.
    """

    source: str
    door: str
    payload: bytes
    received_us: int
    form: str = ""
    mapping: str | None = None
    topic: str = ""
