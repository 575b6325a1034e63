"""The detectors: the same whatever the batches, bounded in memory, right against slow forms and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from anlan.science.anomalies import kernels
from anlan.science.anomalies.bank import METHODS, Setup, State, advance

HOUR_US = 3_600_000_000
DAY = 24


def setup(method: str, **more) -> Setup:
    quick = {"warm": 120, "rate": 0.05, "kept": 30, "width": 5, "memory": 60, "neighbours": 2, "rest": 12, "bins": 24}
    return Setup(METHODS[method], **(quick | more))


def days(n_days: int, seed: int = 1, sensors: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return slot, time and value of hourly samples with a daily course, in order of time."""
    rng = np.random.default_rng(seed)
    hours = np.arange(n_days * DAY)
    value = 10 * np.sin(2 * np.pi * hours / DAY)[:, None] + rng.normal(size=(len(hours), sensors))
    slot = np.tile(np.arange(sensors), len(hours))
    return slot, np.repeat(hours * HOUR_US, sensors), value.ravel()


def same(one: State, other: State) -> None:
    for name, array in one.arrays().items():
        np.testing.assert_array_equal(array, other.arrays()[name], err_msg=name)


@pytest.mark.parametrize("method", METHODS)
@given(cuts=st.lists(st.integers(0, 3 * 20 * DAY), max_size=6), stored=st.booleans())
@settings(max_examples=15, deadline=None)
def test_scores_do_not_depend_on_how_the_stream_was_cut(method, cuts, stored):
    chosen, (slot, time_us, value) = setup(method), days(20)
    whole = State.fresh(chosen, 3)
    expected = advance(chosen, whole, slot, time_us, value)

    state, found = State.fresh(chosen, 3), []
    for part in np.split(np.arange(len(slot)), sorted(cuts)):
        found.append(advance(chosen, state, slot[part], time_us[part], value[part]))
        if stored:
            state = State.from_arrays(state.arrays())

    np.testing.assert_array_equal(np.concatenate([one.score for one in found]), expected.score)
    np.testing.assert_array_equal(np.concatenate([one.lasting for one in found]), expected.lasting)
    same(state, whole)


@pytest.mark.parametrize("method", METHODS)
def test_sensors_do_not_see_each_other(method):
    chosen, (slot, time_us, value) = setup(method), days(20)
    together = advance(chosen, State.fresh(chosen, 3), slot, time_us, value)

    for sensor in range(3):
        own = slot == sensor
        alone = advance(chosen, State.fresh(chosen, 1), np.zeros(own.sum()), time_us[own], value[own])
        np.testing.assert_array_equal(alone.score, together.score[own])


@pytest.mark.parametrize("method", METHODS)
def test_missing_late_and_repeated_samples_change_nothing(method):
    chosen, (slot, time_us, value) = setup(method), days(20, sensors=1)
    clean, soiled = State.fresh(chosen, 1), State.fresh(chosen, 1)
    expected = advance(chosen, clean, slot, time_us, value)
    late = advance(chosen, State.fresh(chosen, 1), slot, time_us - 2 * HOUR_US, value + 50)

    rows = np.arange(len(slot))
    doubled = np.repeat(rows, 3)
    odd = np.arange(len(doubled)) % 3
    times = time_us[doubled] - np.where(odd == 2, 2 * HOUR_US, 0)
    values = np.where(odd == 1, np.nan, np.where(odd == 2, 50.0, value[doubled]))
    found = advance(chosen, soiled, slot[doubled], times, values)

    assert np.isnan(found.score[odd > 0]).all()
    np.testing.assert_array_equal(found.score[odd == 0], expected.score)
    same(clean, soiled)
    assert not np.isnan(late.score).any()


@pytest.mark.parametrize("method", METHODS)
def test_scores_lie_between_zero_and_one_and_memory_does_not_grow(method):
    chosen, (slot, time_us, value) = setup(method), days(60)
    state = State.fresh(chosen, 3)
    before = {name: array.nbytes for name, array in state.arrays().items()}
    found = advance(chosen, state, slot, time_us, np.exp(value))

    assert np.all((found.score >= 0) & (found.score <= 1))
    assert np.all(found.score <= found.lasting)
    assert np.all((found.score == found.lasting) | (found.score == found.lasting / 2))
    assert {name: array.nbytes for name, array in state.arrays().items()} == before


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("change", lambda value: np.where(np.arange(len(value)) == 700, value + 40, value)),
        ("season", lambda value: np.where(np.arange(len(value)) == 700, -value - 8, value)),
        ("shape", lambda value: np.where(abs(np.arange(len(value)) - 700) < 4, 15.0, value)),
        ("joint", lambda value: np.where(abs(np.arange(len(value)) - 700) < 4, 15.0, value)),
    ],
)
def test_what_is_unusual_scores_highest(method, change):
    slot, time_us, value = days(40, sensors=1)
    found = advance(setup(method), State.fresh(setup(method), 1), slot, time_us, change(value))

    assert abs(int(np.argmax(found.score)) - 700) < 10


