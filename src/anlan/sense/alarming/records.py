"""An alarm's row and its history: what every verb on an alarm reads and writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import StringConstraints

from anlan.catalog.schema.base import GRADES, Grade
from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.actions import Args, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Invalid, NotFound
from anlan.sense.alarming.states import HIDDEN, Event, State, move
from anlan.sense.model import alarm_history, alarms
from anlan.sense.rules import rule_in_force

AlarmId = Annotated[str, StringConstraints(pattern=r"^alarm-\d{1,18}$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]

_TOLD = (
    "subject",
    "subject_kind",
    "rule",
    "about",
    "state",
    "grade",
    "value",
    "threshold",
    "cause",
    "observed_at",
    "asset",
    "asset_type",
    "quantity",
    "unit",
    "name_zh",
    "name_en",
    "lon",
    "lat",
    "synthetic",
)


# Made once: with thousands of findings at a time, putting statements together would cost more than running them.
_FIND = sa.select(alarms).where(alarms.c.id == sa.bindparam("key"))
_CHANGE = sa.update(alarms).where(alarms.c.id == sa.bindparam("key"))
_TELL = sa.insert(alarm_history)


class AlarmArgs(Args):
    """An act on one alarm."""

    alarm: AlarmId


@dataclass(frozen=True)
class Change:
    """What an act does to an alarm, for its row, its history and the journal."""

    event: Event
    grade: Grade
    value: float | None
    note: str = ""


def graver(one: str, other: str) -> bool:
    """Tell whether one grade is graver than another."""
    return GRADES.index(one) < GRADES.index(other)


def find_alarm(tx: Tx, alarm: str) -> Any:
    """Return an alarm's row; it must lie in the actor's areas."""
    row = tx.conn.execute(_FIND, {"key": alarm}).one_or_none()
    if row is None:
        raise NotFound("alarm.unknown", at="args.alarm", value=alarm)
    tx.require(row.area)
    return row


def find_rule(tx: Tx, rule: str, grade: Grade) -> SensorRule:
    """Return a rule in force that knows a grade."""
    found = tx.once(("rule", rule), lambda: rule_in_force(tx.conn, tx.catalog, rule))
    if found is None:
        raise NotFound("alarm.rule", at="args.rule", value=rule)
    if grade not in found.grades:
        raise Invalid("alarm.grade", at="args.grade", value=grade, params={"known": ", ".join(found.grades)})
    return found


def apply(
    tx: Tx,
    alarm: Any,
    change: Change,
    known: dict[str, Any],
    observed_at: datetime | None = None,
    also: dict[str, JSON] | None = None,
) -> Effect:
    """Move an alarm along the arrow of the change and write what is known of it now."""
    before: State = alarm.state
    state = move(before, change.event)
    seen = {} if observed_at is None else {"observed_at": observed_at}
    row = {
        "state": state,
        "open": state != "normal",
        "grade": change.grade,
        "value": change.value,
        "changed_at": tx.now,
    }
    row |= known | seen
    tx.conn.execute(_CHANGE, {"key": alarm.id, **row})
    after = alarm._asdict() | row
    note(tx, after, change.event, change.note)
    told = what_is_told(tx, after, observed_at)
    return Effect(alarm.id, alarm.area, told | {"from_state": before, "note": change.note} | (also or {}))


def note(tx: Tx, alarm: dict[str, Any], event: str, text: str) -> None:
    """Add a line to an alarm's history; ``alarm`` is its row after the act."""
    entry = {name: alarm[name] for name in ("area", "state", "grade", "value")}
    entry |= {"alarm": alarm["id"], "seq": tx.seq, "at": tx.now, "by": tx.actor.id, "event": event, "note": text}
    tx.conn.execute(_TELL, entry)


def what_is_told(tx: Tx, alarm: dict[str, Any], observed_at: datetime | None) -> dict[str, JSON]:
    """Return what the journal, the reactions and the screens see of an act on an alarm."""
    told: dict[str, JSON] = {name: alarm[name] for name in _TOLD}
    told["alarm"] = alarm["id"]
    told["sensor"] = alarm["subject"] if alarm["subject_kind"] == "sensor" else None
    told["hidden"] = alarm["state"] in HIDDEN
    if observed_at is not None:
        told["latency_s"] = round((tx.now - observed_at).total_seconds(), 3)
    return told
