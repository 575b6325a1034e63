"""What is done to the files from time to time, in any one thread: sorted into hours, days closed, the old dropped."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from anlan.sense.history.book import Book
from anlan.sense.history.closing import close_days, to_close
from anlan.sense.history.files import Files
from anlan.sense.history.parquet import Shelf
from anlan.sense.history.retention import Drop, Retention, drop_rows, drop_sums, kept_sums
from anlan.sense.history.rows import Rows
from anlan.sense.history.sorting import sort_out
from anlan.sense.history.spans import HOUR_US, last_day, month_of
from anlan.sense.history.state import Change, Loose, loose_name
from anlan.sense.history.view import View


class Pace(NamedTuple):
    """When rows are flushed unasked, files sorted out, and days closed; none of this changes what is read.

    Attributes
    ----------
    hot_rows
        With so many rows in memory, :meth:`~anlan.sense.history.history.History.append` flushes; None: never unasked.
    settle_us
        So long after its end, a day is closed.
    loose_rows, loose_files
        With so many loose ones, rows are sorted out before the hour is over.
    step_rows
        Rows sorted out in one step, in memory at once.
    step_days
        Days of one shard closed in one step.
    """

    hot_rows: int | None = None
    settle_us: int = 2 * HOUR_US
    loose_rows: int = 4_000_000
    loose_files: int = 64
    step_rows: int = 4_000_000
    step_days: int = 4


class Upkeep:
    """Compaction and retention of one history; each step counts as a whole or not at all."""

    def __init__(self, book: Book, files: Files, shelf: Shelf, pace: Pace) -> None:
        self._book, self._files, self._shelf, self._pace = book, files, shelf, pace
        self._alone = threading.Lock()
        self._dropped: tuple[int, Retention, int] | None = None

    def compact(self, now_us: int) -> int:
        """Do what is due; return how many steps that took. While another thread is at it, nothing is due."""
        if not self._alone.acquire(blocking=False):
            return 0
        try:
            self._book.clear()
            return self._sort_out(now_us) + self._close(now_us)
        finally:
            self._alone.release()

    def drop(self, now_us: int, kinds: Sequence[str], retention: Retention) -> int:
        """Drop what may go by now, once a day; return how many steps that took."""
        with self._alone:
            self._book.clear()
            today, steps = self._today(now_us, 0), 0
            asked = (today, retention, len(kinds))
            if asked == self._dropped:
                return 0
            rows, sums = Drop(kinds, retention.rows, today), Drop(kinds, kept_sums(retention), today)
            for day, one in sorted(self._book.now.state.days.items()):
                if rows.mark(day) not in {0, one.dropped}:
                    steps += self._done(drop_rows(self._view(), self._files, day, rows, self._book.generation()))
            for month in sorted({month_of(day) for day in self._book.now.state.days}):
                if sums.mark(last_day(month)):
                    steps += self._done(drop_sums(self._view(), self._files, month, sums, self._book.generation()))
            self._dropped = asked
            return steps

    def _view(self) -> View:
        return View(self._book.now.state, self._shelf, Rows.empty())

    def _today(self, now_us: int, settle_us: int) -> int:
        return self._book.now.state.day_of_hour((now_us - settle_us) // HOUR_US)

    def _done(self, change: Change | None) -> int:
        if change is None:
            return 0
        months = {month_of(day) for day in (*change.rows, *change.sums)}
        self._book.publish(lambda state: state.changed(change), months=months)
        return 1

    def _sort_out(self, now_us: int) -> int:
        pace, steps = self._pace, 0
        loose = [one for one in self._book.now.state.loose if not one.waiting]
        hour = now_us // HOUR_US
        full = len(loose) >= pace.loose_files or sum(one.rows for one in loose) >= pace.loose_rows
        if hour <= self._book.now.state.sorted_hour and not full:
            return 0
        while loose:
            taken = _first(loose, pace.step_rows)
            loose = loose[len(taken) :]
            generations = self._book.generation(), self._book.generation()
            steps += self._done(sort_out(self._view(), self._files, taken, generations))
        self._book.publish(lambda state: replace(state, sorted_hour=hour))
        return steps

    def _close(self, now_us: int) -> int:
        state, pace, steps = self._book.now.state, self._pace, 0
        today = self._today(now_us, pace.settle_us)
        waiting = [one for one in state.loose if one.waiting]
        if today <= state.closed_day and sum(one.rows for one in waiting) < pace.loose_rows:
            return 0
        while True:
            taken = _first(waiting, pace.step_rows)
            waiting = waiting[len(taken) :]
            steps += self._close_some(taken, today)
            if not waiting:
                break
        self._book.publish(lambda state: replace(state, closed_day=max(today, state.closed_day)))
        return steps

    def _close_some(self, taken: Sequence[Loose], today: int) -> int:
        rows = Rows.joined([Rows.from_arrow(self._shelf.read(loose_name(one.generation))) for one in taken])
        shard_of, generation = rows.sensor % self._book.now.state.shards, self._book.generation()
        due: Mapping[int, list[int]] = to_close(self._view(), today, rows)
        steps = 0
        for shard, days in due.items():
            own = rows.where(shard_of == shard)
            for first in range(0, len(days), self._pace.step_days):
                some = days[first : first + self._pace.step_days]
                # Each step's files bear one generation; a later step of a month may merge those of an earlier one.
                own_generation = generation if first == 0 else self._book.generation()
                change = close_days(self._view(), self._files, shard, some, own, today=today, generation=own_generation)
                steps += self._done(change)
        return steps + self._done(Change(taken=frozenset(one.generation for one in taken)) if taken else None)


def _first(loose: Sequence[Loose], most_rows: int) -> Sequence[Loose]:
    """Return the oldest files, as many as have so many rows together, but one at least."""
    ends = np.cumsum([one.rows for one in loose])
    return loose[: max(1, int(np.searchsorted(ends, most_rows, side="right")))] if loose else loose
