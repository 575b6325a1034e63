"""Rules at work: which rule watches which sensor, what it remembers, and what it finds in a batch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan.catalog.schema.base import Grade
from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.actions import Tx
from anlan.science.signals import State, Threshold, evaluate
from anlan.sense.alarms import graver
from anlan.sense.model import alarms, rule_states

_SQL_LIST = 1000


@dataclass(frozen=True)
class Sample:
    """One observation that counts for the rules."""

    sensor: str
    at: datetime
    value: float


@dataclass(frozen=True)
class Finding:
    """A sensor came to a grade, or to none, at a moment."""

    sensor: str
    rule: str
    at: datetime
    grade: Grade | None
    value: float


def threshold_of(rule: SensorRule) -> Threshold:
    """Return a catalog rule in the form that science evaluates."""
    return Threshold(rule.op, rule.levels, rule.hold_s, rule.clear, rule.clear_hold_s, rule.max_gap_s)


def applies(rule: SensorRule, sensor: Any) -> bool:
    """Tell whether a rule watches a sensor (a row of the table) of its quantity."""
    if sensor.asset_type not in rule.asset_types:
        return False
    return not rule.stations or sensor.asset in rule.stations or sensor.id in rule.stations


def watch(tx: Tx, samples: Sequence[Sample], known: Mapping[str, Any]) -> list[str]:
    """Evaluate all rules on a batch of new samples and bring the alarms up to date; return the ids of those opened.

    Parameters
    ----------
    samples
        In order of arrival, each newer than its sensor's last.
    known
        Rows of the sensors by id, with the time of the last sample ``evaluated`` before this batch, as text, or None.
    """
    by_sensor: dict[str, list[Sample]] = {}
    for sample in samples:
        by_sensor.setdefault(sample.sensor, []).append(sample)
    measuring: dict[str, list[str]] = {}
    for name in by_sensor:
        measuring.setdefault(known[name].quantity, []).append(name)
    held = _open_alarms(tx.conn, by_sensor)
    memory = _load(tx.conn, by_sensor)
    findings: list[Finding] = []
    for rule in tx.catalog.sensor_rules.values():
        watched = [name for name in measuring.get(rule.quantity, ()) if applies(rule, known[name])]
        if watched:
            findings += _run(tx.conn, rule, [known[name] for name in watched], by_sensor, memory.get(rule.id, {}), held)
    return _follow(tx, sorted(findings, key=lambda f: (f.at, f.sensor, f.rule)), held)


def _run(
    conn: sa.Connection,
    rule: SensorRule,
    watched: Sequence[Any],
    by_sensor: Mapping[str, Sequence[Sample]],
    memory: Mapping[str, Any],
    held: Mapping[tuple[str, str], Any],
) -> Iterator[Finding]:
    """Advance one rule over the samples of its sensors, keep what it remembers, and yield what it found."""
    threshold = threshold_of(rule)
    batch = [(number, s) for number, sensor in enumerate(watched) for s in by_sensor[sensor.id]]
    numbers = np.array([number for number, _ in batch])
    times = np.array([s.at.timestamp() for _, s in batch])
    values = np.array([s.value for _, s in batch])
    levels = _levels(threshold)
    kept = {name: row.packed for name, row in memory.items() if row.levels == levels}
    outcome = evaluate(_state(rule, threshold, watched, kept, held), numbers, times, values, threshold)
    _save(conn, rule, levels, watched, memory, kept, outcome.state)
    changes = outcome.transitions
    for i in range(len(changes)):
        yield Finding(
            watched[changes.sensor[i]].id,
            rule.id,
            datetime.fromtimestamp(float(changes.time_s[i]), UTC),
            _grade(threshold, int(changes.to_level[i])),
            float(changes.value[i]),
        )


def _grade(threshold: Threshold, level: int) -> Grade | None:
    return threshold.grade(level)  # type: ignore[return-value]  # a catalog rule's levels are named by grades


def _follow(tx: Tx, findings: Iterable[Finding], held: dict[tuple[str, str], Any]) -> list[str]:
    """Open, raise, ease and clear alarms, so that each stands where its rule found it."""
    opened = []
    for found in findings:
        key = (found.sensor, found.rule)
        alarm = held.get(key)
        verb = _verb(found, alarm)
        if verb is None:
            continue
        args: dict[str, Any] = {"value": found.value, "observed_at": found.at}
        args |= {"sensor": found.sensor, "rule": found.rule} if alarm is None else {"alarm": alarm["id"]}
        args |= {} if found.grade is None else {"grade": found.grade}
        outcome = tx.act(verb, args)
        if alarm is None:
            opened.append(outcome.subject)
        held[key] = _after(outcome.subject, outcome.data, found)
    return opened


def _verb(found: Finding, alarm: Mapping[str, Any] | None) -> str | None:
    """Return the verb that brings an alarm, or none, to a grade, or to none; None if it stands there already."""
    if alarm is None:
        return None if found.grade is None else "alarm.open"
    if found.grade is None:
        return "alarm.clear" if alarm["active"] else None
    if not alarm["active"] or graver(found.grade, alarm["grade"]):
        return "alarm.raise"
    return None if found.grade == alarm["grade"] else "alarm.ease"


def _after(alarm: str, data: Mapping[str, Any], found: Finding) -> dict[str, Any] | None:
    if data["state"] == "normal":
        return None
    return {"id": alarm, "active": found.grade is not None, "grade": data["grade"]}


def _open_alarms(conn: sa.Connection, names: Iterable[str]) -> dict[tuple[str, str], Any]:
    """Return the open alarms of some sensors by (sensor, rule)."""
    found: dict[tuple[str, str], Any] = {}
    columns = (alarms.c.id, alarms.c.sensor, alarms.c.rule, alarms.c.active, alarms.c.grade)
    for some in chunks(names):
        query = sa.select(*columns).where(alarms.c.open.is_(True), alarms.c.sensor.in_(some))
        found |= {(row["sensor"], row["rule"]): row for row in conn.execute(query).mappings().all()}
    return found


def _levels(threshold: Threshold) -> str:
    """Return the levels as text: what was remembered under other levels is of no use under these."""
    return ",".join(f"{grade}{threshold.op}{value:g}" for grade, value in threshold.levels)


def _load(conn: sa.Connection, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what the rules remember of some sensors: rows by rule and sensor."""
    memory: dict[str, dict[str, Any]] = {}
    for some in chunks(names):
        for row in conn.execute(sa.select(rule_states).where(rule_states.c.sensor.in_(some))).all():
            memory.setdefault(row.rule, {})[row.sensor] = row
    return memory


