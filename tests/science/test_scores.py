"""Scores against published figures, closed forms, and integrals by brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from anlan.science.scores import Contingency, brier, contingency, crps, first_time, lead_time_s, reliability

FINLEY = Contingency(hits=28, misses=23, false_alarms=72, correct_rejections=2680)
"""Finley's tornado forecasts (1884); measures as in Murphy (1996), Weather and Forecasting 11, 3-20."""


@pytest.mark.parametrize(
    ("measure", "published"),
    [
        ("correct", 0.966),
        ("csi", 0.228),
        ("pod", 0.549),
        ("far", 0.720),
        ("pofd", 0.0262),
        ("bias", 1.96),
        ("hss", 0.355),
        ("pss", 0.523),
        ("gss", 0.216),
    ],
)
def test_finleys_tornadoes_have_the_measures_that_are_published(measure: str, published: float) -> None:
    digits = len(str(published).split(".")[1])

    assert round(getattr(FINLEY, measure), digits) == published
    assert FINLEY.total == 2803


def test_never_forecasting_a_tornado_would_have_been_more_often_correct() -> None:
    never = Contingency(hits=0, misses=51, false_alarms=0, correct_rejections=2752)  # Gilbert (1884)

    assert round(never.correct, 3) == 0.982
    assert (never.csi, never.pod) == (0, 0)
    assert np.isnan(never.far)


def test_cases_are_counted_and_tables_add_up() -> None:
    said, seen = [True, True, False, False, True], [True, False, True, False, True]
    table = contingency(said, seen)

    assert table == Contingency(2, 1, 1, 1)
    assert table + FINLEY == Contingency(30, 24, 73, 2681)
    assert contingency([], []).total == 0
    with pytest.raises(ValueError, match="negative"):
        Contingency(-1, 0, 0, 0)


def brute_crps(members: np.ndarray, observed: float) -> float:
    """Integrate the squared difference of the two distribution functions, piece by piece between their steps."""
    steps = np.sort(np.append(members, observed))
    middle = (steps[1:] + steps[:-1]) / 2
    ensemble = np.array([(members <= x).mean() for x in middle])
    return float((np.diff(steps) * (ensemble - (middle >= observed)) ** 2).sum())


finite = st.floats(-5, 5, allow_nan=False)


@given(arrays(np.float64, st.integers(1, 12), elements=finite), finite)
def test_the_crps_of_an_ensemble_is_the_integral_that_defines_it(members: np.ndarray, observed: float) -> None:
    assert crps(members, observed) == pytest.approx(brute_crps(members, observed), abs=1e-12)


@pytest.mark.parametrize("observed", [-1.0, 0.3, 2.5])
def test_the_crps_of_many_normal_members_is_the_closed_form(observed: float) -> None:
    """Gneiting and Raftery (2007), eq. 5 with the sign turned: sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))."""
    mean, sd = 0.5, 0.8
    z = (observed - mean) / sd
    closed = sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    members = norm.ppf((np.arange(20_000) + 0.5) / 20_000, mean, sd)

    assert crps(members, observed) == pytest.approx(closed, abs=1e-4)


def test_a_fair_crps_does_not_depend_on_how_many_members_are_drawn() -> None:
    """Ferro (2014): its mean is that of the distribution; the plain one of few members is too large."""
    rng = np.random.default_rng(3)
    observed = rng.normal(size=40_000)
    expected = 1 / np.sqrt(np.pi)  # the mean of the closed form above over its own distribution
    fair = {m: crps(rng.normal(size=(m, 40_000)), observed, fair=True).mean() for m in (2, 5, 9)}
    plain = crps(rng.normal(size=(2, 40_000)), observed).mean()

    assert list(fair.values()) == pytest.approx([expected] * 3, abs=0.012)
    assert plain == pytest.approx(expected * 1.5, abs=0.012)  # (1 + 1 / m) times as large


def test_one_member_is_scored_by_its_absolute_error_and_arrays_go_case_by_case() -> None:
    assert crps([2.0], 0.5) == 1.5
    members = np.array([[[0.0, 1.0]], [[1.0, 1.0]]])
    assert crps(members, np.array([[0.0, 3.0]])).tolist() == [[0.25, 2.0]]
    with pytest.raises(ValueError, match="members: 1 at least"):
        crps(np.zeros((0, 3)), np.zeros(3))
    with pytest.raises(ValueError, match="members: 2 at least"):
        crps([1.0], 1.0, fair=True)


cases = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.booleans()), min_size=1, max_size=40)


@given(cases)
def test_the_parts_of_the_brier_score_add_up(told: list[tuple[float, bool]]) -> None:
    chance, seen = (np.array(one) for one in zip(*told, strict=True))
    found = brier(chance, seen)

    assert found.score == pytest.approx(np.mean((chance - seen) ** 2))
    assert found.score == pytest.approx(found.reliability - found.resolution + found.uncertainty)


@given(arrays(np.float64, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(0, 1)), st.data())
def test_the_crps_is_the_brier_score_over_all_thresholds(members: np.ndarray, data: st.DataObject) -> None:
    """Hersbach (2000), eq. 6; here by brute force on thresholds of a thousandth."""
    observed = data.draw(arrays(np.float64, members.shape[1], elements=st.floats(0, 1)))
    thresholds = (np.arange(1000) + 0.5) / 1000
    scores = [brier((members >= t).mean(axis=0), observed >= t).score for t in thresholds]

    assert crps(members, observed).mean() == pytest.approx(np.mean(scores), abs=2e-3)


def test_sharp_forecasts_that_come_true_have_all_the_resolution_there_is() -> None:
    found = brier([1.0, 0.0, 1.0, 0.0], [True, False, True, False])

    assert (found.score, found.reliability, found.resolution, found.uncertainty) == (0, 0, 0.25, 0.25)
    assert np.isnan(brier([], []).score)


def test_chances_that_are_true_lie_on_the_diagonal_of_the_reliability_diagram() -> None:
    rng = np.random.default_rng(5)
    chance = rng.random(50_000)
    found = reliability(chance, rng.random(50_000) < chance, 10)

    assert found.count.sum() == 50_000
    assert found.frequency == pytest.approx(found.chance, abs=0.03)
    assert found.chance == pytest.approx(np.arange(0.05, 1, 0.1), abs=0.01)


def test_a_class_without_cases_has_no_frequency_and_certainty_is_in_the_last() -> None:
    found = reliability([1.0, 0.2], [True, False], 5)

    assert found.count.tolist() == [0, 1, 0, 0, 1]
    assert np.isnan(found.frequency[[0, 2, 3]]).all()
    assert found.frequency[[1, 4]].tolist() == [0, 1]


def test_lead_time_counts_from_the_first_who_said_so_before_the_event() -> None:
    onset = first_time([0.0, 600.0, 1200.0], [False, True, False])

    assert onset == 600.0
    assert lead_time_s(onset, [500.0, 200.0, 600.0, 900.0]) == 400.0
    assert np.isnan(lead_time_s(onset, [600.0]))
    assert np.isnan(lead_time_s(np.nan, [0.0]))
    assert np.isnan(first_time([0.0], [False]))
