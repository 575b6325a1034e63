"""Surge on a shelf against what is known in closed form: set-up, seiches, moving pressure, geostrophy, water kept."""

import numpy as np
import pytest

from anlan.science.surge import Shelf, Weather, stress_m2_s2, surge_m
from anlan.science.tide import AIR_KG_M3, GRAVITY_M_S2, SEA_KG_M3, drag, inverse_barometer_m, set_up_m

HOUR = 3600.0


def weather(shelf, times, *, along=0.0, across=0.0, rest=0.0, cases=1):
    shape = (cases, len(times), len(shelf.depth_m))
    return Weather(np.asarray(times, float), *(np.broadcast_to(v, shape).astype(float) for v in (along, across, rest)))


def flat(cells, length_m, depth_m, edge="sea"):
    """Return a shelf of one depth whose edge (or far wall) is at a length."""
    return Shelf(np.full(cells + 1, depth_m), length_m / (cells + (0.5 if edge == "sea" else 0.0)), edge)


@pytest.mark.parametrize("from_deg", [100.0, 280.0])
def test_a_steady_wind_sets_up_what_the_balance_of_stress_and_slope_says(from_deg):
    """Without friction there is no flow at rest, so friction changes only how soon it is reached."""
    wind, normal, length, depth = 20.0, 100.0, 60e3, 12.0
    shelf = flat(120, length, depth)
    along, across = stress_m2_s2(wind, from_deg, normal_deg=normal)
    levels = surge_m(shelf, weather(shelf, np.arange(0, 120) * HOUR, along=along, across=across))
    exact = [
        np.sign(x) * set_up_m(wind, from_deg, shore_normal_deg=normal, shelf_m=abs(x), depth_m=depth)
        for x in length - shelf.distance_m[:-1]
    ]

    np.testing.assert_allclose(levels[0, -1], exact, atol=2e-3)
    assert abs(levels[0, -1, 0]) > 0.3


def test_a_closed_basin_swings_with_the_period_of_merian():
    """Merian (1828): T = 2 L / sqrt(g h)."""
    length, depth = 80e3, 20.0
    shelf = flat(160, length, depth, "wall")
    period = 2 * length / np.sqrt(GRAVITY_M_S2 * depth)
    times = np.linspace(0, 5 * period, 2001)
    start = 1e-3 * np.cos(np.pi * shelf.distance_m[:-1] / length)
    shore = surge_m(shelf, weather(shelf, times), start_m=start, bottom_drag=0.0)[0, :, 0]
    rising = np.flatnonzero((shore[:-1] < 0) & (shore[1:] >= 0))
    crossed = times[rising] - shore[rising] * np.diff(times)[0] / (shore[rising + 1] - shore[rising])

    assert np.diff(crossed) == pytest.approx(period, rel=1e-3)
    assert np.ptp(shore[-500:]) == pytest.approx(2e-3, rel=0.01)  # and it does not fade


def test_a_hump_runs_at_the_speed_of_long_waves_and_leaves_through_the_edge():
    length, depth = 400e3, 50.0
    shelf = flat(800, length, depth)
    x = shelf.distance_m[:-1]
    speed = np.sqrt(GRAVITY_M_S2 * depth)
    start = 1e-3 * np.exp(-(((x - 100e3) / 15e3) ** 2))
    times = np.array([0.0, 200e3 / speed, 1000e3 / speed])
    levels = surge_m(shelf, weather(shelf, times), start_m=start, bottom_drag=0.0)[0]

    # half of it ran 200 km out; the other half was thrown back by the shore, and follows 200 km behind
    assert x[200:][np.argmax(levels[1, 200:])] in (pytest.approx(100e3, abs=1e3), pytest.approx(300e3, abs=1e3))
    assert levels[1, np.abs(x - 300e3) < 1e3].max() == pytest.approx(5e-4, rel=0.01)
    assert np.abs(levels[2]).max() < 1e-5


