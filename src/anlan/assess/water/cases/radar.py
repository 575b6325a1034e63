"""Rain of a radar or a nowcast: NetCDF with time, y and x, by the CF conventions.

On a grid in the case's CRS it is taken as it is; on one in degrees it is looked up, see `lonlat`.
"""

from datetime import UTC
from typing import Any

import netCDF4
import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.lonlat import blocks_of
from anlan.assess.water.cases.rain_shapes import HEAVIEST_MM_H, Radar
from anlan.assess.water.cases.rasters import same
from anlan.science.arrays import Floats, floats
from anlan.science.flood import rainfall

MOST_VALUES = 500_000_000
"""A bound against a slip in the file's name: 4 GB of rates."""

_RATES = {"mm/h": 1.0, "mm h-1": 1.0, "mm hr-1": 1.0, "mm/hr": 1.0, "mm s-1": 3600.0, "kg m-2 s-1": 3600.0}
_RATES |= {"m s-1": 3.6e6, "mm_h": 1.0}
_DEPTHS = {"mm": 1.0, "kg m-2": 1.0, "m": 1000.0}
_EPOCH = "seconds since 1970-01-01 00:00:00"
_EVEN = 1e-3  # of a cell: by how much the sides of cells may differ


def read_radar(
    draft: Draft, given: Radar, frame: Frame, ground: rainfall.Frame, spot: Spot, findings: Findings
) -> rainfall.Rainfall:
    """Return the rain of a NetCDF file.

    Raises
    ------
    RefusedError
        If the file, its variable, axes, CRS, unit or values do not do, or it does not reach over the grid.
    """
    path = draft.file(given.file)
    if not path.exists():
        raise (spot / "file").refused("file.missing", given.file)
    try:
        held = netCDF4.Dataset(path)
    except OSError as error:
        raise (spot / "file").refused("file.unreadable", given.file, error) from None
    with held:
        if given.variable not in held.variables:
            raise (spot / "variable").refused("variable.unknown", given.variable, *held.variables)
        variable = held.variables[given.variable]
        if variable.ndim != 3:
            raise (spot / "variable").refused("radar.axes", given.variable, *variable.dimensions)
        if np.prod(variable.shape) > MOST_VALUES:
            raise (spot / "variable").refused("radar.too_many", int(np.prod(variable.shape)), MOST_VALUES)
        stated = _crs(held, variable, frame, spot, findings)
        y, x = _axes(held, variable, spot)
        edges = _edges(held, variable, draft, given, spot)
        values = np.ma.filled(variable[:].astype(np.float64), np.nan)
        unit = given.measure or str(getattr(variable, "units", "")).strip()
    found = _rates(values, edges, unit, given, spot)
    if stated.is_geographic:
        blocks = blocks_of(y, x, stated, frame.crs, ground, nearest=given.fill == "nearest")
        if blocks is None:
            raise (spot / "file").refused("radar.not_covering", given.file)
        radar, found = blocks.frame, blocks.filled(found)
    else:
        side_x, side_y = float(x[1] - x[0]), float(y[1] - y[0])
        found = found[:, ::-1] if side_y > 0 else found
        corner = float(x[0]) - side_x / 2, float(y.max()) + abs(side_y) / 2
        radar = rainfall.Frame(*corner, side_x, abs(side_y), len(y), len(x))
        if not radar.covers(ground):
            raise (spot / "file").refused("radar.not_covering", given.file)
    try:
        return rainfall.radar(edges, found, radar, ground, fill=given.fill)
    except ValueError as error:
        raise (spot / "file").refused("radar.refused", given.file, error) from None


