"""Rain, soil, drains and structures of a case: sums that can be worked out by hand, faults with their places."""

import csv
import json
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from pyproj import Transformer
from pyproj import crs as pyproj_crs

from anlan.assess.water.cases import check_case, run_case
from anlan.assess.water.cases.build import read_parts
from assess.water.cases.conftest import CRS, NORTH_M, WEST_M, Make
from assess.water.cases.test_run import FLAT, SHOWER, depth

AREA_M2 = 12 * 16 * 100.0
BEGIN = "2026-08-01T20:00:00+08:00"


def found(case: Path) -> dict[str, str]:
    return {fault.key: fault.rule for fault in check_case(case).faults}


def table(folder: Path, name: str, *rows: list[Any]) -> str:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return name


def rained(make: Make, folder: Path, rain: dict[str, Any]) -> float:
    """Return the mean depth that fell, mm."""
    summary = run_case(make(FLAT, rain=rain), folder / "out")
    return float(summary["books_m3"].get("rain", 0.0)) / AREA_M2 * 1000


@pytest.mark.parametrize(
    ("measure", "marks", "fell_mm"),
    [
        ("mm", "begin", 6 + 4 + 2),  # 20:00, 20:10, 20:20 and the ten minutes after each
        ("mm_h", "begin", (6 + 4 + 2) / 6),
        ("mm", "end", 4 + 2),  # the first row fell before the run began
    ],
)
def test_rows_of_a_gauge_hold_before_or_after_their_moment(
    make: Make, tmp_path: Path, measure: str, marks: str, fell_mm: float
) -> None:
    rows = [[f"2026-08-01T20:{10 * k:02d}:00+08:00", v] for k, v in enumerate((6, 4, 2, 0))]
    table(tmp_path, "rain.csv", ["time", "rain"], *rows)

    rain = {"uniform": {"file": "rain.csv", "measure": measure, "marks": marks}}

    assert rained(make, tmp_path, rain) == pytest.approx(fell_mm, rel=1e-6)


def test_what_a_gauge_tells_in_another_zone_is_the_same_rain(make: Make, tmp_path: Path) -> None:
    table(tmp_path, "rain.csv", ["time", "rain"], ["2026-08-01T12:00:00Z", 6], ["2026-08-01T12:10:00Z", 0])

    rain = {"uniform": {"file": "rain.csv", "measure": "mm", "marks": "begin"}}

    assert rained(make, tmp_path, rain) == pytest.approx(6, rel=1e-6)


@pytest.mark.parametrize("value", ["-1", "-9999", "nan", "", "1e9"])
def test_rain_that_is_negative_missing_or_impossible_is_refused(make: Make, tmp_path: Path, value: str) -> None:
    table(tmp_path, "rain.csv", ["time", "rain"], [BEGIN, 1], ["2026-08-01T20:10:00+08:00", value])

    faults = found(make(rain={"uniform": {"file": "rain.csv", "measure": "mm", "marks": "begin"}}))

    assert list(faults) == ["rain.uniform.file"]
    inline = found(make(rain={"uniform": {"hours": [0, 1], "mm_h": [-1.0]}}))
    assert inline == {"rain.uniform.mm_h.0": "value.out_of_range"}


def test_a_design_storm_brings_the_depth_of_its_formula(make: Make, tmp_path: Path) -> None:
    formula = {"a_l_s_ha": 1600.0, "c": 0.846, "b_min": 7.0, "n": 0.656, "source": "as quoted for Shanghai"}
    storm = {"formula": formula, "years": 5.0, "minutes": 30.0, "step_minutes": 5.0}
    intensity_mm_h = 0.36 * 1600 * (1 + 0.846 * np.log10(5)) / (30 + 7) ** 0.656

    assert rained(make, tmp_path, {"design": storm}) == pytest.approx(intensity_mm_h / 2, rel=1e-5)
    told = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["design_storm"]
    assert (told["years"], told["formula"]["source"]) == (5, "as quoted for Shanghai")


def test_gauges_that_agree_give_their_rain_everywhere_and_silent_ones_are_asked_about(
    make: Make, tmp_path: Path
) -> None:
    rows = [[BEGIN, 3, 3], ["2026-08-01T20:10:00+08:00", 3, ""], ["2026-08-01T20:20:00+08:00", 0, 0]]
    table(tmp_path, "gauges.csv", ["time", "north", "south"], *rows)
    places = {"north": [WEST_M + 50, NORTH_M], "south": [WEST_M, NORTH_M - 120]}
    gauges = {"file": "gauges.csv", "measure": "mm", "marks": "begin", "places": places}

    assert found(make(rain={"gauges": gauges})) == {"rain.gauges.file": "series.not_number"}
    with_others = {"gauges": gauges | {"silent": "others"}}
    assert rained(make, tmp_path, with_others) == pytest.approx(6, rel=1e-5)
    assert [note.rule for note in check_case(make(rain=with_others)).notes] == ["rain.silent"]
    fine = {"gauges": gauges | {"silent": "others", "block_m": 0.001}}
    assert found(make(rain=fine)) == {"rain.gauges.block_m": "rain.too_fine"}
    far = {"gauges": gauges | {"places": places | {"north": [0, 0]}}}
    assert found(make(rain=far)) == {"rain.gauges.places": "rain.far_gauge"}


