"""Visibility from images fogged by Koschmieder's law with a known extinction: how far from the truth, when nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.visibility import SKY, Setup, darkest, estimate, linear, range_of

DISTANCE_M = np.array([60.0, 150.0, 300.0, 600.0, 1000.0, 2000.0])
SKY_LIGHT = np.array([0.60, 0.62, 0.66])


def scene(seed: int, black: float = 0.03) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return reflectances of a street with six marked fronts under a sky, the marks, and the depth of each pixel."""
    rng = np.random.default_rng(seed)
    marks = np.full((90, 30 * len(DISTANCE_M)), -1)
    marks[:30] = SKY
    depth = np.zeros(marks.shape)
    for k, distance in enumerate(DISTANCE_M):
        marks[35:85, 30 * k : 30 * k + 30] = k + 1
        depth[:, 30 * k : 30 * k + 30] = distance
    colour = rng.uniform(0.05, 0.6, (*marks.shape, 3))
    shadow = rng.random(marks.shape) < 0.15
    colour[shadow] = rng.uniform(0.5 * black, 1.5 * black, (int(shadow.sum()), 3))
    return colour, marks, depth


def fogged(
    colour: np.ndarray,
    marks: np.ndarray,
    depth: np.ndarray,
    range_m: float,
    *,
    gain: float = 1.0,
    noise: float = 0.004,
    seed: int = 0,
) -> np.ndarray:
    """Return what an 8-bit camera with the curve of sRGB sees through fog, as radiances."""
    through = np.exp(math.log(0.05) / range_m * depth)[..., None]  # Koschmieder (1924), the range after WMO-No. 8
    seen = colour * SKY_LIGHT * through + SKY_LIGHT * (1 - through)
    seen = np.where((marks == SKY)[..., None], SKY_LIGHT, seen) * gain
    seen = np.clip(seen + np.random.default_rng(seed).normal(0, noise, seen.shape), 0, 1)
    coded = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    return linear(np.round(255 * coded).astype(np.uint8))


def reference(colour: np.ndarray, marks: np.ndarray, depth: np.ndarray) -> np.ndarray:
    return darkest(fogged(colour, marks, depth, 1e9, seed=99), marks, len(DISTANCE_M), Setup())


@given(st.floats(math.log(100), math.log(20_000)), st.integers(0, 50), st.floats(0.4, 1.1))
def test_with_a_clear_image_it_is_right_to_ten_percent_up_to_twenty_kilometres(log_range, seed, gain):
    range_m = math.exp(log_range)
    colour, marks, depth = scene(seed)
    image = fogged(colour, marks, depth, range_m, gain=gain, seed=seed)
    found = estimate(image, marks, DISTANCE_M, clear=reference(colour, marks, depth))

    assert found.verdict == "measured"
    assert found.range_m == pytest.approx(range_m, rel=0.10)
    assert found.low_m <= found.range_m <= found.high_m
    assert found.extinction_per_m == pytest.approx(-math.log(0.05) / found.range_m)


@given(st.floats(math.log(100), math.log(10_000)), st.integers(0, 50))
def test_with_the_prior_alone_it_is_right_to_ten_percent_up_to_ten_kilometres(log_range, seed):
    range_m = math.exp(log_range)
    colour, marks, depth = scene(seed)
    found = estimate(fogged(colour, marks, depth, range_m, seed=seed), marks, DISTANCE_M)

    assert found.range_m == pytest.approx(range_m, rel=0.10)


def test_where_nothing_is_black_the_prior_tells_too_short_a_range_and_a_clear_image_the_right_one():
    colour, marks, depth = scene(3, black=0.15)
    image = fogged(colour, marks, depth, 8000.0)
    alone = estimate(image, marks, DISTANCE_M).range_m
    helped = estimate(image, marks, DISTANCE_M, clear=reference(colour, marks, depth)).range_m

    assert 0.5 * 8000 < alone < 0.9 * 8000
    assert helped == pytest.approx(8000, rel=0.10)


def test_without_noise_and_with_black_parts_it_is_exact():
    colour, marks, depth = scene(0, black=0.0)
    through = np.exp(-0.002 * depth)[..., None]
    image = np.where((marks == SKY)[..., None], SKY_LIGHT, colour * SKY_LIGHT * through + SKY_LIGHT * (1 - through))

    assert estimate(image, marks, DISTANCE_M).extinction_per_m == pytest.approx(0.002, rel=1e-9)


