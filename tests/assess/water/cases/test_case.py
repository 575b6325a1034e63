"""Everything that is wrong in a case is told at once, each with line, key, value and rule."""

import csv
import re
import typing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel
from pyproj import Transformer

from anlan.assess.water.cases import FaultyCase, check_case, run_case
from anlan.assess.water.cases.build import read_parts
from anlan.assess.water.cases.case import Case
from assess.water.cases.conftest import CRS, NORTH_M, WEST_M, Make, basin

DOCS = Path(__file__).parents[4] / "docs"
BEGIN = "2026-08-01T20:00:00+08:00"
HERE = {"points": [[WEST_M + 50, NORTH_M - 50]]}


def found(case: Path) -> dict[str, str]:
    return {fault.key: fault.rule for fault in check_case(case).faults}


def table(folder: Path, name: str, *rows: list[Any]) -> str:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return name


def level(series: Any) -> dict[str, Any]:
    return {"levels": [{"name": "tide", "where": HERE, "level_m": series}]}


def test_all_faults_are_told_at_once_whatever_kind_they_are(make: Make, tmp_path: Path) -> None:
    table(tmp_path, "tide.csv", ["time", "level"], [BEGIN, 1.0], ["2026-08-01T21:00:00+08:00", "nan"])
    case = make(
        manning=-1,
        terrane={"file": "terrain.tif"},
        boundaries=level({"file": "tide.csv", "value": "level"}),
        walls=[{"name": "levee", "line": [[0, 0], [1, 1]]}],
        time={"begin": "2026-08-01T20:00:00", "hours": 1},
    )

    checked = check_case(case)

    assert {fault.key: fault.rule for fault in checked.faults} == {
        "manning": "value.out_of_range",
        "terrane": "key.unknown",
        "walls.0": "one_needed",
        "time.begin": "value.wrong_type",
        "boundaries.levels.0.level_m.file": "series.not_finite",
    }
    lines = case.read_text(encoding="utf-8").splitlines()
    for fault in checked.faults:
        assert fault.key.split(".")[0] in "\n".join(lines[: fault.line]), fault
    (near,) = [fault for fault in checked.faults if fault.rule == "key.unknown"]
    assert "terrain" in near.advice
    assert all("{" not in fault.say(lang) for fault in checked.faults for lang in ("zh", "en"))


def test_faulty_forcing_is_told_although_the_terrain_is_missing(make: Make, tmp_path: Path) -> None:
    table(tmp_path, "rain.csv", ["time", "rain"], [BEGIN, 5], ["2026-08-01T20:10:00+08:00", -9999])
    rain = {"uniform": {"file": "rain.csv", "measure": "mm", "marks": "begin"}}
    case = make(terrain={"file": "none.tif"}, rain=rain, buildings={"file": "none.gpkg", "treat": "block"})

    assert found(case) == {
        "terrain.file": "file.missing",
        "buildings.file": "file.missing",
        "rain.uniform.file": "series.row_range",
    }


def test_a_faulty_case_is_not_run_and_leaves_nothing_behind(make: Make, tmp_path: Path) -> None:
    with pytest.raises(FaultyCase, match="manning") as told:
        run_case(make(manning=7), tmp_path / "out")

    assert [fault.key for fault in told.value.faults] == ["manning"]
    assert str(told.value).count("manning") == 1
    assert not (tmp_path / "out").exists()


def test_what_must_be_there_is_asked_for_and_what_is_no_case_is_told(make: Make, tmp_path: Path) -> None:
    assert found(make(crs=None, manning=None)) == {"": "key.missing"}
    assert [fault.advice for fault in check_case(make(crs=None, manning=None)).faults] == [("crs",), ("manning",)]
    (tmp_path / "list.yaml").write_text("- 1\n")
    assert [fault.rule for fault in check_case(tmp_path / "list.yaml").faults] == ["value.wrong_type"]
    (tmp_path / "broken.yaml").write_text("title: [1\n")
    assert [fault.rule for fault in check_case(tmp_path / "broken.yaml").faults] == ["file.not_yaml"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["2026-08-01T20:10:00+08:00", "NaN"], "series.not_finite"),
        (["2026-08-01T20:10:00+08:00", "inf"], "series.not_finite"),
        (["2026-08-01T20:10:00+08:00", "-9999"], "series.row_range"),
        (["2026-08-01T20:10:00+08:00", ""], "series.not_number"),
        (["2026-08-01T20:10:00+08:00"], "series.not_number"),
        (["2026-08-01T20:10:00", "1"], "series.zone"),
        (["ten past eight", "1"], "series.time"),
        (["2026-08-01T20:00:00+08:00", "1"], "series.order"),
        (["2026-08-01T19:00:00+08:00", "1"], "series.order"),
    ],
)
def test_a_faulty_row_of_a_level_is_told_with_its_number(make: Make, tmp_path: Path, row: list[str], rule: str) -> None:
    table(tmp_path, "tide.csv", ["time", "value"], [BEGIN, 1.0], row)

    (fault,) = check_case(make(boundaries=level({"file": "tide.csv"}))).faults

    assert fault.rule == rule
    assert "3" in fault.advice


