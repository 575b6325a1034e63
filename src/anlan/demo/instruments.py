"""What the instruments report: the truth with noise, drop-outs, silence and readings sent twice. All synthetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.city.city import City
from anlan.demo.ground import Ground
from anlan.demo.scenario import Scenario
from anlan.demo.weather import Weather

Floats = npt.NDArray[np.float64]
_DECIMALS = 3


@dataclass
class Instruments:
    """All sensors of the city, read step by step."""

    city: City
    scenario: Scenario
    weather: Weather
    seed: int

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng([self.seed, 1])
        self._ground = Ground(self.city, self.scenario, self.weather)
        sensors = self.city.sensors
        codes = {str(code): row for row, code in enumerate(self.city.terrain.towns.code)}
        self._town = np.array([codes[str(area)] for area in sensors.area])
        self._silent = set(self._rng.choice(len(sensors.id), self.scenario.instruments.silent, replace=False).tolist())
        self._asset_is = {str(q): np.flatnonzero(sensors.quantity == q) for q in np.unique(sensors.quantity)}

    def steps(self) -> Iterator[tuple[datetime, list[list[Any]]]]:
        """Yield each moment of the night and the rows [sensor, at, value] that arrive then."""
        start, end = self.scenario.start.timestamp(), self.scenario.end.timestamp()
        for time_s in np.arange(start, end + 1, self.scenario.step_s):
            self._ground.advance(float(time_s))
            moment = datetime.fromtimestamp(float(time_s), UTC)
            yield moment, self._rows(moment, self._truth(float(time_s)))

    def _truth(self, time_s: float) -> Floats:
        """Return the true value at every sensor."""
        sensors, ground = self.city.sensors, self._ground
        value = np.full(len(sensors.id), np.nan)
        now = [time_s]
        wind = self.weather.wind(now, sensors.lon, sensors.lat)
        rate = ground.rain_over_mm(self.scenario.step_s / 3600) * 3600 / self.scenario.step_s
        by_quantity: dict[str, Floats] = {
            "rain_rate": rate[self._town],
            "rain_1h": ground.rain_over_mm(1)[self._town],
            "rain_6h": ground.rain_over_mm(6)[self._town],
            "wind_speed": np.nan_to_num(wind.speed_m_s[0]),
            "wind_gust": np.nan_to_num(wind.gust_m_s[0]),
            "ponding_depth": ground.depth_m(sensors.lon, sensors.lat),
            "water_level": self._rivers(time_s),
        }
        for quantity, rows in self._asset_is.items():
            if quantity in by_quantity:
                value[rows] = by_quantity[quantity][rows]
        for row in self._asset_is.get("tide_level", ()):
            value[row] = self.weather.tide_m(now, str(sensors.asset[row]))[0]
        return value

    def _rivers(self, time_s: float) -> Floats:
        """Return inland levels: they follow the tide behind their sluices and rise with six hours of rain."""
        own = self.scenario.rivers
        station = next(iter(self.scenario.tide.stations))
        tide = float(self.weather.tide_m([time_s], station)[0])
        mean = self.scenario.tide.stations[station].mean_m
        rain_mm = self._ground.rain_over_mm(6)[self._town]
        return np.asarray(own.base_m + own.tide_share * (tide - mean) + own.rain_m_per_mm * rain_mm)

    def _rows(self, moment: datetime, value: Floats) -> list[list[Any]]:
        own, rng = self.scenario.instruments, self._rng
        shown = np.round(value * rng.normal(1.0, own.noise, len(value)), _DECIMALS)
        dropped = rng.random(len(value)) < own.dropped_share
        again = rng.random(len(value)) < own.resent_share
        rows = [
            [str(self.city.sensors.id[i]), moment, float(shown[i])]
            for i in range(len(value))
            if np.isfinite(shown[i]) and not dropped[i] and i not in self._silent
        ]
        return rows + [rows[i] for i in np.flatnonzero(again[: len(rows)])]
