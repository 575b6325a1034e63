"""Groups whose members lie in several partitions: fed by changes of level, in the order of the rows that did them.

The groups are weighed by the engine's own compiled parts, so that the outcome is that of one engine over the whole log.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from anlan.science.arrays import Ints
from anlan.science.rules.memory import Memory, Room, Rules
from anlan.science.rules.plan import Plan
from anlan.science.rules.state import EngineState

_LEVELS = 0xFF
"""In a slot's head word: which levels are set."""


class Move(NamedTuple):
    """A member changed its level.

    Attributes
    ----------
    place : int
        The plan's place of the slot.
    before, after : int
    at_us : int
    """

    place: int
    before: int
    after: int
    at_us: int


class Weighed(NamedTuple):
    """A group came from one level to another; ``members`` of it count."""

    at_us: int
    group: int
    before: int
    after: int
    members: float


ROW, TICK = range(2)
"""What a pass takes."""


class Moves(NamedTuple):
    """Moves as compiled code takes them: the words of one after those of another."""

    words: Ints
    moves: int


class Crossing:
    """The memory of groups, and what makes them move.

    Parameters
    ----------
    plan
        Each member slot is the only one of a sensor of its own, so that the plan's order is the caller's.
    state
        Of that plan; changed in place.
    """

    def __init__(self, plan: Plan, state: EngineState) -> None:
        self.plan, self.state = plan, state
        self._heads, self._rules = plan.slot_words(), plan.rules
        self._memory, self._room = state.memory, Room.of(len(plan.groups) + 1)

    @property
    def tick_us(self) -> int:
        """The newest tick; very long ago before the first."""
        return int(self.state.clock[0])

    def row(self, moves: Sequence[Move], row_us: int) -> list[Weighed]:
        """Take the changes that one row did."""
        return self._take(moves, row_us, ROW)

    def tick(self, moves: Sequence[Move], tick_us: int) -> list[Weighed]:
        """Take the changes that a tick did in all partitions, and the tick."""
        return self._take(moves, tick_us, TICK) if tick_us > self.tick_us else []

    def set_levels(self, place: int, flags: int) -> None:
        """Write down which levels of a slot are set, where that is known better than by the gravest."""
        head = self._heads[place]
        self.state.words[head] = self.state.words[head] & ~_LEVELS | flags

    def _take(self, moves: Sequence[Move], t: int, what: int) -> list[Weighed]:
        for one in moves:
            self.set_levels(one.place, (1 << one.after) - 1)
        words = np.array(moves, np.int64).reshape(-1)
        _kernel()(t, what, Moves(words, len(moves)), self._rules, self._memory, self._room)
        return self._found()

    def _found(self) -> list[Weighed]:
        room, count = self._room, int(self._room.n[0])
        room.n[0] = 0
        columns = (room.time_us, room.group, room.from_level, room.to_level, room.value)
        return [Weighed(*row) for row in zip(*(column[:count].tolist() for column in columns), strict=True)]


@cache
def _kernel() -> Callable[[int, int, Moves, Rules, Memory, Room], int]:
    """Return the compiled pass. Numba is loaded here: who weighs nothing does not wait for it."""
    from anlan.sense.partition.weighing import compiled  # noqa: PLC0415

    return compiled()
