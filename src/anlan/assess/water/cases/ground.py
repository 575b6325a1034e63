"""What stands on the terrain of a case: roughness, buildings, walls; together the grid of the solver."""

import csv

import numpy as np
import shapely
from rasterio.features import rasterize

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.ground_shapes import Buildings, LandCover, Roughnesses, Wall
from anlan.assess.water.cases.rasters import on_frame
from anlan.assess.water.cases.terrain import HIGHEST_M, LOWEST_M
from anlan.assess.water.cases.vectors import Feature, features
from anlan.science.arrays import Floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.structures import Corner, Polyline, crossings, with_walls

_LEAST_N, _MOST_N = 1e-3, 1.0
_TALLEST_M = 1000.0


def read_manning(draft: Draft, frame: Frame, bed: Floats, findings: Findings) -> float | Singles:
    """Return Manning's n of a case, one number or that of every cell.

    Raises
    ------
    RefusedError
        If a cell with ground has none, or one out of range.
    """
    given, spot = draft.case.manning, draft.spot / "manning"
    if not isinstance(given, Roughnesses):
        if given is None:
            raise RuntimeError("roughness is read of a case that has one")
        return given
    if given.raster is not None:
        values = on_frame(draft, given.raster, frame, spot / "raster", findings)
        at = spot / "raster" / "file"
    elif given.land_cover is not None:
        values = _of_classes(draft, given.land_cover, frame, bed, spot / "land_cover", findings)
        at = spot / "land_cover" / "file"
    else:
        raise RuntimeError("a roughness has one of its forms")
    ground = ~np.isnan(bed)
    if np.isnan(values[ground]).any():
        raise at.refused("raster.gaps", int(np.isnan(values[ground]).sum()), int(ground.sum()))
    strange = values[ground & ~((values >= _LEAST_N) & (values <= _MOST_N))]
    if len(strange):
        raise at.refused("manning.range", strange[0], _LEAST_N, _MOST_N)
    return values.astype(np.float32)


def _of_classes(draft: Draft, cover: LandCover, frame: Frame, bed: Floats, spot: Spot, findings: Findings) -> Floats:
    table = _table(draft, cover, spot)
    classes = on_frame(draft, cover, frame, spot, findings, classes=True)
    there = ~np.isnan(classes) & ~np.isnan(bed)
    unknown = sorted(set(np.unique(classes[there]).tolist()) - set(table))
    if unknown:
        known = ", ".join(f"{one:g}" for one in sorted(table))
        raise (spot / "table").refused("manning.class", ", ".join(f"{one:g}" for one in unknown[:20]), known)
    values = np.full(frame.shape, np.nan)
    for number, n in table.items():
        values[classes == number] = n
    return values


def _table(draft: Draft, cover: LandCover, spot: Spot) -> dict[float, float]:
    at = spot / ("table" if cover.table is not None else "table_file")
    if cover.table is not None:
        rows = [(key, str(n)) for key, n in cover.table.items()]
    else:
        path = draft.file(str(cover.table_file))
        if not path.exists():
            raise at.refused("file.missing", cover.table_file)
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"class", "manning"} <= set(reader.fieldnames or ()):
                raise at.refused("series.column", "class, manning", *(reader.fieldnames or ()))
            rows = [(row["class"], row["manning"]) for row in reader]
    found = {}
    for key, n in rows:
        try:
            found[float(key)] = float(n)
        except ValueError:
            raise at.refused("manning.table", f"{key}: {n}") from None
        if not _LEAST_N <= float(n) <= _MOST_N:
            raise at.refused("manning.range", n, _LEAST_N, _MOST_N)
    return found


def with_buildings(draft: Draft, frame: Frame, bed: Floats, findings: Findings) -> Floats:
    """Return the bed with the buildings of a case.

    Raises
    ------
    RefusedError
    """
    given, spot = draft.case.buildings, draft.spot / "buildings"
    if given is None:
        return bed
    found = features(draft, given, frame.crs, spot, findings, kinds=("Polygon",))
    heights = [_height(one, given, spot) for one in found]
    order = np.argsort(heights, kind="stable")  # where two overlap, the taller one is burnt last
    burnt = rasterize(
        [(found[k].shape, heights[k]) for k in order],
        out_shape=frame.shape,
        transform=frame.transform,
        all_touched=given.touched,
        dtype="float64",
    )
    built = (burnt > 0) & ~np.isnan(bed)
    if not built.any():
        findings.note(spot / "file", "buildings.none", len(found))
    if given.treat == "block":
        if (built | np.isnan(bed)).all():
            raise (spot / "file").refused("where.no_ground", given.file)
        return np.where(built, np.nan, bed)
    return np.where(built, bed + burnt, bed)


