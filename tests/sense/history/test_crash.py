"""Kill the keeper of a history at any moment: no row that is covered is missing, none is there twice, none too many."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest

from anlan.sense.history.files import Folder, Write
from anlan.sense.history.history import History
from anlan.sense.history.state import NAME, State
from sense.history.keeper import EAGER, HOUR, SENSORS, STEP, T, keep, opened, record
from sense.history.obvious import DAY, Obvious, told

KILLS = int(os.environ.get("ANLAN_TEST_KILLS", "25"))


class Crash(BaseException):
    """The process is gone."""


class Breaking(Folder):
    """A folder that breaks down at its n-th change, before it, in the middle of it, or after it."""

    def __init__(self, root: Path, at: int) -> None:
        super().__init__(root)
        self._left = at

    def _count(self) -> None:
        self._left -= 1
        if self._left <= 0:
            raise Crash

    def put(self, names: Iterable[tuple[str, Write]]) -> None:
        for name, write in names:
            self._count()

            def half(sink: pa.NativeFile, name: str = name) -> None:
                sink.write(b"PAR1 and no more")
                self._count()

            super().put([(name, half)])
            super().put([(name, write)])

    def replace(self, name: str, content: bytes) -> None:
        self._count()
        super().replace(name, content)
        self._count()

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            self._count()
            super().remove([name])
            self._count()


def check(history: History, model: Obvious, read: int) -> int:
    """Compare all that is in files with the log up to what is covered; the model stands at ``read``."""
    for position in range(read + 1, history.covered + 1):
        model.append(*record(position))
    since, until = T - 99 * DAY, T + (history.covered + 9) * STEP
    with history.view() as view:
        parts = list(view.rows(None, since, until))
    found = [
        row
        for part in parts
        for row in zip(
            part.sensor.tolist(), part.time_us.tolist(), part.value.tolist(), part.late.tolist(), strict=True
        )
    ]
    assert sorted(found) == sorted((*key, value, late) for key, (value, _, late) in model.kept.items())
    everybody = range(SENSORS)
    expected = model.sums(everybody, since, until, HOUR, 0)
    assert told(history.hours(None, since, until)) == expected
    expected = model.sums(everybody, since, until, DAY, 8 * HOUR)
    assert told(history.days(None, since, until)) == expected
    return history.covered


def leftovers(folder: Path) -> set[str]:
    files = Folder(folder)
    text = files.read(NAME)
    assert text is not None
    return {name for name in files.names() if name.endswith(".parquet")} - State.from_bytes(text).names()


@pytest.mark.parametrize("begin", range(1, 46, 9))
def test_a_crash_at_each_change_of_a_file_loses_nothing_and_doubles_nothing(tmp_path: Path, begin: int) -> None:
    model, read = Obvious(), 0
    for at in range(begin, begin + 9):
        with contextlib.suppress(Crash):
            keep(History(Breaking(tmp_path, at), shards=3, offset_h=8, pace=EAGER), 1_000_000)
        read = check(opened(tmp_path), model, read)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_random_it_ends_as_if_it_had_never_been(tmp_path: Path) -> None:
    rng = random.Random(20240915)
    pipe = subprocess.PIPE
    program = Path(__file__).with_name("keeper.py")
    model, read = Obvious(), 0
    with subprocess.Popen([sys.executable, str(program)], stdin=pipe, stdout=pipe, text=True) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for _ in range(KILLS):
            nursery.stdin.write(f"{tmp_path}\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline())
            time.sleep(rng.uniform(0.05, 0.4))
            os.kill(child, signal.SIGKILL)
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and not _gone(child):
                time.sleep(0.002)
        nursery.stdin.close()
    history = opened(tmp_path)
    read = check(history, model, read)
    assert read > 0
    keep(history, 30)
    history.flush()
    now = T + history.covered * STEP
    for hours in (1, 2, 3):
        history.compact(now + hours * HOUR)
    assert leftovers(tmp_path) == set()
    check(history, model, read)


def _gone(process: int) -> bool:
    """Tell whether a killed process runs no more; its parent may not have buried it yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
