"""Other tracks that a cyclone may take by a forecast, and the cone that holds its centre in two cases of three.

Members err along the track and across it by two independent normal errors of one size, so that the distance of the
centre from its forecast is Rayleigh distributed: of mean sigma sqrt(pi / 2), below sigma sqrt(2 ln 3) in two cases of
three. Sigma follows from the mean position error that the forecasters' verification gives for each lead time. Errors of
one member go together from lead to lead, less the further these are apart. The greatest wind errs alike, by a normal
error of the mean size given, and the pressure's deficit with the square of that wind.

The cone is the area swept by circles that hold two thirds of the errors, as the National Hurricane Center draws it
(NHC). It is that of the centre, not of the wind, and not of the whole track.

References
----------
NHC: Definition of the NHC track forecast cone, nhc.noaa.gov/aboutcone.shtml.
H08: Holland (2008), A revised hurricane pressure-wind model, Mon. Wea. Rev. 136, 3432-3445 (wind as the square root of
the deficit, for one shape of the vortex).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

from anlan.science.arrays import Floats, floats
from anlan.science.geodesy import EARTH_RADIUS_M, bearing_deg
from anlan.science.track import Track, interpolate
from anlan.science.vortex import b_holland_2008, vmax_holland_2008_m_s

_TWO_THIRDS = math.sqrt(2 * math.log(3)) / math.sqrt(math.pi / 2)
"""Radius that holds two thirds of the errors over the mean error: the Rayleigh distribution."""

_LEAST_DEFICIT = 0.1  # of the forecast's: a member's storm weakens, it does not turn into a high
_CORNERS = 48


@dataclass(frozen=True)
class Errors:
    """How far forecasts of a kind have been off, by lead time; between leads linear, beyond them on the last slope.

    Attributes
    ----------
    lead_s : (k,) array
        Rising from 0; two or more.
    position_m : (k,) array
        Mean distance of the centre from its forecast.
    wind_m_s : (k,) array
        Mean size of the error of the greatest wind.
    memory_s : float
        Time after which the errors of one forecast have e^-1 in common.

    Raises
    ------
    ValueError
        If lengths differ, leads do not rise, or an error or the memory is negative.
    """

    lead_s: Floats
    position_m: Floats
    wind_m_s: Floats
    memory_s: float

    def __post_init__(self) -> None:
        if len(self.lead_s) < 2 or any(c.shape != self.lead_s.shape for c in (self.position_m, self.wind_m_s)):
            raise ValueError("errors: need two leads or more, and columns of one length")
        if not np.all(np.diff(self.lead_s) > 0) or min(self.position_m.min(), self.wind_m_s.min()) < 0:
            raise ValueError("errors: leads must rise, and no error be negative")
        if not self.memory_s > 0:
            raise ValueError("errors: memory_s must be above zero")

    def at(self, column: Floats, lead_s: npt.ArrayLike) -> Floats:
        """Return a column at some leads; 0 before the forecast was made."""
        lead = floats(lead_s)
        slope = (column[-1] - column[-2]) / (self.lead_s[-1] - self.lead_s[-2])
        beyond = np.maximum(lead - self.lead_s[-1], 0) * slope
        return floats(np.where(lead < 0, 0.0, np.maximum(np.interp(lead, self.lead_s, column) + beyond, 0)))


def members(track: Track, issued_s: float, errors: Errors, count: int, rng: np.random.Generator) -> tuple[Track, ...]:
    """Return tracks that the cyclone may take; fixes from before the forecast are as they are.

    Parameters
    ----------
    track : Track
        Observed and forecast.
    issued_s : float
        When the forecast was made: lead 0, in the track's time.
    errors : Errors
        Of forecasts of this kind.
    count : int
        How many.
    rng : numpy.random.Generator
        What chance there is.

    Returns
    -------
    tuple of Track
        With the times of the track; its wind where known errs too.
    """
    lead = track.time_s - issued_s
    spread_m = errors.at(errors.position_m, lead) / math.sqrt(math.pi / 2)
    spread_m_s = errors.at(errors.wind_m_s, lead) * math.sqrt(math.pi / 2)  # mean size of a normal error: half-normal
    strength = _strength_m_s(track)
    tracks = []
    for draw in _together(track.time_s, errors.memory_s, count, rng):
        lon, lat = _moved(track.lon, track.lat, heading_deg(track), draw[0] * spread_m, draw[1] * spread_m)
        wind = np.maximum(strength + draw[2] * spread_m_s, 0)
        factor = np.clip((wind / np.maximum(strength, 1.0)) ** 2, _LEAST_DEFICIT, None)  # H08
        deficit = np.maximum(track.outer_hpa - track.pressure_hpa, 0)
        pressure = np.where(lead < 0, track.pressure_hpa, track.outer_hpa - deficit * factor)
        tracks.append(
            replace(
                track,
                lon=lon,
                lat=lat,
                pressure_hpa=floats(np.where(deficit > 0, pressure, track.pressure_hpa)),
                wind_m_s=floats(np.maximum(track.wind_m_s + draw[2] * spread_m_s, 0)),
            )
        )
    return tuple(tracks)


def radius_m(errors: Errors, lead_s: npt.ArrayLike) -> Floats:
    """Return the radius of the circle that holds the centre in two cases of three, at some leads."""
    return floats(errors.at(errors.position_m, lead_s) * _TWO_THIRDS)


def cone(track: Track, issued_s: float, errors: Errors, *, every_s: float = 10_800.0) -> tuple[Floats, Floats, Floats]:
    """Return the circles whose swept area is the cone: longitude and latitude of their centres, and their radii (m).

    They stand every ``every_s`` from when the forecast was made (or the first fix) to the last fix; none where the
    track ended before.
    """
    begin = max(issued_s, float(track.time_s[0]))
    end = float(track.time_s[-1])
    times = np.append(np.arange(begin, end, every_s), end) if begin <= end else np.zeros(0)
    now = interpolate(track, times)
    return now.lon, now.lat, radius_m(errors, times - issued_s)


def outline(lon: npt.ArrayLike, lat: npt.ArrayLike, radius: npt.ArrayLike) -> Floats:
    """Return the outer ring of the area that circles sweep from one to the next: the cone, for a map.

    Parameters
    ----------
    lon, lat, radius : (c,) arrays
        Circles, in order (`cone`): degrees and m.

    Returns
    -------
    (k, 2) array
        Longitude and latitude, closed; longitudes run on beyond 180 where the track crosses it. Empty without circles.
    """
    lons, lats, radii = np.unwrap(floats(lon), period=360), floats(lat), floats(radius)
    if not len(lons):
        return np.zeros((0, 2))
    around = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    rings = []
    for x, y, r in zip(lons, lats, radii, strict=True):
        ring_lon, ring_lat = _moved(x, y, 0.0, r * np.cos(around), r * np.sin(around))
        rings.append(np.column_stack([x + (ring_lon - x + 180) % 360 - 180, ring_lat]))
    pairs = [np.concatenate(pair) for pair in pairwise(rings)] or rings
    swept = shapely.union_all([shapely.MultiPoint(points).convex_hull for points in pairs])
    # Neighbouring hulls share a circle, so that the union is of one piece.
    return floats(shapely.get_coordinates(shapely.get_exterior_ring(swept)))


def heading_deg(track: Track) -> Floats:
    """Return where the storm is going at each fix: from the fix before to the one after."""
    before, after = np.arange(len(track.time_s)) - 1, np.arange(len(track.time_s)) + 1
    before, after = np.maximum(before, 0), np.minimum(after, len(track.time_s) - 1)
    return bearing_deg(track.lon[before], track.lat[before], track.lon[after], track.lat[after])


def _strength_m_s(track: Track) -> Floats:
    """Return the greatest wind of the track, or where it has none that of its pressure (H08)."""
    now = interpolate(track, track.time_s)
    shape = b_holland_2008(now.deficit_hpa, trend_hpa_h=now.trend_hpa_h, lat=now.lat, motion_m_s=now.motion_m_s)
    return np.where(np.isnan(track.wind_m_s), vmax_holland_2008_m_s(now.deficit_hpa, shape), track.wind_m_s)


def _together(time_s: Floats, memory_s: float, count: int, rng: np.random.Generator) -> Iterator[Floats]:
    """Return (3, t) standard normal numbers of each member: those of neighbouring times have much in common."""
    keep = np.exp(-np.diff(time_s) / memory_s)
    for _ in range(count):
        fresh = rng.standard_normal((3, len(time_s)))
        draw = fresh.copy()
        for k, share in enumerate(keep):
            draw[:, k + 1] = share * draw[:, k] + math.sqrt(1 - share**2) * fresh[:, k + 1]
        yield draw


def _moved(
    lon: npt.ArrayLike, lat: npt.ArrayLike, heading: npt.ArrayLike, along_m: Floats, across_m: Floats
) -> tuple[Floats, Floats]:
    """Return points moved along a heading and across it (to its right), on the great circle."""
    arc = np.hypot(along_m, across_m) / EARTH_RADIUS_M
    way = np.radians(floats(heading)) + np.arctan2(across_m, along_m)
    lam, phi = np.radians(floats(lon)), np.radians(floats(lat))
    sine = np.clip(np.sin(phi) * np.cos(arc) + np.cos(phi) * np.sin(arc) * np.cos(way), -1, 1)
    east = np.arctan2(np.sin(way) * np.sin(arc) * np.cos(phi), np.cos(arc) - np.sin(phi) * sine)
    return floats(np.degrees(lam + east)), floats(np.degrees(np.arcsin(sine)))
