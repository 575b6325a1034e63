"""The journal as the stories of things: what was done to each alarm, warning, task, and what led to what.

Everything here is a pure function of journal entries, as :func:`anlan.kernel.entries.entries` gives them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from anlan.kernel.access import jurisdiction

Entry = Mapping[str, Any]
"""One journal entry as a document."""

ROOMS: Mapping[str, str] = {
    "alarm": "sense",
    "sense": "sense",
    "rule": "sense",
    "source": "sense",
    "sensor": "sense",
    "cyclone": "assess",
    "forecast": "assess",
    "outlook": "assess",
    "warning": "warn",
    "allocation": "supply",
    "need": "supply",
    "shelter": "supply",
    "stock": "supply",
    "plan": "plan",
    "task": "task",
    "duty": "respond",
    "incident": "respond",
    "report": "respond",
    "review": "review",
}
"""The room of each noun that verbs begin with; what does not stand here is the kernel's."""

KERNEL = "kernel"
ACCOUNTS = frozenset({"user", "token", "session", "personal"})
"""Nouns of the kernel that tell of people's accounts."""


def room_of(verb: str) -> str:
    """Return the room that a verb belongs to."""
    return ROOMS.get(verb.partition(".")[0], KERNEL)


def moment(value: str) -> datetime:
    """Return a moment that an entry tells."""
    return datetime.fromisoformat(value)


def at(entry: Entry) -> datetime:
    """Return when an entry was written."""
    return moment(entry["at"])


def seconds(start: Entry, end: Entry) -> float:
    """Return the time from one entry to another, s."""
    return (at(end) - at(start)).total_seconds()


@dataclass(frozen=True)
class Thread:
    """All that was done to one thing, in order."""

    subject: str
    entries: tuple[Entry, ...]

    def first(self, *verbs: str) -> Entry | None:
        """Return the first entry of any of some verbs."""
        return next(self.of(*verbs), None)

    def last(self, *verbs: str) -> Entry | None:
        """Return the last entry of any of some verbs."""
        found = list(self.of(*verbs))
        return found[-1] if found else None

    def of(self, *verbs: str) -> Iterator[Entry]:
        """Yield the entries of some verbs."""
        return (entry for entry in self.entries if entry["verb"] in verbs)

    def known(self, name: str) -> Any:
        """Return the last word on something: the newest entry whose data, or else arguments, tell it."""
        for entry in reversed(self.entries):
            for told in (entry["data"], entry["args"]):
                if told.get(name) is not None:
                    return told[name]
        return None

    @property
    def area(self) -> str:
        """Code of the area that the thing belongs to."""
        return str(self.entries[-1]["area"])


@dataclass(frozen=True)
class Record:
    """A stretch of the journal, and the moment up to which it is read."""

    entries: Sequence[Entry]
    until: datetime

    @cached_property
    def by_seq(self) -> Mapping[int, Entry]:
        """Entries by number."""
        return {entry["seq"]: entry for entry in self.entries}

    @cached_property
    def threads(self) -> Mapping[str, Thread]:
        """The story of each thing, by its id, in the order in which they begin."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry["subject"], []).append(entry)
        return {subject: Thread(subject, tuple(told)) for subject, told in found.items()}

    def begun(self, *verbs: str) -> Iterator[Thread]:
        """Yield the stories that one of some verbs began."""
        return (thread for thread in self.threads.values() if thread.first(*verbs) is not None)

    def of(self, *verbs: str) -> Iterator[Entry]:
        """Yield the entries of some verbs, in order."""
        return (entry for entry in self.entries if entry["verb"] in verbs)

    def causes(self, entry: Entry) -> Iterator[Entry]:
        """Yield what led to an entry, nearest first: by reaction, by nesting, or by the forecast it names."""
        seen = {entry["seq"]}
        while (cause := self._cause(entry)) is not None and cause["seq"] not in seen:
            yield cause
            seen.add(cause["seq"])
            entry = cause

    def _cause(self, entry: Entry) -> Entry | None:
        if entry["because"] in self.by_seq:
            return self.by_seq[entry["because"]]
        told = entry["data"].get("forecast")
        if told and told != entry["subject"] and told in self.threads:
            return self.threads[told].entries[0]
        return None


def within(area: str, outer: str) -> bool:
    """Tell whether an area is another one or lies in it.

    Examples
    --------
    >>> within("310117001", "310000"), within("310000", "310117")
    (True, False)
    """
    return jurisdiction(area).startswith(jurisdiction(outer))


def touches(a: str, b: str) -> bool:
    """Tell whether one of two areas lies in the other."""
    return within(a, b) or within(b, a)


def between(entries: Iterable[Entry], since: datetime, until: datetime) -> list[Entry]:
    """Return the entries from one moment to another, both included."""
    return [entry for entry in entries if since <= at(entry) <= until]


def of_hazard(alarm: Entry) -> bool:
    """Tell whether an alarm tells of a hazard, and not of an instrument's health."""
    return bool(alarm["data"].get("about", "hazard") == "hazard")


def hazard_alarms(record: Record) -> Iterator[Entry]:
    """Yield the openings of alarms about hazards."""
    return filter(of_hazard, record.of("alarm.open"))
