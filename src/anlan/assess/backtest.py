"""Forecasts of depth scored against what gauges then observed: in a span, by lead time and depth.

A case is one forecast, one gauge and one class of lead time: the greatest depth of each member at the forecast's looks
in that class beside the greatest depth that the gauge told at the same looks. Looks that are not past yet, and those
at which the gauge was silent, are left out on both sides. Besides, each gauge is one event for the whole span: it
reached a depth or not, and somebody had foretold it or not; so water that no forecast told about is a miss.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan.assess.depth_record import DepthRecord, depth_record
from anlan.assess.footprint import Footprint, unpack
from anlan.assess.model import footprints, forecasts
from anlan.assess.water import policy
from anlan.catalog.catalog import Catalog
from anlan.city.city import City, city_of
from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import Invalid
from anlan.science import scores
from anlan.science.arrays import Bools, Floats, Ints
from anlan.science.scores import Brier, Contingency, Reliability

CHANCE_CLASSES = 5
"""Classes of a reliability diagram: few, for a night has few cases."""

_HOUR_S, _MINUTE_S = 3600.0, 60.0


@dataclass(frozen=True)
class Rules:
    """What policy says of scoring: depths, classes of lead time, the share of members that counts as yes."""

    depths_m: tuple[float, ...]
    leads_h: tuple[float, ...]
    said_chance: float
    look_s: float

    @classmethod
    def of(cls, catalog: Catalog) -> "Rules":
        """Read them from the catalog."""
        leads = tuple(float(word) for word in str(catalog.setting("backtest.leads_h")).split(","))
        look_s = float(catalog.setting("forecast.look_min")) * _MINUTE_S
        return cls(policy.thresholds_m(catalog), leads, float(catalog.setting("backtest.said_chance")), look_s)

    @property
    def leads(self) -> list[tuple[float, float]]:
        """The classes of lead time, from and up to, hours."""
        return list(zip(self.leads_h[:-1], self.leads_h[1:], strict=True))


@dataclass(frozen=True, eq=False)
class Matched:
    """One forecast beside what was seen of it: ``l`` looks that are past, ``n`` gauges that it watched.

    Attributes
    ----------
    gauge : (n,) array
        Places in the record.
    series_m : (members, l, n) array
    seen_m : (l, n) array
        NaN where the gauge was silent.
    """

    id: str
    begin_s: float
    end_s: float
    looks_s: Floats
    gauge: Ints
    series_m: Floats
    seen_m: Floats

    def greatest(self, looks: Bools) -> tuple[Bools, Floats, Floats]:
        """Return which gauges spoke at some looks, and their greatest depths there: members', (members, k), and seen.

        Silent moments count on neither side.
        """
        heard = np.isfinite(self.seen_m[looks])
        some: Bools = np.asarray(heard.any(axis=0))
        members = np.where(heard, self.series_m[:, looks], 0.0).max(axis=1, initial=0.0)
        seen = np.where(heard, self.seen_m[looks], 0.0).max(axis=0, initial=0.0)
        return some, members[:, some], seen[some]


@dataclass
class Cases:
    """What one class of lead time gathered: chances and outcomes by depth, scores and errors of depth."""

    chance: list[Floats] = field(default_factory=list)  # each (depths, k)
    seen: list[Bools] = field(default_factory=list)
    crps_m: list[Floats] = field(default_factory=list)
    error_m: list[Floats] = field(default_factory=list)
    wet: list[Bools] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """Cases of one depth in one class of lead time."""

    depth_m: float
    lead_h: tuple[float, float]
    cases: Contingency


@dataclass(frozen=True)
class Depths:
    """Scores of depth in one class of lead time; those of ``wet`` are of cases in which water was foretold or seen."""

    lead_h: tuple[float, float]
    count: int
    wet: int
    crps_m: float
    wet_crps_m: float
    bias_m: float
    error_m: float


@dataclass(frozen=True, eq=False)
class Chances:
    """How far chances of one depth can be relied on, over all lead times."""

    depth_m: float
    brier: Brier
    diagram: Reliability


@dataclass(frozen=True, eq=False)
class Events:
    """Gauges as events: whether each reached each depth in the span, and how long before that it was foretold.

    Arrays (depths, gauges), in seconds since 1970 and seconds; NaN for never and for nobody.
    """

    onset_s: Floats
    lead_s: Floats
    said: Bools
    heard: Bools

    def table(self, depth: int) -> Contingency:
        """Count the gauges that spoke."""
        came, foretold = np.isfinite(self.onset_s[depth]), np.isfinite(self.lead_s[depth])
        said = np.where(came, foretold, self.said[depth])
        return scores.contingency(said[self.heard], came[self.heard])


@dataclass(frozen=True, eq=False)
class Backtest:
    """All scores of a span; ``partial`` counts forecasts whose end is not past yet."""

    area: str
    since: datetime
    until: datetime
    rules: Rules
    forecasts: int
    partial: int
    synthetic: bool
    record: DepthRecord
    tables: list[Table]
    depths: list[Depths]
    chances: list[Chances]
    events: Events

    def together(self, depth_m: float) -> Contingency:
        """Return the cases of one depth over all lead times."""
        found = [table.cases for table in self.tables if table.depth_m == depth_m]
        return sum(found, Contingency(0, 0, 0, 0))

    @property
    def wet_crps_m(self) -> float:
        """The score of depth over all lead times, where water was foretold or seen; NaN where it never was."""
        wet = sum(one.wet for one in self.depths)
        return sum(one.wet * one.wet_crps_m for one in self.depths if one.wet) / wet if wet else math.nan


def span_of(reader: Reader, since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    """Return a span that is past; without one, as long as policy says, up to now.

    Raises
    ------
    Invalid
        ``backtest.span`` if it is empty or longer than policy allows.
    """
    end = min(until or reader.now, reader.now)
    begin = since or end - timedelta(hours=float(reader.catalog.setting("backtest.span_h")))
    longest = float(reader.catalog.setting("backtest.longest_days"))
    if not timedelta(0) < end - begin <= timedelta(days=longest):
        raise Invalid("backtest.span", at="since", value=begin, params={"days": f"{longest:g}"})
    return begin, end


def backtest(
    reader: Reader, observer: Reader, area: str, *, since: datetime | None = None, until: datetime | None = None
) -> Backtest:
    """Score all forecasts in sight for an area, what it holds and what holds it, on the gauges of that area.

    Parameters
    ----------
    reader, observer
        Readers of forecasts and of observations.
    """
    begin, end = span_of(reader, since, until)
    city, rules = city_of(reader), Rules.of(reader.catalog)
    reader.require(area)
    record = depth_record(observer, city, area, begin, end)
    cases = [Cases() for _ in rules.leads]
    shape = (len(rules.depths_m), len(record.gauges))
    onset, said, first = record.onset_s(rules.depths_m), np.zeros(shape, dtype=np.bool_), np.full(shape, np.inf)
    count, partial, synthetic = 0, 0, any(one["synthetic"] for one in record.gauges)
    for row in stored(reader, city, area, begin, end):
        one = match(row.id, unpack(row.packed), record, begin.timestamp(), end.timestamp(), rules)
        count, partial, synthetic = count + 1, partial + (row.valid_to > end), synthetic or row.told["synthetic"]
        _gather(one, rules, cases)
        _foretell(one, rules, onset, said, first)
    heard: Bools = np.diff(record.first) > 0
    events = Events(onset, np.where(np.isfinite(first), onset - first, np.nan), said, heard)
    tables = [
        Table(depth, lead, _counted(own, number, rules.said_chance))
        for number, depth in enumerate(rules.depths_m)
        for lead, own in zip(rules.leads, cases, strict=True)
    ]
    depths = [_depths(lead, own) for lead, own in zip(rules.leads, cases, strict=True)]
    chances = [_chances(depth, number, cases) for number, depth in enumerate(rules.depths_m)]
    told = (area, begin, end, rules, count, partial, synthetic, record, tables, depths, chances, events)
    return Backtest(*told)


def stored(reader: Reader, city: City, area: str, begin: datetime, end: datetime) -> Sequence[Any]:
    """Return the forecasts that tell about some of a span, the oldest first."""
    above = city.areas.ancestors(area)
    query = (
        sa.select(forecasts.c.id, forecasts.c.at, forecasts.c.valid_to, forecasts.c.told, footprints.c.packed)
        .join_from(forecasts, footprints, footprints.c.forecast == forecasts.c.id)
        .where(reader.scope.where(forecasts.c.area), forecasts.c.valid_to > begin, forecasts.c.at < end)
        .where(sa.or_(Scope((jurisdiction(area),)).where(forecasts.c.area), forecasts.c.area.in_(above)))
        .order_by(forecasts.c.seq)
    )
    return reader.conn.execute(query).all()


def match(
    forecast: str, footprint: Footprint, record: DepthRecord, begin_s: float, end_s: float, rules: Rules
) -> Matched:
    """Put one forecast beside what the gauges that it watched told within a span."""
    watched, looks = footprint.watched, footprint.looks_s
    place = np.searchsorted(watched, record.cell)
    known = (place < len(watched)) & (record.cell >= 0)
    known[known] = watched[place[known]] == record.cell[known]
    gauge = np.flatnonzero(known)
    past = (looks > begin_s) & (looks <= end_s)
    return Matched(
        forecast,
        footprint.begin_s,
        float(looks.max(initial=footprint.begin_s)),
        looks[past],
        gauge,
        footprint.series_m[:, past][:, :, place[gauge]],
        record.at(looks[past], rules.look_s, gauge),
    )


def _gather(one: Matched, rules: Rules, cases: Sequence[Cases]) -> None:
    """Add one forecast's cases to those of its classes of lead time."""
    ahead_h = (one.looks_s - one.begin_s) / _HOUR_S
    for (low, high), own in zip(rules.leads, cases, strict=True):
        looks = (ahead_h > low) & (ahead_h <= high)
        some, members, seen = one.greatest(looks)
        if not some.any():
            continue
        own.chance.append(_chance(members, rules.depths_m))
        own.seen.append(np.stack([seen >= depth for depth in rules.depths_m]))
        heard = np.isfinite(one.seen_m[looks])
        series, depth = one.series_m[:, looks][:, heard], one.seen_m[looks][heard]
        own.wet.append((series > 0).any(axis=0) | (depth > 0))
        own.crps_m.append(scores.crps(series, depth))
        own.error_m.append(series.mean(axis=0) - depth)


