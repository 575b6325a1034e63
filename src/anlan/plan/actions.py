"""The verbs of plan: propose, decide, run at a level, end."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from anlan.catalog.schema.base import GRADES, Grade
from anlan.catalog.schema.plans import Plan, PlanLevelId
from anlan.catalog.texts import near
from anlan.city.city import city_of
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.plan import facts as known_facts
from anlan.plan import orders, scope
from anlan.plan.lifecycle import find, move, open_run, quiet, remember
from anlan.plan.model import State, activations
from anlan.plan.triggers import called_for, graver, nearest_plans, rank

ActivationId = Annotated[str, StringConstraints(max_length=40)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Town(BaseModel):
    """A town that is hit: its grade, and the people at risk (a number, or low, best and high)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    area: AreaCode
    grade: Grade | None = None
    people: Annotated[int, BeforeValidator(known_facts.best)] = 0


def _graded(towns: Sequence[Town]) -> list[dict[str, Any]]:
    return [town.model_dump() for town in towns if town.grade is not None]


class ProposePlan(Args):
    """Propose to activate a plan; without a level, at the one that its triggers call for.

    Without a plan, those that stand nearest above the area are asked, and the one that calls for the gravest level.
    """

    plan: str | None = None
    area: AreaCode | None = Field(default=None, description="the plan's own area where not given")
    level: PlanLevelId | None = None
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""
    trigger: dict[str, Any] = Field(default_factory=dict, description="facts told, over those that Anlan knows")
    towns: tuple[Town, ...] = Field(default=(), max_length=1000)


def propose_plan(tx: Tx, args: ProposePlan) -> Effect:
    """Propose, or raise what is proposed or runs already; a level not above that changes nothing."""
    towns = _graded(args.towns)
    plan, area, told, called = _called(tx, args, towns)
    level = _level(plan, args.level) if args.level else called
    run = open_run(tx.conn, plan.id, area)
    held = (run["wanted"] or run["level"]) if run else quiet(tx, plan.id, area)
    if level is None or not graver(level, held):
        subject = run["id"] if run else f"plan:{plan.id}"
        data = _told(plan, area, held) | {"called_for": level, "changed": False}
        state = run["state"] if run else "none"
        return Effect(subject, area, data | {"activation": run["id"] if run else None, "state": state})
    seen = {"facts": told, "towns": towns, "reason": args.reason}
    if run is None:
        run = _new(tx, plan, area, State.PROPOSED, level, **seen, proposed_at=tx.now)
    else:
        raised = {"wanted": level} if run["state"] == State.ACTIVE else {"level": level}
        tx.conn.execute(sa.update(activations).where(activations.c.id == run["id"]).values(**raised, **seen))
        remember(tx, run["id"], State(run["state"]), level, args.reason)
    data = _told(plan, area, level) | {"called_for": level, "changed": True}
    return Effect(run["id"], area, data | {"activation": run["id"], "state": run["state"], "reason": args.reason})


def _called(
    tx: Tx, args: ProposePlan, towns: Sequence[Mapping[str, Any]]
) -> tuple[Plan, str, dict[str, Any], PlanLevelId | None]:
    """Return the plan meant, its area, the facts there and the level that they call for."""
    if args.plan is not None:
        meant = [_plan(tx, args.plan, args.area)]
    elif args.area is not None:
        meant = [(plan, plan.area) for plan in nearest_plans(tx.catalog.plans, args.area)]
    else:
        raise Invalid("plan.what", at="args.plan")
    if not meant:
        raise NotFound("plan.none", at="args.area", value=args.area)
    found = []
    for plan, area in meant:
        tx.require(area)
        told = known_facts.gather(tx, area, args.trigger, towns)
        found.append((plan, area, told, called_for(plan, told)))
    return min(found, key=lambda each: rank(each[3]))


