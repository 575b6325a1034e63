"""Kill the writer with SIGKILL at random moments, again and again: what sync returned for is there."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from anlan.sense.stream.log import SegmentLog
from sense.stream.logs import assert_is

KILLS = int(os.environ.get("ANLAN_TEST_KILLS", "200")) // 2


def test_what_sync_returned_for_survives_the_death_of_the_writer(tmp_path: Path) -> None:
    program = Path(__file__).with_name("log_writer.py")
    pipe = subprocess.PIPE
    nursery = subprocess.Popen([sys.executable, str(program), "nursery"], stdin=pipe, stdout=pipe, text=True)
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    folder, acks = tmp_path / "log", tmp_path / "log.acks"
    chance = random.Random(3)
    acknowledged: dict[int, int] = {}
    held: dict[int, int] = {}
    for turn in range(KILLS):
        before = acks.stat().st_size if acks.exists() else 0
        nursery.stdin.write(f"{folder} {turn}\n")
        nursery.stdin.flush()
        child = int(nursery.stdout.readline())
        deadline = time.monotonic() + 30
        while turn % 4 and (not acks.exists() or acks.stat().st_size == before):
            assert time.monotonic() < deadline, "the writer acknowledges nothing"
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        if turn % 10 == 9 or turn == KILLS - 1:
            held |= check(folder, held)
            lines = acks.read_text().splitlines()
            acknowledged |= {int(p): int(n) for p, n in (line.split() for line in lines)}
            assert acknowledged.items() <= held.items()
    nursery.stdin.close()
    nursery.stdout.close()
    nursery.wait(10)

    assert len(acknowledged) > KILLS
    assert len(set(held.values())) == len(held)


def check(folder: Path, before: dict[int, int]) -> dict[int, int]:
    """Open the log once the killed writer has let go of it, and return which record stands at which position."""
    deadline = time.monotonic() + 10
    while True:
        try:
            log = SegmentLog(folder, segment_bytes=30_000)
            break
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)
    found = {}
    for record in log.read(log.begin):
        assert_is(record, record.position, record.origin, record.origin % 50)
        found[record.position] = record.origin
    assert list(found) == list(range(log.begin, log.end))
    assert all(found[position] == number for position, number in before.items() if position >= log.begin)
    log.trim(log.end - 500)
    log.close()
    return found
