"""Levels of the sea at the city's tide stations: harmonic tide, and the surge of the cyclone that an advice tells of.

The surge is that of a shelf in one dimension (`anlan.science.surge`) under the wind and pressure of the advice's track,
and of other tracks within its errors (`anlan.science.cone`): these give a low and a high level around the best one. It
goes up the river to a station as the tide does, with a factor and later. The tide's own error is not in the spread.

The tide is held to what its station told: its mean level is moved by the mean difference, unless after that the
constants explain the readings no better than a level that does not move.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from anlan.assess.cyclones import newest_advice, track_of
from anlan.catalog.catalog import Catalog
from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.science.arrays import Floats, floats
from anlan.science.cone import Errors, members
from anlan.science.geodesy import EARTH_RADIUS_M
from anlan.science.surge import Shelf, Weather, stress_m2_s2, surge_m
from anlan.science.tide import Harmonic, inverse_barometer_m, tide_m
from anlan.science.track import Track
from anlan.science.vortex import EARTH_TURN_RAD_S
from anlan.science.wind import wind_field
from anlan.sense import queries as sense

HOUR_S = 3600.0
_TIDE = "tide_level"
_WEATHER_S = 1800.0
"""Between two fields of wind; a storm moves less than its radius of greatest wind in that time."""
_WIND_KM = (0, 10, 20, 30, 45, 60, 80, 105, 135, 170, 210, 260, 320, 390, 470, 560, 660)
"""Distances from the shore at which there is a wind of its own: dense where the water is shallow."""
_LOOKS = 3
"""How often in an hour the tide is looked at for its highest level."""

Fit = Literal["held", "unheard", "poor"]
"""Whether a station's tide is held to its readings, has too few of them, or does not explain them."""


@dataclass(frozen=True)
class Station:
    """How the tide of a station (an asset) follows that of the reference port."""

    asset: str
    mean_m: float
    factor: float
    later_s: float


@dataclass(frozen=True)
class Policy:
    """What the catalog says of the sea; hashable, so that a surge is computed once."""

    shore: tuple[float, float]
    normal_deg: float
    profile: tuple[tuple[float, float], ...]
    cell_m: float
    bottom_drag: float
    spin_up_s: float
    horizon_s: float
    members: int
    seed: int
    position_error: tuple[tuple[float, float], ...]
    wind_error: tuple[tuple[float, float], ...]
    memory_s: float

    @property
    def errors(self) -> Errors:
        """How far forecasts of cyclones have been off."""
        lead, position_km = np.array(self.position_error).T
        wind_lead, wind = np.array(self.wind_error).T
        return Errors(lead * HOUR_S, position_km * 1e3, np.interp(lead, wind_lead, wind), self.memory_s)


@dataclass(frozen=True)
class Surge:
    """The surge at the shore: (t,) by the advice's track, (m, t) by the others; t may be 0, without a cyclone."""

    time_s: Floats
    best_m: Floats
    members_m: Floats


@dataclass(frozen=True)
class Levels:
    """Levels of one station at (t,) times, m above its gauge's datum; NaN beyond the end of an advice's track.

    Attributes
    ----------
    tide_m, low_m, best_m, high_m : arrays
        The tide alone, and with surge.
    moved_m : float
        By how much the mean level of the tide was moved to hold it to the readings.
    heard_h : int
        Hours with readings.
    fit : str
        What came of holding it to them.
    """

    station: Station
    time_s: Floats
    tide_m: Floats
    low_m: Floats
    best_m: Floats
    high_m: Floats
    moved_m: float
    heard_h: int
    fit: Fit


