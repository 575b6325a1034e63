"""The verbs of the station: bring the alarms to where the rules found them, and anchor the log in the journal.

How far the findings were followed stands in the same transaction as the alarms: after any crash the station finds
again what it had found, and what was followed already changes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints

from anlan.catalog.schema.base import Grade
from anlan.kernel.actions import Action, Args, BulkMark, Effect, Tx
from anlan.kernel.errors import AnlanError, Conflict
from anlan.sense.alarming.conditions import RULE_VERBS
from anlan.sense.alarming.records import graver
from anlan.sense.alarming.subjects import SubjectKind
from anlan.sense.model import alarms, progress
from anlan.sense.sensors import chunks


class Finding(NamedTuple):
    """A subject came to a grade of a rule, or to none, at a moment."""

    kind: SubjectKind
    subject: Annotated[str, StringConstraints(max_length=120)]
    rule: Annotated[str, StringConstraints(max_length=80)]
    at: AwareDatetime
    grade: Grade | None
    value: float


class FollowAlarms(Args):
    """Bring the alarms to where the rules found them, up to a position of the log.

    ``taken`` says how many of the findings at that position have been followed with this act: a single record can
    hold more than one act should do.
    """

    partition: int = Field(default=0, ge=0, le=4096)
    position: int = Field(ge=1)
    taken: int = Field(ge=1)
    findings: Annotated[list[Finding], Field(min_length=1), BulkMark()]


def follow(tx: Tx, args: FollowAlarms) -> Effect:
    """Open, raise, ease and clear, in the order of the findings; a position that was followed before is refused."""
    before = followed(tx.conn, args.partition)
    if before >= (args.position, args.taken):
        raise Conflict("sense.followed", at="args.position", value=args.position, params={"position": before[0]})
    held = _open_alarms(tx.conn, {found.subject for found in args.findings})
    opened: list[str] = []
    dropped = 0
    try:
        with tx.attempt():
            for found in args.findings:
                _follow_one(tx, found, held, opened)
    except AnlanError:  # the rule or the subject of one of them is gone: the others count all the same
        held, opened, dropped = _one_by_one(tx, args.findings)
    _keep(tx.conn, args, first=before == NOWHERE)
    data = {
        "position": args.position,
        "taken": args.taken,
        "findings": len(args.findings),
        "opened": opened,
        "dropped": dropped,
    }
    return Effect(f"log:{args.partition}", tx.city.root, data)


class ReleaseAlarms(Args):
    """End alarms that nothing watches any more: their rule was switched off, their sensor taken out of use."""

    findings: Annotated[list[Finding], Field(min_length=1), BulkMark()]


def release(tx: Tx, args: ReleaseAlarms) -> Effect:
    """Clear each that still stands."""
    held = _open_alarms(tx.conn, {found.subject for found in args.findings})
    for found in args.findings:
        _follow_one(tx, found, held, [])
    return Effect(tx.new_id("release"), tx.city.root, {"findings": len(args.findings)})


NOWHERE = (0, 0)


def followed(conn: sa.Connection, partition: int) -> tuple[int, int]:
    """Return how far the findings of a partition were followed: position, and how many of that position's own."""
    query = sa.select(progress.c.position, progress.c.taken).where(progress.c.partition == partition)
    row = conn.execute(query).one_or_none()
    return NOWHERE if row is None else (row.position, row.taken)


def _keep(conn: sa.Connection, args: FollowAlarms, *, first: bool) -> None:
    row = {"position": args.position, "taken": args.taken}
    if first:
        conn.execute(sa.insert(progress).values(row | {"partition": args.partition}))
    else:
        conn.execute(sa.update(progress).where(progress.c.partition == args.partition).values(row))


def _one_by_one(tx: Tx, findings: Sequence[Finding]) -> tuple[dict[tuple[str, str], Any], list[str], int]:
    """Follow what can be followed; return the alarms that are open then, those that were opened, how many were not."""
    held = _open_alarms(tx.conn, {found.subject for found in findings})
    opened: list[str] = []
    dropped = 0
    for found in findings:
        try:
            with tx.attempt():
                _follow_one(tx, found, held, opened)
        except AnlanError:
            dropped += 1
    return held, opened, dropped


def _follow_one(tx: Tx, found: Finding, held: dict[tuple[str, str], Any], opened: list[str]) -> None:
    key = (found.subject, found.rule)
    alarm = held.get(key)
    verb = _verb(found, alarm)
    if verb is None:
        return
    args: dict[str, Any] = {"value": found.value, "observed_at": found.at}
    if alarm is None:
        args |= {"subject": found.subject, "subject_kind": found.kind, "rule": found.rule}
    else:
        args |= {"alarm": alarm["id"]}
    args |= {} if found.grade is None else {"grade": found.grade}
    outcome = tx.act(verb, args)
    if alarm is None:
        opened.append(outcome.subject)
    held[key] = _after(outcome.subject, outcome.data, found)


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


def _open_alarms(conn: sa.Connection, subjects: set[str]) -> dict[tuple[str, str], Any]:
    """Return the open alarms of some subjects by (subject, rule)."""
    found: dict[tuple[str, str], Any] = {}
    columns = (alarms.c.id, alarms.c.subject, alarms.c.rule, alarms.c.active, alarms.c.grade)
    for some in chunks(sorted(subjects)):
        query = sa.select(*columns).where(alarms.c.open.is_(True), alarms.c.subject.in_(some))
        found |= {(row["subject"], row["rule"]): row for row in conn.execute(query).mappings().all()}
    return found


class AnchorLog(Args):
    """Put the digest of a closed part of the log into the journal: what was observed cannot be altered unseen."""

    segment: Annotated[str, StringConstraints(max_length=200)]
    first: int = Field(ge=1)
    last: int = Field(ge=1)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def anchor(tx: Tx, args: AnchorLog) -> Effect:
    """Note it; the journal is the record."""
    return Effect(f"log:{args.segment}", tx.city.root, args.model_dump())


_USES = frozenset({*RULE_VERBS, "alarm.suppress", "alarm.unsuppress"})

ACTIONS = {
    "sense.follow": Action("sense.follow", FollowAlarms, follow, uses=_USES),
    "sense.release": Action("sense.release", ReleaseAlarms, release, uses=_USES),
    "sense.anchor": Action("sense.anchor", AnchorLog, anchor),
}
