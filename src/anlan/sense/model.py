"""Tables of sense: sensors, what they observed, what the rules remember, and the alarms that came of it."""

import sqlalchemy as sa

from anlan.kernel.store import Moment, metadata

sensors = sa.Table(
    "sensor",
    metadata,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("asset", sa.String(120), nullable=False),
    sa.Column("asset_type", sa.String(60), nullable=False),
    sa.Column("quantity", sa.String(60), nullable=False, index=True),
    sa.Column("unit", sa.String(20), nullable=False),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("name_zh", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
)

observations = sa.Table(
    "observation",
    metadata,
    # The order of the key is that of reading and writing: what is measured alike and arrives together stands together,
    # so that a batch writes few pages and a forecast reads the rain alone. A sensor never changes its quantity.
    sa.Column("quantity", sa.String(60), primary_key=True),
    sa.Column("at", Moment, primary_key=True),
    sa.Column("sensor", sa.String(120), primary_key=True),
    sa.Column("value", sa.Float, nullable=True),  # null: the instrument says that it has none
    sa.Column("quality", sa.String(12), nullable=False),
    sqlite_with_rowid=False,  # its key is its place: half the writing
)

latest = sa.Table(
    "sensor_latest",
    metadata,
    sa.Column("sensor", sa.String(120), primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("value", sa.Float, nullable=True),
    sa.Column("quality", sa.String(12), nullable=False),
    sa.Column("evaluated_at", Moment, nullable=True),  # of the newest one that the rules saw
    sqlite_with_rowid=False,
)
"""The newest observation of each sensor: what is not newer than it is late."""

rule_states = sa.Table(
    "rule_state",
    metadata,
    sa.Column("rule", sa.String(80), primary_key=True),
    sa.Column("sensor", sa.String(120), primary_key=True),
    sa.Column("levels", sa.String(200), nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What :class:`anlan.science.signals.State` remembers of one sensor under one rule with these levels.

The time of the last sample is that of the sensor (``sensor_latest.evaluated_at``), so that a row is written only when
a run begins or ends: most nights of most sensors are quiet.
"""

alarms = sa.Table(
    "alarm",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("sensor", sa.String(120), nullable=False),
    sa.Column("rule", sa.String(80), nullable=False),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("state", sa.String(30), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),  # the condition holds, whatever people did about it
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("grade", sa.String(8), nullable=False),
    sa.Column("worst", sa.String(8), nullable=False),
    sa.Column("value", sa.Float, nullable=True),
    sa.Column("threshold", sa.Float, nullable=False),
    sa.Column("observed_at", Moment, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("returned_at", Moment, nullable=True),
    sa.Column("acknowledged_by", sa.String(80), nullable=True),
    sa.Column("shelved_until", Moment, nullable=True),
)

sa.Index(
    "uq_alarm_open",
    alarms.c.sensor,
    alarms.c.rule,
    unique=True,
    sqlite_where=alarms.c.open.is_(True),
    postgresql_where=alarms.c.open.is_(True),
)

alarm_history = sa.Table(
    "alarm_history",
    metadata,
    sa.Column("alarm", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("event", sa.String(20), nullable=False),
    sa.Column("state", sa.String(30), nullable=False),
    sa.Column("grade", sa.String(8), nullable=False),
    sa.Column("value", sa.Float, nullable=True),
    sa.Column("note", sa.Text, nullable=False),
)
