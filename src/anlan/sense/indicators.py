"""How the alarm system does its work, after ISA-18.2, IEC 62682 and EEMUA 191, against the catalog's targets.

All is read from the histories of the alarms: a call is a line at which an alarm begins to call somebody, or calls again
because it became graver. Alarms that were hidden when they opened (members of another, instruments under repair) call
nobody and do not count until they come back.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Literal, NamedTuple

import numpy as np
import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import GRADES, Grade
from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import Invalid
from anlan.science import alarm_system as science
from anlan.science.arrays import Floats, Ints
from anlan.sense.model import alarm_history, alarms

Standing = Literal["met", "bearable", "missed"]
"""How an indicator stands: at its target or better; worse, but no worse than what can be borne; worse than that."""

_BEGINS = frozenset({"open", "raise", "unshelve_active", "unsuppress_active", "restore_active"})
_TEN_MINUTES_S, _HOUR_S, _DAY_S = 600.0, 3600.0, 86400.0
_LONGEST_LIST = 100


class Origin(NamedTuple):
    """What alarms come from: a rule on a subject."""

    subject: str
    subject_kind: str
    rule: str


@dataclass(frozen=True)
class Indicator:
    """One figure with its target, both in the unit of the setting that names it."""

    id: str
    value: float
    target: float
    most: float | None
    standing: Standing


@dataclass(frozen=True)
class Counted:
    """An origin of alarms, how often it called, and its share of all calls."""

    origin: Origin
    count: int
    share: float


@dataclass(frozen=True)
class Stale:
    """An alarm that stands for too long."""

    alarm: str
    origin: Origin
    grade: Grade
    since: datetime


@dataclass(frozen=True)
class AlarmSystem:
    """What :func:`alarm_system` tells.

    Attributes
    ----------
    alarms : int
        Calls in the span.
    priorities : mapping
        Share of each grade, and its target, percent.
    waited_median_s, waited_most_s : float or None
        How long calls waited until somebody acknowledged: median and 95th percentile.
    """

    since: datetime
    until: datetime
    operators: float
    alarms: int
    indicators: tuple[Indicator, ...]
    floods: tuple[science.Flood, ...]
    most_frequent: tuple[Counted, ...]
    chattering: tuple[Counted, ...]
    fleeting: tuple[Counted, ...]
    standing: tuple[Stale, ...]
    priorities: dict[Grade, tuple[float, float]]
    waited_median_s: float | None
    waited_most_s: float | None


def alarm_system(
    reader: Reader, *, since: datetime | None = None, until: datetime | None = None, area: str | None = None
) -> AlarmSystem:
    """Return the indicators of a span; without one, of the last seven days.

    Raises
    ------
    Invalid
        ``alarm_system.span`` if the span is empty or longer than policy allows.
    """
    end = until or reader.now
    begin = since or end - timedelta(days=7)
    longest = float(reader.catalog.setting("alarm_system.longest_days"))
    if not timedelta(0) < end - begin <= timedelta(days=longest):
        raise Invalid("alarm_system.span", at="since", value=begin, params={"days": f"{longest:g}"})
    told = _Told()
    for _, lines in groupby(_lines(reader, begin, end, area), key=lambda line: line.alarm):
        _follow(list(lines), told)
    return _judged(_Judge(reader.catalog), told, begin, end)


def _lines(reader: Reader, since: datetime, until: datetime, area: str | None) -> Sequence[Any]:
    """Return the histories, up to the end, of all alarms that were not over before the span, alarm by alarm."""
    told = ("subject", "subject_kind", "rule")
    query = (
        sa.select(alarm_history, *(alarms.c[name] for name in told))
        .join_from(alarm_history, alarms, alarms.c.id == alarm_history.c.alarm)
        .where(reader.scope.where(alarms.c.area), alarms.c.opened_at < until, alarm_history.c.at < until)
        .where(sa.or_(alarms.c.changed_at >= since, alarms.c.open.is_(True)))
        .order_by(alarm_history.c.alarm, alarm_history.c.seq)
    )
    if area is not None:
        query = query.where(Scope((jurisdiction(area),)).where(alarms.c.area))
    return reader.conn.execute(query).all()


@dataclass
class _Told:
    """Calls, episodes and standing alarms, gathered alarm by alarm."""

    called_s: list[float] = field(default_factory=list)
    call_origin: list[int] = field(default_factory=list)
    call_grade: list[int] = field(default_factory=list)
    asked_s: list[float] = field(default_factory=list)
    answered_s: list[float] = field(default_factory=list)
    alone_s: list[tuple[float, float, int]] = field(default_factory=list)
    standing: list[Stale] = field(default_factory=list)
    origins: dict[Origin, int] = field(default_factory=dict)


def _follow(lines: list[Any], told: _Told) -> None:
    """Walk over the history of one alarm."""
    origin = Origin(lines[0].subject, lines[0].subject_kind, lines[0].rule)
    number = told.origins.setdefault(origin, len(told.origins))
    state, asked, alone, active = "normal", math.nan, math.nan, None
    for line in lines:
        at = line.at.timestamp()
        if line.event in _BEGINS and line.state == "unacknowledged":
            told.called_s.append(at)
            told.call_origin.append(number)
            told.call_grade.append(GRADES.index(line.grade))
            asked = at if math.isnan(asked) else asked
            alone = at if state != "unacknowledged" else alone
        elif line.event == "clear" and not math.isnan(alone):
            told.alone_s.append((alone, at, number))
            alone = math.nan
        if line.event == "acknowledge" or line.state not in {"unacknowledged", "returned_unacknowledged"}:
            if not math.isnan(asked) and line.event == "acknowledge":
                told.asked_s.append(asked)
                told.answered_s.append(at)
            asked = alone = math.nan
        if line.event in {"clear", "unshelve_quiet", "unsuppress_quiet", "restore_quiet"}:
            active = None
        elif line.event in {"open", "raise"} and active is None:
            active = line.at
        state = line.state
    if not math.isnan(asked):
        told.asked_s.append(asked)
        told.answered_s.append(math.nan)
    if active is not None and state in {"unacknowledged", "acknowledged"}:
        told.standing.append(Stale(lines[0].alarm, origin, lines[-1].grade, active))


class _Judge:
    """Holds figures against the settings of their names."""

    def __init__(self, catalog: Catalog) -> None:
        self._settings = catalog.settings

    def of(self, name: str) -> float:
        return float(self._settings[f"alarm_system.{name}"].value)

    def one(self, name: str, value: float) -> Indicator:
        target, most = self.of(name), None
        if f"alarm_system.{name}_most" in self._settings:
            most = self.of(f"{name}_most")
        bearable = most is not None and value <= most
        standing: Standing = "met" if value <= target else "bearable" if bearable else "missed"
        return Indicator(name, value, target, most, standing)


def _judged(judge: _Judge, told: _Told, begin: datetime, end: datetime) -> AlarmSystem:
    since_s, until_s = begin.timestamp(), end.timestamp()
    inside = [n for n, at in enumerate(told.called_s) if at >= since_s]
    called = np.array(told.called_s)[inside]
    origin, grade = (np.array(column, np.int64)[inside] for column in (told.call_origin, told.call_grade))
    named = list(told.origins)
    waited = _waited(told, judge, since_s, until_s)
    flooded = _floods(judge, called, since_s, until_s)
    frequent, share = science.most_frequent(origin, int(judge.of("top")))
    chatter = science.chattering(
        called, origin, times=int(judge.of("chattering_times")), within_s=judge.of("chattering_within_s")
    )
    brief = _fleeting(told, judge, since_s)
    stale_from = end - timedelta(hours=judge.of("stale_h"))
    stale = sorted((one for one in told.standing if one.since <= stale_from), key=lambda one: (one.since, one.alarm))
    figures = {
        "flood_time": 100.0 * science.share_of_time(flooded, since_s, until_s),
        "top_share": 100.0 * share,
        "chattering": float(len(chatter)),
        "fleeting": float(len(brief)),
        "stale": float(len(stale)),
        "late": float(waited.late),
    }
    rates = _rates(judge, called, since_s, until_s)
    shares = science.distribution(grade, len(GRADES)).tolist()
    return AlarmSystem(
        since=begin,
        until=end,
        operators=judge.of("operators"),
        alarms=len(called),
        indicators=tuple(judge.one(name, value) for name, value in (rates | figures).items()),
        floods=tuple(flooded),
        most_frequent=_counted(frequent, named, len(called)),
        chattering=_counted(chatter, named, len(called)),
        fleeting=_counted(brief, named, len(called)),
        standing=tuple(stale[:_LONGEST_LIST]),
        priorities={g: (100.0 * s, judge.of(f"priority.{g}")) for g, s in zip(GRADES, shares, strict=True)},
        waited_median_s=waited.median_s if waited.answered else None,
        waited_most_s=waited.most_s if waited.answered else None,
    )


def _rates(judge: _Judge, called: Floats, since_s: float, until_s: float) -> dict[str, float]:
    """Return average, peak and busy intervals, per operator."""
    span, operators = (called, since_s, until_s), judge.of("operators")
    ten = science.rates(*span, _TEN_MINUTES_S, operators=operators, limit=judge.of("peak_10min"))
    hour = science.rates(*span, _HOUR_S, operators=operators, limit=judge.of("busy_hour_from"))
    day = science.rates(*span, _DAY_S, operators=operators)
    return {
        "average_10min": ten.mean,
        "average_hour": hour.mean,
        "average_day": day.mean,
        "peak_10min": ten.peak,
        "busy_10min": 100.0 * ten.busy,
        "busy_hour": 100.0 * hour.busy,
    }


def _floods(judge: _Judge, called: Floats, since_s: float, until_s: float) -> list[science.Flood]:
    limits = {"begins": judge.of("flood_begins"), "ends": judge.of("flood_ends")}
    return science.floods(called, since_s, until_s, every_s=_TEN_MINUTES_S, operators=judge.of("operators"), **limits)


def _fleeting(told: _Told, judge: _Judge, since_s: float) -> list[science.Source]:
    """Find fleeting alarms among those that ended before anybody touched them."""
    episodes = [one for one in told.alone_s if one[0] >= since_s]
    begin, end = (np.array([one[n] for one in episodes], np.float64) for n in (0, 1))
    source: Ints = np.array([one[2] for one in episodes], np.int64)
    short_s = judge.of("fleeting_s")
    return science.fleeting(begin, end, source, shorter_s=short_s, again_s=short_s)


def _waited(told: _Told, judge: _Judge, since_s: float, until_s: float) -> science.Waiting:
    pairs = [(a, b) for a, b in zip(told.asked_s, told.answered_s, strict=True) if a >= since_s]
    asked, answered = (np.array([pair[n] for pair in pairs], np.float64) for n in (0, 1))
    return science.waiting(asked, answered, until_s, judge.of("answer_s"))


def _counted(sources: Iterable[science.Source], named: Sequence[Origin], calls: int) -> tuple[Counted, ...]:
    found = [Counted(named[one.source], one.count, 100.0 * one.count / max(calls, 1)) for one in sources]
    return tuple(found[:_LONGEST_LIST])
