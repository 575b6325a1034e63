"""Terrain of every format is the same ground; what cannot be trusted is refused with its place."""

from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from pyproj import CRS
from rasterio.transform import Affine

from anlan.assess.water.cases import check_case
from anlan.assess.water.cases.build import read_parts
from assess.water.cases.conftest import CELL_M, NORTH_M, WEST_M, Make, basin, write_raster


def bed_of(case: Path) -> np.ndarray:
    parts, findings = read_parts(case)

    assert parts is not None, [str(fault) for fault in findings.faults]
    return parts.bed_m


def rules(case: Path) -> list[str]:
    return [fault.rule for fault in check_case(case).faults]


def notes(case: Path) -> list[str]:
    return [note.rule for note in check_case(case).notes]


def ground(make: Make, file: str, **more: Any) -> Path:
    return make(terrain={"file": file, **more})


def write_netcdf(path: Path, values: np.ndarray, *, upwards: bool, degrees: bool = False) -> None:
    with netCDF4.Dataset(path, "w") as held:
        rows, columns = values.shape
        y = NORTH_M - (np.arange(rows) + 0.5) * CELL_M
        x = WEST_M + (np.arange(columns) + 0.5) * CELL_M
        for name, axis in (("y", y[::-1] if upwards else y), ("x", x)):
            held.createDimension(name, len(axis))
            variable = held.createVariable(name, "f8", (name,))
            variable.standard_name = f"projection_{name}_coordinate"
            variable.units = "degrees" if degrees else "m"
            variable[:] = axis
        mapping = held.createVariable("crs", "i4")
        mapping.setncatts({k: v for k, v in CRS.from_epsg(32651).to_cf().items() if v is not None})
        height = held.createVariable("height", "f4", ("y", "x"), fill_value=-9999.0)
        height.units, height.grid_mapping = "m", "crs"
        height[:] = values[::-1] if upwards else values
        held.createVariable("other", "f4", ("y", "x"))


def test_geotiff_ascii_and_netcdf_both_ways_up_are_the_same_ground(make: Make, tmp_path: Path) -> None:
    heights = basin()
    expected = bed_of(make())
    lines = ["ncols 16", "nrows 12", f"xllcorner {WEST_M}", f"yllcorner {NORTH_M - 120}", "cellsize 10"]
    rows = [" ".join(repr(float(value)) for value in row) for row in heights]
    (tmp_path / "terrain.asc").write_text("\n".join([*lines, "NODATA_value -9999", *rows]) + "\n")
    write_netcdf(tmp_path / "down.nc", heights, upwards=False)
    write_netcdf(tmp_path / "up.nc", heights, upwards=True)

    np.testing.assert_array_equal(expected, heights)
    np.testing.assert_allclose(bed_of(ground(make, "terrain.asc")), heights, atol=1e-6)
    for name in ("down.nc", "up.nc"):
        np.testing.assert_array_equal(bed_of(ground(make, name, variable="height")), heights)
    assert notes(ground(make, "terrain.asc")) == ["raster.no_crs"]


def test_coarser_cells_take_the_mean_and_leave_out_what_has_no_data(make: Make) -> None:
    heights = basin()
    heights[0, 0] = -9999
    with_hole = heights.astype(float)
    with_hole[0, 0] = np.nan
    blocks = with_hole.reshape(6, 2, 8, 2).transpose(0, 2, 1, 3).reshape(6, 8, 4)

    np.testing.assert_allclose(
        bed_of(make(heights, terrain={"file": "terrain.tif", "cell_m": 20.0})), np.nanmean(blocks, axis=2), rtol=1e-6
    )


def test_a_cell_need_not_be_square(make: Make) -> None:
    parts, _ = read_parts(make(terrain={"file": "terrain.tif", "cell_m": [20.0, 10.0]}))

    assert parts is not None
    assert (parts.frame.shape, parts.grid.dx_m, parts.grid.dy_m) == ((12, 8), 20.0, 10.0)
    np.testing.assert_allclose(parts.bed_m, basin().reshape(12, 8, 2).mean(axis=2), rtol=1e-6)


def test_a_domain_is_cut_to_whole_cells_and_must_lie_on_the_terrain(make: Make) -> None:
    inside = {"bounds": [WEST_M + 21, NORTH_M - 59, WEST_M + 79, NORTH_M - 11]}
    beyond = {"bounds": [WEST_M - 100, NORTH_M - 59, WEST_M + 79, NORTH_M - 11]}

    np.testing.assert_array_equal(bed_of(make(domain=inside)), basin()[1:6, 2:8])
    assert rules(make(domain=beyond)) == ["terrain.not_covering"]


