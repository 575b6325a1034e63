"""What was agreed to do: plans with levels, triggers and actions."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from anlan.catalog.expressions import ExpressionError, evaluate
from anlan.catalog.schema.base import (
    GRADES,
    Cel,
    Entry,
    FrozenMap,
    Grade,
    Hazard,
    Level,
    MeasureId,
    RoleId,
    Sourced,
    SupplyItemId,
    faulty,
)
from anlan.catalog.texts import near

PlanLevelId = Literal["I", "II", "III", "IV"]
PLAN_LEVELS: tuple[PlanLevelId, ...] = ("I", "II", "III", "IV")

_COUNTS = dict.fromkeys(GRADES, 0)

TRIGGER_SAMPLE: Mapping[str, Any] = {
    "signal": {"rainstorm": 0, "typhoon": 0, "surge": 0, "flood": 0},
    "alarms": {
        name: dict(_COUNTS)
        for name in ("ponding_depth", "water_level", "tide_level", "rain_1h", "rain_6h", "wind_gust")
    },
    "impact": {"people": 0, "assets": 0, "critical_assets": 0, "towns": dict(_COUNTS)},
}
"""What a trigger sees, all keys always given.

``signal``: the highest official signal or issued warning in force by hazard, as a rank (0 none, 1 blue, 2
yellow, 3 orange, 4 red). ``alarms``: open alarms by quantity, counted at each grade or worse. ``impact``: of
the latest forecast, best estimate: people and assets touched, critical assets (their type has a
vulnerability), and towns at each grade or worse.
"""


def _trigger(value: str) -> str:
    try:
        held = evaluate(value, TRIGGER_SAMPLE)
    except ExpressionError as error:
        raise faulty("expression.syntax", (), str(error).split("\n")[0]) from None
    if not isinstance(held, bool):
        raise faulty("expression.syntax", (), "true or false")
    return value


class PlanLevel(Sourced):
    """One level of a plan: the condition on which it is proposed, and the grade it is shown with."""

    grade: Grade
    trigger: Annotated[Cel, AfterValidator(_trigger)]


class PlanAction(Sourced):
    """One thing one desk must do within so many minutes of activation, once what it depends on is done.

    It applies at ``from_level`` and all more severe levels.
    """

    zh: str
    en: str
    role: RoleId
    level: Level
    minutes: int = Field(gt=0)
    evidence: str
    from_level: PlanLevelId
    depends: tuple[str, ...] = ()
    targets: Literal["all_in_scope", "impacted"] = "all_in_scope"
    at_grade: Grade | None = None
    supplies: FrozenMap[SupplyItemId, int] = Field(default_factory=dict)
    measure: MeasureId | None = None


class Plan(Entry, Sourced):
    """An emergency plan as executable structure."""

    hands_down: ClassVar[tuple[str, ...]] = ("levels", "actions")

    area: str = Field(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$")
    hazard: Hazard
    parent: str | None = None
    levels: FrozenMap[PlanLevelId, PlanLevel]
    actions: FrozenMap[str, PlanAction]

    def actions_at(self, level: PlanLevelId) -> dict[str, PlanAction]:
        """Return the actions that apply at a level, those of the milder levels included."""
        reach = PLAN_LEVELS[PLAN_LEVELS.index(level) :]
        return {name: action for name, action in self.actions.items() if action.from_level in reach}

    @model_validator(mode="after")
    def _actions_hang_together(self) -> Self:
        for name, action in self.actions.items():
            for i, other in enumerate(action.depends):
                at = ("actions", name, "depends", i)
                if other not in self.actions:
                    raise faulty("plan.unknown_action", at, *near(other, self.actions))
                if PLAN_LEVELS.index(self.actions[other].from_level) < PLAN_LEVELS.index(action.from_level):
                    raise faulty("plan.later_dependency", at, other, self.actions[other].from_level)
        if cycle := find_cycle({name: action.depends for name, action in self.actions.items()}):
            raise faulty("plan.cycle", ("actions", cycle[0], "depends"), " → ".join(cycle))
        return self


def find_cycle(depends: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return a path that ends where it starts, or nothing if there is none; depth first, without recursion.

    Examples
    --------
    >>> find_cycle({"a": ("b",), "b": ("a",)})
    ('a', 'b', 'a')
    """
    done: set[str] = set()
    for start in depends:
        path, waiting = [start], [list(depends[start])]
        while waiting and start not in done:
            if not waiting[-1]:
                done.add(path.pop())
                waiting.pop()
            elif (step := waiting[-1].pop(0)) in path:
                return (*path[path.index(step) :], step)
            elif step not in done:
                path.append(step)
                waiting.append(list(depends.get(step, ())))
    return ()
