"""What a rule asks: conditions on one sensor, and groups of them over an area, an asset or a network."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Kind = Literal["threshold", "rate", "deviation", "stuck", "silence", "faulty", "drift"]
Mode = Literal["all", "any"]
Op = Literal[">=", ">", "<=", "<"]
Int32s = npt.NDArray[np.int32]

KINDS: tuple[Kind, ...] = get_args(Kind)
OPS: tuple[Op, ...] = get_args(Op)
MAX_LEVELS = 8
MINUTES_A_DAY = 1440
MINUTES_A_WEEK = 7 * MINUTES_A_DAY


@dataclass(frozen=True)
class Level:
    """One grade of a condition: what the compared number must reach, and how long it must stand or stay away.

    Attributes
    ----------
    grade : str
    value : float
        In the unit of the compared number of the condition's kind.
    hold_s, clear_hold_s : float
        The level is set once it has been met for ``hold_s``, and reset once clear for ``clear_hold_s``.
    """

    grade: str
    value: float
    hold_s: float = 0.0
    clear_hold_s: float = 0.0


@dataclass(frozen=True)
class Season:
    """The rhythm of a sensor's own history.

    Attributes
    ----------
    period_s : float
        Length of the rhythm: 86400 for a day.
    bins : int
        Parts of the period, each with a baseline of its own.
    warm : int
        Samples that a bin must have seen before it judges one.
    memory : int
        Samples that a bin remembers: its gain never falls below ``1 / memory``.
    """

    period_s: float = 86400.0
    bins: int = 24
    warm: int = 20
    memory: int = 1000

    def __post_init__(self) -> None:
        if not (self.period_s > 0 and self.bins >= 1 and self.warm >= 1 and self.memory >= 1):
            raise ValueError("season: period_s, bins, warm and memory must be positive")


@dataclass(frozen=True)
class Schedule:
    """The minutes of the week in which a condition counts; outside them a sample is clear of every level.

    Attributes
    ----------
    spans : tuple of (int, int)
        Minutes of the local week, from Monday 00:00; each from the first to before the second.
    offset_s : int
        Local time minus UTC, fixed: whole minutes.
    """

    spans: tuple[tuple[int, int], ...]
    offset_s: int = 0

    def __post_init__(self) -> None:
        if any(not 0 <= a < b <= MINUTES_A_WEEK for a, b in self.spans):
            raise ValueError(f"schedule: spans must lie in order within 0 to {MINUTES_A_WEEK}")
        if self.offset_s % 60:
            raise ValueError("schedule: offset_s must be whole minutes")

    @classmethod
    def weekly(cls, days: tuple[int, ...], start_min: int, end_min: int, offset_s: int = 0) -> "Schedule":
        """Return the same hours on several days.

        Parameters
        ----------
        days : tuple of int
            1 is Monday, 7 Sunday.
        start_min, end_min : int
            Minutes of the day, 0 to 1440. An end not after the start lies on the day after.
        """
        if not (all(1 <= day <= 7 for day in days) and 0 <= start_min < MINUTES_A_DAY >= end_min >= 0):
            raise ValueError("schedule: days are 1 to 7, minutes of the day 0 to 1440")
        length = end_min - start_min + (0 if end_min > start_min else MINUTES_A_DAY)
        spans: set[tuple[int, int]] = set()
        for day in days:
            start = (day - 1) * MINUTES_A_DAY + start_min
            spans.add((start, min(start + length, MINUTES_A_WEEK)))
            if start + length > MINUTES_A_WEEK:
                spans.add((0, start + length - MINUTES_A_WEEK))
        return cls(tuple(sorted(spans)), offset_s)


@dataclass(frozen=True)
class Condition:
    """What is asked of one sensor: a number made of its samples, compared with the values of some levels.

    Attributes
    ----------
    kind : str
        How the compared number comes about; see the package's docstring.
    op : {">=", ">", "<=", "<"}
        How the number meets a level.
    levels : tuple of Level
        Mildest first, so values rise for ``>=`` and ``>`` and fall for ``<=`` and ``<``.
    clear : float or None
        The number at which the mildest level counts as clear, itself included; the other levels clear at the same
        distance from their own values. None: each level is clear as soon as it is not met.
    max_gap_s : float
        The longest silence that a run of samples survives.
    window_s : float
        rate: over how long; drift: memory of the quicker mean.
    tolerance : float
        stuck: what a value may move without having moved; deviation, drift: the least scale.
    season : Season or None
        deviation only, and needed there.
    schedule : Schedule or None

    Raises
    ------
    ValueError
        If a field makes no sense; the message names it.
    """

    kind: Kind
    op: Op
    levels: tuple[Level, ...]
    clear: float | None = None
    max_gap_s: float = float("inf")
    window_s: float = 0.0
    tolerance: float = 0.0
    season: Season | None = None
    schedule: Schedule | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind: {self.kind!r} is none of {', '.join(KINDS)}")
        if self.op not in OPS:
            raise ValueError(f"op: {self.op!r} is none of {', '.join(OPS)}")
        self._check_levels()
        if self.kind in {"rate", "drift"} and not 0 < self.window_s < float("inf"):
            raise ValueError("window_s: must be positive for a rate or a drift")
        if self.kind == "silence" and not (self.sign > 0 and self.levels[0].value >= 0):
            raise ValueError("op: a silence is compared with > or >= and seconds that are not negative")
        if (self.kind == "deviation") != (self.season is not None):
            raise ValueError("season: a deviation needs one, and nothing else has one")
        if not (self.tolerance >= 0 and self.max_gap_s > 0):
            raise ValueError("tolerance, max_gap_s: must not be negative, nor the gap zero")

    def _check_levels(self) -> None:
        if not 1 <= len(self.levels) <= MAX_LEVELS:
            raise ValueError(f"levels: 1 to {MAX_LEVELS} are needed")
        values = [level.value * self.sign for level in self.levels]
        if not np.all(np.isfinite(values)):
            raise ValueError("levels: values must be finite")
        if any(a >= b for a, b in pairwise(values)):
            raise ValueError("levels: the mildest must come first, and no two may be equal")
        if any(not (level.hold_s >= 0 and level.clear_hold_s >= 0) for level in self.levels):
            raise ValueError("hold_s, clear_hold_s: must not be negative")
        if self.clear is not None and not self.clear * self.sign <= values[0]:
            raise ValueError("clear: must not lie beyond the mildest level")

    @property
    def sign(self) -> int:
        """+1 where high numbers are grave, -1 where low ones are."""
        return 1 if self.op in {">=", ">"} else -1

    @property
    def clear_values(self) -> tuple[float, ...]:
        """The number at or short of which each level is clear."""
        margin = 0.0 if self.clear is None else self.levels[0].value - self.clear
        return tuple(level.value - margin for level in self.levels)

    def grade(self, level: int) -> str | None:
        """Name level 0 (None), 1 (the mildest) and so on."""
        return None if level == 0 else self.levels[level - 1].grade


@dataclass(frozen=True, eq=False)
class Term:
    """One term of a group: how many of some slots stand at a level or above it.

    Attributes
    ----------
    slots : (m,) int32
        The members, as numbered in `Plan.build`.
    level : int
        From which level on a member counts; 1 is its condition's mildest.
    need : tuple of int
        How many must count, for each level of the group.
    """

    slots: Int32s
    level: int
    need: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Group:
    """A compound condition over many slots.

    Attributes
    ----------
    key : str
        Stable identity: rule and area, asset or node.
    levels : tuple of str
        Grades, mildest first.
    mode : {"all", "any"}
        Whether a level needs all of its terms or one.
    terms : tuple of Term
    window_s : float
        A member counts until this long after it left its level; the end is seen at ticks.
    hold_s, clear_hold_s : float
        As of a level; seen at changes of members and at ticks.
    """

    key: str
    levels: tuple[str, ...]
    mode: Mode
    terms: tuple[Term, ...]
    window_s: float = 0.0
    hold_s: float = 0.0
    clear_hold_s: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= len(self.levels) <= MAX_LEVELS or not self.terms:
            raise ValueError(f"levels, terms: 1 to {MAX_LEVELS} levels and at least one term are needed")
        if self.mode not in get_args(Mode):
            raise ValueError(f"mode: {self.mode!r} is neither all nor any")
        if any(len(term.need) != len(self.levels) or term.level < 1 for term in self.terms):
            raise ValueError("terms: each needs a count for every level of the group, and a level from 1")
        if any(a > b for term in self.terms for a, b in pairwise(term.need)):
            raise ValueError("terms: a graver level must not need less than a milder one")
        if not (self.window_s >= 0 and self.hold_s >= 0 and self.clear_hold_s >= 0):
            raise ValueError("window_s, hold_s, clear_hold_s: must not be negative")

    def grade(self, level: int) -> str | None:
        """Name level 0 (None), 1 (the mildest) and so on."""
        return None if level == 0 else self.levels[level - 1]