def _height(one: Feature, given: Buildings, spot: Spot) -> float:
    if given.treat == "block":
        return 1.0
    if given.height is not None:
        return float(one.measure(given.height, spot / "height", 0.01, _TALLEST_M))
    return float(given.height_m or 0.0)


def with_walls_of(draft: Draft, frame: Frame, grid: Grid, findings: Findings) -> Grid:
    """Return the grid with the walls of a case on its faces.

    Raises
    ------
    RefusedError
    """
    lines = []
    for number, wall in enumerate(draft.case.walls):
        spot = draft.spot / "walls" / number
        found = wall_lines(draft, wall, frame, grid, spot, findings)
        if not found:
            findings.note(spot, "walls.none", wall.name)
        lines += found
    return with_walls(grid, lines, Corner(frame.west_m, frame.north_m)) if lines else grid


def wall_lines(draft: Draft, wall: Wall, frame: Frame, grid: Grid, spot: Spot, findings: Findings) -> list[Polyline]:
    """Return the lines of a wall that cross a face of the grid, with their crests.

    Raises
    ------
    RefusedError
    """
    if wall.line is not None:
        drawn = [(np.array(wall.line), wall.crest_m, wall.above_ground_m)]
    elif wall.vectors is not None:
        drawn = _drawn(draft, wall, frame, spot, findings)
    else:
        raise RuntimeError("a wall has one of its forms")
    lines = []
    for at, crest, above in drawn:
        made = _line(at, crest, above, frame, grid, spot)
        if made is not None:
            lines.append(made)
    return lines


def _drawn(
    draft: Draft, wall: Wall, frame: Frame, spot: Spot, findings: Findings
) -> list[tuple[Floats, float | None, float | None]]:
    if wall.vectors is None:
        raise RuntimeError("lines are read of a wall with a file")
    drawn = []
    for one in features(draft, wall.vectors, frame.crs, spot / "vectors", findings, kinds=("LineString",)):
        crest, above = wall.crest_m, wall.above_ground_m
        if wall.crest is not None:
            crest = one.measure(wall.crest, spot / "crest", LOWEST_M, HIGHEST_M)
        if wall.above_ground is not None:
            above = one.measure(wall.above_ground, spot / "above_ground", 0.0, _TALLEST_M)
        drawn.append((shapely.get_coordinates(one.shape), crest, above))
    return drawn


def _line(
    at: Floats, crest_m: float | None, above_m: float | None, frame: Frame, grid: Grid, spot: Spot
) -> Polyline | None:
    """Return a line with its crest; None where it crosses no face of the grid.

    A crest above the ground stands above the highest ground beside the line: a wall that is to hold must not have a gap
    where the ground beside it dips.
    """
    corner, level = Corner(frame.west_m, frame.north_m), np.zeros(len(at))
    try:
        found = crossings(grid, [Polyline(at[:, 0], at[:, 1], level)], corner)
    except ValueError as error:
        raise spot.refused("walls.refused", "", error) from None
    beside = grid.bed_m.ravel()[np.concatenate([found.left, found.right])]
    if len(found.left) == 0 or np.isnan(beside).all():
        return None
    crest = crest_m if crest_m is not None else float(np.nanmax(beside)) + (above_m or 0.0)
    return Polyline(at[:, 0], at[:, 1], np.full(len(at), crest))


def grid_of(frame: Frame, bed: Floats, manning: float | Singles) -> Grid:
    """Return the grid of the solver; where there is no ground any n does."""
    n = manning if isinstance(manning, float | int) else np.where(np.isnan(bed), np.float32(1), manning)
    return Grid(bed, frame.dx_m, frame.dy_m, n)
