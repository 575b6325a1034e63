"""How good forecasts were: scores of yes and no, of chances and of ensembles, against what was then observed.

References
----------
Wilks (2011), Statistical Methods in the Atmospheric Sciences, third edition, chapter 8.
Jolliffe and Stephenson (2012), Forecast Verification, second edition, chapter 3.
Hersbach (2000), Weather and Forecasting 15, 559-570: the continuous ranked probability score of an ensemble.
Ferro (2014), Quarterly Journal of the Royal Meteorological Society 140, 1917-1923: fair scores.
Murphy (1973), Journal of Applied Meteorology 12, 595-600: the parts of the Brier score.
Gneiting and Raftery (2007), Journal of the American Statistical Association 102, 359-378.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools, Floats, Ints, floats


@dataclass(frozen=True)
class Contingency:
    """How often what was forecast (yes or no) was then seen: a hits, b false alarms, c misses, d correct rejections.

    Measures are NaN where nothing can be said: their denominator is zero. Letters as in Wilks (2011), section 8.2.
    """

    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int

    def __post_init__(self) -> None:
        if min(self.hits, self.misses, self.false_alarms, self.correct_rejections) < 0:
            raise ValueError("counts must not be negative")

    def __add__(self, other: "Contingency") -> "Contingency":
        return Contingency(
            self.hits + other.hits,
            self.misses + other.misses,
            self.false_alarms + other.false_alarms,
            self.correct_rejections + other.correct_rejections,
        )

    @property
    def total(self) -> int:
        """All cases."""
        return self.hits + self.misses + self.false_alarms + self.correct_rejections

    @property
    def pod(self) -> float:
        """Probability of detection: the share of what was seen that was forecast, a / (a + c)."""
        return _ratio(self.hits, self.hits + self.misses)

    @property
    def far(self) -> float:
        """False alarm ratio: the share of what was forecast that was not seen, b / (a + b)."""
        return _ratio(self.false_alarms, self.hits + self.false_alarms)

    @property
    def pofd(self) -> float:
        """Probability of false detection: the share of what was not seen that was forecast, b / (b + d)."""
        return _ratio(self.false_alarms, self.false_alarms + self.correct_rejections)

    @property
    def csi(self) -> float:
        """Critical success index, or threat score: a / (a + b + c)."""
        return _ratio(self.hits, self.hits + self.false_alarms + self.misses)

    @property
    def bias(self) -> float:
        """Frequency bias: how many times as often it was forecast as it was seen, (a + b) / (a + c)."""
        return _ratio(self.hits + self.false_alarms, self.hits + self.misses)

    @property
    def correct(self) -> float:
        """Proportion correct: (a + d) / n. High for rare events whatever is forecast."""
        return _ratio(self.hits + self.correct_rejections, self.total)

    @property
    def gss(self) -> float:
        """Gilbert skill score, or equitable threat score: CSI without the hits that chance gives."""
        by_chance = _ratio((self.hits + self.false_alarms) * (self.hits + self.misses), self.total)
        return _ratio(self.hits - by_chance, self.hits + self.false_alarms + self.misses - by_chance)

    @property
    def hss(self) -> float:
        """Heidke skill score: proportion correct against that of chance."""
        a, b, c, d = self.hits, self.false_alarms, self.misses, self.correct_rejections
        return _ratio(2 * (a * d - b * c), (a + c) * (c + d) + (a + b) * (b + d))

    @property
    def pss(self) -> float:
        """Peirce skill score: POD less POFD."""
        return self.pod - self.pofd


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def contingency(said: npt.ArrayLike, seen: npt.ArrayLike) -> Contingency:
    """Count what was said and what was seen, arrays of truth of one shape."""
    said, seen = np.broadcast_arrays(np.asarray(said, dtype=np.bool_), np.asarray(seen, dtype=np.bool_))
    counts = ((said & seen), (~said & seen), (said & ~seen), (~said & ~seen))
    return Contingency(*(int(np.count_nonzero(one)) for one in counts))


def crps(members: npt.ArrayLike, observed: npt.ArrayLike, *, fair: bool = False) -> Floats:
    """Return the continuous ranked probability score of an ensemble, in the unit of what is forecast; 0 is best.

    It is the integral of the squared difference between the ensemble's distribution and the step at what was observed
    (Hersbach 2000, eq. 19 onwards), computed as the mean distance to the members less half the mean distance between
    two of them (Gneiting and Raftery 2007, eq. 21). Of one member it is the absolute error.

    Parameters
    ----------
    members : (members, ...) array
    observed : (...) array
    fair : bool
        Score the distribution that the members are drawn from: two different members then (Ferro 2014, eq. 7).

    Raises
    ------
    ValueError
        If there is no member, or only one and the score is to be fair.
    """
    rising = np.sort(floats(members), axis=0)
    count = len(rising)
    if count < 1 + fair:
        raise ValueError(f"members: {1 + fair} at least, not {count}")
    weights = (2 * np.arange(count) - (count - 1)).reshape(-1, *(1,) * (rising.ndim - 1))
    apart = (weights * rising).sum(axis=0)  # the sum over all pairs of their distance
    pairs = count * (count - 1) if fair else count * count
    return floats(np.abs(rising - floats(observed)).mean(axis=0) - apart / pairs)


@dataclass(frozen=True)
class Brier:
    """The Brier score (0 is best) in Murphy's three parts: score = reliability - resolution + uncertainty.

    Reliability is how far chances lie from the frequencies seen after them (0 is best), resolution how far those
    frequencies lie from that of all cases (more is better), uncertainty the variance of what is forecast.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float


