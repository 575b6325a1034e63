"""From rules and sensors to the arrays that the engine works on: who watches whom, and which places are counted.

A slot is one rule watching one sensor. Slots stand in the order of the sensors, each sensor's in the order of the
rules' names, so that the same catalog and the same sensors always give the same plan.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.catalog.schema.rule_parts import EVERY
from anlan.catalog.schema.sensors import SensorRule
from anlan.science.rules.conditions import Condition, Group, Level, Schedule, Season, Term
from anlan.science.rules.plan import Plan
from anlan.sense.alarming.subjects import SubjectKind
from anlan.sense.stream.batch import Int32s, Int64s
from anlan.sense.stream.registry import Bools, Registry

Edges = Sequence[tuple[str, str]]
"""A network between assets: from upstream to downstream."""


@dataclass(frozen=True)
class Places:
    """What compound rules need of a city.

    Attributes
    ----------
    areas : mapping
        For each level, from an area of the registry to the area of that level around it.
    networks : mapping
        Edges by the name of the network.
    """

    areas: Mapping[str, Mapping[str, str]]
    networks: Mapping[str, Edges]


@dataclass(frozen=True)
class GroupSubject:
    """Which rule a group belongs to, and what it is about."""

    rule: str
    kind: SubjectKind
    subject: str


@dataclass(frozen=True)
class Watched:
    """A plan, and what its numbers mean.

    Attributes
    ----------
    sensors : tuple of str
        Names by number.
    rules : tuple of SensorRule
        Those that watch sensors, by name.
    slot_sensor, slot_rule : (s,) int32
        For each slot the number of its sensor and the place of its rule in ``rules``.
    slot_condition : (s,) int32
        The condition of ``conditions`` that the slot uses: an override has one of its own.
    """

    plan: Plan
    sensors: tuple[str, ...]
    rules: tuple[SensorRule, ...]
    conditions: tuple[Condition, ...]
    slot_sensor: Int32s
    slot_rule: Int32s
    slot_condition: Int32s
    groups: tuple[Group, ...]
    group_subjects: tuple[GroupSubject, ...]


def watch(rules: Mapping[str, SensorRule], registry: Registry, places: Places, offset_s: int) -> Watched:
    """Return the plan of some rules over the sensors that are known.

    Parameters
    ----------
    rules
        By name.
    offset_s
        The city's local time minus UTC, for schedules, s.
    """
    single = tuple(rule for _, rule in sorted(rules.items()) if rule.kind != "compound")
    compound = tuple(rule for _, rule in sorted(rules.items()) if rule.kind == "compound")
    slots = _Slots(registry, offset_s)
    for place, rule in enumerate(single):
        slots.add(place, rule)
    sensor, rule_of, condition = slots.columns()
    groups, subjects = _groups(compound, single, registry, places, sensor, rule_of)
    keys = _keys(single, registry, sensor, rule_of)
    plan = Plan.build(
        len(registry),
        slots.conditions,
        sensor,
        condition,
        keys,
        groups,
        registry.low,
        registry.high,
    )
    return Watched(plan, registry.ids, single, tuple(slots.conditions), sensor, rule_of, condition, groups, subjects)


def condition_of(rule: SensorRule, offset_s: int = 0, cadence_s: float = 1.0) -> Condition:
    """Return a rule that watches single sensors in the form that the engine evaluates.

    Parameters
    ----------
    cadence_s
        How often the sensor reports, for rules that count in cadences, s.
    """
    scale = cadence_s if rule.in_cadences else 1.0
    levels = tuple(
        Level(grade, value * scale, rule.hold(grade), rule.clear_hold(grade)) for grade, value in rule.levels
    )
    season = rule.season
    return Condition(
        kind=rule.kind,  # type: ignore[arg-type]  # compound rules do not come here
        op=rule.op,
        levels=levels,
        clear=_clear(rule, scale),
        max_gap_s=rule.max_gap_s,
        window_s=rule.window_s or 0.0,
        tolerance=rule.tolerance or 0.0,
        season=None if season is None else Season(season.period_s, season.bins, season.warm),
        schedule=_schedule(rule, offset_s),
    )


def _clear(rule: SensorRule, scale: float) -> float | None:
    return None if rule.kind == "faulty" else rule.clear * scale


def _schedule(rule: SensorRule, offset_s: int) -> Schedule | None:
    if rule.schedule is None:
        return None
    begin, end = rule.schedule.minutes
    return Schedule.weekly(rule.schedule.days, begin, end, offset_s)


class _Slots:
    """Slots as they are found, rule by rule."""

    def __init__(self, registry: Registry, offset_s: int) -> None:
        self._registry, self._offset_s = registry, offset_s
        self._area = registry.area.values
        self.conditions: list[Condition] = []
        self._parts: list[tuple[Int32s, Int32s, Int32s]] = []

    def add(self, place: int, rule: SensorRule) -> None:
        """Add the slots of one rule: of each condition that its overrides and the sensors' cadences make of it."""
        numbers = np.flatnonzero(watched_by(rule, self._registry)).astype(np.int32)
        for one, own in self._by_override(rule, numbers):
            for cadence_s, some in self._by_cadence(one, own):
                self.conditions.append(condition_of(one, self._offset_s, cadence_s))
                which = np.full(len(some), len(self.conditions) - 1, np.int32)
                self._parts.append((some, np.full(len(some), place, np.int32), which))

    def columns(self) -> tuple[Int32s, Int32s, Int32s]:
        """Return sensor, rule and condition of every slot, in the order of sensors, then rules."""
        none = np.zeros(0, np.int32)
        parts = [(none, none, none), *self._parts]
        sensor, rule, condition = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((rule, sensor))
        return sensor[order], rule[order], condition[order]

    def _by_override(self, rule: SensorRule, numbers: Int32s) -> Iterator[tuple[SensorRule, Int32s]]:
        if not rule.overrides:
            yield rule, numbers
            return
        found: dict[int, list[int]] = {}
        for number in numbers.tolist():
            override = rule.override(self._registry.ids[number], self._area[number])
            found.setdefault(-1 if override is None else rule.overrides.index(override), []).append(number)
        for which, some in sorted(found.items()):
            yield (rule if which < 0 else rule.changed(rule.overrides[which])), np.array(some, np.int32)

    def _by_cadence(self, rule: SensorRule, numbers: Int32s) -> Iterator[tuple[float, Int32s]]:
        if not rule.in_cadences:
            if len(numbers):
                yield 1.0, numbers
            return
        cadences = self._registry.cadence_s[numbers]
        for cadence_s in np.unique(cadences[np.isfinite(cadences)]):  # one that nobody stated cannot be multiplied
            yield float(cadence_s), numbers[cadences == cadence_s]


