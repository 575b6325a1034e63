"""A process that keeps a history as the station does: what the log gives again is appended, flushed and compacted.

It reads folders from its input, forks a child that keeps the history in that folder until it is killed, and answers
with the child's process number.
"""

import os
import sys
from pathlib import Path

import numpy as np

from anlan.sense.history.history import History
from anlan.sense.history.rows import Bools
from anlan.sense.history.upkeep import Pace
from anlan.sense.stream.batch import Batch

T = 1_725_120_000_000_000  # 2024-08-31T16:00Z
HOUR = 3_600_000_000
STEP = 2 * HOUR
SENSORS = 40
EAGER = Pace(loose_rows=400, loose_files=3, step_rows=300, step_days=2)


def record(position: int) -> tuple[Batch, Bools]:
    """What stands in the log at one position: rows of two hours, some of them days late."""
    rng = np.random.default_rng(position)
    n = int(rng.integers(1, 25))
    late = rng.random(n) < 0.1
    past = np.where(late, rng.integers(0, 60, n) * HOUR, 0)
    time = T + position * STEP - past - rng.integers(0, STEP // 1_000_000, n) * 1_000_000
    batch = Batch.of(rng.integers(0, SENSORS, n), time, np.round(rng.normal(size=n), 2) + 0.0, rng.integers(0, 4, n))
    return batch, late


def opened(folder: Path) -> History:
    return History(folder, shards=3, offset_h=8, pace=EAGER)


def keep(history: History, steps: int) -> None:
    """Go on from where the files end."""
    begin = history.covered + 1
    for position in range(begin, begin + steps):
        history.append(*record(position), position)
        if position % 5 == 0:
            history.flush(position)
        if position % 15 == 0:
            history.compact(T + position * STEP)


def main() -> None:
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            keep(opened(Path(line.strip())), 1_000_000_000)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