def rows(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a setting that is a list: commas between rows, blanks within."""
    return tuple(tuple(row.split()) for row in text.split(","))


def policy(catalog: Catalog) -> Policy:
    """Return what the catalog says of the sea."""

    def number(name: str) -> float:
        return float(catalog.setting(f"sea.{name}"))

    def pairs(name: str) -> tuple[tuple[float, float], ...]:
        return tuple((float(a), float(b)) for a, b in rows(str(catalog.setting(f"sea.{name}"))))

    return Policy(
        shore=(number("shore_lon"), number("shore_lat")),
        normal_deg=number("shore_normal_deg"),
        profile=pairs("shelf_profile"),
        cell_m=number("cell_m"),
        bottom_drag=number("bottom_drag"),
        spin_up_s=number("spin_up_h") * HOUR_S,
        horizon_s=number("horizon_h") * HOUR_S,
        members=int(number("members")),
        seed=int(number("seed")),
        position_error=pairs("position_error"),
        wind_error=pairs("wind_error"),
        memory_s=number("error_memory_h") * HOUR_S,
    )


def stations(catalog: Catalog) -> tuple[Station, ...]:
    """Return the stations whose tide the catalog knows."""
    found = rows(str(catalog.setting("sea.stations")))
    return tuple(Station(asset, float(mean), float(factor), float(later) * 60) for asset, mean, factor, later in found)


def harmonic_m(catalog: Catalog, station: Station, time_s: Floats) -> Floats:
    """Return the tide of a station without surge."""
    port = {
        name: Harmonic(float(amplitude) * station.factor, float(lag))
        for name, amplitude, lag in rows(str(catalog.setting("sea.harmonics")))
    }
    return tide_m(time_s - station.later_s, port, mean_m=station.mean_m)


def surge(catalog: Catalog, advice: Mapping[str, Any] | None, *, spread: bool) -> Surge:
    """Return the surge of the cyclone of an advice at the shore; with ``spread`` also that of other tracks."""
    if advice is None:
        return Surge(np.zeros(0), np.zeros(0), np.zeros((0, 0)))
    track = track_of(catalog, advice)
    columns = (track.time_s, track.lon, track.lat, track.pressure_hpa, track.outer_hpa, track.wind_m_s, track.rmax_km)
    own = policy(catalog)
    return _surge(own, tuple(c.tobytes() for c in columns), advice["issued"].timestamp(), own.members if spread else 0)


@lru_cache(maxsize=8)
def _surge(own: Policy, columns: tuple[bytes, ...], issued_s: float, count: int) -> Surge:
    """Compute the surge; the arrays are shared by all who ask, and read-only."""
    track = Track(*(np.frombuffer(column) for column in columns))
    begin = max(float(track.time_s[0]), issued_s - own.spin_up_s)
    end = min(
        float(track.time_s[-1]), issued_s + 2 * own.horizon_s
    )  # until a horizon after it was issued it may be asked
    times = np.append(np.arange(begin, end, _WEATHER_S), end) if begin < end else np.zeros(0)
    if len(times) == 0:
        return Surge(times, times, np.zeros((0, 0)))
    tracks = [track, *members(track, issued_s, own.errors, count, np.random.default_rng(own.seed))]
    shelf, lon, lat = _shelf(own)
    weather = _weather(own, shelf, tracks, times, lon, lat)
    levels = surge_m(
        shelf,
        weather,
        start_m=weather.rest_m[:, 0, :-1],
        bottom_drag=own.bottom_drag,
        coriolis_rad_s=2 * EARTH_TURN_RAD_S * float(np.sin(np.radians(own.shore[1]))),
    )[:, :, 0].copy()
    for array in (times, levels):
        array.flags.writeable = False
    return Surge(times, levels[0], levels[1:])


def _shelf(own: Policy) -> tuple[Shelf, Floats, Floats]:
    """Return the transect, and where its places are (straight on the map: it is short beside the Earth)."""
    away_km, depth_m = np.array(own.profile).T
    cells = int(away_km[-1] * 1e3 / own.cell_m)
    distance = (np.arange(cells + 1) + 0.5) * own.cell_m
    shelf = Shelf(np.interp(distance / 1e3, away_km, depth_m), own.cell_m)
    way, arc = np.radians(own.normal_deg), np.degrees(distance / EARTH_RADIUS_M)
    lat = own.shore[1] + arc * np.cos(way)
    lon = own.shore[0] + arc * np.sin(way) / np.cos(np.radians(lat))
    return shelf, lon, lat


def _weather(own: Policy, shelf: Shelf, tracks: Collection[Track], times: Floats, lon: Floats, lat: Floats) -> Weather:
    """Return what each track's wind and pressure do to the sea; between places with a wind it is linear."""
    near = np.searchsorted(shelf.distance_m, np.array(_WIND_KM) * 1e3)
    places = np.unique(np.append(near[near < len(lon)], len(lon) - 1))
    spread = np.array([np.interp(shelf.distance_m, shelf.distance_m[places], row) for row in np.eye(len(places))])
    fields = []
    for track in tracks:
        blowing = wind_field(track, times, lon[places], lat[places], exposure="at_sea")
        along, across = stress_m2_s2(blowing.speed_m_s, blowing.direction_deg, normal_deg=own.normal_deg)
        rest = inverse_barometer_m(blowing.pressure_hpa, normal_hpa=float(track.outer_hpa[0]))
        fields.append([part @ spread for part in (along, across, rest)])
    along, across, rest = (floats([field[k] for field in fields]) for k in range(3))
    return Weather(times, along, across, rest)


def levels(catalog: Catalog, station: Station, storm: Surge, time_s: Floats, starts_s: Floats, seen: Floats) -> Levels:
    """Return the levels of a station at some times.

    Parameters
    ----------
    time_s : (t,) array
        When.
    starts_s, seen : (hours,) arrays
        Whole hours, and the highest reading in each; NaN where the station was silent.
    """
    tide = harmonic_m(catalog, station, time_s)
    looks = (starts_s[:, None] + (np.arange(_LOOKS) + 1) * HOUR_S / _LOOKS).ravel()
    expected = harmonic_m(catalog, station, looks) + _at_station(station, storm, storm.best_m, looks)
    moved, fit = _held(expected.reshape(-1, _LOOKS).max(axis=1), seen, int(catalog.setting("sea.least_hours")))
    best = _at_station(station, storm, storm.best_m, time_s)
    low = high = best
    if len(storm.members_m):
        others = np.array([_at_station(station, storm, one, time_s) for one in storm.members_m])
        shares = [float(catalog.setting(f"sea.{name}_percent")) for name in ("low", "high")]
        lower, upper = np.percentile(others, shares, axis=0)
        low, high = np.fmin(lower, best), np.fmax(upper, best)
    tide = tide + moved
    heard = int(np.sum(~np.isnan(seen)))
    return Levels(station, time_s, tide, tide + low, tide + best, tide + high, moved, heard, fit)


def _at_station(station: Station, storm: Surge, surge_at_shore: Floats, time_s: Floats) -> Floats:
    """Return the surge at a station: 0 without a storm, NaN beyond the end of its track."""
    if not len(storm.time_s):
        return np.zeros(len(time_s))
    at = time_s - station.later_s
    # A river carries the surge on for as long as it takes, so that a station knows a little more of the future.
    return floats(station.factor * np.interp(at, storm.time_s, surge_at_shore, right=np.nan))


def _held(expected: Floats, seen: Floats, least: int) -> tuple[float, Fit]:
    """Return by how much to move the tide so that it holds to the readings, and whether it does."""
    both = ~np.isnan(expected) & ~np.isnan(seen)
    if both.sum() < least:
        return 0.0, "unheard"
    miss = seen[both] - expected[both]
    if np.std(miss) >= np.std(seen[both]):
        return 0.0, "poor"
    return float(np.mean(miss)), "held"


def heard(reader: Reader, assets: Collection[str]) -> tuple[Floats, dict[str, Floats]]:
    """Return the whole hours before now, and the highest reading of each station in each; NaN where it was silent.

    The levels of the sea are one word for the whole city, like the cyclone: they rest on all its tide gauges, whatever
    the reader's areas.
    """
    whole = replace(reader, scope=Scope((jurisdiction(reader.city.root),)))
    end = reader.now.timestamp() // HOUR_S * HOUR_S
    starts = end + np.arange(-int(reader.catalog.setting("sea.lookback_h")), 0) * HOUR_S
    of = {row["id"]: row["asset"] for row in sense.sensor_list(whole, quantity=_TIDE)}
    seen: dict[str, Floats] = {asset: np.full(len(starts), np.nan) for asset in assets}
    since, until = (datetime.fromtimestamp(s, UTC) for s in (float(starts[0]), end))
    for one in sense.hourly(whole, _TIDE, since, until, "max"):
        if of.get(one.sensor) in seen:
            hour = round((one.hour.timestamp() - float(starts[0])) / HOUR_S)
            seen[of[one.sensor]][hour] = np.fmax(seen[of[one.sensor]][hour], one.value)
    return floats(starts), seen


def outfall_m(reader: Reader, wanted: Mapping[str, Floats], starts_s: Floats) -> dict[str, Floats]:
    """Return the highest expected level in each hour, of the stations whose tide is held to their readings.

    Parameters
    ----------
    wanted : mapping of assets
        The highest reading of each hour, (hours,); NaN where a station was silent.
    starts_s : (hours,) array
        Whole hours.
    """
    asked = [station for station in stations(reader.catalog) if station.asset in wanted]
    if not asked:
        return {}
    storm = surge(reader.catalog, newest_advice(reader), spread=False)
    looks = (starts_s[:, None] + (np.arange(_LOOKS) + 1) * HOUR_S / _LOOKS).ravel()
    found = {}
    for station in asked:
        own = levels(reader.catalog, station, storm, looks, starts_s, wanted[station.asset])
        if own.fit == "held":
            found[station.asset] = own.best_m.reshape(-1, _LOOKS).max(axis=1)
    return found
