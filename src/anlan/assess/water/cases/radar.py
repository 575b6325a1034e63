"""Rain of a radar or a nowcast: NetCDF with time, y and x, by the CF conventions."""

from datetime import UTC
from typing import Any

import netCDF4
import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, Spot
from anlan.assess.water.cases.frame import Frame
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
        _check_crs(held, variable, frame, spot, findings)
        radar, turned = _frame(held, variable, spot)
        edges = _edges(held, variable, draft, given, spot)
        values = np.ma.filled(variable[:].astype(np.float64), np.nan)
        unit = given.measure or str(getattr(variable, "units", "")).strip()
    values = values[:, ::-1] if turned else values
    found = _rates(values, edges, unit, given, spot)
    try:
        return rainfall.radar(edges, found, radar, ground, fill=given.fill, blind_mm_h=given.blind_mm_h)
    except ValueError as error:
        raise (spot / "file").refused("radar.refused", given.file, error) from None


def _check_crs(held: Any, variable: Any, frame: Frame, spot: Spot, findings: Findings) -> None:
    units = [str(getattr(held.variables.get(name), "units", "")) for name in variable.dimensions[1:]]
    if any(unit.startswith("degree") for unit in units):
        raise (spot / "file").refused("radar.degrees", ", ".join(units))
    mapping = held.variables.get(getattr(variable, "grid_mapping", ""))
    wkt = None if mapping is None else getattr(mapping, "crs_wkt", getattr(mapping, "spatial_ref", None))
    if wkt is None:
        findings.note(spot / "file", "raster.no_crs", spot.key, frame.crs.to_string()[:60])
        return
    try:
        stated = CRS.from_wkt(wkt)
    except CRSError as error:
        raise (spot / "file").refused("crs.unknown", wkt[:60], error) from None
    if not same(stated, frame.crs):
        raise (spot / "file").refused("crs.differs", spot.key, stated.to_string()[:60], frame.crs.to_string()[:60])


def _frame(held: Any, variable: Any, spot: Spot) -> tuple[rainfall.Frame, bool]:
    """Return where the cells stand, and whether the rows begin in the south."""
    axes = []
    for name in variable.dimensions[1:]:
        if name not in held.variables or len(held.variables[name]) < 2:
            raise (spot / "variable").refused("radar.axes", name, *variable.dimensions)
        place = floats(held.variables[name][:])
        steps = np.diff(place)
        if steps[0] == 0 or not np.allclose(steps, steps[0], rtol=_EVEN, atol=0):
            raise (spot / "variable").refused("radar.uneven", name, steps.min(), steps.max())
        axes.append((place, float(place[-1] - place[0]) / (len(place) - 1)))
    (y, dy), (x, dx) = axes
    if dx < 0:
        raise (spot / "variable").refused("radar.uneven", variable.dimensions[2], dx)
    west, north = float(x[0]) - dx / 2, float(y.max()) + abs(dy) / 2
    return rainfall.Frame(west, north, dx, abs(dy), len(y), len(x)), dy > 0


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
    low, high = float(np.nanmin(found)), float(np.nanmax(found))
    if low < 0 or high > HEAVIEST_MM_H:
        raise at.refused("radar.range", low if low < 0 else high, HEAVIEST_MM_H)
    return found
