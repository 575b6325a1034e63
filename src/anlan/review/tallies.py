"""What became of tasks, warnings, people, needs and reports: counts over the stories of the journal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from anlan.review.record import Entry, Record, Thread, at, moment, within

TaskFate = Literal["closed_on_time", "closed_late", "overdue", "open", "cancelled"]
BOUNDS = ("low", "best", "high")
ReportFate = Literal["sent_on_time", "sent_late", "overdue", "waiting"]


def task_fate(task: Thread, until: datetime) -> TaskFate:
    """Return what became of a task by a moment.

    A task was on time if its party had handed it in (``task.submit``) when it fell due; how long others then took
    to verify it is not the party's affair.
    """
    if task.first("task.cancel"):
        return "cancelled"
    due, handed = due_of(task), _handed_in(task)
    late = due is not None and (at(handed) if handed else until) > due
    if task.first("task.verify"):
        return "closed_late" if late else "closed_on_time"
    return "overdue" if late else "open"


def _handed_in(task: Thread) -> Entry | None:
    """Return the entry by which a task was handed in, unless it was given back since."""
    last = task.last("task.submit", "task.return")
    return last if last and last["verb"] == "task.submit" else None


def ended(task: Thread, until: datetime) -> datetime:
    """Return when a task's party was done with it, or the moment up to which it was not."""
    handed = _handed_in(task)
    return at(handed) if handed else until


def report_fate(report: Thread, until: datetime) -> ReportFate:
    """Return what became of a report by a moment."""
    due, sent = due_of(report), report.first("report.send")
    if sent:
        return "sent_late" if due and at(sent) > due else "sent_on_time"
    return "overdue" if due and due < until else "waiting"


def due_of(thread: Thread) -> datetime | None:
    """Return when a task or a report falls due."""
    told = thread.known("due")
    return moment(told) if told else None


def states(threads: Iterable[Thread]) -> dict[str, int]:
    """Return how many things stand in each state at the end."""
    return dict(sorted(Counter(str(thread.known("state")) for thread in threads).items()))


def is_over(alarm: Thread) -> bool:
    """Tell whether an alarm is back in the state normal: its condition gone and somebody has seen it (ISA-18.2)."""
    return bool(alarm.known("state") == "normal")


def people_at_risk(record: Record) -> Iterator[tuple[Entry, dict[str, int]]]:
    """Yield, forecast by forecast, how many people were at risk by the newest forecast of every area.

    An area inside another one that has a forecast of its own is not counted twice.
    """
    newest: dict[str, Mapping[str, int]] = {}
    for entry in record.of("forecast.run"):
        people = entry["data"].get("people")
        if people is None or entry["data"].get("reused"):
            continue
        newest[entry["area"]] = people
        outermost = [a for a in newest if not any(a != b and within(a, b) for b in newest)]
        yield entry, {bound: sum(int(newest[a].get(bound) or 0) for a in outermost) for bound in BOUNDS}


def sheltered(record: Record) -> Iterator[tuple[Entry, int]]:
    """Yield, change by change, how many people were in shelters."""
    inside: dict[str, int] = {}
    for entry in record.of("shelter.open", "shelter.admit", "shelter.close"):
        inside[entry["subject"]] = int(entry["data"].get("occupants") or 0)
        yield entry, sum(inside.values())


@dataclass(frozen=True)
class Shortage:
    """A time during which an area lacked something: from the first estimate that said so to a confirmed allocation."""

    area: str
    first: Entry
    proposals: tuple[Entry, ...] = ()
    answer: Entry | None = None


def shortages(record: Record) -> list[Shortage]:
    """Return the shortages of all areas, in the order of their beginnings; newer estimates go on with an open one."""
    areas: dict[str, str] = {}
    found: list[Shortage] = []
    waiting: dict[str, int] = {}
    for entry in record.of("need.estimate", "allocation.propose", "allocation.confirm"):
        need = entry["subject"] if entry["verb"] == "need.estimate" else entry["data"].get("need")
        area = areas.setdefault(need, entry["area"])
        if entry["verb"] == "need.estimate" and area not in waiting and entry["data"].get("short") is not False:
            waiting[area] = len(found)
            found.append(Shortage(area, entry))
        elif entry["verb"] == "allocation.propose" and area in waiting:
            open_one = found[waiting[area]]
            found[waiting[area]] = replace(open_one, proposals=(*open_one.proposals, entry))
        elif entry["verb"] == "allocation.confirm" and area in waiting:
            at_place = waiting.pop(area)
            found[at_place] = replace(found[at_place], answer=entry)
    return found


def unmet(record: Record) -> dict[str, int]:
    """Return what nobody could supply: item by item, by the last allocation proposed in each area."""
    last = {shortage.area: shortage.proposals[-1] for shortage in shortages(record) if shortage.proposals}
    total: Counter[str] = Counter()
    for proposal in last.values():
        for row in proposal["data"].get("unmet", ()):
            total[row["item"]] += int(row["quantity"])
    return dict(sorted(total.items()))


def worst_unmet(record: Record) -> Iterator[tuple[Shortage, Entry, str, int]]:
    """Yield, for each area and item, the shortage and the proposal in which most of it was missing."""
    worst: dict[tuple[str, str], tuple[Shortage, Entry, str, int]] = {}
    for shortage in shortages(record):
        for proposal in shortage.proposals:
            for row in proposal["data"].get("unmet", ()):
                key = (shortage.area, row["item"])
                if key not in worst or worst[key][3] < row["quantity"]:
                    worst[key] = (shortage, proposal, row["item"], row["quantity"])
    yield from worst.values()