def _crs(held: Any, variable: Any, frame: Frame, spot: Spot, findings: Findings) -> CRS:
    """Return the CRS of the rain: that of its grid mapping, else WGS 84 for degrees and the case's own for metres."""
    units = [str(getattr(held.variables.get(name), "units", "")) for name in variable.dimensions[1:]]
    in_degrees = all(unit.startswith("degree") for unit in units)
    mapping = held.variables.get(getattr(variable, "grid_mapping", ""))
    wkt = None if mapping is None else getattr(mapping, "crs_wkt", getattr(mapping, "spatial_ref", None))
    if wkt is None:
        taken = CRS.from_epsg(4326) if in_degrees else frame.crs
        findings.note(spot / "file", "radar.no_crs", spot.key, taken.to_string()[:60])
        return taken
    try:
        stated = CRS.from_wkt(wkt)
    except CRSError as error:
        raise (spot / "file").refused("crs.unknown", wkt[:60], error) from None
    if in_degrees != stated.is_geographic and any(units):
        raise (spot / "file").refused("radar.units_and_crs", ", ".join(units), stated.to_string()[:60])
    if not stated.is_geographic and not same(stated, frame.crs):
        raise (spot / "file").refused("crs.differs", spot.key, stated.to_string()[:60], frame.crs.to_string()[:60])
    return stated


def _axes(held: Any, variable: Any, spot: Spot) -> tuple[Floats, Floats]:
    """Return the middles of rows and columns, which must be even, and columns must run eastwards."""
    axes = []
    for name in variable.dimensions[1:]:
        if name not in held.variables or len(held.variables[name]) < 2:
            raise (spot / "variable").refused("radar.axes", name, *variable.dimensions)
        place = floats(held.variables[name][:])
        steps = np.diff(place)
        if steps[0] == 0 or not np.allclose(steps, steps[0], rtol=_EVEN, atol=0):
            raise (spot / "variable").refused("radar.uneven", name, steps.min(), steps.max())
        axes.append(place)
    y, x = axes
    if x[1] < x[0]:
        raise (spot / "variable").refused("radar.uneven", variable.dimensions[2], x[1] - x[0])
    return y, x


def _edges(held: Any, variable: Any, draft: Draft, given: Radar, spot: Spot) -> Floats:
    name = variable.dimensions[0]
    axis = held.variables.get(name)
    units = "" if axis is None else str(getattr(axis, "units", ""))
    if " since " not in units or draft.case.time is None:
        raise (spot / "variable").refused("radar.time", name, units)
    calendar = getattr(axis, "calendar", "standard")
    try:
        moments = netCDF4.num2date(axis[:], units, calendar)
        begin = netCDF4.date2num(draft.case.time.begin.astimezone(UTC).replace(tzinfo=None), _EPOCH, calendar)
        seconds = floats(netCDF4.date2num(moments, _EPOCH, calendar)) - float(begin)
    except ValueError as error:
        raise (spot / "variable").refused("radar.time", name, units, error) from None
    if len(seconds) < 2:
        raise (spot / "variable").refused("rain.one_row", given.file)
    if given.marks == "begin":
        return np.append(seconds, 2 * seconds[-1] - seconds[-2])
    return np.concatenate([[2 * seconds[0] - seconds[1]], seconds])


def _rates(values: Floats, edges: Floats, unit: str, given: Radar, spot: Spot) -> Floats:
    at = spot / "variable"
    if unit in _RATES:
        found = values * _RATES[unit]
    elif unit in _DEPTHS:
        found = values * _DEPTHS[unit] / (np.diff(edges)[:, None, None] / 3600)
    else:
        raise at.refused("radar.unit", unit, *_RATES, *_DEPTHS)
    if given.blind_mm_h is None and np.isnan(found).any():
        raise at.refused("radar.blind", int(np.isnan(found).sum()), found.size)
    found = found if given.blind_mm_h is None else np.where(np.isnan(found), given.blind_mm_h, found)
    low, high = float(found.min()), float(found.max())
    if low < 0 or high > HEAVIEST_MM_H:
        raise at.refused("radar.range", low if low < 0 else high, HEAVIEST_MM_H)
    return found
