"""BATADAL's scoring against examples worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

from anlan.science.anomalies.batadal import attacks, judged


def flags(text: str) -> np.ndarray:
    return np.array([letter == "1" for letter in text])


def test_a_worked_example():
    # two attacks of 4 and 5 hours; the first is found after 1 hour, the second never; 2 of 11 safe hours told wrongly
    attacked = flags("00001111000111110000")
    verdict = judged(flags("00000110110000000000"), attacked)

    assert attacks(attacked).tolist() == [[4, 8], [11, 16]]
    assert verdict.delay.tolist() == [1, 5]
    assert verdict.found.tolist() == [True, False]
    assert verdict.time_to_detection == pytest.approx(1 - (1 / 4 + 5 / 5) / 2)
    assert verdict.true_positive_rate == pytest.approx(2 / 9)
    assert verdict.true_negative_rate == pytest.approx(9 / 11)
    assert verdict.classification == pytest.approx((2 / 9 + 9 / 11) / 2)
    assert verdict.score == pytest.approx((0.375 + (2 / 9 + 9 / 11) / 2) / 2)


def test_telling_all_and_telling_nothing():
    attacked = flags("0001100")

    assert judged(attacked, attacked).score == 1.0
    assert judged(flags("0000000"), attacked).score == 0.25  # S_TTD 0, S_CM 0.5
    assert judged(flags("1111111"), attacked).score == 0.75  # S_TTD 1, S_CM 0.5


@pytest.mark.parametrize(("told", "attacked"), [("00", "00"), ("11", "11"), ("000", "01")])
def test_what_cannot_be_scored_is_refused(told, attacked):
    with pytest.raises(ValueError, match="told, attacked"):
        judged(flags(told), flags(attacked))


@given(hnp.arrays(bool, 40), hnp.arrays(bool, 40))
def test_scores_are_shares(told, attacked):
    attacked[0], attacked[1] = True, False
    verdict = judged(told, attacked)

    for share in (verdict.score, verdict.time_to_detection, verdict.classification):
        assert 0.0 <= share <= 1.0
    assert verdict.length.sum() == attacked.sum()
