"""What can be asked of incidents, reports and the duty log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.respond.model import WAITING, duty_notes, gradings, incidents, report_texts, reports

MOST = 500
"""Items in one answer."""


@dataclass(frozen=True)
class Incident:
    """One incident; ``grade`` is the colour that its level is shown with."""

    id: str
    event_type: str
    event_zh: str
    event_en: str
    title_zh: str
    title_en: str
    area: str
    place: str
    lon: float | None
    lat: float | None
    state: str
    level: str | None
    grade: str | None
    consequences: dict[str, float]
    source: str
    detail: str
    warning: str | None
    occurred: datetime | None
    received: datetime
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class Grading:
    """One grading of an incident."""

    at: datetime
    by: str
    level: str | None
    consequences: dict[str, float]
    reason: str


@dataclass(frozen=True)
class Report:
    """One report.

    ``minutes_left`` is negative past the limit, None where there is no limit or nothing is owed any more; ``late_min``
    tells how late a report was sent, or how late one is that still waits.
    """

    id: str
    incident: str
    area: str
    kind: str
    number: int
    rule: str | None
    state: str
    learned: datetime
    due: datetime | None
    drafted_at: datetime | None
    sent_at: datetime | None
    sent_by: str | None
    receiver: str | None
    minutes_left: float | None
    overdue: bool
    late_min: float


@dataclass(frozen=True)
class ReportText:
    """One wording of a report."""

    at: datetime
    by: str
    zh: str
    en: str


@dataclass(frozen=True)
class DutyNote:
    """One line of the duty log: when it came in and when it was written down."""

    id: str
    area: str
    at: datetime
    noted_at: datetime
    by: str
    source: str
    text: str
    handling: str
    incident: str | None


def _inside(reader: Reader, column: sa.Column[str], area: str | None) -> list[sa.ColumnElement[bool]]:
    where = [reader.scope.where(column)]
    if area is not None:
        where.append(column.startswith(jurisdiction(area), autoescape=True))
    return where


def find_incidents(
    reader: Reader, *, area: str | None = None, states: Iterable[str] | None = None, event_type: str | None = None
) -> list[Incident]:
    """Return incidents, the newest first."""
    where = _inside(reader, incidents.c.area, area)
    if states is not None:
        where.append(incidents.c.state.in_(list(states)))
    if event_type is not None:
        where.append(incidents.c.event_type == event_type)
    query = sa.select(incidents).where(*where).order_by(incidents.c.seq.desc()).limit(MOST)
    return [_incident(reader, row) for row in reader.conn.execute(query).mappings()]


def _incident(reader: Reader, row: sa.RowMapping) -> Incident:
    event = reader.catalog.event_types[row["event_type"]]
    grade = reader.catalog.event_levels[row["level"]].grade if row["level"] else None
    kept = {name: row[name] for name in Incident.__dataclass_fields__ if name in row}
    return Incident(**kept, event_zh=event.zh, event_en=event.en, grade=grade)


def incident(reader: Reader, name: str) -> Incident:
    """Return one incident.

    Raises
    ------
    NotFound
        ``incident.unknown``.
    Forbidden
        If it lies outside the reader's areas.
    """
    row = reader.conn.execute(sa.select(incidents).where(incidents.c.id == name)).mappings().one_or_none()
    if row is None:
        raise NotFound("incident.unknown", at="incident", value=name)
    reader.require(row["area"])
    return _incident(reader, row)


def incident_gradings(reader: Reader, name: str) -> list[Grading]:
    """Return how an incident was graded from its opening on; raises what :func:`incident` raises."""
    incident(reader, name)
    rows = reader.conn.execute(sa.select(gradings).where(gradings.c.incident == name).order_by(gradings.c.seq))
    return [Grading(r.at, r.by, r.level, r.consequences, r.reason) for r in rows]


def find_reports(
    reader: Reader, *, incident: str | None = None, area: str | None = None, states: Iterable[str] | None = None
) -> list[Report]:
    """Return reports, those with the nearest limit first and those without one last."""
    where = _inside(reader, reports.c.area, area)
    if incident is not None:
        where.append(reports.c.incident == incident)
    if states is not None:
        where.append(reports.c.state.in_(list(states)))
    order = (reports.c.due.is_(None), reports.c.due, reports.c.seq)
    query = sa.select(reports).where(*where).order_by(*order).limit(MOST)
    return [_report(row, reader.now) for row in reader.conn.execute(query).mappings()]


def _report(row: sa.RowMapping, now: datetime) -> Report:
    waits, minute = row["state"] in WAITING, timedelta(minutes=1)
    left = round((row["due"] - now) / minute, 1) if waits and row["due"] is not None else None
    end = now if waits else row["sent_at"]
    late = (end - row["due"]) / minute if end is not None and row["due"] is not None else 0.0
    kept = {name: row[name] for name in Report.__dataclass_fields__ if name in row}
    return Report(**kept, minutes_left=left, overdue=waits and late > 0, late_min=round(max(0.0, late), 1))


def report(reader: Reader, name: str) -> Report:
    """Return one report.

    Raises
    ------
    NotFound
        ``report.unknown``.
    Forbidden
        If it lies outside the reader's areas.
    """
    row = reader.conn.execute(sa.select(reports).where(reports.c.id == name)).mappings().one_or_none()
    if row is None:
        raise NotFound("report.unknown", at="report", value=name)
    reader.require(row["area"])
    return _report(row, reader.now)


def report_wordings(reader: Reader, name: str) -> list[ReportText]:
    """Return every wording that a report had, the last one last; raises what :func:`report` raises."""
    report(reader, name)
    rows = reader.conn.execute(
        sa.select(report_texts).where(report_texts.c.report == name).order_by(report_texts.c.seq)
    )
    return [ReportText(r.at, r.by, r.zh, r.en) for r in rows]


def duty_log(
    reader: Reader, *, area: str | None = None, since: datetime | None = None, until: datetime | None = None
) -> list[DutyNote]:
    """Return the duty log in order of time, the newest first."""
    where = _inside(reader, duty_notes.c.area, area)
    if since is not None:
        where.append(duty_notes.c.at >= since)
    if until is not None:
        where.append(duty_notes.c.at < until)
    query = sa.select(duty_notes).where(*where).order_by(duty_notes.c.at.desc(), duty_notes.c.id.desc()).limit(MOST)
    return [DutyNote(**row) for row in reader.conn.execute(query).mappings()]
