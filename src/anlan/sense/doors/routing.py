"""Topics and subjects that tell their source: ``anlan/v1/<source>/observations[/<form>]``, with dots for NATS."""

import re
from typing import NamedTuple

from anlan.sense.doors.decode.forms import FORMS

_OWN = re.compile(r"anlan([/.])v1\1([^/.]+)\1observations(?:\1([a-z0-9]+))?")


class Route(NamedTuple):
    """What a topic tells: the source, and the form if it names one."""

    source: str
    form: str


def route_of(topic: str) -> Route | None:
    """Return what a topic or subject tells; None if it is a device's own, or names a form that there is not.

    Examples
    --------
    >>> route_of("anlan/v1/gateway-7/observations/csv")
    Route(source='gateway-7', form='csv')
    """
    found = _OWN.fullmatch(topic)
    if found is None or (found[3] is not None and found[3] not in FORMS):
        return None
    return Route(found[2], found[3] or "")
