"""Alarms, warnings, activations, tasks, shelters and cyclones as intervals: the night as one chart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from anlan.review.record import Entry, Record, Thread, at
from anlan.review.tallies import due_of
from anlan.review.wording import Names, spoken

Lane = Literal["alarms", "warnings", "activations", "tasks", "shelters"]


class Mark(BaseModel):
    """Something that happened within an interval."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    verb: str
    seq: int


class Interval(BaseModel):
    """One bar of the chart; ``end`` is None while it lasts."""

    model_config = ConfigDict(frozen=True)

    id: str
    lane: Lane
    area: str
    zh: str
    en: str
    start: AwareDatetime
    end: AwareDatetime | None
    due: AwareDatetime | None
    grade: str | None
    state: str | None
    group: str | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class LaneRule:
    """Which verbs begin the intervals of a lane, which states end them, and what groups them."""

    begins: tuple[str, ...]
    ends: frozenset[str]
    group: Callable[[Thread], str | None]


def _nothing(_thread: Thread) -> None:
    return None


def _source(task: Thread) -> str | None:
    return str(task.known("source") or "").partition("/")[0] or None


def _asset(alarm: Thread) -> str | None:
    asset: str | None = alarm.known("asset")
    return asset


LANES: dict[Lane, LaneRule] = {
    "alarms": LaneRule(("alarm.open",), frozenset({"normal"}), _asset),
    "warnings": LaneRule(("warning.draft", "warning.update"), frozenset({"updated", "cancelled", "expired"}), _nothing),
    "activations": LaneRule(("plan.propose", "plan.activate"), frozenset({"ended", "declined"}), _nothing),
    "tasks": LaneRule(("task.open",), frozenset({"closed", "cancelled"}), _source),
    "shelters": LaneRule(("shelter.open",), frozenset({"closed"}), _nothing),
}


def gantt(record: Record, names: Names) -> list[Interval]:
    """Return the intervals of all lanes, each lane in the order of its beginnings."""
    replaced = _replaced(record)
    return [
        _interval(lane, rule, run, names, replaced.get(run.subject))
        for lane, rule in LANES.items()
        for thread in record.begun(*rule.begins)
        if not thread.subject.startswith("plan:")  # a proposal that came to nothing
        for run in _runs(thread, rule)
    ]


def _replaced(record: Record) -> dict[str, datetime]:
    """Return when each warning that an issued one took the place of was over."""
    issued = ((thread.known("supersedes"), thread.first("warning.issue")) for thread in record.threads.values())
    return {old: at(issue) for old, issue in issued if old and issue}


def _runs(thread: Thread, rule: LaneRule) -> Iterator[Thread]:
    """Yield the stretches of a story from a beginning to an end: a shelter may open more than once."""
    told: list[Entry] = []
    for entry in thread.entries:
        if told or entry["verb"] in rule.begins:
            told.append(entry)
        if told and entry["data"].get("state") in rule.ends:
            yield Thread(thread.subject, tuple(told))
            told = []
    if told:
        yield Thread(thread.subject, tuple(told))


def _interval(lane: Lane, rule: LaneRule, run: Thread, names: Names, replaced: datetime | None) -> Interval:
    start, last = run.entries[0], run.entries[-1]
    told = {**start["args"], **start["data"], "area": run.area, "subject": run.subject}
    return Interval(
        id=run.subject,
        lane=lane,
        area=run.area,
        zh=spoken(f"gantt.{lane}", told, "zh", names),
        en=spoken(f"gantt.{lane}", told, "en", names),
        start=at(start),
        end=_end(last, rule) or replaced,
        due=due_of(run) if lane == "tasks" else None,
        grade=run.known("grade"),
        state=run.known("state"),
        group=rule.group(run),
        marks=tuple(Mark(at=at(e), verb=e["verb"], seq=e["seq"]) for e in run.entries),
    )


def _end(last: Entry, rule: LaneRule) -> datetime | None:
    return at(last) if last["data"].get("state") in rule.ends else None
