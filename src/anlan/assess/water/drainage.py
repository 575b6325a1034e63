"""The drains of towns and the rivers, as one member of an ensemble has them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.assess.water.district import District
from anlan.science.arrays import Floats
from anlan.science.compiled import Singles
from anlan.science.flood.drains import Drains, Outfall, Subcatchment
from anlan.science.flood.ensemble import Member
from anlan.science.flood.grid import Grid
from anlan.science.flood.points import Series
from anlan.science.flood.simulation import Exchanged


@dataclass(frozen=True, eq=False)
class Drainage:
    """What the towns' drains do, by town in the order of the terrain's towns.

    Attributes
    ----------
    capacity_mm_h, storage_mm
        Rain that they carry off, and that wets, soaks and fills before any runs off.
    inlet_mm_h
        What a cell's inlets let in.
    pumped
        Part of the capacity that goes by pumps: no tide blocks it, but pumps fail.
    outfall_m, street_m
        Heights of outfalls and streets.
    times_s, level_m
        Level of the receiving water, (moments, towns); NaN where nothing is known of it.
    """

    capacity_mm_h: Floats
    storage_mm: Floats
    inlet_mm_h: float
    pumped: float
    outfall_m: Floats
    street_m: Floats
    times_s: Floats
    level_m: Floats


def town_drains(grid: Grid, district: District, drainage: Drainage, member: Member) -> Drains:
    """Return the drains of the towns of a cut, one sub-catchment each."""
    failed = member.failed(len(drainage.capacity_mm_h))
    cells, waters = district.town_cells, _Waters(drainage)
    return Drains(grid, [_one(row, cells[row], waters, member, bool(failed[row])) for row in sorted(cells)])


class _Waters:
    """The receiving waters: one series for all towns that have the same levels at their outfalls."""

    def __init__(self, drainage: Drainage) -> None:
        self.drainage = drainage
        self._series: dict[bytes, Series] = {}

    def of(self, row: int) -> Series | None:
        level = np.ascontiguousarray(self.drainage.level_m[:, row])
        if not np.isfinite(level).all():
            return None
        return self._series.setdefault(level.tobytes(), Series.of(self.drainage.times_s, level))


def _one(row: int, cells: npt.NDArray[np.int64], waters: _Waters, member: Member, failed: bool) -> Subcatchment:
    # Where pumps fail, only what flows by gravity is left of the capacity.
    drainage, tide, outfall = waters.drainage, waters.of(row), None
    share = 1 - drainage.pumped if failed else 1.0
    if tide is not None:
        outfall = Outfall(tide, float(drainage.outfall_m[row]), float(drainage.street_m[row]))
    return Subcatchment(
        str(row),
        cells,
        capacity_mm_h=float(drainage.capacity_mm_h[row]) * member.drains * share,
        storage_mm=float(drainage.storage_mm[row]),
        inlet_mm_h=drainage.inlet_mm_h,
        pumped=0.0 if failed else drainage.pumped,
        outfall=outfall,
    )


class Rivers:
    """Takes all that runs to rivers: their dikes keep their own water from the land, and gates let the land's out.

    Implements `anlan.science.flood.simulation.Exchange`.
    """

    name = "rivers"

    def __init__(self, district: District) -> None:
        """Note where rivers are."""
        self._at, self._cell_m2 = np.nonzero(district.water), district.cell_m**2

    def apply(self, _begin_s: float, _end_s: float, depth_m: Singles, _rain_m: float | Singles | None) -> Exchanged:
        """Take what has come since the last block."""
        left = float(depth_m[self._at].sum(dtype=np.float64)) * self._cell_m2
        depth_m[self._at] = 0
        return Exchanged(left)

    def next_bend(self, _time_s: float) -> float:
        """Rivers ask for nothing."""
        return np.inf

    def kept(self) -> Mapping[str, npt.NDArray[np.float32]]:
        """Nothing is kept."""
        return {}

    def restore(self, kept: object) -> None:
        """Nothing to take up."""
