"""What a run leaves behind: the right water, in formats that other programs read, the same after a kill."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import rasterio
import zarr
from pyproj import Transformer

from anlan.assess.water.cases import run_case
from anlan.kernel.errors import Conflict
from anlan.science.flood.simulation import Cancelled
from assess.water.cases.conftest import CRS, NORTH_M, WEST_M, Make, basin

FLAT = np.full((12, 16), 2.0, dtype=np.float32)
SHOWER = {"uniform": {"hours": [0, 0.25], "mm_h": [40.0]}}
"""10 mm."""

ALL = {
    "maps": ["depth", "speed", "depth_speed", "arrival", "duration", "hazard"],
    "wet_m": [0.005, 0.05],
    "hazard": "defra_2006",
    "frames_every_s": 600,
    "points": {"every_s": 300, "items": [{"name": "middle", "at": [WEST_M + 85, NORTH_M - 65]}]},
    "formats": ["netcdf", "cog", "zarr", "csv"],
}


def depth(folder: Path) -> np.ndarray:
    with rasterio.open(folder / "max_depth.tif") as held:
        return held.read(1)


def arrays(folder: Path) -> dict[str, np.ndarray]:
    """Return everything that a run wrote, by name, as it stands in the files."""
    with netCDF4.Dataset(folder / "flood.nc") as held:
        found = {name: np.asarray(held[name][:]) for name in held.variables if name not in {"crs", "point_name"}}
        found["point_name"] = np.array(held["point_name"][:], dtype=np.str_)
    for path in folder.glob("*.tif"):
        with rasterio.open(path) as raster:
            found[path.name] = raster.read(1)
    found["points"] = np.frombuffer((folder / "points.csv").read_bytes(), np.uint8)
    return found


def assert_same(one: Path, other: Path) -> None:
    a, b = arrays(one), arrays(other)

    assert a.keys() == b.keys()
    for name in a:
        assert a[name].tobytes() == b[name].tobytes(), name


def test_rain_on_a_flat_closed_basin_stands_as_deep_as_it_fell(make: Make, tmp_path: Path) -> None:
    summary = run_case(make(FLAT, rain=SHOWER), tmp_path / "out")

    np.testing.assert_allclose(depth(tmp_path / "out"), 0.010, atol=1e-6)
    assert summary["books_m3"]["rain"] == pytest.approx(12 * 16 * 100 * 0.010)
    assert abs(summary["mass_error"]) < 1e-6
    assert summary["synthetic"] is True


def test_a_lake_stays_at_rest_and_a_ring_of_walls_holds_it(make: Make, tmp_path: Path) -> None:
    ring = [[20, 20], [20, 80], [110, 95], [120, 25], [20, 20]]
    line = [[WEST_M + x, NORTH_M - y] for x, y in ring]
    walls = [{"name": "ring", "line": line, "above_ground_m": 2.0}]
    lake = [{"level_m": 2.6, "where": {"polygon": line}}]

    run_case(make(walls=walls, initial=lake, outputs={"frames_every_s": 900}), tmp_path / "out")

    with netCDF4.Dataset(tmp_path / "out" / "flood.nc") as held:
        first, last, bed = held["depth"][0], held["depth"][-1], held["bed"][:]
    assert (first > 0).sum() > 30
    np.testing.assert_allclose((bed + first)[first > 0], 2.6, atol=1e-6)
    np.testing.assert_array_equal(last, first)


def test_buildings_in_degrees_stand_where_the_same_ones_in_metres_stand(make: Make, tmp_path: Path) -> None:
    corners = [(33, 33), (67, 33), (67, 57), (33, 57), (33, 33)]
    metres = [[WEST_M + x, NORTH_M - y] for x, y in corners]
    to = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    degrees = [list(to.transform(x, y)) for x, y in metres]
    beds = []
    for name, ring, crs in (("m", metres, "urn:ogc:def:crs:EPSG::32651"), ("deg", degrees, None)):
        shape = {"type": "Feature", "properties": {"h": 5.5}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        table: dict[str, Any] = {"type": "FeatureCollection", "features": [shape]}
        if crs:
            table["crs"] = {"type": "name", "properties": {"name": crs}}
        (tmp_path / f"{name}.geojson").write_text(json.dumps(table))
        buildings = {"file": f"{name}.geojson", "treat": "raise", "height": "h"}
        run_case(make(FLAT, buildings=buildings), tmp_path / name)
        with netCDF4.Dataset(tmp_path / name / "flood.nc") as held:
            beds.append(np.asarray(held["bed"][:]))

    expected = FLAT.copy()
    expected[3:6, 3:7] += 5.5  # the cells whose middle lies within: x 35..65, y 35..55
    for bed in beds:
        np.testing.assert_allclose(bed, expected)


def test_other_programs_read_where_the_maps_lie_and_what_they_mean(make: Make, tmp_path: Path) -> None:
    heights = basin()
    heights[0, 0] = -9999
    run_case(make(heights, rain=SHOWER, outputs=ALL, source="a test"), tmp_path)

    with netCDF4.Dataset(tmp_path / "flood.nc") as held:
        assert held.Conventions == "CF-1.11"
        assert (held.title, held.synthetic) == ("a basin", "true")
        assert held.source.startswith("anlan.flood.inertial of anlan ")
        assert held.source.endswith("; a test")
        assert "anlan" in held.history
        assert held["depth"].standard_name == "flood_water_thickness"
        assert held["depth"].dimensions == ("time", "y", "x")
        moments = netCDF4.num2date(held["time"][:], held["time"].units)
        assert [str(moment) for moment in moments[:2]] == ["2026-08-01 12:00:00", "2026-08-01 12:10:00"]
        assert len(moments) == 4
        assert held["arrival_5cm_threshold"][...] == 0.05
        assert held["hazard"].flag_meanings.split()[0] == "dry"
        np.testing.assert_allclose(held["point_depth"][0], 0)
        deepest = np.asarray(held["max_depth"][:])
    with rasterio.open(f'NETCDF:"{tmp_path / "flood.nc"}":max_depth') as gdal:
        assert gdal.crs.to_epsg() == 32651
        assert tuple(gdal.transform)[:6] == (10, 0, WEST_M, 0, -10, NORTH_M)
        np.testing.assert_array_equal(gdal.read(1), deepest)
    with rasterio.open(tmp_path / "max_depth.tif") as cog:
        assert cog.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert cog.tags()["synthetic"] == "true"
        assert (cog.crs.to_epsg(), cog.units) == (32651, ("m",))
        np.testing.assert_array_equal(cog.read(1), deepest)
    assert np.isnan(deepest[0, 0])
    assert np.isnan(deepest).sum() == 1
    group = zarr.open_group(str(tmp_path / "flood.zarr"), mode="r")
    np.testing.assert_array_equal(group["max_depth"][:], deepest)
    assert group["depth"].shape == (4, 12, 16)
    assert json.loads((tmp_path / "summary.json").read_text())["files"][-1] == "summary.json"


def test_any_number_of_threads_gives_the_same_bits(make: Make, tmp_path: Path) -> None:
    case = make(np.tile(basin(), (6, 1)), rain=SHOWER, outputs=ALL)
    for threads in (1, 2, 3):
        run_case(case, tmp_path / str(threads), threads=threads)

    assert_same(tmp_path / "1", tmp_path / "2")
    assert_same(tmp_path / "1", tmp_path / "3")


def test_a_run_that_was_stopped_goes_on_to_the_same_bits(make: Make, tmp_path: Path) -> None:
    case = make(rain=SHOWER, outputs=ALL)
    run_case(case, tmp_path / "straight")
    for stop_s in (200.0, 900.0, 1500.0):
        with pytest.raises(Cancelled):
            run_case(case, tmp_path / "halting", resume=True, told=lambda second, _, stop_s=stop_s: second < stop_s)
    seen: list[float] = []
    run_case(case, tmp_path / "halting", resume=True, told=lambda second, _: seen.append(second) is None)

    assert seen[0] > 1500
    assert_same(tmp_path / "straight", tmp_path / "halting")
    assert {path.name for path in (tmp_path / "halting").iterdir()} == {
        path.name for path in (tmp_path / "straight").iterdir()
    }


def test_a_checkpoint_of_another_case_or_of_changed_files_is_refused(make: Make, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run_case(make(rain=SHOWER), tmp_path / "out", told=lambda second, _: second < 600)

    with pytest.raises(Conflict, match="another case"):
        run_case(make(FLAT, rain=SHOWER), tmp_path / "out", resume=True)


def test_a_checkpoint_that_is_damaged_is_refused(make: Make, tmp_path: Path) -> None:
    (tmp_path / "checkpoint.npz").write_bytes(b"PK\x03\x04 damaged")

    with pytest.raises(Conflict, match="cannot be read"):
        run_case(make(rain=SHOWER), tmp_path, resume=True)


def test_a_killed_process_leaves_a_checkpoint_from_which_the_same_bits_follow(make: Make, tmp_path: Path) -> None:
    """SIGKILL: nothing in the process can tidy up."""
    outputs, time_ = {**ALL, "frames_every_s": 300}, {"begin": "2026-08-01T20:00:00+08:00", "hours": 3}
    case = make(np.tile(basin(), (5, 5)), rain=SHOWER, outputs=outputs, time=time_, checkpoint={"every_s": 0})
    killed = tmp_path / "killed"
    call = f"from anlan.assess.water.cases import run_case; run_case({str(case)!r}, {str(killed)!r})"
    for frames in (2, 6):
        process = subprocess.Popen([sys.executable, "-c", call.replace("killed')", "killed', resume=True)")])
        while not (killed / "frames" / f"{frames:06d}.npy").exists() and process.poll() is None:
            time.sleep(0.002)
        process.kill()

        assert process.wait() == -9
        assert (killed / "checkpoint.npz").exists()
        assert not (killed / "summary.json").exists()

    (killed / "checkpoint.new.npz").write_bytes(b"half a checkpoint")
    reached: list[float] = []
    run_case(case, killed, resume=True, told=lambda second, _: reached.append(second) is None)
    run_case(case, tmp_path / "straight")

    assert reached[0] > 1500
    assert {path.name for path in killed.iterdir()} == {path.name for path in (tmp_path / "straight").iterdir()}
    assert_same(tmp_path / "straight", killed)
