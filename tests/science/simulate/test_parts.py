"""The parts of a signal against what is known of their processes."""

import numpy as np
import pytest

from anlan.science.simulate import Cycle, Decline, Fill, Level, Part, Pulses, Rain, Switch, Wander
from anlan.science.simulate.parts import signal

DAY = 86400.0


def drawn(part: Part, n: int, days: float, step_s: float, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return signal(part, np.tile(np.arange(0, days * DAY, step_s), (n, 1)), step_s, rng)


def test_a_level_is_drawn_once_for_each_sensor() -> None:
    x = drawn(Level(3.0, 0.5), 4000, 0.1, 3600)

    assert (x == x[:, :1]).all()
    assert x[:, 0].mean() == pytest.approx(3.0, abs=0.03)
    assert x[:, 0].std() == pytest.approx(0.5, abs=0.02)


def test_a_cycle_has_its_peak_where_it_is_said_to() -> None:
    x = drawn(Cycle(2.0, peak_s=8 * 3600), 1, 2, 3600)[0]

    assert np.flatnonzero(x == x.max()).tolist() == [8, 32]
    assert x.min() == pytest.approx(-2.0)


def test_wandering_has_its_spread_and_forgets_exponentially() -> None:
    x = drawn(Wander(0.4, 3600), 2000, 1, 900)

    assert x.std(axis=0) == pytest.approx(0.4, rel=0.08)
    assert (x[:, :-4] * x[:, 4:]).mean() / x.var() == pytest.approx(np.exp(-1), abs=0.02)


@pytest.mark.parametrize("height", [2.0, -2.0])
def test_pulses_keep_campbells_theorem(height: float) -> None:
    rate_s, length_s = 6 / 3600, 1200.0
    x = drawn(Pulses(6, height, length_s), 500, 4, 600)[:, 50:]

    # Campbell (1909): mean = rate E[h] length, variance = rate E[h^2] length / 2; E[h^2] = 2 E[h]^2 of an exponential
    assert x.mean() == pytest.approx(rate_s * height * length_s, rel=0.02)
    assert x.var() == pytest.approx(rate_s * height**2 * length_s, rel=0.05)


def test_pulses_are_rare_at_the_quiet_hour() -> None:
    x = drawn(Pulses(60, 1.0, 60, quiet=0.1, peak_s=12 * 3600), 200, 1, 300)

    assert x[:, 0].mean() / x[:, 144].mean() == pytest.approx(0.1, abs=0.03)


def test_rain_has_the_mean_of_rectangular_pulses_in_every_form() -> None:
    expected = 4 / 24 * 5.0 * 1.0  # storms an hour, mm/h, h: Rodriguez-Iturbe et al. (1987), eq. 2.2
    runs = range(40)
    rate = np.mean([drawn(Rain(4, 5.0, 3600), 1, 20, 600, s).mean() for s in runs])
    hour = np.mean([drawn(Rain(4, 5.0, 3600, sum_s=3600), 1, 20, 600, s).mean() for s in runs])
    runoff = np.mean([drawn(Rain(4, 5.0, 3600, gain=0.5, lag_s=7200), 1, 20, 600, s).mean() for s in runs])

    assert rate == pytest.approx(expected, rel=0.1)
    assert hour == pytest.approx(rate, rel=0.02)
    assert runoff == pytest.approx(0.5 * rate, rel=0.02)


def test_all_sensors_stand_in_the_same_rain() -> None:
    x = drawn(Rain(10, 5.0, 3600), 3, 5, 600)

    assert x.max() > 0
    assert (x == x[0]).all()


def test_a_reservoir_answers_a_storm_by_its_analytical_curve() -> None:
    part, step_s = Rain(3, 10.0, 3600, lag_s=7200), 60.0
    rate = drawn(Rain(3, 10.0, 3600), 1, 3, step_s, 5)[0]
    flow = drawn(part, 1, 3, step_s, 5)[0]
    dry = next(i for i in range(1, 3000) if rate[i - 1] > 0 and not rate[i : i + 61].any())

    # Nash (1957): Q(t) = Q0 exp(-t / k) once it is dry
    assert flow[dry + 60] == pytest.approx(flow[dry] * np.exp(-3600 / 7200), rel=1e-9)


def test_a_tank_is_filled_and_drawn_at_its_rates() -> None:
    x = drawn(Fill(1.0, 4.0, fill_s=3600, draw_s=10_800), 50, 2, 60)
    slopes = np.round(np.diff(x, axis=1) * 60, 6)

    assert x.min() >= 1.0
    assert x.max() <= 4.0
    assert {3.0, -1.0} <= set(np.unique(slopes))


def test_a_switch_is_on_its_share_of_time_and_stays_its_time() -> None:
    x = drawn(Switch(1.0, on_s=1800, off_s=5400), 300, 4, 60)

    assert x.mean() == pytest.approx(0.25, abs=0.01)
    assert (x[:, :-1] * (1 - x[:, 1:])).sum() / x[:, :-1].sum() == pytest.approx(60 / 1800, rel=0.05)


def test_a_battery_declines_by_its_rate() -> None:
    x = drawn(Decline(0.5), 2, 10, 3600)

    assert x[:, 0] == pytest.approx(0)
    assert x[:, 240 - 1] == pytest.approx(-5.0, rel=0.01)


@pytest.mark.parametrize(
    "part",
    [
        Level(1),
        Cycle(1),
        Wander(1, 60),
        Pulses(1, 1, 60),
        Rain(1, 1, 60),
        Fill(0, 1, 60, 60),
        Switch(1, 60, 60),
        Decline(1),
    ],
)
def test_no_sensors_and_no_time_give_nothing(part: Part) -> None:
    rng = np.random.default_rng(0)

    assert signal(part, np.zeros((0, 5)), 60.0, rng).shape == (0, 5)
    assert signal(part, np.zeros((3, 0)), 60.0, rng).shape == (3, 0)
