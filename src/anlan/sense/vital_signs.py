"""Vital signs of areas: aggregates over all instruments, put into the catalog's formulas, and graded."""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from anlan.catalog.expressions import ExpressionError, evaluate
from anlan.catalog.schema.base import GRADES, Grade
from anlan.catalog.schema.vital_signs import VitalSign
from anlan.kernel.access import jurisdiction
from anlan.sense.city_state import CityState
from anlan.sense.stream.batch import Floats, Int32s

ALL, INSTRUMENT = "all", "instrument"
_MEETS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
)


@dataclass(frozen=True)
class Reading:
    """One sign of one area; no value where the formula cannot be told, as nobody measures it there."""

    sign: str
    value: float | None
    grade: Grade | None


def readings(state: CityState, area: str, people: float, area_km2: float) -> list[Reading]:
    """Return all vital signs of one area, in the order of the catalog.

    Parameters
    ----------
    state : CityState
    area : str
        Code of the area; everything below it counts.
    people, area_km2 : float
        Of the area; NaN where it is not known.
    """
    seen = aggregates(state, area, people, area_km2)
    return [_read(sign, seen) for sign in state.catalog.vital_signs.values()]


def _read(sign: VitalSign, seen: Mapping[str, Any]) -> Reading:
    try:
        value = float(evaluate(sign.formula, seen))
    except ExpressionError:  # a quantity that nobody measures here has neither mean nor extremes
        return Reading(sign.id, None, None)
    if not math.isfinite(value):
        return Reading(sign.id, None, None)
    return Reading(sign.id, value, grade_of(sign, value))


def grade_of(sign: VitalSign, value: float) -> Grade | None:
    """Return the gravest grade that a value meets."""
    meets = _MEETS[sign.op]
    return next((grade for grade in GRADES if grade in sign.grades and meets(value, sign.grades[grade].value)), None)


def aggregates(state: CityState, area: str, people: float, area_km2: float) -> dict[str, Any]:
    """Return what formulas see of an area (:data:`anlan.catalog.schema.vital_signs.FORMULA_SEES`)."""
    head = jurisdiction(area)
    numbers = state.numbers_within([head])
    sectors = {name: own[numbers] for name, own in state.sector_sensors.items()}
    silent = ~state.heard[numbers]
    return {
        "sensors": {ALL: float(len(numbers)), **{name: float(own.sum()) for name, own in sectors.items()}},
        "silent": {ALL: float(silent.sum()), **{name: float((own & silent).sum()) for name, own in sectors.items()}},
        "alarms": _alarms(state, head, sectors),
        "value": _values(state, numbers),
        "people": float(people),
        "area_km2": float(area_km2),
    }


def _alarms(state: CityState, head: str, sectors: Iterable[str]) -> dict[str, dict[str, float]]:
    counts: dict[str, dict[str, float]] = {
        name: dict.fromkeys((*GRADES, "total"), 0.0) for name in (ALL, INSTRUMENT, *sectors)
    }
    for alarm, own in zip(state.alarms, state.alarm_sectors, strict=True):
        if not jurisdiction(alarm.area).startswith(head):
            continue
        for name in (INSTRUMENT,) if alarm.about == "instrument" else (ALL, *own):
            counts[name][alarm.grade] += 1.0
            counts[name]["total"] += 1.0
    return counts


def _values(state: CityState, numbers: Int32s) -> dict[str, dict[str, float]]:
    """Return count, mean, median, extremes and sum of the newest good values by quantity; of none, a count alone."""
    found: dict[str, dict[str, float]] = {name: {"count": 0.0} for name in state.catalog.quantities}
    telling = numbers[state.tells[numbers]]
    value, code = state.value[telling], state.registry.quantity.code[telling]
    order = np.lexsort((value, code))
    value, code = value[order], code[order]
    begins = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]])) if len(code) else np.zeros(0, np.int64)
    ends = [*begins[1:].tolist(), len(code)]
    for begin, end in zip(begins.tolist(), ends, strict=False):
        found[state.registry.quantity.texts[code[begin]]] = _summary(value[begin:end])
    return found


def _summary(rising: Floats) -> dict[str, float]:
    told = {"total": rising.sum(), "mean": rising.mean(), "median": np.median(rising), "low": rising[0]}
    return {"count": float(len(rising)), "high": float(rising[-1]), **{name: float(x) for name, x in told.items()}}
