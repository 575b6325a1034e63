"""The kernel's tables: journal, receipts, sealed values, timers, reactions, users."""

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("verb", sa.String(60), nullable=False, index=True),
    sa.Column("subject", sa.String(120), nullable=False, index=True),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("because", sa.BigInteger, nullable=True),
    sa.Column("entry", sa.Text, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

journal_tree = sa.Table(
    "journal_tree",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("frontier", sa.LargeBinary, nullable=False),
)

journal_nodes = sa.Table(
    "journal_nodes",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

cosignatures = sa.Table(
    "journal_cosignatures",
    metadata,
    sa.Column("size", sa.BigInteger, primary_key=True),
    sa.Column("witness", sa.String(200), primary_key=True),
    sa.Column("vkey", sa.String(400), nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

receipts = sa.Table(
    "receipts",
    metadata,
    sa.Column("by", sa.String(80), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("outcome", Json, nullable=False),
)

sealed = sa.Table(
    "sealed",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("subject", sa.String(120), nullable=False, index=True),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("value", Json, nullable=False),
)

timers = sa.Table(
    "timers",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("due", Moment, nullable=False, index=True),
    sa.Column("verb", sa.String(60), nullable=False),
    sa.Column("args", Json, nullable=False),
    sa.Column("because", sa.BigInteger, nullable=True),
)

reaction_cursor = sa.Table(
    "reaction_cursor",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

reaction_retries = sa.Table(
    "reaction_retries",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("reaction", sa.String(120), primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", Moment, nullable=False, index=True),
    sa.Column("error", sa.Text, nullable=False),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.String(60), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=True),
    sa.Column("disabled", sa.Boolean, nullable=False, default=False),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", Moment, nullable=True),
)

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("user", sa.String(60), sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("role", sa.String(60), primary_key=True),
    sa.Column("area", sa.String(12), primary_key=True),
)

credentials = sa.Table(
    "credentials",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),  # session | token
    sa.Column("user", sa.String(60), sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Column("label", sa.String(200), nullable=False, default=""),
    sa.Column("expires", Moment, nullable=False),
    sa.Column("closed", sa.Boolean, nullable=False, default=False),
)
