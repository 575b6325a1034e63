"""Layers: adding, changing key by key, removing, and where each thing came from."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.catalog import CatalogError, check, load_catalog
from anlan.catalog.layers import overlay

BASE = """
about: {source: A norm, confidence: V, from: 2020-01-01}
settings:
  one: {zh: 一, en: one, value: 1, unit: s}
  two: {zh: 二, en: two, value: 2, unit: s}
"""


def layer(folder: Path, name: str, **files: str) -> Path:
    (folder / name).mkdir()
    for file, content in files.items():
        (folder / name / f"{file}.yaml").write_text(content, encoding="utf-8")
    return folder / name


def test_a_later_layer_changes_a_key_and_leaves_the_others(tmp_path: Path) -> None:
    low = layer(tmp_path, "low", a=BASE)
    high = layer(tmp_path, "high", a="settings:\n  one: {value: 5, source: A decree}\n")

    one, two = load_catalog(low, high).settings.values()

    assert (one.value, one.source, one.unit, one.layer) == (5, "A decree", "s", "high")
    assert (two.value, two.source, two.layer) == (2, "A norm", "low")


def test_null_removes_an_entry(tmp_path: Path) -> None:
    low, high = layer(tmp_path, "low", a=BASE), layer(tmp_path, "high", a="settings: {one: null}\n")

    assert list(load_catalog(low, high).settings) == ["two"]


def test_removing_what_is_not_there_is_a_fault_that_names_the_near(tmp_path: Path) -> None:
    low, high = layer(tmp_path, "low", a=BASE), layer(tmp_path, "high", a="settings: {onne: null}\n")

    assert [(f.rule, f.file, f.line, f.advice) for f in check([low, high])] == [
        ("entry.nothing_to_remove", "high/a.yaml", 1, ("one",))
    ]


def test_two_files_of_one_layer_may_not_define_one_entry(tmp_path: Path) -> None:
    low = layer(tmp_path, "low", a=BASE, b="settings:\n  one: {value: 3}\n")

    (fault,) = check([low])

    assert (fault.rule, fault.file, fault.line, fault.advice) == ("entry.twice", "low/b.yaml", 2, ("low/a.yaml:4",))


def test_what_a_file_says_about_itself_is_the_provenance_of_its_entries(tmp_path: Path) -> None:
    low = layer(tmp_path, "low", a=BASE)
    high = layer(tmp_path, "high", a="about: {source: B, confidence: P, from: null}\nsettings:\n  one: {value: 3}\n")

    one = load_catalog(low, high).settings["one"]

    assert (one.source, one.confidence, one.from_) == ("B", "P", None)


def test_a_fault_names_the_layer_that_speaks_of_the_key(tmp_path: Path) -> None:
    low = layer(tmp_path, "low", a=BASE)
    high = layer(tmp_path, "high", a="settings:\n  one:\n    confidence: X\n")

    (fault,) = check([low, high])

    assert (fault.file, fault.line, fault.key) == ("high/a.yaml", 3, "settings.one.confidence")


def test_nothing_is_loaded_when_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as raised:
        load_catalog(layer(tmp_path, "low", a=BASE + "  three: {}\n"))

    assert len(raised.value.faults) == 4  # zh, en, value, unit; the provenance comes from the file's head


plain = st.recursive(
    st.none() | st.integers(0, 9),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(st.sampled_from("abc"), plain, max_size=3)


@given(mappings)
def test_laying_nothing_over_changes_nothing(base: dict[str, object]) -> None:
    assert overlay(base, {}) == base


@given(mappings, mappings)
def test_laying_over_does_not_change_its_arguments(base: dict[str, object], over: dict[str, object]) -> None:
    before = (repr(base), repr(over))
    overlay(base, over)

    assert (repr(base), repr(over)) == before


def test_a_condition_is_replaced_whole() -> None:
    base = {"when": {"var": "rain_3h", "op": ">=", "value": 50}}

    assert overlay(base, {"when": {"any_of": ()}}) == {"when": {"any_of": ()}}
