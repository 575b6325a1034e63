"""Rules of every kind: what a kind needs and refuses, what counts ask for, and what an override changes."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from anlan.catalog import Fault, builtin_layers, check, load_catalog
from anlan.catalog.schema.rule_parts import NEVER
from anlan.catalog.schema.sensors import SensorRule

PROPOSED = {"source": "Proposal of this project", "confidence": "P", "from": None}
SAMPLED = {"quantity": "ponding_depth", "op": ">=", "hold_s": 0, "clear": 0, "clear_hold_s": 0, "max_gap_s": 900}
VALID: dict[str, dict[str, Any]] = {
    "threshold": {**SAMPLED, "unit": "m", "grades": {"blue": {"value": 0.1}, "red": {"value": 0.5}}},
    "rate": {"kind": "rate", **SAMPLED, "unit": "m", "window_s": 600, "grades": {"yellow": {"value": 0.1}}},
    "deviation": {
        "kind": "deviation",
        **SAMPLED,
        "season": {"period_s": 86400, "bins": 24, "warm": 20},
        "grades": {"yellow": {"value": 6}},
    },
    "drift": {"kind": "drift", **SAMPLED, "window_s": 86400, "grades": {"blue": {"value": 4}}},
    "stuck": {"kind": "stuck", "quantity": "water_level", "tolerance": 0.001, "grades": {"blue": {"value": 21600}}},
    "silence": {
        "kind": "silence",
        "quantity": "*",
        "unit": "{cadence}",
        "clear": 2,
        "grades": {"blue": {"value": 4}, "yellow": {"value": 24}},
    },
    "faulty": {"kind": "faulty", "quantity": "*", "hold_s": 900, "clear_hold_s": 900, "grades": {"blue": {"value": 1}}},
    "compound": {
        "kind": "compound",
        "over": "area",
        "level": "town",
        "window_s": 1800,
        "all": [{"rule": "ponding", "grade": "yellow", "count": {"yellow": 3, "orange": 5}}],
        "gathers": True,
    },
}


def faults(tmp_path: Path, **rule: Any) -> list[Fault]:
    """Return the faults of one rule laid over the content that ships."""
    file = tmp_path / "own.yaml"
    entry = {"zh": "试", "en": "trial", **PROPOSED, **rule}
    file.write_text(yaml.safe_dump({"sensor_rules": {"trial": entry}}, allow_unicode=True), encoding="utf-8")
    return check([file], builtin_layers("songjiang"))


def loaded(tmp_path: Path, **rule: Any) -> SensorRule:
    faults(tmp_path, **rule)
    return load_catalog(*builtin_layers("songjiang"), tmp_path / "own.yaml").sensor_rules["trial"]


@pytest.mark.parametrize("kind", VALID)
def test_a_rule_of_each_kind_is_read(tmp_path: Path, kind: str) -> None:
    rule = loaded(tmp_path, **VALID[kind])

    assert rule.kind == kind
    assert rule.levels[0][1] > 0


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("rate", {"window_s": None}, ("key.missing", "window_s")),
        ("deviation", {"season": None}, ("key.missing", "season")),
        ("stuck", {"tolerance": None}, ("key.missing", "tolerance")),
        ("threshold", {"hold_s": None}, ("key.missing", "hold_s")),
        ("threshold", {"window_s": 60}, ("rule.foreign_key", "window_s")),
        ("compound", {"quantity": "ponding_depth"}, ("rule.foreign_key", "quantity")),
        ("compound", {"level": None}, ("rule.over", "over")),
        ("compound", {"over": "upstream", "level": None}, ("rule.over", "over")),
        ("threshold", {"quantity": "*"}, ("rule.every_quantity", "quantity")),
        ("threshold", {"unit": "mm"}, ("rule.unit", "unit")),
        ("silence", {"unit": "min"}, ("rule.unit", "unit")),
        ("threshold", {"suppressed_by": ["trial"]}, ("rule.itself", "suppressed_by")),
        ("threshold", {"suppressed_by": ["pondin"]}, ("reference.unknown", "suppressed_by.0")),
        ("threshold", {"clear": 0.2}, ("grades.not_monotonic", "clear")),
        ("threshold", {"schedule": {"from": "8:00"}}, ("value.out_of_range", "schedule.from")),
        ("threshold", {"overrides": [{"hold_s": 1}]}, ("rule.override_place", "overrides.0")),
        (
            "threshold",
            {"overrides": [{"area": "310117", "grades": {"blue": {"value": 0.6}}}]},
            ("grades.not_monotonic", "overrides.0.grades"),
        ),
    ],
)
def test_what_does_not_fit_is_a_named_fault_at_its_place(
    tmp_path: Path, kind: str, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    rule = {key: value for key, value in (VALID[kind] | change).items() if value is not None}

    (fault,) = faults(tmp_path, **rule)

    assert (fault.rule, fault.key) == (expected[0], f"sensor_rules.trial.{expected[1]}")
    assert fault.say("zh") != fault.say("en")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, "grades"),
        ({"all": [{"rule": "ponding", "count": 2}]}, "grades"),
        ({"all": [{"rule": "pondin", "count": {"red": 1}}]}, "all.0.rule"),
        ({"all": [{"rule": "ponding", "grade": "purple", "count": {"red": 1}}]}, "all.0.grade"),
        ({"all": [{"rule": "gas_concentration", "grade": "blue", "count": {"red": 1}}]}, "all.0.grade"),
        ({"all": [{"rule": "ponding", "count": {"blue": 3, "red": 2}}]}, "all.0.count"),
        ({"all": [{"rule": "trial", "count": {"red": 1}}]}, "all.0.rule"),
    ],
)
def test_terms_are_checked_against_the_rules_they_name(tmp_path: Path, terms: dict[str, Any], expected: str) -> None:
    rule = {key: value for key, value in VALID["compound"].items() if key != "all"}

    (fault, *_) = faults(tmp_path, **rule, **terms)

    assert fault.key == f"sensor_rules.trial.{expected}"


def compound(tmp_path: Path, **terms: Any) -> dict[str, tuple[int, ...]]:
    rule = {key: value for key, value in VALID["compound"].items() if key != "all"}
    read = loaded(tmp_path, **rule, **terms)
    return {term.rule: read.need(term) for term in read.terms}


def test_a_grade_that_a_term_of_all_does_not_name_asks_for_what_the_milder_one_does(tmp_path: Path) -> None:
    terms = [{"rule": "ponding", "count": {"yellow": 3}}, {"rule": "rain_1h", "count": {"orange": 1}}]

    assert compound(tmp_path, all=terms) == {"ponding": (3, 3), "rain_1h": (0, 1)}


def test_a_grade_that_a_term_of_any_does_not_name_is_out_of_its_reach(tmp_path: Path) -> None:
    terms = [{"rule": "ponding", "count": {"yellow": 3}}, {"rule": "rain_1h", "count": {"orange": 2}}]

    assert compound(tmp_path, any=terms) == {"ponding": (3, NEVER), "rain_1h": (2, 2)}


def test_a_single_count_is_asked_for_at_every_grade(tmp_path: Path) -> None:
    terms = [{"rule": "ponding", "count": {"yellow": 3, "red": 9}}, {"rule": "rain_1h", "count": 2}]

    assert compound(tmp_path, all=terms) == {"ponding": (3, 9), "rain_1h": (2, 2)}


def test_the_value_of_a_compound_grade_is_the_greatest_count_with_the_rules_own_source(tmp_path: Path) -> None:
    rule = loaded(tmp_path, **VALID["compound"])

    assert rule.levels == (("yellow", 3.0), ("orange", 5.0))
    assert rule.grades["orange"].confidence == "P"


def test_the_most_particular_override_wins_and_changes_only_what_it_names(tmp_path: Path) -> None:
    overrides = [
        {"area": "310000", "hold_s": 1},
        {"area": "310117", "grades": {"red": {"value": 0.4, "confidence": "G"}}},
        {"area": "310117105", "clear": 0.05},
        {"sensor": "s1", "hold_s": 9},
    ]
    rule = loaded(tmp_path, **VALID["threshold"], overrides=overrides)

    def under(sensor: str, area: str) -> tuple[Any, ...]:
        found = rule.override(sensor, area)
        own = rule if found is None else rule.changed(found)
        return own.hold_s, own.clear, own.grades["blue"].value, own.grades["red"].value

    assert under("s1", "310117105001") == (9, 0, 0.1, 0.5)
    assert under("s2", "310117105001") == (0, 0.05, 0.1, 0.5)
    assert under("s2", "310117106") == (0, 0, 0.1, 0.4)
    assert under("s2", "310115") == (1, 0, 0.1, 0.5)
    assert under("s2", "320500") == (0, 0, 0.1, 0.5)


def test_what_an_override_states_has_a_source(tmp_path: Path) -> None:
    overrides = [{"area": "310117", "source": "the district", "grades": {"red": {"value": 0.4}}}]

    (override,) = loaded(tmp_path, **VALID["threshold"], overrides=overrides).overrides

    assert (override.grades["red"].source, override.grades["red"].confidence) == ("the district", "P")


def test_a_grade_may_have_holds_of_its_own(tmp_path: Path) -> None:
    grades = {"blue": {"value": 0.1}, "red": {"value": 0.5, "hold_s": 0, "clear_hold_s": 60, "escalate_after_s": 300}}
    rule = loaded(tmp_path, **VALID["threshold"] | {"hold_s": 120, "clear_hold_s": 600, "grades": grades})

    assert [(rule.hold(g), rule.clear_hold(g)) for g, _ in rule.levels] == [(120, 600), (0, 60)]
    assert rule.grades["red"].escalate_after_s == 300


def test_a_schedule_is_read_as_minutes_of_the_day(tmp_path: Path) -> None:
    rule = loaded(tmp_path, **VALID["threshold"], schedule={"days": [6, 7], "from": "20:30", "to": "06:00"})

    assert rule.schedule is not None
    assert (rule.schedule.days, rule.schedule.minutes) == ((6, 7), (1230, 360))


def test_a_kind_of_instrument_does_not_reach_beyond_its_quantity(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    kind = {"zh": "试", "en": "trial", **PROPOSED, "quantity": "ponding_depth", "cadence_s": 60, "valid": [0, 99]}
    file.write_text(yaml.safe_dump({"sensor_kinds": {"trial": kind | {"asset_types": ["underpass"]}}}))

    (fault,) = check([file], builtin_layers("songjiang"))

    assert (fault.rule, fault.key) == ("sensor_kind.range", "sensor_kinds.trial.valid")
