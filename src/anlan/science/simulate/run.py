"""A run: a profile, some sensors, a span of time, and out comes what they tell, with labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.simulate.happenings import Told, course
from anlan.science.simulate.parts import signal
from anlan.science.simulate.profile import Event, Fault, Profile

_MONTH_S = 30 * 86400.0


@dataclass(frozen=True)
class Occurrence:
    """An event or a fault that is put in: its name or kind, the sensor that it begins at, and when."""

    name: str
    sensor: int
    begin_us: int


@dataclass(frozen=True)
class Label:
    """What befell one sensor, and when."""

    name: str
    is_fault: bool
    sensor: int
    begin_us: int
    end_us: int


@dataclass(frozen=True)
class Simulation:
    """What the sensors told, in order of arrival: columns of one length, and the labels in order of time.

    Attributes
    ----------
    sensor : (k,) int32
        0 to ``n_sensors - 1``.
    time_us : (k,) int64
        As the instrument's clock tells it.
    value : (k,) float64
        NaN where it had none.
    quality : (k,) uint8
        0 good, 2 missing.
    arrival_us : (k,) int64
        Rising.
    labels : tuple of Label
    """

    sensor: npt.NDArray[np.int32]
    time_us: Ints
    value: Floats
    quality: npt.NDArray[np.uint8]
    arrival_us: Ints
    labels: tuple[Label, ...]

    def __len__(self) -> int:
        return len(self.sensor)


def simulate(
    profile: Profile,
    n_sensors: int,
    start_us: int,
    duration_s: float,
    rng: np.random.Generator,
    *,
    inject: Sequence[Occurrence] = (),
    hazards: bool = True,
    faults: bool = True,
    offset_s: float = 0.0,
) -> Simulation:
    """Return what ``n_sensors`` instruments of one profile would tell.

    Parameters
    ----------
    profile : Profile
    n_sensors : int
    start_us : int
        Microseconds since 1970-01-01 UTC.
    duration_s : float
    rng : numpy.random.Generator
        It alone decides what is random.
    inject : sequence of Occurrence
        Events and faults that are put in.
    hazards, faults : bool
        Whether further events, and faults, are drawn by the rates of the profile.
    offset_s : float
        Local time minus UTC.

    Returns
    -------
    Simulation

    Raises
    ------
    ValueError
        If an occurrence names what the profile has not, or a sensor that is not there.
    """
    true_us, told = _world(profile, n_sensors, start_us, duration_s, rng, offset_s)
    steps_s = (true_us - start_us) / 1e6
    whats: tuple[Event | Fault, ...] = (*(profile.events if hazards else ()), *(profile.faults if faults else ()))
    found = [*_put_in(profile, inject, n_sensors), *_drawn(whats, n_sensors, start_us, duration_s, rng)]
    labels = []
    for what, label in found:
        if isinstance(what, Event):
            since_s = steps_s[label.sensor] - (label.begin_us - start_us) / 1e6
            told.value[label.sensor] += what.height * course(what, since_s)
            labels.append(label)
    _measure(profile, told, rng)
    for what, label in found:
        if isinstance(what, Fault):
            length_us = max(label.end_us - label.begin_us, 1)
            told.befall(what, label.sensor, (true_us[label.sensor] - label.begin_us) / length_us, rng)
            labels.append(label)
    return _arrived(told, tuple(sorted(labels, key=lambda one: (one.begin_us, one.sensor, one.name))))


def _world(
    profile: Profile, n_sensors: int, start_us: int, duration_s: float, rng: np.random.Generator, offset_s: float
) -> tuple[Ints, Told]:
    """Return when each sensor measures, and the truth then, without events."""
    m = max(0, int(np.ceil(duration_s / profile.cadence_s)))
    phase_s = profile.cadence_s * rng.random((n_sensors, 1))
    steps_s = phase_s + profile.cadence_s * np.arange(m)
    true_us = start_us + np.round(steps_s * 1e6).astype(np.int64)
    local_s = (start_us / 1e6 + offset_s) % 86400.0 + steps_s
    value = np.zeros((n_sensors, m))
    for part, own in zip(profile.parts, rng.spawn(len(profile.parts)), strict=True):
        value += signal(part, local_s, profile.cadence_s, own)
    sent = steps_s < duration_s
    quality = np.zeros((n_sensors, m), np.uint8)
    twice = np.zeros((n_sensors, m), np.bool_)
    return true_us, Told(value, true_us.copy(), true_us.copy(), quality, sent, twice, profile.high)


def _measure(profile: Profile, told: Told, rng: np.random.Generator) -> None:
    """Cut the truth off at what can be, and read it with the instrument's noise and resolution."""
    truth = np.clip(told.value, profile.low, profile.high)
    read = truth + profile.noise * rng.standard_normal(truth.shape)
    if profile.resolution > 0:
        read = np.round(np.round(read / profile.resolution) * profile.resolution, 9)
    told.value[:] = np.clip(read, profile.low, profile.high)


def _put_in(profile: Profile, inject: Sequence[Occurrence], n: int) -> Iterator[tuple[Event | Fault, Label]]:
    known: dict[str, Event | Fault] = {fault.kind: fault for fault in profile.faults}
    known |= {event.name: event for event in profile.events}
    for one in inject:
        if one.name not in known or not 0 <= one.sensor < n:
            raise ValueError(f"inject: {one.name!r} at sensor {one.sensor}; there are {', '.join(known)}, {n} sensors")
        what = known[one.name]
        yield from _strikes(what, one, what.length_s, n)


def _drawn(
    whats: Sequence[Event | Fault], n: int, start_us: int, duration_s: float, rng: np.random.Generator
) -> Iterator[tuple[Event | Fault, Label]]:
    for what, own in zip(whats, rng.spawn(len(whats)), strict=True):
        count = own.poisson(what.per_month * n * duration_s / _MONTH_S)
        begins = start_us + np.round(own.random(count) * duration_s * 1e6).astype(np.int64)
        sensors = own.integers(0, n, count) if n else np.zeros(0, np.int64)
        lengths = own.exponential(1.0, count) if isinstance(what, Fault) else np.ones(count)
        for begin, sensor, length in zip(begins.tolist(), sensors.tolist(), lengths.tolist(), strict=True):
            name = what.name if isinstance(what, Event) else what.kind
            yield from _strikes(what, Occurrence(name, sensor, begin), what.length_s * length, n)


def _strikes(what: Event | Fault, one: Occurrence, length_s: float, n: int) -> Iterator[tuple[Event | Fault, Label]]:
    """Yield one label for each sensor that is struck."""
    several = what.sensors if isinstance(what, Event) else 1
    delay_us = round(what.delay_s * 1e6) if isinstance(what, Event) else 0
    for number in range(min(several, n)):
        begin = one.begin_us + number * delay_us
        end = begin + round(length_s * 1e6)
        yield what, Label(one.name, isinstance(what, Fault), (one.sensor + number) % n, begin, end)


def _arrived(told: Told, labels: tuple[Label, ...]) -> Simulation:
    """Put what was sent in the order of arrival; what is sent twice comes right after itself."""
    sensor, step = np.nonzero(told.sent)
    times = np.where(told.twice[sensor, step], 2, 1)
    sensor, step = np.repeat(sensor, times), np.repeat(step, times)
    arrival = told.arrival_us[sensor, step]
    order = np.lexsort((sensor, arrival))
    sensor, step = sensor[order], step[order]
    return Simulation(
        sensor.astype(np.int32),
        told.time_us[sensor, step],
        told.value[sensor, step],
        told.quality[sensor, step],
        arrival[order],
        labels,
    )
