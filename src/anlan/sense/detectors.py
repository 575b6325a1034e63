"""Anomaly detectors at work: where the catalog says, on the stream as the log has it.

What is found has the shape of what rules find, so that alarms come of it in the same way. It depends on the order of
the rows alone, not on how they were cut into batches: single sensors are judged at their own samples, groups at the
ticks of the log.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from anlan.catalog.schema.detectors import Detector
from anlan.science.anomalies import bank, relations
from anlan.sense.alarming.subjects import SubjectKind
from anlan.sense.stream.batch import GOOD, TICK_SENSOR, Batch, Floats, Int32s, Int64s
from anlan.sense.stream.follow import Finding
from anlan.sense.stream.plan import Places
from anlan.sense.stream.registry import Bools, Registry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_QUIET = -1
_WHOLE = frozenset({"warm", "kept", "rest", "bins", "width", "memory", "neighbours", "lags", "learn", "smooth"})
Arrays = Mapping[str, npt.NDArray[Any]]
Places64 = npt.NDArray[np.intp]
"""Places of rows in a batch."""


class Found(NamedTuple):
    """A finding, and the row of the batch that brought it."""

    row: int
    finding: Finding


@dataclass
class _Standing:
    """At which grade each of ``n`` subjects stands, and since when nothing unusual was seen there."""

    level: Int64s
    quiet_us: Int64s

    @classmethod
    def fresh(cls, n: int) -> Self:
        return cls(np.zeros(n, np.int64), np.full(n, _NOT_QUIET, np.int64))

    def judge(
        self, detector: Detector, subject: Int64s, time_us: Int64s, scores: bank.Scores
    ) -> Iterator[tuple[int, int]]:
        """Yield the sample and the new level wherever a level changes; 0 is none."""
        values = np.array([value for _, value in detector.levels])
        reached = np.searchsorted(values, scores.score, side="right")
        reached[np.isnan(scores.score)] = 0
        concerned = (self.level > 0)[subject]
        concerned |= np.isin(subject, np.unique(subject[reached > 0]))
        hold_us = int(detector.clear_hold_s * 1e6)
        for n in np.flatnonzero(concerned & ~np.isnan(scores.score)).tolist():
            own = int(subject[n])
            if reached[n] > self.level[own]:
                self.level[own], self.quiet_us[own] = reached[n], _NOT_QUIET
                yield n, int(reached[n])
            elif scores.lasting[n] >= detector.clear:
                self.quiet_us[own] = _NOT_QUIET
            elif self.level[own]:
                if self.quiet_us[own] == _NOT_QUIET:
                    self.quiet_us[own] = time_us[n]
                if time_us[n] - self.quiet_us[own] >= hold_us:
                    self.level[own], self.quiet_us[own] = 0, _NOT_QUIET
                    yield n, 0


@dataclass
class _Singles:
    """One detector on the sensors that it watches, each by itself."""

    detector: Detector
    setup: bank.Setup
    numbers: Int32s
    names: tuple[str, ...]
    slot_of: Int32s
    state: bank.State
    standing: _Standing

    @classmethod
    def build(cls, detector: Detector, registry: Registry, held: Arrays) -> Self:
        numbers = np.flatnonzero(_watched(detector, registry)).astype(np.int32)
        slot_of = np.full(len(registry) + 1, -1, np.int32)  # the last place serves the rows of ticks
        slot_of[numbers] = np.arange(len(numbers))
        known = {name: _parameter(name, value) for name, value in detector.parameters.items()}
        setup = bank.Setup(bank.METHODS[detector.method], max_gap_s=detector.max_gap_s, **known)
        state, names = bank.State.fresh(setup, len(numbers)), tuple(registry.names(numbers))
        made = cls(detector, setup, numbers, names, slot_of, state, _Standing.fresh(len(numbers)))
        made._remember(held)
        return made

    def _remember(self, held: Arrays) -> None:
        """Take over what was held of the sensors that were watched already, if the same was asked of them."""
        before, asked = _held(held, self.detector.id), _digest(self.detector)
        if not before or before["asked"][0] != asked:
            return
        _, theirs, own = np.intersect1d(before["numbers"], self.numbers, return_indices=True)
        self.state.take_over(own, bank.State.from_arrays(before), theirs)
        self.standing.level[own] = before["standing"][theirs]
        self.standing.quiet_us[own] = before["quiet_us"][theirs]

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        own: dict[str, npt.NDArray[Any]] = {"numbers": self.numbers, "asked": np.array([_digest(self.detector)])}
        own |= {"standing": self.standing.level, "quiet_us": self.standing.quiet_us} | self.state.arrays()
        return {f"{self.detector.id}|{name}": array for name, array in own.items()}

    def take(self, batch: Batch) -> Iterator[Found]:
        """Judge the rows of the sensors watched; of what is not good nothing is learned."""
        own = self.slot_of[batch.sensor]
        rows = np.flatnonzero((own >= 0) & (batch.quality == GOOD))
        if not len(rows):
            return
        slots, times = own[rows].astype(np.int64), batch.time_us[rows]
        scores = bank.advance(self.setup, self.state, slots, times, batch.value[rows])
        for n, level in self.standing.judge(self.detector, slots, times, scores):
            told = _finding(self.detector, "sensor", self.names[slots[n]], int(times[n]), level, float(scores.score[n]))
            yield Found(int(rows[n]), told)


@dataclass
class _Group:
    """One detector on the sensors of one place together."""

    detector: Detector
    setup: relations.Setup
    kind: SubjectKind
    subject: str
    numbers: Int32s
    state: relations.State
    standing: _Standing
    value: Floats
    time_us: Int64s
    step: Int64s = field(default_factory=lambda: np.zeros(1, np.int64))

    @classmethod
    def build(cls, detector: Detector, subject: str, numbers: Int32s, held: Arrays) -> Self:
        known = {name: _parameter(name, value) for name, value in detector.parameters.items()}
        setup = relations.Setup(**known)
        kind: SubjectKind = "asset" if detector.over == "asset" else "area"
        none, never = np.full(len(numbers), np.nan), np.full(len(numbers), np.iinfo(np.int64).min // 2)
        state = relations.State.fresh(setup, len(numbers))
        made = cls(detector, setup, kind, subject, numbers, state, _Standing.fresh(1), none, never)
        made._remember(held)
        return made

    def _remember(self, held: Arrays) -> None:
        before = _held(held, f"{self.detector.id}|{self.subject}")
        same = bool(before) and before["asked"][0] == _digest(self.detector)
        if same and np.array_equal(before["numbers"], self.numbers):
            self.state = relations.State.from_arrays(before)
            for name, array in self._own().items():
                array[:] = before[name]

    def _own(self) -> dict[str, npt.NDArray[Any]]:
        standing = {"standing": self.standing.level, "quiet_us": self.standing.quiet_us}
        return standing | {"value": self.value, "time_us": self.time_us, "step": self.step}

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        more = {"numbers": self.numbers, "asked": np.array([_digest(self.detector)])}
        own = self.state.arrays() | self._own() | more
        return {f"{self.detector.id}|{self.subject}|{name}": array for name, array in own.items()}

    def take(self, batch: Batch, rows: Places64, ticks: Places64) -> Iterator[Found]:
        """Hear the newest values, and judge them at each tick that ends a step.

        Parameters
        ----------
        rows, ticks
            Places of the group's good rows, and of the ticks, rising.
        """
        steps = batch.time_us[ticks] // int((self.detector.step_s or 0.0) * 1e6)
        begun = 0
        for row, step in zip(ticks.tolist(), steps.tolist(), strict=True):
            if step > self.step[0]:
                end = int(np.searchsorted(rows, row))
                self._hear(batch, rows[begun:end])
                begun = end
                yield from self._step(row, int(batch.time_us[row]), step)
        self._hear(batch, rows[begun:])

    def _hear(self, batch: Batch, rows: Places64) -> None:
        """Remember the newest value of each sensor; of two at the same time, the first."""
        place = np.searchsorted(self.numbers, batch.sensor[rows])
        order = np.lexsort((-np.arange(len(rows)), batch.time_us[rows], place))
        last = order[np.flatnonzero(np.diff(place[order], append=len(self.numbers)))]
        newer = last[batch.time_us[rows[last]] > self.time_us[place[last]]]
        self.time_us[place[newer]] = batch.time_us[rows[newer]]
        self.value[place[newer]] = batch.value[rows[newer]]

    def _step(self, row: int, time_us: int, step: int) -> Iterator[Found]:
        fresh = time_us - self.time_us <= self.detector.max_gap_s * 1e6
        told = np.where(fresh, self.value, np.nan)
        hole = np.full_like(told, np.nan)
        rows = np.stack([told] if step == self.step[0] + 1 else [hole, told])
        self.step[0] = step
        scores = relations.advance(self.setup, self.state, rows)
        last = bank.Scores(scores.score[-1:], scores.lasting[-1:])
        subject, at = np.zeros(1, np.int64), np.array([time_us])
        for _, level in self.standing.judge(self.detector, subject, at, last):
            told_of = _finding(self.detector, self.kind, self.subject, time_us, level, float(last.score[0]))
            yield Found(row, told_of)


@dataclass
class _Groups:
    """One detector on all its places; a batch is looked through once for all of them."""

    detector: Detector
    groups: list[_Group]
    group_of: Int32s

    @classmethod
    def build(cls, detector: Detector, groups: list[_Group], n_sensors: int) -> Self:
        group_of = np.full(n_sensors + 1, -1, np.int32)  # the last place serves the rows of ticks
        for place, group in enumerate(groups):
            group_of[group.numbers] = place
        return cls(detector, groups, group_of)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {name: array for group in self.groups for name, array in group.arrays().items()}

    def take(self, batch: Batch) -> Iterator[Found]:
        own = self.group_of[batch.sensor]
        rows = np.flatnonzero((own >= 0) & (batch.quality == GOOD) & ~np.isnan(batch.value))
        ticks = np.flatnonzero(batch.sensor == TICK_SENSOR)
        rows = rows[np.argsort(own[rows], kind="stable")]
        ends = np.searchsorted(own[rows], np.arange(len(self.groups)), side="right")
        for group, some in zip(self.groups, np.split(rows, ends), strict=False):
            yield from group.take(batch, some, ticks)


@dataclass(frozen=True)
class Detectors:
    """All detectors of a catalog over the sensors that are known; :meth:`take` changes what it remembers.

    Attributes
    ----------
    left_out : tuple of (detector, subject)
        Places with more sensors than a group detector looks at.
    """

    parts: tuple[_Singles | _Groups, ...]
    left_out: tuple[tuple[str, str], ...]

    @classmethod
    def build(
        cls, detectors: Mapping[str, Detector], registry: Registry, places: Places, held: Arrays | None = None
    ) -> Self:
        """Return detectors that remember what ``held`` tells of the same sensors under the same parameters.

        Parameters
        ----------
        held
            Arrays as :meth:`arrays` gave them, of a checkpoint or of the plan before.
        """
        parts: list[_Singles | _Groups] = []
        left_out: list[tuple[str, str]] = []
        for detector in detectors.values():
            if detector.method != "relations":
                parts.append(_Singles.build(detector, registry, held or {}))
                continue
            groups: list[_Group] = []
            for subject, numbers in _groups(detector, registry, places):
                if len(numbers) > detector.most:
                    left_out.append((detector.id, subject))
                elif len(numbers) > 1:
                    groups.append(_Group.build(detector, subject, numbers, held or {}))
            parts.append(_Groups.build(detector, groups, len(registry)))
        return cls(tuple(parts), tuple(left_out))

    def take(self, batch: Batch) -> list[Found]:
        """Take rows in the order of the log; return what was found, by row, then in the order of the catalog."""
        found = [one for part in self.parts for one in part.take(batch)]
        return sorted(found, key=lambda one: one.row)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that is remembered as arrays by name, to be written down or carried into another plan."""
        return {name: array for part in self.parts for name, array in part.arrays().items()}


