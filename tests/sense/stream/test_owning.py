"""Who may write a folder's log: who looks takes nothing, who writes takes what is free, a server waits for its turn."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anlan.kernel.clock import SimClock
from anlan.kernel.errors import Conflict
from anlan.sense.stream.driver import Driver
from anlan.sense.stream.log import LogReader, SegmentLog
from anlan.sense.stream.station import FOLDER
from sense.stream.test_station import EVERYWHERE, reopened, rows

HOLDER = """
import sys
from pathlib import Path
from anlan.sense.stream.log import SegmentLog
log = SegmentLog(Path(sys.argv[1]), segment_bytes=1 << 20)
print("held", flush=True)
sys.stdin.read()
log.close()
"""


def held_by_another(folder: Path) -> subprocess.Popen[str]:
    """Have another process hold the log of a world's folder until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(folder / FOLDER / "log")]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline() == "held\n"
    return running


def released(holder: subprocess.Popen[str]) -> None:
    holder.communicate()
    assert holder.returncode == 0


def until(holds: Callable[[], bool]) -> bool:
    """Wait for something that must come soon; it may take long on a busy machine."""
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_who_looks_leaves_the_log_to_a_server_that_starts(sensing: Any, tmp_path: Path, clock: SimClock) -> None:
    sensing.send(("a", 0, 0.6))
    sensing.station.close()
    looking = reopened(sensing, tmp_path, clock)

    assert looking.stored() == {("a", 0.0): 0.6}
    assert isinstance(looking.station.log, LogReader)
    assert looking.station.upkeep() == 0
    server = reopened(sensing, tmp_path, clock)
    assert server.station.owner
    assert server.station.take(EVERYWHERE, rows(sensing, ("b", 0, 0.1))).accepted == 1
    server.station.close()


def test_who_looked_may_write_afterwards_if_the_log_is_free(sensing: Any, tmp_path: Path, clock: SimClock) -> None:
    sensing.send(("a", 0, 0.6))
    sensing.station.close()
    again = reopened(sensing, tmp_path, clock)
    again.stored()
    again.station.take(EVERYWHERE, rows(sensing, ("a", 60, 0.0)))
    again.world.settle()

    assert again.stored() == {("a", 0.0): 0.6, ("a", 60.0): 0.0}
    assert isinstance(again.station.log, SegmentLog)
    again.station.close()


def test_a_look_into_a_world_without_observations_leaves_nothing_behind(sensing: Any, tmp_path: Path) -> None:
    assert sensing.stored() == {}
    assert not (tmp_path / FOLDER / "log" / "owner").exists()


def test_a_server_that_finds_the_log_taken_says_so_and_takes_it_when_it_is_free(sensing: Any, tmp_path: Path) -> None:
    command = held_by_another(tmp_path)
    station, driver = sensing.station, Driver(sensing.world)
    driver.start()
    try:
        with pytest.raises(Conflict) as refused:
            station.take(EVERYWHERE, rows(sensing, ("a", 0, 0.6)))
        released(command)
        taken = until(lambda: station._owned() is not None)
        receipt = station.take(EVERYWHERE, rows(sensing, ("a", 0, 0.6)))
        followed = until(lambda: station.folded.latest.value[station.registry.number("a")] == 0.6)
    finally:
        driver.stop()

    assert refused.value.code == "sense.not_owner"
    assert (taken, receipt.accepted, followed) == (True, 1, True)


def test_a_log_that_cannot_be_folded_is_let_go_of(sensing: Any, tmp_path: Path, clock: SimClock) -> None:
    sensing.send(("a", 0, 0.6))
    sensing.station.close()
    checkpoint = tmp_path / FOLDER / "checkpoint.npz"
    sound = checkpoint.read_bytes()
    log = max((tmp_path / FOLDER / "log").glob("*.log"))
    log.rename(log.with_suffix(".away"))
    (tmp_path / FOLDER / "log" / "durable").unlink()
    broken = reopened(sensing, tmp_path, clock)
    with pytest.raises(Conflict, match="ends at"):
        broken.world.settle()
    for path in (tmp_path / FOLDER / "log").glob("*.log"):
        path.unlink()
    log.with_suffix(".away").rename(log)
    (tmp_path / FOLDER / "log" / "durable").unlink()

    assert checkpoint.read_bytes() == sound
    assert broken.station.owner, "the lock was not kept by the attempt that failed"
    broken.station.close()