def test_a_level_may_be_a_number_a_table_or_hours_with_values(make: Make, tmp_path: Path) -> None:
    table(tmp_path, "tide.csv", ["t", "h"], ["0", "1.5"], ["7200", "1.6"])
    for series in (1.5, {"hours": [0, 1], "values": [1.5, 1.6]}, {"file": "tide.csv", "time": "t", "value": "h"}):
        assert found(make(boundaries=level(series))) == {}
    assert found(make(boundaries=level(-9999))) == {"boundaries.levels.0.level_m": "series.range"}
    assert found(make(boundaries=level({"hours": [0, 0], "values": [1, 2]}))) == {
        "boundaries.levels.0.level_m.hours": "not_rising"
    }
    assert found(make(boundaries=level({"hours": [0], "values": [1, 2]}))) == {
        "boundaries.levels.0.level_m.values": "as_many"
    }
    short = check_case(make(boundaries=level({"hours": [0, 0.1], "values": [1, 2]})))
    assert [note.rule for note in short.notes] == ["series.short"]


def test_places_off_the_grid_and_open_edges_inside_it_are_refused(make: Make) -> None:
    off = {"levels": [{"name": "tide", "where": {"points": [[WEST_M - 50, NORTH_M]]}, "level_m": 1.0}]}
    inside = {"edges": [{"name": "out", "where": HERE, "slope": 0.001}]}
    side = {"edges": [{"name": "out", "where": {"side": "west"}, "slope": 0.001}]}
    high = {"levels": [{"name": "tide", "where": {"side": "south", "below_m": 1.0}, "level_m": 1.0}]}

    assert found(make(boundaries=off)) == {"boundaries.levels.0.where.points": "where.outside"}
    assert found(make(boundaries=inside)) == {"boundaries.edges.0.where": "edges.inside"}
    assert found(make(boundaries=side)) == {}
    assert found(make(boundaries=high)) == {"boundaries.levels.0.where": "where.no_ground"}


def test_numbers_that_the_scheme_does_not_have_are_refused(make: Make) -> None:
    assert found(make(rules={"theta": 0.8, "longest_step_s": 5})) == {}
    assert found(make(scheme="momentum", rules={"theta": 0.8, "courant": 0.5})) == {"rules.theta": "scheme.number"}
    assert found(make(subgrid={"factor": 2})) == {"subgrid": "scheme.number"}


def test_points_must_have_names_of_their_own_and_stand_on_the_grid(make: Make) -> None:
    good, bad = {"name": "a", "at": [WEST_M + 5, NORTH_M - 5]}, {"name": "b", "at": [0, 0]}

    assert found(make(outputs={"points": {"items": [good, good]}})) == {"outputs.points.items": "twice"}
    assert found(make(outputs={"points": {"items": [good, bad]}})) == {"outputs.points": "where.outside"}
    year = {"begin": BEGIN, "hours": 8000}
    assert found(make(time=year, outputs={"frames_every_s": 1})) == {"outputs.frames_every_s": "outputs.moments"}
    assert found(make(outputs={"maps": ["arrival"]})) == {"outputs.wet_m": "one_needed"}
    assert found(make(outputs={"maps": ["hazard"]})) == {"outputs.hazard": "one_needed"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_case_of_the_how_to_lacks_nothing_but_its_files(tmp_path: Path, lang: str) -> None:
    page = (DOCS / lang / "how-to" / "build-a-flood-case.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "case.yaml").write_text(block, encoding="utf-8")

    assert set(found(tmp_path / "case.yaml").values()) == {"file.missing"}


def fields(shape: Any) -> set[str]:
    """Return the names of all fields of a shape and of the shapes in it."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        inner = [fields(field.annotation) for field in shape.model_fields.values()]
        return set(shape.model_fields).union(*inner)
    return set().union(*(fields(one) for one in typing.get_args(shape)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_key_of_a_case_is_told_of_in_the_how_to(lang: str) -> None:
    page = (DOCS / lang / "how-to" / "build-a-flood-case.md").read_text(encoding="utf-8")
    told = set(re.findall(r"[a-z0-9_]+", re.sub(r"^```python.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)))

    assert fields(Case) - told == set()


def test_buildings_come_from_an_extract_of_openstreetmap(make: Make, tmp_path: Path) -> None:
    to = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    corners = [to.transform(WEST_M + x, NORTH_M - y) for x, y in ((33, 33), (67, 33), (67, 57), (33, 57))]
    nodes = [f'<node id="{k}" lon="{x!r}" lat="{y!r}" version="1"/>' for k, (x, y) in enumerate(corners, 1)]
    ring = "".join(f'<nd ref="{k}"/>' for k in (1, 2, 3, 4, 1))
    ways = [f'<way id="9" version="1">{ring}<tag k="building" v="yes"/></way>']
    text = '<?xml version="1.0"?><osm version="0.6">' + "".join(nodes + ways) + "</osm>"
    (tmp_path / "region.osm").write_text(text, encoding="utf-8")
    layer = {"file": "region.osm", "layer": "multipolygons", "where": "building IS NOT NULL"}

    parts, findings = read_parts(make(buildings={**layer, "treat": "raise", "height_m": 6.0}))

    assert parts is not None, findings.faults
    expected = basin()
    expected[3:6, 3:7] += 6
    np.testing.assert_allclose(parts.bed_m, expected, rtol=1e-6)
    assert found(make(buildings={**layer, "layer": "houses", "treat": "block"})) == {
        "buildings.layer": "vector.no_layer"
    }