def test_one_target_of_another_kind_does_not_spoil_the_rest():
    colour, marks, depth = scene(4)
    image = fogged(colour, marks, depth, 1500.0)
    image[marks == 3] = 0.55 * SKY_LIGHT  # a white lorry stands before it
    found = estimate(image, marks, DISTANCE_M, clear=reference(colour, marks, depth))

    assert found.range_m == pytest.approx(1500, rel=0.1)


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.2])
def test_exposure_does_not_matter(gain):
    colour, marks, depth = scene(5)
    known = reference(colour, marks, depth)
    one = estimate(fogged(colour, marks, depth, 900.0, noise=0.0), marks, DISTANCE_M, clear=known)
    other = estimate(fogged(colour, marks, depth, 900.0, noise=0.0, gain=gain), marks, DISTANCE_M, clear=known)

    assert other.range_m == pytest.approx(one.range_m, rel=0.03)


def test_fog_in_which_the_nearest_target_vanishes_is_denser_than_its_distance():
    colour, marks, depth = scene(6)
    found = estimate(fogged(colour, marks, depth, 30.0), marks, DISTANCE_M)

    assert (found.verdict, found.range_m) == ("denser", pytest.approx(60.0))
    assert math.isnan(found.low_m)


def test_air_in_which_the_farthest_target_is_clear_is_clearer_than_it_can_tell():
    colour, marks, depth = scene(7)
    image = fogged(colour, marks, depth, 1e7)
    found = estimate(image, marks, DISTANCE_M, clear=reference(colour, marks, depth))

    assert found.verdict == "clearer"
    assert found.range_m == pytest.approx(2000 * math.log(0.05) / math.log(0.95))


def test_at_night_nothing_is_told():
    colour, marks, depth = scene(8)
    dark = fogged(colour, marks, depth, 800.0, gain=0.01)
    lit = dark.copy()
    lit[marks > SKY] = 0.4  # lamps on the fronts, and a sky that the camera's gain has lifted
    lit[marks == SKY] = 0.1

    for image in (dark, lit):
        found = estimate(image, marks, DISTANCE_M)
        assert found.verdict == "night"
        assert math.isnan(found.range_m)


def test_an_overexposed_sky_and_a_scene_without_targets_tell_nothing():
    colour, marks, depth = scene(9)
    image = fogged(colour, marks, depth, 800.0)

    assert estimate(fogged(colour, marks, depth, 800.0, gain=2.0), marks, DISTANCE_M).verdict == "blinded"
    assert estimate(image, np.full(marks.shape, SKY), DISTANCE_M).verdict == "featureless"
    assert estimate(image, np.where(marks > 0, marks, -1), DISTANCE_M).verdict == "featureless"


def test_a_target_of_few_pixels_has_no_say():
    colour, marks, depth = scene(10)
    marks[35:85, :30] = -1
    marks[35, :5] = 1
    found = estimate(fogged(colour, marks, depth, 800.0), marks, DISTANCE_M)

    assert np.isnan(found.transmission).tolist() == [True, False, False, False, False, False]
    assert found.range_m == pytest.approx(800, rel=0.1)


def test_the_curve_of_srgb_is_that_of_the_standard():
    # IEC 61966-2-1: 8-bit 188 is half the light, 10 lies on the straight part
    assert linear(np.array([0, 188, 255], np.uint8)) == pytest.approx([0.0, 0.5029, 1.0], abs=1e-4)
    assert linear(np.array([10], np.uint8))[0] == pytest.approx(10 / 255 / 12.92)


def test_five_percent_are_left_after_the_range():
    assert math.exp(-0.004 * range_of(0.004)) == pytest.approx(0.05)
    assert range_of(0.0) == math.inf


@pytest.mark.parametrize("distance", [[0.0], [[1.0]], [-5.0]])
def test_what_does_not_fit_together_is_refused(distance):
    with pytest.raises(ValueError, match="distance_m"):
        estimate(np.zeros((4, 4, 3)), np.zeros((4, 4), int), distance)
    with pytest.raises(ValueError, match="image"):
        estimate(np.zeros((4, 4)), np.zeros((4, 4), int), [1.0])
