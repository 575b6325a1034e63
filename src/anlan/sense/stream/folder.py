"""The folder of a log: who owns it, up to where it is known to be durable, and what is left of it after a crash."""

import fcntl
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from anlan.sense.stream.segments import FILE_HEAD_BYTES, LogFault, Segment, listed, sync_folder

OWNER = "owner"
"""File whose lock the one writer holds."""

DURABLE = "durable"
"""File that says below which position everything is durable. It may lag behind the truth and never runs ahead."""

_MARK = struct.Struct("<QI")
_LOOKS = 8  # a reader may meet the mark half written


class Owner:
    """The right to write into a folder, held until released or until the process ends, however it ends.

    Raises
    ------
    LogFault
        ``log.owned`` if somebody holds it already.
    """

    def __init__(self, folder: Path) -> None:
        self._handle = os.open(folder / OWNER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise LogFault("log.owned", value=folder.name) from None

    def release(self) -> None:
        """Let another have it."""
        os.close(self._handle)


class Marked:
    """The number in the file :data:`DURABLE`."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self._path = folder / DURABLE
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640) if write else -1

    def get(self) -> int:
        """Return the number; 0 if there is none that can be read."""
        for _ in range(_LOOKS):
            data = self._path.read_bytes() if self._path.exists() else b""
            if len(data) == _MARK.size:
                position, check = _MARK.unpack(data)
                if check == zlib.crc32(data[:8]):
                    return int(position)
        return 0

    def set(self, position: int) -> None:
        """Write the number, without a flush: the older one that may stand there after a power cut is true as well."""
        data = position.to_bytes(8, "little")
        os.pwrite(self._handle, data + zlib.crc32(data).to_bytes(4, "little"), 0)

    def close(self) -> None:
        """Let go of the file."""
        if self._handle >= 0:
            os.close(self._handle)


def recover(folder: Path, mark: Marked, flush: Callable[[int], None]) -> tuple[tuple[Segment, ...], int]:
    """Return the segments of a folder and the next position, after cutting off what a crash left half written.

    Only the last segment can have such an end: each was durable before the next was begun. Whatever was durable, by the
    mark or by what later records tell, must be there and sound.

    Raises
    ------
    LogFault
        ``log.corrupt`` or ``log.lost``.
    """
    known, marked = listed(folder), mark.get()
    if known and not known[-1].head_holds():
        if marked > known[-1].first or known[-1].size > FILE_HEAD_BYTES:
            raise known[-1].corrupt(0)
        known.pop().path.unlink()
        sync_folder(folder)
    if not known:
        if marked > 1:
            raise LogFault("log.lost", value=folder.name, params={"first": 1, "last": marked - 1})
        return (), 1
    end = _tail_cut(known[-1], marked, flush)
    if end < marked:
        raise LogFault("log.lost", value=known[-1].path.name, params={"first": end, "last": marked - 1})
    mark.set(end)
    return tuple(known), end


def swept(folder: Path) -> tuple[Segment, ...]:
    """Return the segments of a folder that another process writes; the last one may be still without its head."""
    known = listed(folder)
    if known and known[-1].size < FILE_HEAD_BYTES:
        known.pop()
    return tuple(known)


def _tail_cut(last: Segment, marked: int, flush: Callable[[int], None]) -> int:
    end, offset, damaged = last.sound()
    if damaged is not None and last.durable_told(damaged, offset) > end:
        raise last.corrupt(offset)
    if offset < last.size and end < marked:
        raise last.corrupt(offset)
    handle = os.open(last.path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        if offset < last.size:
            os.ftruncate(handle, offset)
        flush(handle)  # what a killed writer had not flushed yet counts from now on
    finally:
        os.close(handle)
    last.size = offset
    return end