def test_a_value_that_is_usual_only_at_another_hour_is_out_of_season_and_not_out_of_range():
    slot, time_us, value = days(40, sensors=1)
    at = 34 * DAY + 18  # the trough of the day
    value[at] = 10.0
    season = advance(setup("season"), State.fresh(setup("season"), 1), slot, time_us, value)

    assert value[at] < value.max()
    assert int(np.argmax(season.score)) == at


def test_a_flat_line_that_stays_flat_scores_nothing_and_its_first_move_everything():
    chosen = setup("change")
    value = np.zeros(200)
    value[150:] = 1.0
    found = advance(chosen, State.fresh(chosen, 1), np.zeros(200), np.arange(200) * HOUR_US, value)

    assert found.score[150] == 1.0
    assert np.all(np.delete(found.score, 150) == 0.0)


@given(st.lists(st.floats(-50, 50), min_size=30, max_size=90), st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_shapes_are_compared_with_all_that_is_remembered(values, neighbours):
    width, memory = 4, 40
    ring, place = np.zeros((1, 2 * memory)), np.zeros(1, np.int64)
    for n, value in enumerate(values):
        found = kernels.unlike(value, 0, ring, place, width, np.empty(neighbours))
        held = np.array(values[max(0, n + 1 - memory) : n + 1])
        own = held[-width:]
        others = [held[s : s + width] for s in range(len(held) - 2 * width + 1)]
        distances = sorted(float(np.linalg.norm(own - other)) for other in others)[:neighbours]
        if len(distances) < neighbours:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(np.mean(distances), abs=1e-9)


def test_a_gap_breaks_a_shape():
    chosen = setup("shape", max_gap_s=2 * 3600.0)
    value = np.tile([0.0, 1.0, 2.0, 3.0], 60)
    time_us = np.arange(240) * HOUR_US
    time_us[200:] += 10 * HOUR_US
    found = advance(chosen, State.fresh(chosen, 1), np.zeros(240), time_us, value)
    joined = advance(setup("shape"), State.fresh(setup("shape"), 1), np.zeros(240), time_us, value[:240])

    assert np.all(found.score[200:205] == 0.0)
    assert np.all(joined.score[100:] == 0.0)


def test_the_tail_follows_a_generalised_pareto_law():
    rng = np.random.default_rng(3)
    law = stats.genpareto(0.2, scale=2.0)
    excesses = law.rvs(20_000, random_state=rng)

    for excess in (0.5, 2.0, 8.0, 20.0):
        assert kernels.beyond(excess, excesses, len(excesses)) == pytest.approx(law.sf(excess), rel=0.2)


def test_a_tail_that_ends_is_taken_as_exponential():
    excesses = np.linspace(0.0, 1.0, 100)

    assert kernels.beyond(3.0, excesses, 100) == pytest.approx(np.exp(-3.0 / 0.5))


def test_surprise_says_how_rare_a_deviation_is():
    rng = np.random.default_rng(5)
    sizes = np.abs(rng.normal(size=40_000))
    tail = (np.zeros(1, np.int64), np.zeros(1), np.zeros(1, np.int64), np.zeros((1, 600)))
    orders = np.array([kernels.surprise(one, 0, *tail, 0.02, 0.01, 100, np.inf) for one in sizes])[5000:]

    for asked in (2.0, 2.5, 3.0):  # half-normal sizes have a lighter tail than the law: never told rarer than they are
        assert np.mean(orders >= asked) == pytest.approx(10.0**-asked, rel=0.5)


@pytest.mark.parametrize(("slot", "time_us", "value"), [([0, 1], [1, 2], [1.0]), ([3], [1], [1.0]), ([-1], [1], [1.0])])
def test_batches_that_make_no_sense_are_refused(slot, time_us, value):
    chosen = setup("change")
    with pytest.raises(ValueError, match="slot"):
        advance(chosen, State.fresh(chosen, 2), slot, time_us, value)


@pytest.mark.parametrize(("warm", "rate", "kept"), [(100, 0.02, 50), (600, 0.02, 3), (600, 1.5, 100), (50, 0.5, 100)])
def test_a_tail_of_hardly_anything_is_refused(warm, rate, kept):
    with pytest.raises(ValueError, match="a tail needs"):
        setup("change", warm=warm, rate=rate, kept=kept)


def test_of_nothing_comes_nothing():
    chosen = setup("joint")
    assert advance(chosen, State.fresh(chosen, 2), [], [], []).score.size == 0
