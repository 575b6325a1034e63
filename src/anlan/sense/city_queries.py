"""Reads of the state of the city: vital signs, the data catalogue, coverage; each within the reader's areas."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from anlan.city.city import City
from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.science.arrays import floats
from anlan.sense.alarming.states import VISIBLE
from anlan.sense.city_state import CityState, OpenAlarm
from anlan.sense.coverage import Cells, Gaps, Reach, blocks, by_town, gaps, hazards_of
from anlan.sense.data_catalogue import Quality, resource_of_sensors, resources
from anlan.sense.model import alarms
from anlan.sense.stream.moments import micros
from anlan.sense.stream.station import Station
from anlan.sense.vital_signs import Reading, readings

_DAY_US = 86_400_000_000


def state_of(reader: Reader) -> CityState:
    """Return the state of all sensors; alarms are those that call or were seen, without the members of others."""
    station = reader.part(Station)
    chosen = (alarms.c.rule, alarms.c.about, alarms.c.quantity, alarms.c.asset_type, alarms.c.area, alarms.c.grade)
    query = sa.select(*chosen).where(
        alarms.c.open.is_(True), alarms.c.active.is_(True), alarms.c.state.in_(VISIBLE), alarms.c.cause.is_(None)
    )
    found = [OpenAlarm(**row) for row in reader.conn.execute(query).mappings()]
    return CityState(reader.catalog, station.registry, station.latest, found, micros(reader.now))


def own_area(reader: Reader, area: str | None) -> str:
    """Return the area that is asked for, or the reader's own.

    Raises
    ------
    Forbidden, NotFound
        If it lies outside the reader's areas, or there is none.
    """
    named = area or reader.scope.prefixes[0].ljust(6, "0")
    if not reader.city.contains(named):
        near = ", ".join(reader.city.near(named))
        raise NotFound("area.unknown", at="area", value=named, params={"near": near})
    reader.require(named)
    return named


@dataclass(frozen=True)
class AreaSigns:
    """The vital signs of one area."""

    area: str
    people: float
    area_km2: float
    readings: Sequence[Reading]


def vital_signs(reader: Reader, area: str | None, *, below: bool) -> list[AreaSigns]:
    """Return the vital signs of an area, and, if asked, of those right below it."""
    named = own_area(reader, area)
    state = state_of(reader)
    codes = [named, *(reader.city.children(named) if below and isinstance(reader.city, City) else ())]
    return [_signs(reader, state, code) for code in codes]


def _signs(reader: Reader, state: CityState, code: str) -> AreaSigns:
    people = area_km2 = float("nan")
    if isinstance(reader.city, City):
        found = reader.city.area(code)
        people = float("nan") if found.population is None else float(found.population)
        area_km2 = float("nan") if found.area_km2 is None else found.area_km2
    return AreaSigns(code, people, area_km2, readings(state, code, people, area_km2))


def data_catalogue(reader: Reader) -> list[tuple[str, Quality | None]]:
    """Return every data resource by its name, with its quality where instruments observe it.

    What has just come is counted when the history has sorted it into hours.
    """
    state, days = state_of(reader), int(reader.catalog.setting("catalogue.quality_days"))
    names = resource_of_sensors(state, state.registry.within(reader.scope))
    counted = reader.part(Station).history.quality(names, state.now_us - days * _DAY_US, state.now_us)
    return [(resource.id, quality) for resource, quality in resources(state, names, counted, days * 86400.0)]


@dataclass(frozen=True)
class TownCover:
    """How many instruments see each hazard in a town."""

    area: str
    name_zh: str
    name_en: str
    area_km2: float | None
    people: int | None
    sensors: dict[str, int]
    heard: dict[str, int]


@dataclass(frozen=True)
class Cover:
    """Coverage of an area."""

    area: str
    hazard: str
    towns: Sequence[TownCover]
    hazards: Sequence[str]
    cell_m: float
    cells: Cells
    gaps: Gaps
    synthetic: bool


def coverage(reader: Reader, area: str | None, hazard: str | None) -> Cover:
    """Return the coverage of an area: counts for every hazard, gaps for one.

    Raises
    ------
    NotFound
        ``coverage.hazard`` if no sector sees this hazard; ``coverage.city`` where the world has no map.
    """
    city = reader.city
    if not isinstance(city, City):
        raise NotFound("coverage.city")
    named, state = own_area(reader, area), state_of(reader)
    known = hazards_of(state.catalog)
    wanted = hazard or known[0]
    if wanted not in known:
        raise NotFound("coverage.hazard", at="hazard", value=wanted, params={"known": ", ".join(known)})
    side_m = float(reader.catalog.setting("coverage.cell_m"))
    cells = _cells(city, named, side_m)
    found = gaps(cells, _places(state, city, wanted))
    towns = _towns(state, city, named)
    return Cover(named, wanted, towns, known, side_m, cells, found, city.terrain.synthetic)


def _towns(state: CityState, city: City, area: str) -> list[TownCover]:
    head = Scope((jurisdiction(area),))
    towns = [town for town in city.areas.levels["town"] if head.covers(town.code)]
    counts = by_town(state, [town.code for town in towns])
    return [
        TownCover(
            town.code,
            town.zh,
            town.en,
            town.area_km2,
            town.population,
            {hazard: int(all_[row]) for hazard, (all_, _) in counts.items()},
            {hazard: int(heard[row]) for hazard, (_, heard) in counts.items()},
        )
        for row, town in enumerate(towns)
    ]


def _places(state: CityState, city: City, hazard: str) -> list[Reach]:
    """Return where the instruments of each sector stand that sees a hazard, and how far they reach."""
    found = []
    for name, sector in state.catalog.sectors.items():
        if hazard in sector.hazards:
            own = state.sector_sensors[name]
            x_m, y_m = city.projection.metres(state.registry.lon[own], state.registry.lat[own])
            found.append(Reach(x_m, y_m, sector.reach_m))
    return found


def _cells(city: City, area: str, side_m: float) -> Cells:
    """Return the blocks of the ground's grid that hold land of an area."""
    terrain, inside = city.terrain, Scope((jurisdiction(area),))
    size = max(1, round(side_m / terrain.cell_m))
    own = np.array([*(inside.covers(code) for code in terrain.towns.code.tolist()), False])
    land = own[terrain.town] & ~terrain.water
    population = [city.areas.area(code).population or 0 for code in terrain.towns.code.tolist()]
    people, count = blocks(np.where(land, terrain.spread(population), 0.0), land, size)
    rows, columns = np.nonzero(count)
    middle = (size - 1) / 2
    lon, lat = terrain.centres(rows * size + middle, columns * size + middle)
    x_m, y_m = city.projection.metres(lon, lat)
    land_km2 = floats(count[rows, columns]) * (terrain.cell_m**2 / 1e6)
    return Cells(lon, lat, x_m, y_m, people[rows, columns], land_km2)
