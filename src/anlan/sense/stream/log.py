"""The durable log of observations: what the doors acknowledged, in the order in which it was taken.

Appending puts a record into memory and gives it a position. :meth:`Log.sync` returns when it is on the disk; one flush
serves all who wait (group commit, as in DeWitt et al., "Implementation techniques for main memory database systems",
SIGMOD 1984, section 5). A flush that failed is not tried again: the kernel may have dropped the pages and call the next
flush good (Rebello et al., "Can applications recover from fsync failures?", USENIX ATC 2020), so the log refuses
everything from then on, and opening it anew finds out what is there.
"""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from anlan.sense.stream import segments as shelf
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.folder import Marked, Owner, recover, swept
from anlan.sense.stream.records import Kind, Record, draft
from anlan.sense.stream.segments import Closed, LogFault, Segment

__all__ = ["Kind", "Log", "LogFault", "LogReader", "Record", "SegmentLog"]

_MOST_PENDING = 1 << 23  # bytes kept in memory before an appender has to write them itself


class Log(Protocol):
    """Records in order, numbered from 1."""

    @property
    def begin(self) -> int:
        """Position of the first record that is kept."""
        ...

    @property
    def end(self) -> int:
        """Position that the next record will have."""
        ...

    def append(
        self, kind: Kind, batch: Batch, *, received_us: int, source: str, origin: int = 0, note: bytes = b""
    ) -> int:
        """Take a record and return its position; it is not durable yet."""
        ...

    def sync(self, position: int) -> None:
        """Return when everything up to and with a position is durable."""
        ...

    def read(self, position: int) -> Iterator[Record]:
        """Yield the records that were durable at the call, from a position on."""
        ...

    def trim(self, position: int) -> None:
        """Forget what lies before a position, as far as that can be done cheaply."""
        ...

    def close(self) -> None:
        """Make everything durable and let go."""
        ...


@dataclass
class _Pending:
    """What waits in memory: pieces in order, each with its segment."""

    pieces: list[tuple[Segment, bytes]] = field(default_factory=list)
    size: int = 0

    def add(self, segment: Segment, *pieces: bytes) -> None:
        self.pieces += [(segment, piece) for piece in pieces]
        self.size += sum(map(len, pieces))


