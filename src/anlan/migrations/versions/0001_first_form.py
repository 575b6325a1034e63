"""Form 0001 of the store: first form."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "activations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("wanted", sa.String(length=4), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("towns", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("proposed_at", sa.String(length=27), nullable=True),
        sa.Column("activated_at", sa.String(length=27), nullable=True),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activations")),
        sa.UniqueConstraint("seq", name=op.f("uq_activations_seq")),
    )
    with op.batch_alter_table("activations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activations_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_activations_plan"), ["plan"], unique=False)
        batch_op.create_index(
            "uq_activations_open",
            ["plan", "area"],
            unique=True,
            sqlite_where=sa.text("state IN ('active', 'proposed')"),
            postgresql_where=sa.text("state IN ('active', 'proposed')"),
        )

    op.create_table(
        "alarm",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("sensor", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("worst", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("threshold", sa.Float(), nullable=False),
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
        batch_op.create_index(
            "uq_alarm_open",
            ["sensor", "rule"],
            unique=True,
            sqlite_where=sa.text("open IS 1"),
            postgresql_where=sa.text("open IS true"),
        )

    op.create_table(
        "alarm_history",
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("alarm", "seq", name=op.f("pk_alarm_history")),
    )
    op.create_table(
        "compilations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=False),
        sa.Column("until", sa.String(length=27), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compilations")),
    )
    with op.batch_alter_table("compilations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compilations_area"), ["area"], unique=False)

    op.create_table(
        "cyclone_advice",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("storm", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("issued", sa.String(length=27), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("points", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cyclone_advice")),
    )
    with op.batch_alter_table("cyclone_advice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cyclone_advice_issued"), ["issued"], unique=False)

    op.create_table(
        "duty_notes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("noted_at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("incident", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_notes")),
    )
    with op.batch_alter_table("duty_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_notes_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_notes_at"), ["at"], unique=False)

    op.create_table(
        "forecast",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("valid_from", sa.String(length=27), nullable=False),
        sa.Column("valid_to", sa.String(length=27), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=True),
        sa.Column("told", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("inputs", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast")),
    )
    with op.batch_alter_table("forecast", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forecast_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_forecast_seq"), ["seq"], unique=False)

    op.create_table(
        "forecast_asset",
        sa.Column("forecast", sa.String(length=40), nullable=False),
        sa.Column("asset", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("depth_m", sa.Float(), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=True),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("best", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("forecast", "asset", name=op.f("pk_forecast_asset")),
    )
    op.create_table(
        "forecast_footprint",
        sa.Column("forecast", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("forecast", name=op.f("pk_forecast_footprint")),
    )
    op.create_table(
        "forecast_town",
        sa.Column("forecast", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=True),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("best", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("critical_assets", sa.Integer(), nullable=False),
        sa.Column("max_depth_m", sa.Float(), nullable=False),
        sa.Column("flooded_km2", sa.Float(), nullable=False),
        sa.Column("rain_mm", sa.Float(), nullable=False),
        sa.Column("gust_m_s", sa.Float(), nullable=True),
        sa.Column("beaufort", sa.Integer(), nullable=True),
        sa.Column("wind_grade", sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint("forecast", "area", name=op.f("pk_forecast_town")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("event_type", sa.String(length=10), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("consequences", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("warning", sa.String(length=40), nullable=True),
        sa.Column("occurred", sa.String(length=27), nullable=True),
        sa.Column("received", sa.String(length=27), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("closed_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("seq", name=op.f("uq_incidents_seq")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_area"), ["area"], unique=False)

    op.create_table(
        "journal",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("because", sa.BigInteger(), nullable=True),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_verb"), ["verb"], unique=False)

    op.create_table(
        "journal_cosignatures",
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("witness", sa.String(length=200), nullable=False),
        sa.Column("vkey", sa.String(length=400), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_journal_cosignatures")),
    )
    op.create_table(
        "journal_nodes",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_journal_nodes")),
    )
    op.create_table(
        "journal_tree",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_tree")),
    )
    op.create_table(
        "needs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("forecast", sa.String(length=40), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=True),
        sa.Column("flooded", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
    )
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_needs_area"), ["area"], unique=False)

    op.create_table(
        "observation",
        sa.Column("quantity", sa.String(length=60), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("sensor", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("quality", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("quantity", "at", "sensor", name=op.f("pk_observation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outlook",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("issued", sa.String(length=27), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("step_s", sa.Integer(), nullable=False),
        sa.Column("rain", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("tide", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlook")),
    )
    with op.batch_alter_table("outlook", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outlook_issued"), ["issued"], unique=False)

    op.create_table(
        "reaction_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction_cursor")),
    )
    op.create_table(
        "reaction_retries",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("reaction", sa.String(length=120), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(length=27), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "reaction", name=op.f("pk_reaction_retries")),
    )
    with op.batch_alter_table("reaction_retries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reaction_retries_next_at"), ["next_at"], unique=False)

    op.create_table(
        "receipts",
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("by", "key", name=op.f("pk_receipts")),
    )
    op.create_table(
        "relayed_signals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("areas", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("identifier", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("event_type", sa.String(length=5), nullable=False),
        sa.Column("grade", sa.String(length=6), nullable=False),
        sa.Column("texts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("sent", sa.String(length=27), nullable=False),
        sa.Column("onset", sa.String(length=27), nullable=False),
        sa.Column("expires", sa.String(length=27), nullable=True),
        sa.Column("replaces", sa.String(length=200), nullable=True),
        sa.Column("lifts", sa.Boolean(), nullable=False),
        sa.Column("relayed", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("ended", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relayed_signals")),
        sa.UniqueConstraint("identifier", name=op.f("uq_relayed_signals_identifier")),
    )
    with op.batch_alter_table("relayed_signals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relayed_signals_area"), ["area"], unique=False)

    op.create_table(
        "rule_state",
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("sensor", sa.String(length=120), nullable=False),
        sa.Column("levels", sa.String(length=200), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "sensor", name=op.f("pk_rule_state")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealed",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed")),
    )
    with op.batch_alter_table("sealed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_subject"), ["subject"], unique=False)

    op.create_table(
        "sensor",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("asset", sa.String(length=120), nullable=False),
        sa.Column("asset_type", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensor")),
    )
    with op.batch_alter_table("sensor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sensor_quantity"), ["quantity"], unique=False)

    op.create_table(
        "sensor_latest",
        sa.Column("sensor", sa.String(length=120), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("quality", sa.String(length=12), nullable=False),
        sa.Column("evaluated_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("sensor", name=op.f("pk_sensor_latest")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shelters",
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("occupants", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("closed_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("state = 'open' OR occupants = 0", name="ck_shelters_closed_empty"),
        sa.CheckConstraint("occupants >= 0 AND occupants <= capacity", name="ck_shelters_within_capacity"),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_shelters")),
    )
    with op.batch_alter_table("shelters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shelters_area"), ["area"], unique=False)

    op.create_table(
        "stock",
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name="ck_stock_not_negative"),
        sa.PrimaryKeyConstraint("site", "item", name=op.f("pk_stock")),
    )
    with op.batch_alter_table("stock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_area"), ["area"], unique=False)

    op.create_table(
        "stock_moves",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("from_site", sa.String(length=80), nullable=True),
        sa.Column("to_site", sa.String(length=80), nullable=True),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("to_area", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="ck_stock_moves_positive"),
        sa.PrimaryKeyConstraint("seq", "line", name=op.f("pk_stock_moves")),
    )
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_moves_from_site"), ["from_site"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_moves_item"), ["item"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_moves_to_site"), ["to_site"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("due", sa.String(length=27), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=True),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("desk_area", sa.String(length=12), nullable=False),
        sa.Column("desk_role", sa.String(length=60), nullable=False),
        sa.Column("escalations", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("accepted_by", sa.String(length=80), nullable=True),
        sa.Column("submitted_at", sa.String(length=27), nullable=True),
        sa.Column("submitted_by", sa.String(length=80), nullable=True),
        sa.Column("submitted", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("seq", name=op.f("uq_tasks_seq")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_area"), ["area"], unique=False)
        batch_op.create_index("ix_tasks_desk", ["desk_area", "desk_role", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_state"), ["state"], unique=False)

    op.create_table(
        "timers",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("due", sa.String(length=27), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("args", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("because", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_timers")),
    )
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timers_due"), ["due"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_table(
        "warned_areas",
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("reach", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("subject", "area", name=op.f("pk_warned_areas")),
    )
    with op.batch_alter_table("warned_areas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_warned_areas_reach"), ["reach"], unique=False)

    op.create_table(
        "warning_messages",
        sa.Column("identifier", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("warning", sa.String(length=40), nullable=False),
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("sender", sa.String(length=120), nullable=False),
        sa.Column("sent", sa.String(length=27), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("msg_type", sa.String(length=6), nullable=False),
        sa.Column("headline", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("identifier", name=op.f("pk_warning_messages")),
    )
    with op.batch_alter_table("warning_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_warning_messages_chain"), ["chain"], unique=False)
        batch_op.create_index(batch_op.f("ix_warning_messages_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_warning_messages_warning"), ["warning"], unique=False)

    op.create_table(
        "warning_steps",
        sa.Column("warning", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("warning", "seq", name=op.f("pk_warning_steps")),
    )
    op.create_table(
        "warnings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("areas", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("event_type", sa.String(length=5), nullable=False),
        sa.Column("grade", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("candidate", sa.Boolean(), nullable=False),
        sa.Column("certainty", sa.String(length=8), nullable=False),
        sa.Column("onset", sa.String(length=27), nullable=False),
        sa.Column("expires", sa.String(length=27), nullable=False),
        sa.Column("texts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("own", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("forecast", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("approver", sa.String(length=60), nullable=True),
        sa.Column("issuer", sa.String(length=60), nullable=True),
        sa.Column("supersedes", sa.String(length=40), nullable=True),
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("drafted", sa.String(length=27), nullable=False),
        sa.Column("issued", sa.String(length=27), nullable=True),
        sa.Column("ended", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warnings")),
    )
    with op.batch_alter_table("warnings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_warnings_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_warnings_chain"), ["chain"], unique=False)
        batch_op.create_index(batch_op.f("ix_warnings_drafted"), ["drafted"], unique=False)
        batch_op.create_index(batch_op.f("ix_warnings_state"), ["state"], unique=False)

    op.create_table(
        "activation_history",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activation", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["activation"], ["activations.id"], name=op.f("fk_activation_history_activation")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_activation_history")),
    )
    with op.batch_alter_table("activation_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activation_history_activation"), ["activation"], unique=False)

    op.create_table(
        "allocations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("need", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("bound", sa.String(length=4), nullable=False),
        sa.Column("unmet", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["need"], ["needs.id"], name=op.f("fk_allocations_need")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocations_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_need"), ["need"], unique=False)

    op.create_table(
        "credentials",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("user", sa.String(length=60), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("expires", sa.String(length=27), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_credentials_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("hash", name=op.f("uq_credentials_hash")),
    )
    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credentials_user"), ["user"], unique=False)

    op.create_table(
        "findings",
        sa.Column("compilation", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("told", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["compilation"], ["compilations.id"], name=op.f("fk_findings_compilation")),
        sa.PrimaryKeyConstraint("compilation", "number", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_area"), ["area"], unique=False)

    op.create_table(
        "grants",
        sa.Column("user", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_grants_user")),
        sa.PrimaryKeyConstraint("user", "role", "area", name=op.f("pk_grants")),
    )
    op.create_table(
        "incident_gradings",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("consequences", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_incident_gradings_incident")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_incident_gradings")),
    )
    with op.batch_alter_table("incident_gradings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_gradings_incident"), ["incident"], unique=False)

    op.create_table(
        "need_towns",
        sa.Column("need", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=True),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("best", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("assets", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["need"], ["needs.id"], name=op.f("fk_need_towns_need")),
        sa.PrimaryKeyConstraint("need", "area", name=op.f("pk_need_towns")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("incident", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("learned", sa.String(length=27), nullable=False),
        sa.Column("due", sa.String(length=27), nullable=True),
        sa.Column("drafted_at", sa.String(length=27), nullable=True),
        sa.Column("sent_at", sa.String(length=27), nullable=True),
        sa.Column("sent_by", sa.String(length=80), nullable=True),
        sa.Column("receiver", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_reports_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("incident", "kind", "number", name="uq_reports_number"),
        sa.UniqueConstraint("seq", name=op.f("uq_reports_seq")),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_reports_incident"), ["incident"], unique=False)

    op.create_table(
        "task_depends",
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("on", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["on"], ["tasks.id"], name=op.f("fk_task_depends_on")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_task_depends_task")),
        sa.PrimaryKeyConstraint("task", "on", name=op.f("pk_task_depends")),
    )
    with op.batch_alter_table("task_depends", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_depends_on"), ["on"], unique=False)

    op.create_table(
        "task_history",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_task_history_task")),
        sa.PrimaryKeyConstraint("seq", "step", name=op.f("pk_task_history")),
    )
    with op.batch_alter_table("task_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_history_task"), ["task"], unique=False)

    op.create_table(
        "flows",
        sa.Column("allocation", sa.String(length=40), nullable=False),
        sa.Column("from_site", sa.String(length=80), nullable=False),
        sa.Column("to_site", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["allocation"], ["allocations.id"], name=op.f("fk_flows_allocation")),
        sa.PrimaryKeyConstraint("allocation", "from_site", "to_site", "item", name=op.f("pk_flows")),
    )
    op.create_table(
        "placements",
        sa.Column("allocation", sa.String(length=40), nullable=False),
        sa.Column("town", sa.String(length=12), nullable=False),
        sa.Column("shelter", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["allocation"], ["allocations.id"], name=op.f("fk_placements_allocation")),
        sa.PrimaryKeyConstraint("allocation", "town", "shelter", name=op.f("pk_placements")),
    )
    op.create_table(
        "report_texts",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name=op.f("fk_report_texts_report")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_report_texts")),
    )
    with op.batch_alter_table("report_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_texts_report"), ["report"], unique=False)
