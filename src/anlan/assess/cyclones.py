"""What an advice on a cyclone means for the city: its wind in every town, and how far its winds reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan.assess.ground import Ground
from anlan.assess.model import advices
from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import Grade
from anlan.kernel.actions import Reader
from anlan.science.arrays import Floats, Ints, floats
from anlan.science.gusts import Exposure, beaufort
from anlan.science.track import Track, interpolate
from anlan.science.wind import WindField, wind_field

_RINGS_KM = np.arange(10.0, 800.0, 10.0)
_BEARINGS = np.radians(np.arange(0.0, 360.0, 45.0))
_KM_PER_DEGREE = 111.195  # mean radius of the Earth (GRS 80) times pi/180


@dataclass(frozen=True)
class TownWind:
    """Greatest wind of each town between now and the end of a forecast; NaN, -1 and None where there is none."""

    gust_m_s: Floats
    beaufort: Ints
    grade: tuple[Grade | None, ...]


def newest_advice(reader: Reader) -> Mapping[str, Any] | None:
    """Return the advice in force; it is the public word of the forecasters, whatever the reader's areas."""
    query = sa.select(advices).where(advices.c.issued <= reader.now)
    newest = query.order_by(advices.c.issued.desc(), advices.c.id.desc()).limit(1)
    row = reader.conn.execute(newest).mappings().first()
    return None if row is None else dict(row)


def track_of(catalog: Catalog, advice: Mapping[str, Any]) -> Track:
    """Return the track of an advice, observed and expected."""
    points = advice["points"]
    columns = {name: np.array([p[name] for p in points], dtype=np.float64) for name in ("lon", "lat", "pressure_hpa")}
    outer = float(catalog.setting("cyclone.outer_hpa"))
    return Track(
        time_s=np.array([datetime.fromisoformat(p["at"]).timestamp() for p in points]),
        **columns,
        outer_hpa=np.full(len(points), outer),
        wind_m_s=np.array([np.nan if p["wind_m_s"] is None else p["wind_m_s"] for p in points], dtype=np.float64),
        rmax_km=np.full(len(points), np.nan),
    )


def town_wind(catalog: Catalog, track: Track, ground: Ground, times_s: Floats) -> TownWind:
    """Return the greatest wind of each town at some times."""
    blowing = _wind(catalog, track, times_s, ground.town_lon, ground.town_lat)
    # Wind is stated to a tenth before it is graded (GB/T 28591-2012).
    gust = floats(np.round(np.fmax.reduce(blowing.gust_m_s, axis=0), 1))
    mean = np.fmax.reduce(blowing.speed_m_s, axis=0)
    grading = catalog.grades["impact_wind_gust"]
    grades = tuple(None if np.isnan(g) else grading.grade(float(g)) for g in gust)
    return TownWind(gust, beaufort(mean), grades)


def _wind(catalog: Catalog, track: Track, times_s: Floats, lon: Floats, lat: Floats) -> WindField:
    exposure: Exposure = str(catalog.setting("cyclone.exposure"))  # type: ignore[assignment]  # checked by its table
    return wind_field(
        track, times_s, lon, lat, exposure=exposure, land_ratio=float(catalog.setting("cyclone.land_ratio"))
    )


def radii_km(catalog: Catalog, track: Track, at_s: float) -> dict[str, int]:
    """Return how far each of the catalog's Beaufort forces reaches over the sea, a mean of eight bearings."""
    here = interpolate(track, [at_s])
    lat = here.lat[0] + np.outer(_RINGS_KM, np.cos(_BEARINGS)) / _KM_PER_DEGREE
    lon = here.lon[0] + np.outer(_RINGS_KM, np.sin(_BEARINGS)) / _KM_PER_DEGREE / np.cos(np.radians(here.lat[0]))
    force = beaufort(wind_field(track, [at_s], lon.ravel(), lat.ravel(), exposure="at_sea").speed_m_s[0])
    reach = force.reshape(lon.shape)
    wanted = [int(word) for word in str(catalog.setting("cyclone.radii_beaufort")).split(",")]
    far = {b: np.max(np.where(reach >= b, _RINGS_KM[:, None], 0), axis=0).mean() for b in wanted}
    return {str(b): round(float(km)) for b, km in far.items() if km > 0}
