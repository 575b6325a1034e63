"""The validator finds nothing in a sound package, and names the place of each fault in a broken one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import shapely

from anlan.city import checks, shapes
from anlan.city.city import City
from anlan.city.findings import Columns, Findings
from anlan.city.validate import validate


@pytest.fixture
def copy(city: City, tmp_path: Path) -> Path:
    return Path(shutil.copytree(city.package.root, tmp_path / "package"))


def broken(city: City, name: str, key: str, **values: Any) -> Columns:
    """Return a table of the package with one row changed; the row's key is its first column."""
    columns: Columns = pq.read_table(city.package.path(name)).to_pydict()
    row = columns[next(iter(columns))].index(key)
    for column, value in values.items():
        columns[column][row] = value
    return columns


def table(city: City, name: str) -> Columns:
    return pq.read_table(city.package.path(name)).to_pydict()


def test_the_built_in_package_is_sound() -> None:
    assert validate("shanghai") == []


SQUARE = shapely.to_wkb(shapely.box(121.47, 31.23, 121.48, 31.24))
BOW_TIE = shapely.to_wkb(shapely.Polygon([(121, 31), (121.1, 31.1), (121.1, 31), (121, 31.1)]))


Check = Callable[[Columns], Findings]


@pytest.mark.parametrize(
    ("check", "values", "row", "rule"),
    [
        (checks.population, {"population": 1}, "310117", "sum"),
        (checks.population, {"population": -5}, "310117001", "negative"),
        (checks.area_tree, {"parent": "310118"}, "310117001", "prefix"),
        (checks.area_tree, {"parent": "310199"}, "310117001", "parent"),
        (checks.area_tree, {"level": "village"}, "310117001", "level"),
        (checks.area_tree, {"en": ""}, "310117001", "name"),
        (checks.area_tree, {"code": "310117002"}, "310117002", "twice"),
        (shapes.boundaries, {"geometry": None}, "310117001", "boundary_missing"),
        (shapes.boundaries, {"geometry": BOW_TIE}, "310117001", "boundary_invalid"),
        (shapes.boundaries, {"geometry": SQUARE}, "310117001", "label"),
        (shapes.overlaps, {"geometry": SQUARE}, "310101002", "overlap"),
        (shapes.unions, {"geometry": SQUARE}, "310117", "union"),
    ],
)
def test_a_faulty_area_is_named_with_its_row_and_rule(
    city: City, check: Check, values: dict[str, Any], row: str, rule: str
) -> None:
    found = list(check(broken(city, "areas.parquet", "310117001", **values)))

    assert (row, f"city.rule.{rule}") in {(finding.row, finding.rule) for finding in found}
    assert all(finding.file == "areas.parquet" for finding in found)
    assert all(finding.message("zh") != finding.message("en") for finding in found)


SCHOOL = "school-310117001-1"
GAUGE = "rain_gauge-310117001-1:rain_1h"


@pytest.mark.parametrize(
    ("check", "values", "rule"),
    [
        (checks.assets, {"area": "310117999"}, "area"),
        (checks.assets, {"attributes": "[1]"}, "attributes"),
        (checks.assets, {"attributes": "{"}, "attributes"),
        (checks.assets, {"synthetic": None}, "synthetic"),
        (shapes.places, {"lon": 121.9}, "place"),
    ],
)
def test_a_faulty_asset_is_named(city: City, check: Any, values: dict[str, Any], rule: str) -> None:
    found = list(check(broken(city, "assets.parquet", SCHOOL, **values), table(city, "areas.parquet")))

    assert [(finding.file, finding.row, finding.rule) for finding in found] == [
        ("assets.parquet", SCHOOL, f"city.rule.{rule}")
    ]


@pytest.mark.parametrize(("values", "rule"), [({"asset": "x"}, "asset"), ({"area": "310117002"}, "sensor_area")])
def test_a_faulty_sensor_is_named(city: City, values: dict[str, Any], rule: str) -> None:
    found = list(checks.sensors(broken(city, "sensors.parquet", GAUGE, **values), table(city, "assets.parquet")))

    assert [(finding.row, finding.rule) for finding in found] == [(GAUGE, f"city.rule.{rule}")]


@pytest.mark.parametrize(
    ("values", "row", "rule"),
    [({"built_share": 1.5}, "310117001", "share"), ({"drain_mm_h": -1.0}, "310117001", "negative"),
     ({"code": "310117999"}, "", "town_order")],
)  # fmt: skip
def test_a_faulty_town_is_named(city: City, values: dict[str, Any], row: str, rule: str) -> None:
    found = list(checks.towns(broken(city, "towns.parquet", "310117001", **values), table(city, "areas.parquet")))

    assert [(finding.row, finding.rule) for finding in found] == [(row, f"city.rule.{rule}")]


def test_a_border_to_nowhere_and_a_road_to_nowhere_are_named() -> None:
    areas: Columns = {"code": ["310101001", "310101002"], "level": ["town", "town"]}
    pairs: Columns = {"a": ["310101001", "310101002"], "b": ["310101002", "310101002"]}
    nodes: Columns = {"node_id": [1, 2]}
    edges: Columns = {"u": [1, 1], "v": [2, 3], "length_m": [5.0, 5.0]}

    assert [finding.value for finding in checks.adjacency(pairs, areas)] == ["310101002"]
    assert [finding.row for finding in checks.roads(nodes, edges, "center")] == ["1"]


def test_all_faults_are_told_at_once(copy: Path) -> None:
    (copy / "zones.json").unlink()
    (copy / "layers/towns.geojson").write_text("{}")
    (copy / "sensors.parquet").write_bytes(b"PAR1")
    files = {finding.file for finding in validate(copy)}

    assert files == {"manifest.json", "layers/towns.geojson", "sensors.parquet"}


def test_a_file_altered_after_it_was_listed_is_found(copy: Path) -> None:
    with (copy / "zones.json").open("a") as file:
        file.write(" ")

    assert [(finding.row, finding.rule) for finding in validate(copy)] == [("zones.json", "city.rule.digest")]


def test_a_file_that_nobody_listed_is_found(copy: Path) -> None:
    (copy / "stray.csv").write_text("a,b\n")

    assert [(finding.value, finding.rule) for finding in validate(copy)] == [("stray.csv", "city.rule.unlisted")]


def test_a_file_without_a_licence_is_found(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    del manifest["files"][0]["licence"]
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert [(finding.value, finding.rule) for finding in validate(copy)] == [("licence", "city.rule.fact_missing")]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', '{"city": "310000", "files": [{"file": "../x"}]}'])
def test_a_broken_manifest_is_a_finding_and_no_crash(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)

    assert validate(tmp_path) != []
