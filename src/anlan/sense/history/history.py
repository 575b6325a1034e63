"""The history of all observations: rows added at one end by the station, read at any time by anybody."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow.fs as pafs

from anlan.sense.history.book import Book
from anlan.sense.history.export import Form, Names, encoded, pieces
from anlan.sense.history.files import Files, Folder, Objects
from anlan.sense.history.hot import Hot
from anlan.sense.history.parquet import Shelf
from anlan.sense.history.quality import DayQuality, quality_of_days
from anlan.sense.history.retention import Retention
from anlan.sense.history.rollups import day_sums, hour_sums
from anlan.sense.history.rows import Rows
from anlan.sense.history.sorting import loose_file
from anlan.sense.history.state import State
from anlan.sense.history.sums import Sums
from anlan.sense.history.upkeep import Pace, Upkeep
from anlan.sense.history.view import View
from anlan.sense.stream.batch import Batch, Floats, Int32s, Int64s

Reduce = Literal["mean", "max", "last"]
SHARDS = 16


@dataclass(frozen=True)
class Hours:
    """One value of each sensor for each hour in which it has good ones, by sensor and hour.

    ``hour_us`` is the hour's beginning; ``count`` tells of how many good observations the value is made.
    """

    sensor: Int32s
    hour_us: Int64s
    value: Floats
    count: Int32s


class History:
    """Observations in Parquet files, and those that came since the last flush in memory.

    One thread appends and flushes; any one thread keeps up (:meth:`compact`, :meth:`drop`), also beside it; any thread
    reads. What a reader takes is one moment's whole: no half of a flush or of a compaction. Of rows with the same
    sensor and time, the first that came is kept. No clock is read here: times come as arguments.

    Parameters
    ----------
    place
        A folder of this machine, a file system of Arrow's for object storage, or any other place for files.
    shards
        Into how many parts sensors are divided, by number; of a history that exists already, its own stands.
    offset_h
        Hours by which the city's midnight comes before that of UTC; of a history that exists already, its own stands.
    pace
        When rows are flushed unasked, files sorted out, and days closed.
    """

    def __init__(
        self,
        place: Path | pafs.FileSystem | Files,
        *,
        shards: int = SHARDS,
        offset_h: int = 0,
        pace: Pace | None = None,
    ) -> None:
        self._files = _files(place)
        self._shelf = Shelf(self._files)
        self._book = Book(self._files, State(shards, offset_h))
        self._pace = pace or Pace()
        self._upkeep = Upkeep(self._book, self._files, self._shelf, self._pace)
        self._appended = self.covered

    @property
    def covered(self) -> int:
        """Position of the log up to which, and with which, all rows are in files."""
        return self._book.now.state.covered

    @property
    def unflushed(self) -> int:
        """Rows that are in memory only."""
        return len(self._book.now.hot)

    def append(self, batch: Batch, late: npt.NDArray[np.bool_] | None, position: int) -> None:
        """Add rows as they stand in the log; those that are in files already, by their position, are passed over.

        Where the pace says so, many rows in memory are flushed first, up to the position before.

        Parameters
        ----------
        late : (n,) bool or None
            Which came after a newer one of their sensor; None: none of them.
        """
        if position <= self.covered:
            return
        most = self._pace.hot_rows
        if most is not None and self.unflushed >= most and position > self._appended:
            self.flush()
        self._book.now.hot.append(batch, np.zeros(len(batch), bool) if late is None else late)
        self._appended = max(self._appended, position)

    def flush(self, position: int | None = None) -> None:
        """Put all rows into a file; on return they are durable, and ``covered`` with them.

        Parameters
        ----------
        position
            Up to here all rows of the log have been appended; None: the last one appended.
        """
        state, hot = self._book.now.state, self._book.now.hot
        covered = self._appended if position is None else position
        if not len(hot):
            if covered > state.covered:
                self._book.publish(lambda now: now.with_loose(None, covered))
            return
        rows = hot.rows()
        day = View(state, self._shelf, rows).day_of(rows.time_us)
        loose, content = loose_file(rows, day, self._book.generation(), waiting=False)
        self._files.put([content])
        self._book.publish(lambda now: now.with_loose(loose, covered), Hot())

    def compact(self, now_us: int) -> int:
        """Sort rows into hours and close days, as far as that is due; return how many steps that took."""
        return self._upkeep.compact(now_us)

    def drop(self, now_us: int, kinds: Sequence[str], retention: Retention) -> int:
        """Drop the rows and roll-ups of closed days that need not be kept; return how many steps that took.

        Parameters
        ----------
        kinds
            Kind of each sensor, by its number.
        """
        return self._upkeep.drop(now_us, kinds, retention)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Hold what is kept at this moment: it does not change, and its files stay, as long as the block runs."""
        with self._book.held() as entry:
            yield View(entry.state, self._shelf, entry.hot.rows())

    def series(self, sensor: int, since_us: int, until_us: int, limit: int) -> Batch:
        """Return the first ``limit`` observations of one sensor within a span, both ends included, in order of time."""
        found: list[Rows] = []
        with self.view() as view:
            for rows in view.rows(np.array([sensor], np.int32), since_us, until_us):
                found.append(rows)
                if sum(map(len, found)) >= limit:
                    break
        return Rows.joined(found).where(slice(0, limit)).batch()

    def hourly(self, sensors: npt.ArrayLike, since_us: int, until_us: int, reduce: Reduce) -> Hours:
        """Return the good observations of sensors, reduced to the hours in which they ended.

        Parameters
        ----------
        since_us, until_us
            Observations after the first, up to and with the second.
        """
        column = {"mean": "total", "max": "high", "last": "last"}[reduce]
        with self.view() as view:
            sums = hour_sums(view, _rising(sensors), since_us, until_us, (column, "count"))
        sums = sums.where(sums.count > 0)
        value: Floats = getattr(sums, column)
        return Hours(sums.sensor, sums.begin_us, value / sums.count if reduce == "mean" else value, sums.count)

    def hours(self, sensors: npt.ArrayLike | None, since_us: int, until_us: int) -> Sums:
        """Return the roll-ups of sensors (None: of all) to hours, of the rows after one moment, up to another."""
        with self.view() as view:
            return hour_sums(view, _rising(sensors), since_us, until_us)

    def days(self, sensors: npt.ArrayLike | None, since_us: int, until_us: int) -> Sums:
        """Return the roll-ups of sensors (None: of all) to the city's days, of rows after one moment, up to another."""
        with self.view() as view:
            return day_sums(view, _rising(sensors), since_us, until_us)

    def quality(self, kinds: Sequence[str], since_us: int, until_us: int) -> list[DayQuality]:
        """Return the quality of each kind's data by day, of all the city's days that a span touches, whole.

        Parameters
        ----------
        kinds
            Kind of each sensor, by its number.
        """
        with self.view() as view:
            return quality_of_days(view, kinds, since_us, until_us)

    def export(
        self,
        form: Form,
        names: Names,
        since_us: int,
        until_us: int,
        *,
        sensors: npt.ArrayLike | None = None,
        limit: int | None = None,
    ) -> Iterator[bytes]:
        """Yield a file of the observations of a span, both ends included, piece by piece.

        Parameters
        ----------
        names
            Gives the names of sensors for their numbers.
        sensors
            Numbers; None: of all.
        limit
            The rows after so many are left out; None: none are.
        """
        with self.view() as view:
            yield from encoded(pieces(view, _rising(sensors), since_us, until_us, names, limit), form)


def _files(place: Path | pafs.FileSystem | Files) -> Files:
    if isinstance(place, Path):
        return Folder(place)
    return Objects(place) if isinstance(place, pafs.FileSystem) else place


def _rising(sensors: npt.ArrayLike | None) -> Int32s | None:
    return None if sensors is None else np.unique(np.asarray(sensors, np.int32))
