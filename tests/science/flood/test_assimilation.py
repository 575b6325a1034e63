"""Gauges correct the water: the published correlation, the textbook gain, twin experiments that show what is won."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.flood.assimilation import Errors, Gauges, analysed, gaspari_cohn
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia
from anlan.science.flood.simulation import Case, Simulation, inertial
from anlan.science.flood.team import Team

ERRORS = Errors(model_m=0.3, gauge_m=0.03, reach_m=800.0)
CELL = 50.0


def test_the_correlation_is_gaspari_and_cohns() -> None:
    z = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0])
    # equation 4.10 at z = 1/2: 1 - 5/12 + 5/64 + 1/32 - 1/128; at 1: 5/24; at 3/2: worked by hand
    expected = [1.0, 1 - 5 / 12 + 5 / 64 + 1 / 32 - 1 / 128, 5 / 24, 0.0164930556, 0.0, 0.0]
    np.testing.assert_allclose(gaspari_cohn(z, 2.0), expected, atol=1e-9)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5)), min_size=2, max_size=12))
def test_its_matrices_are_covariances(points: list[tuple[float, float]]) -> None:
    places = np.array(points)
    distance = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    assert np.linalg.eigvalsh(gaspari_cohn(distance, 2.0)).min() > -1e-9


def test_one_gauge_has_the_textbook_gain() -> None:
    bed = np.zeros((41, 41))
    depth = np.full(bed.shape, 0.2, dtype=np.float32)
    gauge = Gauges(np.array([20 * 41 + 20]), np.array([0.5]))
    found = analysed(depth, bed, CELL, gauge, ERRORS)
    gain = ERRORS.model_m**2 / (ERRORS.model_m**2 + ERRORS.gauge_m**2)

    assert found[20, 20] == pytest.approx(0.2 + gain * 0.3, abs=1e-6)
    reach = round(ERRORS.reach_m / CELL)
    assert found[20, 20 + reach // 2] == pytest.approx(0.2 + gain * 0.3 * 5 / 24, abs=1e-6)
    assert (found[20, 20 + reach :] == depth[20, 20 + reach :]).all()


def test_water_is_not_put_on_hills_nor_below_nothing() -> None:
    bed = np.add.outer(np.zeros(21), np.linspace(0, 2, 21))
    bed[0, 0] = np.nan
    depth = np.zeros(bed.shape, dtype=np.float32)
    low = Gauges(np.array([10 * 21]), np.array([0.3]))
    wet = analysed(depth, bed, CELL, low, ERRORS)
    assert (wet[bed > 0.3 + 1e-9] == 0).all()
    assert wet.max() > 0.25

    dry = analysed(wet, bed, CELL, Gauges(low.cell, np.array([0.0])), ERRORS)
    assert dry.min() >= 0
    assert dry.sum() < 0.2 * wet.sum()


def test_no_gauge_changes_nothing() -> None:
    depth = np.random.default_rng(1).random((5, 7)).astype(np.float32)
    nothing = Gauges(np.zeros(0, dtype=np.int64), np.zeros(0))
    assert (analysed(depth, np.zeros((5, 7)), CELL, nothing, ERRORS) == depth).all()


@pytest.mark.parametrize("wrong", [([1, 1], [0.1, 0.2]), ([1], [-0.1]), ([1], [np.nan]), ([1, 2], [0.1])])
def test_gauges_that_cannot_be_are_refused(wrong: tuple[list[int], list[float]]) -> None:
    with pytest.raises(ValueError, match="gauges"):
        Gauges(np.array(wrong[0]), np.array(wrong[1]))


class Steady:
    def __init__(self, mm_h: float, until_s: float) -> None:
        self.rate, self.until = mm_h / 3.6e6, until_s

    def depth_m(self, begin_s: float, end_s: float) -> float | None:
        return self.rate * (end_s - begin_s) if begin_s < self.until else None

    def next_bend(self, time_s: float) -> float:
        return self.until if time_s < self.until else np.inf


def twin(mm_h: float, bed: np.ndarray) -> Simulation:
    case = Case(Steady(mm_h, 2 * 3600.0), longest_step_s=20.0)
    return inertial(Grid(bed, CELL, CELL, 0.03), case, rules=Inertia(film_m=0.002), team=Team(1))


@pytest.mark.parametrize("share", [0.5, 0.7, 1.5])
def test_twin_experiments_with_wrong_rain_gain_from_gauges(share: float) -> None:
    """The truth has 60 mm/h; the model believes another rain. Every 20 minutes 20 gauges of 1600 cells are read."""
    rng = np.random.default_rng(7)
    smooth = np.fft.ifft2(
        np.fft.fft2(rng.standard_normal((40, 40))) * np.exp(-np.add.outer(*[np.fft.fftfreq(40) ** 2] * 2) * 900)
    )
    bed = np.real(smooth) / np.real(smooth).std() * 0.5
    truth, free, led = twin(60, bed), twin(60 * share, bed), twin(60 * share, bed)
    deep = np.argsort(bed.ravel())[:400]
    places = np.sort(rng.choice(deep, 20, replace=False))
    misfits = []
    for moment in np.arange(1200.0, 3 * 3600.0 + 1, 1200.0):
        for run in (truth, free, led):
            run.run(moment)
        read = np.maximum(truth.solver.depth_m.ravel()[places] + rng.normal(0, 0.01, 20), 0)
        led.solver.depth_m[:] = analysed(led.solver.depth_m, bed, CELL, Gauges(places, read), ERRORS)
        led.solver.touch()
        away = np.setdiff1d(np.arange(1600), places)
        wet = away[truth.solver.depth_m.ravel()[away] > 0.05]
        misfits.append(
            [np.sqrt(np.mean((run.solver.depth_m - truth.solver.depth_m).ravel()[wet] ** 2)) for run in (free, led)]
        )
    without, with_gauges = np.mean(misfits[2:], axis=0)
    assert with_gauges < 0.75 * without  # where no gauge stands