def watched_by(rule: SensorRule, registry: Registry) -> Bools:
    """Tell which sensors a rule watches."""
    chosen = ~registry.retired
    if rule.quantity != EVERY:
        chosen &= registry.quantity.equals(rule.quantity)
    if rule.asset_types:
        chosen &= registry.asset_type.among(rule.asset_types)
    if rule.stations:
        wanted = set(rule.stations)
        named = [registry.ids[n] in wanted or registry.asset[n] in wanted for n in np.flatnonzero(chosen)]
        chosen[np.flatnonzero(chosen)[~np.array(named, np.bool_)]] = False
    return chosen


def _keys(rules: Sequence[SensorRule], registry: Registry, sensor: Int32s, rule: Int32s) -> Int64s:
    """Return what identifies each slot from plan to plan: its rule and its sensor."""
    named = np.array([_digest(one.id) for one in rules], np.uint64)
    own = np.arange(len(registry), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing, Knuth 6.4
    mixed: Int64s = (named[rule] ^ own[sensor]).view(np.int64)
    return mixed


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _groups(
    compound: Sequence[SensorRule],
    single: Sequence[SensorRule],
    registry: Registry,
    places: Places,
    sensor: Int32s,
    rule: Int32s,
) -> tuple[tuple[Group, ...], tuple[GroupSubject, ...]]:
    """Return a group for each place in which a compound rule has anything to count."""
    names = {one.id: place for place, one in enumerate(single)}
    found: list[tuple[Group, GroupSubject]] = []
    for one in compound:
        slots = [np.flatnonzero(rule == names.get(term.rule, -1)) for term in one.terms]
        members = [_by_place(one, sensor[some], registry, places) for some in slots]
        for subject in sorted(set().union(*(part.keys() for part in members))):
            terms = tuple(
                Term(some[part.get(subject, _NONE)].astype(np.int32), _level(one, n, single, names), one.need(term))
                for n, (term, some, part) in enumerate(zip(one.terms, slots, members, strict=True))
            )
            group = Group(
                key=f"{one.id} {subject}",
                levels=tuple(grade for grade, _ in one.levels),
                mode=one.mode,
                terms=terms,
                window_s=one.window_s or 0.0,
                hold_s=one.hold_s,
                clear_hold_s=one.clear_hold_s,
            )
            found.append((group, GroupSubject(one.id, _subject_kind(one), subject)))
    return tuple(group for group, _ in found), tuple(subject for _, subject in found)


_NONE = np.zeros(0, np.int64)


def _level(rule: SensorRule, number: int, single: Sequence[SensorRule], names: Mapping[str, int]) -> int:
    """Return from which level on a term counts its members."""
    term = rule.terms[number]
    if term.grade is None or term.rule not in names:
        return 1
    return [grade for grade, _ in single[names[term.rule]].levels].index(term.grade) + 1


def _subject_kind(rule: SensorRule) -> SubjectKind:
    if rule.over == "area":
        return "area"
    return "asset" if rule.over == "asset" else "network"


def _by_place(
    rule: SensorRule, numbers: Int32s, registry: Registry, places: Places
) -> dict[str, npt.NDArray[np.int64]]:
    """Return, for each place of a compound rule, which of some sensors count there (rows of ``numbers``)."""
    if rule.over == "area":
        around = places.areas.get(rule.level or "", {})
        own = [around.get(registry.area.at(number) or "", "") for number in numbers.tolist()]
        return _rows_by(own)
    by_asset = _rows_by([registry.asset[number] for number in numbers.tolist()])
    if rule.over == "asset":
        return by_asset
    return _along(by_asset, places.networks.get(rule.network or "", ()), up=rule.over == "upstream")


def _rows_by(texts: Sequence[str]) -> dict[str, npt.NDArray[np.int64]]:
    found: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        if text:
            found.setdefault(text, []).append(row)
    return {text: np.array(rows, np.int64) for text, rows in found.items()}


def _along(
    by_asset: Mapping[str, npt.NDArray[np.int64]], edges: Edges, *, up: bool
) -> dict[str, npt.NDArray[np.int64]]:
    """Return, for each place of a network, the rows at it and right behind it in one direction."""
    behind: dict[str, set[str]] = {}
    for above, below in edges:
        behind.setdefault(below if up else above, set()).add(above if up else below)
        behind.setdefault(above if up else below, set())
    found = {}
    for node, others in behind.items():
        rows = [by_asset[name] for name in sorted({node, *others}) if name in by_asset]
        if rows:
            found[node] = np.sort(np.concatenate(rows))
    return found
