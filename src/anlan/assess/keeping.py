"""Write a forecast: its row, its towns, its assets and its footprint."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan.assess.compute import Result, moment
from anlan.assess.footprint import pack
from anlan.assess.model import footprints, forecast_assets, forecast_towns, forecasts
from anlan.assess.telling import BOUNDS, inputs_of, spread
from anlan.city.city import City, city_of
from anlan.kernel.actions import Tx
from anlan.kernel.canonical import JSON, plain


def keep(tx: Tx, forecast: str, found: Result, told: Mapping[str, JSON]) -> None:
    """Write all of a forecast in the act's transaction."""
    city = city_of(tx)
    row = {"id": forecast, "seq": tx.seq, "area": found.area, "at": tx.now, "grade": told["grade"]}
    row |= {"told": plain(told), "inputs": plain(inputs_of(tx.catalog, city, found))}
    row |= {"valid_from": told["valid_from"], "valid_to": told["valid_to"]}
    tx.conn.execute(sa.insert(forecasts).values(row))
    codes = city.terrain.towns.code
    tx.conn.execute(sa.insert(forecast_towns), [_town(forecast, str(codes[r]), found, r) for r in found.towns.tolist()])
    if len(found.hit.row):
        grade = tx.catalog.grades["impact_ponding_depth"].grade
        rows = [_asset(forecast, city, found, n) for n in range(len(found.hit.row))]
        tx.conn.execute(sa.insert(forecast_assets), [r | {"grade": grade(r["depth_m"])} for r in rows])
    packed = pack(found.water, found.hours.now_s)
    tx.conn.execute(sa.insert(footprints).values(forecast=forecast, area=found.area, packed=packed))


def _town(forecast: str, code: str, found: Result, row: int) -> dict[str, Any]:
    harm, wind = found.harm, found.wind
    blows = wind is not None and not np.isnan(wind.gust_m_s[row])
    rain = found.driven.fallen_mm[:, row].sum() + found.driven.expected_mm[:, row].sum()
    return {
        "forecast": forecast,
        "area": code,
        "grade": harm.grade[row],
        **spread(harm.people[:, row]),
        "critical_assets": int(harm.critical[row]),
        "max_depth_m": round(float(harm.max_depth_m[row]), 2),
        "flooded_km2": round(float(harm.flooded_km2[row]), 3),
        "rain_mm": round(float(rain), 1),
        "gust_m_s": round(float(wind.gust_m_s[row]), 1) if wind is not None and blows else None,
        "beaufort": int(wind.beaufort[row]) if wind is not None and blows else None,
        "wind_grade": wind.grade[row] if wind is not None else None,
    }


def _asset(forecast: str, city: City, found: Result, number: int) -> dict[str, Any]:
    hit = found.hit
    row = int(hit.row[number])
    arrival = float(found.water.asset_arrival_s[row])
    known = {
        "forecast": forecast,
        "asset": str(city.assets.id[row]),
        "type": str(city.assets.type[row]),
        "area": str(city.assets.area[row]),
        "depth_m": round(float(hit.depth_m[number]), 2),
        "critical": bool(hit.critical[number]),
        "arrival": None if np.isnan(arrival) else moment(arrival),
        "chance": [round(float(share), 2) for share in found.water.asset_chance[:, row]],
    }
    harm = hit.harm[:, number]
    return known | {b: None if np.isnan(v) else round(float(v), 3) for b, v in zip(BOUNDS, harm, strict=True)}
