"""What the shapes refuse is told with file, line, key, value and what would be right."""

from pathlib import Path
from typing import Any

import pytest

from anlan.catalog import CatalogError, Fault, builtin_layers, check, load_catalog

CASES = [
    pytest.param(
        "roles:\n  a: {zh: 一, en: one, level: twon}\n",
        ("value.not_permitted", 2, "roles.a.level", "twon", ("city, district, town, village",)),
        id="a value that is not permitted",
    ),
    pytest.param(
        "roles:\n  a:\n    zh: 一\n    en: one\n    read: [x]\n",
        ("key.unknown", 5, "roles.a.read", "read", ("reads",)),
        id="an unknown key, with the near one",
    ),
    pytest.param("roles:\n  a: {zh: 一}\n", ("key.missing", 2, "roles.a.en", "en", ("en",)), id="a missing key"),
    pytest.param(
        "roles:\n  a: {zh: 一, en: 1}\n", ("value.wrong_type", 2, "roles.a.en", "1", ("text",)),
        id="a number for a text"
    ),
    pytest.param("rolls: {}\n", ("key.unknown", 1, "rolls", "rolls", ("roles",)), id="an unknown subject"),
    pytest.param("roles: [a]\n", ("value.wrong_type", 1, "roles", "list", ("mapping",)), id="a list for a mapping"),
    pytest.param(
        "about: {sorce: x}\n",
        ("key.unknown", 1, "about.sorce", "sorce", ("source", "confidence", "from")),
        id="an unknown key of the file's head",
    ),
    pytest.param(
        "sensor_rules:\n  rain_1h:\n    quantity: rain_1hh\n",
        ("reference.unknown", 3, "sensor_rules.rain_1h.quantity", "rain_1hh", ("quantities", "rain_1h")),
        id="a rule of an unknown quantity",
    ),
    pytest.param(
        "sensor_rules:\n  rain_1h:\n    grades:\n      red: {value: 1}\n",
        ("grades.not_monotonic", 3, "sensor_rules.rain_1h.grades", "{…}", ("blue >= 35", "yellow >= 50",
        "orange >= 80", "red >= 1")),
        id="a red that is milder than orange",
    ),
    pytest.param(
        "plans:\n  songjiang-flood:\n    actions:\n      duty: {role: dutty_officer}\n",
        ("reference.unknown", 4, "plans.songjiang-flood.actions.duty.role", "dutty_officer", ("roles", "duty_officer")),
        id="a plan's action of an unknown role",
    ),
    pytest.param(
        "plans:\n  songjiang-flood:\n    actions:\n      duty:\n        depends: [duty]\n",
        ("plan.cycle", 5, "plans.songjiang-flood.actions.duty.depends", "duty", ("duty → duty",)),
        id="an action that depends on itself",
    ),
    pytest.param(
        "plans:\n  songjiang-flood:\n    actions:\n      duty:\n        depends: [drains-clear]\n",
        ("plan.cycle", 5, "plans.songjiang-flood.actions.duty.depends", "drains-clear",
        ("duty → drains-clear → town-duty → duty",)),
        id="an action that depends on itself through others",
    ),
    pytest.param(
        "plans:\n  songjiang-flood:\n    actions:\n      consult:\n        depends: [dutty]\n",
        ("plan.unknown_action", 5, "plans.songjiang-flood.actions.consult.depends.0", "dutty", ("duty",)),
        id="an action that depends on one that is not there",
    ),
    pytest.param(
        "plans:\n  songjiang-flood:\n    actions:\n      consult:\n        depends: [principal-leader]\n",
        ("plan.later_dependency", 5, "plans.songjiang-flood.actions.consult.depends.0", "principal-leader",
        ("principal-leader", "I")),
        id="an action that waits for one of a more severe level",
    ),
    pytest.param(
        "asset_types:\n  hospital: {capacity: bedds}\n",
        ("reference.unknown", 2, "asset_types.hospital.capacity", "bedds", ("attributes", "beds")),
        id="a capacity that is no attribute",
    ),
    pytest.param(
        "tables:\n  beaufort:\n    rows:\n      - [1]\n",
        ("table.row_length", 4, "tables.beaufort.rows.0", "1", ("1, 3",)),
        id="a row that is too short",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_a_fault_has_place_value_and_advice(tmp_path: Path, content: str, expected: tuple[Any, ...]) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(content, encoding="utf-8")

    (fault,) = check([file], builtin_layers("songjiang"))

    *place, advice = expected
    assert [fault.rule, fault.line, fault.key, fault.value] == place
    assert fault.advice[: len(advice)] == advice
    assert fault.file == str(file)


def test_a_slip_of_an_expression_is_a_fault_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "reactions:\n  r:\n    zh: 一\n    en: one\n    on: a.b\n    do: c.d\n    where: a +\n    with: {x: '1 +'}\n"
    )

    faults = check([file])

    assert [(f.rule, f.line, f.key) for f in faults] == [
        ("expression.syntax", 7, "reactions.r.where"),
        ("expression.syntax", 8, "reactions.r.with.x"),
    ]


def test_a_trigger_may_name_only_what_triggers_see(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("plans:\n  songjiang-flood:\n    levels:\n      I: {trigger: signal.rainstrom >= 4}\n")

    (fault,) = check([file], builtin_layers("songjiang"))

    assert (fault.rule, fault.line) == ("expression.syntax", 4)


def test_a_text_may_name_only_what_drafts_give(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("warning_templates:\n  typhoon: {texts: {red: {en: {headline: 'a {peple} b'}}}}\n")

    (fault,) = check([file], builtin_layers("songjiang"))

    assert (fault.rule, fault.key) == (
        "template.unknown_placeholder",
        "warning_templates.typhoon.texts.red.en.headline",
    )


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("roles:\n  a: {zh: 一}\n  b: {en: b}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("settings: {s: {value: [1]}}\nsetings: {}\n", encoding="utf-8")

    with pytest.raises(CatalogError) as raised:
        load_catalog(tmp_path)

    found = {(f.file.split("/")[1], f.key) for f in raised.value.faults}
    assert found == {
        ("a.yaml", "roles.a.en"), ("a.yaml", "roles.b.zh"), ("b.yaml", "setings"), ("b.yaml", "settings.s.zh"),
        ("b.yaml", "settings.s.en"), ("b.yaml", "settings.s.value"), ("b.yaml", "settings.s.unit"),
        ("b.yaml", "settings.s.source"),
        ("b.yaml", "settings.s.confidence"), ("b.yaml", "settings.s.from"),
    }  # fmt: skip
    assert len(str(raised.value).splitlines()) == len(raised.value.faults)


def test_a_fault_is_said_in_both_languages() -> None:
    fault = Fault("cn/roles.yaml", 3, "roles.a.level", "twon", "value.not_permitted", ("city, district",))

    assert fault.say("en") == "cn/roles.yaml:3: roles.a.level: twon is not permitted; permitted are: city, district"
    assert "不是允许的值" in fault.say("zh")
