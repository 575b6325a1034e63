"""The package's files: origin, size, layers for the map, and the tracks of two storms."""

import csv
import json
from pathlib import Path

import pyproj
import pytest
import shapely

from anlan.city.city import City
from anlan.city.package import open_package
from anlan.kernel.errors import Invalid, NotFound

LARGEST_BYTES = 8_000_000


def test_the_package_is_small_enough_for_a_repository(city: City) -> None:
    assert sum(path.stat().st_size for path in city.package.root.rglob("*") if path.is_file()) < LARGEST_BYTES


def test_every_file_names_its_source_licence_and_date(city: City) -> None:
    for name, entry in city.package.files.items():
        assert all(entry[fact] for fact in ("what", "source", "licence", "date", "confidence")), name
        assert isinstance(entry["synthetic"], bool), name


def test_what_comes_from_openstreetmap_says_so(city: City) -> None:
    for name, entry in city.package.files.items():
        assert (entry["licence"] == "ODbL-1.0") == ("OpenStreetMap" in entry.get("attribution", "")), name
    assert "© OpenStreetMap contributors" in city.package.credits()


@pytest.mark.parametrize("name", ["districts", "towns", "city_land", "metro_lines", "expressways", "waterways"])
def test_a_layer_is_valid_geojson_within_the_citys_neighbourhood(city: City, name: str) -> None:
    content = json.loads(city.package.path(f"layers/{name}.geojson").read_text(encoding="utf-8"))
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in content["features"]]
    west, south, east, north = shapely.total_bounds(shapes)

    assert all(shapely.is_valid(shapes))
    assert 120.5 < west < east < 122.6
    assert 30.4 < south < north < 32.1


def test_simplified_boundaries_stay_close_to_the_exact_ones(city: City) -> None:
    for name, level in (("towns", "town"), ("districts", "district")):
        content = json.loads(city.package.path(f"layers/{name}.geojson").read_text(encoding="utf-8"))
        shapes = {f["properties"]["code"]: shapely.geometry.shape(f["geometry"]) for f in content["features"]}

        assert set(shapes) == {area.code for area in city.areas.levels[level]}
        for code, shape in shapes.items():
            exact = city.area(code).geometry
            assert exact is not None
            assert shape.intersection(exact).area / shape.union(exact).area > 0.94


def test_bebinca_comes_ashore_where_and_when_it_did(city: City) -> None:
    # China Meteorological Administration: landfall at Lingang, Pudong, about 07:30 on 16 September 2024, Beijing time.
    with city.package.path("hazards/track_bebinca_2024.csv").open(encoding="utf-8") as file:
        rows = {row["time_utc"]: row for row in csv.DictReader(file)}
    at_midnight = rows["2024-09-16T00:00:00Z"]
    *_, metres = pyproj.Geod(ellps="WGS84").inv(
        float(at_midnight["lon"]), float(at_midnight["lat"]), 121.93, 30.90
    )  # fmt: skip

    assert metres < 60_000
    assert max(float(row["wmo_wind_kt"] or 0) for row in rows.values()) == 75
    assert min(float(row["wmo_pressure_hpa"] or 9999) for row in rows.values()) == 965


def test_a_file_that_the_manifest_does_not_list_is_refused(city: City) -> None:
    with pytest.raises(NotFound):
        city.package.path("../../load.py")


def test_a_folder_without_a_manifest_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        open_package(tmp_path)

    assert caught.value.code == "city.package.unreadable"
