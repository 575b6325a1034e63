"""Rules of the catalog at work on a handful of instruments, by the engine and without any room of the house."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from anlan.catalog.schema.rule_parts import EVERY
from anlan.catalog.schema.sensors import SensorRule
from anlan.science.rules import Condition, EngineState, Group, Level, Plan, Schedule, Season, Term, advance

MONDAY_S = 1_700_438_400
"""2023-11-20 00:00 UTC, a Monday: the 0 of the cases' times; their city's zone is UTC."""

HEADS = {"city": 2, "district": 6, "town": 9, "village": 12}


@dataclass(frozen=True)
class Instrument:
    """One sensor of a case."""

    quantity: str
    asset: str = "asset"
    asset_type: str = ""
    area: str = "310117001"
    cadence_s: float = 60.0
    valid: tuple[float, float] = (-np.inf, np.inf)


@dataclass(frozen=True)
class Standing:
    """A stretch of time in which a rule stood at a grade about a subject; times as in the case."""

    rule: str
    subject: str
    grade: str
    opened_at_s: float
    cleared_at_s: float | None


@dataclass(frozen=True)
class Setting:
    """Instruments by name, the rules that watch them, and the networks between their assets."""

    rules: Mapping[str, SensorRule]
    instruments: Mapping[str, Instrument]
    networks: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


def condition(rule: SensorRule, cadence_s: float) -> Condition:
    """Return one rule as the engine reads it."""
    scale = cadence_s if rule.in_cadences else 1.0
    hours = None
    if rule.schedule is not None:
        hours = Schedule.weekly(rule.schedule.days, *rule.schedule.minutes)
    return Condition(
        kind=rule.kind,  # type: ignore[arg-type]
        op=rule.op,
        levels=tuple(Level(g, value * scale, rule.hold(g), rule.clear_hold(g)) for g, value in rule.levels),
        clear=rule.clear * scale,
        max_gap_s=rule.max_gap_s,
        window_s=rule.window_s or 0.0,
        tolerance=rule.tolerance or 0.0,
        season=None if rule.season is None else Season(rule.season.period_s, rule.season.bins, rule.season.warm),
        schedule=hours,
    )


def watches(rule: SensorRule, name: str, one: Instrument) -> bool:
    """Tell whether a rule of single sensors watches one."""
    if rule.kind == "compound" or rule.quantity not in {EVERY, one.quantity}:
        return False
    if rule.asset_types and one.asset_type not in rule.asset_types:
        return False
    return not rule.stations or name in rule.stations or one.asset in rule.stations


def places(rule: SensorRule, name: str, setting: Setting) -> Iterator[str]:
    """Yield the places in which a compound rule counts one instrument."""
    one = setting.instruments[name]
    if rule.over == "asset":
        yield one.asset
    elif rule.over == "area":
        yield one.area[: HEADS[rule.level or "town"]]
    else:
        yield one.asset
        for above, below in setting.networks.get(rule.network or "", ()):
            here, behind = (below, above) if rule.over == "upstream" else (above, below)
            if behind == one.asset:
                yield here


def plan_of(setting: Setting) -> tuple[Plan, list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the engine's plan, and rule and subject of each slot and of each group."""
    names = list(setting.instruments)
    slots = [
        (rule, n)
        for n, name in enumerate(names)
        for rule in setting.rules.values()
        if watches(rule, name, setting.instruments[name])
    ]
    conditions = [condition(rule, setting.instruments[names[n]].cadence_s) for rule, n in slots]
    groups, subjects = [], []
    for rule in setting.rules.values():
        members: dict[str, list[list[int]]] = {}
        for number, term in enumerate(rule.terms):
            for slot, (own, n) in enumerate(slots):
                for place in places(rule, names[n], setting) if own.id == term.rule else ():
                    members.setdefault(place, [[] for _ in rule.terms])[number].append(slot)
        for place, found in sorted(members.items()):
            terms = tuple(
                Term(np.array(some, np.int32), _level(setting.rules[term.rule], term.grade), rule.need(term))
                for term, some in zip(rule.terms, found, strict=True)
            )
            levels = tuple(grade for grade, _ in rule.levels)
            groups.append(
                Group(
                    f"{rule.id} {place}", levels, rule.mode, terms, rule.window_s or 0.0, rule.hold_s, rule.clear_hold_s
                )
            )
            subjects.append((rule.id, place))
    ranges = np.array([setting.instruments[name].valid for name in names]).reshape(-1, 2)
    sensor, number = [n for _, n in slots], list(range(len(slots)))
    plan = Plan.build(len(names), conditions, sensor, number, number, groups, ranges[:, 0], ranges[:, 1])
    return plan, [(rule.id, names[n]) for rule, n in slots], subjects


def _level(rule: SensorRule, grade: str | None) -> int:
    return 1 if grade is None else [name for name, _ in rule.levels].index(grade) + 1


def standings(
    setting: Setting, sensor: Iterable[int], time_us: Iterable[int], value: Iterable[float], quality: Iterable[int]
) -> list[Standing]:
    """Return what the rules found in rows in order of arrival (sensor -1: a tick), by rule, subject and time."""
    plan, slots, groups = plan_of(setting)
    columns = (
        np.array(sensor, np.int32),
        np.array(time_us, np.int64),
        np.array(value, float),
        np.array(quality, np.uint8),
    )
    found = advance(plan, EngineState.fresh(plan), *columns).findings
    stretches: dict[tuple[str, str], list[Standing]] = {}
    for row in range(len(found)):
        slot, group, level = int(found.slot[row]), int(found.group[row]), int(found.to_level[row])
        subject = slots[slot] if slot >= 0 else groups[group]
        when = float(found.time_us[row]) / 1e6 - MONDAY_S
        own = stretches.setdefault(subject, [])
        if own and own[-1].cleared_at_s is None:
            own[-1] = Standing(*subject, own[-1].grade, own[-1].opened_at_s, when)
        if level:
            grade = plan.conditions[slot].grade(level) if slot >= 0 else plan.groups[group].grade(level)
            own.append(Standing(*subject, grade or "", when, None))
    return [one for _, own in sorted(stretches.items()) for one in own]
