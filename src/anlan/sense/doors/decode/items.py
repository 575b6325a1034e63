"""One observation at a time, as a door finds it: the slow, obvious reading that decides when the fast one gives up."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from anlan.sense.doors.decode.columns import SENT
from anlan.sense.doors.decode.moments import micros
from anlan.sense.doors.limits import shown
from anlan.sense.stream.batch import MISSING, Refusal, Rows

KEYS = ("sensor", "at", "value", "quality")
_NEEDED = KEYS[:3]

Observation = tuple[str, int, float, int]
"""Sensor, microseconds, value (NaN: none), code of the quality."""


def rows_of(items: Iterable[object]) -> Rows:
    """Return the observations that items tell, and a refusal for each that tells none.

    An item is ``[sensor, at, value]`` or ``[sensor, at, value, quality]``, or a mapping with these keys and no others.
    An item that is an exception stands for one that could not even be read.
    """
    good: list[Observation] = []
    places: list[int] = []
    refused: list[Refusal] = []
    for place, item in enumerate(items):
        read = observation(item)
        if isinstance(read, Refusal):
            refused.append(Refusal(place, read.rule, read.value, read.sensor))
        else:
            good.append(read)
            places.append(place)
    return Rows(
        [row[0] for row in good],
        np.array([row[1] for row in good], np.int64),
        np.array([row[2] for row in good], np.float64),
        np.array([row[3] for row in good], np.uint8),
        tuple(refused),
        np.array(places, np.int64) if refused else None,
    )


def observation(item: object) -> Observation | Refusal:
    """Return the observation of one item, or why it is none."""
    fields = _fields(item)
    if fields is None:
        return Refusal(0, "observation.shape", shown(item) if not isinstance(item, Exception) else shown(str(item)))
    sensor, at, value, quality = fields
    if not isinstance(sensor, str) or not sensor:
        return Refusal(0, "observation.name", shown(sensor))
    at_us = micros(at)
    if at_us is None:
        return Refusal(0, "observation.at", shown(at), shown(sensor))
    number = _number(value)
    if number is None:
        return Refusal(0, "observation.value", shown(value), shown(sensor))
    if not isinstance(quality, str) or quality not in SENT:
        return Refusal(0, "observation.quality", shown(quality), shown(sensor))
    return sensor, at_us, number, MISSING if math.isnan(number) else SENT[quality]


def _fields(item: object) -> tuple[object, object, object, object] | None:
    if isinstance(item, Mapping):
        if not all(key in item for key in _NEEDED) or not all(key in KEYS for key in item):
            return None
        return item["sensor"], item["at"], item["value"], item.get("quality", "good")
    if isinstance(item, Sequence) and not isinstance(item, str | bytes) and len(item) in {3, 4}:
        return item[0], item[1], item[2], item[3] if len(item) == len(KEYS) else "good"
    return None


def _number(value: object) -> float | None:
    """Return a value as a float, NaN for none; None if it is no number."""
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
