"""Results as NetCDF by the CF conventions (version 1.11)."""

from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from anlan.assess.water.cases.layers import Layer, PointSeries, Results, masked

CONVENTIONS = "CF-1.11"
_DEFLATE: dict[str, Any] = {"compression": "zlib", "complevel": 1, "shuffle": True}


def write_netcdf(path: Path, results: Results) -> None:
    """Write the maps, the frames and the series into one file."""
    with netCDF4.Dataset(path, "w", format="NETCDF4") as held:
        held.setncatts({"Conventions": CONVENTIONS, **results.about})
        _axes(held, results)
        ground = held.createVariable("bed", "f4", ("y", "x"), fill_value=np.nan, **_DEFLATE)
        _describe(ground, "surface_altitude", "height of the ground, buildings included", "m")
        ground[:] = masked(results.bed_m, results.bed_m)
        for layer in results.layers:
            _layer(held, layer)
        if results.frames is not None:
            _frames(held, results)
        if results.points is not None:
            _points(held, results, results.points)


def _describe(variable: Any, standard: str | None, title: str, unit: str, **more: str) -> None:
    named = {} if standard is None else {"standard_name": standard}
    variable.setncatts({**named, "long_name": title, "units": unit, "grid_mapping": "crs", **more})


def _axes(held: Any, results: Results) -> None:
    frame = results.frame
    mapping = held.createVariable("crs", "i4")
    mapping.setncatts({name: value for name, value in frame.crs.to_cf().items() if value is not None})
    for name, values in (("y", frame.y_m), ("x", frame.x_m)):
        held.createDimension(name, len(values))
        axis = held.createVariable(name, "f8", (name,))
        standard = f"projection_{name}_coordinate"
        axis.setncatts({"standard_name": standard, "long_name": name, "units": "m", "axis": name.upper()})
        axis[:] = values


def _layer(held: Any, layer: Layer) -> None:
    variable = held.createVariable(layer.name, "f4", ("y", "x"), fill_value=np.nan, **_DEFLATE)
    more = {}
    if layer.methods is not None:
        more["cell_methods"] = layer.methods
    if layer.source is not None:
        more["references"] = layer.source
    if layer.threshold_m is not None:
        name = f"{layer.name}_threshold"
        threshold = held.createVariable(name, "f8")
        threshold.setncatts({"standard_name": "flood_water_thickness", "long_name": "depth reached", "units": "m"})
        threshold[...] = layer.threshold_m
        more["coordinates"] = name
    if layer.flags is not None:
        variable.flag_values = np.array(list(layer.flags), dtype=np.float32)
        more["flag_meanings"] = " ".join(layer.flags.values())
    _describe(variable, layer.standard, layer.title, layer.unit, **more)
    variable[:] = layer.values


def _time(held: Any, name: str, results: Results, values: Any) -> None:
    held.createDimension(name, len(values))
    axis = held.createVariable(name, "f8", (name,))
    since = results.begin.strftime("%Y-%m-%d %H:%M:%S +00:00")
    axis.setncatts({"standard_name": "time", "long_name": "time", "units": f"seconds since {since}"})
    axis.setncatts({"calendar": "standard", "axis": "T"})
    axis[:] = values


def _frames(held: Any, results: Results) -> None:
    frames = results.frames
    if frames is None:
        raise RuntimeError("frames are written of a run that has some")
    _time(held, "time", results, frames.times_s())
    chunks = (1, *results.bed_m.shape)
    depth = held.createVariable("depth", "f4", ("time", "y", "x"), fill_value=np.nan, chunksizes=chunks, **_DEFLATE)
    _describe(depth, "flood_water_thickness", "depth of water", "m", cell_methods="time: point")
    for number in range(frames.count):
        depth[number] = masked(frames.read(number), results.bed_m)


def _points(held: Any, results: Results, points: PointSeries) -> None:
    _time(held, "time_points", results, points.time_s)
    held.createDimension("point", len(points.names))
    name = held.createVariable("point_name", str, ("point",))
    name.setncatts({"long_name": "name of the place", "cf_role": "timeseries_id"})
    name[:] = np.array(points.names, dtype=object)
    for axis, values in (("x", points.x_m), ("y", points.y_m)):
        place = held.createVariable(f"point_{axis}", "f8", ("point",))
        place.setncatts({"standard_name": f"projection_{axis}_coordinate", "units": "m", "grid_mapping": "crs"})
        place[:] = values
    depth = held.createVariable("point_depth", "f4", ("time_points", "point"), **_DEFLATE)
    where = "point_name point_x point_y"
    _describe(depth, "flood_water_thickness", "depth of water at places", "m", coordinates=where)
    depth[:] = points.depth_m
