"""How instruments of one kind behave: parts that add up, events in the world, faults of the instruments."""

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "dropout", "silence", "stuck", "drift", "spike", "noise", "clock", "missing", "range", "late", "again"
]
Shape = Literal["ramp", "diffusion"]


@dataclass(frozen=True)
class Level:
    """What a sensor stands at: drawn once for each from a normal distribution."""

    mean: float
    spread: float = 0.0


@dataclass(frozen=True)
class Cycle:
    """A cosine whose peak is at ``peak_s`` of each period, in local time for periods of a day.

    ``spread`` is the standard deviation of the sensors' own amplitudes, relative.
    """

    amplitude: float
    period_s: float = 86400.0
    peak_s: float = 0.0
    spread: float = 0.0


@dataclass(frozen=True)
class Wander:
    """An Ornstein-Uhlenbeck process: standard deviation ``sd``, correlation over ``time_s``."""

    sd: float
    time_s: float


@dataclass(frozen=True)
class Pulses:
    """Shot noise: passings, trips, draws of water that come ``per_h`` at the busiest hour and decay.

    Heights are exponential with mean ``height``; each decays with the time ``length_s``. At the quietest hour, half a
    day from ``peak_s``, the rate is the share ``quiet`` of that at the busiest.
    """

    per_h: float
    height: float
    length_s: float
    quiet: float = 1.0
    peak_s: float = 43200.0


@dataclass(frozen=True)
class Rain:
    """Rain of rectangular storms, or what it makes rise.

    Storms come ``per_day``; their intensity and duration are exponential, mean ``intensity_mm_h`` and ``storm_s``.
    The part is ``gain`` times the intensity after a linear reservoir of time ``lag_s``; with ``sum_s``, it is ``gain``
    times the depth of the last so many seconds, in mm. All sensors stand in the same rain.
    """

    per_day: float
    intensity_mm_h: float
    storm_s: float
    gain: float = 1.0
    lag_s: float = 0.0
    sum_s: float | None = None


@dataclass(frozen=True)
class Fill:
    """A tank that is filled from ``low`` to ``high`` and drawn down again, each sensor at a phase of its own."""

    low: float
    high: float
    fill_s: float
    draw_s: float


@dataclass(frozen=True)
class Switch:
    """Something that is on (``value``) and off (0) for exponential times of mean ``on_s`` and ``off_s``."""

    value: float
    on_s: float
    off_s: float


@dataclass(frozen=True)
class Decline:
    """A slow fall ``per_day``, as of a battery; ``spread`` is relative, between sensors."""

    per_day: float
    spread: float = 0.0


Part = Level | Cycle | Wander | Pulses | Rain | Fill | Switch | Decline


@dataclass(frozen=True)
class Event:
    """Something that happens in the world, which rules should find.

    Attributes
    ----------
    name : str
    height : float
        The change at its greatest, in the unit of the quantity; negative: a fall.
    rise_s, hold_s, fall_s : float
        How long it grows, stays and goes.
    shape : {"ramp", "diffusion"}
        Straight up and down; or as gas spreads from a source and is aired out, half of the height at ``rise_s``.
    sensors : int
        How many it strikes, those next in number, each ``delay_s`` after the one before.
    per_month : float
        How often it begins at a sensor in 30 days, where it is drawn and not put in.
    """

    name: str
    height: float
    rise_s: float
    hold_s: float
    fall_s: float
    shape: Shape = "ramp"
    sensors: int = 1
    delay_s: float = 0.0
    per_month: float = 0.0

    @property
    def length_s(self) -> float:
        """From its beginning until nothing of it is left: what is aired out has gone after seven times ``fall_s``."""
        return self.rise_s + self.hold_s + self.fall_s * (7.0 if self.shape == "diffusion" else 1.0)


@dataclass(frozen=True)
class Fault:
    """Something that happens to an instrument.

    ======== ============================================================================================
    dropout  nothing is sent, for a short time
    silence  nothing is sent, for a long time
    stuck    the value stays what it was
    drift    the value goes astray, by ``size`` at the end
    spike    one value is off by ``size``, to either side
    noise    the value is off by a normal error of ``size``
    clock    the time that is told is off by ``size`` seconds
    missing  the instrument says that it has no value
    range    the value lies outside the range by ``size``
    late     what is measured arrives ``size`` seconds later
    again    what is measured is sent twice
    ======== ============================================================================================

    ``length_s`` is the mean of an exponential where faults are drawn, and exact where they are put in.
    """

    kind: FaultKind
    length_s: float = 0.0
    size: float = 0.0
    per_month: float = 0.0


@dataclass(frozen=True)
class Profile:
    """Instruments of one kind.

    Attributes
    ----------
    cadence_s : float
        Between two values of a sensor; sensors are out of step with each other.
    parts : tuple of Part
        They add up.
    noise : float
        Standard deviation of each value's error.
    resolution : float
        Values are whole multiples of it; 0: as they are.
    low, high : float
        What the quantity can be; the truth is cut off there.
    """

    cadence_s: float
    parts: tuple[Part, ...]
    noise: float = 0.0
    resolution: float = 0.0
    low: float = float("-inf")
    high: float = float("inf")
    events: tuple[Event, ...] = ()
    faults: tuple[Fault, ...] = ()
