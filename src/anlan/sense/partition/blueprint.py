"""A plan with all that its numbers mean, as one piece of bytes: what workers need and no database gives them.

Out of it comes the share of each partition, and that of the groups whose members lie in several.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import msgspec
import numpy as np

from anlan.science.rules.conditions import Condition, Group, Mode, Term
from anlan.science.rules.plan import Plan
from anlan.sense.partition.areas import partitions_of
from anlan.sense.stream.batch import Floats, Int32s, Int64s
from anlan.sense.stream.plan import Watched
from anlan.sense.stream.registry import Registry

CROSSING = -1
"""In :attr:`Blueprint.home`, that of groups whose members lie in several partitions."""


class _TermForm(msgspec.Struct, array_like=True, frozen=True):
    level: int
    need: tuple[int, ...]
    members: int


class _GroupForm(msgspec.Struct, array_like=True, frozen=True):
    key: str
    levels: tuple[str, ...]
    mode: Mode
    window_s: float
    hold_s: float
    clear_hold_s: float
    terms: tuple[_TermForm, ...]
    rule: str
    kind: str
    subject: str


class _Texts(msgspec.Struct, frozen=True):
    partitions: int
    sensors: tuple[str, ...]
    rules: tuple[str, ...]
    conditions: tuple[Condition, ...]
    groups: tuple[_GroupForm, ...]


class Subject(NamedTuple):
    """What a finding is about."""

    kind: str
    subject: str
    rule: str


class Share(NamedTuple):
    """The part of a plan that one worker folds.

    Attributes
    ----------
    plan : Plan
        Over the share's own numbers.
    local : (n,) int32
        The share's number of each sensor of the whole; -1 for those of others.
    slots : (s,) int32
        The whole's number of each slot.
    groups : (g,) int32
        The whole's number of each group.
    """

    plan: Plan
    local: Int32s
    slots: Int32s
    groups: Int32s


@dataclass(frozen=True, eq=False)
class Blueprint:
    """A plan over all sensors of a city, before it is shared out.

    Attributes
    ----------
    partitions : int
    sensors : tuple of str
        Names by number.
    partition : (n,) int32
        Of each sensor.
    rules : tuple of str
    slot_sensor, slot_rule, slot_condition : (s,) int32
    slot_key : (s,) int64
    groups : tuple of Group
    subjects : tuple of Subject
        Of the groups.
    """

    partitions: int
    sensors: tuple[str, ...] = field(repr=False)
    partition: Int32s
    low: Floats
    high: Floats
    rules: tuple[str, ...]
    conditions: tuple[Condition, ...]
    slot_sensor: Int32s
    slot_rule: Int32s
    slot_condition: Int32s
    slot_key: Int64s
    groups: tuple[Group, ...]
    subjects: tuple[Subject, ...]

    @classmethod
    def of(cls, watched: Watched, registry: Registry, partitions: int) -> "Blueprint":
        """Return the blueprint of a plan as the station makes it."""
        plan = watched.plan
        key = np.empty(plan.n_slots, np.int64)
        key[plan.order] = plan.slot_key
        return cls(
            partitions=partitions,
            sensors=watched.sensors,
            partition=partitions_of(registry.area.values, partitions),
            low=plan.low,
            high=plan.high,
            rules=tuple(rule.id for rule in watched.rules),
            conditions=watched.conditions,
            slot_sensor=watched.slot_sensor,
            slot_rule=watched.slot_rule,
            slot_condition=watched.slot_condition,
            slot_key=key,
            groups=watched.groups,
            subjects=tuple(Subject(about.kind, about.subject, about.rule) for about in watched.group_subjects),
        )

    @cached_property
    def home(self) -> Int32s:
        """The partition in which all members of a group lie; :data:`CROSSING` if they lie in several."""
        own = self.partition[self.slot_sensor]
        found = [np.unique(np.concatenate([own[term.slots] for term in group.terms])) for group in self.groups]
        return np.array([at[0] if len(at) == 1 else CROSSING for at in found], np.int32)

    def share(self, number: int) -> Share:
        """Return what a partition's worker folds."""
        sensors = np.flatnonzero(self.partition == number).astype(np.int32)
        slots = np.flatnonzero(self.partition[self.slot_sensor] == number).astype(np.int32)
        local = _places(sensors, len(self.sensors))
        return self._share(
            len(sensors), local, slots, local[self.slot_sensor[slots]], number, self.low[sensors], self.high[sensors]
        )

    def crossing(self) -> Share:
        """Return what the worker of the groups across partitions folds: each member slot is a sensor of its own."""
        groups = [self.groups[number] for number in np.flatnonzero(self.home == CROSSING).tolist()]
        terms = [term.slots for group in groups for term in group.terms]
        slots = np.unique(np.concatenate([np.zeros(0, np.int32), *terms])).astype(np.int32)
        return self._share(len(slots), _places(slots, 0), slots, np.arange(len(slots), dtype=np.int32), CROSSING)

    def _share(
        self,
        n_sensors: int,
        local: Int32s,
        slots: Int32s,
        slot_sensor: Int32s,
        home: int,
        low: Floats | None = None,
        high: Floats | None = None,
    ) -> Share:
        place = _places(slots, len(self.slot_sensor))
        groups = np.flatnonzero(self.home == home).astype(np.int32)
        plan = Plan.build(
            n_sensors,
            self.conditions,
            slot_sensor,
            self.slot_condition[slots],
            self.slot_key[slots],
            [_with_slots(self.groups[number], place) for number in groups.tolist()],
            low,
            high,
        )
        return Share(plan, local, slots, groups)

    def slot_subject(self, slot: int) -> Subject:
        """Return what findings of a slot are about."""
        return Subject("sensor", self.sensors[self.slot_sensor[slot]], self.rules[self.slot_rule[slot]])

    def slot_grade(self, slot: int, level: int) -> str | None:
        """Name a level of a slot."""
        condition: Condition = self.conditions[self.slot_condition[slot]]
        return condition.grade(level)

    def to_bytes(self) -> bytes:
        """Return it in one piece."""
        forms = tuple(_form(group, about) for group, about in zip(self.groups, self.subjects, strict=True))
        texts = _Texts(self.partitions, self.sensors, self.rules, self.conditions, forms)
        members = [term.slots for group in self.groups for term in group.terms]
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            allow_pickle=False,
            texts=np.frombuffer(msgspec.msgpack.encode(texts), np.uint8),
            members=np.concatenate([np.zeros(0, np.int32), *members]),
            **arrays,
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Blueprint":
        """Return what :meth:`to_bytes` gave."""
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            texts = msgspec.msgpack.decode(held["texts"].tobytes(), type=_Texts)
            members = iter(np.split(held["members"], np.cumsum([t.members for g in texts.groups for t in g.terms])))
            arrays = {name: held[name] for name in _ARRAYS}
        groups = tuple(_group(form, lambda: next(members)) for form in texts.groups)
        return cls(
            partitions=texts.partitions,
            sensors=texts.sensors,
            rules=texts.rules,
            conditions=texts.conditions,
            groups=groups,
            subjects=tuple(Subject(form.kind, form.subject, form.rule) for form in texts.groups),
            **arrays,
        )


_ARRAYS = ("partition", "low", "high", "slot_sensor", "slot_rule", "slot_condition", "slot_key")


def _places(numbers: Int32s, count: int) -> Int32s:
    places = np.full(count, -1, np.int32)
    if count:
        places[numbers] = np.arange(len(numbers), dtype=np.int32)
    return places


def _with_slots(group: Group, place: Int32s) -> Group:
    terms = tuple(Term(place[term.slots], term.level, term.need) for term in group.terms)
    return Group(group.key, group.levels, group.mode, terms, group.window_s, group.hold_s, group.clear_hold_s)


def _form(group: Group, about: Subject) -> _GroupForm:
    terms = tuple(_TermForm(term.level, term.need, len(term.slots)) for term in group.terms)
    times = (group.window_s, group.hold_s, group.clear_hold_s)
    return _GroupForm(group.key, group.levels, group.mode, *times, terms, about.rule, about.kind, about.subject)


def _group(form: _GroupForm, members: Callable[[], Int32s]) -> Group:
    terms = tuple(Term(members(), term.level, term.need) for term in form.terms)
    return Group(form.key, form.levels, form.mode, terms, form.window_s, form.hold_s, form.clear_hold_s)
