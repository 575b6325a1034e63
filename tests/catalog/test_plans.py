"""The flood plans: graph sound, levels in the order of the colours, desks for every level."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.catalog import Catalog
from anlan.catalog.expressions import evaluate
from anlan.catalog.schema.plans import PLAN_LEVELS, TRIGGER_SAMPLE, find_cycle

PLANS = ("shanghai-flood", "songjiang-flood")


@pytest.mark.parametrize("plan", PLANS)
def test_colours_and_levels_correspond_one_to_one(catalog: Catalog, plan: str) -> None:
    """Shanghai Flood Control Regulations art. 30."""
    levels = catalog.plans[plan].levels

    assert [(name, levels[name].grade) for name in PLAN_LEVELS] == [
        ("I", "red"), ("II", "orange"), ("III", "yellow"), ("IV", "blue"),
    ]  # fmt: skip


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("rank", range(5))
@pytest.mark.parametrize("hazard", ["rainstorm", "typhoon", "surge", "flood"])
def test_a_signal_triggers_its_level_and_all_milder(catalog: Catalog, plan: str, rank: int, hazard: str) -> None:
    seen = {**TRIGGER_SAMPLE, "signal": {**TRIGGER_SAMPLE["signal"], hazard: rank}}

    held = [name for name in PLAN_LEVELS if evaluate(catalog.plans[plan].levels[name].trigger, seen)]

    assert held == list(PLAN_LEVELS[4 - rank :])


@pytest.mark.parametrize("plan", PLANS)
def test_more_severe_levels_only_add_actions(catalog: Catalog, plan: str) -> None:
    sets = [set(catalog.plans[plan].actions_at(level)) for level in reversed(PLAN_LEVELS)]

    assert all(milder < graver for milder, graver in pairwise(sets))
    assert sets[-1] == set(catalog.plans[plan].actions)


def test_every_desk_has_something_to_do(catalog: Catalog) -> None:
    city = {a.level for a in catalog.plans["shanghai-flood"].actions.values()}
    district = {a.level for a in catalog.plans["songjiang-flood"].actions.values()}

    assert city == {"city", "district", "town", "village"}
    assert district == {"district", "town", "village"}


def test_what_the_regulation_orders_at_red_is_marked_as_read(catalog: Catalog) -> None:
    """Art. 41: schools stop, outdoor events and work stop, closures, patrol of underground works."""
    actions = catalog.plans["songjiang-flood"].actions
    ordered = {name for name, a in actions.items() if a.confidence == "V" and "art. 41" in a.source}

    assert ordered == {"schools-stop", "outdoor-stop", "closures", "underground-patrol"}
    assert {actions[name].from_level for name in ordered} == {"I"}


def test_a_role_sits_where_its_action_is_done(catalog: Catalog) -> None:
    for plan in catalog.plans.values():
        for name, action in plan.actions.items():
            assert catalog.roles[action.role].level in {None, action.level}, name


graphs = st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=3), max_size=7)


@given(graphs)
def test_a_cycle_is_found_exactly_when_there_is_one(graph: dict[int, list[int]]) -> None:
    """Against Kahn's algorithm: what cannot be peeled off from the ends holds a cycle."""
    depends = {str(a): tuple(str(b) for b in bs if b in graph) for a, bs in graph.items()}
    left = dict(depends)
    while free := [a for a, bs in left.items() if not any(b in left for b in bs)]:
        for a in free:
            del left[a]

    path = find_cycle(depends)

    assert bool(path) == bool(left)
    if path:
        assert path[0] == path[-1]
        assert all(b in depends[a] for a, b in pairwise(path))
