"""What of the city does not change between forecasts, laid out so that a forecast is a few products of arrays."""

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from anlan.city.city import City
from anlan.city.terrain import Terrain
from anlan.science.arrays import Floats, Ints, floats
from anlan.science.bluespots import Bluespots
from anlan.science.scipy_parts import rows_scaled, summed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_NO_CELL = -1


@dataclass(frozen=True, eq=False)
class Ground:
    """Arrays by catchment (b + 1), by town in the order of the terrain's towns, by cell of a bluespot, and by asset.

    Attributes
    ----------
    share : (b + 1, towns) sparse array
        Part of each catchment that lies in each town; rows sum to 1, or to 0 where no town is in it.
    area_m2 : (b + 1,) array
        Of the catchments, as far as towns lie in them.
    spot_town, spot_people : (w,) arrays
        Town (-1 for none) and residents of each cell that is part of a bluespot, in the order of ``bluespots.cell``.
    asset_cell : (assets,) array
        Cell of each asset in the grid counted row by row; -1 off the grid.
    asset_town : (assets,) array
        Town that each asset stands in by its area code; -1 for none.
    town_xy_m, town_lon, town_lat, street_m, population : (towns,) arrays
        Label place in metres (two columns) and degrees, median height of its land, residents.
    """

    bluespots: Bluespots
    share: "csr_array"
    area_m2: Floats
    spot_town: Ints
    spot_people: Floats
    asset_cell: Ints
    asset_town: Ints
    town_xy_m: Floats
    town_lon: Floats
    town_lat: Floats
    street_m: Floats
    population: Floats
    town_row: dict[str, int]

    def on_catchments(self, by_town: Floats) -> Floats:
        """Return the mean over each catchment of what is given by town; (..., towns) in, (..., b + 1) out."""
        return floats((self.share @ by_town.T).T)


_GROUNDS: WeakKeyDictionary[Terrain, Ground] = WeakKeyDictionary()


def ground_of(city: City) -> Ground:
    """Return the layout of a city, made once for each terrain in memory."""
    terrain = city.terrain
    if terrain not in _GROUNDS:
        _GROUNDS[terrain] = _lay_out(city, terrain)
    return _GROUNDS[terrain]


def _lay_out(city: City, terrain: Terrain) -> Ground:
    spots, codes = city.bluespots, [str(code) for code in terrain.towns.code]
    areas = [city.area(code) for code in codes]
    lon = np.array([area.lon for area in areas], dtype=np.float64)
    lat = np.array([area.lat for area in areas], dtype=np.float64)
    population = np.array([area.population or 0 for area in areas], dtype=np.float64)
    share, area_m2 = _shares(spots, terrain)
    rows, cols = terrain.cells(city.assets.lon, city.assets.lat)
    cell = np.where(rows < 0, _NO_CELL, rows * terrain.shape[1] + cols)
    town_row = {code: row for row, code in enumerate(codes)}
    return Ground(
        bluespots=spots,
        share=share,
        area_m2=area_m2,
        spot_town=terrain.town.ravel()[spots.cell].astype(np.int64),
        spot_people=terrain.spread(population).ravel()[spots.cell],
        asset_cell=cell,
        asset_town=np.array([town_row.get(area, -1) for area in city.assets.area.tolist()], dtype=np.int64),
        town_xy_m=np.column_stack(city.projection.metres(lon, lat)),
        town_lon=lon,
        town_lat=lat,
        street_m=_streets(terrain),
        population=population,
        town_row=town_row,
    )


def _shares(spots: Bluespots, terrain: Terrain) -> tuple["csr_array", Floats]:
    inside = (spots.catchment >= 0) & (terrain.town >= 0)
    size = (len(spots) + 1, len(terrain.towns.code))
    places = (spots.catchment[inside], terrain.town[inside].astype(np.int64))
    area = summed(np.full(len(places[0]), spots.cell_m2), *places, size)
    total = floats(area.sum(axis=1)).ravel()
    return rows_scaled(area, 1 / np.where(total > 0, total, 1.0)), total


def _streets(terrain: Terrain) -> Floats:
    """Return the median height of each town's land; of a town without land, that of the city."""
    land = (terrain.town >= 0) & ~terrain.water
    heights = terrain.elevation_m.astype(np.float64)
    order = np.argsort(terrain.town[land], kind="stable")
    town, height = terrain.town[land][order], heights[land][order]
    ends = np.searchsorted(town, np.arange(len(terrain.towns.code) + 1))
    city = float(np.median(height))
    return floats([np.median(height[a:b]) if b > a else city for a, b in itertools.pairwise(ends)])
