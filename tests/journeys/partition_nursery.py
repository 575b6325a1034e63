"""Starts workers quickly: loads everything once, then becomes a new one for each line of arguments that it reads."""

import os
import shlex
import signal
import sys

from anlan.science.rules import rows
from anlan.sense.partition import weighing
from anlan.sense.partition.serve import main


def nursery() -> None:
    rows.compiled()
    weighing.compiled()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setsid()
            main(shlex.split(line))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    nursery()
