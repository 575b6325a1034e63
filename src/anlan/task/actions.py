"""The verbs of task: the closed loop from filing to closing, and what the clock does with late tasks."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints

from anlan.catalog.texts import near
from anlan.city.city import city_of
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.task import dependencies, desks, lifecycle
from anlan.task.lifecycle import find, move, remember
from anlan.task.model import State, tasks

Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
TaskId = Annotated[str, StringConstraints(max_length=40)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class OpenTask(Args):
    """File a task for the desk of a role at an area; it is dispatched once everything it depends on is over."""

    title_zh: Title
    title_en: Title
    area: AreaCode
    role: str
    due: AwareDatetime | None = Field(default=None, description="the policy's limit for the grade where not given")
    grade: Literal["red", "orange", "yellow", "blue"] | None = None
    policy: str = "response"
    source: Annotated[str, StringConstraints(max_length=200)] = ""
    subject: Annotated[str, StringConstraints(max_length=120)] | None = None
    detail: str = ""
    evidence: str = Field(default="", description="what shall be shown when it is done")
    depends: tuple[TaskId, ...] = Field(default=(), max_length=500)


def open_task(tx: Tx, args: OpenTask) -> Effect:
    """File the task and dispatch it, or let it wait."""
    tx.require(args.area)
    _known(args.role, tx.catalog.roles, "role")
    _known(args.policy, tx.catalog.task_policies, "policy")
    task, waiting = tx.new_id("task"), dependencies.waits(tx, args.depends)
    state = State.FILED if waiting else State.DISPATCHED
    finish = timedelta(minutes=lifecycle.limits(tx.catalog.task_policies[args.policy], args.grade).finish_minutes)
    given = args.model_dump(exclude={"depends"})
    row = given | {
        "id": task,
        "seq": tx.seq,
        "due": args.due or tx.now + finish,
        "state": state,
        "desk_area": args.area,
        "desk_role": args.role,
        "escalations": 0,
        "opened_at": tx.now,
    }
    tx.conn.execute(sa.insert(tasks).values(row))
    dependencies.link(tx.conn, task, args.depends)  # nothing waits for a task that is new: no circle can close
    passed = (State.FOUND, State.FILED) if waiting else (State.FOUND, State.FILED, State.DISPATCHED)
    remember(tx, task, passed)
    if not waiting:
        lifecycle.watch(tx, row, tx.now)
    return _effect(tx, row, state, depends=list(args.depends))


def _known(name: str, entries: Mapping[str, object], noun: str) -> None:
    if name not in entries:
        params = {"near": ", ".join(near(name, entries) or entries)}
        raise Invalid(f"task.{noun}_unknown", at=f"args.{noun}", value=name, params=params)


def _effect(tx: Tx, row: Mapping[str, Any], state: State, **more: Any) -> Effect:
    """Return what the timeline needs of a task, in every entry."""
    told = {name: row[name] for name in ("title_zh", "title_en", "role", "due", "grade", "source", "subject")}
    level = city_of(tx).level(row["area"])
    return Effect(row["id"], row["area"], {"task": row["id"], **told, "state": state, "level": level, **more})


class TaskArgs(Args):
    """An act on one task."""

    task: TaskId


class DispatchTask(TaskArgs):
    """Dispatch a filed task whose dependencies are over; Anlan does it by itself when the last of them ends."""


def dispatch_task(tx: Tx, args: DispatchTask) -> Effect:
    """Hand the task to its desk and watch its limit."""
    row = find(tx, args.task)
    lifecycle.allow(State(row["state"]), State.DISPATCHED)
    if waits := dependencies.unfinished(tx.conn, args.task):
        raise Conflict("task.waits", at="args.task", value=args.task, params={"on": ", ".join(waits)})
    move(tx, row, State.DISPATCHED)
    lifecycle.watch(tx, row, tx.now)
    return _effect(tx, row, State.DISPATCHED)


class DependTask(TaskArgs):
    """Let a filed task wait for more tasks."""

    depends: tuple[TaskId, ...] = Field(min_length=1, max_length=500)


def depend_task(tx: Tx, args: DependTask) -> Effect:
    """Add dependencies, unless they would close a circle."""
    row = find(tx, args.task)
    if row["state"] != State.FILED:
        raise Conflict("task.not_filed", at="args.task", value=row["state"])
    dependencies.waits(tx, args.depends)
    dependencies.add(tx, args.task, args.depends)
    return _effect(tx, row, State.FILED, depends=list(args.depends))


class AcceptTask(TaskArgs):
    """Take a dispatched task in hand."""


def accept_task(tx: Tx, args: AcceptTask) -> Effect:
    """Note who handles it: somebody of the desk that it was given to, or of the one that it was raised to."""
    row = find(tx, args.task)
    if not desks.sits_at(tx.actor, row):
        raise Forbidden("task.other_desk", at="args.task", value=args.task, params={"role": row["role"]})
    move(tx, row, State.HANDLING, accepted_by=tx.actor.id)
    return _effect(tx, row, State.HANDLING)


class NoteProgress(TaskArgs):
    """Tell how a task in hand is going."""

    note: Reason


def note_progress(tx: Tx, args: NoteProgress) -> Effect:
    """Add a line to the task's history."""
    row = find(tx, args.task)
    if row["state"] != State.HANDLING:
        raise Conflict("task.not_in_hand", at="args.task", value=row["state"])
    remember(tx, args.task, (State.HANDLING,), args.note)
    return _effect(tx, row, State.HANDLING, note=args.note)


