"""Infiltration against the worked examples of Chow, Maidment and Mays (1988), against integration, and in its books."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from anlan.science.flood.grid import Grid
from anlan.science.flood.infiltration import (
    SOILS,
    CurveNumber,
    Evaporation,
    GreenAmpt,
    dry_curve_number,
    retention_mm,
    runoff_mm,
    wet_curve_number,
)
from anlan.science.flood.points import Series
from anlan.science.flood.rainfall import everywhere
from anlan.science.flood.simulation import Case, inertial
from anlan.science.flood.team import Team
from science.flood.verification import Row, record

CHOW = "Chow, Maidment and Mays 1988"
SILT_LOAM = SOILS["silt_loam"]


def flat(rows=1, columns=1):
    return Grid(np.zeros((rows, columns), dtype=np.float32), 2.0, 3.0, 0.03)


def soaked_m(soil, *, hours, rain_mm_h=None, saturation=0.3, step_s=10.0, pond_m=0.05):
    """Return what a soil takes up under water that does not end, or under rain that falls as the simulation lets it."""
    grid = flat()
    loss = GreenAmpt(grid, soil.conductivity_mm_h, soil.suction_mm, soil.deficit(saturation), head=False, every_s=0.0)
    depth = np.zeros((1, 1), dtype=np.float32)
    taken = [0.0]
    for begin, end in pairwise(np.arange(0, hours * 3600 + step_s / 2, step_s)):
        depth[:] = pond_m if rain_mm_h is None else depth + np.float32(rain_mm_h * step_s / 3.6e6)
        taken.append(taken[-1] + loss.apply(begin, end, depth, None).left_m3 / grid.cell_m2)
    return np.array(taken)


def test_silt_loam_under_water_for_an_hour():
    """Example 4.3.1: F = 3.17 cm after one hour, saturation 30 %."""
    taken = soaked_m(SILT_LOAM, hours=1.0)
    f = SILT_LOAM.conductivity_mm_h * (SILT_LOAM.suction_mm * SILT_LOAM.deficit(0.3) / (taken[-1] * 1e3) + 1)

    record(
        Row("Green-Ampt infiltration, silt loam under water", "exchange", f"{CHOW}, example 4.3.1",
            "water taken up in an hour", abs(taken[-1] - 0.0317), 5e-5, "m")
    )  # fmt: skip
    assert f == pytest.approx(18.1, abs=0.06)  # and the rate then is 1.81 cm/h


@pytest.mark.parametrize(("rain", "hours", "depth"), [(50.0, 0.17, 0.0085), (10.0, 10.5, 0.105)])
def test_ponding_begins_when_the_book_says(rain, hours, depth):
    """Example 4.4.1: under 5 cm/h after 0.17 h with 0.85 cm in the soil, under 1 cm/h after 10.5 h with 10.5 cm."""
    taken = soaked_m(SILT_LOAM, hours=hours * 1.3, rain_mm_h=rain)
    fallen = np.arange(len(taken)) * rain * 10 / 3.6e6
    ponded = int(np.flatnonzero(fallen - taken > 2e-6)[0])

    assert ponded * 10 / 3600 == pytest.approx(hours, rel=0.03)
    assert taken[ponded] == pytest.approx(depth, rel=0.03)


def test_an_hour_of_rain_on_silt_loam():
    """Example 4.4.2: under 5 cm/h the soil has taken up 3.02 cm after an hour."""
    taken = soaked_m(SILT_LOAM, hours=1.0, rain_mm_h=50.0)[-1]

    record(
        Row("Green-Ampt infiltration, silt loam under rain of 50 mm/h", "exchange", f"{CHOW}, example 4.4.2",
            "water taken up in an hour", abs(taken - 0.0302), 1e-4, "m")
    )  # fmt: skip


@pytest.mark.parametrize("texture", SOILS)
def test_green_and_ampt_agree_with_an_integration_of_their_rate(texture):
    soil = SOILS[texture]
    k, s = soil.conductivity_mm_h / 3.6e6, soil.suction_mm / 1e3 * soil.deficit(0.2)

    # F dF/dt = K (F + S): in F^2/2, which begins smoothly.
    def rate(_, square):
        return k * (np.sqrt(2 * square) + s)

    exact = np.sqrt(2 * solve_ivp(rate, (0, 7200), [1e-16], rtol=1e-10, atol=1e-18).y[0, -1])

    assert soaked_m(soil, hours=2.0, saturation=0.2)[-1] == pytest.approx(exact, rel=2e-3)


def test_long_turns_give_the_same_as_short_ones():
    short, long = (soaked_m(SOILS["sand"], hours=1.0, step_s=step, pond_m=0.3)[-1] for step in (5.0, 3600.0))

    assert long == pytest.approx(short, rel=1e-3)


def test_deep_water_presses_water_into_the_soil():
    grid, taken = flat(), []
    for head in (False, True):
        loss = GreenAmpt(grid, 6.5, 166.8, 0.34, head=head, every_s=0.0)
        depth = np.full((1, 1), 2.0, dtype=np.float32)
        taken.append(loss.apply(0, 3600, depth, None).left_m3)
    k, s = 6.5 / 3.6e6, (0.1668 + 2.0) * 0.34
    exact = solve_ivp(lambda _, q: k * (np.sqrt(2 * q) + s), (0, 3600), [1e-16], rtol=1e-9, atol=1e-18).y[0, -1]

    assert taken[1] > 2 * taken[0]
    assert taken[1] / grid.cell_m2 == pytest.approx(np.sqrt(2 * exact), rel=0.02)  # the book: the head stays 2 m


def test_half_sealed_ground_takes_half():
    grid = flat(1, 2)
    loss = GreenAmpt(grid, 6.5, 166.8, 0.34, pervious=[[1.0, 0.5]], head=False)
    depth = np.full((1, 2), 0.5, dtype=np.float32)
    loss.apply(0, 3600, depth, None)

    np.testing.assert_allclose(0.5 - depth[0, 1], (0.5 - depth[0, 0]) / 2, rtol=1e-4)
    np.testing.assert_allclose(loss.infiltrated_m, 0.5 - depth, rtol=1e-4)


def test_runoff_of_five_inches():
    """Example 5.5.1: CN 83.8, S = 1.93 in and 3.25 in of runoff; wet before, CN 92.3 and 4.13 in."""
    inch = 25.4
    record(
        Row("Runoff by curve number, 5 inches on CN 83.8", "exchange", f"{CHOW}, example 5.5.1", "depth of runoff",
            float(abs(runoff_mm(5 * inch, 83.8) - 3.25 * inch)) / 1e3, 2e-4, "m")
    )  # fmt: skip
    assert float(retention_mm(83.8)) / inch == pytest.approx(1.93, abs=0.005)
    assert float(wet_curve_number(83.8)) == pytest.approx(92.3, abs=0.1)
    assert float(runoff_mm(5 * inch, wet_curve_number(83.8))) / inch == pytest.approx(4.13, abs=0.015)
    assert float(dry_curve_number(83.8)) == pytest.approx(68.5, abs=0.05)  # 4.2 * 83.8 / (10 - 0.058 * 83.8)


@given(st.floats(35, 100), st.lists(st.floats(0, 30), min_size=1, max_size=12), st.sampled_from([0.05, 0.2]))
def test_the_curve_number_keeps_what_does_not_run_off(number, rains, initial):
    grid = flat(2, 2)
    loss = CurveNumber(grid, number, initial=initial)
    depth, left = np.zeros(grid.shape, dtype=np.float32), 0.0
    for step, rain in enumerate([*rains, 0.0]):
        left += loss.apply(step * 60.0, step * 60.0 + 60, depth, rain / 1e3).left_m3
        depth += np.float32(rain / 1e3)
    runs_off = float(runoff_mm(sum(rains), number, initial)) / 1e3

    np.testing.assert_allclose(depth, runs_off, atol=2e-6 + 1e-5 * sum(rains) / 1e3)
    assert left == pytest.approx((sum(rains) / 1e3 - float(depth[0, 0])) * 4 * grid.cell_m2, abs=1e-5)


def test_evaporation_takes_its_rate_and_no_more_than_there_is():
    grid = flat(1, 3)
    loss = Evaporation(grid, Series.of([0, 86400], [0.0, 10.0]), every_s=600.0)
    depth = np.array([[0.001, 0.1, 0.0]], dtype=np.float32)
    left = sum(loss.apply(t, t + 60.0, depth, None).left_m3 for t in np.arange(0, 86400, 60.0))

    np.testing.assert_allclose(depth, [[0, 0.095, 0]], atol=1e-6)
    assert left == pytest.approx(0.006 * grid.cell_m2, rel=1e-3)


def cases(grid, team=None):
    rng = np.random.default_rng(5)
    return [
        GreenAmpt(grid, rng.uniform(1, 50, grid.shape), 100.0, rng.uniform(0.1, 0.4, grid.shape), team=team, every_s=7),
        CurveNumber(grid, rng.uniform(50, 95, grid.shape), team=team, name="curve"),
        Evaporation(grid, 6.0, team=team, every_s=20.0),
    ]


def rainy(team=None, *, until=900.0, kept=None, stop=None):
    rng = np.random.default_rng(1)
    bed = rng.normal(0, 0.2, (70, 45)).astype(np.float32)
    bed[20:24, 10:30] = np.nan
    grid = Grid(bed, 10.0, 10.0, 0.03)
    run = inertial(grid, Case(rain=everywhere([0, 400, 600], [80.0, 20.0]), exchanges=cases(grid, team)), team=team)
    if kept is not None:
        run.restore(kept)
    run.run(until if stop is None else stop)
    return run


def test_the_books_of_a_run_with_all_losses_hold():
    run = rainy()

    assert abs(run.mass_error()) < 1e-6
    assert min(-run.books.moved_m3[name] for name in ("infiltration", "curve", "evaporation")) > 0


def test_threads_and_checkpoints_change_nothing():
    one, two = rainy(Team(1)), rainy(Team(2))
    half = rainy(stop=350.0)
    half = half if half.time_s == 350.0 else rainy(stop=half.time_s)
    resumed = rainy(kept=half.kept())
    straight = rainy(stop=350.0)
    straight.run(900.0)

    np.testing.assert_array_equal(one.solver.depth_m, two.solver.depth_m)
    assert one.books == two.books
    np.testing.assert_array_equal(resumed.solver.depth_m, straight.solver.depth_m)
    assert resumed.books == straight.books


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda g: GreenAmpt(g, -1.0, 100.0, 0.3), r"conductivity_mm_h: must not be negative.*-1\.0"),
        (lambda g: GreenAmpt(g, 1.0, 100.0, 1.3), r"deficit: .*above 1, not 1\.3"),
        (lambda g: GreenAmpt(g, 1.0, np.nan, 0.3), r"suction_mm: .*nan"),
        (lambda g: GreenAmpt(g, np.ones((3, 3)), 100.0, 0.3), r"conductivity_mm_h: .*shape \(1, 1\), not \(3, 3\)"),
        (lambda g: CurveNumber(g, 0.0), r"curve_number: must be above 0"),
        (lambda g: CurveNumber(g, 101.0), r"at most 100"),
        (lambda g: Evaporation(g, -5.0), r"rate_mm_day must not be negative"),
        (lambda _: SOILS["clay"].deficit(1.5), r"saturation: .*1\.5"),
    ],
)
def test_bad_parameters_are_refused_by_name_and_value(make, told):
    with pytest.raises(ValueError, match=told):
        make(flat())
