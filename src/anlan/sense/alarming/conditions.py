"""What rules do to alarms: open, raise, ease, clear, and escalate what nobody answers.

At most one alarm of a (subject, rule) is open, that is, in another state than ``normal``. A partial unique index holds
that in the store, too.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime

from anlan.catalog.schema.base import GRADES, Grade
from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.actions import Action, Args, Effect, Tx
from anlan.kernel.errors import Conflict, Invalid
from anlan.sense.alarming.gathering import Hiding, gather_members, hiding, may_have_members, release_members
from anlan.sense.alarming.records import (
    AlarmArgs,
    AlarmId,
    Change,
    Reason,
    apply,
    find_alarm,
    find_rule,
    graver,
    note,
    what_is_told,
)
from anlan.sense.alarming.states import Event, move
from anlan.sense.alarming.subjects import SubjectKind, describe
from anlan.sense.model import alarms
from anlan.sense.rules import rule_in_force

_HELD = sa.select(alarms.c.id).where(
    alarms.c.subject == sa.bindparam("of"), alarms.c.rule == sa.bindparam("by"), alarms.c.open.is_(True)
)
_OPEN = sa.insert(alarms)

RULE_VERBS = ("alarm.open", "alarm.raise", "alarm.ease", "alarm.clear")


class OpenAlarm(Args):
    """Open the alarm of a subject (a sensor, an asset, an area) under a rule."""

    subject: str
    subject_kind: SubjectKind = "sensor"
    rule: str
    grade: Grade
    value: float
    observed_at: AwareDatetime


def open_alarm(tx: Tx, args: OpenAlarm) -> Effect:
    """Open an alarm; there must be none open of the same subject and rule."""
    rule = find_rule(tx, args.rule, args.grade)
    known = describe(tx, args.subject_kind, args.subject, rule)
    tx.require(known["area"])
    held = tx.conn.execute(_HELD, {"of": args.subject, "by": args.rule}).one_or_none()
    if held is not None:
        raise Conflict("alarm.already_open", at="args.subject", value=args.subject, params={"alarm": held.id})
    row: dict[str, Any] = {
        "id": tx.new_id("alarm"),
        "state": move("normal", "open"),
        "about": rule.about,
        "active": True,
        "open": True,
        "worst": args.grade,
        "threshold": rule.grades[args.grade].value,
        "cause": None,
        "assigned_to": None,
        "incidents": [],
        "opened_at": tx.now,
        "changed_at": tx.now,
    }
    row |= known | args.model_dump()
    hidden = hiding(tx, row, rule)
    if hidden is not None:
        row |= {"state": move(row["state"], "suppress"), "cause": hidden.cause}
    tx.conn.execute(_OPEN, row)
    _note_opening(tx, row, hidden)
    _watch_grade(tx, row["id"], rule, args.grade)
    if rule.gathers:
        gather_members(tx, row, rule)
    return Effect(row["id"], row["area"], what_is_told(tx, row, args.observed_at))


def _note_opening(tx: Tx, row: dict[str, Any], hidden: Hiding | None) -> None:
    note(tx, row, "open", "" if hidden is None else hidden.reason)
    if hidden is not None and hidden.until is not None:
        tx.at(f"alarm:{row['id']}:unsuppress", hidden.until, "alarm.unsuppress", {"alarm": row["id"]})


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
    alarm = find_alarm(tx, args.alarm)
    if alarm.active and not graver(args.grade, alarm.grade):
        raise Conflict("alarm.not_graver", at="args.grade", value=args.grade, params={"grade": alarm.grade})
    return _regrade(tx, alarm, "raise", args)


def ease_alarm(tx: Tx, args: EaseAlarm) -> Effect:
    """Ease; the new grade must be milder, and the condition must hold still."""
    alarm = find_alarm(tx, args.alarm)
    if not alarm.active or not graver(alarm.grade, args.grade):
        raise Conflict("alarm.not_milder", at="args.grade", value=args.grade, params={"grade": alarm.grade})
    return _regrade(tx, alarm, "ease", args)


def _regrade(tx: Tx, alarm: Any, event: Event, args: ChangeAlarm) -> Effect:
    rule = find_rule(tx, alarm.rule, args.grade)
    worst = args.grade if graver(args.grade, alarm.worst) else alarm.worst
    known = {"threshold": rule.grades[args.grade].value, "active": True, "worst": worst, "returned_at": None}
    _watch_grade(tx, alarm.id, rule, args.grade)
    change = Change(event, args.grade, args.value)
    return apply(tx, alarm, change, known, args.observed_at, {"from_grade": alarm.grade})


class ClearAlarm(Args):
    """End an alarm's condition: by its rule, or by a person who gives the reason."""

    alarm: AlarmId
    value: float | None = None
    observed_at: AwareDatetime | None = None
    reason: Reason | None = None