def write_radar(path: Path, rates: np.ndarray, *, upwards: bool = False, **more: Any) -> None:
    """Write rates (time, y, x) on cells of 40 m over the basin."""
    with netCDF4.Dataset(path, "w") as held:
        times, rows, columns = rates.shape
        y = NORTH_M - (np.arange(rows) + 0.5) * 40
        x = WEST_M + (np.arange(columns) + 0.5) * 40
        for name, axis in (("time", np.arange(times) * 10.0), ("y", y[::-1] if upwards else y), ("x", x)):
            held.createDimension(name, len(axis))
            held.createVariable(name, "f8", (name,))[:] = axis
            held[name].units = {"time": "minutes since 2026-08-01 12:00:00"}.get(name, more.get("axes", "m"))
        mapping = held.createVariable("crs", "i4")
        mapping.crs_wkt = pyproj_crs.CRS(more.get("crs", CRS)).to_wkt()
        rain = held.createVariable("rain", "f4", ("time", "y", "x"), fill_value=-99.0)
        rain.units, rain.grid_mapping = more.get("units", "mm/h"), "crs"
        rain[:] = rates[:, ::-1] if upwards else rates


def test_radar_rain_falls_where_it_was_seen_whichever_way_its_rows_run(make: Make, tmp_path: Path) -> None:
    rates = np.zeros((3, 3, 4))
    rates[:2, 0] = 60.0  # the northernmost row of cells: 4 of the basin's 12 rows
    radar = {"radar": {"file": "radar.nc", "variable": "rain", "marks": "begin", "fill": "nearest"}}
    sealed = [{"name": "line", "line": [[WEST_M - 5, NORTH_M - 40], [WEST_M + 165, NORTH_M - 40]], "crest_m": 9.0}]
    for upwards in (False, True):
        write_radar(tmp_path / "radar.nc", rates, upwards=upwards)
        summary = run_case(make(FLAT, rain=radar, walls=sealed), tmp_path / "out")

        assert summary["books_m3"]["rain"] == pytest.approx(0.020 * AREA_M2 / 3, rel=1e-5)
        np.testing.assert_allclose(depth(tmp_path / "out")[:4], 0.020, rtol=1e-4)
        np.testing.assert_array_equal(depth(tmp_path / "out")[4:], 0)


def test_rain_on_degrees_falls_where_it_falls_on_metres(make: Make, tmp_path: Path) -> None:
    """A plane in longitude and latitude, seen bilinearly, is that plane again at the middle of every cell."""
    to = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    lon, lat = to.transform(WEST_M + 80, NORTH_M - 60)
    lons, lats = lon + np.arange(-3, 4) * 0.001, lat + np.arange(3, -4, -1) * 0.001
    plane = 100 + 20_000 * (lons[None, :] - lon) + 10_000 * (lats[:, None] - lat)
    for turned in (1, -1):
        with netCDF4.Dataset(tmp_path / "nowcast.nc", "w") as held:
            for name, axis, unit in (
                ("time", [0.0, 30.0], "minutes since 2026-08-01 12:00:00"),
                ("lat", lats[::turned], "degrees_north"),
                ("lon", lons, "degrees_east"),
            ):
                held.createDimension(name, len(axis))
                held.createVariable(name, "f8", (name,))[:] = axis
                held[name].units = unit
            rain = held.createVariable("rain", "f8", ("time", "lat", "lon"))
            rain.units = "mm h-1"
            rain[:] = np.stack([plane[::turned], 0 * plane])
        radar = {"file": "nowcast.nc", "variable": "rain", "marks": "begin"}
        case = make(FLAT, rain={"radar": radar}, walls=[])

        parts, _ = read_parts(case)

        assert parts is not None
        assert parts.rain is not None
        fell = np.asarray(parts.rain.depth_m(0.0, 1800.0)) * 2000
        x, y = np.meshgrid(parts.frame.x_m, parts.frame.y_m)
        at_lon, at_lat = to.transform(x, y)
        expected = 100 + 20_000 * (at_lon - lon) + 10_000 * (at_lat - lat)
        np.testing.assert_allclose(fell, expected, atol=0.15)  # 14 mm/h a cell eastwards in 65 m
        assert [note.rule for note in check_case(case).notes] == ["radar.no_crs"]


