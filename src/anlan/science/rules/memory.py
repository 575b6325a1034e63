"""What compiled code is handed: bundles of arrays, and the few places and codes that they share."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.rules.conditions import MAX_LEVELS, Int32s
from anlan.science.rules.layout import ENDLESS, NEVER

Bytes = npt.NDArray[np.uint8]

EVALUATED, LATE, DUPLICATE, CONFLICT, HEARD = range(5)
"""Verdicts on rows."""

GOOD, _SUSPECT, MISSING, OUT_OF_RANGE = range(4)
"""Qualities of values, as in the form in which observations come."""

S_CLOCK, S_LINGERING, S_DUE = MAX_LEVELS + 1, MAX_LEVELS + 2, MAX_LEVELS + 3
S_WIDTH = MAX_LEVELS + 4
"""State of a group: its flip-flops as in a slot, the newest time it has seen, how many members linger, and whether it
must be looked at when the next tick comes."""

OUT, IN = NEVER, ENDLESS
"""What stands for a member that does not count, or stands at its level; anything else is when it left."""


class Rules(NamedTuple):
    """What does not change: see `Plan` and `Compounds`; tables are flat, floats are their bits."""

    order: Int32s
    sensor_at: Ints
    table: Ints
    tablef: Floats
    weeks: Bytes
    silent_slot: Int32s
    silent_word: Ints
    silent_base: Ints
    silent_at: Int32s
    groups: Ints
    terms: Ints
    width: int
    member_term: Int32s
    of_at: Int32s
    of: Int32s


class Memory(NamedTuple):
    """What changes: see `EngineState`; ``touched`` is scratch, its first word the length of the list after it."""

    words: Ints
    floats: Floats
    due: Ints
    left: Ints
    counts: Ints
    states: Ints
    clock: Ints
    touched: Ints


class Room(NamedTuple):
    """Where findings are written, column by column; ``n`` holds how many there are."""

    n: Ints
    row: Ints
    time_us: Ints
    slot: Int32s
    group: Int32s
    from_level: Bytes
    to_level: Bytes
    value: Floats

    @classmethod
    def of(cls, size: int) -> "Room":
        """Return room for so many findings."""
        words = (np.empty(size, np.int64), np.empty(size, np.int64))
        numbers = (np.empty(size, np.int32), np.empty(size, np.int32))
        return cls(
            np.zeros(1, np.int64), *words, *numbers, np.empty(size, np.uint8), np.empty(size, np.uint8), np.empty(size)
        )


class Rows(NamedTuple):
    """The columns of a batch, and what is said of each row."""

    sensor: Int32s
    time_us: Ints
    value: Floats
    quality: Bytes
    verdict: Bytes
    judged: Bytes
