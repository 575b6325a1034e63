"""Every sensor rule against its cases in ``rules/``: series in, alarms out.

A case has the ``series`` of one sensor, or ``sensors`` by name, each with its series and what else is known of it; rows
are [s, value, quality], a value of null is missing. Long series are ``steps`` of [count, s apart, value or several in
turn, what is added from row to row]; a step back is a late row. ``ticks`` are the moments at which silences and ends
are looked for. A sensor of a case measures the rule's quantity, or that of its last term, at the first type of asset
of the rule if nothing else is said.
"""

import functools
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from anlan.catalog import Catalog, builtin_layers, load_catalog
from anlan.catalog.schema.rule_parts import EVERY
from anlan.catalog.schema.sensors import SensorRule
from catalog.ruling import MONDAY_S, Instrument, Setting, Standing, standings

FOLDER = Path(__file__).parent / "rules"
QUALITIES = ("good", "suspect", "missing", "out_of_range")


@functools.cache
def policy_of(layers: str) -> Catalog:
    return load_catalog(*builtin_layers(layers))


def told() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(FOLDER.glob("*.yaml")):
        yield file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))


def cases() -> list[Any]:
    return [
        pytest.param(file.get("catalog", "songjiang"), file.get("rule", stem), case, id=f"{stem}: {case['name']}")
        for stem, file in told()
        for case in file["cases"]
    ]


def instruments(policy: Catalog, rule: SensorRule, case: Mapping[str, Any]) -> dict[str, Instrument]:
    """Return the sensors of a case."""
    found = {}
    for name, own in sensors_of(rule, case).items():
        named = (rule, *(policy.sensor_rules[term.rule] for term in rule.terms))
        quantity = own.get("quantity", named[-1].quantity)
        watching = [one for one in named if one.quantity in {quantity, EVERY}]
        types = [kind for one in watching for kind in one.asset_types]
        known = {key: own[key] for key in ("asset", "area", "cadence_s") if key in own}
        valid = policy.quantities[quantity].valid if quantity in policy.quantities else (-9e9, 9e9)
        found[name] = Instrument(
            quantity=quantity, valid=valid, asset_type=own.get("asset_type", types[0] if types else ""), **known
        )
    return found


def sensors_of(rule: SensorRule, case: Mapping[str, Any]) -> dict[str, Any]:
    if "sensors" in case:
        return dict(case["sensors"])
    return {rule.stations[0] if rule.stations else "s": {"series": case["series"]}}


def series_of(own: Mapping[str, Any]) -> list[list[Any]]:
    """Return the rows of one sensor's series."""
    if isinstance(own["series"], list):
        return own["series"]
    found: list[list[Any]] = []
    at = -own["series"]["steps"][0][1]
    for count, apart, values, *creep in own["series"]["steps"]:
        several = values if isinstance(values, list) else [values]
        for n in range(count):
            value = several[n % len(several)]
            found.append([at + apart, value if value is None or not creep else value + creep[0] * (n + 1)])
            at = max(at, at + apart)
    return found


def rows(rule: SensorRule, case: Mapping[str, Any]) -> list[tuple[int, int, float, int]]:
    """Return the rows in order of arrival: a late one comes right after what it is later than; ticks come last."""
    arriving: list[tuple[float, int, tuple[int, int, float, int]]] = []
    for number, own in enumerate(sensors_of(rule, case).values()):
        newest = float("-inf")
        for row in series_of(own):
            newest = max(newest, row[0])
            value = float("nan") if row[1] is None else float(row[1])
            quality = QUALITIES.index(row[2]) if len(row) > 2 else 0
            arriving.append((newest, number, (number, _us(row[0]), value, quality)))
    last = max((at for at, _, _ in arriving), default=0.0)
    for at in ticks(case.get("ticks", {}), last):
        arriving.append((at, len(arriving), (-1, _us(at), float("nan"), 2)))
    return [row for _, _, row in sorted(arriving, key=lambda one: one[:2])]


def ticks(asked: Mapping[str, float], last: float) -> Iterator[float]:
    at = asked.get("every_s", 0)
    while at and at <= asked.get("until_s", last):
        yield at
        at += asked["every_s"]


def _us(seconds: float) -> int:
    return round((MONDAY_S + seconds) * 1e6)


def found(policy: Catalog, rule: SensorRule, case: Mapping[str, Any]) -> list[Standing]:
    """Return what a rule finds in a case; what its terms find is not asked."""
    named = {rule.id: rule, **{term.rule: policy.sensor_rules[term.rule] for term in rule.terms}}
    networks = {rule.network: [tuple(edge) for edge in case.get("network", ())]} if rule.network else {}
    setting = Setting(named, instruments(policy, rule, case), networks)
    return [one for one in standings(setting, *zip(*rows(rule, case), strict=True)) if one.rule == rule.id]


@pytest.mark.parametrize(("layers", "name", "case"), cases())
def test_a_rule_finds_the_alarms_of_its_cases(layers: str, name: str, case: dict[str, Any]) -> None:
    policy = policy_of(layers)
    rule = policy.sensor_rules[name]
    (one, *more) = sensors_of(rule, case)

    expected = [
        Standing(name, a["subject"] if more or "subject" in a else one, a["grade"], a["opened_at_s"], a["cleared_at_s"])
        for a in case["alarms"]
    ]

    assert found(policy, rule, case) == sorted(expected, key=lambda a: (a.subject, a.opened_at_s))


def late(series: list[list[Any]]) -> bool:
    """Tell whether a value comes with a time before that of a row already sent."""
    return any(row[1] is not None and row[0] < before[0] for before, row in pairwise(series))


def test_every_rule_has_cases_with_missing_and_late_samples(catalog: Catalog) -> None:
    files = dict(told())
    for rule in catalog.sensor_rules.values():
        assert rule.id in files, f"the rule {rule.id} has no cases"
        series = [series_of(own) for case in files[rule.id]["cases"] for own in sensors_of(rule, case).values()]
        assert any(row[1] is None for one in series for row in one), f"{rule.id}: no missing sample"
        assert any(late(one) for one in series), f"{rule.id}: no late sample"


def test_every_rule_is_found_and_not_found_in_its_cases(catalog: Catalog) -> None:
    files = dict(told())
    for rule in catalog.sensor_rules:
        assert any(case["alarms"] for case in files[rule]["cases"]), f"{rule}: nothing is found"


def test_no_case_is_of_a_rule_that_is_gone(catalog: Catalog) -> None:
    assert {stem.split(".")[0] for stem, _ in told()} <= set(catalog.sensor_rules)
