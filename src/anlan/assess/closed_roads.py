"""Which roads a forecast closes: those that stand deep enough, with chance enough, somewhere on their way.

Screening: the depth of a cell of a hectare stands for the road in it. Bridges and elevated roads stand above the
ground's water; where a graph does not mark them, their names are all there is to go by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import shapely

from anlan.assess.tiles import Sheet
from anlan.city.roads import Roads
from anlan.city.terrain import Terrain
from anlan.science.arrays import Bools, Floats, Ints

_SAMPLES_PER_CELL = 2
"""Looks per side of a cell along a road, so that it passes no cell unseen but at a corner."""


@dataclass(frozen=True)
class Rule:
    """Depth at which a road closes, the chance of it that counts, and words in the names of roads above the ground."""

    depth_m: float
    chance: float
    raised: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Closure:
    """What a forecast says of each edge of a road graph; arrays (edges,).

    Attributes
    ----------
    closed
        For routing: true where the edge cannot be driven.
    chance
        Greatest chance along the edge of the closing depth, 0 to 1.
    depth_m
        Greatest depth along the edge, best estimate.
    wet_m
        How much of the edge's length closes it.
    worst
        Sample of the edge's course where the depth is greatest.
    frame
        First of the forecast's frames in which the control closes the edge; -1 for none.
    """

    closed: Bools
    chance: Floats
    depth_m: Floats
    wet_m: Floats
    worst: Ints
    frame: Ints


@dataclass(frozen=True, eq=False)
class Course:
    """Samples along edges, one edge after the other: ``cell`` counted row by row; ``first`` (edges,) of each edge."""

    cell: Ints
    lon: Floats
    lat: Floats
    first: Ints
    edge: Ints


def closures(own: Sheet, roads: Roads, rule: Rule) -> Closure:
    """Return what a forecast says of each edge.

    The chance is that of the deepest of the forecast's thresholds that the closing depth reaches: where it is none of
    them, roads close too early rather than too late.

    Raises
    ------
    ValueError
        If the closing depth is below all thresholds.
    """
    footprint = own.footprint
    reached = [number for number, depth in enumerate(footprint.thresholds_m) if depth <= rule.depth_m]
    if not reached:
        raise ValueError(f"no threshold of the forecast is reached at {rule.depth_m} m: {footprint.thresholds_m}")
    course = course_of(own.terrain, roads)
    place = own.place[course.cell]

    def sampled(wet: npt.NDArray[np.generic]) -> Floats:
        return np.append(wet.astype(np.float64), 0.0)[place]

    def greatest(values: Floats) -> Floats:
        return np.maximum.reduceat(values, course.first) if len(course.first) else values

    chance, depth = sampled(footprint.chance[reached[-1]]) / 100, sampled(footprint.depth_m[1])
    closing = chance >= rule.chance
    edges = len(course.first)
    count = np.maximum(1, np.bincount(course.edge, minlength=edges))
    frame = np.full(edges, -1, dtype=np.int64)
    for number in reversed(range(len(footprint.frames_s))):
        frame[greatest(sampled(footprint.frames_m[number])) >= rule.depth_m] = number
    return Closure(
        closed=~raised(roads, rule.raised) & (greatest(closing.astype(np.float64)) > 0),
        chance=greatest(chance),
        depth_m=greatest(depth),
        wet_m=np.bincount(course.edge, closing, minlength=edges) / count * roads.length_m,
        worst=_last(course, depth),
        frame=frame,
    )


def _last(course: Course, values: Floats) -> Ints:
    """Return the sample of each edge with the greatest value; the last one of equals."""
    order = np.lexsort((values, course.edge))
    ends = np.append(course.first[1:], len(order)) - 1
    return order[ends] if len(course.first) else order


def raised(roads: Roads, words: Sequence[str]) -> Bools:
    """Tell which edges stand above the ground by their names."""
    found = np.zeros(len(roads.name), dtype=np.bool_)
    for word in words:
        found |= np.char.find(roads.name, word) >= 0
    return found


_COURSES: WeakKeyDictionary[Roads, tuple[Terrain, Course]] = WeakKeyDictionary()


def course_of(terrain: Terrain, roads: Roads) -> Course:
    """Return the cells that edges pass, laid out once for each graph in memory."""
    kept = _COURSES.get(roads)
    if kept is None or kept[0] is not terrain:
        kept = _COURSES[roads] = (terrain, _laid_out(terrain, roads))
    return kept[1]


def _laid_out(terrain: Terrain, roads: Roads) -> Course:
    lines = terrain.projection.project(roads.geometry)
    length = shapely.length(lines)
    count = np.maximum(1, np.ceil(length / terrain.cell_m * _SAMPLES_PER_CELL)).astype(np.int64) + 1
    edge = np.repeat(np.arange(len(lines)), count)
    first = np.concatenate([[0], np.cumsum(count)[:-1]]) if len(count) else np.zeros(0, dtype=np.int64)
    along = (np.arange(len(edge)) - first[edge]) / (count[edge] - 1) * length[edge]
    points = shapely.line_interpolate_point(lines[edge], along)
    row = np.floor((terrain.north - shapely.get_y(points)) / terrain.cell_m).astype(np.int64)
    column = np.floor((shapely.get_x(points) - terrain.west) / terrain.cell_m).astype(np.int64)
    rows, columns = terrain.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    lon, lat = terrain.projection.degrees(shapely.get_x(points), shapely.get_y(points))
    cell = np.where(inside, row * columns + column, rows * columns)
    return Course(cell, lon, lat, first.astype(np.int64), edge)
