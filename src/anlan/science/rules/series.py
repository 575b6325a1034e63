"""Rules on a few whole series: for cases of rules and for trying them out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Ints, floats
from anlan.science.rules.conditions import Condition, Group
from anlan.science.rules.engine import Findings, advance
from anlan.science.rules.plan import Plan
from anlan.science.rules.state import EngineState


@dataclass(frozen=True)
class Interval:
    """A stretch of time at one grade; `cleared_at_s` is None while it lasts.

    A rise or fall from one grade to another ends an interval and begins the next at the same time.
    """

    grade: str
    opened_at_s: float
    cleared_at_s: float | None


@dataclass(frozen=True, eq=False)
class Series:
    """The samples of one sensor, and what is asked of it.

    Attributes
    ----------
    time_s, value : (m,) arrays
        In order of arrival; a value of None or NaN is missing.
    conditions : tuple of Condition
    """

    time_s: npt.ArrayLike
    value: npt.ArrayLike
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Found:
    """What came of some series: intervals of each slot (series by series, conditions in order), and of each group."""

    slots: list[list[Interval]]
    groups: list[list[Interval]]


def evaluate_series(
    condition: Condition, time_s: npt.ArrayLike, value: npt.ArrayLike, ticks: npt.ArrayLike = ()
) -> list[Interval]:
    """Evaluate one condition on the samples of one sensor.

    Parameters
    ----------
    condition : Condition
    time_s, value : (m,) arrays
        As in `Series`.
    ticks : (k,) array
        As in `evaluate_many`.

    Returns
    -------
    list of Interval
        In order of time, one for each stretch of constant grade; only the last can be open.

    Examples
    --------
    >>> from anlan.science.rules import Condition, Level
    >>> rule = Condition("threshold", ">=", (Level("blue", 4.5, 60), Level("red", 5.0, 60)), clear=4.4)
    >>> evaluate_series(rule, [0, 60, 120, 180, 240], [4.6, 4.6, 5.1, 4.45, 4.3])
    [Interval(grade='blue', opened_at_s=60.0, cleared_at_s=240.0)]
    """
    return evaluate_many([Series(time_s, value, (condition,))], ticks=ticks).slots[0]


def evaluate_many(series: Sequence[Series], groups: Sequence[Group] = (), ticks: npt.ArrayLike = ()) -> Found:
    """Evaluate conditions on several series together, and groups over them.

    Parameters
    ----------
    series : sequence of Series
        A sample arrives at the latest time that its series has shown by then; of one time, in the order of the series.
    groups : sequence of Group
        Over slots numbered series by series, conditions in order.
    ticks : (k,) array
        Times of ticks, s: each after the samples that have arrived by then.

    Returns
    -------
    Found
    """
    slots = [(number, condition) for number, one in enumerate(series) for condition in one.conditions]
    conditions = list(dict.fromkeys(condition for _, condition in slots))
    plan = Plan.build(
        len(series),
        conditions,
        [number for number, _ in slots],
        [conditions.index(condition) for _, condition in slots],
        range(len(slots)),
        groups,
    )
    sensor, time_us, value = _rows(series, ticks)
    found = advance(plan, EngineState.fresh(plan), sensor, time_us, value).findings
    return Found(
        [intervals(found, found.slot == n, condition.grade) for n, (_, condition) in enumerate(slots)],
        [intervals(found, found.group == n, group.grade) for n, group in enumerate(groups)],
    )


def intervals(findings: Findings, chosen: npt.NDArray[np.bool_], grade: Callable[[int], str | None]) -> list[Interval]:
    """Return the stretches of constant grade that the findings of one slot or group tell.

    Parameters
    ----------
    findings : Findings
    chosen : (n,) array of bool
        Which of them are of this slot or group.
    grade : callable
        Names a level: `Condition.grade` or `Group.grade`.
    """
    times = (findings.time_us[chosen] / 1e6).tolist()
    grades = [grade(level) for level in findings.to_level[chosen].tolist()]
    ends: list[float | None] = [*times[1:], None][: len(times)]
    told = zip(grades, times, ends, strict=True)
    return [Interval(name, start, end) for name, start, end in told if name is not None]


def _rows(series: Sequence[Series], ticks: npt.ArrayLike) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    """Return sensors, times and values of all samples and ticks, in order of arrival."""
    times = [_microseconds(one.time_s) for one in series]
    values = [floats(one.value) for one in series]
    beats = _microseconds(ticks)
    arrivals = np.concatenate([*map(np.maximum.accumulate, times), beats])
    sensors = np.repeat([*range(len(series)), -1], [*map(len, times), len(beats)])
    order = np.lexsort((sensors < 0, arrivals))
    return (
        sensors[order],
        np.concatenate([*times, beats])[order],
        np.concatenate([*values, np.full(len(beats), np.nan)])[order],
    )


def _microseconds(seconds: npt.ArrayLike) -> Ints:
    return np.round(floats(seconds) * 1e6).astype(np.int64)
