"""Form 0003 of the store: forecasts of moving water, with chances, arrival and frames; the water as it stands.

Footprints of before hold one depth a cell: they become footprints whose low, best and high reading are that one.
"""

import io
import zlib

import numpy as np
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go one step forward."""
    with op.batch_alter_table("forecast_asset", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrival", sa.String(length=27), nullable=True))
        batch_op.add_column(sa.Column("chance", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True))
    op.create_table(
        "water_surface",
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_water_surface")),
    )
    _footprints()


def _footprints() -> None:
    table = sa.table("forecast_footprint", sa.column("forecast"), sa.column("packed"))
    conn = op.get_bind()
    for forecast, packed in conn.execute(sa.select(table.c.forecast, table.c.packed)).all():
        new = table.update().where(table.c.forecast == forecast).values(packed=_repacked(packed))
        conn.execute(new)


def _repacked(packed: bytes) -> bytes:
    with np.load(io.BytesIO(packed)) as old:
        cell, depth_cm = old["cell"], old["depth_cm"]
    count, stored = len(cell), io.BytesIO()
    np.savez(
        stored,
        begin_s=0.0,
        cell=cell,
        depth_cm=np.broadcast_to(depth_cm, (3, count)),
        thresholds_m=np.zeros(0),
        chance=np.zeros((0, count), np.uint8),
        arrival_min=np.full(count, -1, np.int16),
        frames_s=np.zeros(0),
        frames_cm=np.zeros((0, count), np.int16),
        watched=np.zeros(0, np.int32),
        looks_s=np.zeros(0),
        series_cm=np.zeros((0, 0, 0), np.int16),
    )
    return zlib.compress(stored.getvalue(), 1)
