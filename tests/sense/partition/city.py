"""A small city in partitions: sensors in towns, rules of many kinds, groups within towns and across them; its log."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from anlan.science.rules.carry import carried
from anlan.science.rules.conditions import Condition, Group, Level, Term
from anlan.science.rules.engine import advance
from anlan.science.rules.plan import Plan
from anlan.science.rules.state import EngineState
from anlan.sense.partition.areas import partitions_of
from anlan.sense.partition.blueprint import Blueprint, Subject
from anlan.sense.partition.fold import PartitionFold
from anlan.sense.partition.gather import Gathering
from anlan.sense.partition.pieces import cut, runs
from anlan.sense.partition.told import Told
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind, Record

TOWNS = tuple(f"31011{district}10{town}" for district in range(3) for town in range(1, 4))
SECOND = 1_000_000
START = 1_700_000_000 * SECOND
TICK_S = 10

CONDITIONS = (
    Condition(
        "threshold", ">=", (Level("yellow", 1.0, 0.0, 5.0), Level("red", 1.8, 3.0, 25.0)), clear=0.7, max_gap_s=60
    ),
    Condition("rate", ">", (Level("yellow", 2.0),), window_s=30.0),
    Condition("silence", ">=", (Level("yellow", 20.0), Level("red", 45.0))),
    Condition("faulty", ">=", (Level("yellow", 1.0, 6.0),)),
)
WITHOUT_RED = (replace(CONDITIONS[0], levels=CONDITIONS[0].levels[:1]), *CONDITIONS[1:])
RULES = ("high", "rising", "silent", "broken")

Key = tuple[str, str, str]
Found = dict[Key, list[tuple[int, int, int, float]]]


def blueprint(
    sensors: int, partitions: int, *, rules: Sequence[int] = (0, 1, 2, 3), need: int = 3, red: bool = True
) -> Blueprint:
    """Return a plan in which every rule watches every sensor."""
    areas = [TOWNS[number % len(TOWNS)] for number in range(sensors)]
    slot_sensor = np.repeat(np.arange(sensors, dtype=np.int32), len(rules))
    slot_rule = np.tile(np.array(rules, np.int32), sensors)
    groups, subjects = [], []

    def add(subject: str, members: list[int], count: int) -> None:
        inside = np.isin(slot_sensor, members)
        for name, rule, window in (("many_high", 0, 12.0), ("many_silent", 2, 0.0)):
            if rule in rules:
                terms = (Term(np.flatnonzero(inside & (slot_rule == rule)).astype(np.int32), 1, (count, count + 2)),)
                groups.append(Group(f"{name} {subject}", ("yellow", "red"), "all", terms, window, 4.0, 6.0))
                subjects.append(Subject("area", subject, name))
        if 0 in rules and 2 in rules:
            both = tuple(
                Term(np.flatnonzero(inside & (slot_rule == rule)).astype(np.int32), 1, (1,)) for rule in (0, 2)
            )
            groups.append(Group(f"both {subject}", ("yellow",), "all", both))
            subjects.append(Subject("area", subject, "both"))

    for town in TOWNS:
        add(town, [n for n, area in enumerate(areas) if area == town], 2)
    for district in sorted({town[:6] for town in TOWNS}):
        add(district, [n for n, area in enumerate(areas) if area.startswith(district)], need)
    add("310000", list(range(sensors)), need + 1)
    return Blueprint(
        partitions=partitions,
        sensors=tuple(f"s{number}" for number in range(sensors)),
        partition=partitions_of(areas, partitions),
        low=np.full(sensors, -50.0),
        high=np.full(sensors, 50.0),
        rules=RULES,
        conditions=CONDITIONS if red else WITHOUT_RED,
        slot_sensor=slot_sensor,
        slot_rule=slot_rule,
        slot_condition=slot_rule,
        slot_key=(slot_sensor.astype(np.int64) * 1009 + slot_rule + 7) * 2654435761,
        groups=tuple(groups),
        subjects=tuple(subjects),
    )


def records(sensors: int, count: int, seed: int) -> Iterator[Record]:
    """Yield a log: rows of many sensors in a record, some late, some missing, some sensors silent; ticks between."""
    chance = np.random.default_rng(seed)
    now, position, ticked = START, 0, START
    value = chance.normal(size=sensors)
    silent_until = np.zeros(sensors, np.int64)
    for _ in range(count):
        now += int(chance.integers(0, 3 * SECOND))
        while now - ticked >= TICK_S * SECOND:
            ticked += TICK_S * SECOND
            position += 1
            yield Record(position, Kind.TICK, now, "", 0, Batch.tick(ticked), b"")
        quiet = chance.random(sensors) < 0.01
        silent_until[quiet] = now + 60 * SECOND
        chosen = np.flatnonzero((chance.random(sensors) < 0.3) & (silent_until < now))
        chance.shuffle(chosen)
        value[chosen] = 0.9 * value[chosen] + chance.normal(size=len(chosen)) * 0.6
        told = value[chosen].copy()
        told[chance.random(len(chosen)) < 0.05] = np.nan
        at = now - chance.integers(0, 4, len(chosen)) * SECOND  # ties, and some late
        position += 1
        received_us = now - int(chance.integers(0, SECOND))
        yield Record(position, Kind.OBSERVED, received_us, "door", 0, Batch.of(chosen, at, told), b"")


def planned(position: int, name: str) -> Record:
    return Record(position, Kind.PLAN, START, "", 0, Batch.empty(), name.encode())


class Whole:
    """The slow obvious way: one engine over the undivided log."""

    def __init__(self, plans: dict[str, Blueprint], plan: str) -> None:
        self._plans, self._blueprint = plans, plans[plan]
        self._plan = self._of(self._blueprint)
        self._state = EngineState.fresh(self._plan)
        self.found: Found = defaultdict(list)

    @staticmethod
    def _of(one: Blueprint) -> Plan:
        return Plan.build(
            len(one.sensors),
            one.conditions,
            one.slot_sensor,
            one.slot_condition,
            one.slot_key,
            one.groups,
            one.low,
            one.high,
        )

    def take(self, record: Record) -> None:
        if record.kind == Kind.PLAN:
            self._blueprint = self._plans[record.note.decode()]
            self._plan = self._of(self._blueprint)
            self._state = carried(self._state, self._plan)
        if record.kind not in {Kind.OBSERVED, Kind.TICK}:
            return
        batch, one = record.batch, self._blueprint
        found = advance(self._plan, self._state, batch.sensor, batch.time_us, batch.value, batch.quality).findings
        for at in range(len(found)):
            slot, group = int(found.slot[at]), int(found.group[at])
            about = one.slot_subject(slot) if slot >= 0 else one.subjects[group]
            self.found[tuple(about)].append(
                (int(found.time_us[at]), int(found.from_level[at]), int(found.to_level[at]), float(found.value[at]))
            )


def collected(found: Found, told: Sequence[Told]) -> None:
    """Sort what was told by subject and rule."""
    for one in told:
        for change in one.changes:
            found[change.kind, change.subject, change.rule].append(
                (change.at_us, change.before, change.after, change.value)
            )


class Parts:
    """The same in partitions, without a server: each piece goes straight to its fold."""

    def __init__(self, plans: dict[str, Blueprint], plan: str, message_rows: int = 50) -> None:
        self._plans, self._plan, self._rows = plans, plan, message_rows
        self._partitions = plans[plan].partitions
        self.logs: list[list[Record]] = [[] for _ in range(self._partitions)]

    def spread(self, log: Sequence[Record]) -> None:
        received_us, plan = 0, self._plan
        for run in runs(iter(log), self._rows):
            plan = run[0].note.decode() if run[0].kind == Kind.PLAN else plan
            pieces = cut(run, received_us, plan, self._plans[plan].partition, self._partitions)
            received_us = max([received_us, *(record.received_us for record in run)])
            for own, piece in zip(self.logs, pieces, strict=True):
                if len(piece.row):
                    record = Record(len(own) + 1, piece.kind, received_us, "door", 0, piece.batch, piece.note())
                    own.append(record)

    def fold(self, at_once: int, order: Sequence[int], restarts: Iterator[bool], folder: Path) -> Found:
        """Fold all partitions, some records of each in turn as the order says, and the groups across them.

        Before each turn a worker may be replaced by a new one that begins at the last checkpoint, which is an old one;
        what it finds again is told once.
        """
        self.found: Found = defaultdict(list)
        self.folds = [self._new(p, folder) for p in range(self._partitions)]
        self.gathering, self.told = self._gathering(folder), [list[Told]() for _ in self.folds]
        self.last = [0] * (self._partitions + 1)
        turns = itertools.chain(list(order) * 5, itertools.cycle(range(self._partitions)))
        while any(fold.position <= len(log) for fold, log in zip(self.folds, self.logs, strict=True)):
            p = next(turns) % self._partitions
            self._turn(p, at_once)
            self._kill(p, restarts, folder)
        self._release()
        return self.found

    def _turn(self, p: int, at_once: int) -> None:
        fold = self.folds[p]
        if some := self.logs[p][fold.position - 1 :][:at_once]:
            for one in fold.take(some):
                if self._first(p, one):
                    self.told[p].append(one)
                    self.gathering.hear(p, len(self.told[p]), one)
        self._release()

    def _release(self) -> None:
        for one in self.gathering.release():
            self._first(self._partitions, one)

    def _first(self, p: int, one: Told) -> bool:
        if one.at <= self.last[p]:
            return False
        self.last[p] = one.at
        collected(self.found, [one])
        return True

    def _kill(self, p: int, restarts: Iterator[bool], folder: Path) -> None:
        if next(restarts):
            self.folds[p].keep(folder / str(p))
        if next(restarts):
            self.folds[p] = self._new(p, folder)
        if next(restarts):
            self.gathering.keep(folder / str(self._partitions))
        if next(restarts):
            self.gathering = self._gathering(folder)
            for number, own in enumerate(self.told):
                for position in range(self.gathering.next(number), len(own) + 1):
                    self.gathering.hear(number, position, own[position - 1])

    def _new(self, partition: int, folder: Path) -> PartitionFold:
        fold = PartitionFold(partition, self._plans.__getitem__, self._plan)
        (folder / str(partition)).mkdir(exist_ok=True)
        fold.restore(folder / str(partition))
        return fold

    def _gathering(self, folder: Path) -> Gathering:
        gathering = Gathering(self._plans.__getitem__, self._plan)
        (folder / str(self._partitions)).mkdir(exist_ok=True)
        gathering.restore(folder / str(self._partitions))
        return gathering