def brier(chance: npt.ArrayLike, seen: npt.ArrayLike) -> Brier:
    """Return the Brier score and its parts, (n,) chances from 0 to 1 against what was seen; all NaN for no case.

    Cases are grouped by equal chances, so the three parts add up exactly (Murphy 1973).
    """
    chance, seen = floats(chance), floats(seen)
    if not len(chance):
        return Brier(math.nan, math.nan, math.nan, math.nan)
    values, which = np.unique(chance, return_inverse=True)
    count = np.bincount(which)
    frequency = np.bincount(which, seen) / count
    usual = float(seen.mean())
    return Brier(
        score=float(((chance - seen) ** 2).mean()),
        reliability=float((count * (values - frequency) ** 2).sum() / len(seen)),
        resolution=float((count * (frequency - usual) ** 2).sum() / len(seen)),
        uncertainty=usual * (1 - usual),
    )


@dataclass(frozen=True, eq=False)
class Reliability:
    """Chances in classes of equal width: how many cases, their mean chance, and how often it was then seen.

    Both are NaN in a class without cases.
    """

    count: Ints
    chance: Floats
    frequency: Floats


def reliability(chance: npt.ArrayLike, seen: npt.ArrayLike, classes: int) -> Reliability:
    """Return the points of a reliability diagram (Wilks 2011, section 8.4.4).

    Examples
    --------
    >>> found = reliability([0.1, 0.1, 0.9], [False, True, True], 2)
    >>> found.count.tolist(), found.frequency.tolist()
    ([2, 1], [0.5, 1.0])
    """
    chance, seen = floats(chance), floats(seen)
    which = np.minimum((chance * classes).astype(np.int64), classes - 1)
    count = np.bincount(which, minlength=classes)
    some = np.where(count, count, np.nan)
    means = (np.bincount(which, weights, minlength=classes) / some for weights in (chance, seen))
    return Reliability(count.astype(np.int64), *means)


def first_time(time_s: npt.ArrayLike, reached: npt.ArrayLike) -> float:
    """Return the first of times that rise, (n,), at which something was reached; NaN for never."""
    at: Bools = np.asarray(reached, dtype=np.bool_)
    return float(floats(time_s)[int(at.argmax())]) if at.any() else math.nan


def lead_time_s(onset_s: float, said_s: npt.ArrayLike) -> float:
    """Return how long before an event somebody first said that it would come; NaN if nobody did before it began.

    Parameters
    ----------
    onset_s
        When the event began; NaN if it never did.
    said_s : (n,) array
        When forecasts that said so were made.
    """
    said = floats(said_s)
    before = said[said < onset_s]
    return float(onset_s - before.min()) if len(before) else math.nan