def test_holes_are_walls_or_filled_or_refused(make: Make) -> None:
    heights = basin()
    heights[5, 5] = -9999
    case = make(heights)

    assert np.isnan(bed_of(case)[5, 5])
    assert notes(case) == ["terrain.walls"]
    filled = bed_of(make(heights, terrain={"file": "terrain.tif", "voids": "fill"}))
    neighbours = [basin()[4, 5], basin()[6, 5], basin()[5, 4], basin()[5, 6]]
    assert min(neighbours) <= filled[5, 5] <= max(neighbours)
    np.testing.assert_array_equal(np.delete(filled.ravel(), 5 * 16 + 5), np.delete(basin().ravel(), 5 * 16 + 5))
    assert rules(make(heights, terrain={"file": "terrain.tif", "voids": "refuse"})) == ["terrain.voids"]


def test_a_marker_of_holes_that_the_file_does_not_declare_is_not_taken_for_a_height(make: Make, tmp_path: Path) -> None:
    heights = basin()
    heights[3, 3] = -32768
    case = make()
    write_raster(tmp_path / "terrain.tif", heights, nodata=None)

    assert rules(case) == ["terrain.range"]
    case = make(terrain={"file": "terrain.tif", "nodata": -32768.0})
    write_raster(tmp_path / "terrain.tif", heights, nodata=None)
    assert np.isnan(bed_of(case)[3, 3])


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490"])
def test_a_case_in_degrees_is_refused(make: Make, crs: str) -> None:
    assert rules(make(crs=crs)) == ["crs.degrees"]


def test_a_case_in_feet_and_a_crs_that_nobody_knows_are_refused(make: Make) -> None:
    assert rules(make(crs="EPSG:2263")) == ["crs.unit"]
    assert rules(make(crs="EPSG:99999999")) == ["crs.unknown"]


def test_a_dem_in_degrees_is_refused_with_the_utm_zone_to_warp_it_to(make: Make, tmp_path: Path) -> None:
    case = make()
    degrees = Affine(1 / 3600, 0, 121.2, 0, -1 / 3600, 31.05)  # Songjiang lies in zone 51 north
    write_raster(tmp_path / "terrain.tif", basin(), crs="EPSG:4326", transform=degrees)

    (fault,) = check_case(case).faults

    assert (fault.rule, fault.key, fault.advice) == ("raster.degrees", "terrain.file", ("EPSG:32651",))
    assert "rio warp" in fault.say("en")
    write_raster(tmp_path / "terrain.tif", basin(), crs=None, transform=degrees)
    assert rules(case) == ["raster.degrees"]


def test_a_dem_in_another_crs_a_turned_one_and_an_empty_one_are_refused(make: Make, tmp_path: Path) -> None:
    case = make()
    write_raster(tmp_path / "terrain.tif", basin(), crs="EPSG:32650")
    assert rules(case) == ["crs.differs"]
    write_raster(tmp_path / "terrain.tif", basin(), transform=Affine(8, 6, WEST_M, 6, -8, NORTH_M))
    assert rules(case) == ["raster.rotated"]
    write_raster(tmp_path / "terrain.tif", np.full((12, 16), -9999, dtype=np.float32))
    assert rules(case) == ["raster.empty"]


def test_files_that_are_not_there_or_not_rasters_and_variables_that_are_not_in_them(make: Make, tmp_path: Path) -> None:
    assert rules(make(terrain={"file": "none.tif"})) == ["file.missing"]
    (tmp_path / "text.tif").write_text("no raster")
    assert rules(make(terrain={"file": "text.tif"})) == ["file.unreadable"]
    write_netcdf(tmp_path / "two.nc", basin(), upwards=False)
    assert rules(make(terrain={"file": "two.nc"})) == ["variable.needed"]
    assert rules(make(terrain={"file": "two.nc", "variable": "depth"})) == ["variable.unknown"]
    assert rules(make(terrain={"file": "terrain.tif", "band": 2})) == ["raster.band"]


def test_a_slip_in_the_size_of_a_cell_does_not_fill_the_memory(make: Make, tmp_path: Path) -> None:
    case = make(terrain={"file": "terrain.tif", "cell_m": 0.1})
    wide = Affine(1000, 0, WEST_M, 0, -1000, NORTH_M)
    write_raster(tmp_path / "terrain.tif", basin(), transform=wide)

    assert rules(case) == ["terrain.too_many_cells"]
    assert rules(make(terrain={"file": "terrain.tif", "cell_m": 500.0})) == ["terrain.smaller_than_cell"]
