"""Tables of sense: sensors and their sources, rules made by people, alarms, and how far the station has come.

What instruments observed does not stand here: it stands in the log and in the columnar history beside the store
(:mod:`anlan.sense.stream`, :mod:`anlan.sense.history`).
"""

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata

sensors = sa.Table(
    "sensor",
    metadata,
    sa.Column("id", sa.String(120), primary_key=True),
    # Dense, given once, never given again: the name of the sensor in batches, in the log and in the history.
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("asset", sa.String(120), nullable=False),
    sa.Column("asset_type", sa.String(60), nullable=False),
    sa.Column("kind", sa.String(60), nullable=True),
    sa.Column("quantity", sa.String(60), nullable=False, index=True),
    sa.Column("unit", sa.String(20), nullable=False),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("name_zh", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("cadence_s", sa.Float, nullable=True),
    sa.Column("low", sa.Float, nullable=True),
    sa.Column("high", sa.Float, nullable=True),
    sa.Column("owner", sa.String(200), nullable=True),
    sa.Column("calibrated_on", sa.String(10), nullable=True),
    sa.Column("retired_at", Moment, nullable=True),
)

inbox = sa.Table(
    "observation_inbox",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("source", sa.String(120), nullable=False),
    sa.Column("backfill", sa.Boolean, nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)
"""Batches taken by an act, by the number of its entry, until the station has moved them to the log."""

progress = sa.Table(
    "sense_progress",
    metadata,
    sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("taken", sa.Integer, nullable=False),
)
"""How far the findings of each partition's log stand in the alarms; it moves with them or not at all.

All findings of the positions before this one do, and the first ``taken`` of this one.
"""

plan_changes = sa.Table(
    "sense_plan_change",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
)
"""Entries that changed what is watched: sensors, or rules made by people."""

sources = sa.Table(
    "source",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("user", sa.String(80), nullable=False, index=True),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("mapping", sa.String(80), nullable=True),
    sa.Column("quota_per_s", sa.Float, nullable=False),
    sa.Column("note", sa.String(500), nullable=False),
)
"""Who sends observations: a platform or gateway, the user as which it signs in, and how much it may send."""

maintenance = sa.Table(
    "sensor_maintenance",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("sensor", sa.String(120), nullable=False, index=True),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("begins", Moment, nullable=False),
    sa.Column("ends", Moment, nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
)

own_rules = sa.Table(
    "sensor_rule",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(12), nullable=False),  # proposed, on, off
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("proposed_by", sa.String(80), nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("switched_by", sa.String(80), nullable=True),
    sa.Column("switched_at", Moment, nullable=True),
)
"""Rules made by people on the page, over those of the catalog; each change is a version of its own."""

alarms = sa.Table(
    "alarm",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("subject_kind", sa.String(10), nullable=False),  # sensor, asset, area, network
    sa.Column("rule", sa.String(80), nullable=False),
    sa.Column("about", sa.String(12), nullable=False),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("asset", sa.String(120), nullable=True),
    sa.Column("asset_type", sa.String(60), nullable=True),
    sa.Column("quantity", sa.String(60), nullable=False),
    sa.Column("unit", sa.String(20), nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("name_zh", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(30), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),  # the condition holds, whatever people did about it
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("grade", sa.String(8), nullable=False),
    sa.Column("worst", sa.String(8), nullable=False),
    sa.Column("value", sa.Float, nullable=True),
    sa.Column("threshold", sa.Float, nullable=False),
    sa.Column("cause", sa.String(40), nullable=True, index=True),  # the alarm that gathers this one
    sa.Column("assigned_to", sa.String(80), nullable=True),
    sa.Column("incidents", Json, nullable=False),
    sa.Column("observed_at", Moment, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("returned_at", Moment, nullable=True),
    sa.Column("acknowledged_by", sa.String(80), nullable=True),
    sa.Column("shelved_until", Moment, nullable=True),
)

sa.Index(
    "uq_alarm_open",
    alarms.c.subject,
    alarms.c.rule,
    unique=True,
    sqlite_where=alarms.c.open.is_(True),
    postgresql_where=alarms.c.open.is_(True),
)
sa.Index("ix_alarm_opened_at", alarms.c.opened_at)

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
