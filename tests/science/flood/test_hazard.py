"""Hazard by the two published rules, worked by hand, and their corners."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.flood.hazard import HAZARDS

DEFRA, AIDR = HAZARDS["defra_2006"], HAZARDS["aidr_2017"]


@pytest.mark.parametrize(
    ("speed", "ratings"),
    [
        (0.0, [0.53, 0.55, 0.60, 0.63, 1.15, 1.20, 1.25, 1.30, 1.40, 1.50, 1.75, 2.00, 2.25]),
        (0.5, [0.55, 0.60, 0.70, 0.75, 1.30, 1.40, 1.50, 1.60, 1.80, 2.00, 2.50, 3.00, 3.50]),
        (2.0, [0.63, 0.75, 1.00, 1.13, 1.75, 2.00, 2.25, 2.50, 3.00, 3.50, 4.75, 6.00, 7.25]),
        (5.0, [0.78, 1.05, 1.60, 1.88, 2.65, 3.20, 3.75, 4.30, 5.40, 6.50, 9.25, 12.0, 14.75]),
    ],
)
def test_the_defra_rating_is_its_formula_worked_by_hand(speed, ratings):
    """Worked by hand: d (v + 0.5) + 0.5 up to 0.25 m of depth, + 1 above (supplementary note, 2008), to two places."""
    depths = [0.05, 0.10, 0.20, 0.25, 0.30, 0.40, 0.50, 0.60, 0.80, 1.00, 1.50, 2.00, 2.50]

    np.testing.assert_allclose(DEFRA.rating(depths, speed), ratings, atol=0.0051)


def test_defra_classes_begin_at_their_bounds():
    some, most, every = "danger_for_some", "danger_for_most", "danger_for_all"

    found = DEFRA.classify([0.0, 0.5, 0.7499, 0.75, 1.2499, 1.25, 2.0, 2.0001])

    assert [DEFRA.classes[k] for k in found] == ["dry", "low", "low", some, some, most, most, every]


@pytest.mark.parametrize(
    ("depth", "speed", "expected"),
    [
        (0.0, 0.0, "dry"), (0.3, 1.0, "H1"), (0.3, 0.0, "H1"), (0.15, 2.0, "H1"), (0.3, 1.01, "H2"), (0.301, 0.0, "H2"),
        (0.5, 1.2, "H2"), (0.3, 2.0, "H2"), (0.501, 0.0, "H3"), (1.2, 0.5, "H3"), (1.2, 0.51, "H4"), (1.21, 0.0, "H4"),
        (2.0, 0.5, "H4"), (0.5, 2.0, "H4"), (2.01, 0.0, "H5"), (4.0, 1.0, "H5"), (1.0, 4.0, "H5"), (0.1, 2.01, "H5"),
        (4.01, 0.0, "H6"), (0.1, 4.01, "H6"), (2.0, 2.01, "H6"),
    ],
)  # fmt: skip
def test_the_corners_of_the_australian_curves(depth, speed, expected):
    """Guideline 7-3 (2017), table 2: limits of depth times speed, of depth and of speed, for each class."""
    assert AIDR.classes[int(AIDR.classify(AIDR.rating(depth, speed)))] == expected


@given(st.sampled_from([DEFRA, AIDR]), st.floats(0, 6), st.floats(0, 6), st.floats(0, 2), st.floats(0, 2))
def test_deeper_or_faster_is_never_less_dangerous(rule, depth, speed, more_depth, more_speed):
    low, high = rule.rating([depth, depth + more_depth], [speed, speed + more_speed])

    assert high >= low - 1e-6
    assert rule.classify(high) >= rule.classify(low) or high < low + 1e-6


def test_every_rule_has_a_class_for_every_rating_and_a_source():
    for rule in HAZARDS.values():
        assert len(rule.classes) == len(rule.bounds) + 1
        assert rule.source
