"""Detectors on streams: any number of sensors at once, in batches of any size, each sensor with a bounded memory.

A detector looks at a sensor in one or more *views*, each a deviation that is zero or greater: the *change* from the
sample before; how far the value lies out of its *season*, that is, from what this time of the day is used to; and how
unlike the *shape* of the last samples is to any stretch remembered. A view's deviation is as surprising as its own past
makes it: the score says in orders of magnitude how rarely one so large comes, by a tail fitted to the largest ones. The
surprises of the views are averaged and put on a scale from 0 to 1.

The result depends only on the order of samples within each sensor, not on how the stream is cut into batches. A sample
that is missing (NaN), or whose time is not after the last one of its sensor, changes nothing and has no score.

References
----------
Siffer, A., Fouque, P.-A., Termier, A. and Largouet, C. (2017). Anomaly detection in streams with extreme value theory.
KDD, 1067-1075, doi:10.1145/3097983.3098144 (peaks over threshold on a stream; sections 3.2 and 4.1).
Hosking, J. R. M. and Wallis, J. R. (1987). Parameter and quantile estimation for the generalized Pareto distribution.
Technometrics 29(3), 339-349 (moments).
Yeh, C.-C. M. et al. (2016). Matrix profile I: all pairs similarity joins for time series. IEEE ICDM, 1317-1322.
Burnaev, E. and Ishimtsev, V. (2016). Conformalized density- and distance-based anomaly detection in time-series data.
arXiv:1608.04585 (distances of windows to their nearest on a stream, and the rest after a detection).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from anlan.science.anomalies import kernels
from anlan.science.arrays import Floats, Ints, floats

View = Literal["change", "season", "shape"]
_VIEWS: tuple[View, ...] = ("change", "season", "shape")

METHODS: Mapping[str, tuple[View, ...]] = MappingProxyType(
    {"change": ("change",), "season": ("season",), "shape": ("shape",), "joint": ("season", "shape")}
)
"""The views of each method by its name."""

_NEVER_US = np.iinfo(np.int64).min // 2  # a time before all others, from which a difference does not overflow


_LEAST_EXCESSES = 5  # fewer tell nothing of how a tail goes on


def check_tail(warm: int, rate: float, kept: int) -> None:
    """Refuse a tail that would be fitted to hardly anything.

    Raises
    ------
    ValueError
        If fewer than five of the ``warm`` deviations make up the tail, or are kept.
    """
    if not 0 < rate < 1 or min(warm * rate, kept) < _LEAST_EXCESSES or kept > warm:
        raise ValueError(f"warm {warm}, rate {rate}, kept {kept}: a tail needs {_LEAST_EXCESSES} deviations")


@dataclass(frozen=True)
class Setup:
    """A method and its parameters; counts are of samples of one sensor.

    Attributes
    ----------
    views : tuple of str
    warm : int
        How many deviations are collected before a score is given.
    rate : float
        The share of deviations that make up the tail.
    kept : int
        How many excesses over the tail's level are remembered.
    step : float
        How fast that level follows, as a share of itself.
    period_s, bins, learning
        The season, in how many parts it is cut, and by what share of a deviation its level moves.
    width, memory, neighbours : int
        Of shapes: samples in a window, samples remembered, windows compared with.
    max_gap_s : float
        A longer silence breaks a shape.
    rest : int
        For how long a surprise that is no greater than the last peak counts half.
    orders : float
        Orders of magnitude that make a score of 1.
    """

    views: tuple[View, ...]
    warm: int = 600
    rate: float = 0.02
    kept: int = 100
    step: float = 0.01
    period_s: float = 86400.0
    bins: int = 48
    learning: float = 0.2
    width: int = 19
    memory: int = 1019
    neighbours: int = 3
    max_gap_s: float = float("inf")
    rest: int = 100
    orders: float = 10.0

    def __post_init__(self) -> None:
        check_tail(self.warm, self.rate, self.kept)

    @property
    def numbers(self) -> tuple[Ints, Floats]:
        """The parameters as the loop over samples takes them: those that are whole numbers, and the others."""
        gap_us = min(self.max_gap_s * 1e6, float(np.iinfo(np.int64).max // 2))
        whole = (self.period_s * 1e6, gap_us, self.kept, self.width, self.neighbours, self.rest)
        numbers = np.array([self.rate, self.step, self.learning, self.orders])
        return np.array([int(one) for one in whole], np.int64), numbers


@dataclass
class State:
    """What is remembered of ``n`` sensors; `advance` changes it in place.

    Attributes
    ----------
    last_us : (n,) int64
        Time of the last sample that counted.
    seen, level, held : (v, n) arrays
        For each view, the deviations collected, the level of the tail and the excesses over it.
    values : (v, n, warm) array
        The deviations collected, and later the excesses.
    previous : (n,) array
    levels : (n, bins) array
        What each part of the season is used to; NaN where nothing came yet. No columns without that view.
    ring, place : (n, 2 memory) and (n,) arrays
        The last values twice over, and how many came. No columns without that view.
    peak, age : (n,) arrays
        The last surprise that was told in full, and how many samples ago.
    """

    last_us: Ints
    seen: Ints
    level: Floats
    held: Ints
    values: Floats
    previous: Floats
    levels: Floats
    ring: Floats
    place: Ints
    peak: Floats
    age: Ints

    @classmethod
    def fresh(cls, setup: Setup, n_sensors: int) -> "State":
        """Return the state of sensors that have sent nothing."""
        views = len(setup.views)
        bins = setup.bins if "season" in setup.views else 0
        memory = setup.memory if "shape" in setup.views else 0
        return cls(
            last_us=np.full(n_sensors, _NEVER_US, np.int64),
            seen=np.zeros((views, n_sensors), np.int64),
            level=np.zeros((views, n_sensors)),
            held=np.zeros((views, n_sensors), np.int64),
            values=np.zeros((views, n_sensors, setup.warm)),
            previous=np.full(n_sensors, np.nan),
            levels=np.full((n_sensors, bins), np.nan),
            ring=np.zeros((n_sensors, 2 * memory)),
            place=np.zeros(n_sensors, np.int64),
            peak=np.zeros(n_sensors),
            age=np.zeros(n_sensors, np.int64),
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays by name, to be written down."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "State":
        """Return a state from copies of its arrays."""
        return cls(**{one.name: np.array(arrays[one.name]) for one in fields(cls)})

    def take_over(self, own: Ints, other: "State", theirs: Ints) -> None:
        """Put what another state of the same setup remembers of some sensors in the place of what this one does.

        Parameters
        ----------
        own, theirs : (k,) array of int
            The sensors here and there, in turn.
        """
        for name, array in self.arrays().items():
            if name in {"seen", "level", "held", "values"}:
                array[:, own] = getattr(other, name)[:, theirs]
            else:
                array[own] = getattr(other, name)[theirs]


@dataclass(frozen=True)
class Scores:
    """What a batch scored, sample by sample; NaN where one did not count.

    Attributes
    ----------
    score : (m,) array
        From 0, usual, to 1; what lasts without growing counts half.
    lasting : (m,) array
        The same without that halving: how unusual things are now, whether that is new or not.
    """

    score: Floats
    lasting: Floats


def advance(setup: Setup, state: State, slot: npt.ArrayLike, time_us: npt.ArrayLike, value: npt.ArrayLike) -> Scores:
    """Take samples in order of arrival and score each.

    Parameters
    ----------
    state : State
        Changed in place.
    slot : (m,) int64
        Which of the state's sensors each sample is from.
    time_us : (m,) int64
        Microseconds since 1970.
    value : (m,) array
        NaN: missing.

    Raises
    ------
    ValueError
        If the lengths differ, or a slot is out of range.

    Examples
    --------
    >>> setup = Setup(METHODS["change"], warm=300)
    >>> value = np.sin(np.arange(400)) + 10 * (np.arange(400) == 390)
    >>> found = advance(setup, State.fresh(setup, 1), np.zeros(400, int), np.arange(400) * 1_000_000, value)
    >>> int(np.nanargmax(found.score))
    390
    """
    slots, times, values = np.asarray(slot, np.int64), np.asarray(time_us, np.int64), floats(value)
    if not slots.shape == times.shape == values.shape:
        raise ValueError(f"slot, time_us, value: shapes {slots.shape}, {times.shape}, {values.shape} differ")
    if np.any((slots < 0) | (slots >= len(state.last_us))):
        raise ValueError(f"slot: indices must lie in 0 to {len(state.last_us) - 1}")
    score, lasting = np.empty(len(slots)), np.empty(len(slots))
    views = np.array([_VIEWS.index(view) for view in setup.views], np.int64)
    kernels.advance_rows(
        (slots, times, values),
        views,
        setup.numbers,
        (state.last_us, state.previous, state.levels, state.ring, state.place, state.peak, state.age),
        (state.seen, state.level, state.held, state.values),
        (score, lasting),
    )
    return Scores(score, lasting)
