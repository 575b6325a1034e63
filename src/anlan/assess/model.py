"""Tables of assess: what forecasters told, and what was made of it."""

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata

advices = sa.Table(
    "cyclone_advice",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("storm", sa.String(40), nullable=False),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("name_zh", sa.String(80), nullable=False),
    sa.Column("name_en", sa.String(80), nullable=False),
    sa.Column("issued", Moment, nullable=False, index=True),
    sa.Column("source", sa.String(300), nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("points", Json, nullable=False),
)

outlooks = sa.Table(
    "outlook",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("issued", Moment, nullable=False, index=True),
    sa.Column("source", sa.String(300), nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("step_s", sa.Integer, nullable=False),
    sa.Column("rain", Json, nullable=False),  # rates in mm/h by area, one for each step
    sa.Column("tide", Json, nullable=False),  # levels in m by station, one at the end of each step
)

forecasts = sa.Table(
    "forecast",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, index=True),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("valid_from", Moment, nullable=False),
    sa.Column("valid_to", Moment, nullable=False),
    sa.Column("grade", sa.String(8), nullable=True),
    sa.Column("told", Json, nullable=False),  # the journal entry's data
    sa.Column("inputs", Json, nullable=False),
)

forecast_towns = sa.Table(
    "forecast_town",
    metadata,
    sa.Column("forecast", sa.String(40), primary_key=True),
    sa.Column("area", sa.String(12), primary_key=True),
    sa.Column("grade", sa.String(8), nullable=True),
    sa.Column("low", sa.Integer, nullable=False),
    sa.Column("best", sa.Integer, nullable=False),
    sa.Column("high", sa.Integer, nullable=False),
    sa.Column("critical_assets", sa.Integer, nullable=False),
    sa.Column("max_depth_m", sa.Float, nullable=False),
    sa.Column("flooded_km2", sa.Float, nullable=False),
    sa.Column("rain_mm", sa.Float, nullable=False),
    sa.Column("gust_m_s", sa.Float, nullable=True),
    sa.Column("beaufort", sa.Integer, nullable=True),
    sa.Column("wind_grade", sa.String(8), nullable=True),
)

forecast_assets = sa.Table(
    "forecast_asset",
    metadata,
    sa.Column("forecast", sa.String(40), primary_key=True),
    sa.Column("asset", sa.String(120), primary_key=True),
    sa.Column("type", sa.String(60), nullable=False),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("depth_m", sa.Float, nullable=False),
    sa.Column("grade", sa.String(8), nullable=True),
    sa.Column("critical", sa.Boolean, nullable=False),  # its type has a vulnerability, and its harm counts
    sa.Column("low", sa.Float, nullable=True),
    sa.Column("best", sa.Float, nullable=True),
    sa.Column("high", sa.Float, nullable=True),
    sa.Column("arrival", Moment, nullable=True),  # of the depth that policy names, by the control
    sa.Column("chance", Json, nullable=True),  # share of members that reach each threshold
)

footprints = sa.Table(
    "forecast_footprint",
    metadata,
    sa.Column("forecast", sa.String(40), primary_key=True),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),  # see `anlan.assess.footprint`
)

surfaces = sa.Table(
    "water_surface",
    metadata,
    sa.Column("area", sa.String(12), primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),  # see `anlan.assess.water.surface`
)
