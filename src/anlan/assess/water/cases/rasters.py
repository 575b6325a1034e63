"""Rasters of files, laid on the cells of a case.

A raster states its CRS or is taken to be in that of the case (noted); terrain must be in the case's own CRS, other
rasters are brought into it: classes by the nearest cell, quantities bilinearly, finer ones by their mean.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import rasterio
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.warp import reproject, transform_bounds

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.shapes import Raster
from anlan.science.arrays import Floats

_DEGREES_SPAN = 360.0
_LEAST_METRIC_CELL = 0.05
_METRES = {"", "m", "metre", "metres", "meter", "meters"}
_NOISE = 1e-6  # of a cell


def case_crs(draft: Draft) -> CRS:
    """Return the CRS of a case.

    Raises
    ------
    RefusedError
        If nobody knows it, or its unit is not the metre.
    """
    spot = draft.spot / "crs"
    given = draft.case.crs
    try:
        crs = CRS.from_user_input(given)
    except CRSError as error:
        raise spot.refused("crs.unknown", given, str(error).split("\n", maxsplit=1)[0]) from None
    if crs.is_geographic:
        raise spot.refused("crs.degrees", given)
    if not crs.is_projected or any(axis.unit_conversion_factor != 1 for axis in crs.axis_info):
        raise spot.refused("crs.unit", given, ", ".join(sorted({axis.unit_name for axis in crs.axis_info})))
    return _flat(crs)


def _flat(crs: CRS) -> CRS:
    return crs.sub_crs_list[0] if crs.is_compound else crs


def same(one: CRS, other: CRS) -> bool:
    """Tell whether two CRS are one, however they are written; heights of compound ones are not compared."""
    one, other = _flat(one), _flat(other)
    if one.equals(other, ignore_axis_order=True):
        return True
    codes = one.to_epsg(min_confidence=20), other.to_epsg(min_confidence=20)
    return codes[0] is not None and codes[0] == codes[1]


def in_metres(held: Any, raster: Raster, spot: Spot) -> None:
    """Refuse an open raster that says that its values are not metres.

    Raises
    ------
    RefusedError
    """
    unit = (held.units[_band(raster) - 1] or "").strip().lower()
    if unit not in _METRES:
        raise (spot / "file").refused("raster.unit", raster.file, unit)


def _band(raster: Raster) -> int:
    return raster.band or 1


@contextmanager
def opened(draft: Draft, raster: Raster, spot: Spot) -> Iterator[Any]:
    """Open a raster, and refuse one that has no north-up cells or not the band asked for."""
    path = draft.file(raster.file)
    if not path.exists():
        raise (spot / "file").refused("file.missing", raster.file)
    name = f'NETCDF:"{path}":{raster.variable}' if raster.variable else str(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # refused below
            held = rasterio.open(name)
    except RasterioError as error:
        rule, at = ("variable.unknown", "variable") if raster.variable else ("file.unreadable", "file")
        raise (spot / at).refused(rule, raster.variable or raster.file, str(error)) from None
    with held:
        if held.count == 0:
            names = [sub.rpartition(":")[2] for sub in held.subdatasets]
            raise (spot / "variable").refused("variable.needed", raster.file, *names)
        if raster.band is None and held.count > 1:
            raise (spot / "band").refused("raster.bands", raster.file, held.count)
        if (raster.band or 1) > held.count:
            raise (spot / "band").refused("raster.band", raster.band, held.count)
        if held.transform.is_identity:
            raise (spot / "file").refused("raster.no_place", raster.file)
        if held.transform.b or held.transform.d or not held.transform.a > 0 > held.transform.e:
            raise (spot / "file").refused("raster.rotated", raster.file)
        yield held


def crs_of(held: Any, raster: Raster, crs: CRS, spot: Spot, findings: Findings) -> CRS:
    """Return the CRS of an open raster; one that states none is taken to be in the case's own, unless in degrees."""
    if held.crs is not None:
        return CRS.from_wkt(held.crs.to_wkt())
    west, south, east, north = held.bounds
    in_degrees = max(abs(west), abs(south), abs(east), abs(north)) <= _DEGREES_SPAN
    if in_degrees and held.transform.a < _LEAST_METRIC_CELL:
        raise (spot / "file").refused("raster.degrees", raster.file, *advised(None, held.bounds))
    findings.note(spot / "file", "raster.no_crs", raster.file, crs.to_string())
    return crs


def advised(crs: CRS | None, bounds: tuple[float, float, float, float]) -> tuple[str, ...]:
    """Return the UTM zone in the middle of some bounds, WGS 84 where no CRS is known."""
    west, south, east, north = bounds if crs is None else transform_bounds(crs.to_wkt(), "EPSG:4326", *bounds)
    zone = int((west + east) / 2 % 360 + 180) % 360 // 6 + 1
    return (f"EPSG:{(326 if south + north >= 0 else 327) * 100 + zone}",)


def on_frame(
    draft: Draft,
    raster: Raster,
    frame: Frame,
    spot: Spot,
    findings: Findings,
    *,
    classes: bool = False,
    metres: bool = False,
) -> Floats:
    """Return a raster on the cells of a frame, NaN where it has no data.

    Raises
    ------
    RefusedError
        If it cannot be read or has no data on the frame at all.
    """
    with opened(draft, raster, spot) as held:
        if metres:
            in_metres(held, raster, spot)
        crs = crs_of(held, raster, frame.crs, spot, findings)
        finer = crs.is_projected and held.transform.a < frame.dx_m * (1 - _NOISE)
        method = Resampling.nearest if classes else Resampling.average if finer else Resampling.bilinear
        values = laid(held, raster, crs, frame, method, spot)
    if np.isnan(values).all():
        raise (spot / "file").refused("raster.apart", raster.file)
    return values


def laid(held: Any, raster: Raster, crs: CRS, frame: Frame, method: Resampling, spot: Spot) -> Floats:
    """Return a band of an open raster on the cells of a frame, NaN where it has none."""
    values = np.full(frame.shape, np.nan)
    nodata = raster.nodata if raster.nodata is not None else held.nodatavals[_band(raster) - 1]
    try:
        reproject(
            source=rasterio.band(held, _band(raster)),
            destination=values,
            src_crs=crs.to_wkt(),
            src_nodata=nodata,
            dst_transform=frame.transform,
            dst_crs=frame.crs.to_wkt(),
            dst_nodata=np.nan,
            resampling=method,
        )
    except RasterioError as error:
        raise (spot / "file").refused("file.unreadable", raster.file, str(error)) from None
    scale, offset = held.scales[_band(raster) - 1], held.offsets[_band(raster) - 1]
    return values if (scale, offset) == (1.0, 0.0) else values * scale + offset
