"""Sensors from a CSV file: what holds is registered, what does not is told with its place, and nothing is guessed."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from anlan.cli.founding import found_world
from anlan.cli.main import app
from anlan.kernel.journal import entry_of
from anlan.kernel.tables import journal
from anlan.root import open_world
from anlan.sense.model import sensors
from anlan.sense.sensor_sheet import COLUMNS, NEEDED, read_sheet

DOCS = Path(__file__).parents[2] / "docs"
SOUND = {
    "id": "space-17:gas",
    "asset": "space-17",
    "asset_type": "underground_space",
    "kind": "methane_detector",
    "quantity": "gas_concentration",
    "unit": "%{LEL}",
    "cadence_s": "600",
    "area": "310117001",
    "lon": "121.23",
    "lat": "31.01",
    "name_zh": "17号阀井燃气",
    "name_en": "Gas in valve chamber 17",
    "owner": "燃气公司",
    "synthetic": "true",
}


def sheet_of(*rows: Mapping[str, str], columns: tuple[str, ...] = tuple(SOUND)) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def named(name: str, **other: str) -> dict[str, str]:
    return {**SOUND, "id": name, **other}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A world with an administrator of the city, and one of Songjiang alone."""
    made = tmp_path / "world"
    found_world(made, None, "admin", "a river runs past the door")
    world = open_world(made)
    admin = world.actor("admin")
    world.act(admin, "user.create", {"user": "lin", "name": "lin", "area": "310117"})
    world.act(admin, "user.grant", {"user": "lin", "role": "administrator", "area": "310117"})
    world.close()
    return made


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Callable[..., tuple[int, Any]]:
    """Import a text; return the exit code and what was told."""

    def imported(text: str | bytes, *words: str, user: str = "admin") -> tuple[int, Any]:
        file = tmp_path / "sensors.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        given = ["sense", "import-sensors", str(file), "--data", str(folder), "--as", user, *words]
        done = CliRunner().invoke(app, given, env={"ANLAN_LANG": "en"}, catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout)

    return imported


def registered(folder: Path) -> dict[str, Any]:
    world = open_world(folder)
    with world.store.read() as conn:
        found = {row.id: row for row in conn.execute(sa.select(sensors))}
    world.close()
    return found


def acts(folder: Path) -> list[Any]:
    """Return the entries of the journal that registered sensors."""
    world = open_world(folder)
    with world.store.read() as conn:
        found = conn.execute(sa.select(journal).where(journal.c.verb == "sensor.register").order_by(journal.c.seq))
        entries = [entry_of(row) for row in found.mappings()]
    world.close()
    return entries


def test_a_sound_file_is_registered_in_one_act(folder: Path, run: Callable[..., Any]) -> None:
    code, told = run(sheet_of(named("one"), named("two", cadence_s="", owner="", synthetic="")), "--why", "survey 2026")
    found, (entry,) = registered(folder), acts(folder)

    assert (code, told["accepted"], told["new"], told["refused"], told["acts"]) == (0, 2, 2, [], [entry["seq"]])
    assert (entry["why"], entry["by"]) == ("survey 2026", "admin")
    assert (found["one"].cadence_s, found["one"].owner, found["one"].synthetic) == (600.0, "燃气公司", True)
    assert (found["two"].cadence_s, found["two"].owner, found["two"].synthetic) == (None, None, False)
    assert (found["one"].lon, found["one"].name_zh, found["one"].unit) == (121.23, "17号阀井燃气", "%{LEL}")


def test_a_check_tells_the_same_and_changes_nothing(folder: Path, run: Callable[..., Any]) -> None:
    text = sheet_of(named("one"), named("two", unit="kg"))
    checked, done = run(text, "--check"), run(text)

    assert checked[0] == done[0] == 1
    assert {**checked[1], "check": False, "acts": done[1]["acts"]} == done[1]
    assert checked[1]["acts"] == []
    assert len(acts(folder)) == 1


def test_each_faulty_line_is_told_with_column_value_and_rule_and_the_others_go_in(
    folder: Path, run: Callable[..., Any]
) -> None:
    faulty = [
        (named("unit", unit="kg"), "unit", "sensor.unit"),
        (named("quantity", quantity="gas_concentratio"), "quantity", "sensor.quantity"),
        (named("kind", kind="methane"), "kind", "sensor.kind"),
        (named("area", area="310117999"), "area", "area.unknown"),
        (named("asset", asset_type=""), "asset_type", "sensor.asset_type"),
        (named("lon", lon="east"), "lon", "args.float_parsing"),
        (named("lat", lat="91"), "lat", "args.less_than_equal"),
        (named("nameless", name_zh=""), "name_zh", "args.missing"),
        (named("no space in names"), "id", "args.string_pattern_mismatch"),
        (named("good"), "id", "sensor.twice"),
    ]
    code, told = run(sheet_of(named("good"), *(row for row, _, _ in faulty), named("last")))
    found = [(one["line"], one["column"], one["rule"]) for one in told["refused"]]

    assert found == [(line, column, rule) for line, (_, column, rule) in enumerate(faulty, start=3)]
    assert (code, told["accepted"], told["refused_count"], len(told["acts"])) == (1, 2, len(faulty), 1)
    assert set(registered(folder)) == {"good", "last"}
    by_column = {one["column"]: one for one in told["refused"]}
    assert by_column["lon"]["value"] == "east"
    assert "gas_concentration" in by_column["quantity"]["value"]
    assert by_column["unit"]["detail"] == "not the unit of this quantity (the right one in brackets)"
    assert not any("{" in one["detail"] for one in told["refused"])


