"""The verbs of alarms: what rules do to them, and what people do.

At most one alarm of a (sensor, rule) is open, that is, in another state than ``normal``. A partial unique index holds
that in the store, too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import AwareDatetime, StringConstraints

from anlan.catalog.schema.base import GRADES, Grade
from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.actions import Action, Args, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.sense.model import alarm_history, alarms, sensors
from anlan.sense.states import HIDDEN, Event, State, move

AlarmId = Annotated[str, StringConstraints(pattern=r"^alarm-\d{1,18}$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]
RULE_VERBS = ("alarm.open", "alarm.raise", "alarm.ease", "alarm.clear")


@dataclass(frozen=True)
class Change:
    """What an act does to an alarm, for its row, its history and the journal."""

    event: Event
    grade: Grade
    value: float | None
    note: str = ""


class OpenAlarm(Args):
    """Open the alarm of a sensor under a rule."""

    sensor: str
    rule: str
    grade: Grade
    value: float
    observed_at: AwareDatetime


def open_alarm(tx: Tx, args: OpenAlarm) -> Effect:
    """Open an alarm; there must be none open of the same sensor and rule."""
    sensor, rule = _sensor(tx, args.sensor), _rule(tx, args.rule, args.grade)
    if (held := _open_alarm(tx, args.sensor, args.rule)) is not None:
        raise Conflict("alarm.already_open", at="args.sensor", value=args.sensor, params={"alarm": held.id})
    row: dict[str, Any] = {
        "id": tx.new_id("alarm"),
        "sensor": args.sensor,
        "rule": args.rule,
        "area": sensor.area,
        "state": move("normal", "open"),
        "active": True,
        "open": True,
        "grade": args.grade,
        "worst": args.grade,
        "value": args.value,
        "threshold": rule.grades[args.grade].value,
        "observed_at": args.observed_at,
        "opened_at": tx.now,
        "changed_at": tx.now,
    }
    tx.conn.execute(sa.insert(alarms).values(row))
    change = Change("open", args.grade, args.value)
    _note(tx, row, row["state"], change)
    return Effect(row["id"], sensor.area, _told(tx, row, sensor, args.observed_at))


class ChangeAlarm(Args):
    """Move an open alarm to another grade, as its rule found."""

    alarm: AlarmId
    grade: Grade
    value: float
    observed_at: AwareDatetime


class RaiseAlarm(ChangeAlarm):
    """Raise an open alarm to a graver grade, or raise it again after it had returned to normal unseen."""


class EaseAlarm(ChangeAlarm):
    """Ease an open alarm to a milder grade."""


def raise_alarm(tx: Tx, args: RaiseAlarm) -> Effect:
    """Raise; the new grade must be graver, unless the condition had ended and begins anew."""
    alarm = _alarm(tx, args.alarm)
    if alarm.active and not graver(args.grade, alarm.grade):
        raise Conflict("alarm.not_graver", at="args.grade", value=args.grade, params={"grade": alarm.grade})
    return _regrade(tx, alarm, "raise", args)


def ease_alarm(tx: Tx, args: EaseAlarm) -> Effect:
    """Ease; the new grade must be milder, and the condition must hold still."""
    alarm = _alarm(tx, args.alarm)
    if not alarm.active or not graver(alarm.grade, args.grade):
        raise Conflict("alarm.not_milder", at="args.grade", value=args.grade, params={"grade": alarm.grade})
    return _regrade(tx, alarm, "ease", args)


def _regrade(tx: Tx, alarm: Any, event: Event, args: ChangeAlarm) -> Effect:
    rule = _rule(tx, alarm.rule, args.grade)
    worst = args.grade if graver(args.grade, alarm.worst) else alarm.worst
    known = {"threshold": rule.grades[args.grade].value, "active": True, "worst": worst, "returned_at": None}
    change = Change(event, args.grade, args.value)
    return _apply(tx, alarm, change, known, args.observed_at, {"from_grade": alarm.grade})


class ClearAlarm(Args):
    """End an alarm's condition: by its rule, or by a person who gives the reason."""

    alarm: AlarmId
    value: float | None = None
    observed_at: AwareDatetime | None = None
    reason: Reason | None = None


