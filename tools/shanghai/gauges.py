"""Instruments: three real tide stations (places approximate), all else synthetic; and the sensors they carry."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from shanghai.areas import Row
from shanghai.assets import SCRIPT, Asset, locate, points_inside, rng_of
from shanghai.waters import WATERS

WIND_STATIONS = 64  # a guess of the order (G)
DATUM = "Wusong"

# Real stations; the places are read off a map to some hundreds of metres (G).
TIDE_GAUGES = (
    ("tide_gauge-huangpu_park", "黄浦公园", "Huangpu Park", 121.4874, 31.2446),
    ("tide_gauge-wusong", "吴淞口", "Wusong", 121.5020, 31.3905),
    ("tide_gauge-mishidu", "米市渡", "Mishidu", 121.2320, 30.9655),
)


@dataclass(frozen=True)
class Channel:
    """A quantity that a kind of instrument measures, with its unit and how often it reports."""

    quantity: str
    unit: str
    period_s: int


CHANNELS: dict[str, tuple[Channel, ...]] = {
    "water_gauge": (Channel("water_level", "m", 300),),
    "tide_gauge": (Channel("tide_level", "m", 300),),
    "rain_gauge": (Channel("rain_rate", "mm_h", 300), Channel("rain_1h", "mm", 300), Channel("rain_6h", "mm", 300)),
    "wind_station": (Channel("wind_speed", "m_s", 300), Channel("wind_gust", "m_s", 300)),
    "underpass": (Channel("ponding_depth", "m", 300),),
}


def gauges(towns: list[Row], seed: int) -> list[Asset]:
    """Return all instruments that stand by themselves; ponding is measured at the low spots themselves."""
    return [*_tide(towns), *_rain(towns, seed), *_wind(towns, seed), *_water(towns, seed)]


def _tide(towns: list[Row]) -> list[Asset]:
    codes = locate(towns, [row[3] for row in TIDE_GAUGES], [row[4] for row in TIDE_GAUGES])
    made = []
    for (id_, zh, en, lon, lat), code in zip(TIDE_GAUGES, codes, strict=True):
        attributes = {"datum": DATUM, "place_approximate": True}
        made.append(
            Asset(
                id_, "tide_gauge", f"{zh}潮位站", f"{en} Tide Station", lon, lat, code or "", attributes, False,
                "general knowledge",
            )
        )  # fmt: skip
    return made


def _rain(towns: list[Row], seed: int) -> list[Asset]:
    rng = rng_of(seed, "rain_gauge")
    return [_one("rain_gauge", "雨量站", "Rain Gauge", town, points_inside(town.geometry, 1, rng)[0]) for town in towns]


def _wind(towns: list[Row], seed: int) -> list[Asset]:
    rng = rng_of(seed, "wind_station")
    area = np.sqrt([town.area_km2 or 0 for town in towns])
    chosen = sorted(rng.choice(len(towns), WIND_STATIONS, replace=False, p=area / area.sum()))
    return [
        _one("wind_station", "风速站", "Wind Station", towns[i], points_inside(towns[i].geometry, 1, rng)[0])
        for i in chosen
    ]


def _water(towns: list[Row], seed: int) -> list[Asset]:
    """One gauge to a town: on the longest waterway inside it, else on an unnamed inner river somewhere in it."""
    rng = rng_of(seed, "water_gauge")
    made = []
    for town in towns:
        shape = town.geometry
        inside = [(w, shapely.intersection(w.geometry, shape)) for w in WATERS]
        water, line = max(inside, key=lambda pair: pair[1].length)
        if line.length > 0.005:
            longest = max(shapely.get_parts(line), key=lambda part: part.length)
            point = longest.interpolate(0.5, normalized=True)
            place = np.round([point.x, point.y], 5)
            attributes = {"datum": DATUM, "river": water.id, "river_zh": water.zh, "river_en": water.en}
        else:
            place, attributes = points_inside(shape, 1, rng)[0], {"datum": DATUM}
        made.append(_one("water_gauge", "水位站", "Water Gauge", town, place, attributes))
    return made


def _one(type_: str, zh: str, en: str, town: Row, place: Any, attributes: dict[str, Any] | None = None) -> Asset:
    lon, lat = place
    return Asset(
        f"{type_}-{town.code}-1", type_, f"{town.zh}{zh}", f"{town.en} {en}", float(lon), float(lat), town.code,
        attributes or {}, True, SCRIPT,
    )  # fmt: skip


def sensors(assets: list[Asset]) -> pa.Table:
    """Return one row for each quantity that an instrument measures."""
    rows = [
        (f"{a.id}:{c.quantity}", a.id, c.quantity, c.unit, c.period_s, a.area, a.lon, a.lat)
        for a in sorted(assets, key=lambda asset: (asset.type, asset.area, asset.id))
        for c in CHANNELS.get(a.type, ())
    ]
    names = ("id", "asset", "quantity", "unit", "period_s", "area", "lon", "lat")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
