"""The Beaufort scale as GB/T 28591-2012 prints it, and the averaging factors of WMO/TD-No. 1555."""

import numpy as np
import pytest

from anlan.science.gusts import (
    GUST_3_S,
    GUST_60_S,
    beaufort,
    gust_m_s,
    mean_from_sustained_m_s,
    sustained_from_mean_m_s,
)

# lower and upper bound of each grade, m/s
SCALE = [
    (0.0, 0.2), (0.3, 1.5), (1.6, 3.3), (3.4, 5.4), (5.5, 7.9), (8.0, 10.7), (10.8, 13.8), (13.9, 17.1), (17.2, 20.7),
    (20.8, 24.4), (24.5, 28.4), (28.5, 32.6), (32.7, 36.9), (37.0, 41.4), (41.5, 46.1), (46.2, 50.9), (51.0, 56.0),
    (56.1, 61.2),
]  # fmt: skip


def test_both_bounds_of_every_grade_are_in_it():
    assert beaufort([low for low, _ in SCALE]).tolist() == list(range(18))
    assert beaufort([high for _, high in SCALE]).tolist() == list(range(18))


def test_an_unknown_wind_has_no_grade():
    assert beaufort([np.nan, 90.0]).tolist() == [-1, 17]


def test_beaufort_number_follows_the_empirical_law_up_to_12():
    """v = 0.836 B^1.5, WMO-No. 306 (1995): the middle of every grade of the scale, to 5 % or 0.3 m/s."""
    for grade, (low, high) in enumerate(SCALE[1:12], start=1):
        assert 0.836 * grade**1.5 == pytest.approx((low + high) / 2, rel=0.05, abs=0.3)


@pytest.mark.parametrize("exposure", GUST_3_S)
def test_a_gust_is_the_product_of_the_two_factors(exposure):
    mean = mean_from_sustained_m_s(33.0, exposure)

    assert sustained_from_mean_m_s(mean, exposure) == pytest.approx(33.0)
    assert gust_m_s(mean, exposure) == pytest.approx(33.0 / GUST_60_S[exposure] * GUST_3_S[exposure])
