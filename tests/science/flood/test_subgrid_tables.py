"""Tables of coarse cells and faces against sums over the pixels that they stand for."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from anlan.science.flood.grid import Grid
from anlan.science.flood.subgrid_tables import SubgridTables, subgrid_tables
from anlan.science.flood.team import Team

HEIGHTS = hnp.arrays(np.float32, (6, 8), elements=st.floats(-3, 9, width=32))
UNUSED = 1e5


def made(bed: npt.NDArray[Any], factor: Any, manning: Any = 0.03, **given: Any) -> SubgridTables:
    walls = {name: given.pop(name) for name in ("wall_x_m", "wall_y_m") if name in given}
    return subgrid_tables(Grid(bed, 10.0, 10.0, manning, **walls), factor, team=Team(1), **given)


def face(table: npt.NDArray[np.float32], level: float) -> tuple[float, float]:
    """Return flow area and conveyance per breadth as a table has them."""
    levels, wet, n2 = table.astype(float)
    levels, wet, n2 = (values[levels < UNUSED] for values in (levels, wet, n2))
    ends = np.append(levels[1:], np.inf)
    area = float(np.sum(wet * np.maximum(0, np.minimum(level, ends) - levels)))
    return area, area ** (5 / 3) / np.sqrt(np.interp(level, levels, n2))


@given(HEIGHTS, st.floats(-4, 12))
@settings(deadline=None, max_examples=60)
def test_volume_is_that_above_the_pixels(bed: npt.NDArray[np.float32], level: float) -> None:
    tables = made(bed, (3, 4))

    found = tables.mean_depth_m(np.full((2, 2), level))

    plain = np.maximum(0, level - bed.astype(float)).reshape(2, 3, 2, 4).mean(axis=(1, 3))
    assert found == pytest.approx(plain, abs=2e-4)  # heights that are alike to a tenth of a millimetre are one


@given(HEIGHTS, hnp.arrays(np.float32, (2, 2), elements=st.floats(0, 8, width=32)), st.integers(4, 16))
@settings(deadline=None, max_examples=60)
def test_from_volume_to_level_and_back(
    bed: npt.NDArray[np.float32], depth: npt.NDArray[np.float32], levels: int
) -> None:
    tables = made(bed, (3, 4), levels=levels)

    level = tables.level_m(depth)

    assert tables.mean_depth_m(level) == pytest.approx(depth, abs=1e-5)
    assert np.all(level >= tables.grid.bed_m)


@given(HEIGHTS, st.floats(-2, 12))
@settings(deadline=None, max_examples=60)
def test_faces_have_the_area_and_the_conveyance_of_the_pixel_pairs(bed: npt.NDArray[np.float32], level: float) -> None:
    n = np.linspace(0.02, 0.06, bed.size, dtype=np.float32).reshape(bed.shape)
    tables = made(bed, (3, 4), n)

    area, carried = face(tables.right[0, 0], level - tables.datum_m)

    pairs = np.maximum(bed[:3, 3], bed[:3, 4]).astype(float)
    depths = np.maximum(0, level - pairs)
    assert area == pytest.approx(depths.mean(), abs=2e-4)
    plain = float(np.mean(depths ** (5 / 3) / ((n[:3, 3] + n[:3, 4]) / 2)))
    assert carried == pytest.approx(plain, rel=0.25, abs=0.02)


def test_many_pixels_lose_no_volume_and_little_of_its_course() -> None:
    rng = np.random.default_rng(3)
    bed = rng.normal(4, 0.3, (25, 25))
    bed[:, 8:10] -= 2.2
    bed[10:20, 14:20] += 3
    tables = made(bed.astype(np.float32), 25)

    for level in (2.0, 3.0, 3.8, 4.0, 4.3, 6.0, 9.0):
        plain = np.maximum(0, level - bed).mean()
        assert tables.mean_depth_m(np.full((1, 1), level))[0, 0] == pytest.approx(plain, rel=0.02, abs=0.003), level


def test_a_narrow_canal_is_in_the_tables_of_cell_and_face() -> None:
    bed = np.full((20, 40), 4.0, dtype=np.float32)
    bed[9] = 2.0  # one pixel of twenty
    tables = made(bed, 20)

    area, carried = face(tables.right[0, 0], 3.5 - tables.datum_m)

    assert tables.mean_depth_m(np.full((1, 2), 3.5)) == pytest.approx(1.5 / 20)
    assert area == pytest.approx(1.5 / 20)
    assert carried == pytest.approx(1.5 ** (5 / 3) / 0.03 / 20)


def test_pixels_without_ground_neither_hold_nor_carry() -> None:
    bed = np.full((6, 12), 4.0, dtype=np.float32)
    bed[:3, :6] = np.nan
    bed[:, 6:] = np.nan
    tables = made(bed, 6)

    assert tables.mean_depth_m(np.full((1, 2), 6.0))[0] == pytest.approx([1.0, 0.0])
    assert np.isnan(tables.grid.bed_m[0, 1])
    assert np.isnan(tables.level_m(np.zeros((1, 2), np.float32))[0, 1])
    assert (tables.right[0, 0, 0] > UNUSED).all()


def test_porous_pixels_count_by_their_part() -> None:
    bed, part = np.full((4, 8), 4.0, dtype=np.float32), np.ones((4, 8), dtype=np.float32)
    part[:, 2:4], part[0, 3] = 0.25, 0.0
    tables = made(bed, 4, open_part=part)

    area, carried = face(tables.right[0, 0], 5.0 - tables.datum_m)

    assert tables.mean_depth_m(np.full((1, 2), 5.0))[0, 0] == pytest.approx((8 + 7 * 0.25) / 16)
    assert area == pytest.approx(0.25 * 3 / 4)
    assert carried == pytest.approx(0.25 * 3 / 4 / 0.03)


@pytest.mark.parametrize("place", [2, 3, 4])
def test_a_levee_within_half_a_cell_stands_on_the_face(place: int) -> None:
    bed, wall = np.full((4, 8), 4.0, dtype=np.float32), np.full((4, 7), np.nan, dtype=np.float32)
    wall[:, place] = 6.0
    across = made(bed, 4, wall_x_m=wall)
    down = made(np.ascontiguousarray(bed.T), 4, wall_y_m=np.ascontiguousarray(wall.T))

    for table in (across.right[0, 0], down.below[0, 0]):
        assert face(table, 5.9 - across.datum_m)[0] == 0
        assert face(table, 6.5 - across.datum_m)[0] == pytest.approx(0.5)


@pytest.mark.parametrize(("reach", "part"), [(1, 5 / 6), (2, 4 / 6), (3, 3 / 6)])
def test_what_stands_within_reach_of_a_face_is_in_the_way(reach: int, part: float) -> None:
    bed = np.zeros((6, 12), dtype=np.float32)
    bed[0, 6], bed[1, 4], bed[2, 8] = 5.0, 5.0, np.nan  # one, two and three pixels from the face
    bed[3, 2] = 5.0  # out of reach
    across = made(bed, 6, reach=reach)
    down = made(np.ascontiguousarray(bed.T), 6, reach=reach)

    for table in (across.right[0, 0], down.below[0, 0]):
        assert face(table, 1.0 - across.datum_m)[0] == pytest.approx(part)


def test_what_is_left_over_at_the_edges_is_a_cell_in_part() -> None:
    tables = made(np.zeros((5, 7), dtype=np.float32), 3)

    assert tables.grid.shape == (2, 3)
    assert tables.mean_depth_m(np.ones((2, 3))) == pytest.approx(np.array([[1, 1, 1 / 3], [2 / 3, 2 / 3, 2 / 9]]))


def test_mean_roughness_is_that_of_the_ground() -> None:
    n = np.full((4, 4), 0.02, dtype=np.float32)
    bed = np.zeros((4, 4), dtype=np.float32)
    n[:, :2], bed[0, 0], n[0, 0] = 0.05, np.nan, np.nan
    tables = made(bed, 4, n)

    assert tables.grid.manning == pytest.approx((7 * 0.05 + 8 * 0.02) / 15)


def test_depths_on_the_fine_terrain_are_those_below_the_levels() -> None:
    bed = np.arange(12, dtype=np.float32).reshape(3, 4)
    bed[2, 3] = np.nan
    tables = made(bed, (3, 2))

    found = tables.fine_depth_m(np.array([[5.0, 6.0]], dtype=np.float32), bed)

    assert found == pytest.approx(
        np.array([[5, 4, 4, 3], [1, 0, 0, 0], [0, 0, 0, np.nan]], dtype=np.float32), nan_ok=True
    )
    with pytest.raises(ValueError, match="fine_bed_m"):
        tables.fine_depth_m(np.zeros((1, 2), np.float32), bed[:2])


def test_the_number_of_threads_changes_nothing() -> None:
    bed = np.random.default_rng(1).normal(0, 1, (200, 40)).astype(np.float32)
    one, two = (subgrid_tables(Grid(bed, 5.0, 5.0, 0.03), 5, team=Team(members)) for members in (1, 2))

    for name in ("cells", "right", "below"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"factor": 0}, "factor"),
        ({"factor": 2, "levels": 3}, "levels"),
        ({"factor": 2, "reach": 0}, "reach"),
        ({"factor": 4, "reach": 3}, "reach"),
        ({"factor": 2, "open_part": np.ones((2, 2), np.float32)}, "open_part"),
        ({"factor": 2, "open_part": np.full((4, 4), np.nan, np.float32)}, "open_part"),
        ({"factor": 2, "open_part": np.full((4, 4), 1.5, np.float32)}, "open_part"),
    ],
)
def test_what_makes_no_table_is_refused(given: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        made(np.zeros((4, 4), np.float32), **given)


def test_levels_need_the_shape_of_the_grid() -> None:
    with pytest.raises(ValueError, match="levels_m"):
        made(np.zeros((4, 4), np.float32), 2).mean_depth_m(np.zeros((3, 3)))