def test_radar_rain_that_cannot_be_trusted_is_refused(make: Make, tmp_path: Path) -> None:
    radar = {"radar": {"file": "radar.nc", "variable": "rain", "marks": "begin"}}
    good = np.ones((2, 3, 4))
    blind, negative = good.copy(), good.copy()
    blind[0, 0, 0], negative[0, 0, 0] = -99.0, -1.0
    cases = [
        (good, {"crs": "EPSG:32650"}, "crs.differs"),
        (good, {"axes": "degrees_north"}, "radar.units_and_crs"),
        (good, {"units": "dBZ"}, "radar.unit"),
        (blind, {}, "radar.blind"),
        (negative, {}, "radar.range"),
        (np.ones((2, 2, 2)), {}, "radar.not_covering"),
    ]
    for rates, more, rule in cases:
        write_radar(tmp_path / "radar.nc", rates, **more)
        assert list(found(make(rain=radar)).values()) == [rule]
    missing = {"radar": {**radar["radar"], "variable": "snow"}}
    assert found(make(rain=missing)) == {"rain.radar.variable": "variable.unknown"}


def test_the_curve_number_leaves_what_the_handbook_says_runs_off(make: Make, tmp_path: Path) -> None:
    """50 mm of rain on number 80: S = 63.5 mm, Ia = 12.7 mm, Q = 37.3² / (37.3 + 63.5) = 13.80 mm."""
    rain = {"uniform": {"hours": [0, 0.5], "mm_h": [100.0]}}
    case = make(FLAT, rain=rain, infiltration={"curve_number": {"number": 80.0}}, time={"begin": BEGIN, "hours": 1})

    summary = run_case(case, tmp_path / "out")

    stays_mm = summary["books_m3"]["end"] / AREA_M2 * 1000
    assert stays_mm == pytest.approx(37.3**2 / (37.3 + 63.5), abs=0.02)


def test_soils_drains_and_air_take_from_the_books_and_unknown_soils_are_refused(make: Make, tmp_path: Path) -> None:
    drains = {"capacity": [{"name": "east", "capacity_mm_h": 20, "storage_mm": 0, "inlet_mm_h": 40}]}
    soil = {"green_ampt": {"soil": "silt_loam", "saturation": 0.3, "pervious": 0.2}}
    case = make(FLAT, rain=SHOWER, drains=drains, infiltration=soil, evaporation_mm_day=5.0)

    summary = run_case(case, tmp_path / "out")

    books = summary["books_m3"]
    assert books["infiltration"] < 0
    assert books["evaporation"] < 0
    assert summary["drains"][0]["carried_m3"] == pytest.approx(-books["drains"])
    assert abs(summary["mass_error"]) < 1e-6
    assert found(make(infiltration={"green_ampt": {"soil": "moon dust", "saturation": 0.3}})) == {
        "infiltration.green_ampt.soil": "value.not_permitted"
    }
    assert found(make(drains={"swmm": {"inp": "none.inp"}})) == {"drains.swmm.inp": "file.missing"}


STORAGE = {"sill_m": 2.05, "sill_breadth_m": 4, "floor_m": -2, "area_m2": 50, "capacity_m3": 150}


def test_a_basement_fills_from_the_street_and_is_told_by_name(make: Make, tmp_path: Path) -> None:
    lake = [{"level_m": 2.3}]
    street = {"points": [[WEST_M + 85, NORTH_M - 65]]}
    case = make(FLAT, initial=lake, structures={"storages": [{"name": "garage", "street": street, **STORAGE}]})

    summary = run_case(case, tmp_path / "out")

    (told,) = summary["storages"]
    assert told["name"] == "garage"
    assert told["volume_m3"] == pytest.approx(150)  # 4 800 m³ stand above its sill
    assert summary["books_m3"]["storages"] == pytest.approx(-150)
    assert summary["books_m3"]["end"] == pytest.approx(0.3 * AREA_M2 - 150)


