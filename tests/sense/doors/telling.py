"""Messages told in a form that tests can compare."""

import math

from anlan.sense.doors.limits import Limits
from anlan.sense.stream.batch import Rows

LIMITS = Limits(message_bytes=1_000_000, unpacked_bytes=1_000_000, rows=1000, depth=20)


def told(rows: Rows) -> list[tuple[object, int, float | None, int]]:
    """Return rows as tuples; a missing value is None."""
    values = [None if math.isnan(v) else v for v in rows.value.tolist()]
    return list(zip(list(rows.sensor), rows.time_us.tolist(), values, rows.quality.tolist(), strict=True))


def outcome(rows: Rows) -> tuple[object, ...]:
    """Return all that a message told, in a form that can be compared."""
    places = list(range(len(rows))) if rows.place is None else rows.place.tolist()
    return (told(rows), places, rows.refused)
