"""Columns with some faulty items: the good rows, and a refusal for each of the others."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from anlan.sense.doors.decode.moments import FIRST_US, LAST_US
from anlan.sense.doors.limits import shown
from anlan.sense.doors.names import Names
from anlan.sense.stream.batch import GOOD, MISSING, SUSPECT, Bytes, Floats, Int32s, Int64s, Refusal, Rows

Bools = npt.NDArray[np.bool_]

SENT = {"good": GOOD, "suspect": SUSPECT}
"""What a sender may say of a value; its place is the code."""


def sifted(
    sensor: Sequence[str] | Int32s,
    time_us: Int64s,
    value: Floats,
    quality: Bytes | None = None,
    faults: Mapping[str, Bools] | None = None,
) -> Rows:
    """Return the rows that are sound, and refuse the others, each by the first rule that it breaks.

    Parameters
    ----------
    sensor
        Names, or numbers of the registry.
    time_us
        Checked here against the first and last moment that there are.
    value
        NaN: none. An infinite one is refused.
    quality
        0 good, 1 suspect; what is more is refused. None: all are good.
    faults
        Rows that were found faulty before, by rule.
    """
    codes = np.zeros(len(time_us), np.uint8) if quality is None else quality
    if _sound(time_us, value, codes, faults):
        return Rows(sensor, time_us, value, codes)
    found = dict(faults or {})
    found["observation.at"] = found.get("observation.at", False) | (time_us < FIRST_US) | (time_us > LAST_US)
    found["observation.value"] = found.get("observation.value", False) | np.isinf(value)
    found["observation.quality"] = found.get("observation.quality", False) | (codes > SUSPECT)
    codes = np.where(np.isnan(value), np.uint8(MISSING), codes)
    faulty = np.logical_or.reduce(list(found.values()))
    if not faulty.any():
        return Rows(sensor, time_us, value, codes)
    places = np.flatnonzero(~faulty)
    names = some_of(sensor, places)
    refused = tuple(_refusal(row, found, sensor, time_us, value) for row in np.flatnonzero(faulty).tolist())
    return Rows(names, time_us[places], value[places], codes[places], refused, places)


def _sound(time_us: Int64s, value: Floats, codes: Bytes, faults: Mapping[str, Bools] | None) -> bool:
    """Tell in few looks that no row is faulty and none is without a value, which is what nearly always comes."""
    if not len(time_us):
        return True
    within = time_us.min() >= FIRST_US and time_us.max() <= LAST_US and codes.max() <= SUSPECT
    return bool(within and np.isfinite(value).all()) and not any(mask.any() for mask in (faults or {}).values())


def some_of(sensor: Sequence[str] | Int32s, places: Int64s) -> Sequence[str] | Int32s:
    """Return the names or numbers at some places."""
    if isinstance(sensor, np.ndarray):
        return sensor[places]
    return sensor.take(places) if isinstance(sensor, Names) else [sensor[place] for place in places.tolist()]


def _refusal(
    row: int, found: Mapping[str, Bools], sensor: Sequence[str] | Int32s, time_us: Int64s, value: Floats
) -> Refusal:
    rule = next(rule for rule, mask in found.items() if mask[row])
    told: dict[str, object] = {"observation.at": int(time_us[row]), "observation.value": float(value[row])}
    return Refusal(row, rule, shown(str(told.get(rule, ""))), shown(str(sensor[row])))
