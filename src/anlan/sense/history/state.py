"""What the history consists of at one moment: the manifest, an unchanging value put in place of the older at once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, NamedTuple

from anlan.sense.history.spans import day_name, day_of, hour_name, month_name, month_of

NAME = "manifest.json"
FORM = 1


class Loose(NamedTuple):
    """A file of rows of all shards as they arrived, in order of day, sensor and time.

    ``waiting``: its rows came for days that are closed already, and wait for the next closing of days.
    """

    generation: int
    rows: int
    first_us: int
    last_us: int
    waiting: bool = False


class Day(NamedTuple):
    """One closed day: per shard the generation of its rows and of its roll-ups, 0 for none.

    ``dropped`` and ``dropped_sums`` tell which kinds have been dropped, as a check sum, so that it is done once.
    """

    rows: tuple[int, ...]
    sums: tuple[int, ...]
    dropped: int = 0
    dropped_sums: int = 0


ByShard = dict[int, dict[int, int]]
"""Of an hour or day, by shard: the new generation, 0 for none."""


@dataclass
class Change:
    """What one step of compaction puts in place of what."""

    taken: frozenset[int] = frozenset()
    waiting: Loose | None = None
    hours: ByShard = field(default_factory=dict)
    rows: ByShard = field(default_factory=dict)
    sums: ByShard = field(default_factory=dict)
    dropped: dict[int, int] = field(default_factory=dict)
    dropped_sums: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """All files that count.

    Attributes
    ----------
    shards : int
        Parts into which sensors are divided: the sensor's number modulo this; fixed for the history's life.
    offset_h : int
        Hours by which the city's midnight comes before that of UTC; fixed for the history's life.
    covered : int
        Position in the log up to which, and with which, all rows are in files.
    generation : int
        No file bears this or a greater one, whatever has crashed.
    loose : tuple of Loose
        In the order in which their rows arrived.
    hours : mapping of hour to (shards,) generations
        Files of one hour and shard of days that are not closed; 0 for none.
    days : mapping of day to Day
    sorted_hour, closed_day : int
        The hour at which loose files were last sorted out, and the day before which days have been closed.
    """

    shards: int
    offset_h: int
    covered: int = 0
    generation: int = 1
    loose: tuple[Loose, ...] = ()
    hours: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    days: Mapping[int, Day] = field(default_factory=dict)
    sorted_hour: int = 0
    closed_day: int = 0

    def to_bytes(self) -> bytes:
        """Return the manifest's text."""
        days = {
            str(day): [_packed(one.rows), _packed(one.sums), one.dropped, one.dropped_sums]
            for day, one in sorted(self.days.items())
        }
        told = {
            "form": FORM,
            "shards": self.shards,
            "offset_h": self.offset_h,
            "covered": self.covered,
            "generation": self.generation,
            "loose": [list(one) for one in self.loose],
            "hours": {str(hour): _packed(row) for hour, row in sorted(self.hours.items())},
            "days": days,
            "sorted_hour": self.sorted_hour,
            "closed_day": self.closed_day,
        }
        return json.dumps(told, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> "State":
        """Return what a manifest tells; ValueError if it is of a form not known here."""
        told: dict[str, Any] = json.loads(text)
        if told.pop("form") != FORM:
            raise ValueError("the history's manifest is of a form that this version does not know")
        told["loose"] = tuple(Loose(*one) for one in told["loose"])
        told["hours"] = {int(hour): _unpacked(row) for hour, row in told["hours"].items()}
        told["days"] = {
            int(day): Day(_unpacked(rows), _unpacked(sums), *dropped)
            for day, (rows, sums, *dropped) in told["days"].items()
        }
        return cls(**told)

    def with_loose(self, loose: Loose | None, covered: int) -> "State":
        """Return the state with one more flush."""
        files = self.loose if loose is None else (*self.loose, loose)
        return replace(self, loose=files, covered=max(self.covered, covered))

    def changed(self, change: Change) -> "State":
        """Return the state after a step of compaction; what was flushed meanwhile stays."""
        left = [one for one in self.loose if one.generation not in change.taken]
        if change.waiting is not None:
            behind = sum(one.waiting for one in left)
            left.insert(behind, change.waiting)
        none = (0,) * self.shards
        hours = {**self.hours, **{hour: _put(self.hours.get(hour, none), new) for hour, new in change.hours.items()}}
        days = dict(self.days)
        for day in change.rows.keys() | change.sums.keys() | change.dropped.keys() | change.dropped_sums.keys():
            one = days.get(day, Day(none, none))
            days[day] = Day(
                _put(one.rows, change.rows.get(day, {})),
                _put(one.sums, change.sums.get(day, {})),
                change.dropped.get(day, 0 if day in change.rows else one.dropped),
                change.dropped_sums.get(day, 0 if day in change.rows else one.dropped_sums),
            )
        hours = {hour: row for hour, row in hours.items() if any(row)}
        days = {day: one for day, one in days.items() if any(one.rows) or any(one.sums)}
        return replace(self, loose=tuple(left), hours=hours, days=days)

    def is_open(self, day: int) -> bool:
        """Tell whether rows of a day are still sorted into hours."""
        return day >= self.closed_day and day not in self.days

    def day_of_hour(self, hour: int) -> int:
        """Return the city's day in which an hour lies."""
        return day_of(hour, self.offset_h)

    def names(self, months: set[int] | None = None) -> set[str]:
        """Return the names of all files that count, of closed days only those of some months (None: of all)."""
        found = {loose_name(one.generation) for one in self.loose}
        for hour, row in self.hours.items():
            for shard, generation in enumerate(row):
                if generation:
                    found |= {hour_file(hour, shard, generation), open_sums_name(generation)}
        for day, one in self.days.items():
            month = month_of(day)
            if months is None or month in months:
                found |= {day_file(day, shard, generation) for shard, generation in enumerate(one.rows) if generation}
                for shard, generation in enumerate(one.sums):
                    if generation:
                        found |= set(sums_names(month, shard, generation))
        return found


def _put(row: tuple[int, ...], new: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(new.get(shard, generation) for shard, generation in enumerate(row))


def _packed(row: Iterable[int]) -> list[int]:
    """Return runs of equal numbers as number, count, number, count."""
    return [part for value, run in groupby(row) for part in (value, len(list(run)))]


def _unpacked(row: list[int]) -> tuple[int, ...]:
    return tuple(value for value, count in zip(row[::2], row[1::2], strict=True) for _ in range(count))


def loose_name(generation: int) -> str:
    """Return the name of a file of rows as they arrived."""
    return f"loose/{generation:010d}.parquet"


def hour_file(hour: int, shard: int, generation: int) -> str:
    """Return the name of the rows of one hour and shard."""
    return f"hour/{hour_name(hour)}/{shard:04d}-{generation:010d}.parquet"


def day_file(day: int, shard: int, generation: int) -> str:
    """Return the name of the rows of one closed day and shard."""
    return f"day/{day_name(day)}/{shard:04d}-{generation:010d}.parquet"


def open_sums_name(generation: int) -> str:
    """Return the name of the roll-ups of hours of days that are not closed."""
    return f"sums/open/{generation:010d}.parquet"


def sums_names(month: int, shard: int, generation: int) -> tuple[str, str]:
    """Return the names of the roll-ups to hours and to days of one month and shard."""
    tail = f"{month_name(month)}/{shard:04d}-{generation:010d}.parquet"
    return f"sums/hour/{tail}", f"sums/day/{tail}"


def generation_in(name: str) -> int | None:
    """Return the generation in a file's name; None if it is no name of these."""
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    tail = stem.rpartition("-")[2]
    return int(tail) if dot and ending == "parquet" and tail.isdigit() else None
