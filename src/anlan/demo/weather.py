"""The weather of a night: the real track, a parametric wind around it, and synthetic rain and tide."""

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.demo.scenario import Cell, Scenario
from anlan.science.geodesy import bearing_deg, distance_m
from anlan.science.gusts import sustained_from_mean_m_s
from anlan.science.rain import StormFormula, chicago_mm, cyclone_rain_mm_h
from anlan.science.tide import Harmonic, inverse_barometer_m, set_up_m, tide_m
from anlan.science.track import Track, interpolate
from anlan.science.wind import WindField, wind_field

Floats = npt.NDArray[np.float64]
KNOT_M_S = 1852 / 3600
_PEAK = 0.405  # position of the peak of Shanghai's design storm, as commonly quoted; another source has 0.367


def read_track(text: str, outer_hpa: float) -> Track:
    """Return the fixes of a best-track table that have both wind and pressure (agency of the WMO region)."""
    rows = [r for r in csv.DictReader(io.StringIO(text)) if r["wmo_wind_kt"] and r["wmo_pressure_hpa"]]
    times = np.array([r["time_utc"].removesuffix("Z") for r in rows], dtype="datetime64[s]").astype(np.int64)
    pressure = np.array([float(r["wmo_pressure_hpa"]) for r in rows])
    mean_kt = np.array([float(r["wmo_wind_kt"]) for r in rows])  # a 10-minute mean: the agency is JMA
    return Track(
        time_s=times.astype(np.float64),
        lon=np.array([float(r["lon"]) for r in rows]),
        lat=np.array([float(r["lat"]) for r in rows]),
        pressure_hpa=pressure,
        outer_hpa=np.maximum(outer_hpa, pressure),
        wind_m_s=sustained_from_mean_m_s(mean_kt * KNOT_M_S, "at_sea"),
        rmax_km=np.full(len(rows), np.nan),
    )


@dataclass(frozen=True)
class Weather:
    """The true weather of one night.

    Parameters
    ----------
    scenario
        What the night is made of.
    track
        The real best track.
    seed
        Places the rain bands.
    """

    scenario: Scenario
    track: Track
    seed: int

    @cached_property
    def _band_phase(self) -> float:
        return float(np.random.default_rng(self.seed).uniform(0, 2 * np.pi))

    def rain_mm_h(self, time_s: npt.ArrayLike, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """Return the rain at times (t,) and points (n,), shape (t, n)."""
        own = self.scenario.rain
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        mean = cyclone_rain_mm_h(self.track, times, lon, lat, front_back=own.front_back, right_left=own.right_left)
        cells = sum((self._cell_mm_h(cell, times, lon, lat) for cell in own.cells), np.zeros(mean.shape))
        return np.asarray(np.nan_to_num(mean) * self._bands(times, lon, lat) + cells)

    def _bands(self, times: Floats, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """Return the factor of spiral bands: waves along the radius that turn with the angle, mean 1."""
        own = self.scenario.rain
        now = interpolate(self.track, times)
        eye = now.lon[:, None], now.lat[:, None]
        points = np.asarray(lon)[None, :], np.asarray(lat)[None, :]
        radius_km = distance_m(*eye, *points) / 1e3
        angle = np.radians(bearing_deg(*eye, *points))
        wave = 2 * np.pi * radius_km / own.band_wavelength_km + 2 * angle + self._band_phase
        return np.asarray(1 + own.band_strength * np.sin(wave - times[:, None] / 2400.0))

    def _cell_mm_h(self, cell: Cell, times: Floats, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        own = self.scenario.rain.formula
        formula = StormFormula(own.a, own.c, own.b, own.n)
        length = self.scenario.step_s / 60
        fallen = chicago_mm(formula, cell.years, minutes=cell.minutes, step_minutes=length, peak=_PEAK)
        step = np.floor((times - cell.at.timestamp()) / self.scenario.step_s).astype(int)
        inside = (step >= 0) & (step < len(fallen))
        rate = np.where(inside, fallen[np.clip(step, 0, len(fallen) - 1)] * 60 / length, 0.0)
        away = distance_m(cell.lon, cell.lat, np.asarray(lon), np.asarray(lat)) / 1e3
        return np.asarray(rate[:, None] * np.exp(-0.5 * (away / cell.radius_km) ** 2)[None, :])

    def wind(self, time_s: npt.ArrayLike, lon: npt.ArrayLike, lat: npt.ArrayLike) -> WindField:
        """Return the wind of the cyclone near an open coast."""
        return wind_field(self.track, time_s, lon, lat, exposure="off_sea", land_ratio=self.scenario.land_ratio)

    def tide_m(self, time_s: npt.ArrayLike, station: str) -> Floats:
        """Return the level at a tide station: harmonic tide, low pressure and wind set-up at the river's mouth."""
        own = self.scenario.tide
        place = own.stations[station]
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64)) - place.lag_min * 60
        harmonics = {name: Harmonic(c.amplitude_m * place.scale, c.lag_deg) for name, c in own.harmonics.items()}
        mouth: Any = self.wind(times, [121.9], [31.35])
        low = inverse_barometer_m(np.nan_to_num(mouth.pressure_hpa[:, 0], nan=1010.0), normal_hpa=1010.0)
        driven = set_up_m(
            np.nan_to_num(mouth.speed_m_s[:, 0]),
            np.nan_to_num(mouth.direction_deg[:, 0]),
            shore_normal_deg=own.shore_normal_deg,
            shelf_m=own.shelf_m,
            depth_m=own.shelf_depth_m,
        )
        return np.asarray(tide_m(times, harmonics, mean_m=place.mean_m) + (low + driven) * place.scale)
