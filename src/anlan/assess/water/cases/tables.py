"""The ground of a case as the solver sees it: its own cells, or coarse ones with tables of what is finer."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.loss_shapes import DrainsShape
from anlan.assess.water.cases.structure_shapes import Structures
from anlan.science.arrays import Floats, floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.simulation import Solver
from anlan.science.flood.subgrid import SubgridSolver
from anlan.science.flood.subgrid_tables import SubgridTables, subgrid_tables

_FINE_MAPS = {"depth"}


@dataclass(frozen=True, eq=False)
class Ground:
    """Where the water is computed, and where its maps are drawn.

    Attributes
    ----------
    frame, grid
        Of the water.
    fine_frame, fine
        Of the terrain and of the maps; the same where there are no tables.
    tables
        Of the scheme `subgrid`.
    """

    frame: Frame
    grid: Grid
    fine_frame: Frame
    fine: Grid
    tables: SubgridTables | None = None

    def depth_below(self, level_m: float) -> Floats:
        """Return the depth of every cell whose water stands at a level; with tables, volume over area."""
        if self.tables is not None:
            return floats(np.nan_to_num(self.tables.mean_depth_m(np.full(self.grid.shape, level_m, dtype=np.float32))))
        return floats(np.maximum(0.0, level_m - self.grid.bed_m))

    def depths(self, solver: Solver) -> npt.NDArray[np.float32]:
        """Return the depths on the terrain's cells."""
        if isinstance(solver, SubgridSolver):
            return np.nan_to_num(solver.fine_depth_m(self.fine.bed_m))
        return solver.depth_m

    def peaks(self, solver: Solver) -> npt.NDArray[np.float32]:
        """Return the greatest depths on the terrain's cells."""
        if isinstance(solver, SubgridSolver):
            return np.nan_to_num(solver.fine_depth_m(self.fine.bed_m, solver.peak_levels_m()))
        return solver.peak_m

    def levels(self, cells: npt.NDArray[np.int64], depth_m: Floats) -> Floats:
        """Return the levels of some cells of the water, (times, cells), from their depths."""
        if self.tables is None:
            return floats(self.grid.bed_m.ravel()[cells] + depth_m)
        found = np.empty(depth_m.shape)
        whole: Singles = np.zeros(self.grid.shape, dtype=np.float32)
        for number, depths in enumerate(depth_m):
            whole.ravel()[cells] = depths
            found[number] = self.tables.level_m(whole).ravel()[cells]
        return found


def _comes_up(drains: DrainsShape) -> bool:
    return any(one.outfall is not None and not one.outfall.flap for one in drains.capacity)


def ground_of(draft: Draft, frame: Frame, fine: Grid) -> Ground:
    """Return the ground of a case.

    Raises
    ------
    RefusedError
        If the scheme does not go with a map, a structure or drains that the case has.
    """
    case = draft.case
    if case.scheme != "subgrid":
        return Ground(frame, fine, frame, fine)
    other = sorted(set(case.outputs.maps) - _FINE_MAPS)
    if other:
        raise (draft.spot / "outputs" / "maps").refused("subgrid.maps", ", ".join(other), *sorted(_FINE_MAPS))
    if case.structures != Structures():
        raise (draft.spot / "structures").refused("subgrid.with", "structures")
    if case.drains is not None and (case.drains.swmm is not None or _comes_up(case.drains)):
        raise (draft.spot / "drains").refused("subgrid.with", "drains")
    tables = subgrid_tables(fine, case.subgrid.factor, levels=case.subgrid.levels)
    return Ground(frame.coarse(case.subgrid.factor), tables.grid, frame, fine, tables)
