"""What is known around an incident when a report is drafted, read from the journal and from the tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from anlan.kernel.actions import Tx
from anlan.kernel.entries import all_entries
from anlan.task import queries as task_queries
from anlan.task.model import OPEN as OPEN_TASKS
from anlan.task.queries import Counts, Task

COURSE = (
    "cyclone.advise",
    "alarm.open",
    "forecast.run",
    "warning.relay",
    "warning.issue",
    "plan.activate",
    "plan.level",
    "plan.end",
    "shelter.open",
    "incident.open",
    "incident.grade",
)
"""Verbs that a report's course is told from."""

Entry = Mapping[str, Any]
_NEXT_TASKS = 5


@dataclass(frozen=True)
class Scene:
    """An incident and all that is known around it.

    Attributes
    ----------
    incident : mapping
        Its row.
    entries : sequence
        Journal entries of its area since shortly before it, oldest first.
    above : sequence
        The latest storm advice, which concerns the whole city.
    counts, next_tasks
        How the tasks of its area stand, and those due next.
    """

    incident: Mapping[str, Any]
    entries: Sequence[Entry]
    above: Sequence[Entry]
    counts: Counts
    next_tasks: Sequence[Task]

    def of(self, *verbs: str) -> list[Entry]:
        """Return the entries of some verbs."""
        return [entry for entry in self.entries if entry["verb"] in verbs]

    def last(self, *verbs: str) -> Entry | None:
        """Return the last entry of some verbs."""
        found = self.of(*verbs)
        return found[-1] if found else None


def look(tx: Tx, incident: Mapping[str, Any]) -> Scene:
    """Read the scene of an incident as it is now."""
    journal, area = tx.reader("journal"), incident["area"]
    start = incident["occurred"] or incident["received"]
    since = min(start, incident["received"]) - timedelta(hours=float(tx.catalog.setting("report.lookback_h")))
    entries = list(all_entries(journal, verbs=COURSE, since=since, area=area))
    storms = list(all_entries(journal, verbs=("cyclone.advise",), since=since))
    told = tx.reader("task")
    return Scene(
        incident,
        [entry for entry in entries if _concerns(entry, incident["id"])],
        storms[-1:],
        task_queries.counts(told, area=area),
        task_queries.find_tasks(told, area=area, states=OPEN_TASKS, limit=_NEXT_TASKS),
    )


def _concerns(entry: Entry, incident: str) -> bool:
    """Tell whether an entry belongs to the story: another incident's opening does not."""
    return not str(entry["verb"]).startswith("incident.") or entry["subject"] == incident
