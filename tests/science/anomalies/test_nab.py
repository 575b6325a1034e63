"""NAB's scoring against what Numenta published of its own detectors, and against an obvious slow form of it."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anlan.science.anomalies
from anlan.science.anomalies.nab import (
    PROFILES,
    Profile,
    Series,
    counted,
    judged,
    normalised,
    probation,
    rows_of,
    scaled_sigmoid,
    sweep,
    worth,
)

# Published scores of single files (numenta/NAB @ea702d7, results/numenta and results/contextOSE, *_scores.csv): rows of
# the file, its windows, the rows at or above the published threshold, score, and rows found, left alone, wrong, missed.
PUBLISHED = [
    ("standard", 4032, [(2679, 3081)], [2881, 3161, 3280, 3390, 3856], 0.499996315, (1, 3021, 4, 402)),
    ("standard", 4032, [(2787, 3189)], [2988, 2989, 3001, 3061, 3097], 0.860671824, (5, 3025, 0, 398)),
    ("standard", 4032, [(2787, 3189)], [1086, 1268, 3284], -1.278351466, (0, 3022, 3, 403)),
    ("standard", 1882, [(669, 763), (1240, 1334)], [333, 432, 1331], -1.113701024, (1, 1408, 2, 189)),
    ("standard", 2500, [(2087, 2211), (2335, 2459)], [1689, 2147, 2148, 2149, 2397, 2398], 1.626025184,
     (5, 1874, 1, 245)),
    ("standard", 22695, [(2126, 2692), (3703, 4269), (16057, 16623), (19232, 19798)], [2374, 3904], -0.164969541,
     (2, 19677, 0, 2266)),
    ("reward_low_FN_rate", 4032, [(2787, 3189)], [1086, 1268, 3284], -2.278351466, (0, 3022, 3, 403)),
    ("reward_low_FN_rate", 2500, [(387, 469), (948, 1030), (1485, 1567)], [428, 989, 1539, 1685, 2039, 2132],
     2.110887036, (3, 1873, 3, 246)),
    ("reward_low_FN_rate", 10320, [(5839, 6045), (7080, 7286), (8423, 8629), (8731, 8937), (9977, 10183)],
     [3262, 5954, 8833], -4.429767918, (2, 8534, 1, 1033)),
]  # fmt: skip


def told(n_rows: int, rows: list[int]) -> np.ndarray:
    score = np.zeros(n_rows)
    score[rows] = 1.0
    return score


@pytest.mark.parametrize(("profile", "n_rows", "windows", "rows", "score", "counts"), PUBLISHED)
def test_single_files_score_what_numenta_published(profile, n_rows, windows, rows, score, counts):
    found = counted([Series(told(n_rows, rows), np.array(windows))], PROFILES[profile], 0.5)

    assert found.score == pytest.approx(score, abs=1e-8)
    assert (found.true_positive, found.true_negative, found.false_positive, found.false_negative) == counts


def test_the_sigmoid_has_the_values_of_the_paper():
    # nab/sweeper.py, and Lavin and Ahmad (2015), figure 3
    np.testing.assert_allclose(
        scaled_sigmoid(np.array([-1.0, -0.5, 0.0, 1.0, 3.01])), [0.98661, 0.84828, 0.0, -0.98661, -1.0], atol=5e-6
    )


@pytest.mark.parametrize(("n_rows", "rows"), [(4032, 604), (22695, 750), (10320, 750), (1882, 282), (6, 0)])
def test_the_probation_is_fifteen_percent_of_at_most_five_thousand_rows(n_rows, rows):
    assert probation(n_rows) == rows


def corpus(seed: int, perfect: bool = False) -> list[Series]:
    rng = np.random.default_rng(seed)
    windows = np.array([[40, 49], [70, 84]])
    score = np.round(rng.random(100), 1)
    if perfect:
        score = told(100, [40, 70])
    return [Series(score, windows), Series(np.zeros(50), np.zeros((0, 2), np.int64))]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_finding_nothing_is_zero_and_finding_each_window_at_its_first_row_is_a_hundred(profile):
    nothing = [Series(np.full(100, 0.5), np.array([[40, 49], [70, 84]]))]

    assert normalised(sweep(nothing, profile)[1][0], nothing, profile) == 0
    assert judged(corpus(0, perfect=True), profile).score == pytest.approx(100.0)


def slow(series: Series, profile: Profile, threshold: float) -> float:
    """Score one series at one threshold by walking over it, as the paper's words have it."""
    best = dict.fromkeys(range(len(series.windows)), -profile.miss)
    total, n_rows = 0.0, len(series.score)

    def sigma(y: float) -> float:
        return -1.0 if y > 3 else 2.0 / (1.0 + np.exp(5 * y)) - 1.0

    for row in range(probation(n_rows), n_rows):
        if series.score[row] < threshold:
            continue
        inside = [n for n, (first, last) in enumerate(series.windows) if first <= row <= last]
        behind = [(first, last) for first, last in series.windows if last < row]
        if inside:
            first, last = series.windows[inside[0]]
            value = profile.hit * sigma(-(last - row + 1) / (last - first + 1)) / sigma(-1.0)
            best[inside[0]] = max(best[inside[0]], value)
        elif behind:
            first, last = behind[-1]
            total += profile.false * sigma((row - last) / (last - first))
        else:
            total -= profile.false
    return total + sum(best.values())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(list(PROFILES)))
def test_every_threshold_of_the_sweep_scores_as_the_slow_form_does(seed, name):
    some, profile = corpus(seed), PROFILES[name]
    thresholds, totals = sweep(some, profile)

    for threshold, total in zip(thresholds, totals, strict=True):
        assert total == pytest.approx(sum(slow(one, profile, threshold) for one in some))
        assert counted(some, profile, threshold).score == pytest.approx(total)
    assert judged(some, profile).total == max(totals)


def test_nothing_in_the_probation_counts():
    score = told(100, [3, 14])

    assert counted([Series(score, np.array([[40, 49]]))], PROFILES["standard"], 0.5).score == -1.0


def test_a_window_is_worth_less_the_later_and_a_miss_more_the_farther():
    gain, inside = worth(200, np.array([[50, 69]]), PROFILES["standard"])

    assert np.all(np.diff(gain[50:70]) < 0)
    assert np.all(np.diff(gain[70:120]) <= 0)
    assert np.all(gain[:50] == -0.11)
    assert np.flatnonzero(inside == 0).tolist() == list(range(50, 70))


def test_windows_are_found_by_the_times_of_their_rows():
    time_us = np.arange(10) * 300_000_000

    assert rows_of(time_us, np.array([[600_000_000, 1_500_000_000]])).tolist() == [[2, 5]]
    assert rows_of(np.array([0, 10, 20, 10, 20, 30]), np.array([[10, 20]])).tolist() == [[1, 2]]
    assert rows_of(time_us, np.zeros((0, 2), np.int64)).shape == (0, 2)
    with pytest.raises(ValueError, match="no row"):
        rows_of(time_us, np.array([[600_000_001, 1_500_000_000]]))


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(anlan.science.anomalies.__path__)])
def test_the_examples_in_the_docstrings_run(name):
    assert doctest.testmod(importlib.import_module(f"anlan.science.anomalies.{name}")).failed == 0
