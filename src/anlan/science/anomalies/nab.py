"""The scoring of the Numenta Anomaly Benchmark (NAB) v1.1, as published.

A detector gives each row of each labelled series a score from 0 to 1; rows at or above a threshold are detections. The
first fifteen percent of a series, at most 750 rows, are a probation in which nothing counts. In each labelled window
only the best-placed, that is the earliest, detection counts, the more the earlier it is; a window without one costs the
weight of a miss; every detection outside windows costs, the less the sooner it comes after a window. One threshold is
chosen for the whole corpus, the one with the best total, and the total is put on a scale on which a detector that finds
nothing has 0 and a perfect one 100.

References
----------
Lavin, A. and Ahmad, S. (2015). Evaluating real-time anomaly detection algorithms: the Numenta Anomaly Benchmark. IEEE
ICMLA, 38-44, doi:10.1109/ICMLA.2015.141, section II C and eq. 1 to 4.
The arithmetic where the paper is silent (which row a window ends at, how far behind it a detection lies, ties of
scores): repository numenta/NAB, commit ea702d7, nab/sweeper.py, nab/optimizer.py, nab/runner.py, config/profiles.json.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from anlan.science.arrays import Bools, Floats, Ints, floats

_PROBATION, _PROBATION_ROWS = 0.15, 5000  # runner.py: 15 percent; util.py getProbationPeriod: of at most 5000 rows
_STEEPNESS, _FAR = 5.0, 3.0  # eq. 1: sigma(y) = 2 / (1 + e^(5y)) - 1; sweeper.py: -1 beyond three widths


@dataclass(frozen=True)
class Profile:
    """What a detection, a miss and a false detection weigh."""

    hit: float
    miss: float
    false: float


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {  # config/profiles.json; Lavin and Ahmad (2015), table I
        "standard": Profile(1.0, 1.0, 0.11),
        "reward_low_FP_rate": Profile(1.0, 1.0, 0.22),
        "reward_low_FN_rate": Profile(1.0, 2.0, 0.11),
    }
)


@dataclass(frozen=True)
class Series:
    """The scores of one series' rows with its labelled windows.

    Attributes
    ----------
    score : (n,) array
        From 0 to 1, in order of time.
    windows : (k, 2) array of int
        First and last row of each labelled window, in order; they do not overlap.
    """

    score: Floats
    windows: Ints


@dataclass(frozen=True)
class Counted:
    """A series or a corpus at one threshold: its raw score, and rows found rightly, wrongly, missed and left alone."""

    score: float
    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int


@dataclass(frozen=True)
class Verdict:
    """How a detector stands under a profile: its best threshold, the raw total there, and the score from 0 to 100."""

    threshold: float
    total: float
    score: float


def probation(n_rows: int) -> int:
    """Return how many rows at the start of a series do not count."""
    return math.ceil(min(math.floor(_PROBATION * n_rows), _PROBATION * _PROBATION_ROWS))


def rows_of(time_us: Ints, windows_us: Ints) -> Ints:
    """Return the first and last rows (k, 2) of windows that are given by the times of these rows.

    A time that stands at several rows is that of the first; some series repeat an hour.

    Raises
    ------
    ValueError
        If a window begins or ends at a time that no row has.
    """
    limits = np.asarray(windows_us, np.int64).ravel()
    rows = [np.flatnonzero(time_us == limit) for limit in limits]
    if any(len(some) == 0 for some in rows):
        raise ValueError("windows_us: a window begins or ends at a time that no row has")
    return np.array([some[0] for some in rows], np.int64).reshape(-1, 2)


def scaled_sigmoid(position: Floats) -> Floats:
    """Return the worth of a detection at a position: -1 at the left edge of a window, 0 at its right edge, then behind.

    Examples
    --------
    >>> scaled_sigmoid(np.array([-1.0, -0.5, 0.0, 1.0, 3.5])).round(5).tolist()
    [0.98661, 0.84828, 0.0, -0.98661, -1.0]
    """
    near = 2.0 / (1.0 + np.exp(_STEEPNESS * np.minimum(position, _FAR))) - 1.0
    return np.where(position > _FAR, -1.0, near)


def worth(n_rows: int, windows: Ints, profile: Profile) -> tuple[Floats, Ints]:
    """Return what a detection at each row is worth, and the number of the window in which it lies, -1 for none."""
    rows = np.arange(n_rows)
    gain, inside = np.full(n_rows, -profile.false), np.full(n_rows, -1, np.int64)
    best = float(scaled_sigmoid(np.array([-1.0]))[0])
    ends = [*windows[1:, 0].tolist(), n_rows][: len(windows)]
    for number, ((first, last), following) in enumerate(zip(windows.tolist(), ends, strict=True)):
        width = last - first + 1
        own, behind = rows[first : last + 1], rows[last + 1 : following]
        inside[own] = number
        gain[own] = scaled_sigmoid(-(last - own + 1) / width) * profile.hit / best
        past = (behind - last) / (width - 1) if width > 1 else np.full(len(behind), np.inf)
        gain[behind] = scaled_sigmoid(past) * profile.false
    return gain, inside


@dataclass(frozen=True)
class _Rows:
    """The rows of a corpus that count, highest scores first."""

    score: Floats
    gain: Floats
    window: Ints
    n_windows: int


def _counting(corpus: Sequence[Series], profile: Profile) -> _Rows:
    scores, gains, windows, before = [], [], [], 0
    for series in corpus:
        n_rows = len(series.score)
        gain, inside = worth(n_rows, series.windows, profile)
        counts = slice(probation(n_rows), None)
        scores.append(floats(series.score)[counts])
        gains.append(gain[counts])
        windows.append(np.where(inside >= 0, inside + before, -1)[counts])
        before += len(series.windows)
    score, gain, window = np.concatenate(scores), np.concatenate(gains), np.concatenate(windows)
    order = np.argsort(-score, kind="stable")
    return _Rows(score[order], gain[order], window[order], before)


def _steps(rows: _Rows, profile: Profile) -> Floats:
    """Return by how much each row, taken in this order as a detection, moves the total."""
    step = np.where(rows.window < 0, rows.gain, 0.0)
    for number in range(rows.n_windows):
        own = np.flatnonzero(rows.window == number)
        best = np.maximum.accumulate(np.append(-profile.miss, rows.gain[own]))
        step[own] = np.diff(best)
    return step


def sweep(corpus: Sequence[Series], profile: Profile) -> tuple[Floats, Floats]:
    """Return every threshold that tells rows apart, highest first, and the raw total of the corpus at each.

    The first threshold lies above all scores: nothing is detected.
    """
    rows = _counting(corpus, profile)
    floor = -profile.miss * len(np.unique(rows.window[rows.window >= 0]))
    totals = floor + np.cumsum(_steps(rows, profile))
    last = np.flatnonzero(np.append(np.diff(rows.score) != 0, np.ones(min(len(rows.score), 1), bool)))
    return np.append(np.inf, rows.score[last]), np.append(floor, totals[last])


def counted(corpus: Sequence[Series], profile: Profile, threshold: float) -> Counted:
    """Return the raw score and the counts of rows at a threshold."""
    rows = _counting(corpus, profile)
    found: Bools = rows.score >= threshold
    inside = rows.window >= 0
    floor = -profile.miss * len(np.unique(rows.window[inside]))
    return Counted(
        score=floor + float(_steps(rows, profile)[found].sum()),
        true_positive=int((found & inside).sum()),
        false_positive=int((found & ~inside).sum()),
        false_negative=int((~found & inside).sum()),
        true_negative=int((~found & ~inside).sum()),
    )


def normalised(total: float, corpus: Sequence[Series], profile: Profile) -> float:
    """Return a raw total on the scale on which finding nothing is 0 and the perfect detector is 100."""
    windows = sum(len(series.windows) for series in corpus)
    nothing, perfect = -profile.miss * windows, profile.hit * windows
    return 100.0 * (total - nothing) / (perfect - nothing)


def judged(corpus: Sequence[Series], profile: Profile) -> Verdict:
    """Choose the threshold as NAB prescribes, the best on the whole corpus; return how the detector stands there."""
    thresholds, totals = sweep(corpus, profile)
    best = int(np.argmax(totals))
    return Verdict(float(thresholds[best]), float(totals[best]), normalised(float(totals[best]), corpus, profile))