def clear_alarm(tx: Tx, args: ClearAlarm) -> Effect:
    """Clear; what was not acknowledged stays open until somebody does."""
    alarm = _alarm(tx, args.alarm)
    if not alarm.active:
        raise Conflict("alarm.not_active", at="args.alarm", value=args.alarm)
    if args.observed_at is None and args.reason is None:
        raise Invalid("alarm.reason", at="args.reason")
    change = Change("clear", alarm.grade, args.value, args.reason or "")
    return _apply(tx, alarm, change, {"active": False, "returned_at": tx.now}, args.observed_at)


class AlarmArgs(Args):
    """An act on one alarm."""

    alarm: AlarmId


class AcknowledgeAlarm(AlarmArgs):
    """Acknowledge an alarm: somebody has seen it and takes care."""

    note: Annotated[str, StringConstraints(max_length=500)] = ""


def acknowledge(tx: Tx, args: AcknowledgeAlarm) -> Effect:
    """Acknowledge; an alarm whose condition has ended closes."""
    alarm = _alarm(tx, args.alarm)
    change = Change("acknowledge", alarm.grade, alarm.value, args.note)
    return _apply(tx, alarm, change, {"acknowledged_by": tx.actor.id})


class ShelveAlarm(AlarmArgs):
    """Hide an alarm until a moment, with the reason; it comes back by itself."""

    until: AwareDatetime
    reason: Reason


def shelve(tx: Tx, args: ShelveAlarm) -> Effect:
    """Shelve, for no longer than policy allows."""
    alarm = _alarm(tx, args.alarm)
    longest = timedelta(hours=float(tx.catalog.setting("alarm.shelve_max_h")))
    if not tx.now < args.until <= tx.now + longest:
        hours = longest.total_seconds() / 3600
        raise Invalid("alarm.shelve_until", at="args.until", value=args.until, params={"hours": f"{hours:g}"})
    change = Change("shelve", alarm.grade, alarm.value, args.reason)
    effect = _apply(tx, alarm, change, {"shelved_until": args.until})
    tx.at(_shelf(args.alarm), args.until, "alarm.unshelve", {"alarm": args.alarm})
    return effect


class UnshelveAlarm(AlarmArgs):
    """Bring a shelved alarm back."""


def unshelve(tx: Tx, args: UnshelveAlarm) -> Effect:
    """Unshelve: it calls again while its condition holds, and closes if not."""
    tx.cancel(_shelf(args.alarm))
    return _leave(tx, args.alarm, "unshelve_active", "unshelve_quiet", {"shelved_until": None})


def _shelf(alarm: str) -> str:
    return f"alarm:{alarm}:unshelve"


class SuppressAlarm(AlarmArgs):
    """Hide an alarm because the state of the plant makes it meaningless (suppressed by design)."""

    reason: Reason


def suppress(tx: Tx, args: SuppressAlarm) -> Effect:
    """Suppress until somebody ends it."""
    alarm = _alarm(tx, args.alarm)
    return _apply(tx, alarm, Change("suppress", alarm.grade, alarm.value, args.reason), {})


class UnsuppressAlarm(AlarmArgs):
    """End the suppression of an alarm."""


def unsuppress(tx: Tx, args: UnsuppressAlarm) -> Effect:
    """Unsuppress: it calls again while its condition holds, and closes if not."""
    return _leave(tx, args.alarm, "unsuppress_active", "unsuppress_quiet", {})


class RemoveAlarm(AlarmArgs):
    """Take an alarm out of service, for repair of its instrument."""

    reason: Reason


def remove(tx: Tx, args: RemoveAlarm) -> Effect:
    """Take out of service until somebody restores it."""
    alarm = _alarm(tx, args.alarm)
    return _apply(tx, alarm, Change("remove", alarm.grade, alarm.value, args.reason), {})


class RestoreAlarm(AlarmArgs):
    """Put an alarm back into service."""


def restore(tx: Tx, args: RestoreAlarm) -> Effect:
    """Restore: it calls again while its condition holds, and closes if not."""
    return _leave(tx, args.alarm, "restore_active", "restore_quiet", {})


def _leave(tx: Tx, alarm_id: str, while_active: Event, while_quiet: Event, known: dict[str, Any]) -> Effect:
    alarm = _alarm(tx, alarm_id)
    event = while_active if alarm.active else while_quiet
    return _apply(tx, alarm, Change(event, alarm.grade, alarm.value), known)


