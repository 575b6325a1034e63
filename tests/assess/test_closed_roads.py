"""Closed roads: beside a plain walk along each road in steps of five metres."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.assess.closed_roads import Closure, Rule, closures, course_of, raised
from anlan.assess.footprint import pack, unpack
from anlan.assess.tiles import sheet
from anlan.city.city import City
from anlan.city.load import load_city
from assess.floodings import flooding

RULE = Rule(0.3, 0.5)
STEP_M = 5.0


def said_of(city: City, cell: Any, member_depth_m: Any, rule: Rule = RULE, **more: Any) -> Closure:
    own = sheet(city.terrain, unpack(pack(flooding(city, member_depth_m, cell, **more), 0.0)))
    return closures(own, city.center_roads, rule)


def walked(city: City, edge: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how far along an edge, m, one has come at each step of five metres, and the cell there."""
    line = city.projection.project(city.center_roads.geometry[edge : edge + 1])[0]
    steps = shapely.get_coordinates(shapely.segmentize(line, STEP_M))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(steps, axis=0).T))])
    row, column = city.terrain.cells(*city.projection.degrees(*steps.T))
    return along, row * city.terrain.shape[1] + column


def longest(along: np.ndarray, wet: np.ndarray) -> float:
    """Return the longest way without leaving the water."""
    best, begun = 0.0, None
    for here, is_wet in zip(along.tolist(), wet.tolist(), strict=True):
        begun = (here if begun is None else begun) if is_wet else None
        best = best if begun is None else max(best, here - begun)
    return best


def cells_of_roads(city: City) -> np.ndarray:
    return np.unique(course_of(city.terrain, city.center_roads).cell)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_a_road_closes_where_a_walk_along_it_meets_deep_water(seed: int) -> None:
    city = load_city("shanghai")
    rng = np.random.default_rng(seed)
    cell = rng.choice(cells_of_roads(city), 12, replace=False)
    said = said_of(city, cell, np.full((3, len(cell)), 0.4))
    terrain = city.terrain
    rows, columns = np.divmod(cell, terrain.shape[1])
    west, north = terrain.west + columns * terrain.cell_m, terrain.north - rows * terrain.cell_m
    squares = shapely.box(west, north - terrain.cell_m, west + terrain.cell_m, north)
    for edge in rng.choice(len(said.closed), 150, replace=False).tolist():
        along, under = walked(city, edge)
        met = np.isin(under, cell)
        if longest(along, met) > city.terrain.cell_m / 2:  # longer than the gap between two looks
            assert said.closed[edge], edge
        if said.closed[edge]:
            line = city.projection.project(city.center_roads.geometry[edge : edge + 1])[0]
            assert shapely.distance(line, squares).min() < 1e-3, edge


@pytest.mark.parametrize(("wet", "closes"), [(4, False), (5, True), (9, True)])
def test_a_road_closes_with_the_chance_that_policy_asks(city: City, wet: int, closes: bool) -> None:
    cell = cells_of_roads(city)[:1]
    said = said_of(city, cell, [[0.35]] * wet + [[0.1]] * (9 - wet))
    touched = said.chance > 0

    assert touched.any()
    assert said.chance[touched] == pytest.approx(wet / 9, abs=0.005)
    assert said.closed[touched].all() == closes
    assert not said.closed[~touched].any()


def test_between_thresholds_roads_close_too_early_rather_than_too_late(city: City) -> None:
    cell = cells_of_roads(city)[:1]

    assert said_of(city, cell, [[0.35]], Rule(0.4, 0.5)).closed.any()
    assert not said_of(city, cell, [[0.25]], Rule(0.4, 0.5)).closed.any()
    with pytest.raises(ValueError, match="threshold"):
        said_of(city, cell, [[0.35]], Rule(0.1, 0.5))


def test_the_first_moment_that_closes_is_told_and_none_where_the_control_stays_shallow(city: City) -> None:
    cell = cells_of_roads(city)[:2]
    frames = np.array([[0.1, 0.1], [0.31, 0.1], [0.5, 0.1], [0.2, 0.1]], dtype=np.float32)
    said = said_of(city, cell, np.full((3, 2), 0.5), frames_s=np.arange(4.0), frames_m=frames)
    course = course_of(city.terrain, city.center_roads)
    first, second = (np.isin(np.arange(len(said.closed)), course.edge[course.cell == one]) for one in cell)

    assert set(said.frame[first]) == {1}
    assert set(said.frame[second & ~first]) <= {-1}


def test_what_closes_a_road_lies_on_it(city: City) -> None:
    cell = cells_of_roads(city)[::7]
    said = said_of(city, cell, np.full((3, len(cell)), 0.4))
    roads, course = city.center_roads, course_of(city.terrain, city.center_roads)
    closed = np.flatnonzero(said.closed)

    assert len(closed) > 0
    assert (said.wet_m <= roads.length_m + 1e-9).all()
    assert np.array_equal(said.wet_m > 0, said.closed)
    assert np.array_equal(course.edge[said.worst], np.arange(len(roads.tail)))
    assert np.isin(course.cell[said.worst[closed]], cell).all()
    points = shapely.points(course.lon[said.worst], course.lat[said.worst])
    assert shapely.distance(points, roads.geometry).max() < 1e-5


def test_roads_above_the_ground_stay_open(city: City) -> None:
    roads = city.center_roads
    above = raised(roads, ("高架", "桥"))
    cell = cells_of_roads(city)
    said = said_of(city, cell, np.full((1, len(cell)), 2.0), Rule(0.3, 0.5, ("高架", "桥")))

    assert above.any()
    assert all(("高架" in name) or ("桥" in name) for name in roads.name[above])
    assert np.array_equal(said.closed, ~above)