def _state(
    rule: SensorRule,
    threshold: Threshold,
    watched: Sequence[Any],
    kept: Mapping[str, bytes],
    held: Mapping[tuple[str, str], Any],
) -> State:
    """Return what the rule remembers of its sensors; where it has nothing, what the open alarm tells."""
    grades = [grade for grade, _ in threshold.levels]
    k = len(grades)
    last = np.full(len(watched), -np.inf)
    packed = np.tile(np.concatenate([np.full(2 * k, np.nan), np.zeros(k)]), (len(watched), 1))
    for number, sensor in enumerate(watched):
        if sensor.id in kept:
            packed[number] = np.frombuffer(kept[sensor.id], dtype="<f8")
            last[number] = datetime.fromisoformat(sensor.evaluated).timestamp()
            continue
        alarm = held.get((sensor.id, rule.id))
        if alarm is not None and alarm["active"] and alarm["grade"] in grades:
            packed[number, 2 * k :] = np.arange(k) <= grades.index(alarm["grade"])
    return State(last, packed[:, :k], packed[:, k : 2 * k], packed[:, 2 * k :] > 0)


def _save(
    conn: sa.Connection,
    rule: SensorRule,
    levels: str,
    watched: Sequence[Any],
    memory: Mapping[str, Any],
    kept: Mapping[str, bytes],
    state: State,
) -> None:
    """Write what has changed: per sensor k beginnings of runs that meet, k of runs that are clear, k flip-flops."""
    table = np.concatenate([state.met_since_s, state.clear_since_s, state.is_set], axis=1).astype("<f8")
    rows = [{"name": sensor.id, "packed": row.tobytes()} for sensor, row in zip(watched, table, strict=True)]
    new = [row for row in rows if row["name"] not in memory]
    changed = [row for row in rows if row["name"] in memory and kept.get(row["name"]) != row["packed"]]
    if new:
        insert = sa.insert(rule_states).values(rule=rule.id, levels=levels, sensor=sa.bindparam("name"))
        conn.execute(insert, new)
    if changed:
        where = (rule_states.c.rule == rule.id, rule_states.c.sensor == sa.bindparam("name"))
        conn.execute(sa.update(rule_states).where(*where).values(levels=levels), changed)


def chunks(names: Iterable[str]) -> Iterator[list[str]]:
    """Yield names in lists short enough for one query."""
    everything = list(names)
    for start in range(0, len(everything), _SQL_LIST):
        yield everything[start : start + _SQL_LIST]
