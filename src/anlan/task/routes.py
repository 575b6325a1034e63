"""Tasks over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.task import queries
from anlan.task.model import OPEN, State
from anlan.task.queries import Counts, Step, Task

router = APIRouter(prefix="/api/v1/task", tags=["task"])
ReaderDep = Annotated[Reader, Depends(reads("task"))]


class TaskList(BaseModel):
    """Tasks, those due first at the front, and how all tasks in sight stand."""

    items: list[Task]
    counts: Counts


class TaskDetail(BaseModel):
    """One task and what happened to it."""

    task: Task
    history: list[Step]


@router.get("/tasks")
def list_tasks(
    reader: ReaderDep,
    area: str | None = None,
    role: str | None = None,
    state: Annotated[list[State] | None, Query()] = None,
    open: bool | None = None,  # noqa: A002 - the field's word
    overdue: bool | None = None,
    mine: bool = False,
    source: str | None = None,
    subject: str | None = None,
    limit: Annotated[int, Query(ge=1, le=queries.MOST)] = 200,
) -> TaskList:
    """Return tasks; ``mine`` keeps those whose next move lies with a desk of the reader."""
    states = state if state is not None else OPEN if open else None
    desks = reader.actor.grants if mine else None
    items = queries.find_tasks(
        reader,
        area=area,
        role=role,
        states=states,
        overdue=overdue,
        source=source,
        subject=subject,
        desks=desks,
        limit=limit,
    )
    return TaskList(items=items, counts=queries.counts(reader, area=area, source=source))


@router.get("/tasks/{task}")
def get_task(reader: ReaderDep, task: str) -> TaskDetail:
    """Return one task with its history."""
    return TaskDetail(task=queries.task(reader, task), history=queries.task_history(reader, task))
