"""Which level the facts call for."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import GRADES
from anlan.catalog.schema.plans import PLAN_LEVELS, TRIGGER_SAMPLE
from anlan.kernel.errors import Invalid
from anlan.plan.triggers import at_grade_or_worse, called_for, complete, graver, nearest_plans


def test_nothing_known_calls_for_nothing(catalog: Catalog) -> None:
    for plan in catalog.plans.values():
        assert called_for(plan, {}) is None


@pytest.mark.parametrize(("rank", "level"), [(1, "IV"), (2, "III"), (3, "II"), (4, "I")])
def test_a_colour_calls_for_its_level_as_the_flood_regulation_orders(catalog: Catalog, rank: int, level: str) -> None:
    # Shanghai flood regulation, art. 30: blue, yellow, orange, red correspond to IV, III, II, I.
    for plan in catalog.plans.values():
        assert called_for(plan, {"signal": {"rainstorm": rank}}) == level


def test_what_was_not_told_is_zero_and_what_no_trigger_sees_is_refused() -> None:
    facts = complete({"impact": {"people": 5}})

    assert facts["impact"] == TRIGGER_SAMPLE["impact"] | {"people": 5}
    assert TRIGGER_SAMPLE["impact"]["people"] == 0
    with pytest.raises(Invalid, match="peple") as caught:
        complete({"impact": {"peple": 5}})
    assert caught.value.at == "args.trigger.impact.peple"


def test_a_fact_of_the_wrong_type_is_told(catalog: Catalog) -> None:
    with pytest.raises(Invalid, match="songjiang-flood"):
        called_for(catalog.plans["songjiang-flood"], {"signal": {"rainstorm": "heavy"}})


@given(st.lists(st.sampled_from(GRADES)))
def test_counting_at_a_grade_or_worse_agrees_with_counting_one_by_one(grades: list[str]) -> None:
    severity = {"red": 4, "orange": 3, "yellow": 2, "blue": 1}

    assert at_grade_or_worse(grades) == {g: len([x for x in grades if severity[x] >= severity[g]]) for g in GRADES}


def test_levels_are_ordered_from_one_to_four() -> None:
    assert [graver(a, b) for a, b in pairwise(PLAN_LEVELS)] == [True] * 3
    assert graver("IV", None)
    assert not graver(None, None)


def test_the_plan_nearest_above_an_area_is_meant(catalog: Catalog) -> None:
    assert [p.id for p in nearest_plans(catalog.plans, "310117001")] == ["songjiang-flood"]
    assert [p.id for p in nearest_plans(catalog.plans, "310115")] == ["shanghai-flood"]
