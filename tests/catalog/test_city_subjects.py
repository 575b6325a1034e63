"""Vital signs, data resources and sectors: what their shapes refuse, and that what ships can be used as it says."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from anlan.catalog import Catalog, Fault, builtin_layers, check

PROPOSED = {"source": "Proposal of this project", "confidence": "P", "from": None}
NAMED = {"zh": "试", "en": "trial", **PROPOSED}
SIGN = {**NAMED, "formula": "alarms.all.total", "unit": "1", "direction": "down", "grades": {"red": {"value": 1}}}
RESOURCE = {
    **NAMED,
    "provider_zh": "甲",
    "provider_en": "one",
    "quantities": ["ponding_depth"],
    "noun": "observation",
    "address": "/api/v1/sense/series",
    "format": ["json"],
    "sharing": "unconditional",
    "roles": ["auditor"],
}
PROFILE = {"kind": "ponding_gauge", "parts": [{"part": "level", "mean": 0}]}
SECTOR = {
    **NAMED,
    "hazards": ["waterlogging"],
    "quantities": ["ponding_depth"],
    "sensor_kinds": ["ponding_gauge"],
    "asset_types": ["underpass"],
    "rules": ["ponding"],
    "reach_m": 100,
    "profiles": [PROFILE],
}


def faults(tmp_path: Path, subject: str, entry: dict[str, Any]) -> list[Fault]:
    file = tmp_path / "own.yaml"
    file.write_text(yaml.safe_dump({subject: {"trial": entry}}, allow_unicode=True), encoding="utf-8")
    return check([file], builtin_layers("songjiang"))


@pytest.mark.parametrize(
    ("subject", "entry"), [("vital_signs", SIGN), ("data_resources", RESOURCE), ("sectors", SECTOR)]
)
def test_a_sound_entry_is_read(tmp_path: Path, subject: str, entry: dict[str, Any]) -> None:
    assert faults(tmp_path, subject, entry) == []


@pytest.mark.parametrize(
    ("subject", "entry", "expected"),
    [
        ("vital_signs", SIGN | {"formula": "alarms."}, ("expression.syntax", "formula")),
        (
            "vital_signs",
            SIGN | {"grades": {"yellow": {"value": 2}, "red": {"value": 1}}},
            ("grades.not_monotonic", "grades"),
        ),
        ("data_resources", RESOURCE | {"sharing": "conditional"}, ("key.missing", "condition_zh")),
        ("data_resources", RESOURCE | {"sharing": "public"}, ("value.not_permitted", "sharing")),
        ("data_resources", RESOURCE | {"roles": ["auditr"]}, ("reference.unknown", "roles.0")),
        ("sectors", SECTOR | {"rules": []}, ("value.empty", "rules")),
        ("sectors", SECTOR | {"hazards": ["locusts"]}, ("value.not_permitted", "hazards.0")),
        ("sectors", SECTOR | {"profiles": [PROFILE | {"high": 9}]}, ("sector.range", "profiles.0.low")),
        (
            "sectors",
            SECTOR | {"profiles": [PROFILE | {"parts": [{"part": "wander", "sd": 1}]}]},
            ("key.missing", "profiles.0.parts.0.time_s"),
        ),
        (
            "sectors",
            SECTOR | {"profiles": [PROFILE | {"faults": [{"kind": "silence", "finds": ["silent"]}]}]},
            ("reference.unknown", "profiles.0.faults.0.finds.0"),
        ),
    ],
)
def test_what_does_not_fit_is_a_named_fault_at_its_place(
    tmp_path: Path, subject: str, entry: dict[str, Any], expected: tuple[str, str]
) -> None:
    (fault,) = faults(tmp_path, subject, entry)

    assert (fault.rule, fault.key) == (expected[0], f"{subject}.trial.{expected[1]}")


def test_every_role_that_may_use_a_resource_may_read_it(catalog: Catalog) -> None:
    for resource in catalog.data_resources.values():
        for role in resource.roles:
            reads = catalog.roles[role].reads
            assert any(fnmatchcase(resource.noun, pattern) for pattern in reads), (resource.id, role)


def test_every_quantity_that_a_sector_measures_is_in_one_data_resource(catalog: Catalog) -> None:
    held = [quantity for resource in catalog.data_resources.values() for quantity in resource.quantities]
    measured = {
        catalog.sensor_kinds[kind].quantity for sector in catalog.sectors.values() for kind in sector.sensor_kinds
    }

    assert len(held) == len(set(held))
    assert measured <= set(held)


def test_what_a_sector_names_fits_together(catalog: Catalog) -> None:
    for sector in catalog.sectors.values():
        for name in sector.sensor_kinds:
            kind = catalog.sensor_kinds[name]
            assert kind.quantity in sector.quantities, (sector.id, name)
        assert {profile.kind for profile in sector.profiles} == set(sector.sensor_kinds)


def test_assets_measure_what_their_instruments_do(catalog: Catalog) -> None:
    for kind in catalog.sensor_kinds.values():
        for name in kind.asset_types:
            told = {*catalog.asset_types[name].measures, "battery_level"}
            assert kind.quantity in told, (kind.id, name)
