"""Tables of warn: warnings, their steps and messages, the official signals that are relayed, and the areas of both."""

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata

warnings = sa.Table(
    "warnings",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("areas", Json, nullable=False),
    sa.Column("event_type", sa.String(5), nullable=False),
    sa.Column("grade", sa.String(6), nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("candidate", sa.Boolean, nullable=False),
    sa.Column("certainty", sa.String(8), nullable=False),
    sa.Column("onset", Moment, nullable=False),
    sa.Column("expires", Moment, nullable=False),
    sa.Column("texts", Json, nullable=False),
    sa.Column("own", Json, nullable=False),
    sa.Column("facts", Json, nullable=False),
    sa.Column("forecast", sa.String(40)),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("authors", Json, nullable=False),
    sa.Column("approver", sa.String(60)),
    sa.Column("issuer", sa.String(60)),
    sa.Column("supersedes", sa.String(40)),
    sa.Column("chain", sa.String(40), nullable=False, index=True),
    sa.Column("drafted", Moment, nullable=False, index=True),
    sa.Column("issued", Moment),
    sa.Column("ended", Moment),
)
"""``own`` holds the words that people wrote, by language; ``texts`` those and what templates gave for the rest.
``chain`` is the first warning of a line of updates."""

warning_steps = sa.Table(
    "warning_steps",
    metadata,
    sa.Column("warning", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("step", sa.String(12), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

warning_messages = sa.Table(
    "warning_messages",
    metadata,
    sa.Column("identifier", sa.String(80), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, index=True),
    sa.Column("warning", sa.String(40), nullable=False, index=True),
    sa.Column("chain", sa.String(40), nullable=False, index=True),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("sender", sa.String(120), nullable=False),
    sa.Column("sent", Moment, nullable=False),
    sa.Column("status", sa.String(8), nullable=False),
    sa.Column("msg_type", sa.String(6), nullable=False),
    sa.Column("headline", Json, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("xml", sa.LargeBinary, nullable=False),
)

relayed_signals = sa.Table(
    "relayed_signals",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("areas", Json, nullable=False),
    sa.Column("identifier", sa.String(200), nullable=False, unique=True),
    sa.Column("issuer", Json, nullable=False),
    sa.Column("event_type", sa.String(5), nullable=False),
    sa.Column("grade", sa.String(6), nullable=False),
    sa.Column("texts", Json, nullable=False),
    sa.Column("sent", Moment, nullable=False),
    sa.Column("onset", Moment, nullable=False),
    sa.Column("expires", Moment),
    sa.Column("replaces", sa.String(200)),
    sa.Column("lifts", sa.Boolean, nullable=False),
    sa.Column("relayed", Moment, nullable=False),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("ended", Moment),
)

warned_areas = sa.Table(
    "warned_areas",
    metadata,
    sa.Column("subject", sa.String(40), primary_key=True),
    sa.Column("area", sa.String(12), primary_key=True),
    sa.Column("reach", sa.String(12), nullable=False, index=True),
)
"""Areas of a warning or a relayed signal, with the prefix of all codes inside each."""
