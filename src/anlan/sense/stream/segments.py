"""The files of the observation log: each holds a run of records, told by the position of its first."""

import hashlib
import mmap
import os
import struct
import threading
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from anlan.kernel.errors import AnlanError
from anlan.sense.stream import records
from anlan.sense.stream.records import Head, Record

SUFFIX = ".log"
FILE_HEAD_BYTES = 32
FILE_MAGIC = b"AnLanLog"
FILE_VERSION = 1
_FILE_HEAD = struct.Struct("<8sIIQII")  # magic, version, 0, first position, 0, CRC-32 of the rest
_SIGNPOST_EVERY = 1 << 16  # bytes between two places that are remembered


class LogFault(AnlanError):
    """The log is damaged, or it can no longer be trusted: an operator has to look."""


class Closed(NamedTuple):
    """A segment to which nothing is added any more: positions ``first`` to ``next - 1``, and what it holds."""

    name: str
    first: int
    next: int
    size: int
    sha256: str


@dataclass
class Segment:
    """One file of the log, and some known places in it.

    Attributes
    ----------
    first
        Position of its first record.
    size
        Bytes that are written or about to be.
    """

    path: Path
    first: int
    size: int = FILE_HEAD_BYTES
    _positions: list[int] = field(default_factory=list)
    _offsets: list[int] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def named(cls, folder: Path, first: int, size: int = FILE_HEAD_BYTES) -> "Segment":
        """Return the segment of a folder that begins at a position."""
        return cls(folder / f"{first:020d}{SUFFIX}", first, size)

    def remember(self, position: int, offset: int) -> None:
        """Note where a record begins, if the last such note lies far enough before it."""
        with self._lock:
            if offset - (self._offsets[-1] if self._offsets else FILE_HEAD_BYTES) >= _SIGNPOST_EVERY:
                self._positions.append(position)
                self._offsets.append(offset)

    def nearest(self, position: int) -> tuple[int, int]:
        """Return the last known place (position, offset) that is not behind a position."""
        with self._lock:
            at = bisect_right(self._positions, position) - 1
            return (self._positions[at], self._offsets[at]) if at >= 0 else (self.first, FILE_HEAD_BYTES)

    def head(self) -> bytes:
        """Return the bytes with which the file begins."""
        head = _FILE_HEAD.pack(FILE_MAGIC, FILE_VERSION, 0, self.first, 0, 0)[:-4]
        return head + struct.pack("<I", zlib.crc32(head))

    def head_holds(self) -> bool:
        """Tell whether the file begins as it must."""
        with self.path.open("rb") as file:
            return file.read(FILE_HEAD_BYTES) == self.head()

    def view(self) -> memoryview:
        """Return the bytes of the file as they lie in memory.

        The mapping is a private one: who writes into an array changes nothing but its own copy.
        """
        with self.path.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))

    def read(self, position: int, end: int) -> Iterator[Record]:
        """Yield the records from one position up to another, all of which must be there.

        Raises
        ------
        LogFault
            ``log.corrupt`` if one is damaged or missing.
        """
        data = self.view()
        at, offset = self.nearest(position)
        if at == self.first and data[:FILE_HEAD_BYTES] != self.head():
            raise self.corrupt(0)
        while at < end:
            head = records.read_head(data, offset)
            if head is None or head.position != at:
                raise self.corrupt(offset)
            self.remember(at, offset)
            if at >= position:
                if not records.body_holds(data, offset, head):
                    raise self.corrupt(offset)
                yield records.read_body(data, offset, head)
            at, offset = at + 1, offset + head.size

    def sound(self) -> tuple[int, int, Head | None]:
        """Walk through the file up to its end or the first fault.

        Returns
        -------
        tuple
            Position after the last sound record, offset after it, and the head of a record behind it whose body alone
            is damaged.
        """
        data, at, offset = self.view(), self.first, FILE_HEAD_BYTES
        while (head := records.read_head(data, offset)) is not None and head.position == at:
            if not records.body_holds(data, offset, head):
                return at, offset, head
            self.remember(at, offset)
            at, offset = at + 1, offset + head.size
        return at, offset, None

    def durable_told(self, head: Head, offset: int) -> int:
        """Return up to which position the records behind a damaged one say that the log had been durable."""
        data, told = self.view(), head.durable
        while (follower := records.read_head(data, offset)) is not None:
            told, offset = max(told, follower.durable), offset + follower.size
        return told

    def sha256(self) -> str:
        """Return the digest of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def corrupt(self, offset: int) -> LogFault:
        """Return the error that names this segment and the place of the damage."""
        return LogFault("log.corrupt", value=self.path.name, params={"offset": offset})


def listed(folder: Path) -> list[Segment]:
    """Return the segments of a folder in order."""
    found = []
    for path in sorted(path for path in folder.glob(f"*{SUFFIX}") if path.stem.isdecimal()):
        with suppress(FileNotFoundError):  # the writer may be trimming
            found.append(Segment(path, int(path.stem), path.stat().st_size))
    return found


def read(segments: Sequence[Segment], position: int, end: int) -> Iterator[Record]:
    """Yield the records from one position up to another out of segments that follow each other.

    Raises
    ------
    LogFault
        ``log.corrupt``, ``log.missing`` if a segment is not there, or ``log.trimmed`` if the first positions have been
        forgotten.
    """
    at = max(0, bisect_right([segment.first for segment in segments], position) - 1)
    for number in range(at, len(segments)):
        segment = segments[number]
        if segment.first >= end:
            return
        if segment.first > position:
            raise LogFault("log.trimmed", value=position, params={"begin": segment.first})
        until = segments[number + 1].first if number + 1 < len(segments) else end
        try:
            yield from segment.read(position, min(until, end))
        except FileNotFoundError:
            raise LogFault("log.missing", value=segment.path.name) from None
        position = until


def closed(segments: Sequence[Segment], end: int, after: int = 0) -> Iterator[Closed]:
    """Yield what is to be known of the segments that begin behind a position and to which nothing is added any more."""
    for segment, following in pairwise(segments):
        if segment.first > after and following.first <= end:
            size = segment.path.stat().st_size
            yield Closed(segment.path.name, segment.first, following.first, size, segment.sha256())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
