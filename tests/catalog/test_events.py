"""Event types, and levels on the boundaries that the regulations draw ("at or above" includes the number)."""

import re

import pytest

from anlan.catalog import Catalog

# State Council Order 493, art. 3: deaths, serious injuries, direct loss in yuan.
ORDER_493 = [
    ({"deaths": 30}, "extraordinary"), ({"deaths": 29}, "severe"), ({"deaths": 10}, "severe"), ({"deaths": 9}, "major"),
    ({"deaths": 3}, "major"), ({"deaths": 2}, "ordinary"), ({"deaths": 0}, "ordinary"),
    ({"serious_injuries": 100}, "extraordinary"), ({"serious_injuries": 99}, "severe"),
    ({"serious_injuries": 50}, "severe"),
    ({"serious_injuries": 49}, "major"), ({"serious_injuries": 10}, "major"), ({"serious_injuries": 9}, "ordinary"),
    ({"direct_loss_cny": 100_000_000}, "extraordinary"), ({"direct_loss_cny": 99_999_999}, "severe"),
    ({"direct_loss_cny": 50_000_000}, "severe"), ({"direct_loss_cny": 49_999_999}, "major"),
    ({"direct_loss_cny": 10_000_000}, "major"), ({"direct_loss_cny": 9_999_999}, "ordinary"),
    # the five vectors that came with the table
    ({"deaths": 29, "serious_injuries": 0, "direct_loss_cny": 0}, "severe"),
    ({"deaths": 2, "direct_loss_cny": 10_000_000}, "major"), ({"deaths": 9, "serious_injuries": 50}, "severe"),
    ({"deaths": 0, "serious_injuries": 9, "direct_loss_cny": 9_999_999}, "ordinary"), ({}, None),
]  # fmt: skip
OTHERS = [
    ("forest_fire", {"burned_forest_ha": 1000}, "extraordinary"),
    ("forest_fire", {"burned_forest_ha": 999.9}, "severe"),
    ("forest_fire", {"burned_forest_ha": 100}, "severe"), ("forest_fire", {"burned_forest_ha": 1}, "major"),
    ("forest_fire", {"burned_forest_ha": 0.9}, "ordinary"), ("forest_fire", {"deaths": 0}, None),
    ("geological", {"direct_loss_cny": 10_000_000}, "extraordinary"),
    ("geological", {"direct_loss_cny": 1_000_000}, "major"),
    ("earthquake", {"deaths": 300}, "extraordinary"), ("earthquake", {"magnitude_dense": 5.0}, "severe"),
    ("earthquake", {"loss_share_of_last_year_gdp": 0.01}, "extraordinary"),
    ("earthquake", {"magnitude_other": 3.9}, None),
    ("metro", {"interruption_h": 2}, "ordinary"), ("metro", {"interruption_h": 24}, "severe"),
    ("metro", {"interruption_h": 1.9}, None),
    ("power_outage_municipality", {"load_loss_share": 0.5}, "extraordinary"),
    ("environment", {"evacuated": 50_000}, "extraordinary"),
    ("natural_disaster_relief_per_province", {"relocated": 100_000}, "ordinary"),
    ("fire", {"deaths": 30}, "extraordinary"),
]  # fmt: skip


@pytest.mark.parametrize(("consequences", "level"), ORDER_493)
def test_work_safety_accidents_are_graded_as_order_493_says(
    nation: Catalog, consequences: dict[str, float], level: str | None
) -> None:
    assert nation.event_scales["work_safety_accident"].level(consequences) == level


@pytest.mark.parametrize(("scale", "consequences", "level"), OTHERS)
def test_other_scales_have_their_own_bounds(
    nation: Catalog, scale: str, consequences: dict[str, float], level: str | None
) -> None:
    assert nation.event_scales[scale].level(consequences) == level


def test_all_316_types_are_there(nation: Catalog) -> None:
    assert len(nation.event_types) == 316
    assert sum(t.tier == "class" for t in nation.event_types.values()) == 5


def test_a_types_code_says_its_place(nation: Catalog) -> None:
    for code, kind in nation.event_types.items():
        assert re.fullmatch(r"1[12349]([A-HJ-NP-Z][0-9]{2}|000)", code), code
        parent = {"class": None, "group": code[:2] + "000", "type": code[:3] + "00"}[kind.tier]
        assert kind.parent == parent, code


def test_social_security_incidents_have_no_scale(nation: Catalog) -> None:
    assert not any(code.startswith("14") for s in nation.event_scales.values() for code in s.applies_to)


def test_four_levels_have_four_colours_and_the_words_of_cap(nation: Catalog) -> None:
    told = [(e.rank, e.grade, e.cap_severity) for e in nation.event_levels.values()]

    assert told == [(1, "red", "Extreme"), (2, "orange", "Severe"), (3, "yellow", "Moderate"), (4, "blue", "Minor")]
