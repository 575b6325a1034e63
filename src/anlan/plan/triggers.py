"""Which level of a plan the facts call for.

The facts are one mapping with every key of :data:`anlan.catalog.schema.plans.TRIGGER_SAMPLE`, which documents them;
what nobody told is zero.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from anlan.catalog.expressions import ExpressionError, evaluate
from anlan.catalog.schema.base import GRADES
from anlan.catalog.schema.plans import PLAN_LEVELS, TRIGGER_SAMPLE, Plan, PlanLevelId
from anlan.kernel.access import jurisdiction
from anlan.kernel.errors import Invalid


def rank(level: PlanLevelId | None) -> int:
    """Return the place of a level, the most severe first and no level last."""
    return len(PLAN_LEVELS) if level is None else PLAN_LEVELS.index(level)


def graver(one: PlanLevelId | None, other: PlanLevelId | None) -> bool:
    """Tell whether one level is more severe than another; no level is the mildest."""
    return rank(one) < rank(other)


def nearest_plans(plans: Mapping[str, Plan], area: str) -> list[Plan]:
    """Return, for each hazard, the plan that stands nearest above an area."""
    found: dict[str, Plan] = {}
    for plan in plans.values():
        reach = jurisdiction(plan.area)
        if area.startswith(reach) and (
            plan.hazard not in found or len(reach) > len(jurisdiction(found[plan.hazard].area))
        ):
            found[plan.hazard] = plan
    return list(found.values())


def complete(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with zero for all that was not told.

    Raises
    ------
    Invalid
        ``plan.fact_unknown``, where a fact is told that no trigger can see.
    """
    return _fill(TRIGGER_SAMPLE, facts, "args.trigger")


def _fill(sample: Mapping[str, Any], told: Mapping[str, Any], at: str) -> dict[str, Any]:
    for name, value in told.items():
        if name not in sample or isinstance(sample[name], Mapping) != isinstance(value, Mapping):
            raise Invalid("plan.fact_unknown", at=f"{at}.{name}", value=name, params={"known": ", ".join(sample)})
    return {
        name: _fill(inner, told.get(name, {}), f"{at}.{name}") if isinstance(inner, Mapping) else told.get(name, inner)
        for name, inner in deepcopy(dict(sample)).items()
    }


def called_for(plan: Plan, facts: Mapping[str, Any]) -> PlanLevelId | None:
    """Return the most severe level whose trigger holds, or None.

    Raises
    ------
    Invalid
        ``plan.trigger``, if a trigger does not come out for these facts.
    """
    seen = complete(facts)
    for level in PLAN_LEVELS:
        if level not in plan.levels:
            continue
        try:
            if evaluate(plan.levels[level].trigger, seen):
                return level
        except ExpressionError as error:
            params = {"plan": plan.id, "level": level, "error": str(error)}
            raise Invalid("plan.trigger", at="args.trigger", value=level, params=params) from error
    return None


def at_grade_or_worse(grades: Iterable[str]) -> dict[str, int]:
    """Return how many of the grades stand at each grade or a worse one.

    Examples
    --------
    >>> at_grade_or_worse(["red", "yellow", "yellow"])
    {'red': 1, 'orange': 1, 'yellow': 3, 'blue': 3}
    """
    ranks = [GRADES.index(grade) for grade in grades if grade in GRADES]
    return {grade: sum(rank <= limit for rank in ranks) for limit, grade in enumerate(GRADES)}
