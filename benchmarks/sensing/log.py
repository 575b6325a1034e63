"""The durable log: appending with a flush every so many rows, and reading with every checksum verified.

The peer is the bare file: the same columns written and flushed as often, without positions, checksums or recovery.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind, SegmentLog

RUNS = 5
ROWS = 4_000_000
FLUSH_ROWS = 50_000  # one flush serves what fifty messages of 1 000 brought
SEGMENT_BYTES = 1 << 26


def _batch(rows: int) -> Batch:
    chance = np.random.default_rng(1)
    return Batch.of(chance.integers(0, 100_000, rows), np.arange(rows) * 1000, chance.normal(size=rows))


def _append(folder: Path, batch: Batch) -> None:
    log = SegmentLog(folder, segment_bytes=SEGMENT_BYTES)
    each = max(1, FLUSH_ROWS // len(batch))
    for number in range(ROWS // len(batch)):
        position = log.append(Kind.OBSERVED, batch, received_us=number, source="bench")
        if number % each == each - 1:
            log.sync(position)
    log.close()


def _bare(path: Path, batch: Batch) -> None:
    each = max(1, FLUSH_ROWS // len(batch))
    with path.open("wb") as file:
        for number in range(ROWS // len(batch)):
            for column in (batch.sensor, batch.time_us, batch.value, batch.quality):
                file.write(column.data)
            if number % each == each - 1:
                file.flush()
                os.fdatasync(file.fileno())


def _read(folder: Path) -> tuple[int, float]:
    log = SegmentLog(folder, segment_bytes=SEGMENT_BYTES)
    rows, total = 0, 0.0
    for record in log.read(1):
        rows += len(record.batch)
        total += float(record.batch.value[0])
    log.close()
    return rows, total


def _per_cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return ROWS / (time.process_time() - began)


def _case(name: str, ours: list[float], theirs: list[float], equal: bool | None, note: str) -> dict[str, Any]:
    own, peer = statistics.median(ours), statistics.median(theirs) if theirs else None
    return {
        "case": name,
        "unit": "observations/CPU-s",
        "ours": round(own),
        "peer": "bare file, same bytes and flushes" if theirs else "",
        "theirs": round(peer) if peer else None,
        "ratio": round(own / peer, 2) if peer else None,
        "equal": equal,
        "note": f"median of {RUNS}, spread {(max(ours) - min(ours)) / own:.0%}; {note}",
    }


def cases() -> list[dict[str, Any]]:
    """Measure at two sizes of message."""
    found = []
    for size in (1_000, 10_000):
        batch, wrote, bare, read, equal = _batch(size), [], [], [], True
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                wrote.append(_per_cpu_s(lambda folder=folder, batch=batch: _append(folder / "log", batch)))  # type: ignore[misc]
                bare.append(_per_cpu_s(lambda folder=folder, batch=batch: _bare(folder / "bare", batch)))  # type: ignore[misc]
                read.append(_per_cpu_s(lambda folder=folder: _read(folder / "log")))  # type: ignore[misc]
                equal &= _read(folder / "log")[0] == ROWS
        flushed = f"flushed every {FLUSH_ROWS} rows"
        found.append(_case(f"append, records of {size}", wrote, bare, None, flushed))
        found.append(_case(f"read, records of {size}", read, [], equal, "every checksum verified"))
    return found
