"""How an alarm system does its work: rates, floods, nuisance, standing alarms, priorities, after the alarm standards.

An *annunciation* is the moment at which an alarm calls somebody: it opens, calls again, or comes back from where it was
hidden. All counts are of annunciations, and those that a limit is set for are per operator.

References
----------
ANSI/ISA-18.2-2016, *Management of alarm systems for the process industries*, clause 16 (monitoring and assessment); its
edition of 2009 has limits for a day, too.
IEC 62682:2014, *Management of alarm systems for the process industries*, clause 16.
EEMUA 191, 3rd edition (2013), *Alarm systems: a guide to design, management and procurement*.
ISA-TR18.2.5-2012, *Alarm system monitoring, assessment and auditing* (chattering: three times or more in a minute).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anlan.science.arrays import Floats, Ints


@dataclass(frozen=True)
class Rates:
    """Annunciations in intervals of one length.

    Attributes
    ----------
    mean, peak : float
        Per operator and interval.
    busy : float
        The share of whole intervals with more than a limit per operator.
    """

    mean: float
    peak: float
    busy: float


@dataclass(frozen=True)
class Flood:
    """A flood: from its first interval until the first one that is calm again; how many called, and most in one."""

    begin_s: float
    end_s: float
    count: int
    peak: int


@dataclass(frozen=True)
class Source:
    """How often one source of alarms (a rule on a subject) did what is counted."""

    source: int
    count: int


@dataclass(frozen=True)
class Waiting:
    """How long calls waited for somebody.

    Attributes
    ----------
    answered : int
    median_s, most_s : float
        Of those answered; NaN without one. ``most_s`` is the 95th percentile.
    late : int
        Answered later than a limit, or not yet and older than it.
    """

    answered: int
    median_s: float
    most_s: float
    late: int


def counts(time_s: Floats, since_s: float, until_s: float, every_s: float) -> tuple[Floats, Ints]:
    """Return the beginnings of the intervals between two moments, and how many called in each.

    Intervals stand at whole multiples of their length; the first and the last may reach beyond the span, in which alone
    calls are counted.
    """
    first = np.floor(since_s / every_s)
    last = max(np.ceil(until_s / every_s), first + 1)
    begin = np.arange(first, last) * every_s
    own = time_s[(time_s >= since_s) & (time_s < until_s)]
    place = (own // every_s - first).astype(np.int64)
    return begin, np.bincount(place, minlength=len(begin)).astype(np.int64)


def rates(
    time_s: Floats,
    since_s: float,
    until_s: float,
    every_s: float,
    *,
    operators: float = 1.0,
    limit: float = np.inf,
) -> Rates:
    """Return how many annunciations came per operator in intervals of one length.

    The mean is over the exact span, so that an interval cut by its ends does not count as a quiet one.

    Examples
    --------
    >>> rates(np.array([0.0, 10.0, 20.0, 700.0]), 0.0, 1800.0, 600.0, limit=2)
    Rates(mean=1.3333333333333333, peak=3.0, busy=0.3333333333333333)
    """
    begin, number = counts(time_s, since_s, until_s, every_s)
    whole = (begin >= since_s) & (begin + every_s <= until_s)
    per_operator = number / operators
    busy = float(np.mean(per_operator[whole] > limit)) if whole.any() else 0.0
    mean = float(number.sum()) * every_s / max(until_s - since_s, 1e-9) / operators
    return Rates(mean, float(per_operator.max()), busy)


def floods(
    time_s: Floats,
    since_s: float,
    until_s: float,
    *,
    every_s: float,
    begins: float,
    ends: float,
    operators: float = 1.0,
) -> list[Flood]:
    """Return the floods of a span.

    Each begins with a regular interval of more than ``begins`` calls per operator, and lasts until the first one of
    fewer than ``ends`` (ISA-18.2, clause 16).

    Examples
    --------
    >>> calls = np.concatenate([np.full(12, 30.0), np.full(6, 700.0), np.full(4, 1300.0)])
    >>> floods(calls, 0.0, 1800.0, every_s=600.0, begins=10, ends=5)
    [Flood(begin_s=0.0, end_s=1200.0, count=18, peak=12)]
    """
    begin, number = counts(time_s, since_s, until_s, every_s)
    found: list[Flood] = []
    start: int | None = None
    for n, count in enumerate([*(number / operators).tolist(), -1.0]):
        if start is None and count > begins:
            start = n
        elif start is not None and count < ends:
            own = number[start:n]
            end = min(float(begin[start]) + n * every_s - start * every_s, until_s)
            found.append(Flood(max(float(begin[start]), since_s), end, int(own.sum()), int(own.max())))
            start = None
    return found


def chattering(time_s: Floats, source: Ints, *, times: int, within_s: float) -> list[Source]:
    """Return the sources that called ``times`` or more within ``within_s``, with how often they called in such runs.

    Examples
    --------
    >>> chattering(np.array([0.0, 20.0, 40.0, 300.0]), np.zeros(4, np.int64), times=3, within_s=60.0)
    [Source(source=0, count=3)]
    """
    found = []
    for own in np.unique(source).tolist():
        moments = np.sort(time_s[source == own])
        part = np.zeros(len(moments), np.bool_)
        for first in range(len(moments) - times + 1):
            if moments[first + times - 1] - moments[first] <= within_s:
                part[first : first + times] = True
        if part.any():
            found.append(Source(own, int(part.sum())))
    return sorted(found, key=lambda one: (-one.count, one.source))


def fleeting(begin_s: Floats, end_s: Floats, source: Ints, *, shorter_s: float, again_s: float) -> list[Source]:
    """Return the sources whose alarms ended by themselves sooner than anybody could act, without coming again at once.

    An alarm that does come again within ``again_s`` chatters. An end that is NaN has not come.
    """
    numbers = []
    for own in np.unique(source).tolist():
        mine = np.flatnonzero(source == own)
        mine = mine[np.argsort(begin_s[mine], kind="stable")]
        following = np.append(begin_s[mine][1:], np.inf)
        short = end_s[mine] - begin_s[mine] < shorter_s
        alone = following - end_s[mine] > again_s
        alone &= np.append(np.inf, begin_s[mine][1:] - end_s[mine][:-1]) > again_s
        if (number := int((short & alone).sum())) > 0:
            numbers.append(Source(own, number))
    return sorted(numbers, key=lambda one: (-one.count, one.source))


def most_frequent(source: Ints, top: int) -> tuple[list[Source], float]:
    """Return the sources that called most, and their share of all calls (0 of none).

    Examples
    --------
    >>> most_frequent(np.array([7, 7, 7, 2, 2, 5]), 2)
    ([Source(source=7, count=3), Source(source=2, count=2)], 0.8333333333333334)
    """
    own, number = np.unique(source, return_counts=True)
    order = np.lexsort((own, -number))[:top]
    chosen = [Source(int(own[n]), int(number[n])) for n in order]
    return chosen, sum(one.count for one in chosen) / max(len(source), 1)


def distribution(grade: Ints, n_grades: int) -> Floats:
    """Return the share of each grade, given by its place, among the calls; zeros of none."""
    return np.bincount(grade, minlength=n_grades) / max(len(grade), 1)


def waiting(called_s: Floats, answered_s: Floats, until_s: float, limit_s: float) -> Waiting:
    """Return how long calls waited; an answer that is NaN has not come."""
    took = (answered_s - called_s)[~np.isnan(answered_s)]
    still = (until_s - called_s)[np.isnan(answered_s)]
    late = int((took > limit_s).sum() + (still > limit_s).sum())
    if not len(took):
        return Waiting(0, np.nan, np.nan, late)
    return Waiting(len(took), float(np.median(took)), float(np.quantile(took, 0.95)), late)


def share_of_time(spans: Sequence[Flood], since_s: float, until_s: float) -> float:
    """Return the share of a span that floods took."""
    return sum(one.end_s - one.begin_s for one in spans) / max(until_s - since_s, 1e-9)
