"""Boundaries of a case, and the water that stands at its beginning."""

from collections.abc import Callable

import numpy as np

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.drive_shapes import Edge
from anlan.assess.water.cases.faults import Findings, RefusedError, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.places import cells_of
from anlan.assess.water.cases.rasters import on_frame
from anlan.assess.water.cases.series import quantity
from anlan.assess.water.cases.terrain import HIGHEST_M, LOWEST_M
from anlan.science.arrays import Bools, Floats, Ints
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.points import Inflow, Level, OpenEdge, Points

_LEVELS_M = LOWEST_M, HIGHEST_M
_FLOWS_M3_S = -1e6, 1e6
"""Four times the greatest discharge of the Amazon."""

_DEEPEST_M = 1000.0


def read_points(draft: Draft, frame: Frame, grid: Grid, findings: Findings) -> Points | None:
    """Return levels, inflows and open edges; None where a case has none.

    Raises
    ------
    RefusedError
    """
    given, spot, bed = draft.case.boundaries, draft.spot / "boundaries", np.asarray(grid.bed_m)
    faults = Findings(notes=findings.notes)

    def level(number: int) -> Level:
        one, at = given.levels[number], spot / "levels" / number
        cells = cells_of(draft, one.where, frame, bed, at / "where", findings)
        return Level(one.name, cells, quantity(draft, one.level_m, _LEVELS_M, at / "level_m", findings))

    def inflow(number: int) -> Inflow:
        one, at = given.inflows[number], spot / "inflows" / number
        cells = cells_of(draft, one.where, frame, bed, at / "where", findings)
        series = quantity(draft, one.discharge_m3_s, _FLOWS_M3_S, at / "discharge_m3_s", findings)
        return Inflow(one.name, cells, series)

    def edge(number: int) -> OpenEdge:
        one, at = given.edges[number], spot / "edges" / number
        cells = cells_of(draft, one.where, frame, bed, at / "where", findings)
        return OpenEdge(one.name, cells, one.slope, _across(one, cells, frame, at / "where"))

    levels, inflows = faults.each(len(given.levels), level), faults.each(len(given.inflows), inflow)
    edges = faults.each(len(given.edges), edge)
    if faults.faults:
        raise RefusedError(*faults.faults)
    if not (levels or inflows or edges):
        return None
    try:
        return Points(grid, tuple(inflows), tuple(levels), tuple(edges))
    except ValueError as error:
        raise spot.refused("boundaries.refused", "", error) from None


def check_series(draft: Draft, findings: Findings) -> None:
    """Read the series of the boundaries of a case whose ground is not known.

    Raises
    ------
    RefusedError
    """
    given, spot = draft.case.boundaries, draft.spot / "boundaries"
    faults = Findings(notes=findings.notes)
    levels = [(one.level_m, _LEVELS_M, spot / "levels" / k / "level_m") for k, one in enumerate(given.levels)]
    flows = [
        (one.discharge_m3_s, _FLOWS_M3_S, spot / "inflows" / k / "discharge_m3_s")
        for k, one in enumerate(given.inflows)
    ]
    series = [*levels, *flows]
    faults.each(len(series), lambda k: quantity(draft, *series[k], findings))
    if faults.faults:
        raise RefusedError(*faults.faults)


def _across(one: Edge, cells: Ints, frame: Frame, spot: Spot) -> float:
    """Return the side of the cells along the flow; open cells must lie on one edge of the grid."""
    row, column = np.divmod(cells, frame.columns)
    on = {
        "west": (column == 0).all(),
        "east": (column == frame.columns - 1).all(),
        "north": (row == 0).all(),
        "south": (row == frame.rows - 1).all(),
    }
    sides = [name for name, all_on in on.items() if all_on]
    if not sides:
        raise spot.refused("edges.inside", one.name)
    return frame.dx_m if sides[0] in {"west", "east"} else frame.dy_m


def read_initial(
    draft: Draft, frame: Frame, grid: Grid, depth_below: Callable[[float], Floats], findings: Findings
) -> Singles | None:
    """Return depths at the beginning; None for dry ground. Later entries win where two speak of a cell.

    ``depth_below`` gives the depth of every cell whose water stands at a level.

    Raises
    ------
    RefusedError
    """
    if not draft.case.initial:
        return None
    bed, ground = np.asarray(grid.bed_m, dtype=np.float64), grid.ground
    depth = np.zeros(frame.shape)
    for number, one in enumerate(draft.case.initial):
        spot = draft.spot / "initial" / number
        if one.raster is not None:
            values = _depths(draft, frame, ground, number, findings)
        elif one.level_m is not None:
            values = depth_below(one.level_m)
        else:
            values = np.full(frame.shape, one.depth_m or 0.0)
        inside = ground.copy()
        if one.where is not None:
            inside[:] = False
            inside.ravel()[cells_of(draft, one.where, frame, bed, spot / "where", findings)] = True
        depth[inside] = values[inside]
    return depth.astype(np.float32)


def _depths(draft: Draft, frame: Frame, ground: Bools, number: int, findings: Findings) -> Floats:
    spot, raster = draft.spot / "initial" / number / "raster", draft.case.initial[number].raster
    if raster is None:
        raise RuntimeError("depths are read of an entry with a raster")
    values = on_frame(draft, raster, frame, spot, findings, metres=True)
    gaps = np.isnan(values) & ground
    if gaps.any():
        findings.note(spot / "file", "initial.gaps", int(gaps.sum()))
    values = np.nan_to_num(values)
    strange = values[ground & ~((values >= 0) & (values <= _DEEPEST_M))]
    if len(strange):
        raise (spot / "file").refused("initial.range", strange[0], 0, _DEEPEST_M)
    return values
