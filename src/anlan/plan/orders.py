"""From a plan's actions to tasks on desks: what a level calls for is opened, what it does not is called off."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Any

from anlan.catalog.schema.plans import Plan, PlanAction, PlanLevelId
from anlan.city.areas import LEVELS
from anlan.kernel.actions import Tx
from anlan.kernel.errors import Invalid
from anlan.plan.scope import Field, nearest
from anlan.task import queries as task_queries
from anlan.task.model import ENDED
from anlan.task.model import State as TaskState

POLICY = "plan_action"
"""The catalog's limits for accepting and raising tasks of a plan."""


@dataclass
class Orders:
    """What one act changed: tasks opened by level of desk, tasks called off, actions that no desk here can do."""

    opened: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    left_out: list[str] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """Return what the entry says of it."""
        by_level = {level: self.opened[level] for level in LEVELS if self.opened[level]}
        return {
            "tasks": self.opened.total(),
            "by_level": by_level,
            "cancelled": self.cancelled,
            "left_out": self.left_out,
        }


def in_order(actions: Mapping[str, PlanAction]) -> list[str]:
    """Return the actions so that each comes after those it depends on.

    Raises
    ------
    Invalid
        ``plan.cycle`` with the path, if an action depends on itself.
    """
    graph = {name: [d for d in action.depends if d in actions] for name, action in actions.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        path = " → ".join(reversed(error.args[1]))
        raise Invalid("plan.cycle", at="args.plan", value=error.args[1][0], params={"path": path}) from None


def source(activation: str, action: str = "") -> str:
    """Return what a task of an activation names as its source; without an action, how all of them begin."""
    return f"{activation}/{action}"


def order(tx: Tx, activation: str, plan: Plan, level: PlanLevelId, where: Field, reason: str) -> Orders:
    """Open a task at each desk for each action of a level that has none yet, and call off those of other levels."""
    applicable = plan.actions_at(level)
    done = call_off(tx, activation, reason or plan.levels[level].grade, keep=set(applicable))
    placed = _placed(tx, activation)
    for name in in_order(applicable):
        action = applicable[name]
        desks = where.desks(action)
        if not desks:
            done.left_out.append(name)
        for desk in desks:
            if desk in placed.setdefault(name, {}):
                continue
            depends = [task for other in action.depends for task in nearest(where.city, desk, placed.get(other, {}))]
            placed[name][desk] = _open(tx, activation, plan, level, name, desk, depends)
            done.opened[where.city.level(desk)] += 1
    return done


def _placed(tx: Tx, activation: str) -> dict[str, dict[str, str]]:
    """Return the tasks that an activation has, by action and area; cancelled ones do not count."""
    placed: dict[str, dict[str, str]] = {}
    for ref in task_queries.refs(tx.reader("task"), source(activation)):
        if ref.state != TaskState.CANCELLED:
            placed.setdefault(ref.source.removeprefix(source(activation)), {})[ref.area] = ref.id
    return placed


def _open(tx: Tx, activation: str, plan: Plan, level: PlanLevelId, name: str, area: str, depends: Sequence[str]) -> str:
    action = plan.actions[name]
    args = {
        "title_zh": action.zh,
        "title_en": action.en,
        "area": area,
        "role": action.role,
        "due": tx.now + timedelta(minutes=action.minutes),
        "grade": plan.levels[level].grade,
        "policy": POLICY,
        "source": source(activation, name),
        "subject": activation,
        "evidence": action.evidence,
        "depends": depends,
    }
    return tx.act("task.open", args).subject


def call_off(tx: Tx, activation: str, reason: str, keep: set[str] | frozenset[str] = frozenset()) -> Orders:
    """Cancel the open tasks of an activation whose action is not to be kept.

    The last opened goes first: what waits for a task is gone before the task is, and is not set going by its end.
    """
    done = Orders()
    for ref in reversed(task_queries.refs(tx.reader("task"), source(activation))):
        if ref.state in ENDED or ref.source.removeprefix(source(activation)) in keep:
            continue
        tx.act("task.cancel", {"task": ref.id, "reason": reason})
        done.cancelled += 1
    return done
