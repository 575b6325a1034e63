"""Every sensor rule against its cases in ``rules/``: series in, alarms out."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from anlan.catalog import Catalog, builtin_layers, load_catalog
from anlan.catalog.schema.sensors import SensorRule
from anlan.science.signals import Interval, Threshold, evaluate_series

FOLDER = Path(__file__).parent / "rules"


def cases() -> list[Any]:
    found = []
    for file in sorted(FOLDER.glob("*.yaml")):
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        rule, layers = told.get("rule", file.stem), told.get("catalog", "songjiang")
        found += [pytest.param(layers, rule, case, id=f"{file.stem}: {case['name']}") for case in told["cases"]]
    return found


def threshold(rule: SensorRule) -> Threshold:
    return Threshold(rule.op, rule.levels, rule.hold_s, rule.clear, rule.clear_hold_s, rule.max_gap_s)


@pytest.mark.parametrize(("layers", "rule", "case"), cases())
def test_a_rule_finds_the_alarms_of_its_cases(layers: str, rule: str, case: dict[str, Any]) -> None:
    found = load_catalog(*builtin_layers(layers)).sensor_rules[rule]
    times, values = zip(*case["series"], strict=True)

    alarms = evaluate_series(times, values, threshold(found))

    assert alarms == [Interval(a["grade"], a["opened_at_s"], a["cleared_at_s"]) for a in case["alarms"]]


def late(rows: list[list[Any]]) -> bool:
    """Tell whether a value comes with a time before that of a value already sent."""
    times = [t for t, value in rows if value is not None]
    return times != sorted(times)


def test_every_rule_has_cases_with_missing_and_late_samples(catalog: Catalog) -> None:
    for rule in catalog.sensor_rules:
        file = FOLDER / f"{rule}.yaml"
        assert file.exists(), f"the rule {rule} has no cases"
        series = [case["series"] for case in yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]]
        assert any(value is None for rows in series for _, value in rows), f"{rule}: no missing sample"
        assert any(late(rows) for rows in series), f"{rule}: no late sample"


def test_no_case_is_of_a_rule_that_is_gone(catalog: Catalog) -> None:
    told = {file.stem.split(".")[0] for file in FOLDER.glob("*.yaml")}

    assert told <= set(catalog.sensor_rules)
