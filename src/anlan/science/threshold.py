"""A threshold rule: what a value must reach, and for how long, to bear a grade."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anlan.science.arrays import Bools, Floats, floats

Op = Literal[">=", ">", "<=", "<"]
_MEETS: dict[Op, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Threshold:
    """One rule: the levels of a quantity, and how long a value must stand to count.

    Parameters
    ----------
    op : {">=", ">", "<=", "<"}
        How a value meets a level.
    levels : tuple of (grade, value)
        Mildest first, so values rise for ``>=`` and ``>`` and fall for ``<=`` and ``<``.
    hold_s : float
        A level is set once it has been met for this long. Zero: by one sample.
    clear : float or None
        The value at which the mildest level counts as clear, itself included; the other levels clear at
        the same distance from their own values. None: each level is clear as soon as it is not met.
    clear_hold_s : float
        A level is reset once it has been clear for this long.
    max_gap_s : float
        The longest silence that a run of samples survives.

    Raises
    ------
    ValueError
        If a field makes no sense; the message names it.
    """

    op: Op
    levels: tuple[tuple[str, float], ...]
    hold_s: float = 0.0
    clear: float | None = None
    clear_hold_s: float = 0.0
    max_gap_s: float = float("inf")

    def __post_init__(self) -> None:
        if self.op not in _MEETS:
            raise ValueError(f"op: {self.op!r} is none of {', '.join(_MEETS)}")
        if not self.levels:
            raise ValueError("levels: at least one is needed")
        if not np.all(np.isfinite(self.values)):
            raise ValueError("levels: values must be finite")
        if np.any(np.diff(self.values) * self.sign <= 0):
            raise ValueError("levels: the mildest must come first, and no two may be equal")
        if self.clear is not None and not (self.levels[0][1] - self.clear) * self.sign >= 0:
            raise ValueError("clear: must not lie beyond the mildest level")
        if not (self.hold_s >= 0 and self.clear_hold_s >= 0 and self.max_gap_s > 0):
            raise ValueError("hold_s, clear_hold_s, max_gap_s: must not be negative, nor the gap zero")

    @property
    def sign(self) -> int:
        """+1 where high values are grave, -1 where low ones are."""
        return 1 if self.op in (">=", ">") else -1

    @property
    def values(self) -> Floats:
        """The value of each level, mildest first."""
        return floats([value for _, value in self.levels])

    @property
    def clear_values(self) -> Floats:
        """The value at or short of which each level is clear."""
        margin = 0.0 if self.clear is None else self.levels[0][1] - self.clear
        return self.values - margin

    def meets(self, value: Floats) -> Bools:
        """Compare (m, 1) values with the k levels; returns (m, k)."""
        return np.asarray(_MEETS[self.op](value, self.values), dtype=np.bool_)

    def grade(self, level: int) -> str | None:
        """Name level 0 (None), 1 (the mildest) and so on."""
        return None if level == 0 else self.levels[level - 1][0]
