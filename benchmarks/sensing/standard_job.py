"""The standard job: a city's gauges for fifty minutes, with exceedances, drop-outs and spikes. Synthetic, by a seed.

Every gauge speaks once a minute, at a second of its own, and the rows are in order of time. It shows a level of water
with noise; in some areas water rises and falls; some gauges fall silent for a while; some show a spike, send no value,
send a row twice, or send an old row late. Ticks come every ten seconds.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.rules import Condition, Group, Level, Plan, Term

MINUTE_US = 60_000_000
TICK_US = 10_000_000
START_US = 1_767_225_600_000_000  # 2026-01-01
SENSORS_AN_AREA = 100

THRESHOLD = Condition(
    "threshold",
    ">=",
    (Level("yellow", 0.15, 120, 300), Level("red", 0.30, 60, 300)),
    clear=0.12,
    max_gap_s=600,
)
RATE = Condition("rate", ">=", (Level("yellow", 0.10), Level("orange", 0.20)), clear=0.05, max_gap_s=600, window_s=300)
SILENCE = Condition("silence", ">=", (Level("yellow", 300),))
CONDITIONS = (THRESHOLD, RATE, SILENCE)


@dataclass(frozen=True, eq=False)
class Job:
    """Sensors, rules and rows.

    Attributes
    ----------
    n_sensors : int
    slot_sensor, slot_condition : (s,) int
        Three slots for each sensor.
    groups : list of Group
        One for each area: how many of its gauges stand above the threshold within five minutes.
    sensor, time_us, value : columns of the rows, ticks among them
    """

    n_sensors: int
    slot_sensor: npt.NDArray[np.int32]
    slot_condition: npt.NDArray[np.int32]
    groups: list[Group]
    sensor: npt.NDArray[np.int32]
    time_us: Ints
    value: Floats

    @property
    def rows(self) -> int:
        """How many rows are observations."""
        return int(np.count_nonzero(self.sensor >= 0))

    def plan(self) -> Plan:
        """Return the plan."""
        keys = np.arange(len(self.slot_sensor))
        return Plan.build(self.n_sensors, CONDITIONS, self.slot_sensor, self.slot_condition, keys, self.groups)

    def first(self, rows: int) -> "Job":
        """Return the job cut short."""
        return replace(self, sensor=self.sensor[:rows], time_us=self.time_us[:rows], value=self.value[:rows])


def standard_job(n_sensors: int = 100_000, n_rows: int = 5_000_000, seed: int = 3) -> Job:
    """Return the job; the same for the same numbers."""
    rng = np.random.default_rng(seed)
    rounds = -(-n_rows * 51 // (n_sensors * 50)) + 1  # a few more than there are rows: gauges fall silent
    sensor = np.tile(np.arange(n_sensors, dtype=np.int32), rounds)
    phase = rng.integers(0, MINUTE_US, n_sensors)
    time_us = START_US + np.repeat(np.arange(rounds) * MINUTE_US, n_sensors) + np.tile(phase, rounds)
    time_us += rng.integers(-200_000, 200_000, len(time_us))
    value = _levels(rng, n_sensors, rounds)
    sent = ~_silent(rng, n_sensors, rounds)
    sensor, time_us, value = sensor[sent], time_us[sent], value[sent]
    arrival = time_us.copy()
    _spoil(rng, time_us, value)
    again = rng.choice(len(sensor), len(sensor) // 1000, replace=False)
    sensor, time_us, value, arrival = (np.concatenate([x, x[again]]) for x in (sensor, time_us, value, arrival))
    arrival[-len(again) :] += 1
    order = np.argsort(arrival, kind="stable")[:n_rows]
    return _job(n_sensors, sensor[order], time_us[order], value[order], arrival[order])


def _levels(rng: np.random.Generator, n_sensors: int, rounds: int) -> Floats:
    """Return the water at each gauge in each minute: in one area of twenty it rises to half a metre and falls again."""
    area = np.arange(n_sensors) // SENSORS_AN_AREA
    wet = rng.random(area[-1] + 1) < 0.05
    begin = rng.uniform(0, rounds, area[-1] + 1)[area] + rng.uniform(0, 3, n_sensors)
    peak = np.where(wet[area] | (rng.random(n_sensors) < 0.002), rng.uniform(0.05, 0.5, n_sensors), 0.0)
    minutes = np.arange(rounds)[:, None]
    shape = np.clip(np.minimum((minutes - begin) / 5, (begin + 25 - minutes) / 10), 0, 1)
    noise = rng.normal(0.02, 0.004, (rounds, n_sensors))
    return np.asarray(np.round(noise + peak * shape, 3), np.float64).ravel()


def _silent(rng: np.random.Generator, n_sensors: int, rounds: int) -> npt.NDArray[np.bool_]:
    """Return where a gauge says nothing: one in fifty falls silent, for two to twenty minutes."""
    falls = np.flatnonzero(rng.random(n_sensors) < 0.02)
    begin = np.full(n_sensors, rounds)
    begin[falls] = rng.integers(1, rounds, len(falls))
    length = rng.integers(2, 20, n_sensors)
    minutes = np.arange(rounds)[:, None]
    return ((minutes >= begin) & (minutes < begin + length)).ravel()


def _spoil(rng: np.random.Generator, time_us: Ints, value: Floats) -> None:
    """Put in what real instruments do: spikes, missing values, old times."""
    n = len(value)
    value[rng.random(n) < 0.0005] = 9.99
    value[rng.random(n) < 0.001] = np.nan
    old = rng.random(n) < 0.0005
    time_us[old] -= 5 * MINUTE_US


def shape(n_sensors: int) -> Job:
    """Return the sensors and rules of the job, without rows."""
    slots = 3 * n_sensors
    members = np.arange(0, slots, 3, dtype=np.int32)
    groups = [
        Group(f"area {a}", ("yellow", "orange"), "all", (Term(some, 1, (5, 20)),), 300, 30, 60)
        for a, some in enumerate(np.split(members, range(SENSORS_AN_AREA, n_sensors, SENSORS_AN_AREA)))
    ]
    return Job(
        n_sensors,
        np.repeat(np.arange(n_sensors, dtype=np.int32), 3),
        np.tile(np.arange(3, dtype=np.int32), n_sensors),
        groups,
        np.zeros(0, np.int32),
        np.zeros(0, np.int64),
        np.zeros(0),
    )


def _job(n_sensors: int, sensor: npt.NDArray[np.int32], time_us: Ints, value: Floats, arrival: Ints) -> Job:
    ticks = np.arange(arrival[0] // TICK_US + 1, arrival[-1] // TICK_US + 1) * TICK_US
    at = np.searchsorted(arrival, ticks, side="right")
    rows = (np.insert(sensor, at, -1), np.insert(time_us, at, ticks), np.insert(value, at, np.nan))
    return replace(shape(n_sensors), sensor=rows[0], time_us=rows[1], value=rows[2])
