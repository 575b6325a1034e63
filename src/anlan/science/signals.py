"""Threshold rules on streams of samples: any number of sensors at once, in batches of any size.

Each level of a rule is a flip-flop of its own. It is *set* by a sample that ends an unbroken run of
samples which all meet the level and span at least ``hold_s``; it is *reset* by a sample that ends an
unbroken run of samples which are all clear of the level and span at least ``clear_hold_s``; in between
it keeps its state. The level of a sensor is the number of flip-flops set: meeting a level means meeting
every milder one, and being clear of a level means being clear of every graver one, so that those set
are always the mildest ones.

A transition bears the time of the sample that proved it, never a time between samples. Odd samples:

* NaN is *missing*: counted, and otherwise treated as if it had never been sent;
* a sample whose time is not after the last accepted one of its sensor is *late* (a duplicate, or out
  of order): counted and ignored;
* a silence longer than ``max_gap_s`` breaks a run: the next sample starts a new one.

So the result depends only on the order of arrival within each sensor, not on how the stream is cut
into batches.

References
----------
ANSI/ISA-18.2-2016 and IEC 62682:2014, *Management of alarm systems*: alarm deadband, on-delay, off-delay.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools, Floats, Ints, floats
from anlan.science.threshold import Threshold

__all__ = ["Interval", "Outcome", "State", "Threshold", "Transitions", "evaluate", "evaluate_series"]

_A = TypeVar("_A", bound=np.generic)


@dataclass(frozen=True)
class State:
    """What is remembered of ``n`` sensors under a rule of ``k`` levels, between two batches.

    Attributes
    ----------
    last_s : (n,) array
        Time of the last accepted sample; -inf before the first.
    met_since_s, clear_since_s : (n, k) arrays
        Start of the run of samples that meet the level, or are clear of it; NaN outside such a run.
    is_set : (n, k) array of bool
        The flip-flops.
    """

    last_s: Floats
    met_since_s: Floats
    clear_since_s: Floats
    is_set: Bools

    @classmethod
    def fresh(cls, n_sensors: int, rule: Threshold) -> "State":
        """Return the state of sensors that have sent nothing."""
        shape = (n_sensors, len(rule.levels))
        return cls(np.full(n_sensors, -np.inf), np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, bool))

    @property
    def level(self) -> Ints:
        """The level of each sensor, 0 to ``k``."""
        level: Ints = self.is_set.sum(axis=1, dtype=np.int64)
        return level


@dataclass(frozen=True)
class Transitions:
    """Changes of level in order of time, then sensor: arrays of one length."""

    sensor: Ints
    time_s: Floats
    from_level: Ints
    to_level: Ints
    value: Floats

    def __len__(self) -> int:
        return len(self.sensor)


@dataclass(frozen=True)
class Outcome:
    """What a batch did: the state after it, the changes of level, and how many samples did not count."""

    state: State
    transitions: Transitions
    late: int
    missing: int


@dataclass(frozen=True)
class Interval:
    """A stretch of time in which a sensor stood at one grade; `cleared_at_s` is None while it lasts.

    A rise or fall from one grade to another ends an interval and begins the next at the same time.
    """

    grade: str
    opened_at_s: float
    cleared_at_s: float | None


@dataclass(frozen=True)
class _Batch:
    """The accepted samples, sorted by sensor, each sensor's in order of time."""

    sensor: Ints
    time_s: Floats
    value: Floats
    head: Ints  # for each sample, the position of its sensor's first sample in the batch
    is_head: Bools
    gap_s: Floats  # time since the sensor's sample before, be it in this batch or an earlier one

    @property
    def is_tail(self) -> Bools:
        return np.append(self.is_head[1:], np.ones(min(len(self.sensor), 1), bool))


