"""The verb ``forecast.run``: from rain, tide and cyclone to water and wind, people and assets, and one colour.

The footprint is that of `anlan.science.ponding` (maturity ``screening``), driven by gauges up to now and by the newest
outlook beyond; the wind that of `anlan.science.wind`. Every number that is policy comes from the catalog.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import numpy as np
import sqlalchemy as sa
from pydantic import StringConstraints

from anlan.assess import cyclones
from anlan.assess.forcing import Forcing, Hours, forcing, hours_of
from anlan.assess.ground import Ground, ground_of
from anlan.assess.harm import HAZARD, Touched, TownHarm, at_grades, gravest, touched, town_harm
from anlan.assess.model import footprints, forecast_assets, forecast_towns, forecasts
from anlan.assess.ponding import BOUNDS, Ponding, factors, ponding
from anlan.city.city import City, city_of
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Reader, Tx
from anlan.kernel.canonical import JSON, plain
from anlan.science.arrays import Floats, Ints
from anlan.science.models import MODELS

FLOOD, WIND = MODELS["ponding.step"], MODELS["wind.wind_field"]


class RunForecast(Args):
    """Forecast water, wind and their impact for an area; a fresh forecast is told again instead of being made anew."""

    area: AreaCode
    cause: Annotated[str, StringConstraints(max_length=200)] = ""


@dataclass(frozen=True)
class _Result:
    """Everything that a run found, for its tables and its entry."""

    hours: Hours
    driven: Forcing
    ponded: Ponding
    hit: Touched
    harm: TownHarm
    wind: cyclones.TownWind | None
    advice: Mapping[str, Any] | None
    towns: Ints


def run(tx: Tx, args: RunForecast) -> Effect:
    """Run a forecast, or tell the newest one of this area again if it is younger than policy asks."""
    area = _assessed(tx, args.area)
    tx.require(area)
    fresh = _fresh(tx, area)
    if fresh is not None:
        # Told in full once, by the run itself: whoever asks again learns which one stands.
        brief = {name: fresh.told[name] for name in ("hazard", "grade", "valid_from", "valid_to")}
        return Effect(fresh.id, area, brief | {"forecast": fresh.id, "reused": True, "cause": args.cause})
    city = city_of(tx)
    ground = ground_of(city)
    result = _compute(tx.reader("observation"), city, ground, area)
    forecast = tx.new_id("forecast")
    told = _told(tx, city, ground, result) | {"forecast": forecast, "reused": False, "cause": args.cause}
    _keep(tx, forecast, area, city, ground, result, told)
    return Effect(forecast, area, told)


def _assessed(tx: Tx, area: str) -> str:
    """Return the area at the smallest level assessed by itself, or the one named if the actor reaches no further."""
    city = city_of(tx)
    smallest = str(tx.catalog.setting("forecast.smallest_level"))
    above = next((a for a in (area, *city.areas.ancestors(area)) if city.level(a) == smallest), area)
    return above if tx.scope.covers(above) else area


def _fresh(tx: Tx, area: str) -> Any:
    interval = timedelta(minutes=float(tx.catalog.setting("forecast.min_interval_min")))
    young = sa.select(forecasts).where(forecasts.c.area == area, forecasts.c.at > tx.now - interval)
    return tx.conn.execute(young.order_by(forecasts.c.seq.desc()).limit(1)).one_or_none()


def _compute(reader: Reader, city: City, ground: Ground, area: str) -> _Result:
    hours = hours_of(reader.catalog, reader.now)
    driven = forcing(reader, city, ground, hours)
    prefix = jurisdiction(area)
    towns = np.array(
        [row for code, row in ground.town_row.items() if prefix.startswith(code) or code.startswith(prefix)]
    )
    within = np.isin(ground.spot_town, towns)
    about = np.unique(ground.bluespots.label.ravel()[ground.bluespots.cell[within]])
    ponded = ponding(reader.catalog, city.terrain.towns, ground, hours, driven, about)
    hit = touched(reader.catalog, city.assets, ponded, np.isin(ground.asset_town, towns))
    harm = town_harm(reader.catalog, city.assets, ground, ponded, hit)
    advice = cyclones.newest_advice(reader)
    wind = None
    if advice is not None:
        track = cyclones.track_of(reader.catalog, advice)
        times = np.append(hours.now_s, hours.starts_s[hours.starts_s > hours.now_s])
        wind = cyclones.town_wind(reader.catalog, track, ground, times)
    return _Result(hours, driven, ponded, hit, harm, wind, advice, towns)


def _told(tx: Tx, city: City, ground: Ground, found: _Result) -> dict[str, JSON]:
    """Return the entry's data: what the timeline, the reactions and the next rooms see."""
    harm, hours, rows = found.harm, found.hours, found.towns
    codes = [str(code) for code in city.terrain.towns.code]
    order = sorted(rows.tolist(), key=lambda row: (-harm.people[1, row], codes[row]))
    towns: list[JSON] = [
        {"area": codes[row], "grade": harm.grade[row], "people": _spread(harm.people[:, row])}
        for row in order
        if harm.grade[row] is not None
    ]
    inside = found.ponded.depth_m[1, np.isin(ground.spot_town, rows)]
    hit_types = city.assets.type[found.hit.row[found.hit.critical]]
    least = min(tx.catalog.grades["impact_ponding_depth"].bounds.values())
    return {
        "hazard": HAZARD,
        "grade": gravest(harm.grade[row] for row in rows),
        "maturity": str(FLOOD.maturity),
        "model": FLOOD.id,
        "synthetic": city.terrain.synthetic or bool(found.driven.inputs["outlook_synthetic"]),
        "people": _spread(harm.people[:, rows].sum(axis=1)),
        "towns": towns,
        "underpasses": int(np.sum(hit_types == "underpass")),
        "assets_hit": int(np.sum(found.hit.depth_m >= least)),
        "critical_assets": int(found.hit.critical.sum()),
        "max_depth_m": round(float(inside.max(initial=0.0)), 2),
        "valid_from": _moment(hours.now_s),
        "valid_to": _moment(hours.end_s),
        "peak": _moment(float(np.clip(found.ponded.peak_s, hours.now_s, hours.end_s))),
        "wind": _wind_told(ground, found),
    }


