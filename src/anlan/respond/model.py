"""Incidents, reports with their limits, and the duty log."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    CLOSED = "closed"


class ReportState(StrEnum):
    """Where a report stands: owed, drafted, sent, or no longer asked for because its incident was closed."""

    OWED = "owed"
    DRAFT = "draft"
    SENT = "sent"
    DROPPED = "dropped"


REPORT_ARROWS: Mapping[ReportState, frozenset[ReportState]] = MappingProxyType(
    {
        ReportState.OWED: frozenset({ReportState.DRAFT, ReportState.DROPPED}),
        ReportState.DRAFT: frozenset({ReportState.DRAFT, ReportState.SENT, ReportState.DROPPED}),
        ReportState.SENT: frozenset(),
        ReportState.DROPPED: frozenset(),
    }
)
"""From each state, the states that may follow; a draft may be drafted anew from what has happened since."""

WAITING = frozenset({ReportState.OWED, ReportState.DRAFT})

incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, unique=True),
    sa.Column("event_type", sa.String(10), nullable=False),
    sa.Column("title_zh", sa.String(200), nullable=False),
    sa.Column("title_en", sa.String(200), nullable=False),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("place", sa.String(500), nullable=False),
    sa.Column("lon", sa.Float, nullable=True),
    sa.Column("lat", sa.Float, nullable=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("level", sa.String(20), nullable=True),  # null: not graded yet, or a type that no law grades
    sa.Column("consequences", Json, nullable=False),
    sa.Column("source", sa.String(500), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("warning", sa.String(40), nullable=True),
    # Three moments that are three things: when it happened, when we learnt of it (limits run from here), when we
    # wrote it down.
    sa.Column("occurred", Moment, nullable=True),
    sa.Column("received", Moment, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment, nullable=True),
)

gradings = sa.Table(
    "incident_gradings",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("incident", sa.String(40), sa.ForeignKey("incidents.id"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("level", sa.String(20), nullable=True),
    sa.Column("consequences", Json, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, unique=True),
    sa.Column("incident", sa.String(40), sa.ForeignKey("incidents.id"), nullable=False, index=True),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("rule", sa.String(20), nullable=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("learned", Moment, nullable=False),
    sa.Column("due", Moment, nullable=True),
    sa.Column("drafted_at", Moment, nullable=True),
    sa.Column("sent_at", Moment, nullable=True),
    sa.Column("sent_by", sa.String(80), nullable=True),
    sa.Column("receiver", sa.String(200), nullable=True),
    sa.UniqueConstraint("incident", "kind", "number", name="uq_reports_number"),
)

report_texts = sa.Table(
    "report_texts",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("report", sa.String(40), sa.ForeignKey("reports.id"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("zh", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
)
"""Every wording that a report had; what was written is never taken away."""

duty_notes = sa.Table(
    "duty_notes",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("noted_at", Moment, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("handling", sa.Text, nullable=False),
    sa.Column("incident", sa.String(40), nullable=True),
)