def evaluate(
    state: State, sensor: npt.ArrayLike, time_s: npt.ArrayLike, value: npt.ArrayLike, rule: Threshold
) -> Outcome:
    """Advance the state of many sensors by one batch of samples in order of arrival.

    Parameters
    ----------
    state : State
        Of ``n`` sensors; not changed.
    sensor : (m,) array of int
        Index of each sample's sensor, 0 to ``n - 1``.
    time_s : (m,) array
        Time of each sample, s from any origin; finite.
    value : (m,) array
        NaN where the value is missing.
    rule : Threshold
        The same for all sensors of the state.

    Returns
    -------
    Outcome

    Raises
    ------
    ValueError
        If lengths differ, a sensor is out of range, a time is not finite, or the state is of another rule.
    """
    sensors, times, values = np.asarray(sensor, dtype=np.int64), floats(time_s), floats(value)
    _check(state, sensors, times, values, rule)
    present = ~np.isnan(values)
    batch = _accepted(state, sensors[present], times[present], values[present])
    after, levels = _run(state, batch, rule)
    return Outcome(
        state=after,
        transitions=_transitions(state, batch, levels),
        late=int(present.sum()) - len(batch.sensor),
        missing=int((~present).sum()),
    )


def evaluate_series(time_s: npt.ArrayLike, value: npt.ArrayLike, rule: Threshold) -> list[Interval]:
    """Evaluate one rule on the samples of one sensor.

    Parameters
    ----------
    time_s, value : (m,) arrays
        As for `evaluate`; a value of None or NaN is missing.
    rule : Threshold

    Returns
    -------
    list of Interval
        In order of time, one for each stretch of constant grade; only the last can be open.

    Examples
    --------
    >>> rule = Threshold(">=", (("blue", 4.5), ("red", 5.0)), hold_s=60, clear=4.4)
    >>> evaluate_series([0, 60, 120, 180, 240], [4.6, 4.6, 5.1, 4.45, 4.3], rule)
    [Interval(grade='blue', opened_at_s=60.0, cleared_at_s=240.0)]
    """
    times = floats(time_s)
    outcome = evaluate(State.fresh(1, rule), np.zeros(times.shape, np.int64), times, value, rule)
    changes = outcome.transitions
    ends: list[float | None] = [*changes.time_s[1:].tolist(), None]
    return [
        Interval(grade, start, end)
        for level, start, end in zip(changes.to_level.tolist(), changes.time_s.tolist(), ends, strict=False)
        if (grade := rule.grade(level)) is not None
    ]


def _check(state: State, sensor: Ints, time_s: Floats, value: Floats, rule: Threshold) -> None:
    if not (sensor.ndim == 1 and sensor.shape == time_s.shape == value.shape):
        raise ValueError(f"sensor, time_s, value: shapes {sensor.shape}, {time_s.shape}, {value.shape} differ")
    if state.is_set.shape[1] != len(rule.levels):
        raise ValueError(f"state: has {state.is_set.shape[1]} levels, the rule {len(rule.levels)}")
    if np.any((sensor < 0) | (sensor >= len(state.last_s))):
        raise ValueError(f"sensor: indices must lie in 0 to {len(state.last_s) - 1}")
    if not np.all(np.isfinite(time_s)):
        raise ValueError("time_s: must be finite")


def _accepted(state: State, sensor: Ints, time_s: Floats, value: Floats) -> _Batch:
    """Sort by sensor, keep the order of arrival, drop samples that do not move their sensor's time on."""
    order = np.argsort(sensor, kind="stable")
    sensor, time_s, value = sensor[order], time_s[order], value[order]
    fresh = time_s > _latest_before(sensor, time_s, state.last_s)
    sensor, time_s, value = sensor[fresh], time_s[fresh], value[fresh]
    is_head = _heads(sensor)
    before = np.where(is_head, state.last_s[sensor], np.roll(time_s, 1))
    return _Batch(sensor, time_s, value, _last_true(is_head), is_head, time_s - before)


