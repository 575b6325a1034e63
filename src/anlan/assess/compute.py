"""A forecast's numbers: from rain, tide and cyclone to water and wind, to people and assets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from anlan.assess import cyclones
from anlan.assess.forcing import Forcing, Hours, forcing, hours_of
from anlan.assess.ground import Ground
from anlan.assess.harm import Touched, TownHarm, touched, town_harm
from anlan.assess.water import policy, surface
from anlan.assess.water.district import District, district_of
from anlan.assess.water.drainage import Drainage
from anlan.assess.water.flooding import Coarse, Flooding, together
from anlan.assess.water.members import Job, Surface, run_member, run_members
from anlan.assess.water.observed import Correction, corrected, watched_cells
from anlan.assess.water.rain import expected, fallen
from anlan.assess.water.runner import spread
from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Reader
from anlan.science.arrays import Floats, Ints, floats

_MINUTE_S = 60.0


@dataclass(frozen=True)
class Result:
    """Everything that a run found, for its tables and its entry; ``towns`` are rows of the terrain's towns."""

    area: str
    hours: Hours
    driven: Forcing
    begun: Surface
    now: Surface
    correction: Correction
    water: Flooding
    hit: Touched
    harm: TownHarm
    wind: cyclones.TownWind | None
    advice: Mapping[str, Any] | None
    towns: Ints
    population: Floats


def compute(reader: Reader, city: City, ground: Ground, area: str) -> Result:
    """Run the ensemble for an area and put together what it touches."""
    hours = hours_of(reader.catalog, reader.now)
    driven = forcing(reader, city, ground, hours)
    towns = towns_of(ground, area)
    district = district_of(city, towns)
    drainage = policy.drainage(reader.catalog, city.terrain.towns, ground, hours, driven.outfall_m)
    begun = _begin(reader, area, district, hours, driven)
    correction, now = corrected(reader, city, district, _carried(reader, district, drainage, begun, hours, driven))
    water = _flooding(reader, city, ground, district, drainage, now, hours, driven)
    hit = touched(reader.catalog, city.assets, water, np.isin(ground.asset_town, towns))
    harm = town_harm(reader.catalog, city.assets, ground, water, hit)
    advice = cyclones.newest_advice(reader)
    wind = None
    if advice is not None:
        track = cyclones.track_of(reader.catalog, advice)
        times = np.append(hours.now_s, hours.starts_s[hours.starts_s > hours.now_s])
        wind = cyclones.town_wind(reader.catalog, track, ground, times)
    return Result(area, hours, driven, begun, now, correction, water, hit, harm, wind, advice, towns, ground.population)


def towns_of(ground: Ground, area: str) -> Ints:
    """Return the rows of the towns within an area, or of the town that holds it."""
    prefix = jurisdiction(area)
    return np.array(
        [row for code, row in ground.town_row.items() if prefix.startswith(code) or code.startswith(prefix)]
    )


def _begin(reader: Reader, area: str, district: District, hours: Hours, driven: Forcing) -> Surface:
    """Return the water of the last forecast; else dry land at the beginning of the rain."""
    since = float(hours.starts_s[0])
    kept = surface.load(reader, area, district, since, hours.now_s)
    return kept or surface.dry(district, fallen(hours, driven).first_rain_s)


def _carried(
    reader: Reader, district: District, drainage: Drainage, begun: Surface, hours: Hours, driven: Forcing
) -> Surface:
    """Carry the water on from where it was known last to now, under the rain observed since."""
    if begun.at_s >= hours.now_s:
        return begun
    nothing = np.zeros(0)
    control = policy.members(reader.catalog)[0]
    physics = policy.physics(reader.catalog)
    rain = fallen(hours, driven).since(begun.at_s)
    job = Job(district, drainage, physics, begun, rain, control, nothing, np.zeros(0, np.int64), nothing, np.inf)
    return run_member(job).end


def _flooding(
    reader: Reader,
    city: City,
    ground: Ground,
    district: District,
    drainage: Drainage,
    now: Surface,
    hours: Hours,
    driven: Forcing,
) -> Flooding:
    catalog = reader.catalog
    frames, looks = (_moments(hours, float(catalog.setting(f"forecast.{name}_min"))) for name in ("frame", "look"))
    factor = int(catalog.setting("forecast.member_coarsening"))
    wide = district.coarse(factor)
    watched = watched_cells(reader, city)
    watched = watched[district.local(watched) >= 0]
    here = district.local(watched)
    rows, columns = np.divmod(here, district.shape[1])
    surface_of_wide = replace(now, depth_m=np.nan_to_num(district.block_mean(now.depth_m, factor)))
    job = Job(
        district,
        drainage,
        policy.physics(catalog),
        now,
        expected(hours, driven),
        policy.members(catalog)[0],
        frames,
        here,
        looks,
        float(catalog.setting("forecast.arrival_m")),
    )
    there = rows // factor * wide.shape[1] + columns // factor
    common = replace(job, district=wide, surface=surface_of_wide, watched=there)
    common = replace(common, frames_s=frames[:0], arrival_m=np.inf)
    runs, failures = run_members([job, *(replace(common, member=member) for member in policy.members(catalog))], spread)
    return together(
        district,
        runs[0],
        Coarse(factor, tuple(runs[1:]), tuple(failures)),
        thresholds_m=policy.thresholds_m(catalog),
        frames_s=frames,
        watched=watched,
        looks_s=looks,
        asset_cell=ground.asset_cell,
        least_m=float(catalog.setting("forecast.shown_m")),
    )


def _moments(hours: Hours, every_min: float) -> Floats:
    """Return moments after now, evenly, up to the end of the forecast."""
    count = int((hours.end_s - hours.now_s) // (every_min * _MINUTE_S))
    return floats(hours.now_s + np.arange(1, count + 1) * every_min * _MINUTE_S)


def moment(seconds: float) -> datetime:
    """Return seconds since 1970 as a moment."""
    return datetime.fromtimestamp(seconds, UTC)


def refresh_after(catalog: Catalog) -> timedelta:
    """Return how soon a forecast is made anew while rain lasts."""
    return timedelta(minutes=float(catalog.setting("forecast.refresh_min")))
