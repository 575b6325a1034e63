"""What people do with alarms: acknowledge, shelve, suppress, take out of service; comment, assign, relate."""

from datetime import timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import AwareDatetime, StringConstraints

from anlan.kernel.actions import Action, Effect, Tx
from anlan.kernel.errors import Conflict, Invalid
from anlan.sense.alarming.records import AlarmArgs, Change, Reason, apply, find_alarm, note, what_is_told
from anlan.sense.alarming.states import Event
from anlan.sense.model import alarms


class AcknowledgeAlarm(AlarmArgs):
    """Acknowledge an alarm: somebody has seen it and takes care."""

    note: Annotated[str, StringConstraints(max_length=500)] = ""


def acknowledge(tx: Tx, args: AcknowledgeAlarm) -> Effect:
    """Acknowledge; an alarm whose condition has ended closes."""
    alarm = find_alarm(tx, args.alarm)
    tx.cancel(f"alarm:{args.alarm}:escalate")
    change = Change("acknowledge", alarm.grade, alarm.value, args.note)
    return apply(tx, alarm, change, {"acknowledged_by": tx.actor.id})


class ShelveAlarm(AlarmArgs):
    """Hide an alarm until a moment, with the reason; it comes back by itself."""

    until: AwareDatetime
    reason: Reason


def shelve(tx: Tx, args: ShelveAlarm) -> Effect:
    """Shelve, for no longer than policy allows."""
    alarm = find_alarm(tx, args.alarm)
    longest = timedelta(hours=float(tx.catalog.setting("alarm.shelve_max_h")))
    if not tx.now < args.until <= tx.now + longest:
        hours = longest.total_seconds() / 3600
        raise Invalid("alarm.shelve_until", at="args.until", value=args.until, params={"hours": f"{hours:g}"})
    change = Change("shelve", alarm.grade, alarm.value, args.reason)
    effect = apply(tx, alarm, change, {"shelved_until": args.until})
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
    """Suppress until somebody, or the end of its cause, ends it."""
    alarm = find_alarm(tx, args.alarm)
    return apply(tx, alarm, Change("suppress", alarm.grade, alarm.value, args.reason), {})


class UnsuppressAlarm(AlarmArgs):
    """End the suppression of an alarm."""


def unsuppress(tx: Tx, args: UnsuppressAlarm) -> Effect:
    """Unsuppress: it calls again while its condition holds, and closes if not."""
    return _leave(tx, args.alarm, "unsuppress_active", "unsuppress_quiet", {"cause": None})


class RemoveAlarm(AlarmArgs):
    """Take an alarm out of service, for repair of its instrument."""

    reason: Reason


def remove(tx: Tx, args: RemoveAlarm) -> Effect:
    """Take out of service until somebody restores it."""
    alarm = find_alarm(tx, args.alarm)
    return apply(tx, alarm, Change("remove", alarm.grade, alarm.value, args.reason), {})


class RestoreAlarm(AlarmArgs):
    """Put an alarm back into service."""


def restore(tx: Tx, args: RestoreAlarm) -> Effect:
    """Restore: it calls again while its condition holds, and closes if not."""
    return _leave(tx, args.alarm, "restore_active", "restore_quiet", {})


def _leave(tx: Tx, alarm_id: str, while_active: Event, while_quiet: Event, known: dict[str, Any]) -> Effect:
    alarm = find_alarm(tx, alarm_id)
    event = while_active if alarm.active else while_quiet
    return apply(tx, alarm, Change(event, alarm.grade, alarm.value), known)


class CommentAlarm(AlarmArgs):
    """Add a comment to an alarm's history."""

    note: Reason


def comment(tx: Tx, args: CommentAlarm) -> Effect:
    """Comment, whatever the alarm's state."""
    alarm = find_alarm(tx, args.alarm)._asdict()
    note(tx, alarm, "comment", args.note)
    return Effect(args.alarm, alarm["area"], what_is_told(tx, alarm, None) | {"note": args.note})


class AssignAlarm(AlarmArgs):
    """Say who takes care of an alarm."""

    to: Annotated[str, StringConstraints(min_length=1, max_length=80)]


def assign(tx: Tx, args: AssignAlarm) -> Effect:
    """Assign an open alarm to a user."""
    alarm = find_alarm(tx, args.alarm)
    if not alarm.open:
        raise Conflict("alarm.closed", at="args.alarm", value=args.alarm)
    return _write(tx, alarm, "assign", args.to, {"assigned_to": args.to})


class RelateAlarm(AlarmArgs):
    """Say to which incident an alarm belongs."""

    incident: Annotated[str, StringConstraints(pattern=r"^incident-\d{1,18}$")]


def relate(tx: Tx, args: RelateAlarm) -> Effect:
    """Relate; an alarm may belong to several incidents."""
    alarm = find_alarm(tx, args.alarm)
    if args.incident in alarm.incidents:
        raise Conflict("alarm.related", at="args.incident", value=args.incident)
    return _write(tx, alarm, "relate", args.incident, {"incidents": [*alarm.incidents, args.incident]})


def _write(tx: Tx, alarm: Any, event: str, text: str, known: dict[str, Any]) -> Effect:
    """Write what moves no state."""
    tx.conn.execute(sa.update(alarms).where(alarms.c.id == alarm.id).values(known | {"changed_at": tx.now}))
    after = alarm._asdict() | known
    note(tx, after, event, text)
    return Effect(alarm.id, alarm.area, what_is_told(tx, after, None) | known)


ACTIONS = {
    "alarm.acknowledge": Action("alarm.acknowledge", AcknowledgeAlarm, acknowledge),
    "alarm.shelve": Action("alarm.shelve", ShelveAlarm, shelve),
    "alarm.unshelve": Action("alarm.unshelve", UnshelveAlarm, unshelve),
    "alarm.suppress": Action("alarm.suppress", SuppressAlarm, suppress),
    "alarm.unsuppress": Action("alarm.unsuppress", UnsuppressAlarm, unsuppress),
    "alarm.remove": Action("alarm.remove", RemoveAlarm, remove),
    "alarm.restore": Action("alarm.restore", RestoreAlarm, restore),
    "alarm.comment": Action("alarm.comment", CommentAlarm, comment),
    "alarm.assign": Action("alarm.assign", AssignAlarm, assign),
    "alarm.relate": Action("alarm.relate", RelateAlarm, relate),
}
