"""What Anlan itself knows of the things that triggers look at: signals in force, open alarms, the latest forecast."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anlan.catalog.schema.base import GRADES
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Tx
from anlan.kernel.entries import entries
from anlan.plan.triggers import at_grade_or_worse, complete
from anlan.sense import queries as sense
from anlan.warn import queries as warn

SIGNALS = "plan_signals"
"""The catalog's code list from the key of a type of event to the hazard that triggers see its signal as."""

_NEWEST = 2**62  # no journal grows that long
_LOOK_BACK = 50

Town = Mapping[str, Any]
"""A town hit: ``area``, ``grade``, ``people`` by the best estimate."""


def gather(tx: Tx, area: str, told: Mapping[str, Any], towns: Sequence[Town]) -> dict[str, Any]:
    """Return all facts about an area; what the caller tells goes over what is known.

    Parameters
    ----------
    told
        Facts in the shape of :data:`anlan.catalog.schema.plans.TRIGGER_SAMPLE`, as many as the caller knows.
    towns
        Towns hit, if the caller knows them.

    Raises
    ------
    Invalid
        ``plan.fact_unknown``, where something is told that no trigger can see.
    """
    impact = _impact(tx, area)
    if towns:
        impact["towns"] = at_grade_or_worse(town["grade"] for town in towns)
    complete(told)
    return complete(_over({"signal": _signals(tx, area), "alarms": _alarms(tx, area), "impact": impact}, told))


def _over(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(known)
    for name, value in told.items():
        nested = isinstance(value, Mapping) and isinstance(known.get(name), Mapping)
        merged[name] = _over(known[name], value) if nested else value
    return merged


def _signals(tx: Tx, area: str) -> dict[str, int]:
    """Return the rank of the gravest signal or warning in force for part of an area, by hazard; 4 is red."""
    hazards, ranks = tx.catalog.code_lists[SIGNALS].codes, dict[str, int]()
    for one in warn.effective(tx.reader("warning"), place=area):
        hazard = hazards.get(tx.catalog.event_types[one.event_type].key or "")
        if hazard is not None:
            ranks[hazard] = max(ranks.get(hazard, 0), len(GRADES) - GRADES.index(one.grade))
    return ranks


def _alarms(tx: Tx, area: str) -> dict[str, dict[str, int]]:
    """Return the open alarms of an area by quantity, counted at each grade or worse; only those triggers can see."""
    grades: dict[str, list[str]] = {}
    for alarm in sense.alarm_list(tx.reader("alarm"), is_open=True, area=area):
        grades.setdefault(alarm["quantity"], []).append(alarm["grade"])
    seen = complete({})["alarms"]
    return {quantity: at_grade_or_worse(found) for quantity, found in grades.items() if quantity in seen}


def _impact(tx: Tx, area: str) -> dict[str, Any]:
    """Return the impact of the latest forecast on an area; of one for a larger area, what its towns here tell."""
    forecast = _forecast(tx, area)
    if forecast is None:
        return {}
    data, towns = forecast["data"], _towns(forecast, area)
    own = forecast["area"] == area
    people = best(data.get("people")) if own else sum(town["people"] for town in towns)
    impact: dict[str, Any] = {"people": people, "towns": at_grade_or_worse(town["grade"] for town in towns)}
    if own:
        impact |= {"assets": data.get("assets_hit") or 0, "critical_assets": data.get("critical_assets") or 0}
    return impact


def towns_hit(tx: Tx, area: str) -> list[dict[str, Any]]:
    """Return the towns of an area that the latest forecast grades."""
    forecast = _forecast(tx, area)
    return _towns(forecast, area) if forecast else []


def _forecast(tx: Tx, area: str) -> Mapping[str, Any] | None:
    """Return the latest forecast for an area or a larger one that has not run out, as its journal entry tells it."""
    for entry in reversed(entries(tx.reader("forecast"), limit=_LOOK_BACK, verbs=("forecast.run",), before=_NEWEST)):
        data = entry["data"]
        until = data.get("valid_to")
        fresh = until is None or datetime.fromisoformat(until) > tx.now
        if area.startswith(jurisdiction(entry["area"])) and fresh and not data.get("reused"):
            return entry
    return None


def _towns(forecast: Mapping[str, Any], area: str) -> list[dict[str, Any]]:
    inside = jurisdiction(area)
    return [
        {"area": town["area"], "grade": town["grade"], "people": best(town.get("people"))}
        for town in forecast["data"].get("towns") or ()
        if town.get("grade") and str(town["area"]).startswith(inside)
    ]


def best(people: Any) -> int:
    """Return the best estimate of a number of people that is told alone or with low and high."""
    number = people.get("best") if isinstance(people, Mapping) else people
    return round(number or 0)
