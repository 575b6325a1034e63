"""What the night's rain does to the ground, as the instruments will see it: the truth that no forecast knows."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from anlan.city.city import City
from anlan.demo.scenario import Scenario
from anlan.demo.weather import Weather
from anlan.science.ponding import Drains, Water, levels_m, step
from anlan.science.scipy_parts import summed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
_MOUTH = "tide_gauge-wusong"


class Ground:
    """Steps the city's low spots through the night with rain by town.

    Parameters
    ----------
    city, scenario, weather
        The city, the night and its weather.
    """

    def __init__(self, city: City, scenario: Scenario, weather: Weather) -> None:
        self._city, self._scenario, self._weather = city, scenario, weather
        self._water = Water.none(city.bluespots)
        self.fallen_mm: list[Floats] = []

    @cached_property
    def town_places(self) -> tuple[Floats, Floats]:
        """Longitude and latitude of a point in each town, in the order of the terrain's towns."""
        areas = [self._city.area(str(code)) for code in self._city.terrain.towns.code]
        return np.array([a.lon for a in areas]), np.array([a.lat for a in areas])

    @cached_property
    def _share(self) -> "csr_array":
        """Area, m², of each town in each catchment, (b + 1, towns)."""
        spots, town = self._city.bluespots, self._city.terrain.town
        inside = (spots.catchment >= 0) & (town >= 0)
        size = (len(spots) + 1, len(self._city.terrain.towns.code))
        cells = np.full(int(inside.sum()), spots.cell_m2)
        return summed(cells, spots.catchment[inside], town[inside].astype(np.int64), size)

    @cached_property
    def _drains(self) -> Drains:
        towns = self._city.terrain.towns
        area = np.maximum(np.asarray(self._share.sum(axis=1)).ravel(), 1.0)
        capacity = self._share @ towns.drain_mm_h / area * self._scenario.truth.drain_share
        return Drains(capacity_mm_h=capacity, storage_mm=self._share @ towns.storage_mm / area)

    def advance(self, time_s: float) -> None:
        """Let the rain of one step fall and run."""
        own, hours = self._scenario.truth, self._scenario.step_s / 3600
        rain_mm = self._weather.rain_mm_h([time_s], *self.town_places)[0] * hours
        self.fallen_mm.append(rain_mm)
        level = float(self._weather.tide_m([time_s], _MOUTH)[0])
        part = (level - own.blocked_from_m) / (own.blocked_full_m - own.blocked_from_m)
        runoff = self._share @ (rain_mm * 1e-3)
        taken = step(
            self._city.bluespots,
            self._water,
            runoff,
            self._drains,
            hours=hours,
            outfall_blocked=float(np.clip(part, 0, 1)),
        )
        self._water = taken.water

    def rain_over_mm(self, hours: float) -> Floats:
        """Return the rain of the last hours by town."""
        steps = max(1, round(hours * 3600 / self._scenario.step_s))
        return np.asarray(np.sum(self.fallen_mm[-steps:], axis=0))

    def depth_m(self, lon: Floats, lat: Floats) -> Floats:
        """Return the depth of ponded water at points."""
        rows, cols = self._city.terrain.cells(lon, lat)
        spots = self._city.bluespots
        level = levels_m(spots, self._water.ponded_m3)[spots.label[rows, cols]]
        depth = np.nan_to_num(level, nan=-np.inf) - self._city.terrain.elevation_m[rows, cols]
        return np.asarray(np.clip(np.nan_to_num(depth, nan=0.0), 0.0, None))
