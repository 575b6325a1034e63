"""Tables of review: compilations, and the findings of each."""

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata

compilations = sa.Table(
    "compilations",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("summary", Json, nullable=False),
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("compilation", sa.String(40), sa.ForeignKey("compilations.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("evidence", Json, nullable=False),
    sa.Column("told", Json, nullable=False),
)
