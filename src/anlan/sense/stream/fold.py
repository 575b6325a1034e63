"""Folding the log: record after record into the rules' memory, the newest values and the history."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np

from anlan.science.rules.carry import carried
from anlan.science.rules.engine import Findings, advance
from anlan.science.rules.memory import CONFLICT, DUPLICATE, EVALUATED, HEARD, LATE
from anlan.science.rules.state import EngineState
from anlan.sense.detectors import Detectors
from anlan.sense.history.history import History
from anlan.sense.stream.batch import SUSPECT, TICK_SENSOR, Batch, Bytes, Int64s
from anlan.sense.stream.follow import Finding
from anlan.sense.stream.judging import judged
from anlan.sense.stream.latest import Latest
from anlan.sense.stream.log import Kind, Record
from anlan.sense.stream.moments import moment
from anlan.sense.stream.plan import Watched
from anlan.sense.stream.planning import Planned

_TOLD = {LATE: "late", DUPLICATE: "duplicate", CONFLICT: "conflict", HEARD: "unusable"}


@dataclass(frozen=True)
class Located:
    """A finding, and where in the log it was found."""

    position: int
    finding: Finding


@dataclass
class Fold:
    """What is known after the records below a position.

    Attributes
    ----------
    position : int
        The next record to fold.
    tick_us, origin : int
        The newest tick, and the newest entry whose observations were moved here from the inbox; 0 before the first.
    counts : mapping
        For each source, how many rows came, and how many of them were late and so on.
    """

    watched: Watched
    state: EngineState
    latest: Latest
    history: History
    detectors: Detectors
    position: int = 1
    tick_us: int = 0
    origin: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def adopt(self, plan: Planned) -> None:
        """Go on under another plan; what is remembered of a rule and a sensor that stay is kept."""
        self.state = carried(self.state, plan.watched.plan)
        self.detectors = plan.detect(self.detectors.arrays())
        self.watched = plan.watched
        self.latest = self.latest.grown(plan.watched.plan.n_sensors)

    def take(self, records: Sequence[Record]) -> list[Located]:
        """Fold records, the first of which stands at :attr:`position`; return what was found."""
        found: list[Located] = []
        for evaluated, run in groupby(records, key=lambda record: record.kind in {Kind.OBSERVED, Kind.TICK}):
            some = list(run)
            if evaluated:
                found += self._evaluate(some)
            else:
                self._keep(some)
        self.position = records[-1].position + 1
        return found

    def _keep(self, records: Sequence[Record]) -> None:
        """Put records of the past into the history; no rule looks at them."""
        for record in records:
            if record.kind == Kind.BACKFILL:
                marked = replace(record.batch, quality=judged(record.batch, self.watched.plan))
                self.history.append(marked, np.ones(len(marked), np.bool_), record.position)
                self._count(record, np.zeros(0, np.uint8))
            self.origin = max(self.origin, record.origin)

    def _evaluate(self, records: Sequence[Record]) -> list[Located]:
        batch = Batch.joined([record.batch for record in records])
        outcome = advance(self.watched.plan, self.state, batch.sensor, batch.time_us, batch.value, batch.quality)
        late = np.flatnonzero((outcome.verdict == LATE) & (batch.sensor != TICK_SENSOR))
        outcome.quality[late] = judged(batch.where(late), self.watched.plan)
        ends = np.cumsum([len(record.batch) for record in records])
        for record, stop in zip(records, ends.tolist(), strict=True):
            own = slice(stop - len(record.batch), stop)
            self._note(record, outcome.verdict[own], outcome.quality[own])
        counts = (outcome.verdict == EVALUATED) | (outcome.verdict == HEARD)
        marked = replace(batch, quality=outcome.quality)
        self.latest.take(marked.where(counts & (batch.sensor != TICK_SENSOR)))
        places = np.searchsorted(ends, outcome.findings.row, side="right")
        positions = np.array([record.position for record in records], np.int64)
        found = list(self._located(outcome.findings, positions[places]))
        # A row that counts for no rule teaches a detector nothing: told twice, or late.
        usable = replace(marked, quality=np.where(outcome.verdict == EVALUATED, marked.quality, np.uint8(SUSPECT)))
        for row, finding in self.detectors.take(usable):
            found.append(Located(int(positions[np.searchsorted(ends, row, side="right")]), finding))
        return sorted(found, key=lambda one: one.position)

    def _note(self, record: Record, verdict: Bytes, quality: Bytes) -> None:
        """Keep one record's rows, but for those that were told twice."""
        self.origin = max(self.origin, record.origin)
        if record.kind == Kind.TICK:
            self.tick_us = max(self.tick_us, int(record.batch.time_us[0]))
            return
        kept = (verdict != DUPLICATE) & (verdict != CONFLICT)
        marked = replace(record.batch, quality=quality)
        self.history.append(marked.where(kept), verdict[kept] == LATE, record.position)
        self._count(record, verdict)

    def _count(self, record: Record, verdict: Bytes) -> None:
        own = self.counts.setdefault(record.source, Counter())
        own["rows"] += len(record.batch)
        for code, number in enumerate(np.bincount(verdict).tolist()):
            if number and code in _TOLD:
                own[_TOLD[code]] += number

    def _located(self, findings: Findings, positions: Int64s) -> Iterator[Located]:
        watched = self.watched
        columns = (findings.time_us, findings.slot, findings.group, findings.to_level, findings.value)
        told = (column.tolist() for column in columns)
        for position, (time_us, slot, group, level, value) in zip(
            positions.tolist(), zip(*told, strict=True), strict=True
        ):
            at = moment(time_us)
            if slot >= 0:
                condition = watched.conditions[watched.slot_condition[slot]]
                rule = watched.rules[watched.slot_rule[slot]].id
                sensor = self.names[watched.slot_sensor[slot]]
                grade = condition.grade(level)
                yield Located(position, Finding("sensor", sensor, rule, at, grade, value))
            else:
                about = watched.group_subjects[group]
                grade = watched.groups[group].grade(level)
                yield Located(position, Finding(about.kind, about.subject, about.rule, at, grade, value))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sensors by number."""
        return self.watched.sensors
