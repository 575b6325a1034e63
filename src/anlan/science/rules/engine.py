"""Taking rows: arrays in, verdicts and findings out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.rules.conditions import Int32s
from anlan.science.rules.memory import (
    Memory,
    Room,
    Rows,
    Rules,
)
from anlan.science.rules.plan import Plan
from anlan.science.rules.state import EngineState

Bytes = npt.NDArray[np.uint8]
_T = TypeVar("_T", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Findings:
    """Changes of level, in order of rows: arrays of one length. Of one row: slots in order, then groups.

    Attributes
    ----------
    row : int64
        Place in the batch.
    time_us : int64
        The sample's time; that of the tick where a tick found it.
    slot, group : int32
        Which changed, by the caller's numbers; -1 in the other one.
    from_level, to_level : uint8
        0 is none, 1 the mildest.
    value : float64
        The compared number; of a group, how many members count.
    """

    row: Ints
    time_us: Ints
    slot: Int32s
    group: Int32s
    from_level: Bytes
    to_level: Bytes
    value: Floats

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a batch did.

    Attributes
    ----------
    verdict : (n,) uint8
        `EVALUATED`, `LATE`, `DUPLICATE`, `CONFLICT` or `HEARD`.
    quality : (n,) uint8
        As given, or ``missing`` or ``out_of_range`` where the engine found that.
    findings : Findings
    """

    verdict: Bytes
    quality: Bytes
    findings: Findings


def advance(
    plan: Plan,
    state: EngineState,
    sensor: npt.ArrayLike,
    time_us: npt.ArrayLike,
    value: npt.ArrayLike,
    quality: npt.ArrayLike | None = None,
) -> Outcome:
    """Take a batch of rows in order of arrival; ``state`` is changed in place.

    Parameters
    ----------
    plan : Plan
    state : EngineState
        Of this plan.
    sensor : (n,) int32
        -1: a tick, a row that only tells the time.
    time_us : (n,) int64
    value : (n,) float64
        NaN: missing.
    quality : (n,) uint8, optional
        0 good, 1 suspect, 2 missing, 3 out of range; only good ones are evaluated.

    Returns
    -------
    Outcome

    Raises
    ------
    ValueError
        If lengths differ, a sensor is unknown to the plan, or the state is not of this plan. Nothing has changed then.
    """
    rows = _rows(sensor, time_us, value, quality)
    if not state.is_of(plan):
        raise ValueError("state: is of another plan; carry it over first")
    return Outcome(rows.verdict, rows.judged, _run(plan, state, rows))


def _rows(sensor: npt.ArrayLike, time_us: npt.ArrayLike, value: npt.ArrayLike, quality: npt.ArrayLike | None) -> Rows:
    sensors = _column(sensor, np.int32)
    qualities = np.zeros(len(sensors), np.uint8) if quality is None else _column(quality, np.uint8)
    times, values = _column(time_us, np.int64), _column(value, np.float64)
    if not len(sensors) == len(times) == len(values) == len(qualities):
        raise ValueError("sensor, time_us, value, quality: the columns differ in length")
    return Rows(sensors, times, values, qualities, np.zeros(len(sensors), np.uint8), qualities.copy())


def _column(given: npt.ArrayLike, dtype: type[_T]) -> npt.NDArray[_T]:
    """Return a column as the compiled code knows it; one that cannot be written to would be another type to it."""
    column = np.ascontiguousarray(given, dtype)
    if column.ndim != 1:
        raise ValueError("sensor, time_us, value, quality: must be columns")
    return column if column.flags.writeable else column.copy()


def _run(plan: Plan, state: EngineState, rows: Rows) -> Findings:
    """Take all rows; return the findings."""
    most_a_row, most_a_tick = plan.most_a_row, plan.most_a_tick
    room, memory, kernel = state.room, state.memory, _kernel()
    found: list[Findings] = []
    at, n = 0, len(rows.sensor)
    while at < n:
        room.n[0] = 0
        at = kernel(at, rows, plan.rules, memory, room, most_a_row, most_a_tick)
        if at < 0:
            raise ValueError(f"sensor: must lie in -1 to {plan.n_sensors - 1}")
        found.append(_findings(room))
        if at < n and not found[-1]:
            room = Room.of(max(most_a_row, most_a_tick))
    return found[0] if len(found) == 1 else _joined(found)


def _findings(room: Room) -> Findings:
    n = int(room.n[0])
    columns: tuple[Any, ...] = room[1:]
    return Findings(*(column[:n].copy() for column in columns))


def _joined(found: list[Findings]) -> Findings:
    columns: list[Any] = [np.concatenate(some) for some in zip(*(vars(x).values() for x in found), strict=True)]
    return Findings(*columns) if found else _findings(Room.of(0))


@cache
def _kernel() -> Callable[[int, Rows, Rules, Memory, Room, int, int], int]:
    """Return the compiled pass. Numba is loaded here: who takes no rows does not wait for it."""
    from anlan.science.rules.rows import compiled  # noqa: PLC0415

    return compiled()
