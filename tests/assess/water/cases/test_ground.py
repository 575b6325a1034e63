"""Roughness, walls and buildings of a case, against what a person would draw on squared paper."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely
from rasterio.transform import Affine
from rasterio.warp import reproject, transform_bounds
from shapely.geometry import LineString, Polygon

from anlan.assess.water.cases import check_case, run_case
from anlan.assess.water.cases.build import Parts, read_parts
from assess.water.cases.conftest import CRS, NORTH_M, WEST_M, Make, basin, write_raster
from assess.water.cases.test_run import FLAT, SHOWER, depth

COVER = np.repeat(np.array([[10, 50, 50, 80]], dtype=np.uint8), 4, axis=1).repeat(12, axis=0)
TABLE = {"10": 0.1, "50": 0.02, "80": 0.025}


def parts_of(case: Path) -> Parts:
    parts, findings = read_parts(case)

    assert parts is not None, [str(fault) for fault in findings.faults]
    return parts


def found(case: Path) -> dict[str, str]:
    return {fault.key: fault.rule for fault in check_case(case).faults}


def write_layer(path: Path, shapes: list[Any], crs: str | None = CRS, **columns: list[Any]) -> None:
    fields = {name: np.array(values) for name, values in columns.items()}
    kind = shapes[0].geom_type
    with pytest.warns(UserWarning, match="crs") if crs is None else nullcontext():
        pyogrio.raw.write(
            path,
            np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
            list(fields.values()),
            np.array(list(fields), dtype=object),
            layer="shapes",
            driver="GPKG",
            geometry_type=kind,
            crs=crs,
        )


def test_roughness_is_that_of_the_class_of_land_cover(make: Make, tmp_path: Path) -> None:
    write_raster(tmp_path / "cover.tif", COVER, nodata=0)
    (tmp_path / "n.csv").write_text("class,manning\n10,0.1\n50,0.02\n80,0.025\n")
    expected = np.repeat([0.1, 0.02, 0.02, 0.025], 4).astype(np.float32) * np.ones((12, 1), dtype=np.float32)

    for table in ({"table": TABLE}, {"table_file": "n.csv"}):
        grid = parts_of(make(manning={"land_cover": {"file": "cover.tif", **table}})).grid
        np.testing.assert_array_equal(grid.manning, expected)
    small = {"land_cover": {"file": "cover.tif", "table": {"10": 0.1, "50": 0.02}}}
    assert found(make(manning=small)) == {"manning.land_cover.table": "manning.class"}


def test_land_cover_in_degrees_is_brought_onto_the_cells(make: Make, tmp_path: Path) -> None:
    """As GDAL itself warps it forth and back: away from the borders of classes nothing changes."""
    write_raster(tmp_path / "metric.tif", COVER, nodata=0)
    with rasterio.open(tmp_path / "metric.tif") as held:
        west, south, east, north = transform_bounds(CRS, "EPSG:4326", *held.bounds)
        place, step = Affine(2e-5, 0, west, 0, -2e-5, north), 2e-5
        degrees = np.zeros((int((north - south) / step) + 1, int((east - west) / step) + 1), dtype=np.uint8)
        reproject(rasterio.band(held, 1), degrees, dst_transform=place, dst_crs="EPSG:4326", src_nodata=0, dst_nodata=0)
    write_raster(tmp_path / "cover.tif", degrees, nodata=0, crs="EPSG:4326", transform=place)

    manning = parts_of(make(manning={"land_cover": {"file": "cover.tif", "table": TABLE}})).grid.manning

    inner = np.asarray(manning)[1:-1]
    np.testing.assert_array_equal(inner[:, [1, 5, 9, 13]], np.float32([[0.1, 0.02, 0.02, 0.025]] * 10))


def test_a_roughness_with_gaps_or_out_of_range_is_refused(make: Make, tmp_path: Path) -> None:
    n = np.full((12, 16), 0.03, dtype=np.float32)
    n[4, 4] = -9999
    write_raster(tmp_path / "n.tif", n)
    assert found(make(manning={"raster": {"file": "n.tif"}})) == {"manning.raster.file": "raster.gaps"}
    n[4, 4] = 30
    write_raster(tmp_path / "n.tif", n)
    assert found(make(manning={"raster": {"file": "n.tif"}})) == {"manning.raster.file": "manning.range"}


def test_a_file_with_several_bands_is_asked_about(make: Make, tmp_path: Path) -> None:
    shape = {"driver": "GTiff", "width": 16, "height": 12, "count": 3, "dtype": "float32", "crs": CRS}
    case = make(terrain={"file": "rgb.tif"})
    with rasterio.open(tmp_path / "terrain.tif") as held:
        place = held.transform
    with rasterio.open(tmp_path / "rgb.tif", "w", transform=place, **shape) as held:
        held.write(np.stack([basin(), basin() + 1, basin() + 2]))

    assert found(case) == {"terrain.band": "raster.bands"}
    np.testing.assert_array_equal(parts_of(make(terrain={"file": "rgb.tif", "band": 2})).bed_m, basin() + 1)


def test_walls_of_a_geopackage_have_their_own_crests(make: Make, tmp_path: Path) -> None:
    """Two walls between columns 4 and 5, and between rows 7 and 8 of the east."""
    lines = [
        LineString([(WEST_M + 50, NORTH_M + 1), (WEST_M + 50, NORTH_M - 121)]),
        LineString([(WEST_M + 50, NORTH_M - 80), (WEST_M + 161, NORTH_M - 80)]),
    ]
    write_layer(tmp_path / "walls.gpkg", lines, top=[3.5, 4.5], up=[1.0, 2.0])
    file = {"file": "walls.gpkg", "layer": "shapes"}

    grid = parts_of(make(FLAT, walls=[{"name": "w", "vectors": file, "crest": "top"}])).grid

    assert grid.wall_x_m is not None
    assert grid.wall_y_m is not None
    np.testing.assert_array_equal(grid.wall_x_m[:, 4], 3.5)
    assert np.isnan(np.delete(grid.wall_x_m, 4, axis=1)).all()
    np.testing.assert_array_equal(grid.wall_y_m[7, 5:], 4.5)
    assert np.isnan(np.delete(grid.wall_y_m, 7, axis=0)).all()
    above = parts_of(make(FLAT, walls=[{"name": "w", "vectors": file, "above_ground": "up"}])).grid
    np.testing.assert_array_equal(above.wall_x_m[:, 4], 3.0)  # type: ignore[index]
    assert found(make(FLAT, walls=[{"name": "w", "vectors": file, "crest": "hight"}])) == {
        "walls.0.crest": "vector.no_attribute"
    }
    one = {"file": "walls.gpkg", "where": "top > 4"}
    grid = parts_of(make(FLAT, walls=[{"name": "w", "vectors": one, "crest": "top"}])).grid
    assert np.isnan(grid.wall_x_m).all()  # type: ignore[arg-type]


def test_a_layer_without_crs_or_of_other_shapes_is_refused(make: Make, tmp_path: Path) -> None:
    house = Polygon([(WEST_M + 33, NORTH_M - 33), (WEST_M + 67, NORTH_M - 33), (WEST_M + 67, NORTH_M - 57)])
    write_layer(tmp_path / "houses.gpkg", [house], crs=None)
    buildings = {"file": "houses.gpkg", "treat": "block"}
    assert found(make(buildings=buildings)) == {"buildings.file": "vector.no_crs"}
    wall = {"name": "w", "vectors": {"file": "houses.gpkg"}, "crest_m": 3.0}
    write_layer(tmp_path / "lines.gpkg", [house])
    wall["vectors"] = {"file": "lines.gpkg"}
    assert found(make(walls=[wall])) == {"walls.0.vectors.file": "vector.kind"}


def test_blocked_buildings_take_no_rain_and_water_goes_round_them(make: Make, tmp_path: Path) -> None:
    ring = [(WEST_M + x, NORTH_M - y) for x, y in ((33, 33), (67, 33), (67, 57), (33, 57))]
    write_layer(tmp_path / "houses.gpkg", [Polygon(ring)])

    summary = run_case(make(FLAT, rain=SHOWER, buildings={"file": "houses.gpkg", "treat": "block"}), tmp_path / "out")

    assert np.isnan(depth(tmp_path / "out")[3:6, 3:7]).all()
    assert summary["ground_cells"] == 12 * 16 - 12
    assert summary["books_m3"]["rain"] == pytest.approx((12 * 16 - 12) * 100 * 0.010)


def test_tide_inflow_and_open_edge_bring_and_take_what_they_say(make: Make, tmp_path: Path) -> None:
    west = {"side": "west"}
    tide = {"levels": [{"name": "tide", "where": west, "level_m": {"hours": [0, 0.3], "values": [2.0, 2.4]}}]}
    run_case(make(FLAT, boundaries=tide, time={"begin": "2026-08-01T00:00:00Z", "hours": 1.5}), tmp_path / "tide")
    np.testing.assert_allclose(depth(tmp_path / "tide"), 0.4, atol=0.02)  # it may swing a little beyond

    brook = {"inflows": [{"name": "brook", "where": west, "discharge_m3_s": 1.0}]}
    summary = run_case(make(FLAT, boundaries=brook), tmp_path / "brook")
    assert summary["books_m3"]["brook"] == pytest.approx(1.0 * 1800)
    assert summary["books_m3"]["end"] == pytest.approx(1.0 * 1800, rel=1e-5)

    brook["edges"] = [{"name": "out", "where": {"side": "east"}, "slope": 0.001}]
    summary = run_case(make(FLAT, boundaries=brook), tmp_path / "edge")
    assert summary["books_m3"]["edges"] < 0
    assert abs(summary["mass_error"]) < 1e-6


def test_an_initial_depth_may_come_from_a_raster(make: Make, tmp_path: Path) -> None:
    water = np.zeros((12, 16), dtype=np.float32)
    water[2:5, 2:9] = 0.25
    write_raster(tmp_path / "water.tif", water)

    np.testing.assert_array_equal(parts_of(make(initial=[{"raster": {"file": "water.tif"}}])).depth_m, water)
    write_raster(tmp_path / "water.tif", water - 0.1)
    assert found(make(initial=[{"raster": {"file": "water.tif"}}])) == {"initial.0.raster.file": "initial.range"}