def test_who_reaches_one_district_registers_nothing_beyond_it(folder: Path, run: Callable[..., Any]) -> None:
    run(sheet_of(named("theirs", area="310115004")))
    rows = [named("mine"), named("new-theirs", area="310115004"), named("theirs")]
    code, told = run(sheet_of(*rows), user="lin")

    assert [(one["line"], one["rule"]) for one in told["refused"]] == [(3, "access.area"), (4, "sensor.elsewhere")]
    assert (code, told["accepted"]) == (1, 1)
    assert registered(folder)["theirs"].area == "310115004"


def test_the_same_file_again_corrects_and_never_changes_what_is_measured(folder: Path, run: Callable[..., Any]) -> None:
    run(sheet_of(named("one"), named("two")))
    other = {"quantity": "ponding_depth", "unit": "m", "kind": "ponding_gauge", "asset_type": "underpass"}
    code, told = run(sheet_of(named("one", owner="水务局"), named("two", **other)))

    assert (code, told["new"], told["changed"]) == (1, 0, 1)
    assert [(one["line"], one["column"], one["rule"]) for one in told["refused"]] == [
        (3, "quantity", "sensor.other_quantity")
    ]
    assert registered(folder)["one"].owner == "水务局"
    assert registered(folder)["two"].quantity == "gas_concentration"


def test_a_head_line_that_does_not_hold_refuses_the_file(folder: Path, run: Callable[..., Any]) -> None:
    columns = (*(name for name in SOUND if name != "lat"), "latt", "id")
    text = ",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n"
    code, told = run(text)

    assert [(one["line"], one["column"], one["rule"]) for one in told["refused"]] == [
        (1, "latt", "cli.sense.column"),
        (1, "id", "cli.sense.column_twice"),
        (1, "lat", "cli.sense.column_missing"),
    ]
    assert "lat" in told["refused"][0]["detail"]
    assert (code, told["accepted"], acts(folder)) == (1, 0, [])


@pytest.mark.parametrize("content", [sheet_of(named("一")).encode("gb18030"), b'id,asset\n"a,b', b"", b"\n\n"])
def test_what_is_no_csv_in_utf_8_is_refused_whole(content: bytes) -> None:
    sheet = read_sheet(content)

    assert sheet.items == {}
    assert {fault.line for fault in sheet.faults} == {1}


def test_lines_are_counted_as_an_editor_counts_them_also_over_quoted_breaks_and_empty_lines() -> None:
    broken = named("one", owner='two\nlines, and a "quote"')
    head, *rest = sheet_of(broken, named("two", lon="x"), {"id": "three"}).splitlines(keepends=True)
    sheet = read_sheet(("\ufeff" + head + "\n\n" + "".join(rest) + "four,short\n").encode())

    assert list(sheet.items) == [4]
    assert sheet.items[4].owner == 'two\nlines, and a "quote"'
    assert {fault.line for fault in sheet.faults} == {6, 7, 8}
    assert [(f.column, f.value, f.rule) for f in sheet.faults if f.line == 6] == [("lon", "x", "args.float_parsing")]
    assert {f.column for f in sheet.faults if f.line == 7} == set(NEEDED) - {"id"}
    assert [(f.column, f.value, f.params) for f in sheet.faults if f.line == 8] == [("", "2", {"count": len(SOUND)})]


@given(
    st.lists(
        st.fixed_dictionaries(
            {"owner": st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)}
        ),
        max_size=8,
    ),
    st.permutations(COLUMNS),
)
def test_whatever_a_cell_holds_and_however_columns_stand_it_is_read_back(
    rows: list[dict[str, str]], columns: list[str]
) -> None:
    written = [named(f"s{number}", **row) for number, row in enumerate(rows)]
    sheet = read_sheet(sheet_of(*written, columns=tuple(columns)).encode())

    assert [item.owner or "" for item in sheet.items.values()] == [row["owner"].strip() for row in rows]
    assert (sheet.lines, sheet.faults) == (len(rows), [])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_of_the_documents_is_sound(lang: str, run: Callable[..., Any]) -> None:
    page = (DOCS / lang / "how-to" / "onboard-a-sector.md").read_text(encoding="utf-8")
    found = re.search(r'^```csv title="valves.csv"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL)
    assert found is not None
    code, told = run(found[1])

    assert (code, told["accepted"], told["refused"]) == (0, 2, [])
    assert [name for name in COLUMNS if f"`{name}`" not in page] == []


def test_the_help_names_every_column() -> None:
    done = CliRunner().invoke(app, ["sense", "import-sensors", "--help"], env={"COLUMNS": "300"})

    assert [name for name in COLUMNS if name not in done.stdout] == []
