"""What can be asked of plans and their activations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from anlan.catalog.schema.plans import Plan, PlanLevelId
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.plan.model import activations, history
from anlan.plan.orders import source
from anlan.task import queries as task_queries
from anlan.task.model import ENDED, State


@dataclass(frozen=True)
class Activation:
    """One run of a plan as it stands; ``wanted`` is a graver level proposed while it is active."""

    id: str
    plan: str
    name_zh: str
    name_en: str
    area: str
    state: str
    level: str
    grade: str
    wanted: str | None
    reason: str
    facts: dict[str, Any]
    towns: list[dict[str, Any]]
    proposed_at: datetime | None
    activated_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Step:
    """One line of an activation's history."""

    seq: int
    at: datetime
    by: str
    verb: str
    state: str
    level: str
    note: str


@dataclass(frozen=True)
class Progress:
    """How tasks stand: by state, against their limits, and the closed share of those not cancelled."""

    total: int
    by_state: dict[str, int]
    open: int
    overdue: int
    late: int
    done_share: float


@dataclass(frozen=True)
class BoardRow:
    """One action of the plan on the board; ``applies`` at the level in force."""

    action: str
    zh: str
    en: str
    role: str
    level: str
    minutes: int
    from_level: PlanLevelId
    depends: tuple[str, ...]
    applies: bool
    supplies: dict[str, int]
    progress: Progress


@dataclass(frozen=True)
class Board:
    """The actions of one activation, and how their tasks stand."""

    activation: Activation
    rows: list[BoardRow]
    progress: Progress


def plans(reader: Reader) -> list[Plan]:
    """Return the plans whose area touches the reader's: plans above are the reader's affair as well."""
    return [plan for plan in reader.catalog.plans.values() if _touches(reader, plan.area)]


def _touches(reader: Reader, area: str) -> bool:
    reach = jurisdiction(area)
    return any(prefix.startswith(reach) or reach.startswith(prefix) for prefix in reader.scope.prefixes)


def find_activations(
    reader: Reader, *, plan: str | None = None, area: str | None = None, states: Iterable[str] | None = None
) -> list[Activation]:
    """Return activations, the newest first."""
    where = [reader.scope.where(activations.c.area)]
    if plan is not None:
        where.append(activations.c.plan == plan)
    if area is not None:
        where.append(activations.c.area.startswith(jurisdiction(area), autoescape=True))
    if states is not None:
        where.append(activations.c.state.in_(list(states)))
    query = sa.select(activations).where(*where).order_by(activations.c.seq.desc()).limit(500)
    return [_activation(reader, row) for row in reader.conn.execute(query).mappings()]


def _activation(reader: Reader, row: sa.RowMapping) -> Activation:
    plan = reader.catalog.plans[row["plan"]]
    kept = {name: row[name] for name in Activation.__dataclass_fields__ if name in row}
    return Activation(**kept, name_zh=plan.zh, name_en=plan.en, grade=plan.levels[row["level"]].grade)


def activation(reader: Reader, name: str) -> Activation:
    """Return one activation.

    Raises
    ------
    NotFound
        ``plan.activation_unknown``.
    Forbidden
        If it lies outside the reader's areas.
    """
    row = reader.conn.execute(sa.select(activations).where(activations.c.id == name)).mappings().one_or_none()
    if row is None:
        raise NotFound("plan.activation_unknown", at="activation", value=name)
    reader.require(row["area"])
    return _activation(reader, row)


def activation_history(reader: Reader, name: str) -> list[Step]:
    """Return all that was decided about an activation, in order; raises what :func:`activation` raises."""
    activation(reader, name)
    rows = reader.conn.execute(sa.select(history).where(history.c.activation == name).order_by(history.c.seq))
    return [Step(r.seq, r.at, r.by, r.verb, r.state, r.level, r.note) for r in rows]


def board(reader: Reader, name: str) -> Board:
    """Return how the actions of an activation stand; raises what :func:`activation` raises."""
    run = activation(reader, name)
    plan = reader.catalog.plans[run.plan]
    refs = task_queries.refs(reader, source(name))
    by_action: dict[str, list[task_queries.Ref]] = {}
    for ref in refs:
        by_action.setdefault(ref.source.removeprefix(source(name)), []).append(ref)
    applicable = plan.actions_at(run.level)  # type: ignore[arg-type]  # the column holds what the verbs checked
    rows = [
        BoardRow(
            action=key,
            zh=action.zh,
            en=action.en,
            role=action.role,
            level=action.level,
            minutes=action.minutes,
            from_level=action.from_level,
            depends=action.depends,
            applies=key in applicable,
            supplies=dict(action.supplies),
            progress=_progress(by_action.get(key, [])),
        )
        for key, action in plan.actions.items()
    ]
    return Board(run, rows, _progress(refs))


def _progress(refs: Sequence[task_queries.Ref]) -> Progress:
    states = Counter(ref.state for ref in refs)
    by_state = {str(state): states[state] for state in State}
    wanted = len(refs) - states[State.CANCELLED]
    return Progress(
        total=len(refs),
        by_state=by_state,
        open=sum(ref.state not in ENDED for ref in refs),
        overdue=sum(ref.overdue for ref in refs),
        late=sum(ref.late for ref in refs),
        done_share=states[State.CLOSED] / wanted if wanted else 0.0,
    )