def test_structures_of_a_file_are_those_of_the_case(make: Make, tmp_path: Path) -> None:
    at = [WEST_M + 85, NORTH_M - 65]
    inline = {"storages": [{"name": "garage", "street": {"points": [at]}, **STORAGE}]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32651"}}
    shape = {"type": "Point", "coordinates": at}

    def write(**values: Any) -> dict[str, Any]:
        feature = {"type": "Feature", "properties": {"name": "garage", **STORAGE, **values}, "geometry": shape}
        collection = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
        (tmp_path / "stores.geojson").write_text(json.dumps(collection))
        return {"files": [{"kind": "storages", "vectors": {"file": "stores.geojson"}}]}

    sums = []
    for number, structures in enumerate((inline, write())):
        case = make(FLAT, initial=[{"level_m": 2.3}], structures=structures)
        summary = run_case(case, tmp_path / str(number))
        sums.append((summary["storages"], summary["books_m3"]))

    assert sums[0] == sums[1]
    (fault,) = check_case(make(structures=write(area_m2=-1))).faults
    assert (fault.key, fault.rule, fault.value) == ("structures.files.0", "structure.feature", "-1")
    assert fault.advice[:3] == ("stores.geojson", "1", "area_m2")


def test_pumps_culverts_gates_and_breaches_move_water_and_lose_none(make: Make, tmp_path: Path) -> None:
    """A wall parts the basin; water stands in the west; every way of passing the wall is open in turn."""
    west, east = {"box": [WEST_M, NORTH_M - 120, WEST_M + 60, NORTH_M]}, {"points": [[WEST_M + 105, NORTH_M - 65]]}
    near = {"points": [[WEST_M + 55, NORTH_M - 65]]}
    wall = [{"name": "wall", "line": [[WEST_M + 80, NORTH_M + 5], [WEST_M + 80, NORTH_M - 125]], "crest_m": 5.0}]
    ends = {"first": near, "second": east}
    ways: dict[str, dict[str, Any]] = {
        "none": {},
        "culverts": {
            "diameter_m": 0.5,
            "length_m": 20,
            "first_invert_m": 2.0,
            "second_invert_m": 2.0,
            "entrance": "concrete_pipe_square_edge",
            **ends,
        },
        "weirs": {"crest_m": 2.1, "breadth_m": 2, **ends},
        "gates": {
            "sill_m": 2,
            "height_m": 1,
            "breadth_m": 1,
            "schedule": {"hours": [0, 0.1, 0.11], "values": [0, 0, 1]},
            "openness": 0.0,
            **ends,
        },
        "breaches": {
            "crest_m": 3,
            "bottom_m": 2,
            "breadth_m": 5,
            "growing_hours": 0.1,
            "start_hours": 0.1,
            **ends,
        },
        "pumps": {"intake": near, "outlet": east, "discharge_m3_s": 0.1, "start_m": 2.1, "stop_m": 2.0},
    }
    for kind, way in ways.items():
        structures = {kind: [{"name": "way", **way}]} if way else {}
        sections = {"walls": wall, "initial": [{"level_m": 2.5, "where": west}], "structures": structures}
        summary = run_case(make(FLAT, **sections), tmp_path / kind)

        passed = (depth(tmp_path / kind)[:, 8:] > 0.005).any()
        assert passed == bool(way), kind
        assert abs(summary["mass_error"]) < 1e-6, kind
    assert found(make(structures={"weirs": [{"name": "w", "crest_m": 2, "breadth_m": 2, "first": near}]})) == {
        "structures.weirs.0": "one_needed"
    }
    same = {"name": "w", "crest_m": 2, "breadth_m": 2, "first": near, "second": near}
    assert found(make(structures={"weirs": [same]})) == {"structures": "structure.refused"}


def test_every_scheme_keeps_a_lake_at_rest_and_the_rain_that_fell(make: Make, tmp_path: Path) -> None:
    for scheme in ("inertial", "momentum", "subgrid"):
        more = {"subgrid": {"factor": 4}} if scheme == "subgrid" else {}
        lake = [{"level_m": 2.0}]
        outputs = {"points": {"items": [{"name": "middle", "at": [WEST_M + 85, NORTH_M - 65]}]}}
        case = make(scheme=scheme, initial=lake, outputs={"frames_every_s": 900, **outputs}, **more)
        run_case(case, tmp_path / scheme)
        with netCDF4.Dataset(tmp_path / scheme / "flood.nc") as held:
            last, bed = held["depth"][-1], held["bed"][:]
            at_point = held["point_depth"][-1, 0]

        np.testing.assert_allclose((bed + last)[last > 0], 2.0, atol=2e-3 if scheme == "subgrid" else 1e-6)
        assert at_point == pytest.approx(float(last[6, 8]), abs=2e-3)
        summary = run_case(make(FLAT, scheme=scheme, rain=SHOWER, **more), tmp_path / f"{scheme} rain")
        assert summary["books_m3"]["end"] == pytest.approx(AREA_M2 * 0.010, rel=1e-5)
    assert found(make(scheme="subgrid", outputs={"maps": ["speed"]})) == {"outputs.maps": "subgrid.maps"}
    store = {"storages": [{"name": "garage", "street": {"side": "west"}, **STORAGE}]}
    assert found(make(scheme="subgrid", structures=store)) == {"structures": "subgrid.with"}
