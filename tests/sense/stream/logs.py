"""Records to put into logs, and a disk that can be told to fail."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind, LogFault, Record, SegmentLog

SMALL = 4096


class Disk:
    """Flushes for real until it is told to fail."""

    def __init__(self) -> None:
        self.broken, self.flushes = False, 0

    def flush(self, handle: int) -> None:
        self.flushes += 1
        if self.broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fdatasync(handle)


def batch(rows: int, seed: int = 0) -> Batch:
    chance = np.random.default_rng([rows, seed])
    value = chance.normal(size=rows)
    value[chance.random(rows) < 0.1] = np.nan
    return Batch.of(
        chance.integers(-1, 2**31 - 1, rows), chance.integers(-(2**62), 2**62, rows), value, chance.integers(0, 4, rows)
    )


def add(log: SegmentLog, number: int, rows: int = 3) -> int:
    """Append the record that this number stands for; its content can be told from the number."""
    kind = Kind(number % 4)
    note = b"n" * (number % 11)
    return log.append(kind, batch(rows, number), received_us=number * 7, source=f"s{number}", origin=number, note=note)


def assert_same_batch(left: Batch, right: Batch) -> None:
    for name in ("sensor", "time_us", "value", "quality"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), strict=True)


def assert_is(record: Record, position: int, number: int, rows: int = 3) -> None:
    assert record[:5] == (position, Kind(number % 4), number * 7, f"s{number}", number)
    assert record.note == b"n" * (number % 11)
    assert_same_batch(record.batch, batch(rows, number))


def written(folder: Path, durable: int, lost: int, segment_bytes: int = SMALL) -> int:
    """Write records 1 to durable for good, and more that reach the file before a flush fails; return the safe size."""
    disk = Disk()
    log = SegmentLog(folder, segment_bytes=segment_bytes, flush=disk.flush)
    for number in range(1, durable + 1):
        log.sync(add(log, number))
    safe = last_file(folder).stat().st_size if durable else 0
    disk.broken = True
    for number in range(durable + 1, durable + lost + 1):
        add(log, number)
    if lost:
        with pytest.raises(LogFault, match="takes nothing more"):
            log.sync(durable + lost)
    log.close()
    return safe


def last_file(folder: Path) -> Path:
    return max(folder.glob("*.log"))


def notes(log: SegmentLog, position: int | None = None) -> Sequence[int]:
    """Return the positions that a log holds, after comparing each record with what was written there."""
    found = []
    for record in log.read(log.begin if position is None else position):
        assert_is(record, record.position, record.origin)
        found.append(record.position)
    return found
