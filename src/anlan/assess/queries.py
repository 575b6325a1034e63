"""The reads of assess.

Forecasts show only what lies in the reader's areas. Cyclones and outlooks are the forecasters' word to everybody: who
may read them at all may read them whole.
"""

import math
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from anlan.assess.cyclones import newest_advice, radii_km, track_of
from anlan.assess.forcing import newest_outlook
from anlan.assess.model import footprints, forecast_assets, forecast_towns, forecasts
from anlan.assess.picture import Bounds, picture
from anlan.city.city import city_of
from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.science.track import interpolate

Row = dict[str, Any]
"""One row of a table, by column."""

_LONGEST_LIST = 500


def _rows(reader: Reader, query: sa.Select[Any]) -> list[Row]:
    return [dict(row) for row in reader.conn.execute(query).mappings()]


def forecast_list(reader: Reader, *, area: str | None = None, limit: int = _LONGEST_LIST) -> list[Row]:
    """Return forecasts of areas in sight, or of one area and those within it, the newest first."""
    query = sa.select(forecasts).where(reader.scope.where(forecasts.c.area))
    if area is not None:
        query = query.where(Scope((jurisdiction(area),)).where(forecasts.c.area))
    return _rows(reader, query.order_by(forecasts.c.seq.desc()).limit(limit))


def forecast(reader: Reader, forecast_id: str) -> Row:
    """Return one forecast; :class:`NotFound` if there is none in the reader's areas."""
    query = sa.select(forecasts).where(forecasts.c.id == forecast_id, reader.scope.where(forecasts.c.area))
    rows = _rows(reader, query)
    if not rows:
        raise NotFound("forecast.unknown", at="forecast", value=forecast_id)
    return rows[0]


def latest(reader: Reader, area: str) -> Row | None:
    """Return the newest forecast whose area holds an area, itself included; None if there is none in sight."""
    city = city_of(reader)
    holding = (area, *city.areas.ancestors(area))
    query = sa.select(forecasts).where(forecasts.c.area.in_(holding), reader.scope.where(forecasts.c.area))
    return next(iter(_rows(reader, query.order_by(forecasts.c.seq.desc()).limit(1))), None)


def impact_towns(reader: Reader, forecast_id: str) -> list[Row]:
    """Return what a forecast says of each town in sight, by code: people low, best and high, grade, depth, wind."""
    forecast(reader, forecast_id)
    query = sa.select(forecast_towns).where(
        forecast_towns.c.forecast == forecast_id, reader.scope.where(forecast_towns.c.area)
    )
    return _rows(reader, query.order_by(forecast_towns.c.area))


def impact_assets(reader: Reader, forecast_id: str) -> list[Row]:
    """Return the assets in sight that stand in water by a forecast, the deepest first.

    ``low``, ``best`` and ``high`` are shares of damage or chances of outage, None where the type has no vulnerability.
    """
    forecast(reader, forecast_id)
    query = sa.select(forecast_assets).where(
        forecast_assets.c.forecast == forecast_id, reader.scope.where(forecast_assets.c.area)
    )
    order = (forecast_assets.c.depth_m.desc(), forecast_assets.c.asset)
    return _rows(reader, query.order_by(*order))


def bounds(reader: Reader, area: str) -> Bounds | None:
    """Return the corners of an area's picture; None for a committee, which has no boundary."""
    shape = city_of(reader).area(area).geometry
    if shape is None:
        return None
    west, south, east, north = shape.bounds
    return float(west), float(south), float(east), float(north)


def depth_png(reader: Reader, forecast_id: str) -> tuple[bytes, Bounds]:
    """Return a forecast's footprint as a picture, and its corners.

    Raises
    ------
    NotFound
        ``forecast.unknown``, also where the forecast's area has no boundary.
    """
    row = forecast(reader, forecast_id)
    corners = bounds(reader, row["area"])
    packed = reader.conn.scalar(sa.select(footprints.c.packed).where(footprints.c.forecast == forecast_id))
    if corners is None or packed is None:
        raise NotFound("forecast.unknown", at="forecast", value=forecast_id)
    classes = tuple(sorted(reader.catalog.grades["impact_ponding_depth"].bounds.values()))
    return picture(city_of(reader).terrain, packed, corners, classes), corners


def cyclone(reader: Reader) -> dict[str, Any] | None:
    """Return the newest advice, where the storm is by it now, and how far its winds reach; None if there is none."""
    advice = newest_advice(reader)
    if advice is None:
        return None
    track = track_of(reader.catalog, advice)
    at_s = reader.now.timestamp()
    here = None
    if track.time_s[0] <= at_s <= track.time_s[-1]:
        moment = interpolate(track, [at_s])
        fix = {name: float(getattr(moment, name)[0]) for name in ("lon", "lat", "pressure_hpa", "wind_m_s")}
        shown = {name: round(value, 2) if math.isfinite(value) else None for name, value in fix.items()}
        here = shown | {"at": reader.now, "radii_km": radii_km(reader.catalog, track, at_s)}
    return {**advice, "now": here}


def outlook(reader: Reader) -> Mapping[str, Any] | None:
    """Return the newest outlook, if any, with the rain of the reader's areas and of what lies around them.

    The tide is the same word for the whole city.
    """
    found = newest_outlook(reader)
    if found is None:
        return None
    around = {area for area in found["rain"] if any(p.startswith(jurisdiction(area)) for p in reader.scope.prefixes)}
    rain = {area: rates for area, rates in found["rain"].items() if area in around or reader.scope.covers(area)}
    return {**found, "rain": rain}
