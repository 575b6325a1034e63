"""Threads that work on the rows of one grid together."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import config

from anlan.science.arrays import Ints

_FEWEST_ROWS = 16
"""A thread with fewer rows waits for the others longer than it works."""


class Team:
    """Some threads; with one member the caller's own thread does the work."""

    def __init__(self, members: int | None = None) -> None:
        """Take ``members`` threads, or as many as the machine has processors for this process.

        Raises
        ------
        ValueError
            If that is less than one.
        """
        if members is not None and members < 1:
            raise ValueError(f"team: needs a member, not {members}")
        self.members: int = members or vars(config)["NUMBA_DEFAULT_NUM_THREADS"]  # those this process may use
        self.counters = np.zeros(2, dtype=np.int64)
        self._pool = ThreadPoolExecutor(self.members) if self.members > 1 else None

    def shares(self, first: int, last: int) -> Sequence[tuple[int, int]]:
        """Cut the rows ``first`` to ``last`` (not included) into one share for each member that has enough to do."""
        count = max(1, min(self.members, (last - first) // _FEWEST_ROWS))
        cuts: Ints = np.linspace(first, last, count + 1).astype(np.int64)
        return [(int(a), int(b)) for a, b in itertools.pairwise(cuts)]

    def do(self, jobs: Sequence[Callable[[], object]]) -> None:
        """Do the jobs at the same time, one for each member at most, and return when all are done."""
        if self._pool is None or len(jobs) == 1:
            for job in jobs:
                job()
            return
        for done in [self._pool.submit(job) for job in jobs]:
            done.result()

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()
