"""What the engine remembers, as arrays: made fresh for a plan, carried to another, kept and taken up again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Ints
from anlan.science.rules import layout
from anlan.science.rules.conditions import Int32s
from anlan.science.rules.layout import NEVER
from anlan.science.rules.memory import OUT, S_CLOCK, S_WIDTH, Memory, Room
from anlan.science.rules.plan import Plan, words_of

Bytes = npt.NDArray[np.uint8]
ROOM = 4096


@dataclass(frozen=True, eq=False)
class EngineState:
    """The memory of all sensors, slots and groups of a plan, with what is needed to carry it to another plan.

    Attributes
    ----------
    words : (w,) int64
        Blocks of sensors: see `layout`.
    clock : (1,) int64
        The newest tick, us.
    left : (m,) int64
        Of each membership: that it does not count, that it does, or since when it lingers.
    counts : (t,) int64
        Of each term, how many members count.
    groups : (g * S_WIDTH,) int64
        Flip-flops of groups.
    sensor_at, slot_sensor, slot_condition, slot_key, marks, sizes, member_key, group_marks
        As in the plan that it stands for.
    """

    words: Ints
    clock: Ints
    left: Ints
    counts: Ints
    groups: Ints
    sensor_at: Ints
    slot_sensor: Int32s
    slot_condition: Int32s
    slot_key: Ints
    sizes: Ints
    marks: Ints
    member_key: Ints
    group_marks: Ints

    @classmethod
    def fresh(cls, plan: Plan) -> "EngineState":
        """Return the state of sensors that have sent nothing."""
        words = np.zeros(int(plan.sensor_at[-1]), np.int64)
        bases = plan.sensor_at[:-1]
        words[bases + layout.NEWEST] = NEVER
        words[bases + layout.EVALUATED] = NEVER
        words[bases + layout.VALUE] = np.full(1, np.nan).view(np.int64)
        words[bases + layout.LOW] = plan.low.view(np.int64)
        words[bases + layout.HIGH] = plan.high.view(np.int64)
        words[bases + layout.SLOTS] = plan.slot_at[:-1] | np.diff(plan.slot_at).astype(np.int64) << 32
        heads = plan.slot_words()
        words[heads] = plan.slot_condition.astype(np.int64) << layout.CONDITION_SHIFT
        silent = plan.silences
        words[silent[1] + 1 + plan.table[:, layout.C_LEVELS][plan.slot_condition[silent[0]]]] = NEVER
        compounds = plan.compounds
        return cls(
            words,
            np.full(1, NEVER, np.int64),
            np.full(len(compounds.member_slot), OUT, np.int64),
            np.zeros(len(compounds.terms), np.int64),
            _fresh_groups(len(compounds.groups)),
            **plan.layout,
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that is remembered as arrays by name; not copied: write them before the next rows are taken."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "EngineState":
        """Return the state that `arrays` told, of a plan of then; `restored` takes it to a plan of now."""
        return cls(**{name: np.ascontiguousarray(arrays[name]) for name in cls.__dataclass_fields__})

    @cached_property
    def due(self) -> Ints:
        """For each block of sensors, before when no silence in it can change; not kept: a look finds it again."""
        return np.full((len(self.sensor_at) - 1 >> layout.SILENCE_SHIFT) + 1, NEVER, np.int64)

    @cached_property
    def memory(self) -> Memory:
        """The arrays as the compiled code wants them; not kept."""
        touched = np.zeros(len(self.group_marks) + 1, np.int64)
        floats = self.words.view(np.float64)
        return Memory(self.words, floats, self.due, self.left, self.counts, self.groups, self.clock, touched)

    @cached_property
    def room(self) -> Room:
        """Where findings are written at first; not kept."""
        return Room.of(len(self.group_marks) + ROOM)

    def is_of(self, plan: Plan) -> bool:
        """Tell whether this state was made for a plan: for this very one."""
        return self.slot_key is plan.slot_key

    def head_words(self) -> Ints:
        """Return where the head word of each slot stands."""
        sizes = self.sizes[self.slot_condition] if len(self.slot_condition) else np.zeros(0, np.int64)
        return words_of(sizes, self.slot_sensor)

    def levels(self) -> Bytes:
        """Return the level of each slot, in the plan's order."""
        return gravest(self.words[self.head_words()])

    def group_levels(self) -> Bytes:
        """Return the level of each group."""
        return gravest(self.groups[::S_WIDTH])


def gravest(heads: Ints) -> Bytes:
    """Return the gravest level set in head words."""
    table = np.array([int(flags).bit_length() for flags in range(256)], np.uint8)
    return np.asarray(table[heads & 0xFF], np.uint8)


def _fresh_groups(n: int) -> Ints:
    states = np.zeros((n, S_WIDTH), np.int64)
    states[:, S_CLOCK] = NEVER
    return states.ravel()