def _plan(tx: Tx, name: str, area: str | None) -> tuple[Plan, str]:
    plan = tx.catalog.plans.get(name)
    if plan is None:
        known = ", ".join(near(name, tx.catalog.plans) or tx.catalog.plans)
        raise NotFound("plan.unknown", at="args.plan", value=name, params={"near": known})
    area = area or plan.area
    if not area.startswith(jurisdiction(plan.area)):
        raise Invalid("plan.outside", at="args.area", value=area, params={"area": plan.area})
    return plan, area


def _level(plan: Plan, level: PlanLevelId) -> PlanLevelId:
    if level not in plan.levels:
        raise Invalid("plan.level_unknown", at="args.level", value=level, params={"known": ", ".join(plan.levels)})
    return level


def _told(plan: Plan, area: str, level: PlanLevelId | None) -> dict[str, Any]:
    grade = plan.levels[level].grade if level else None
    names = {"name_zh": plan.zh, "name_en": plan.en}
    return {"plan": plan.id, "area": area, "level": level, "grade": grade, **names}


def _new(tx: Tx, plan: Plan, area: str, state: State, level: PlanLevelId, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"id": tx.new_id("activation"), "seq": tx.seq, "plan": plan.id, "area": area}
    row |= {"state": state, "level": level}
    tx.conn.execute(sa.insert(activations).values(row | more))
    remember(tx, row["id"], state, level, more["reason"])
    return {"wanted": None} | row | more


class ActivatePlan(Args):
    """Put a plan into force: the one proposed, or one named with its level; its actions become tasks."""

    activation: ActivationId | None = None
    plan: str | None = None
    area: AreaCode | None = None
    level: PlanLevelId | None = Field(default=None, description="the level proposed where not given")
    towns: tuple[Town, ...] = Field(default=(), max_length=1000)
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""


def activate_plan(tx: Tx, args: ActivatePlan) -> Effect:
    """Open the tasks of the level and of the milder ones at every desk in scope."""
    run, plan = _proposed(tx, args) if args.activation else _unproposed(tx, args)
    level = _level(plan, args.level or run["level"])
    towns = _towns(tx, run, args.towns)
    if run["state"] == State.PROPOSED:
        move(tx, run, State.ACTIVE, args.reason, level=level, towns=towns, activated_at=tx.now)
    done = orders.order(tx, run["id"], plan, level, _field(tx, run["area"], towns), args.reason)
    data = _told(plan, run["area"], level) | done.data()
    more = {"activation": run["id"], "state": State.ACTIVE, "reason": args.reason}
    return Effect(run["id"], run["area"], data | more)


def _proposed(tx: Tx, args: ActivatePlan) -> tuple[dict[str, Any], Plan]:
    run = find(tx, str(args.activation))
    if run["state"] != State.PROPOSED:
        raise Conflict("plan.not_proposed", at="args.activation", value=run["state"])
    return run, tx.catalog.plans[run["plan"]]


def _unproposed(tx: Tx, args: ActivatePlan) -> tuple[dict[str, Any], Plan]:
    """Return the run of the plan named: what is proposed for it is confirmed, else it begins as active."""
    if args.plan is None:
        raise Invalid("plan.what", at="args.activation")
    plan, area = _plan(tx, args.plan, args.area)
    tx.require(area)
    run = open_run(tx.conn, plan.id, area)
    if run is not None:
        if run["state"] != State.PROPOSED:
            raise Conflict("plan.active", at="args.plan", value=plan.id, params={"activation": run["id"]})
        return run, plan
    if args.level is None:
        raise Invalid("plan.no_level", at="args.level", params={"known": ", ".join(plan.levels)})
    level = _level(plan, args.level)
    told = known_facts.gather(tx, area, {}, _graded(args.towns))
    seen = {"facts": told, "towns": [], "reason": args.reason, "activated_at": tx.now}
    return _new(tx, plan, area, State.ACTIVE, level, **seen), plan