class SegmentLog:
    """A log in files of one folder, of which this process is the only writer; any thread may use it.

    Parameters
    ----------
    folder
        Made if it is not there.
    segment_bytes
        A new file is begun before one would grow beyond this.
    flush
        Makes the content of an open file durable.

    Raises
    ------
    LogFault
        ``log.owned`` if another writer has the folder, ``log.corrupt`` if a record that was durable is damaged,
        ``log.lost`` if records that were durable are not there.
    """

    def __init__(self, folder: Path, *, segment_bytes: int, flush: Callable[[int], None] = os.fdatasync) -> None:
        self.folder, self._segment_bytes, self._flush = folder, segment_bytes, flush
        folder.mkdir(parents=True, exist_ok=True)
        self._owner = Owner(folder)
        try:
            self._mark = Marked(folder, write=True)
            self._segments, self._end = recover(folder, self._mark, flush)
        except BaseException:
            self._owner.release()
            raise
        self._durable = self._end
        self._state = threading.Condition()
        self._pending = _Pending()
        self._busy, self._closed, self._fault = False, False, ""
        self._file: tuple[Segment, int] | None = None

    @property
    def begin(self) -> int:
        """Position of the first record that is kept."""
        with self._state:
            return self._segments[0].first if self._segments else self._end

    @property
    def end(self) -> int:
        """Position that the next record will have."""
        return self._end

    @property
    def durable(self) -> int:
        """Everything below this position is durable."""
        return self._durable

    @property
    def firsts(self) -> list[int]:
        """Position of the first record of each segment, in order."""
        with self._state:
            return [segment.first for segment in self._segments]

    @property
    def size(self) -> int:
        """Bytes of all segments."""
        with self._state:
            return sum(segment.size for segment in self._segments)

    def append(
        self, kind: Kind, batch: Batch, *, received_us: int, source: str, origin: int = 0, note: bytes = b""
    ) -> int:
        """Take a record and return its position; it is durable after :meth:`sync` only.

        Raises
        ------
        Invalid
            ``log.record_size`` if the record is too large.
        LogFault
            If the log cannot be trusted any more, or is closed.
        """
        fresh = draft(kind, batch, received_us=received_us, source=source, origin=origin, note=note)
        with self._state:
            self._refuse_if_broken()
            position = self._end
            segment = self._segment_for(position, fresh.head.size)
            segment.remember(position, segment.size)
            self._pending.add(segment, fresh.head_at(position, self._durable), fresh.body)
            segment.size += fresh.head.size
            self._end = position + 1
        if self._pending.size > _MOST_PENDING:
            self._work(lambda: self._pending.size <= _MOST_PENDING, flush=False)
        return position

    def sync(self, position: int) -> None:
        """Return when everything up to and with a position is durable.

        Raises
        ------
        ValueError
            If there is no such record.
        LogFault
            ``log.failed`` if it could not be made durable; nothing can be appended any more then.
        """
        if position >= self._end:
            raise ValueError(f"the log has no record {position} yet")
        self._work(lambda: self._durable > position, flush=True)

    def read(self, position: int) -> Iterator[Record]:
        """Return an iterator over the records that are durable now, from a position on.

        The columns of a record lie in the mapped file; writing into them changes nothing but the caller's copy.

        Raises
        ------
        LogFault
            ``log.trimmed`` if the position has been forgotten, ``log.corrupt`` where a record is damaged.
        """
        with self._state:
            known, end = self._segments, self._durable
        return shelf.read(known, position, end)

    def trim(self, position: int) -> None:
        """Forget the segments that lie wholly before a position; the last one always stays."""
        with self._state:
            limit = min(position, self._durable - 1)  # the one that stays must have reached the disk
            kept = sum(segment.first <= limit for segment in self._segments[1:])
            gone, self._segments = self._segments[:kept], self._segments[kept:]
        for segment in gone:  # oldest first: what a crash leaves has no hole
            segment.path.unlink(missing_ok=True)
        if gone:
            shelf.sync_folder(self.folder)

    def closed_segments(self, after: int = 0) -> Iterator[Closed]:
        """Yield the segments that begin behind a position and to which nothing is added any more, with their digests.

        Each digest reads the file: ask with the ``first`` of the last one that was anchored.
        """
        with self._state:
            known, durable = self._segments, self._durable
        return shelf.closed(known, durable, after)

    def close(self) -> None:
        """Make everything durable and let go of the folder; a log that failed only lets go."""
        with self._state:
            if self._closed:
                return
        try:
            if not self._fault:
                self._work(lambda: self._durable == self._end, flush=True)
        finally:
            with self._state:
                self._closed = True
            if self._file is not None:
                os.close(self._file[1])
            self._mark.close()
            self._owner.release()

    def _refuse_if_broken(self) -> None:
        if self._fault:
            raise LogFault("log.failed", value=self.folder.name, params={"reason": self._fault})
        if self._closed:
            raise LogFault("log.closed", value=self.folder.name)

    def _segment_for(self, position: int, size: int) -> Segment:
        """Return the segment that takes a record of this size, a new one if it is full."""
        last = self._segments[-1] if self._segments else None
        if last is None or (last.size + size > self._segment_bytes and last.first != position):
            last = Segment.named(self.folder, position)
            self._segments = (*self._segments, last)
        return last

    def _work(self, done: Callable[[], bool], *, flush: bool) -> None:
        """Wait until something is done by whoever writes, or become the one who writes."""
        with self._state:
            while not done():
                self._refuse_if_broken()
                if not self._busy:
                    break
                self._state.wait()
            else:
                return
            self._busy = True
            taken, self._pending, end = self._pending, _Pending(), self._end
        fault = "interrupted"
        try:
            self._write(taken)
            if flush:
                self._make_durable(end)
            fault = ""
        except OSError as error:
            fault = str(error)
            raise LogFault("log.failed", value=self.folder.name, params={"reason": fault}) from error
        finally:
            with self._state:
                self._busy, self._fault = False, fault
                if flush and not fault:
                    self._durable = end
                self._state.notify_all()

    def _write(self, taken: _Pending) -> None:
        start = 0
        for stop in range(1, len(taken.pieces) + 1):
            segment = taken.pieces[start][0]
            if stop == len(taken.pieces) or taken.pieces[stop][0] is not segment:
                _write_whole(self._handle(segment), b"".join(piece for _, piece in taken.pieces[start:stop]))
                start = stop

    def _handle(self, segment: Segment) -> int:
        """Return the open file of a segment; the one before it is durable before a new one is made."""
        if self._file is not None:
            if self._file[0] is segment:
                return self._file[1]
            self._flush(self._file[1])
            os.close(self._file[1])
            self._file = None
        fresh = not segment.path.exists()
        handle = os.open(segment.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        self._file = (segment, handle)
        if fresh:
            _write_whole(handle, segment.head())
            os.fsync(handle)
            shelf.sync_folder(self.folder)
        return handle

    def _make_durable(self, end: int) -> None:
        if self._file is not None:
            self._flush(self._file[1])
        self._mark.set(end)


class LogReader:
    """The same log for another process: it sees what the writer has marked as durable, and changes nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._mark = folder, Marked(folder, write=False)

    @property
    def begin(self) -> int:
        """Position of the first record that is kept."""
        known = swept(self.folder)
        return known[0].first if known else self.end

    @property
    def end(self) -> int:
        """Everything below this position is durable."""
        return self._mark.get() or 1

    def read(self, position: int) -> Iterator[Record]:
        """Return an iterator over the records that are durable now, from a position on; see :class:`SegmentLog`."""
        return shelf.read(swept(self.folder), position, self.end)

    def closed_segments(self, after: int = 0) -> Iterator[Closed]:
        """Yield the segments to which nothing is added any more; see :class:`SegmentLog`."""
        return shelf.closed(swept(self.folder), self.end, after)

    def close(self) -> None:
        """Let go of the files."""
        self._mark.close()


def _write_whole(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
