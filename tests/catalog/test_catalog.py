"""The catalog that ships: whole, sourced, and one thing for the journal."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from anlan.catalog import Catalog, builtin_layers, load_catalog
from anlan.catalog.catalog import subjects
from anlan.catalog.schema.base import Model, Sourced
from anlan.catalog.subjects import SUBJECTS


def parts(value: object) -> Iterator[Model]:
    """Yield a model and every model inside it."""
    if isinstance(value, Model):
        yield value
        for name in type(value).model_fields:
            yield from parts(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif hasattr(value, "values"):
        for item in value.values():
            yield from parts(item)


def test_the_catalog_has_one_field_for_every_subject() -> None:
    assert subjects() == tuple(SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_has_content(catalog: Catalog, subject: str) -> None:
    assert getattr(catalog, subject)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_entry_knows_its_name_and_its_layer(catalog: Catalog, subject: str) -> None:
    for name, entry in getattr(catalog, subject).items():
        assert entry.id == name
        assert entry.layer in {"cn", "shanghai", "songjiang"}
        assert re.search(r"[\u4e00-\u9fffA-Z]", entry.zh), name
        assert not re.search(r"[\u4e00-\u9fff]", entry.en), name


def test_every_value_of_law_says_whence_how_sure_and_since_when(catalog: Catalog) -> None:
    sourced = [
        part
        for subject in SUBJECTS
        for e in getattr(catalog, subject).values()
        for part in parts(e)
        if isinstance(part, Sourced)
    ]

    assert len(sourced) > 1000
    for part in sourced:
        assert part.source.strip()
        assert part.from_ is None or date(1980, 1, 1) < part.from_ < date(2030, 1, 1)


def test_a_proposal_is_not_passed_off_as_law(catalog: Catalog) -> None:
    ours = re.compile(r"proposal|of this project", re.IGNORECASE)
    for subject in SUBJECTS:
        for entry in getattr(catalog, subject).values():
            if isinstance(entry, Sourced) and entry.source.startswith(("Proposal of this project", "Starting value")):
                assert entry.confidence in {"P", "G"}, (subject, entry.id)
            if isinstance(entry, Sourced) and entry.confidence == "P" and subject in {"settings", "sensor_rules"}:
                assert ours.search(entry.source), (subject, entry.id)


def test_entries_cannot_be_changed(catalog: Catalog) -> None:
    with pytest.raises(TypeError):
        catalog.roles["x"] = catalog.roles["public"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        catalog.roles["public"].zh = "x"
    with pytest.raises(TypeError):
        catalog.plans["songjiang-flood"].actions["x"] = None  # type: ignore[index]


def test_the_same_content_has_the_same_fingerprint_and_other_content_another(catalog: Catalog, nation: Catalog) -> None:
    assert load_catalog(*builtin_layers("songjiang")).fingerprint == catalog.fingerprint
    assert re.fullmatch(r"[0-9a-f]{64}", catalog.fingerprint)
    assert nation.fingerprint != catalog.fingerprint


def test_the_fingerprint_sees_one_changed_number(tmp_path: Path) -> None:
    prints = set()
    for value in (1, 2):
        file = tmp_path / f"{value}.yaml"
        file.write_text(
            f"settings:\n  a: {{zh: 一, en: a, value: {value}, unit: s, source: x, confidence: P, from: null}}\n"
        )
        prints.add(load_catalog(file).fingerprint)

    assert len(prints) == 2


def test_an_unknown_setting_names_the_near_ones(catalog: Catalog) -> None:
    with pytest.raises(KeyError, match=r"session\.hours"):
        catalog.setting("session.hour")


def test_unknown_built_in_content_is_refused() -> None:
    with pytest.raises(KeyError, match="songjiang"):
        builtin_layers("pudong")


def test_all_entries_can_be_written_as_json(catalog: Catalog) -> None:
    for subject in SUBJECTS:
        for entry in getattr(catalog, subject).values():
            assert json.loads(entry.model_dump_json(by_alias=True))["id"] == entry.id


def test_no_content_file_says_where_its_authors_read_it() -> None:
    private = re.compile(r"/work|shared/|source document|LawRefBook", re.IGNORECASE)
    told = [
        file for layer in builtin_layers() for file in layer.rglob("*.yaml") if private.search(file.read_text("utf-8"))
    ]

    assert told == []