def _wind_told(ground: Ground, found: _Result) -> JSON:
    if found.wind is None or found.advice is None or np.isnan(found.wind.gust_m_s[found.towns]).all():
        return None
    grades = [found.wind.grade[row] for row in found.towns]
    return {
        "advice": found.advice["id"],
        "grade": gravest(grades),
        "gust_m_s": round(float(np.nanmax(found.wind.gust_m_s[found.towns])), 1),
        "beaufort": int(found.wind.beaufort[found.towns].max()),
        "people": at_grades(grades, ground.population[found.towns]),
        "model": WIND.id,
        "maturity": "screening",  # verified over the sea; over a city its land ratio is an assumption
    }


def _inputs(tx: Tx, city: City, found: _Result) -> dict[str, JSON]:
    """Return on what a forecast rests, flat, so that a screen can list it."""
    advice = found.advice
    chosen = factors(tx.catalog)
    return {
        **found.driven.inputs,
        "rain_factors": [chosen[bound][0] for bound in BOUNDS],
        "drain_factors": [chosen[bound][1] for bound in BOUNDS],
        "terrain_synthetic": city.terrain.synthetic,
        "cyclone": None if advice is None else advice["id"],
        "cyclone_source": None if advice is None else advice["source"],
        "cyclone_synthetic": False if advice is None else advice["synthetic"],
        "catalog": tx.catalog.fingerprint,
    }


def _keep(
    tx: Tx, forecast: str, area: str, city: City, ground: Ground, found: _Result, told: Mapping[str, JSON]
) -> None:
    """Write the forecast, its towns, its assets and its footprint."""
    row = {"id": forecast, "seq": tx.seq, "area": area, "at": tx.now, "grade": told["grade"], "told": plain(told)}
    row |= {"valid_from": told["valid_from"], "valid_to": told["valid_to"], "inputs": plain(_inputs(tx, city, found))}
    tx.conn.execute(sa.insert(forecasts).values(row))
    codes = city.terrain.towns.code
    tx.conn.execute(sa.insert(forecast_towns), [_town(forecast, str(codes[r]), found, r) for r in found.towns.tolist()])
    if len(found.hit.row):
        grade = tx.catalog.grades["impact_ponding_depth"].grade
        rows = [_asset(forecast, city, found.hit, n) for n in range(len(found.hit.row))]
        tx.conn.execute(sa.insert(forecast_assets), [r | {"grade": grade(r["depth_m"])} for r in rows])
    wet = np.isin(ground.spot_town, found.towns) & (found.ponded.depth_m[1] > 0)
    packed = _pack(ground.bluespots.cell[wet], found.ponded.depth_m[1, wet])
    tx.conn.execute(sa.insert(footprints).values(forecast=forecast, area=area, packed=packed))


def _town(forecast: str, code: str, found: _Result, row: int) -> dict[str, Any]:
    harm, wind = found.harm, found.wind
    blows = wind is not None and not np.isnan(wind.gust_m_s[row])
    rain = found.driven.fallen_mm[:, row].sum() + found.driven.expected_mm[:, row].sum()
    return {
        "forecast": forecast,
        "area": code,
        "grade": harm.grade[row],
        **_spread(harm.people[:, row]),
        "critical_assets": int(harm.critical[row]),
        "max_depth_m": round(float(harm.max_depth_m[row]), 2),
        "flooded_km2": round(float(harm.flooded_km2[row]), 3),
        "rain_mm": round(float(rain), 1),
        "gust_m_s": round(float(wind.gust_m_s[row]), 1) if wind is not None and blows else None,
        "beaufort": int(wind.beaufort[row]) if wind is not None and blows else None,
        "wind_grade": wind.grade[row] if wind is not None else None,
    }


def _asset(forecast: str, city: City, hit: Touched, number: int) -> dict[str, Any]:
    row = int(hit.row[number])
    known = {
        "forecast": forecast,
        "asset": str(city.assets.id[row]),
        "type": str(city.assets.type[row]),
        "area": str(city.assets.area[row]),
        "depth_m": round(float(hit.depth_m[number]), 2),
        "critical": bool(hit.critical[number]),
    }
    harm = hit.harm[:, number]
    return known | {b: None if np.isnan(v) else round(float(v), 3) for b, v in zip(BOUNDS, harm, strict=True)}


def _pack(cell: Ints, depth_m: Floats) -> bytes:
    stored = io.BytesIO()
    centimetres = np.round(depth_m * 100).astype(np.int16)
    np.savez_compressed(stored, cell=cell.astype(np.int32), depth_cm=centimetres)
    return stored.getvalue()


def _spread(values: Floats) -> dict[str, int]:
    return {bound: round(float(value)) for bound, value in zip(BOUNDS, values, strict=True)}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


ACTIONS = {"forecast.run": Action("forecast.run", RunForecast, run)}
