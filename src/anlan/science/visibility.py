"""Visibility from the image of a fixed camera in which targets at known distances are marked.

Air full of droplets or dust takes light from what lies behind it and adds light of its own. Of a surface of radiance J
at distance d the camera sees I = J t + A (1 - t) with t = exp(-s d): A is the radiance of the horizon sky, s the
extinction (Koschmieder's law). The darkest parts of a target, in their darkest colour channel, are nearly black in
clear air (the dark channel prior), so that what they show is the air's own light, and tells t; an image of the same
scene in clear air, if there is one, tells how far from black they are. Of several targets at different distances the
extinction follows by a robust line through the origin, and from it the meteorological optical range.

Radiances are linear: `linear` undoes the curve of sRGB. Automatic exposure and gain do no harm, because only ratios to
the sky of the same image count; a sky that is overexposed, or a curve that is not sRGB's, does.

References
----------
Koschmieder, H. (1924). Theorie der horizontalen Sichtweite. Beitr. Phys. freien Atmos. 12, 33-53 and 171-181.
He, K., Sun, J. and Tang, X. (2011). Single image haze removal using dark channel prior. IEEE Trans. Pattern Anal. Mach.
Intell. 33(12), 2341-2353, doi:10.1109/TPAMI.2010.168: eq. 1 (the model), 5 (dark channel), 11 (transmission).
WMO (2018). Guide to Instruments and Methods of Observation, WMO-No. 8, volume I, 9.1.1: the meteorological optical
range is the path on which five percent of the light are left.
IEC 61966-2-1:1999, 5.2 (the curve of sRGB).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools, Floats, Ints, floats

Verdict = Literal["measured", "clearer", "denser", "night", "blinded", "featureless"]
"""What an image tells.