def _chance(members_m: Floats, depths_m: Sequence[float]) -> Floats:
    """Return the share of members, (members, n), that reach each depth."""
    return np.stack([(members_m >= depth).mean(axis=0) for depth in depths_m])


def _foretell(one: Matched, rules: Rules, onset_s: Floats, said: Bools, first_s: Floats) -> None:
    """Note which gauges a forecast said would reach each depth, and when it was made if that came within its hours."""
    some, members, _seen = one.greatest(np.ones(len(one.looks_s), dtype=np.bool_))
    gauge = one.gauge[some]
    yes = _chance(members, rules.depths_m) >= rules.said_chance
    said[:, gauge] |= yes
    onset = onset_s[:, gauge]
    before = yes & (one.begin_s < onset) & (onset <= one.end_s)
    first_s[:, gauge] = np.where(before, np.minimum(first_s[:, gauge], one.begin_s), first_s[:, gauge])


def _counted(own: Cases, depth: int, said_chance: float) -> Contingency:
    pairs = zip(own.chance, own.seen, strict=True)
    found = (scores.contingency(chance[depth] >= said_chance, seen[depth]) for chance, seen in pairs)
    return sum(found, Contingency(0, 0, 0, 0))


def _depths(lead_h: tuple[float, float], own: Cases) -> Depths:
    if not own.crps_m:
        return Depths(lead_h, 0, 0, *[math.nan] * 4)
    crps, error, wet = (np.concatenate(one) for one in (own.crps_m, own.error_m, own.wet))
    of_wet = float(crps[wet].mean()) if wet.any() else math.nan
    told = (float(crps.mean()), of_wet, float(error.mean()), float(np.abs(error).mean()))
    return Depths(lead_h, len(crps), int(wet.sum()), *told)


def _chances(depth_m: float, depth: int, cases: Sequence[Cases]) -> Chances:
    chance = np.concatenate([np.zeros(0), *(part[depth] for own in cases for part in own.chance)])
    seen = np.concatenate([np.zeros(0, np.bool_), *(part[depth] for own in cases for part in own.seen)])
    return Chances(depth_m, scores.brier(chance, seen), scores.reliability(chance, seen, CHANCE_CLASSES))
