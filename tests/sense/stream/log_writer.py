"""Writes a log for as long as it lives: ``full FOLDER`` until the disk is full, ``nursery`` in children to be killed.

In the nursery each line on standard input is ``FOLDER ROUND``; the answer is the child's process id. Children write
what was acknowledged to ``FOLDER.acks``, a line for each: position and origin.
"""

import os
import resource
import sys
import threading
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from anlan.sense.stream.log import LogFault, SegmentLog
from sense.stream.logs import add

THREADS = 3
SEGMENT_BYTES = 30_000


def until_full(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    log = SegmentLog(folder, segment_bytes=1 << 20)
    acknowledged = 0
    with suppress(LogFault):
        while True:
            position = add(log, acknowledged + 1)
            log.sync(position)
            acknowledged = position
    log.close()
    sys.stdout.write(f"{acknowledged}\n")


def until_killed(folder: Path, turn: int) -> None:
    log = SegmentLog(folder, segment_bytes=SEGMENT_BYTES)
    acks = os.open(f"{folder}.acks", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def work(who: int) -> None:
        number = (turn * THREADS + who) << 32
        while True:
            number += 1
            position = add(log, number, number % 50)
            log.sync(position)
            os.write(acks, f"{position} {number}\n".encode())

    for who in range(THREADS):
        threading.Thread(target=work, args=(who,)).start()


def nursery() -> None:
    for line in sys.stdin:
        folder, turn = line.split()
        child = os.fork()
        if child == 0:
            until_killed(Path(folder), int(turn))
            threading.Event().wait()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)


if __name__ == "__main__":
    if sys.argv[1] == "full":
        until_full(Path(sys.argv[2]))
    else:
        nursery()