def graver(one: str, other: str) -> bool:
    """Tell whether one grade is graver than another."""
    return GRADES.index(one) < GRADES.index(other)


def _apply(
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
    tx.conn.execute(sa.update(alarms).where(alarms.c.id == alarm.id).values(row))
    after = alarm._asdict() | row
    _note(tx, after, state, change)
    told = _told(tx, after, _sensor(tx, alarm.sensor), observed_at)
    return Effect(alarm.id, alarm.area, told | {"from_state": before, "note": change.note} | (also or {}))


def _note(tx: Tx, alarm: dict[str, Any], state: str, change: Change) -> None:
    entry = {
        "alarm": alarm["id"],
        "seq": tx.seq,
        "area": alarm["area"],
        "at": tx.now,
        "by": tx.actor.id,
        "event": change.event,
        "state": state,
        "grade": change.grade,
        "value": change.value,
        "note": change.note,
    }
    tx.conn.execute(sa.insert(alarm_history).values(entry))


def _told(tx: Tx, alarm: dict[str, Any], sensor: Any, observed_at: datetime | None) -> dict[str, JSON]:
    """Return what the journal, the reactions and the screens see of an act on an alarm."""
    told: dict[str, JSON] = {name: getattr(sensor, name) for name in _SENSOR_FIELDS}
    told |= {name: alarm[name] for name in ("sensor", "rule", "state", "grade", "value", "threshold", "observed_at")}
    told["alarm"] = alarm["id"]
    told["hidden"] = alarm["state"] in HIDDEN
    if observed_at is not None:
        told["latency_s"] = round((tx.now - observed_at).total_seconds(), 3)
    return told


_SENSOR_FIELDS = ("asset", "asset_type", "quantity", "unit", "name_zh", "name_en", "lon", "lat", "synthetic")


def _alarm(tx: Tx, alarm: str) -> Any:
    row = tx.conn.execute(sa.select(alarms).where(alarms.c.id == alarm)).one_or_none()
    if row is None:
        raise NotFound("alarm.unknown", at="args.alarm", value=alarm)
    tx.require(row.area)
    return row


def _open_alarm(tx: Tx, sensor: str, rule: str) -> Any:
    where = (alarms.c.sensor == sensor, alarms.c.rule == rule, alarms.c.open.is_(True))
    return tx.conn.execute(sa.select(alarms).where(*where)).one_or_none()


def _sensor(tx: Tx, sensor: str) -> Any:
    row = tx.conn.execute(sa.select(sensors).where(sensors.c.id == sensor)).one_or_none()
    if row is None:
        raise NotFound("sensor.unknown", at="args.sensor", value=sensor)
    tx.require(row.area)
    return row


def _rule(tx: Tx, rule: str, grade: Grade) -> SensorRule:
    found = tx.catalog.sensor_rules.get(rule)
    if found is None:
        raise NotFound("alarm.rule", at="args.rule", value=rule)
    if grade not in found.grades:
        raise Invalid("alarm.grade", at="args.grade", value=grade, params={"known": ", ".join(found.grades)})
    return found


ACTIONS = {
    "alarm.open": Action("alarm.open", OpenAlarm, open_alarm),
    "alarm.raise": Action("alarm.raise", RaiseAlarm, raise_alarm),
    "alarm.ease": Action("alarm.ease", EaseAlarm, ease_alarm),
    "alarm.clear": Action("alarm.clear", ClearAlarm, clear_alarm),
    "alarm.acknowledge": Action("alarm.acknowledge", AcknowledgeAlarm, acknowledge),
    "alarm.shelve": Action("alarm.shelve", ShelveAlarm, shelve),
    "alarm.unshelve": Action("alarm.unshelve", UnshelveAlarm, unshelve),
    "alarm.suppress": Action("alarm.suppress", SuppressAlarm, suppress),
    "alarm.unsuppress": Action("alarm.unsuppress", UnsuppressAlarm, unsuppress),
    "alarm.remove": Action("alarm.remove", RemoveAlarm, remove),
    "alarm.restore": Action("alarm.restore", RestoreAlarm, restore),
}