class SubmitTask(TaskArgs):
    """Report a task as done, with what shows it."""

    evidence: Reason


def submit_task(tx: Tx, args: SubmitTask) -> Effect:
    """Pass the task to the desk that verifies it; the limit is kept or missed at this moment."""
    row = find(tx, args.task)
    desk = desks.verifying(tx.catalog, city_of(tx), row["area"])
    done = {"submitted_at": tx.now, "submitted_by": tx.actor.id, "submitted": args.evidence}
    move(tx, row, State.VERIFYING, args.evidence, desk_area=desk.area, desk_role=desk.role, **done)
    tx.cancel(lifecycle.timer(args.task))
    late_min = max(0.0, (tx.now - row["due"]) / timedelta(minutes=1))
    return _effect(tx, row, State.VERIFYING, evidence=args.evidence, late_min=round(late_min, 1))


class VerifyTask(TaskArgs):
    """Confirm that a submitted task is done; not by the one who submitted it."""


def verify_task(tx: Tx, args: VerifyTask) -> Effect:
    """Close the task and dispatch those that waited for it."""
    row = find(tx, args.task)
    lifecycle.allow(State(row["state"]), State.CLOSED)
    if tx.catalog.task_policies[row["policy"]].verified_by_another and tx.actor.id == row["submitted_by"]:
        raise Forbidden("task.own_work", at="args.task", value=args.task, params={"actor": tx.actor.id})
    move(tx, row, State.CLOSED, ended_at=tx.now)
    dependencies.release(tx, args.task)
    return _effect(tx, row, State.CLOSED, on_time=row["submitted_at"] <= row["due"])


class ReturnTask(TaskArgs):
    """Send a submitted task back to be handled again."""

    reason: Reason


def return_task(tx: Tx, args: ReturnTask) -> Effect:
    """Give the task back to its own desk; a limit already past leaves the time to take it in hand."""
    row = find(tx, args.task)
    again = {"submitted_at": None, "submitted_by": None, "submitted": None}
    back = {"desk_area": row["area"], "desk_role": row["role"]}
    move(tx, row, State.HANDLING, args.reason, **again, **back)
    lifecycle.watch(tx, row | back, tx.now)
    return _effect(tx, row, State.HANDLING, reason=args.reason)


class CancelTask(TaskArgs):
    """Call off a task."""

    reason: Reason


def cancel_task(tx: Tx, args: CancelTask) -> Effect:
    """End the task without its being done; what waited for it waits no longer."""
    row = find(tx, args.task)
    move(tx, row, State.CANCELLED, args.reason, ended_at=tx.now)
    tx.cancel(lifecycle.timer(args.task))
    dependencies.release(tx, args.task)
    return _effect(tx, row, State.CANCELLED, reason=args.reason)


class EscalateTask(TaskArgs):
    """Raise a task to the desk of the parent area; the clock does it when the task is late."""


def escalate_task(tx: Tx, args: EscalateTask) -> Effect:
    """Give the task to the desk above; whoever had it may still do it."""
    row = find(tx, args.task)
    state = State(row["state"])
    if state not in {State.DISPATCHED, State.HANDLING}:
        raise Conflict("task.not_in_hand", at="args.task", value=str(state))
    desk = desks.above(tx.catalog, city_of(tx), row["desk_area"])
    if desk is None:
        raise Conflict("task.top", at="args.task", value=row["desk_area"])
    raised = {"desk_area": desk.area, "desk_role": desk.role, "escalations": row["escalations"] + 1}
    tx.conn.execute(sa.update(tasks).where(tasks.c.id == args.task).values(raised))
    remember(tx, args.task, (state,), desk.area)
    tx.cancel(lifecycle.timer(args.task))
    lifecycle.watch_again(tx, row | raised)
    overdue_min = max(0.0, (tx.now - row["due"]) / timedelta(minutes=1))
    return _effect(
        tx, row, state, from_area=row["desk_area"], to_area=desk.area, to_role=desk.role, overdue_min=round(overdue_min)
    )


_RELEASES = frozenset({"task.dispatch"})

ACTIONS = {
    "task.open": Action("task.open", OpenTask, open_task),
    "task.depend": Action("task.depend", DependTask, depend_task),
    "task.dispatch": Action("task.dispatch", DispatchTask, dispatch_task),
    "task.accept": Action("task.accept", AcceptTask, accept_task),
    "task.progress": Action("task.progress", NoteProgress, note_progress),
    "task.submit": Action("task.submit", SubmitTask, submit_task),
    "task.verify": Action("task.verify", VerifyTask, verify_task, uses=_RELEASES),
    "task.return": Action("task.return", ReturnTask, return_task),
    "task.cancel": Action("task.cancel", CancelTask, cancel_task, uses=_RELEASES),
    "task.escalate": Action("task.escalate", EscalateTask, escalate_task),
}
