"""Verbs of reports: drafted from what is known, sent by a person, called to mind before the limit."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import Field, StringConstraints

from anlan.city.city import city_of
from anlan.kernel.actions import Action, Args, Effect, Tx
from anlan.kernel.errors import Conflict, Forbidden, NotFound
from anlan.kernel.reactions import AUTOMATON
from anlan.respond import due, scene, wording
from anlan.respond.incidents import IncidentId, find, require_open, told
from anlan.respond.model import WAITING, ReportState, report_texts, reports

ReportId = Annotated[str, StringConstraints(max_length=40)]
Body = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


class DraftReport(Args):
    """Draft a report from what the journal tells of an incident; a draft that waits is written anew."""

    incident: IncidentId
    kind: Literal["first", "follow", "final"] = "first"


def draft_report(tx: Tx, args: DraftReport) -> Effect:
    """Write the text of the report that is owed, in both languages; a first report that was sent stays as it is."""
    incident = find(tx, args.incident)
    if args.kind != "final":
        require_open(incident)
    row = next(iter(due.waiting(tx, args.incident, args.kind)), None)
    if row is None:
        sent = _sent(tx, args.incident, "first")
        if args.kind == "first" and sent:
            return _effect(tx, incident, sent, changed=False)
        row = _unasked(tx, incident, args.kind, sent)
    row = due.settle(tx, row, ReportState.DRAFT, drafted_at=tx.now)
    seen = scene.look(tx, incident)
    texts = {lang: wording.write(seen, args.kind, row["number"], _voice(tx, lang)) for lang in ("zh", "en")}
    _keep(tx, row["id"], texts["zh"], texts["en"])
    return _effect(tx, incident, row, changed=True)


def _sent(tx: Tx, incident: str, kind: str) -> dict[str, Any] | None:
    c = reports.c
    of = sa.and_(c.incident == incident, c.kind == kind, c.state == ReportState.SENT)
    row = tx.conn.execute(sa.select(reports).where(of).order_by(c.seq.desc()).limit(1)).mappings().one_or_none()
    return dict(row) if row else None


def _unasked(tx: Tx, incident: dict[str, Any], kind: due.Kind, first: dict[str, Any] | None) -> dict[str, Any]:
    """Return a new report that no limit asks for: a follow-up or a final one needs a first."""
    if kind != "first" and first is None:
        raise Conflict("report.no_first", at="args.kind", value=kind)
    receiver = first["receiver"] if first else None
    return due.owe(tx, incident["id"], incident["area"], kind, learned=tx.now, due=None, rule=None, receiver=receiver)


def _voice(tx: Tx, lang: str) -> wording.Voice:
    zone = ZoneInfo(city_of(tx).package.timezone)
    return wording.Voice(lang, zone, tx.catalog, tx.city, int(tx.catalog.setting("report.course_lines")))


def _keep(tx: Tx, report: str, zh: str, en: str) -> None:
    who = {"seq": tx.seq, "report": report, "at": tx.now, "by": tx.actor.id}
    tx.conn.execute(sa.insert(report_texts).values(who | {"zh": zh, "en": en}))


def _effect(tx: Tx, incident: dict[str, Any], row: dict[str, Any], **more: Any) -> Effect:
    named = {name: row[name] for name in ("kind", "number", "state", "due", "rule", "receiver")}
    about = {name: value for name, value in told(tx.catalog, incident).items() if name not in named}
    return Effect(row["id"], row["area"], {"report": row["id"], **about, **named, **more})


class ReportArgs(Args):
    """An act on one report."""

    report: ReportId


def _find(tx: Tx, report: str) -> tuple[dict[str, Any], dict[str, Any]]:
    row = tx.conn.execute(sa.select(reports).where(reports.c.id == report)).mappings().one_or_none()
    if row is None:
        raise NotFound("report.unknown", at="args.report", value=report)
    tx.require(row["area"])
    return dict(row), find(tx, row["incident"])


class SendReport(ReportArgs):
    """Send a drafted report, as drafted or in one's own words; only a person sends."""

    zh: Body | None = None
    en: Body | None = None
    receiver: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="the rule's where not given"
    )


def send_report(tx: Tx, args: SendReport) -> Effect:
    """Note that it was sent, how long after it was learnt of, and what is owed next."""
    if any(grant.role == AUTOMATON for grant in tx.actor.grants):
        raise Forbidden("report.person", at="verb", value=args.report)
    row, incident = _find(tx, args.report)
    if args.zh or args.en:
        kept = _text(tx, args.report)
        _keep(tx, args.report, args.zh or kept["zh"], args.en or kept["en"])
    receiver = args.receiver or row["receiver"]
    row = due.settle(tx, row, ReportState.SENT, sent_at=tx.now, sent_by=tx.actor.id, receiver=receiver)
    more: dict[str, Any] = {"taken_min": _minutes(tx.now - row["learned"]), "late_min": 0.0}
    if row["due"] is not None:
        more["late_min"] = max(0.0, _minutes(tx.now - row["due"]))
    if row["kind"] != "final" and incident["state"] == "open" and not due.waiting(tx, incident["id"], "follow"):
        following = due.owe_follow(tx, row)
        more["next_due"] = following["due"] if following else None
    return _effect(tx, incident, row, **more)


def _text(tx: Tx, report: str) -> dict[str, str]:
    query = sa.select(report_texts).where(report_texts.c.report == report).order_by(report_texts.c.seq.desc()).limit(1)
    row = tx.conn.execute(query).mappings().one_or_none()
    return {"zh": row["zh"], "en": row["en"]} if row else {"zh": "", "en": ""}


def _minutes(span: timedelta) -> float:
    return round(span / timedelta(minutes=1), 1)


class RemindReport(ReportArgs):
    """Call a report to mind that was not sent yet; the clock does it shortly before its limit and at it."""


def remind_report(tx: Tx, args: RemindReport) -> Effect:
    """Tell how much time is left, or that none is."""
    row, incident = _find(tx, args.report)
    if row["state"] not in WAITING or row["due"] is None:
        raise Conflict("report.not_waiting", at="args.report", value=row["state"])
    left = _minutes(row["due"] - tx.now)
    due.remind(tx, row)
    return _effect(tx, incident, row, minutes_left=left, overdue=left <= 0)


ACTIONS = {
    "report.draft": Action("report.draft", DraftReport, draft_report),
    "report.send": Action("report.send", SendReport, send_report),
    "report.remind": Action("report.remind", RemindReport, remind_report),
}