def test_under_low_pressure_at_rest_the_sea_stands_as_the_inverse_barometer_says():
    shelf = Shelf(np.linspace(8, 100, 61), 5e3)
    low = inverse_barometer_m(1013.25 - 40 * np.exp(-(((shelf.distance_m - 150e3) / 80e3) ** 2)))
    levels = surge_m(shelf, weather(shelf, [0, 6 * HOUR, 12 * HOUR], rest=low), start_m=low[:-1])

    np.testing.assert_allclose(levels[0], np.broadcast_to(low[:-1], (3, 60)), atol=1e-12)


def test_a_sea_that_starts_flat_comes_to_stand_under_low_pressure():
    shelf = Shelf(np.full(41, 20.0), 5e3)
    levels = surge_m(shelf, weather(shelf, np.arange(0, 200) * HOUR, rest=0.5), bottom_drag=0.01)

    np.testing.assert_allclose(levels[0, -1], 0.5, atol=1e-3)


def resonance(cells):
    """Return how far the scheme is from the exact answer to pressure that runs as fast as long waves: Proudman 1929.

    With F the level at rest, c the speed and x' = x - ct, water at rest at first: by d'Alembert
    eta = (ct/2) F'(x') + F(x')/4 - F(x + ct)/4.
    """
    length, depth, top, wide = 1600e3, 50.0, 1e-6, 60e3
    shelf = flat(cells, length, depth, "wall")
    speed = np.sqrt(GRAVITY_M_S2 * depth)
    times = np.linspace(0, 400e3 / speed, 4 * cells + 1)
    x = shelf.distance_m

    def rest(at):
        return top * np.exp(-(((at - 800e3) / wide) ** 2))

    moving = rest(x[None, None, :] - speed * times[None, :, None])
    got = surge_m(shelf, weather(shelf, times, rest=moving), bottom_drag=0.0)[0, -1]
    inside, gone = x[:-1], speed * times[-1]
    fore = inside - gone
    slope = -2 * (fore - 800e3) / wide**2 * rest(fore)
    exact = gone / 2 * slope + rest(fore) / 4 - rest(inside + gone) / 4
    return np.sqrt(np.mean((got - exact) ** 2)) / top, exact.max() / top


def test_pressure_as_fast_as_long_waves_builds_up_the_wave_of_proudman():
    error, height = resonance(640)

    assert height > 2.5  # far above the inverse barometer
    assert error < 0.02


def test_halving_the_cells_quarters_the_error():
    errors = [resonance(cells)[0] for cells in (160, 320, 640)]
    orders = np.log2(np.divide(errors[:-1], errors[1:]))

    assert np.all(orders > 1.9)


def turning_seiche(cells):
    """Return how far a seiche on a turning Earth is from its exact form, with no change along the basin.

    From rest and h0 cos(kx): eta = h0 cos(kx) (f^2 + g h k^2 cos(w t)) / w^2 with w^2 = f^2 + g h k^2 (Poincare waves
    beside what stays in geostrophic balance; Gill 1982, Atmosphere-Ocean Dynamics, sections 7.2 and 8.2).
    """
    length, depth, turn = 400e3, 40.0, 1.2e-4
    shelf = flat(cells, length, depth, "wall")
    k = np.pi / length
    own = GRAVITY_M_S2 * depth * k**2
    w = np.sqrt(turn**2 + own)
    times = np.linspace(0, 2.3 * 2 * np.pi / w, 3)
    shape = 1e-6 * np.cos(k * shelf.distance_m[:-1])
    got = surge_m(shelf, weather(shelf, times), start_m=shape, bottom_drag=0.0, coriolis_rad_s=turn)[0, -1]
    exact = shape * (turn**2 + own * np.cos(w * times[-1])) / w**2
    return np.abs(got - exact).max() / 1e-6


def test_a_seiche_on_a_turning_earth_is_faster_and_leaves_a_balance_behind():
    errors = np.array([turning_seiche(cells) for cells in (40, 80, 160)])

    assert errors[-1] < 2e-3
    assert np.all(np.log2(errors[:-1] / errors[1:]) > 1.9)


