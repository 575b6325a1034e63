"""YAML as the core schema of YAML 1.2.2 has it (section 10.3.2), with places, and safe against hostile files."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.catalog import documents
from anlan.catalog.documents import parse, read


def value_of(raw: str) -> Any:
    document, faults = parse(raw.encode(), "f.yaml")
    assert faults == []
    return document.value


# YAML 1.2.2, example 10.9 and the table above it.
@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("~", None), ("null", None), ("Null", None), ("true", True), ("False", False), ("TRUE", True), ("0", 0),
        ("-19", -19),
        ("0o7", 7), ("0x3A", 58), ("0.", 0.0), ("-0.0", -0.0), (".5", 0.5), ("+12e03", 12000.0), ("-2E+05", -200000.0),
        (".inf", float("inf")), ("-.Inf", float("-inf")), ("on", "on"), ("no", "no"), ("yes", "yes"),
        ("2024-11-01", "2024-11-01"),
        ("1:20", "1:20"), ("1_000", "1_000"), ('"12"', "12"), ("'true'", "true"), ("010", 10), ("y", "y"),
        ("=", "="), ("<<", "<<"),
    ],
)  # fmt: skip
def test_plain_scalars_are_read_by_the_core_schema(raw: str, value: Any) -> None:
    assert value_of(f"x: {raw}") == {"x": value}
    assert type(value_of(f"x: {raw}")["x"]) is type(value)


def test_keys_named_like_booleans_of_old_yaml_stay_text() -> None:
    assert value_of("on: alarm.open\nno: 1\n") == {"on": "alarm.open", "no": 1}


def test_sequences_are_tuples() -> None:
    assert value_of("x: [1, [2], {a: 3}]") == {"x": (1, (2,), {"a": 3})}


def test_places_are_those_of_keys_and_items() -> None:
    document, _ = parse(b"a:\n  b:\n    - 1\n    - {c: 2}\n", "f.yaml")

    assert [(m.line, m.column) for m in map(document.place, [("a",), ("a", "b"), ("a", "b", 1),
    ("a", "b", 1, "c")])] == [
        (1, 1), (2, 3), (4, 7), (4, 8),
    ]  # fmt: skip


def test_a_path_that_is_not_there_has_the_place_of_its_nearest_parent() -> None:
    document, _ = parse(b"a:\n  b: 1\n", "f.yaml")

    assert document.place(("a", "x", "y")).line == 1
    assert document.reaches(("a", "x", "y")) == 1


def test_an_alias_has_the_value_and_the_place_of_its_anchor() -> None:
    document, faults = parse(b"a: &x {k: 1}\nb: *x\n", "f.yaml")

    assert (document.value, faults) == ({"a": {"k": 1}, "b": {"k": 1}}, [])
    assert document.place(("b", "k")).line == 1


@pytest.mark.parametrize(
    ("raw", "rule", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "key.duplicate", 3),
        ("a:\n  c: 1\n  c: 1\n", "key.duplicate", 3),
        ("a: 1\n3: 2\n", "key.not_text", 2),
        ("11E02: {}\n", "key.not_text", 1),
        ("? [a]\n: 1\n", "key.not_text", 1),
        ("a: !!python/object/apply:os.system [x]\n", "value.foreign_tag", 1),
        ("a: !secret b\n", "value.foreign_tag", 1),
        ("a: !!map {}\n", "value.foreign_tag", 1),
        ("a: *x\n", "value.unknown_alias", 1),
        ("a: &x [*x]\n", "value.unknown_alias", 1),
        ("a: [1\nb: 2\n", "file.not_yaml", 2),
        ("a: 1\n---\nb: 2\n", "file.not_yaml", 2),
        ("a:\n\t- 1\n", "file.not_yaml", 2),
        ("a: \x01\n", "file.not_yaml", 1),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(raw: str, rule: str, line: int) -> None:
    _, faults = parse(raw.encode(), "f.yaml")

    assert [(fault.rule, fault.line) for fault in faults] == [(rule, line)]


def test_bytes_that_are_not_utf_8_are_a_fault() -> None:
    _, faults = parse(b"a: \xff\xfe\xfa\n", "f.yaml")

    assert [fault.rule for fault in faults] == ["file.not_yaml"]


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    _, faults = read(tmp_path / "none.yaml")

    assert [fault.rule for fault in faults] == ["file.unreadable"]


@pytest.mark.parametrize(
    "raw", ["[" * 300_000, "- " * 300_000, "? " * 30_000, "{a: " * 100_000, "{? " * 30_000], ids=lambda r: r[:4]
)
def test_deep_nesting_is_a_fault_and_not_a_crash(raw: str) -> None:
    _, faults = parse(raw.encode(), "f.yaml")

    assert [fault.rule for fault in faults] == ["file.too_deep"]


def test_aliases_that_multiply_are_a_fault() -> None:
    """The "billion laughs"."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]

    _, faults = parse("\n".join(lines).encode(), "f.yaml")

    assert [fault.rule for fault in faults] == ["file.too_large"]


def test_a_file_over_the_limit_is_a_fault() -> None:
    _, faults = parse(b"#" * (documents.MAX_BYTES + 1), "f.yaml")

    assert [fault.rule for fault in faults] == ["file.too_large"]


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!?|>'\"#%@ \n\t0", max_size=80).map(str.encode))
def test_no_input_makes_it_raise(raw: bytes) -> None:
    document, faults = parse(raw, "f.yaml")

    assert document.value is None or faults == [] or all(fault.file == "f.yaml" for fault in faults)