def clear_alarm(tx: Tx, args: ClearAlarm) -> Effect:
    """Clear; what was not acknowledged stays open until somebody does."""
    alarm = find_alarm(tx, args.alarm)
    if not alarm.active:
        raise Conflict("alarm.not_active", at="args.alarm", value=args.alarm)
    if args.observed_at is None and args.reason is None:
        raise Invalid("alarm.reason", at="args.reason")
    rule = tx.once(("rule", alarm.rule), lambda: rule_in_force(tx.conn, tx.catalog, alarm.rule))
    if rule is None or _escalates(rule):
        tx.cancel(_escalation(alarm.id))
    change = Change("clear", alarm.grade, args.value, args.reason or "")
    effect = apply(tx, alarm, change, {"active": False, "returned_at": tx.now}, args.observed_at)
    if rule is None or may_have_members(tx, rule):
        release_members(tx, alarm.id)
    return effect


class EscalateAlarm(AlarmArgs):
    """Take an alarm that nobody acknowledged in time to the next graver grade of its rule."""


def escalate(tx: Tx, args: EscalateAlarm) -> Effect:
    """Escalate; only an alarm that still calls, and only as far as its rule has grades."""
    alarm = find_alarm(tx, args.alarm)
    if alarm.state != "unacknowledged" or not alarm.active:
        raise Conflict("alarm.answered", at="args.alarm", value=args.alarm, params={"state": alarm.state})
    rule = find_rule(tx, alarm.rule, alarm.grade)
    grade = _next_grade(rule, alarm.grade)
    if grade is None:
        raise Conflict("alarm.gravest", at="args.alarm", value=args.alarm, params={"grade": alarm.grade})
    worst = grade if graver(grade, alarm.worst) else alarm.worst
    _watch_grade(tx, alarm.id, rule, grade)
    change = Change("raise", grade, alarm.value)
    return apply(tx, alarm, change, {"worst": worst}, None, {"from_grade": alarm.grade, "escalated": True})


def _next_grade(rule: SensorRule, grade: str) -> Grade | None:
    milder_first = [one for one in reversed(GRADES) if one in rule.grades]
    graver_ones = milder_first[milder_first.index(grade) + 1 :]  # type: ignore[arg-type]  # a grade of the rule
    return graver_ones[0] if graver_ones else None


def _watch_grade(tx: Tx, alarm: str, rule: SensorRule, grade: Grade) -> None:
    """Set the clock for an alarm that nobody answers, if its rule says so for this grade."""
    if not _escalates(rule):
        return
    after_s = rule.grades[grade].escalate_after_s
    tx.cancel(_escalation(alarm))
    if after_s is not None and _next_grade(rule, grade) is not None:
        tx.at(_escalation(alarm), tx.now + timedelta(seconds=after_s), "alarm.escalate", {"alarm": alarm})


def _escalates(rule: SensorRule) -> bool:
    return any(grade.escalate_after_s is not None for grade in rule.grades.values())


def _escalation(alarm: str) -> str:
    return f"alarm:{alarm}:escalate"


_GATHERING = frozenset({"alarm.suppress", "alarm.unsuppress"})

ACTIONS = {
    "alarm.open": Action("alarm.open", OpenAlarm, open_alarm, uses=_GATHERING),
    "alarm.raise": Action("alarm.raise", RaiseAlarm, raise_alarm),
    "alarm.ease": Action("alarm.ease", EaseAlarm, ease_alarm),
    "alarm.clear": Action("alarm.clear", ClearAlarm, clear_alarm, uses=_GATHERING),
    "alarm.escalate": Action("alarm.escalate", EscalateAlarm, escalate),
}
