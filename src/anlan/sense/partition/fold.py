"""Folding one partition: its records into the rules' memory, and what they found into messages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np

from anlan.science.rules.carry import carried, restored
from anlan.science.rules.engine import Outcome, advance
from anlan.science.rules.memory import EVALUATED
from anlan.science.rules.state import EngineState
from anlan.sense.partition.blueprint import Blueprint, Share
from anlan.sense.partition.pieces import piece_of
from anlan.sense.partition.told import Change, Told
from anlan.sense.stream import checkpoint
from anlan.sense.stream.batch import TICK_SENSOR, Batch
from anlan.sense.stream.log import Kind, LogFault, Record

_LEVELS = 0xFF
"""In a slot's head word: which levels are set."""

Plans = Callable[[str], Blueprint]
"""Gives a plan by its name."""


class PartitionFold:
    """What is known of a partition after the records below :attr:`position`.

    Parameters
    ----------
    number
        Of the partition.
    plans
        Where plans are found.
    plan
        The plan in force before the first record.
    """

    def __init__(self, number: int, plans: Plans, plan: str) -> None:
        self._number, self._plans = number, plans
        self.position, self.plan = 1, plan
        self._blueprint = plans(plan)
        self._share = self._blueprint.share(number)
        self.state = EngineState.fresh(self._share.plan)

    def restore(self, folder: Path) -> None:
        """Go on from a checkpoint, if there is one."""
        held = checkpoint.read(folder)
        if held is None:
            return
        self.plan, self.position = str(held.facts["plan"]), held.position
        self._blueprint = self._plans(self.plan)
        self._share = self._blueprint.share(self._number)
        self.state = restored(held.arrays, self._share.plan)

    def keep(self, folder: Path) -> None:
        """Write a checkpoint: beside the old one, flushed, then in its place."""
        checkpoint.write(folder, checkpoint.Checkpoint(self.position, {"plan": self.plan}, self.state.arrays()))

    def take(self, records: Sequence[Record]) -> list[Told]:
        """Fold records, the first of which stands at :attr:`position`."""
        told: list[Told] = []
        for kind, run in groupby(records, key=_as_one):
            some = list(run)
            if kind == Kind.OBSERVED:
                told += self._evaluate(some)
            elif kind == Kind.PLAN:
                told += [one for record in some for one in self._adopt(record)]
        self.position = records[-1].position + 1
        return told

    def _adopt(self, record: Record) -> Iterator[Told]:
        piece = piece_of(record)
        if piece.plan == self.plan:
            return
        flags = tuple(self._flags())
        self._blueprint, self.plan = self._plans(piece.plan), piece.plan
        self._share = self._blueprint.share(self._number)
        self.state = carried(self.state, self._share.plan)
        begins = (int(piece.received_us[0]), piece.last[0])
        yield Told(record.position, self.plan, 0, record.source, begins, (), flags)

    def _flags(self) -> Iterator[tuple[int, int]]:
        """Yield the keys and set levels of the slots here that are members of groups across partitions."""
        plan = self._share.plan
        flags = self.state.words[self.state.head_words()] & _LEVELS
        own = self._blueprint.slot_key[self._blueprint.crossing().slots]
        chosen = np.isin(plan.slot_key, own) & (flags != 0)
        yield from zip(plan.slot_key[chosen].tolist(), flags[chosen].tolist(), strict=True)

    def _evaluate(self, records: Sequence[Record]) -> Iterator[Told]:
        batch = self._own(Batch.joined([record.batch for record in records]))
        outcome = advance(self._share.plan, self.state, batch.sensor, batch.time_us, batch.value, batch.quality)
        stop = 0
        for record in records:
            start, stop = stop, stop + len(record.batch)
            first, end = np.searchsorted(outcome.findings.row, [start, stop])
            ticked = record.kind == Kind.TICK and outcome.verdict[start] == EVALUATED
            if first < end or ticked:
                changes = tuple(self._changes(record, outcome, start, int(first), int(end)))
                tick_us = int(record.batch.time_us[0]) if ticked else 0
                yield Told(record.position, self.plan, tick_us, record.source, (), changes)

    def _own(self, batch: Batch) -> Batch:
        ticks = batch.sensor == TICK_SENSOR
        known = batch.sensor < len(self._share.local)
        local = np.where(ticks | ~known, TICK_SENSOR, self._share.local[np.where(known, batch.sensor, 0)])
        if np.any((local < 0) & ~ticks):
            raise LogFault("partition.stray", value=self._number, params={"plan": self.plan})
        return replace(batch, sensor=local.astype(np.int32))

    def _changes(self, record: Record, outcome: Outcome, start: int, first: int, end: int) -> Iterator[Change]:
        piece, found, own = piece_of(record), outcome.findings, self._blueprint
        for at in range(first, end):
            row, slot, group = int(found.row[at]) - start, int(found.slot[at]), int(found.group[at])
            after = int(found.to_level[at])
            if slot >= 0:
                number = int(self._share.slots[slot])
                about, grade = own.slot_subject(number), own.slot_grade(number, after)
                key = int(own.slot_key[number])
            else:
                number = int(self._share.groups[group])
                about, grade, key = own.subjects[number], own.groups[number].grade(after), 0
            place = (int(piece.received_us[row]), int(piece.position[row]), int(piece.row[row]))
            times = (int(record.batch.time_us[row]), int(found.time_us[at]))
            levels = (int(found.from_level[at]), after)
            yield Change(*place, *times, key, *about, *levels, grade, float(found.value[at]))


def _as_one(record: Record) -> Kind:
    return Kind.OBSERVED if record.kind == Kind.TICK else record.kind


__all__ = ["PartitionFold", "Plans", "Share"]
