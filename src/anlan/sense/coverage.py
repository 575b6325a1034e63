"""Where a hazard would be seen by an instrument, and where it would not: counts by town, and gaps on a grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from anlan.catalog.catalog import Catalog
from anlan.science.arrays import Bools, Floats, Ints
from anlan.science.scipy_parts import tree
from anlan.sense.city_state import CityState

_A = TypeVar("_A", np.float64, np.int64)
_TOWN_CODE = 9


def hazards_of(catalog: Catalog) -> tuple[str, ...]:
    """Return the hazards that some sector's instruments see, in the order of the sectors."""
    return tuple(dict.fromkeys(hazard for sector in catalog.sectors.values() for hazard in sector.hazards))


def by_town(state: CityState, towns: Sequence[str]) -> Mapping[str, tuple[Ints, Ints]]:
    """Return, for each hazard, how many instruments of its sectors stand in each town, and how many are heard.

    Parameters
    ----------
    state : CityState
    towns : sequence of str
        Codes of nine digits; what lies in none of them is not counted.
    """
    place = {code: row for row, code in enumerate(towns)}
    of_text = [place.get(text[:_TOWN_CODE], -1) for text in state.registry.area.texts]
    town = np.array([*of_text, -1])[state.registry.area.code]
    found = {}
    for hazard in hazards_of(state.catalog):
        own = seeing(state, hazard) & (town >= 0)
        counts = [np.bincount(town[one], minlength=len(towns)) for one in (own, own & state.heard)]
        found[hazard] = (counts[0], counts[1])
    return found


def seeing(state: CityState, hazard: str) -> Bools:
    """Tell which sensors belong to a sector that sees a hazard."""
    none = np.zeros(len(state.registry), np.bool_)
    sectors = [name for name, sector in state.catalog.sectors.items() if hazard in sector.hazards]
    return np.asarray(np.logical_or.reduce([none, *(state.sector_sensors[name] for name in sectors)]))


@dataclass(frozen=True)
class Cells:
    """Cells of a grid: their centres in degrees and in metres, the people on them, and their land.

    Attributes
    ----------
    lon, lat, x_m, y_m, people, land_km2 : (n,) arrays
    """

    lon: Floats
    lat: Floats
    x_m: Floats
    y_m: Floats
    people: Floats
    land_km2: Floats

    def __len__(self) -> int:
        return len(self.x_m)


@dataclass(frozen=True)
class Gaps:
    """How far each cell is from the nearest instrument that would see a hazard there.

    Attributes
    ----------
    nearest_m : (n,) array
        Infinite where there is none.
    covered : (n,) array of bool
        Within the reach of one.
    """

    nearest_m: Floats
    covered: Bools


class Reach(NamedTuple):
    """Instruments of one sector, and how far around themselves they tell of a hazard."""

    x_m: Floats
    y_m: Floats
    reach_m: float


def gaps(cells: Cells, places: Sequence[Reach]) -> Gaps:
    """Return what of a grid is covered.

    Parameters
    ----------
    cells : Cells
    places : sequence of Reach
        For each sector that sees the hazard.
    """
    nearest = np.full(len(cells), np.inf)
    covered = np.zeros(len(cells), np.bool_)
    for x_m, y_m, reach_m in places:
        if not len(x_m) or not len(cells):
            continue
        away, _ = tree(np.column_stack([x_m, y_m])).query(np.column_stack([cells.x_m, cells.y_m]))
        nearest = np.minimum(nearest, away)
        covered |= away <= reach_m
    return Gaps(nearest, covered)


def blocks(people: Floats, land: Bools, size: int) -> tuple[Floats, Ints]:
    """Sum a fine grid up to blocks of ``size`` by ``size`` cells.

    Parameters
    ----------
    people, land : (rows, columns) arrays
    size : int

    Returns
    -------
    people, land_cells : (block rows, block columns) arrays
        What overhangs at the far edges belongs to a smaller block.
    """
    rows, columns = (np.arange(0, n, size) for n in land.shape)

    def summed(grid: npt.NDArray[_A]) -> npt.NDArray[_A]:
        return np.asarray(np.add.reduceat(np.add.reduceat(grid, rows, axis=0), columns, axis=1))

    return summed(people), summed(land.astype(np.int64))
