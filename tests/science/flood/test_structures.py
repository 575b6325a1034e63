"""Lines on faces and areas on cells: no gaps by flood fill, shapely's areas, lines along axes by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label
from shapely import Polygon, contains_xy

from anlan.science.flood.grid import Grid
from anlan.science.flood.structures import (
    Corner,
    Polyline,
    cells_at,
    crossings,
    raised,
    with_walls,
    within,
    without,
)


def flat(rows=9, columns=11, dx=10.0, dy=7.0):
    return Grid(np.zeros((rows, columns)), dx, dy, 0.03)


CORNER = Corner(west_m=500.0, north_m=900.0)
ANY = st.floats(-30, 150, allow_nan=False)
ON_CENTRES = st.integers(-2, 13).map(lambda k: 5.0 + 10.0 * k)
ACROSS = st.one_of(ANY, ON_CENTRES)
DOWN = st.one_of(st.floats(-90, 30), st.integers(-12, 3).map(lambda k: -3.5 + 7.0 * k))
RINGS = st.lists(st.tuples(ACROSS, DOWN), min_size=3, max_size=9)


def regions(grid):
    """Number the parts of a grid that walls part from each other, by flood fill over a map with the faces as cells."""
    rows, columns = grid.shape
    open_ = np.zeros((2 * rows - 1, 2 * columns - 1), dtype=bool)
    open_[::2, ::2] = True
    open_[::2, 1::2] = np.isnan(grid.wall_x_m)
    open_[1::2, ::2] = np.isnan(grid.wall_y_m)
    numbers, _ = label(open_)
    return numbers[::2, ::2]


@given(RINGS)
@settings(max_examples=300)
def test_a_closed_line_parts_what_is_within_it_from_what_is_not(ring):
    grid = flat()
    x, y = 500 + np.array([p[0] for p in ring]), 900 + np.array([p[1] for p in ring])
    closed = Polyline(np.append(x, x[0]), np.append(y, y[0]), np.full(len(x) + 1, 2.0))
    inside = within(grid, [np.column_stack([x, y])], CORNER)

    parts = regions(with_walls(grid, [closed], CORNER))

    assert not set(parts[inside]) & set(parts[~inside])


@given(st.lists(st.tuples(ANY, st.floats(-90, 30)), min_size=3, max_size=3, unique=True))
def test_cells_within_a_triangle_are_shapelys(ring):
    grid = flat()
    points = np.array(ring) + np.array([500, 900])
    triangle = Polygon(points)
    x, y = np.meshgrid(505 + 10 * np.arange(11), 896.5 - 7 * np.arange(9))
    clear = contains_xy(triangle.buffer(0.02), x, y) == contains_xy(triangle.buffer(-0.02), x, y)

    found = within(grid, [points], CORNER)

    np.testing.assert_array_equal(found[clear], contains_xy(triangle, x, y)[clear])


def test_holes_and_several_areas_stand_together():
    square = np.array([[0, 0], [90, 0], [90, -63], [0, -63]])
    hole = np.array([[30, -21], [60, -21], [60, -42], [30, -42]])

    found = within(flat(), [square, hole])

    assert found.sum() == 9 * 9 - 3 * 3
    assert not found[4, 4]


def test_an_upright_line_stands_on_upright_faces_with_its_own_height():
    line = Polyline.of([[520.0, 900.0, 1.0], [520.0, 837.0, 10.0]])

    walls = with_walls(flat(), [line], CORNER)

    heights = 1 + 9 * (3.5 + 7 * np.arange(9)) / 63
    np.testing.assert_allclose(walls.wall_x_m[:, 1], heights, atol=1e-3)
    assert np.isnan(np.delete(walls.wall_x_m, 1, axis=1)).all()
    assert np.isnan(walls.wall_y_m).all()


def test_where_walls_meet_the_highest_counts_and_old_walls_stay():
    low = Polyline.of([[520.0, 900.0, 1.0], [520.0, 837.0, 1.0]])
    high = Polyline.of([[522.0, 837.0, 3.0], [522.0, 870.0, 3.0]])
    once = with_walls(flat(), [low], CORNER)

    both = with_walls(once, [high], CORNER)

    assert both.wall_x_m[:, 1].tolist() == [1.0] * 4 + [3.0] * 5


@given(st.integers(0, 2**32 - 1))
def test_left_and_right_are_those_of_one_who_walks_along_the_line(seed):
    rng = np.random.default_rng(seed)
    (x0, x1), (y0, y1) = rng.uniform(500, 610, 2), rng.uniform(837, 900, 2)
    found = crossings(flat(), [Polyline.of([[x0, y0, 0.0], [x1, y1, 0.0]])], CORNER)

    def side(cells):
        x, y = 505 + 10 * (cells % 11), 896.5 - 7 * (cells // 11)
        return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)

    assert (side(found.left) >= -0.1).all()
    assert (side(found.right) <= 0.1).all()


def test_buildings_are_holes_or_stand_higher():
    grid, cells = flat(), np.zeros((9, 11), dtype=bool)
    cells[2, 3] = True

    assert np.argwhere(np.isnan(without(grid, cells).bed_m)).tolist() == [[2, 3]]
    assert raised(grid, cells, 3.0).bed_m.sum() == 3.0


def test_points_stand_in_cells_and_not_outside():
    assert cells_at(flat(), [500.0, 609.9], [900.0, 837.1], CORNER).tolist() == [0, 98]
    with pytest.raises(ValueError, match="outside"):
        cells_at(flat(), 499.0, 900.0, CORNER)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Polyline.of([[0.0, 0.0, 1.0]]), "two points"),
        (lambda: Polyline.of([[0.0, 0.0, 1.0], [1.0, np.nan, 1.0]]), "finite"),
        (lambda: Polyline.of([[0.0, 0.0], [1.0, 1.0]]), "three columns"),
        (lambda: within(flat(), [[[0.0, 0.0], [1.0, 1.0]]]), "three points"),
        (lambda: with_walls(flat(), [Polyline.of([[0.0, 0.0, 1.0], [1e12, 0.0, 1.0]])]), "too far"),
    ],
)
def test_bad_lines_get_a_clear_error(make, message):
    with pytest.raises(ValueError, match=message):
        make()
