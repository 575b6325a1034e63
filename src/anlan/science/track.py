"""The track of a tropical cyclone: fixes in time, and what lies between them.

Between two fixes the centre moves along the great circle, and all other quantities are linear in time. Motion and
the trend of pressure are those of the stretch that ends at the time asked for, so that a time on a fix looks back.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, floats
from anlan.science.geodesy import bearing_deg, distance_m


@dataclass(frozen=True)
class Track:
    """Fixes of one cyclone: arrays of one length, of two or more.

    Attributes
    ----------
    time_s : array
        Rising; s since any origin (the Unix epoch, say).
    lon, lat : arrays
        Centre, degrees.
    pressure_hpa, outer_hpa : arrays
        At the centre, and of the last closed isobar or the surroundings.
    wind_m_s : array
        Greatest sustained wind (mean over 1 minute at 10 m); NaN where unknown. Of a track in 10-minute means (JMA,
        `wmo_wind` of the western North Pacific) make it by `anlan.science.gusts.sustained_from_mean_m_s`.
    rmax_km : array
        Radius of the greatest wind; NaN where unknown.

    Raises
    ------
    ValueError
        If lengths differ, there are fewer than two fixes, or times do not rise.
    """

    time_s: Floats
    lon: Floats
    lat: Floats
    pressure_hpa: Floats
    outer_hpa: Floats
    wind_m_s: Floats
    rmax_km: Floats

    def __post_init__(self) -> None:
        columns = (self.lon, self.lat, self.pressure_hpa, self.outer_hpa, self.wind_m_s, self.rmax_km)
        if len(self.time_s) < 2 or any(column.shape != self.time_s.shape for column in columns):
            raise ValueError("track: needs two fixes or more, and columns of one length")
        if not np.all(np.diff(self.time_s) > 0):
            raise ValueError("track: times must rise")


@dataclass(frozen=True)
class Moment:
    """A cyclone at ``t`` times: (t,) arrays with the columns of its track, and how they change.

    Attributes
    ----------
    lon, lat, pressure_hpa, outer_hpa, wind_m_s, rmax_km : arrays
        As of `Track`, interpolated.
    east_m_s, north_m_s : arrays
        Motion of the centre.
    trend_hpa_h : array
        Change of the pressure at the centre.
    """

    lon: Floats
    lat: Floats
    pressure_hpa: Floats
    outer_hpa: Floats
    wind_m_s: Floats
    rmax_km: Floats
    east_m_s: Floats
    north_m_s: Floats
    trend_hpa_h: Floats

    @property
    def deficit_hpa(self) -> Floats:
        """How far the centre is below its surroundings; 0 where it is not."""
        return np.maximum(self.outer_hpa - self.pressure_hpa, 0)

    @property
    def motion_m_s(self) -> Floats:
        """Speed of the centre."""
        return np.hypot(self.east_m_s, self.north_m_s)


def interpolate(track: Track, time_s: npt.ArrayLike) -> Moment:
    """Return the cyclone at (t,) times; NaN before the first fix and after the last."""
    times = np.atleast_1d(floats(time_s))
    end = np.clip(np.searchsorted(track.time_s, times, side="left"), 1, len(track.time_s) - 1)
    start = end - 1
    span = track.time_s[end] - track.time_s[start]
    inside = (times >= track.time_s[0]) & (times <= track.time_s[-1])
    part = np.where(inside, (times - track.time_s[start]) / span, np.nan)
    columns = {
        name: (1 - part) * getattr(track, name)[start] + part * getattr(track, name)[end]
        for name in ("pressure_hpa", "outer_hpa", "wind_m_s", "rmax_km")
    }
    legs = track.lon[start], track.lat[start], track.lon[end], track.lat[end]
    lon, lat = _along(*legs, part)
    speed = np.where(inside, distance_m(*legs) / span, np.nan)
    heading = np.radians(bearing_deg(lon, lat, *_along(*legs, part + 1e-3)))
    fall = track.pressure_hpa[end] - track.pressure_hpa[start]
    return Moment(
        lon=lon,
        lat=lat,
        **columns,
        east_m_s=speed * np.sin(heading),
        north_m_s=speed * np.cos(heading),
        trend_hpa_h=np.where(inside, fall / span * 3600, np.nan),
    )


def _along(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats, part: Floats) -> tuple[Floats, Floats]:
    """Return the point at a part of the way on the great circle (spherical linear interpolation)."""
    begin, end = _unit(lon, lat), _unit(to_lon, to_lat)
    angle = np.arctan2(np.linalg.norm(np.cross(begin, end), axis=-1), np.sum(begin * end, axis=-1))
    angle = np.maximum(angle, 1e-12)  # a storm that stands still stays where it is
    weights = np.sin((1 - part) * angle) / np.sin(angle), np.sin(part * angle) / np.sin(angle)
    x, y, z = np.moveaxis(weights[0][..., None] * begin + weights[1][..., None] * end, -1, 0)
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))


def _unit(lon: Floats, lat: Floats) -> Floats:
    lam, phi = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)
