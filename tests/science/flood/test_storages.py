"""Basements and underpasses: the weir at their sill, order of arrival, pumps, and water neither made nor lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.science.flood.culverts import Box, Culvert
from anlan.science.flood.gates import Breach, BreachShape, Gate, LevelRule
from anlan.science.flood.links import Link, Links
from anlan.science.flood.openings import Flap, Slot, Weir
from anlan.science.flood.points import Inflow, Points, Series
from anlan.science.flood.pumps import Curve, Pump, Pumps
from anlan.science.flood.storages import Storage, StoragePump, Storages
from science.flood.structure_cases import ponds, pools, started, total_m3
from science.flood.test_links import restarted
from science.flood.verification import Row, record


def cellar(street, *, name="cellar", sill=0.5, breadth=1.0, capacity=200.0, pump=None):
    return Storage(name, street, Weir(sill, breadth), -3.0, 100.0, capacity, pump)


def test_a_basement_fills_over_its_sill_as_its_weir_says_and_tells_when():
    """The head falls as in a pond that runs out over a weir: h = (h0^-0.5 + C b t / (2 A))^-2."""
    grid, depth, left, _ = ponds(0.8, 0.0, side_m=100.0)
    storages = Storages([cellar(pools(grid, left)[0])])
    run = started(grid, depth, storages, longest_step_s=0.5)
    area, pull = 12e4, 1.7046 / (2 * 12e4)
    full_s = ((0.3 - 200 / area) ** -0.5 - 0.3**-0.5) / pull
    run.run(300.0)
    early = storages.reports()[0]
    run.run(1200.0)
    late = storages.reports()[0]

    assert early.volume_m3 == pytest.approx(area * (0.3 - (0.3**-0.5 + pull * 300) ** -2), rel=2e-3)
    assert early.first_water_s == 0.0
    assert np.isnan(early.filled_s)
    assert late.volume_m3 == pytest.approx(200.0, rel=1e-4)
    assert late.peak_depth_m == pytest.approx(2.0, rel=1e-4)
    error = late.filled_s - full_s
    record(
        Row("basement behind a sill", "storages", "h = (h0^-1/2 + C b t / 2A)^-2", "moment when full", error, 2.0, "s")
    )


def test_reports_stand_in_the_order_in_which_water_came():
    grid, depth, left, right = ponds(0.0, 0.0)
    street = pools(grid, left)[0]
    rising = Points(grid, (Inflow("main", left, Series.steady(1.0)),))
    storages = Storages(
        [
            cellar(street, name="high", sill=0.6),
            cellar(pools(grid, right)[0], name="dry"),
            cellar(street, name="low", sill=0.2),
        ]
    )
    run = started(grid, depth, storages, points=rising, longest_step_s=2.0)

    run.run(1800.0)
    high, low = (next(r for r in storages.reports() if r.name == name) for name in ("high", "low"))

    assert [report.name for report in storages.reports()] == ["low", "high", "dry"]
    assert low.first_water_s == pytest.approx(0.2 * 1200, abs=20)
    assert high.first_water_s > low.first_water_s
    assert np.isnan(storages.reports()[-1].first_water_s)


def test_a_pump_keeps_a_storage_empty_until_it_fails():
    grid, depth, left, _ = ponds(0.52, 0.0, side_m=100.0)
    pump = StoragePump(0.1, fails_s=600.0)
    storages = Storages([cellar(pools(grid, left)[0], pump=pump)])
    run = started(grid, depth, storages)
    rate = 1.705 * 0.02**1.5

    run.run(600.0)
    before = storages.volume_m3
    run.run(1600.0)

    assert before == 0
    assert storages.volume_m3 == pytest.approx(rate * 1000, rel=0.02)
    assert storages.reports()[0].pumped_m3 == pytest.approx(rate * 600, rel=0.02)
    assert run.books.moved_m3["storages"] == pytest.approx(-rate * 1600, rel=0.02)


def test_what_stands_above_the_sill_runs_back_and_the_rest_stays():
    grid, depth, left, _ = ponds(1.5, 0.0)
    storage = cellar(pools(grid, left)[0], capacity=450.0, breadth=20.0)
    storages = Storages([storage])
    run = started(grid, depth, storages)
    run.run(600.0)
    full = storages.volume_m3
    run.solver.depth_m[:, :4] = 0.0

    run.run(3600.0)

    assert full > 360
    assert storages.volume_m3 == pytest.approx(350.0, abs=3.0)
    assert storage.level_m(storages.volume_m3) == pytest.approx(0.5, abs=0.03)


SECONDS = st.floats(0.5, 300)


@given(
    st.floats(0, 3),
    st.floats(-0.5, 1.5),
    st.floats(0.1, 30),
    st.floats(1, 600),
    st.booleans(),
    st.lists(SECONDS, min_size=1, max_size=6),
)
@settings(max_examples=150)
def test_a_storage_makes_and_loses_no_water_and_levels_do_not_cross(street_m, sill, breadth, capacity, back, blocks):
    grid, depth, left, _ = ponds(street_m, 0.0)
    street = pools(grid, left)[0]
    pump = StoragePump(0.2, to_street=True) if back else None
    storages = Storages([cellar(street, sill=sill, breadth=breadth, capacity=capacity, pump=pump)])
    storage, time = storages.storages[0], 0.0
    for seconds in blocks:
        before, held = street.volume_m3(depth), storages.volume_m3
        outside, inside = street.level_m(before), storage.level_m(held)
        done = storages.apply(time, time + seconds, depth, None)
        coming = float((done.rate_m_s * seconds * grid.cell_m2).sum())
        after = street.volume_m3(depth) + coming
        time += seconds

        assert depth.min() >= 0
        assert storages.volume_m3 - held == pytest.approx(done.left_m3, abs=1e-6)
        assert before - after == pytest.approx(done.left_m3, abs=1e-3)
        assert 0 <= storages.volume_m3 <= capacity + 1e-4  # a depth of 3 m is rounded by 1e-7 m on 100 m²
        if pump is None:
            now = street.level_m(after) - storage.level_m(storages.volume_m3)
            assert now * np.sign(outside - inside) >= -1e-5
        depth.ravel()[done.cells] += (done.rate_m_s * seconds).astype(np.float32)


DEPTHS = st.floats(0, 3)


@given(DEPTHS, DEPTHS, st.floats(0, 2), st.floats(0.1, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_all_structures_at_once_make_and_lose_no_water(left_m, right_m, inflow, capacity, seed):
    rng = np.random.default_rng(seed)
    grid, depth, left, right = ponds(left_m, right_m, bed=(0.0, rng.uniform(-1, 1)))
    first, second = pools(grid, left[rng.integers(1, 12) :], right[: rng.integers(1, 12)])
    tide = Series.of([0.0, 200.0, 400.0], [0.0, 2.5, 0.5])
    gate = Gate(Slot(0.2, 1.0, 2.0), LevelRule(first, 1.2, 0.6), moving_s=50.0)
    breach = Breach(2.0, BreachShape(0.1, 4.0, 1.0, 60.0), start_s=rng.uniform(0, 300))
    links = Links(
        [
            Link("culvert", first, second, Culvert(Box(1.0, 0.8), 15.0, 0.1, 0.0, "box_wingwalls_15_90")),
            Link("gate", first, second, gate),
            Link("weir", second, first, Weir(0.4, 3.0)),
            Link("breach", first, tide, breach),
            Link("outfall", second, tide, Flap(Slot(0.0, 0.5, 0.5))),
        ]
    )
    pumps = Pumps(
        [
            Pump("over", first, second, Curve.steady(capacity), 0.5, 0.1, ((50.0, 90.0),)),
            Pump("out", second, tide, Curve.steady(capacity), 0.5, 0.1),
        ]
    )
    storages = Storages(
        [
            cellar(first, name="a", sill=0.3, breadth=3.0, pump=StoragePump(0.05, to_street=True)),
            cellar(second, name="b", sill=0.1, capacity=30.0, pump=StoragePump(0.05)),
        ]
    )
    rain = Points(grid, (Inflow("main", left[:2], Series.steady(inflow)),))
    run = started(grid, depth, links, pumps, storages, points=rain)

    run.run(420.0)
    moved = run.books.moved_m3
    outer = links.passed_m3[[3, 4]]
    pumped = sum(report.pumped_m3 for report in storages.reports() if report.name == "b")

    assert run.solver.depth_m.min() >= 0
    assert abs(run.mass_error()) < 1e-5
    assert moved["links"] == pytest.approx(outer[:, 1].sum() - outer[:, 0].sum(), abs=1e-6)
    assert moved["pumps"] == pytest.approx(-pumps.lifted_m3[1], abs=1e-6)
    assert moved["storages"] == pytest.approx(-storages.volume_m3 - pumped, abs=1e-6)
    total = total_m3(run) + storages.volume_m3 + pumped + pumps.lifted_m3[1] + outer[:, 0].sum() - outer[:, 1].sum()
    began = float(depth.sum(dtype=np.float64)) * grid.cell_m2
    assert total == pytest.approx(began + inflow * 420, rel=1e-5, abs=1e-2)


def test_a_run_goes_on_from_a_checkpoint_to_the_same_bits():
    def build():
        grid, depth, left, right = ponds(1.0, 0.8)
        first, second = pools(grid, left, right)
        return started(
            grid, depth, Storages([cellar(first, name="a", pump=StoragePump(0.05)), cellar(second, name="b")])
        )

    straight, resumed = restarted(build, 700.0, 222.0)

    for name, values in straight.items():
        np.testing.assert_array_equal(values, resumed[name], err_msg=name)
    assert straight["storages.volume"].min() > 10


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: cellar(p, capacity=0.0), "above 0"),
        (lambda p: cellar(p, sill=-3.0), "below the sill"),
        (lambda p: Storages([cellar(p), cellar(p)]), "one name"),
    ],
)
def test_bad_storages_get_a_clear_error(make, message):
    grid, _, left, _ = ponds()
    with pytest.raises(ValueError, match=message):
        make(pools(grid, left)[0])
