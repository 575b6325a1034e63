"""What a night is made of, read from ``scenarios/*.yaml``."""

from datetime import datetime
from importlib import resources
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from anlan.demo.tables import table
from anlan.kernel.errors import NotFound


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cell(_Part):
    """A convective cell: a design storm of some return period, with a Gaussian footprint."""

    lon: float
    lat: float
    at: AwareDatetime
    years: float
    minutes: float
    radius_km: float


class Formula(_Part):
    """The city's rainstorm intensity formula and where it was found."""

    a: float
    c: float
    b: float
    n: float
    confidence: str
    source: str


class Rain(_Part):
    """How the cyclone's rain is shaped."""

    front_back: float
    right_left: float
    band_wavelength_km: float
    band_strength: float
    formula: Formula
    cells: tuple[Cell, ...]


class Constant(_Part):
    """Harmonic constant of a tide."""

    amplitude_m: float
    lag_deg: float


class Station(_Part):
    """How a tide station differs from the mouth of the river."""

    mean_m: float
    scale: float
    lag_min: float


class Tide(_Part):
    """The astronomical tide and the shelf before the coast."""

    harmonics: dict[str, Constant]
    shelf_m: float
    shelf_depth_m: float
    shore_normal_deg: float
    stations: dict[str, Station]


class Rivers(_Part):
    """How inland water follows tide and rain."""

    base_m: float
    tide_share: float
    rain_m_per_mm: float


class Truth(_Part):
    """What the forecast does not know of the city's drains."""

    drain_share: float
    blocked_from_m: float
    blocked_full_m: float


class Instruments(_Part):
    """How instruments err."""

    noise: float
    dropped_share: float
    silent: int
    resent_share: float
    delay_s: float


class Forecaster(_Part):
    """How often and how well the weather is forecast."""

    advice_every_h: int
    outlook_every_h: int
    horizon_h: int
    rain_error: float
    track_error_km_per_h: float


class Signal(_Part):
    """A weather signal that arrives from outside."""

    at: AwareDatetime
    event_type: str
    grade: str
    hours: float


class InTwo(_Part):
    """A text in both languages."""

    zh: str
    en: str


class Scenario(_Part):
    """One night."""

    id: str
    zh: str
    en: str
    number: str
    track: str
    start: AwareDatetime
    end: AwareDatetime
    step_s: int
    outer_hpa: float
    land_ratio: float
    rain: Rain
    tide: Tide
    rivers: Rivers
    truth: Truth
    instruments: Instruments
    forecaster: Forecaster
    signals: tuple[Signal, ...]
    issuer: InTwo
    wording: InTwo

    def until(self, moment: str | None, zone: Any) -> datetime:
        """Return the end of the night, or an earlier one given as local time without a zone."""
        if moment is None:
            return self.end
        told = datetime.fromisoformat(moment)
        return min(self.end, told if told.tzinfo else told.replace(tzinfo=zone))


def scenario_names() -> list[str]:
    """Return the nights that ship with Anlan."""
    folder = resources.files(__package__) / "scenarios"
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


def load_scenario(name: str) -> Scenario:
    """Read a night by name."""
    if name not in scenario_names():
        raise NotFound("demo.no_scenario", at="scenario", value=name, params={"known": ", ".join(scenario_names())})
    return Scenario.model_validate(table(f"scenarios/{name}.yaml"))