def test_slower_pressure_raises_the_sea_by_proudmans_factor():
    """A forced wave under pressure that moves at U stands at b / (1 - U^2/(g h))."""
    shelf = flat(1200, 3000e3, 50.0, "wall")
    own = 0.5 * np.sqrt(GRAVITY_M_S2 * 50.0)
    times = np.linspace(0, 600e3 / own, 400)
    centre = 1000e3 + own * times
    rest = 1e-3 * np.exp(-(((shelf.distance_m[None, :] - centre[:, None]) / 80e3) ** 2))
    level = surge_m(shelf, weather(shelf, times, rest=rest[None]), bottom_drag=0.0)[0, -1]
    under = np.abs(shelf.distance_m[:-1] - centre[-1]) < 5e3

    assert level[under].max() == pytest.approx(1e-3 / (1 - 0.25), rel=0.01)


def test_wind_along_the_coast_sets_up_by_the_turning_of_the_earth():
    """At last friction takes the wind's stress, v = sqrt(tau / c), and the slope balances the turning: g eta' = f v."""
    wind, length, turn, rub = 15.0, 100e3, 7.5e-5, 2.5e-3
    shelf = flat(100, length, 50.0)
    stress = AIR_KG_M3 / SEA_KG_M3 * float(drag(wind)) * wind**2
    along, across = stress_m2_s2(wind, 10.0, normal_deg=100.0)  # from the north, at a coast that faces east
    levels = surge_m(
        shelf,
        weather(shelf, np.arange(0, 240) * HOUR, along=along, across=across),
        coriolis_rad_s=turn,
        bottom_drag=rub,
    )

    assert float(along) == pytest.approx(0.0, abs=1e-12)
    assert float(across) == pytest.approx(-stress)
    away = length - shelf.distance_m[:-1]
    np.testing.assert_allclose(levels[0, -1], turn * np.sqrt(stress / rub) / GRAVITY_M_S2 * away, rtol=5e-3, atol=1e-4)


def test_a_closed_basin_keeps_its_water_through_a_storm_that_bares_its_bottom():
    shelf = Shelf(np.concatenate([np.linspace(0.5, 8, 40), np.linspace(8, 3, 21)]), 1e3, "wall")
    rng = np.random.default_rng(7)
    times = np.arange(0, 49) * HOUR
    along = rng.normal(0, 3e-3, (3, 49, 1))
    levels = surge_m(shelf, weather(shelf, times, along=along, cases=3), coriolis_rad_s=8e-5)

    np.testing.assert_allclose(levels.sum(axis=2), 0.0, atol=1e-9)
    assert (levels + shelf.depth_m[:-1]).min() > -1e-9
    assert (levels + shelf.depth_m[:-1]).min() < 0.1


def test_cases_do_not_touch_each_other():
    shelf = Shelf(np.linspace(8, 60, 31), 4e3)
    along = np.random.default_rng(3).normal(0, 1e-3, (4, 13, 1))
    times = np.arange(0, 13) * HOUR
    together = surge_m(shelf, weather(shelf, times, along=along, cases=4))
    alone = [surge_m(shelf, weather(shelf, times, along=along[k : k + 1])) for k in range(4)]

    np.testing.assert_array_equal(together, np.concatenate(alone))


def test_wind_from_the_sea_presses_to_the_shore_and_wind_from_the_left_to_the_right():
    along, across = stress_m2_s2([10.0, 10.0], [90.0, 0.0], normal_deg=90.0)

    assert along[0] < 0
    assert across[1] < 0  # out to sea is east, its left is north: wind from there pushes southwards
    np.testing.assert_allclose([along[1], across[0]], 0, atol=1e-15)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (lambda: Shelf(np.array([5.0]), 100.0), "shelf"),
        (lambda: Shelf(np.array([5.0, 0.0]), 100.0), "shelf"),
        (lambda: weather(Shelf(np.ones(3), 1.0), [0, 0]), "weather"),
        (lambda: weather(Shelf(np.ones(3), 1.0), [0, 1], rest=np.nan), "weather"),
        (lambda: surge_m(Shelf(np.ones(4), 1.0), weather(Shelf(np.ones(3), 1.0), [0, 1])), "places"),
        (lambda: surge_m(Shelf(np.ones(3), 1.0), weather(Shelf(np.ones(3), 1.0), [0, 1]), start_m=-2.0), "start_m"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, word):
    with pytest.raises(ValueError, match=word):
        wrong()
