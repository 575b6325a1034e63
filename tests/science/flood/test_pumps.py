"""Pumps: capacity, rule, curve, failures, and where the water goes."""

import numpy as np
import pytest

from anlan.science.arrays import floats
from anlan.science.flood.points import Series
from anlan.science.flood.pumps import Curve, Pump, Pumps
from science.flood.structure_cases import ponds, pools, started, total_m3
from science.flood.test_links import restarted


def test_a_pump_empties_a_pit_at_its_capacity_and_stops_at_its_level():
    grid, depth, left, _ = ponds(2.0, 0.0)
    pumps = Pumps([Pump("pit", pools(grid, left)[0], None, Curve.steady(1.5), start_m=1.0, stop_m=0.25)])
    run = started(grid, depth, pumps)
    volumes = [total_m3(run)]
    for minutes in range(1, 31):
        run.run(60.0 * minutes)
        volumes.append(total_m3(run))

    expected = np.maximum(2400 - 90.0 * np.arange(31), 300)
    np.testing.assert_allclose(volumes, expected, atol=2.0)
    assert run.books.moved_m3["pumps"] == pytest.approx(-2100, abs=2.0)
    assert abs(run.mass_error()) < 1e-5
    assert not pumps.running[0]


def test_it_starts_above_its_level_and_runs_on_below_it():
    grid, depth, left, _ = ponds(1.0, 0.0)
    pumps = Pumps([Pump("p", pools(grid, left)[0], None, Curve.steady(1.0), start_m=1.2, stop_m=0.5)])

    pumps.apply(0.0, 10.0, depth, None)
    assert pumps.lifted_m3[0] == 0
    depth[:, :4] = 1.25
    for k in range(8):
        pumps.apply(10.0 * k, 10.0 * k + 10, depth, None)

    assert pumps.lifted_m3[0] == pytest.approx(80.0, rel=1e-4)


def test_it_stands_still_while_it_fails_and_blocks_end_there():
    grid, depth, left, _ = ponds(2.0, 0.0)
    pump = Pump(
        "p", pools(grid, left)[0], None, Curve.steady(1.0), 0.5, 0.1, failures=((100.0, 400.0), (500.0, np.inf))
    )
    pumps = Pumps([pump])
    run = started(grid, depth, pumps)

    run.run(900.0)

    assert pumps.lifted_m3[0] == pytest.approx(200.0, abs=0.1)
    assert pumps.ran_s[0] == pytest.approx(200.0)
    assert pumps.next_bend(120.0) == 400.0


def test_it_lifts_to_other_cells_less_the_higher_it_lifts():
    grid, depth, left, right = ponds(2.0, 0.5)
    first, second = pools(grid, left, right)
    curve = Curve(floats([0.0, 2.0]), floats([2.0, 0.0]))
    run = started(grid, depth, Pumps([Pump("up", first, second, curve, 0.1, 0.0)]))

    run.run(6 * 3600.0)
    a, b = (pool.level_m(pool.volume_m3(run.solver.depth_m)) for pool in (first, second))

    assert b - a == pytest.approx(2.0, abs=0.02)
    assert a + b == pytest.approx(2.5, abs=1e-3)
    assert run.books.moved_m3["pumps"] == 0


def test_against_the_tide_the_curve_counts():
    grid, depth, left, _ = ponds(1.0, 0.0)
    tide = Series.of([0.0, 100.0], [1.0, 3.0])
    pump = Pump("p", pools(grid, left)[0], tide, Curve(floats([0.0, 2.0]), floats([2.0, 1.0])), 0.5, 0.1)
    pumps = Pumps([pump])

    pumps.apply(0.0, 1.0, depth, None)
    low = pumps.lifted_m3[0]
    pumps.apply(100.0, 101.0, depth, None)

    assert (low, pumps.lifted_m3[0] - low) == pytest.approx((2.0, 1.0), rel=2e-3)


def test_a_run_goes_on_from_a_checkpoint_to_the_same_bits():
    def build():
        grid, depth, left, right = ponds(2.0, 0.0)
        first, second = pools(grid, left[-1:], right[:1])
        return started(grid, depth, Pumps([Pump("p", first, second, Curve.steady(0.4), 1.9, 0.3)]))

    straight, resumed = restarted(build, 900.0, 333.0)

    for name, values in straight.items():
        np.testing.assert_array_equal(values, resumed[name], err_msg=name)
    assert straight["pumps.lifted_m3"][0] > 100


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: Curve(floats([0.0, 1.0]), floats([1.0, 2.0])), "rise with the head"),
        (lambda p: Curve(floats([1.0, 0.0]), floats([1.0, 1.0])), "heads that rise"),
        (lambda p: Pump("x", p, None, Curve.steady(1.0), 0.0, 1.0), "stop at or below"),
        (lambda p: Pump("x", p, None, Curve.steady(1.0), 1.0, 0.0, ((5.0, 4.0),)), "failure"),
        (lambda p: Pumps([Pump("x", p, None, Curve.steady(1.0), 1.0, 0.0)] * 2), "one name"),
    ],
)
def test_bad_pumps_get_a_clear_error(make, message):
    grid, _, left, _ = ponds()
    with pytest.raises(ValueError, match=message):
        make(pools(grid, left)[0])
