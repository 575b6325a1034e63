"""A detector on a group of sensors that hang together: a network, a plant. It learns how they move with one another.

A row holds one value of each sensor of the group at one step of time. From the first rows the detector learns the
subspace in which rows, together with the few before them, mostly lie; what a later row has outside of it, each part
measured by its usual size, is its deviation. Deviations are averaged over a few steps, and their surprise is scored as
in :mod:`anlan.science.anomalies.bank`. It finds what no single sensor shows: a pump that runs while the flow behind it
stands. It learns once, from rows that should be usual ones, and stays as it is until it is begun anew: an attack of
days must not become what is usual.

References
----------
Ku, W., Storer, R. H. and Georgakis, C. (1995). Disturbance detection and isolation by dynamic principal component
analysis. Chemometrics and Intelligent Laboratory Systems 30(1), 179-196 (lagged rows; squared prediction error).
Welford, B. P. (1962). Note on a method for calculating corrected sums of squares and products. Technometrics 4(3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.anomalies import kernels
from anlan.science.anomalies.bank import Scores, check_tail
from anlan.science.arrays import Bools, Floats, Ints, floats

_FLAT = 1e-9  # of what is larger than this in its own unit is said that it varies
_FLOOR = 1e-12
_FROZEN = 0.0  # orders of magnitude from which on a deviation is not learned from: none is, once enough are collected


@dataclass(frozen=True)
class Setup:
    """The parameters; counts are of rows.

    Attributes
    ----------
    lags : int
        How many rows before belong to each row.
    explained : float
        The share of the variance that the subspace holds.
    learn, warm : int
        Rows from which the subspace is learned, and then deviations that are collected before a score is given.
    smooth : int
        Rows over which a deviation (its logarithm) is averaged.
    rate, kept, rest, orders
        As in :class:`anlan.science.anomalies.bank.Setup`.
    """

    lags: int = 2
    explained: float = 0.95
    learn: int = 2000
    warm: int = 500
    smooth: int = 6
    rate: float = 0.02
    kept: int = 100
    rest: int = 100
    orders: float = 10.0

    def __post_init__(self) -> None:
        check_tail(self.warm, self.rate, self.kept)


@dataclass(frozen=True)
class Model:
    """What was learned of ``d`` columns: their mean and scale, what lies outside the subspace, and its usual size.

    Attributes
    ----------
    outside : (d, d) array
        Projects a standardised row onto what the subspace does not hold; zero for columns that never varied.
    usual : (d,) array
    """

    mean: Floats
    scale: Floats
    outside: Floats
    usual: Floats


def model_of(mean: Floats, covariance: Floats, explained: float) -> Model:
    """Return the subspace of rows with this mean (d,) and covariance (d, d)."""
    deviation = np.sqrt(np.diag(covariance))
    varies: Bools = deviation > _FLAT
    scale = np.where(varies, deviation, 1.0)
    correlation = covariance / np.outer(scale, scale) * np.outer(varies, varies)
    variance, vectors = np.linalg.eigh(correlation)
    share = np.cumsum(variance[::-1]) / max(float(variance.sum()), _FLOOR)
    inside = vectors[:, ::-1][:, : int(np.searchsorted(share, explained)) + 1]
    outside = (np.eye(len(mean)) - inside @ inside.T) * varies[:, None] * varies[None, :]
    usual = np.sqrt(np.maximum(np.diag(outside @ correlation @ outside), _FLOOR))
    return Model(mean, scale, outside, np.where(usual > np.sqrt(_FLOOR), usual, np.inf))


def deviation(model: Model, rows: Floats) -> Floats:
    """Return the mean squared part of each row (m, d) outside the subspace, in its usual sizes."""
    outside = ((rows - model.mean) / model.scale) @ model.outside
    return np.asarray(np.mean((outside / model.usual) ** 2, axis=-1))


@dataclass
class State:
    """What is remembered of a group of ``s`` sensors; `advance` changes it in place.

    With ``d = s (lags + 1)``: the last rows (lags, s); how many were learned from, their mean (d,) and sum of products
    of deviations (d, d); the model, once there is one; the last deviations (smooth,); and the tail as in a bank.
    """

    before: Floats
    learned: Ints
    mean: Floats
    products: Floats
    known: Ints
    model_mean: Floats
    model_scale: Floats
    model_outside: Floats
    model_usual: Floats
    recent: Floats
    seen: Ints
    level: Floats
    held: Ints
    values: Floats
    peak: Floats
    age: Ints

    @classmethod
    def fresh(cls, setup: Setup, n_sensors: int) -> "State":
        """Return the state of a group that has shown nothing."""
        width = n_sensors * (setup.lags + 1)
        return cls(
            before=np.full((setup.lags, n_sensors), np.nan),
            learned=np.zeros(1, np.int64),
            mean=np.zeros(width),
            products=np.zeros((width, width)),
            known=np.zeros(1, np.int64),
            model_mean=np.zeros(width),
            model_scale=np.ones(width),
            model_outside=np.zeros((width, width)),
            model_usual=np.ones(width),
            recent=np.full(setup.smooth, np.nan),
            seen=np.zeros(1, np.int64),
            level=np.zeros(1),
            held=np.zeros(1, np.int64),
            values=np.zeros((1, setup.warm)),
            peak=np.zeros(1),
            age=np.zeros(1, np.int64),
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays by name, to be written down."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "State":
        """Return a state from copies of its arrays."""
        return cls(**{one.name: np.array(arrays[one.name]) for one in fields(cls)})

    @property
    def model(self) -> Model:
        """What was learned."""
        return Model(self.model_mean, self.model_scale, self.model_outside, self.model_usual)


def advance(setup: Setup, state: State, rows: npt.ArrayLike) -> Scores:
    """Take rows in order of time and score each.

    Parameters
    ----------
    state : State
        Changed in place.
    rows : (m, s) array
        A row with a NaN in it is not scored, nor are those whose lags reach back to it.
    """
    values = floats(rows)
    score, lasting = np.full(len(values), np.nan), np.full(len(values), np.nan)
    for n, row in enumerate(values):
        whole = np.concatenate([row, state.before[::-1].ravel()])
        if setup.lags:
            state.before[:-1] = state.before[1:]
            state.before[-1] = row
        if np.isnan(whole).any():
            continue
        if state.known[0]:
            score[n], lasting[n] = _scored(setup, state, whole)
        else:
            _learn(setup, state, whole)
    return Scores(score, lasting)


def _scored(setup: Setup, state: State, row: Floats) -> tuple[float, float]:
    state.recent[:-1] = state.recent[1:]
    state.recent[-1] = np.log(deviation(state.model, row[None, :])[0] + _FLOOR)
    if np.isnan(state.recent).any():
        return 0.0, 0.0
    size = float(np.exp(state.recent.mean()))
    tail = (state.seen, state.level, state.held, state.values)
    orders = kernels.surprise(size, 0, *tail, setup.rate, 0.0, setup.kept, _FROZEN)
    found = min(orders / setup.orders, 1.0)
    return kernels.onset(found, 0, state.peak, state.age, setup.rest), found


def _learn(setup: Setup, state: State, row: Floats) -> None:
    """Add a row to mean and products (Welford 1962); after enough of them, make the model."""
    state.learned[0] += 1
    off = row - state.mean
    state.mean += off / state.learned[0]
    state.products += np.outer(off, row - state.mean)
    if state.learned[0] < setup.learn:
        return
    covariance = state.products / (setup.learn - 1)
    learned = model_of(state.mean.copy(), (covariance + covariance.T) / 2.0, setup.explained)
    state.model_mean[:], state.model_scale[:] = learned.mean, learned.scale
    state.model_outside[:], state.model_usual[:] = learned.outside, learned.usual
    state.known[0] = 1
