"""When a device says that it observed: in its own form of time, with its own idea of a zone."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from anlan.catalog.schema.mappings import OFFSET, Moment
from anlan.sense.doors.decode.moments import FIRST_US, LAST_US, micros
from anlan.sense.doors.mapping.scene import Scene, reading

Timing = Callable[[Scene], int | None]
"""Returns microseconds since 1970 UTC, or None if what stands there is no moment."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_US_IN = {"epoch_s": 1_000_000, "epoch_ms": 1000}


def micros_by(said: Moment | None) -> Timing | None:
    """Return what finds the moment of an observation; None: that of its receipt."""
    if said is None:
        return None
    find, zone = reading(said.of), None if said.zone is None else _zone(said.zone)
    if said.form in _US_IN:
        return lambda scene: _epoch(find(scene), _US_IN[said.form])
    if said.form == "iso":
        return lambda scene: _iso(find(scene), zone)
    pattern = said.pattern or ""
    return lambda scene: _by_pattern(find(scene), pattern, zone)


def received_or(moment: Timing | None, received_us: int) -> Timing:
    """Return a moment's reading, or the moment of receipt for all."""
    return moment or (lambda _scene: received_us)


def _zone(name: str) -> tzinfo:
    if not OFFSET.fullmatch(name):
        return ZoneInfo(name)
    ahead = timedelta(hours=int(name[1:3]), minutes=int(name[4:]))
    return timezone(ahead if name[0] == "+" else -ahead)


def _epoch(value: Any, unit_us: int) -> int | None:
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return _bounded(round(value * unit_us))


def _iso(value: Any, zone: tzinfo | None) -> int | None:
    found = micros(value) if isinstance(value, str) else None
    if found is not None or zone is None or not isinstance(value, str):
        return found
    try:
        return _since(datetime.fromisoformat(value), zone)
    except ValueError:
        return None


def _by_pattern(value: Any, pattern: str, zone: tzinfo | None) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**30 else None
    if not isinstance(value, str):
        return None
    try:
        return _since(datetime.strptime(value, pattern), zone or UTC)  # noqa: DTZ007  # the zone comes next
    except ValueError:
        return None


def _since(moment: datetime, zone: tzinfo) -> int | None:
    try:
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        return _bounded((aware - _EPOCH) // _US)
    except (OverflowError, ValueError):
        return None


def _bounded(at_us: int) -> int | None:
    return at_us if FIRST_US <= at_us <= LAST_US else None
