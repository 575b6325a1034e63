"""Form 0002 of the store: observations leave the store; alarms of any subject.

What was observed before goes to the inbox as records of the past: the station moves it to the log and the history. The
alarms keep what they were about in their own rows.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

_CHUNK = 10_000
_QUALITIES = {"good": 0, "suspect": 1, "missing": 2, "out_of_range": 3}
_FORMS = ("<i4", "<i8", "<f8", "u1")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    """Go one step forward."""
    numbers = _sensors()
    _alarms()
    _new_tables()
    _observations(numbers)
    op.drop_table("rule_state")
    op.drop_table("sensor_latest")
    op.drop_table("observation")


def _rows(query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings().all()]


def _sensors() -> dict[str, int]:
    """Give every sensor its number, in the order of their ids; return them."""
    ids = [row["id"] for row in _rows("SELECT id FROM sensor ORDER BY id")]
    with op.batch_alter_table("sensor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("cadence_s", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("low", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("high", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("owner", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("calibrated_on", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("retired_at", sa.String(length=27), nullable=True))
    for number, name in enumerate(ids):
        op.get_bind().execute(sa.text("UPDATE sensor SET number = :n WHERE id = :i"), {"n": number, "i": name})
    with op.batch_alter_table("sensor", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_sensor_number"), ["number"])
    return {name: number for number, name in enumerate(ids)}


def _alarms() -> None:
    """Make the table anew with what its rows were about; all alarms of before are about hazards at sensors."""
    told = "asset, asset_type, quantity, unit, lon, lat, name_zh, name_en, synthetic"
    joined = ", ".join(f"s.{name}" for name in told.split(", "))
    rows = _rows(f"SELECT a.*, {joined} FROM alarm a JOIN sensor s ON s.id = a.sensor")  # noqa: S608  # no input
    op.drop_table("alarm")
    _new_alarms()
    table = sa.Table("alarm", sa.MetaData(), autoload_with=op.get_bind())
    for row in rows:
        row |= {"subject": row.pop("sensor"), "subject_kind": "sensor", "about": "hazard", "incidents": []}
        row |= {name: bool(row[name]) for name in ("active", "open", "synthetic")}
    if rows:
        op.bulk_insert(table, rows)


def _observations(numbers: dict[str, int]) -> None:
    """Pack all observations, in order of time, into batches of the inbox, numbered from 1: no act has them yet."""
    bind = op.get_bind()
    query = sa.text("SELECT sensor, at, value, quality FROM observation ORDER BY at, sensor")
    for seq, part in enumerate(bind.execute(query).partitions(_CHUNK), start=1):
        known = [row for row in part if row.sensor in numbers]
        columns = (
            [numbers[row.sensor] for row in known],
            [(datetime.fromisoformat(row.at) - _EPOCH) // timedelta(microseconds=1) for row in known],
            [np.nan if row.value is None else row.value for row in known],
            [_QUALITIES[row.quality] for row in known],
        )
        packed = b"".join(np.array(c, dtype=f).tobytes() for c, f in zip(columns, _FORMS, strict=True))
        values = {"seq": seq, "packed": packed, "past": True}
        insert = (
            "INSERT INTO observation_inbox (seq, source, backfill, packed) VALUES (:seq, 'form-0001', :past, :packed)"
        )
        bind.execute(sa.text(insert), values)


def _new_tables() -> None:
    op.create_table(
        "observation_inbox",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("backfill", sa.Boolean(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_observation_inbox")),
    )
    op.create_table(
        "sense_plan_change",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_sense_plan_change")),
    )
    op.create_table(
        "sense_progress",
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("partition", name=op.f("pk_sense_progress")),
    )
    op.create_table(
        "sensor_maintenance",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("sensor", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("begins", sa.String(length=27), nullable=False),
        sa.Column("ends", sa.String(length=27), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensor_maintenance")),
    )
    with op.batch_alter_table("sensor_maintenance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sensor_maintenance_sensor"), ["sensor"], unique=False)

    op.create_table(
        "sensor_rule",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("body", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.String(length=27), nullable=False),
        sa.Column("switched_by", sa.String(length=80), nullable=True),
        sa.Column("switched_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_sensor_rule")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("mapping", sa.String(length=80), nullable=True),
        sa.Column("quota_per_s", sa.Float(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_user"), ["user"], unique=False)


def _new_alarms() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("subject_kind", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=12), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("asset", sa.String(length=120), nullable=True),
        sa.Column("asset_type", sa.String(length=60), nullable=True),
        sa.Column("quantity", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("worst", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("assigned_to", sa.String(length=80), nullable=True),
        sa.Column("incidents", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("observed_at", sa.String(length=27), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("changed_at", sa.String(length=27), nullable=False),
        sa.Column("returned_at", sa.String(length=27), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=80), nullable=True),
        sa.Column("shelved_until", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarm_cause"), ["cause"], unique=False)
        batch_op.create_index("ix_alarm_opened_at", ["opened_at"], unique=False)
        batch_op.create_index(
            "uq_alarm_open",
            ["subject", "rule"],
            unique=True,
            sqlite_where=sa.text("open IS 1"),
            postgresql_where=sa.text("open IS true"),
        )