``measured``: a range. ``clearer``, ``denser``: only that the range is greater or less than one. Nothing: ``night``, the
sky is dark or the targets outshine it; ``blinded``, it is overexposed; ``featureless``, no target has enough pixels.
"""

SKY = 0
"""The mark of the horizon sky; targets are marked from 1, and what is neither with a negative number."""

LEFT = 0.05
"""The share of light that is left after the meteorological optical range (WMO-No. 8, 9.1.1)."""


@dataclass(frozen=True)
class Setup:
    """How an image is read.

    Attributes
    ----------
    dark : float
        Which quantile of a target's dark channel stands for its darkest parts; the lowest pixels are noise.
    thickest, thinnest : float
        Transmissions below and above these are not told apart from none and all.
    least_sky : float
        A sky below this radiance is that of the night.
    outshone : float
        So is one whose radiance is below this share of the targets'; in fog by day they become alike.
    most_sky, blind : float
        A sky of which more than a share ``blind`` is as bright as ``most_sky`` is overexposed.
    least_pixels : int
        Fewer are no target.
    """

    dark: float = 0.05
    thickest: float = 0.05
    thinnest: float = 0.95
    least_sky: float = 0.02
    outshone: float = 0.9
    most_sky: float = 0.995
    blind: float = 0.3
    least_pixels: int = 64


@dataclass(frozen=True)
class Visibility:
    """What one image says.

    Attributes
    ----------
    verdict : str
    range_m : float
        The meteorological optical range; its bound where it is clearer or denser; NaN where nothing is told.
    low_m, high_m : float
        Between these lie the ranges that the middle two thirds of the targets tell: how far they agree, which is not
        how right they are. NaN where nothing is measured.
    extinction_per_m : float
    transmission : (k,) array
        Of each target; NaN where one has too few pixels.
    """

    verdict: Verdict
    range_m: float
    low_m: float
    high_m: float
    extinction_per_m: float
    transmission: Floats


def linear(image: npt.ArrayLike) -> Floats:
    """Return the radiances (0 to 1) of an image in sRGB, of any shape: 8-bit integers, or numbers from 0 to 1.

    Examples
    --------
    >>> linear([0.0, 0.5, 1.0]).round(4).tolist()
    [0.0, 0.214, 1.0]
    """
    given = np.asarray(image)
    value = floats(given) / 255.0 if given.dtype == np.uint8 else floats(given)
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


def range_of(extinction_per_m: float) -> float:
    """Return the meteorological optical range, m: -ln 0.05 over the extinction.

    Examples
    --------
    >>> round(range_of(0.003))
    999
    """
    return -math.log(LEFT) / extinction_per_m if extinction_per_m > 0 else math.inf


def sky_of(image: Floats, marks: Ints) -> Floats:
    """Return the radiance of the horizon sky (3,): the median of its pixels, in each channel."""
    return np.asarray(np.median(image[marks == SKY], axis=0)) if np.any(marks == SKY) else np.full(3, np.nan)


def darkest(image: Floats, marks: Ints, count: int, setup: Setup) -> Floats:
    """Return, of each target, its darkest parts in their darkest channel, relative to the sky (He et al. 2011, eq. 5).

    Parameters
    ----------
    image : (h, w, 3) array
        Radiances.
    marks : (h, w) array of int
        1 to ``count`` for the targets.

    Returns
    -------
    (count,) array
        NaN where a target has too few pixels.
    """
    channel = np.min(image / np.maximum(sky_of(image, marks), 1e-9), axis=-1)
    found = np.full(count, np.nan)
    for target in range(count):
        own = channel[marks == target + 1]
        if len(own) >= setup.least_pixels:
            found[target] = np.quantile(own, setup.dark)
    return found


def estimate(
    image: npt.ArrayLike,
    marks: npt.ArrayLike,
    distance_m: Sequence[float] | Floats,
    *,
    clear: npt.ArrayLike | None = None,
    setup: Setup | None = None,
) -> Visibility:
    """Estimate the visibility in an image.

    With transmissions told apart from 0.05 to 0.95, ranges can be measured from the distance of the nearest target to
    58 times that of the farthest; beyond, the verdict is ``denser`` or ``clearer`` with that bound.

    Parameters
    ----------
    image : (h, w, 3) array
        Radiances, 0 to 1: see `linear`.
    marks : (h, w) array of int
        `SKY`, 1 to k for the targets, negative for what is neither.
    distance_m : (k,) array
        Of each target from the camera; greater than 0.
    clear : (k,) array, optional
        What `darkest` gives of an image in clear air; without it, targets are taken as having black parts.

    Raises
    ------
    ValueError
        If shapes do not fit together, or a distance is not greater than 0.
    """
    radiance, labels, distance = floats(image), np.asarray(marks, np.int64), floats(distance_m)
    if radiance.shape != (*labels.shape, 3) or np.any(distance <= 0) or distance.ndim != 1:
        raise ValueError(f"image, marks, distance_m: shapes {radiance.shape}, {labels.shape}, {distance.shape}")
    chosen = setup or Setup()
    none = np.full(len(distance), np.nan)
    spoilt = _spoilt(radiance, labels, chosen)
    if spoilt is not None:
        return Visibility(spoilt, math.nan, math.nan, math.nan, math.nan, none)
    black = np.zeros(len(distance)) if clear is None else floats(clear)
    transmission = (1.0 - darkest(radiance, labels, len(distance), chosen)) / (1.0 - black)  # He et al., eq. 11
    return _fitted(transmission, distance, chosen)


def _spoilt(image: Floats, marks: Ints, setup: Setup) -> Verdict | None:
    """Return why nothing can be told of an image; None if something can."""
    sky, target = image[marks == SKY], image[marks > SKY]
    if len(sky) < setup.least_pixels or len(target) < setup.least_pixels:
        return "featureless"
    if np.mean(sky.max(axis=-1) >= setup.most_sky) > setup.blind:
        return "blinded"
    brightness = float(np.median(sky.mean(axis=-1)))
    if brightness < setup.least_sky or brightness < setup.outshone * float(np.median(target.mean(axis=-1))):
        return "night"
    return None


def _fitted(transmission: Floats, distance_m: Floats, setup: Setup) -> Visibility:
    """Fit -ln t = s d through the origin by least absolute deviations, each target weighing as t.

    Its solution is the median of (-ln t) / d, each weighing as t d: errors of t are alike, those of ln t as 1 / t.
    """
    known: Bools = ~np.isnan(transmission)
    nothing = (math.nan, math.nan, math.nan)
    if not known.any():
        return Visibility("featureless", math.nan, *nothing, transmission)
    usable = known & (transmission > setup.thickest) & (transmission < setup.thinnest)
    if not usable.any():
        nearest, farthest = _bounds(distance_m[known], setup)
        if float(np.nanmedian(transmission)) <= setup.thickest:
            return Visibility("denser", nearest, *nothing, transmission)
        return Visibility("clearer", farthest, *nothing, transmission)
    weight = transmission[usable] * distance_m[usable]
    extinction = -np.log(transmission[usable]) / distance_m[usable]
    low, middle, high = _weighted_quantiles(extinction, weight, (1 / 6, 0.5, 5 / 6))
    return Visibility("measured", range_of(middle), range_of(high), range_of(low), middle, transmission)


def _bounds(distance_m: Floats, setup: Setup) -> tuple[float, float]:
    """Return the least and the greatest range that targets at these distances can tell."""
    full = -math.log(LEFT)
    nearest = full * float(distance_m.min()) / -math.log(setup.thickest)
    return nearest, full * float(distance_m.max()) / -math.log(setup.thinnest)


def _weighted_quantiles(value: Floats, weight: Floats, shares: Sequence[float]) -> list[float]:
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    return [float(value[order][np.searchsorted(reached, share)]) for share in shares]
