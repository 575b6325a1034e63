"""What of the city does not change between forecasts, laid out so that a forecast is a few products of arrays."""

import itertools
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from anlan.city.city import City
from anlan.city.terrain import Terrain
from anlan.science.arrays import Floats, Ints, floats

_NO_CELL = -1


@dataclass(frozen=True, eq=False)
class Ground:
    """Arrays by town in the order of the terrain's towns, by cell of the city's grid, and by asset.

    Attributes
    ----------
    cell_town, cell_people : (cells,) arrays
        Town (-1 for none) and residents of each cell, counted row by row.
    cell_m2 : float
    asset_cell : (assets,) array
        Cell of each asset in the grid counted row by row; -1 off the grid.
    asset_town : (assets,) array
        Town that each asset stands in by its area code; -1 for none.
    town_xy_m, town_lon, town_lat, street_m, population : (towns,) arrays
        Label place in metres (two columns) and degrees, median height of its land, residents.
    """

    cell_town: Ints
    cell_people: Floats
    cell_m2: float
    asset_cell: Ints
    asset_town: Ints
    town_xy_m: Floats
    town_lon: Floats
    town_lat: Floats
    street_m: Floats
    population: Floats
    town_row: dict[str, int]


_GROUNDS: WeakKeyDictionary[Terrain, Ground] = WeakKeyDictionary()


def ground_of(city: City) -> Ground:
    """Return the layout of a city, made once for each terrain in memory."""
    terrain = city.terrain
    if terrain not in _GROUNDS:
        _GROUNDS[terrain] = _lay_out(city, terrain)
    return _GROUNDS[terrain]


def _lay_out(city: City, terrain: Terrain) -> Ground:
    codes = [str(code) for code in terrain.towns.code]
    areas = [city.area(code) for code in codes]
    lon = np.array([area.lon for area in areas], dtype=np.float64)
    lat = np.array([area.lat for area in areas], dtype=np.float64)
    population = np.array([area.population or 0 for area in areas], dtype=np.float64)
    rows, cols = terrain.cells(city.assets.lon, city.assets.lat)
    cell = np.where(rows < 0, _NO_CELL, rows * terrain.shape[1] + cols)
    town_row = {code: row for row, code in enumerate(codes)}
    return Ground(
        cell_town=terrain.town.ravel().astype(np.int64),
        cell_people=terrain.spread(population).ravel(),
        cell_m2=terrain.cell_m**2,
        asset_cell=cell,
        asset_town=np.array([town_row.get(area, -1) for area in city.assets.area.tolist()], dtype=np.int64),
        town_xy_m=np.column_stack(city.projection.metres(lon, lat)),
        town_lon=lon,
        town_lat=lat,
        street_m=_streets(terrain),
        population=population,
        town_row=town_row,
    )


def _streets(terrain: Terrain) -> Floats:
    """Return the median height of each town's land; of a town without land, that of the city."""
    land = (terrain.town >= 0) & ~terrain.water
    heights = terrain.elevation_m.astype(np.float64)
    order = np.argsort(terrain.town[land], kind="stable")
    town, height = terrain.town[land][order], heights[land][order]
    ends = np.searchsorted(town, np.arange(len(terrain.towns.code) + 1))
    city = float(np.median(height))
    return floats([np.median(height[a:b]) if b > a else city for a, b in itertools.pairwise(ends)])
