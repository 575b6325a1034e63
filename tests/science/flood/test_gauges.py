"""Series at points against the solver's own arrays."""

import numpy as np
import pytest

from anlan.science.flood.gauges import Gauges, next_multiple
from science.flood.structure_cases import started
from science.flood.test_links import restarted
from science.flood.test_outcomes import Diary, hill


def spots(grid):
    columns = grid.shape[1]
    cells = {"top": 5 * columns + 2, "middle": 5 * columns + 12, "foot": 5 * columns + 27}
    assert all(grid.ground.ravel()[cell] for cell in cells.values())
    return cells


def test_series_are_the_cells_own_numbers_at_every_block():
    grid, depth = hill()
    gauges, diary = Gauges(grid, spots(grid), motion=True), Diary()
    run = started(grid, depth, observers=(gauges, diary))
    run.run(60.0)

    for name, cell in spots(grid).items():
        seen = gauges.series(name)
        depths = np.array(diary.depth).reshape(len(seen.time_s), -1)[:, cell]
        np.testing.assert_array_equal(seen.time_s, diary.time_s[1:])
        np.testing.assert_array_equal(seen.depth_m, depths)
        wet = depths >= 1e-3
        np.testing.assert_allclose(seen.level_m[wet], (grid.bed_m.ravel()[cell] + depths)[wet])
        assert np.isnan(seen.level_m[~wet]).all()
        speeds = np.array(diary.speed).reshape(len(seen.time_s), -1)[:, cell]
        np.testing.assert_allclose(np.hypot(seen.east_m_s, seen.north_m_s), speeds, rtol=1e-5, atol=1e-7)
    assert np.isnan(gauges.series("foot").level_m[0])
    assert gauges.series("middle").east_m_s.max() > 0.5


def test_with_an_interval_blocks_end_at_its_moments():
    grid, depth = hill()
    gauges = Gauges(grid, spots(grid), every_s=7.0)
    run = started(grid, depth, observers=(gauges,))

    run.run(60.0)

    assert gauges.series("top").time_s.tolist() == [7.0 * k for k in range(1, 9)]
    assert gauges.series("top").east_m_s.size == 0


def test_moments_do_not_drift():
    assert next_multiple(0.0, 0.1) == 0.1
    assert next_multiple(0.1 * 3, 0.1) == pytest.approx(0.4)
    assert next_multiple(0.3 - 1e-12, 0.1) == pytest.approx(0.4)


def test_a_run_goes_on_from_a_checkpoint_to_the_same_bits():
    def build():
        grid, depth = hill()
        return started(grid, depth, observers=(Gauges(grid, spots(grid), every_s=3.0, motion=True),))

    straight, resumed = restarted(build, 40.0, 17.0)

    for name, values in straight.items():
        np.testing.assert_array_equal(values, resumed[name], err_msg=name)
    assert straight["gauges.rows"].shape[0] == 13


def test_bad_points_get_a_clear_error():
    grid, _ = hill()
    hole = int(np.flatnonzero(~grid.ground.ravel())[0])

    for cells in ({}, {"out": grid.bed_m.size}, {"hole": hole}):
        with pytest.raises(ValueError, match="needs points on the ground"):
            Gauges(grid, cells)
    with pytest.raises(KeyError):
        Gauges(grid, spots(grid)).series("nowhere")