def _watched(detector: Detector, registry: Registry) -> Bools:
    chosen = ~registry.retired & registry.quantity.among(detector.quantities)
    if detector.asset_types:
        chosen &= registry.asset_type.among(detector.asset_types)
    if detector.stations:
        wanted = set(detector.stations)
        chosen &= np.array([registry.ids[n] in wanted or registry.asset[n] in wanted for n in range(len(registry))])
    return chosen


def _groups(detector: Detector, registry: Registry, places: Places) -> list[tuple[str, Int32s]]:
    """Return the places of a group detector with the sensors at each, in order."""
    numbers = np.flatnonzero(_watched(detector, registry)).tolist()
    if detector.over == "asset":
        named = [registry.asset[number] for number in numbers]
    else:
        around = places.areas.get(detector.level or "", {})
        named = [around.get(registry.area.at(number) or "", "") for number in numbers]
    found: dict[str, list[int]] = {}
    for number, name in zip(numbers, named, strict=True):
        if name:
            found.setdefault(name, []).append(number)
    return [(name, np.array(found[name], np.int32)) for name in sorted(found)]


def _parameter(name: str, value: float) -> Any:
    return int(value) if name in _WHOLE else float(value)


def _held(held: Arrays, prefix: str) -> dict[str, npt.NDArray[Any]]:
    own = {name.removeprefix(f"{prefix}|"): array for name, array in held.items() if name.startswith(f"{prefix}|")}
    return {name: array for name, array in own.items() if "|" not in name}


def _digest(detector: Detector) -> int:
    """Return a number for all that what is remembered depends on."""
    known = sorted(detector.parameters.items())
    holds = (detector.clear, detector.clear_hold_s, detector.max_gap_s, detector.step_s)
    text = f"{detector.method} {known} {detector.levels} {holds}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "little")


def _finding(detector: Detector, kind: SubjectKind, subject: str, time_us: int, level: int, score: float) -> Finding:
    grade = detector.levels[level - 1][0] if level else None
    return Finding(kind, subject, detector.id, _EPOCH + timedelta(microseconds=time_us), grade, score)
