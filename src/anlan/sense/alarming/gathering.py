"""Which alarms do not call on their own: those of a sensor under repair, and members of a cause already alarmed.

One event over many sensors is one alarm with members: the gathering alarm calls, its members stand behind it,
suppressed by design (ANSI/ISA-18.2-2016, 3.1.102), and come forward again when it ends while they still hold.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Tx
from anlan.sense.alarming.states import VISIBLE
from anlan.sense.model import alarms, maintenance
from anlan.sense.rules import rules_in_force

MAINTENANCE = "maintenance"
"""How the history notes that an alarm's sensor is under repair; the page says it in words."""


@dataclass(frozen=True)
class Hiding:
    """Why an alarm opens suppressed: the id of its cause or of a maintenance window, and when that ends by itself."""

    reason: str
    cause: str | None = None
    until: datetime | None = None


def hiding(tx: Tx, alarm: dict[str, Any], rule: SensorRule) -> Hiding | None:
    """Return why a new alarm must not call, if there is a reason."""
    if alarm["subject_kind"] == "sensor" and (window := _window(tx, alarm["subject"])) is not None:
        return Hiding(f"{MAINTENANCE}: {window.reason}", until=window.ends)
    cause = _cause(tx, alarm, rule)
    return None if cause is None else Hiding(cause, cause=cause)


def _window(tx: Tx, sensor: str) -> Any:
    own = maintenance.c
    running = (own.begins <= tx.now, own.ends > tx.now)
    if not tx.once("repairs", lambda: tx.conn.execute(sa.select(own.id).where(*running).limit(1)).first() is not None):
        return None
    inside = (own.sensor == sensor, *running)
    return tx.conn.execute(sa.select(maintenance).where(*inside).order_by(own.ends.desc())).first()


def _cause(tx: Tx, alarm: dict[str, Any], rule: SensorRule) -> str | None:
    """Return the oldest alarm that gathers or suppresses this one: at the same asset, or over an area around it."""
    gatherers = tx.once(("gatherers", rule.id), lambda: _gatherers(tx, rule))
    if not gatherers:
        return None
    query = sa.select(alarms).where(
        alarms.c.rule.in_(gatherers), alarms.c.open.is_(True), alarms.c.active.is_(True), alarms.c.state.in_(VISIBLE)
    )
    for other in tx.conn.execute(query.order_by(alarms.c.opened_at, alarms.c.id)):
        if _covers(other, alarm):
            return str(other.id)
    return None


def _gatherers(tx: Tx, rule: SensorRule) -> list[str]:
    """Return the rules whose alarms hide those of a rule: those it names, and compounds that gather it."""
    gathering = [one.id for one in _all_rules(tx) if one.gathers and rule.id in _terms(one)]
    return sorted({*rule.suppressed_by, *gathering})


def _terms(rule: SensorRule) -> list[str]:
    return [term.rule for term in rule.terms]


def _covers(cause: Any, alarm: dict[str, Any]) -> bool:
    if cause.id == alarm["id"]:
        return False
    if cause.subject_kind == "area":
        return bool(alarm["area"].startswith(jurisdiction(cause.subject)))
    return cause.asset is not None and cause.asset == alarm["asset"]


def gather_members(tx: Tx, cause: dict[str, Any], rule: SensorRule) -> None:
    """Put the open alarms that a new gathering alarm covers behind it."""
    query = sa.select(alarms).where(
        alarms.c.rule.in_(_terms(rule)), alarms.c.open.is_(True), alarms.c.state.in_(VISIBLE), alarms.c.cause.is_(None)
    )
    found = tx.conn.execute(query.order_by(alarms.c.id)).mappings().all()
    whole = _Row(cause)
    for member in found:
        if _covers(whole, dict(member)):
            tx.conn.execute(sa.update(alarms).where(alarms.c.id == member["id"]).values(cause=cause["id"]))
            tx.act("alarm.suppress", {"alarm": member["id"], "reason": cause["id"]})


@dataclass(frozen=True)
class _Row:
    """A row that is being written, read as one that was."""

    columns: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.columns[name]


def may_have_members(tx: Tx, rule: SensorRule) -> bool:
    """Tell whether alarms of a rule can hide others."""
    if rule.gathers:
        return True
    named = tx.once("hiders", lambda: {name for one in _all_rules(tx) for name in one.suppressed_by})
    return rule.id in named


def _all_rules(tx: Tx) -> list[SensorRule]:
    return list(rules_in_force(tx.conn, tx.catalog).values())


def release_members(tx: Tx, cause: str) -> None:
    """Bring the members of an alarm that has ended forward again; what has ended, too, closes."""
    query = sa.select(alarms.c.id, alarms.c.state).where(alarms.c.cause == cause, alarms.c.open.is_(True))
    for member in tx.conn.execute(query.order_by(alarms.c.id)).all():
        if member.state == "suppressed_by_design":
            tx.act("alarm.unsuppress", {"alarm": member.id})