def _towns(tx: Tx, run: Mapping[str, Any], told: Sequence[Town]) -> list[dict[str, Any]]:
    """Return the towns hit: those known and those told now, each at its worst grade; kept with the run."""
    worst: dict[str, dict[str, Any]] = {}
    for town in [*run["towns"], *_graded(told)]:
        kept = worst.get(town["area"])
        if kept is None or GRADES.index(town["grade"]) <= GRADES.index(kept["grade"]):
            worst[town["area"]] = town
    towns = list(worst.values()) or known_facts.towns_hit(tx, run["area"])
    tx.conn.execute(sa.update(activations).where(activations.c.id == run["id"]).values(towns=towns))
    return towns


def _field(tx: Tx, area: str, towns: Sequence[Mapping[str, Any]]) -> scope.Field:
    hits = [scope.Hit(town["area"], town["grade"], town["people"]) for town in towns]
    most = int(tx.catalog.setting("plan.village_towns")), int(tx.catalog.setting("plan.village_desks"))
    return scope.Field(city_of(tx), area, hits, *most)


class ActivationArgs(Args):
    """An act on one activation."""

    activation: ActivationId


class DeclinePlan(ActivationArgs):
    """Decline a proposal; for a while the same level or a milder one is not proposed again."""

    reason: Reason


def decline_plan(tx: Tx, args: DeclinePlan) -> Effect:
    """Close the proposal."""
    run = find(tx, args.activation)
    move(tx, run, State.DECLINED, args.reason, ended_at=tx.now)
    told = _told(tx.catalog.plans[run["plan"]], run["area"], run["level"])
    more = {"activation": run["id"], "state": State.DECLINED, "reason": args.reason}
    return Effect(run["id"], run["area"], told | more)


class ChangeLevel(ActivationArgs):
    """Raise or lower an activation: the actions added are opened, those that no longer apply are called off."""

    level: PlanLevelId
    towns: tuple[Town, ...] = Field(default=(), max_length=1000)
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""


def change_level(tx: Tx, args: ChangeLevel) -> Effect:
    """Bring the tasks in line with another level, or with more towns hit at the same one."""
    run = find(tx, args.activation)
    if run["state"] != State.ACTIVE:
        raise Conflict("plan.not_active", at="args.activation", value=run["state"])
    plan = tx.catalog.plans[run["plan"]]
    level = _level(plan, args.level)
    towns = _towns(tx, run, args.towns)
    changed = {"level": level, "wanted": None}
    tx.conn.execute(sa.update(activations).where(activations.c.id == run["id"]).values(changed))
    remember(tx, run["id"], State.ACTIVE, level, args.reason)
    done = orders.order(tx, run["id"], plan, level, _field(tx, run["area"], towns), args.reason)
    data = _told(plan, run["area"], level) | {"activation": run["id"], "from_level": run["level"]}
    return Effect(run["id"], run["area"], data | done.data() | {"state": State.ACTIVE, "reason": args.reason})


class EndPlan(ActivationArgs):
    """End an activation: its open tasks are called off."""

    reason: Reason


def end_plan(tx: Tx, args: EndPlan) -> Effect:
    """Close the activation and cancel what is still open."""
    run = find(tx, args.activation)
    move(tx, run, State.ENDED, args.reason, ended_at=tx.now, wanted=None)
    done = orders.call_off(tx, run["id"], args.reason)
    told = _told(tx.catalog.plans[run["plan"]], run["area"], run["level"])
    more = {"activation": run["id"], "state": State.ENDED, "cancelled": done.cancelled, "reason": args.reason}
    return Effect(run["id"], run["area"], told | more)


_OPENS, _CANCELS = frozenset({"task.open"}), frozenset({"task.cancel"})

ACTIONS = {
    "plan.propose": Action("plan.propose", ProposePlan, propose_plan),
    "plan.activate": Action("plan.activate", ActivatePlan, activate_plan, uses=_OPENS | _CANCELS),
    "plan.decline": Action("plan.decline", DeclinePlan, decline_plan),
    "plan.level": Action("plan.level", ChangeLevel, change_level, uses=_OPENS | _CANCELS),
    "plan.end": Action("plan.end", EndPlan, end_plan, uses=_CANCELS),
}
