"""Results as files: NetCDF, cloud-optimised GeoTIFF, Zarr, CSV and a summary in JSON."""

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import zarr
from rasterio.io import MemoryFile
from rasterio.shutil import copy

from anlan.assess.water.cases.durable import replaced
from anlan.assess.water.cases.layers import Layer, PointSeries, Results, masked
from anlan.assess.water.cases.netcdf import write_netcdf
from anlan.kernel.canonical import plain

NETCDF, ZARR, POINTS, SUMMARY = "flood.nc", "flood.zarr", "points.csv", "summary.json"


def write(folder: Path, results: Results, formats: tuple[str, ...]) -> list[str]:
    """Write what was asked for, the summary last; return the names of the files."""
    writers: Mapping[str, Callable[[Path, Results], list[str]]] = {
        "netcdf": _netcdf,
        "cog": _cogs,
        "zarr": _zarr,
        "csv": _csv,
    }
    written = [name for form in dict.fromkeys(formats) for name in writers[form](folder, results)]
    told = json.dumps(plain({**results.summary, "files": [*written, SUMMARY]}), ensure_ascii=False, indent=2)
    replaced(folder / SUMMARY, partial(_text, text=f"{told}\n"))
    return [*written, SUMMARY]


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _netcdf(folder: Path, results: Results) -> list[str]:
    replaced(folder / NETCDF, lambda path: write_netcdf(path, results))
    return [NETCDF]


def _cogs(folder: Path, results: Results) -> list[str]:
    for layer in results.layers:
        replaced(folder / f"{layer.name}.tif", partial(_cog, layer=layer, results=results))
    return [f"{layer.name}.tif" for layer in results.layers]


def _cog(path: Path, layer: Layer, results: Results) -> None:
    frame = results.frame
    shape = {"width": frame.columns, "height": frame.rows, "count": 1, "dtype": "float32", "nodata": np.nan}
    place = {"crs": frame.crs.to_wkt(), "transform": frame.transform}
    with MemoryFile() as memory:
        with memory.open(driver="GTiff", **shape, **place) as held:
            held.write(layer.values.astype(np.float32), 1)
            held.set_band_description(1, layer.title)
            held.set_band_unit(1, layer.unit)
            held.update_tags(**results.about)
        with memory.open() as held:
            copy(held, str(path), driver="COG", compress="deflate", predictor="yes", overview_resampling="nearest")


def _zarr(folder: Path, results: Results) -> list[str]:
    fresh, frame = folder / f"{ZARR}.new", results.frame
    shutil.rmtree(fresh, ignore_errors=True)
    group = zarr.open_group(str(fresh), mode="w")
    group.attrs.update({"Conventions": "CF-1.11", **results.about, "crs_wkt": frame.crs.to_wkt()})
    for name, axis in (("x", frame.x_m), ("y", frame.y_m)):
        group.create_array(name, data=axis, dimension_names=(name,)).attrs["units"] = "m"
    for layer in results.layers:
        held = group.create_array(layer.name, data=layer.values, dimension_names=("y", "x"), fill_value=np.nan)
        held.attrs.update({"units": layer.unit, "long_name": layer.title})
    if results.frames is not None:
        shape = (results.frames.count, *frame.shape)
        depth = group.create_array(
            "depth", shape=shape, dtype="f4", chunks=(1, *frame.shape), dimension_names=("time", "y", "x")
        )
        depth.attrs.update({"units": "m", "standard_name": "flood_water_thickness"})
        for number in range(results.frames.count):
            depth[number] = masked(results.frames.read(number), results.bed_m)
        time = group.create_array("time", data=results.frames.times_s(), dimension_names=("time",))
        time.attrs["units"] = f"seconds since {results.begin.strftime('%Y-%m-%d %H:%M:%S +00:00')}"
    shutil.rmtree(folder / ZARR, ignore_errors=True)
    fresh.rename(folder / ZARR)
    return [ZARR]


def _csv(folder: Path, results: Results) -> list[str]:
    if results.points is None:
        return []
    replaced(folder / POINTS, partial(_rows, points=results.points, results=results))
    return [POINTS]


def _rows(path: Path, points: PointSeries, results: Results) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["time", "seconds", "point", "depth_m", "level_m"])
        for second, depths in zip(points.time_s, points.depth_m, strict=True):
            moment = (results.begin + timedelta(seconds=float(second))).isoformat()
            for name, bed, depth in zip(points.names, points.bed_m, depths, strict=True):
                writer.writerow([moment, f"{second:g}", name, f"{depth:.4f}", f"{bed + depth:.4f}"])
