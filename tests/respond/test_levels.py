"""Levels of incidents at the bounds that the law draws: "at or above" includes the number."""

import pytest

from anlan.catalog.catalog import Catalog
from anlan.kernel.errors import Invalid
from anlan.respond.levels import decide, level_of, lineage

# State Council Order 493, art. 3: deaths 3, 10, 30; serious injuries 10, 50, 100; direct loss 10, 50, 100 million yuan.
ACCIDENT = "12D00"


@pytest.mark.parametrize(
    ("consequences", "level"),
    [
        ({"deaths": 30}, "extraordinary"),
        ({"deaths": 29}, "severe"),
        ({"deaths": 10}, "severe"),
        ({"deaths": 9}, "major"),
        ({"deaths": 3}, "major"),
        ({"deaths": 2}, "ordinary"),
        ({"serious_injuries": 100}, "extraordinary"),
        ({"serious_injuries": 50}, "severe"),
        ({"serious_injuries": 9}, "ordinary"),
        ({"direct_loss_cny": 100_000_000}, "extraordinary"),
        ({"direct_loss_cny": 99_999_999}, "severe"),
        ({"direct_loss_cny": 10_000_000, "deaths": 2}, "major"),
        ({"deaths": 9, "serious_injuries": 50}, "severe"),
        ({}, None),
    ],
)
def test_the_highest_level_that_any_number_reaches_is_the_level(
    catalog: Catalog, consequences: dict[str, float], level: str | None
) -> None:
    assert level_of(catalog, ACCIDENT, consequences) == level


def test_a_type_takes_the_scale_of_its_group_before_that_of_its_class(catalog: Catalog) -> None:
    assert level_of(catalog, "11D00", {"direct_loss_cny": 10_000_000}) == "extraordinary"  # geological, order art. 4
    assert level_of(catalog, ACCIDENT, {"direct_loss_cny": 10_000_000}) == "major"


def test_a_type_without_a_scale_is_graded_by_people_only(catalog: Catalog) -> None:
    assert decide(catalog, "11B01", {"deaths": 3}, None) is None
    assert decide(catalog, "11B01", {"deaths": 3}, "major") == "major"


def test_people_may_give_a_graver_level_but_no_milder_one(catalog: Catalog) -> None:
    assert decide(catalog, ACCIDENT, {"deaths": 3}, "severe") == "severe"
    with pytest.raises(Invalid, match="major"):
        decide(catalog, ACCIDENT, {"deaths": 3}, "ordinary")


def test_social_security_incidents_have_no_level(catalog: Catalog) -> None:
    group = next(code for code, event in catalog.event_types.items() if event.parent == "14000")

    assert lineage(catalog, group)[-1] == "14000"
    assert decide(catalog, group, {"deaths": 30}, None) is None
    with pytest.raises(Invalid):
        decide(catalog, group, {}, "severe")


def test_an_unknown_type_is_told_with_near_ones(catalog: Catalog) -> None:
    with pytest.raises(Invalid, match="11B10"):
        lineage(catalog, "11B0")