def _latest_before(sensor: Ints, time_s: Floats, last_s: Floats) -> Floats:
    """Return, for each sample, the latest time that its sensor had shown before it.

    The running maximum starts anew at each sensor: it is taken over the ranks of the times, which are
    integers, so that a sensor's ranks can be lifted above those of all sensors before it without rounding.
    """
    times, ranks = np.unique(time_s, return_inverse=True)
    is_head = _heads(sensor)
    lift = np.cumsum(is_head) * len(times)
    latest = times[np.maximum.accumulate(ranks + lift) - lift]
    return np.maximum(np.where(is_head, -np.inf, np.roll(latest, 1)), last_s[sensor])


def _run(state: State, batch: _Batch, rule: Threshold) -> tuple[State, Ints]:
    """Return the state after the batch, and the level of each sample's sensor just after that sample."""
    value, time_s = batch.value[:, None], batch.time_s[:, None]
    met = rule.meets(value)
    clear = ~met & (value * rule.sign <= rule.clear_values * rule.sign)
    met_since = _run_start(batch, met, state.met_since_s, rule.max_gap_s)
    clear_since = _run_start(batch, clear, state.clear_since_s, rule.max_gap_s)
    sets = met & (time_s - met_since >= rule.hold_s)
    resets = clear & (time_s - clear_since >= rule.clear_hold_s)
    is_set = _flip(batch, sets, resets, state.is_set)
    tail = batch.is_tail
    rows = batch.sensor[tail]
    after = State(
        last_s=_with_rows(state.last_s, rows, batch.time_s[tail]),
        met_since_s=_with_rows(state.met_since_s, rows, met_since[tail]),
        clear_since_s=_with_rows(state.clear_since_s, rows, clear_since[tail]),
        is_set=_with_rows(state.is_set, rows, is_set[tail]),
    )
    return after, is_set.sum(axis=1, dtype=np.int64)


def _run_start(batch: _Batch, flag: Bools, carried_s: Floats, max_gap_s: float) -> Floats:
    """Return when the unbroken run of ``flag`` around each sample began; NaN where there is none."""
    carried = carried_s[batch.sensor]
    head, gap = batch.is_head[:, None], batch.gap_s[:, None]
    goes_on = np.where(head, ~np.isnan(carried), np.roll(flag, 1, axis=0)) & (gap <= max_gap_s)
    origin = np.where(goes_on, carried, batch.time_s[:, None])
    start = _last_true(head | ~goes_on)
    return np.where(flag, np.take_along_axis(origin, start, axis=0), np.nan)


def _flip(batch: _Batch, sets: Bools, resets: Bools, before: Bools) -> Bools:
    """Return each flip-flop after each sample: as its last set or reset, or the batch before, left it."""
    last = _last_true(sets | resets)
    in_batch = np.take_along_axis(sets | resets, last, axis=0) & (last >= batch.head[:, None])
    return np.where(in_batch, np.take_along_axis(sets, last, axis=0), before[batch.sensor])


def _transitions(state: State, batch: _Batch, level: Ints) -> Transitions:
    before = np.where(batch.is_head, state.level[batch.sensor], np.roll(level, 1))
    changed = np.flatnonzero(level != before)
    at = changed[np.lexsort((batch.sensor[changed], batch.time_s[changed]))]
    return Transitions(batch.sensor[at], batch.time_s[at], before[at], level[at], batch.value[at])


def _heads(sensor: Ints) -> Bools:
    """Mark the first sample of each sensor in a batch sorted by sensor."""
    return np.append(np.ones(min(len(sensor), 1), bool), sensor[1:] != sensor[:-1])


def _last_true(mask: Bools) -> Ints:
    """Return, down the first axis, the position of the last True so far, or 0 where there is none."""
    positions = np.arange(len(mask)).reshape(-1, *([1] * (mask.ndim - 1)))
    return np.maximum.accumulate(np.where(mask, positions, 0), axis=0)


def _with_rows(whole: npt.NDArray[_A], rows: Ints, new: npt.NDArray[_A]) -> npt.NDArray[_A]:
    """Return a copy of ``whole`` with some rows replaced."""
    out = whole.copy()
    out[rows] = new
    return out
