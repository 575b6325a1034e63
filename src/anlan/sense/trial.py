"""A rule tried on what was observed: the alarms that it would have opened, before anybody switches it on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from anlan.catalog.schema.base import GRADES
from anlan.catalog.schema.sensors import SensorRule
from anlan.city.city import City
from anlan.kernel.actions import Reader
from anlan.kernel.errors import Invalid
from anlan.science.rules.engine import Findings, advance
from anlan.science.rules.state import EngineState
from anlan.sense import queries
from anlan.sense.rules import rule_of, rules_in_force
from anlan.sense.stream.batch import TICK_SENSOR, Batch, Int32s
from anlan.sense.stream.moments import micros, moment
from anlan.sense.stream.places import places_of
from anlan.sense.stream.plan import Watched, watch
from anlan.sense.stream.registry import Registry
from anlan.sense.stream.station import Station

_DAY_US = 86_400_000_000


@dataclass
class TriedAlarm:
    """An alarm that a rule would have opened; ``until`` is None if it would still stand at the end."""

    subject: str
    grade: str
    since: datetime
    until: datetime | None
    worst: str
    value: float


@dataclass
class Trial:
    """What a rule would have done.

    Attributes
    ----------
    alarms : list
        In order of their beginnings.
    sensors, samples : int
        How many sensors the rule watches there, and how many of their observations were looked at.
    truncated : bool
        Whether the span was cut because it holds more observations than may be looked at in one try.
    """

    alarms: list[TriedAlarm] = field(default_factory=list)
    sensors: int = 0
    samples: int = 0
    truncated: bool = False


def try_rule(
    reader: Reader, body: Mapping[str, Any], since: datetime, until: datetime, area: str | None = None
) -> Trial:
    """Run a rule over the history of the reader's sensors.

    Raises
    ------
    Invalid
        If the rule is faulty, or the span is too long.
    """
    days = float(reader.catalog.setting("rule.try_days"))
    if not timedelta() < until - since <= timedelta(days=days):
        raise Invalid("rule.span", at="until", value=until, params={"days": f"{days:g}"})
    rule = rule_of(reader.catalog, str(body.get("id", "tried")), body)
    station = reader.part(Station)
    watched = _watched(reader, rule, station.registry, area)
    chosen = np.unique(watched.slot_sensor)
    trial = Trial(sensors=len(chosen))
    state, book = EngineState.fresh(watched.plan), _Book(watched, rule.id)
    most = int(reader.catalog.setting("rule.try_samples"))
    tick_us = int(float(reader.catalog.setting("sense.tick_s")) * 1e6)
    for part in _days(station, chosen, micros(since), micros(until), tick_us):
        trial.samples += int(np.count_nonzero(part.sensor != TICK_SENSOR))
        if trial.samples > most:
            trial.truncated = True
            break
        outcome = advance(watched.plan, state, part.sensor, part.time_us, part.value, part.quality)
        book.note(outcome.findings)
    trial.alarms = sorted(book.alarms, key=lambda alarm: (alarm.since, alarm.subject))
    return trial


def _watched(reader: Reader, rule: SensorRule, registry: Registry, area: str | None) -> Watched:
    """Return the plan of one rule, and of those that it counts, over the sensors in reach."""
    known = rules_in_force(reader.conn, reader.catalog)
    rules = {term.rule: known[term.rule] for term in rule.terms if term.rule in known} | {rule.id: rule}
    inside = queries.in_reach(reader, area)
    seen = registry.without(~inside)
    city = reader.city if isinstance(reader.city, City) else None
    return watch(rules, seen, places_of(city, registry.area.texts), reader.part(Station).offset_s)


def _days(station: Station, sensors: Int32s, since_us: int, until_us: int, tick_us: int) -> Iterator[Batch]:
    """Yield the observations of some sensors in order of time, a day at a time, with the ticks between them."""
    for begin in range(since_us, until_us, _DAY_US):
        end = min(begin + _DAY_US, until_us) - 1
        with station.history.view() as view:
            rows = Batch.joined([part.batch() for part in view.rows(sensors, begin, end)])
        first = -(-begin // tick_us) * tick_us
        ticks = np.arange(first, end + 1, tick_us, dtype=np.int64)
        times = np.concatenate([rows.time_us, ticks])
        order = np.argsort(times, kind="stable")
        yield Batch.of(
            np.concatenate([rows.sensor, np.full(len(ticks), TICK_SENSOR, np.int32)])[order],
            times[order],
            np.concatenate([rows.value, np.full(len(ticks), np.nan)])[order],
            np.concatenate([rows.quality, np.zeros(len(ticks), np.uint8)])[order],
        )


class _Book:
    """Findings, joined into alarms from their beginning to their end."""

    def __init__(self, watched: Watched, rule: str) -> None:
        self._watched, self._rule = watched, rule
        self._open: dict[str, TriedAlarm] = {}
        self.alarms: list[TriedAlarm] = []

    def note(self, findings: Findings) -> None:
        """Take findings in order."""
        for subject, time_us, grade, value in self._own(findings):
            at = moment(time_us)
            if grade is None:
                if (ended := self._open.pop(subject, None)) is not None:
                    ended.until = at
                continue
            alarm = self._open.get(subject)
            if alarm is None:
                alarm = self._open[subject] = TriedAlarm(subject, grade, at, None, grade, value)
                self.alarms.append(alarm)
            if GRADES.index(grade) < GRADES.index(alarm.worst):
                alarm.worst, alarm.value = grade, value
            alarm.grade = grade

    def _own(self, findings: Findings) -> Iterable[tuple[str, int, str | None, float]]:
        """Yield subject, time, grade and value of what the tried rule itself found."""
        watched = self._watched
        columns = (findings.slot, findings.group, findings.time_us, findings.to_level, findings.value)
        for slot, group, time_us, level, value in zip(*(column.tolist() for column in columns), strict=True):
            if slot >= 0 and watched.rules[watched.slot_rule[slot]].id == self._rule:
                grade = watched.conditions[watched.slot_condition[slot]].grade(level)
                yield watched.sensors[watched.slot_sensor[slot]], time_us, grade, value
            elif group >= 0:
                yield watched.group_subjects[group].subject, time_us, watched.groups[group].grade(level), value
