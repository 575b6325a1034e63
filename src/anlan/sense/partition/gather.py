"""Bringing together what the partitions tell: changes of level, released tick by tick in the order of the whole.

A change belongs to the first tick that follows it in its partition's stream. A tick is released once every partition
has told it or a later one; the changes that belong to it are then taken in the order of the rows that did them (time
of receipt, door, position, row), and the tick after them. This depends on nothing but the streams.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.rules.carry import carried, restored
from anlan.science.rules.state import EngineState
from anlan.sense.partition.blueprint import Blueprint
from anlan.sense.partition.crossing import Crossing, Move, Weighed
from anlan.sense.partition.fold import Plans
from anlan.sense.partition.told import Change, Told
from anlan.sense.stream import checkpoint


@dataclass
class _Heard:
    """What one partition told and is not released yet: each with its position in the stream of findings."""

    waiting: deque[tuple[int, Told]] = field(default_factory=deque)
    ticks: deque[int] = field(default_factory=deque)
    next: int = 1

    def hear(self, position: int, told: Told) -> None:
        self.waiting.append((position, told))
        if told.tick_us:
            self.ticks.append(told.tick_us)

    def released(self, tick_us: int) -> Iterator[Told]:
        """Take what belongs to a tick, the tick itself last."""
        if self.ticks[0] != tick_us:
            return
        self.ticks.popleft()
        while True:
            position, told = self.waiting.popleft()
            self.next = position + 1
            yield told
            if told.tick_us:
                return


class Gathering:
    """The groups across partitions, after all ticks up to :attr:`tick_us`.

    Parameters
    ----------
    plans
        Where plans are found.
    plan
        The plan in force before the first record.
    """

    def __init__(self, plans: Plans, plan: str) -> None:
        self._plans, self.plan = plans, plan
        self._blueprint = plans(plan)
        self._heard = [_Heard() for _ in range(self._blueprint.partitions)]
        self._adopt(EngineState.fresh(self._blueprint.crossing().plan).arrays())

    def _adopt(self, arrays: Mapping[str, npt.NDArray[Any]], *, same: bool = True) -> None:
        """Go on from what is remembered, of this very plan or of the one before."""
        share = self._blueprint.crossing()
        state = restored(arrays, share.plan) if same else carried(EngineState.from_arrays(arrays), share.plan)
        self._groups: list[int] = share.groups.tolist()
        keys = self._blueprint.slot_key[share.slots].tolist()
        self._place = {key: place for place, key in enumerate(keys)}
        self._crossing = Crossing(share.plan, state)

    @property
    def tick_us(self) -> int:
        """The newest tick that was released."""
        return self._crossing.tick_us

    def next(self, partition: int) -> int:
        """Return the position in a partition's findings from which a restart must read."""
        return self._heard[partition].next

    def restore(self, folder: Path) -> None:
        """Go on from a checkpoint, if there is one."""
        held = checkpoint.read(folder)
        if held is None:
            return
        arrays = dict(held.arrays)
        for heard, position in zip(self._heard, arrays.pop("heard").tolist(), strict=True):
            heard.next = position
        self.plan = str(held.facts["plan"])
        self._blueprint = self._plans(self.plan)
        self._adopt(arrays)

    def keep(self, folder: Path) -> None:
        """Write a checkpoint: beside the old one, flushed, then in its place."""
        heard = np.array([one.next for one in self._heard], np.int64)
        arrays = self._crossing.state.arrays() | {"heard": heard}
        checkpoint.write(folder, checkpoint.Checkpoint(1, {"plan": self.plan}, arrays))

    def hear(self, partition: int, position: int, told: Told) -> None:
        """Take what a partition told at a position of its findings."""
        self._heard[partition].hear(position, told)

    def release(self) -> list[Told]:
        """Return what was found at each tick that every partition has told by now, also where that is nothing."""
        found: list[Told] = []
        while all(heard.ticks for heard in self._heard):
            tick_us = min(heard.ticks[0] for heard in self._heard)
            told = [one for heard in self._heard for one in heard.released(tick_us)]
            changes = tuple(self._take(told, tick_us))
            found.append(Told(tick_us, self.plan, tick_us, "", (), changes))
        return found

    def _take(self, told: Sequence[Told], tick_us: int) -> list[Change]:
        changes: list[Change] = []
        rows = [(_place(one, change), change) for one in told if not one.tick_us for change in one.changes]
        plans = [((one.begins[0], one.door, one.begins[1], -1), one) for one in told if one.begins]
        steps: list[tuple[tuple[int, str, int, int], Change | Told]] = sorted([*rows, *plans], key=lambda step: step[0])
        for _, run in groupby(steps, key=lambda step: step[0]):
            some = [step for _, step in run]
            self._change_plan([one for one in some if isinstance(one, Told)])
            if own := [one for one in some if isinstance(one, Change)]:
                changes += self._told(self._crossing.row(self._moves(own), own[0].row_us), own[0])
        ticked = [change for one in told if one.tick_us for change in one.changes]
        changes += self._told(self._crossing.tick(self._moves(ticked), tick_us), None)
        return changes

    def _change_plan(self, told: Sequence[Told]) -> None:
        """Go on under another plan, once all partitions have told how their slots stood under the one before."""
        if not told or told[0].under == self.plan:
            return
        for key, flags in (pair for one in told for pair in one.flags):
            if (place := self._place.get(key)) is not None:
                self._crossing.set_levels(place, flags)
        self.plan, self._blueprint = told[0].under, self._plans(told[0].under)
        self._adopt(self._crossing.state.arrays(), same=False)

    def _moves(self, changes: Sequence[Change]) -> list[Move]:
        known = [(self._place.get(one.key), one) for one in changes if one.key]
        return [Move(place, one.before, one.after, one.at_us) for place, one in known if place is not None]

    def _told(self, weighed: Sequence[Weighed], by: Change | None) -> Iterator[Change]:
        for one in weighed:
            number = self._groups[one.group]
            place = (by.received_us, by.position, by.row, by.row_us) if by else (one.at_us, 0, 0, one.at_us)
            grade = self._blueprint.groups[number].grade(one.after)
            about = self._blueprint.subjects[number]
            yield Change(*place, one.at_us, 0, *about, one.before, one.after, grade, one.members)


def _place(told: Told, change: Change) -> tuple[int, str, int, int]:
    return (change.received_us, told.door, change.position, change.row)


__all__ = ["Blueprint", "Gathering"]
