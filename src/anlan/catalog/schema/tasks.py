"""How long a task may wait, by grade."""

from typing import ClassVar

from pydantic import Field

from anlan.catalog.schema.base import Entry, FrozenMap, Grade, Sourced


class TaskLimits(Sourced):
    """Minutes: to accept, to finish where nothing else says, and overdue until it goes to the parent area."""

    accept_minutes: int = Field(gt=0)
    finish_minutes: int = Field(gt=0)
    escalate_minutes: int = Field(gt=0)


class TaskPolicy(Entry, Sourced):
    """Limits of one kind of task by grade, and how often it may escalate."""

    hands_down: ClassVar[tuple[str, ...]] = ("grades",)

    grades: FrozenMap[Grade, TaskLimits]
    max_escalations: int = Field(ge=0)
    verified_by_another: bool = True
