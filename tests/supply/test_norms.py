"""Norms times people: against the worked example of the catalog and by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.catalog.catalog import Catalog
from anlan.supply.norms import for_assets, for_people, required

HOUSEHOLD = 3.0


def example(catalog: Catalog) -> dict[str, float]:
    table = catalog.tables["need_example"]
    return {str(what): float(value or 0) for what, value in table.rows}


@pytest.mark.parametrize(
    ("norm", "what", "each"),
    [
        ("water_total", "water_t", 1000 / 0.55),  # bottles of 0.55 L in a tonne
        ("food_energy", "food_kcal", 1 / 700),  # meals of 700 kcal
        ("blanket", "blanket", 1),
        ("bed", "bed", 1),
        ("toilet", "toilet", 1),
        ("water_point", "water_points", 1),
    ],
)
def test_the_worked_example_comes_out(catalog: Catalog, norm: str, what: str, each: float) -> None:
    told = example(catalog)
    entry = catalog.supply_norms[norm]
    assert entry.item is not None
    item = catalog.supply_items[entry.item]
    found = required(entry, item, int(told["persons"]), int(told["days"]), HOUSEHOLD)

    assert found == pytest.approx(told[what] * each, abs=1)
    assert found >= told[what] * each - 1e-6


def test_tents_hold_whole_people_only(catalog: Catalog) -> None:
    # 12 m2 at 3.5 m2 a person: 292 tents for 1000 in the example; the catalog's 3.4 persons a tent is on the safe side.
    norm = catalog.supply_norms["tent"]
    found = required(norm, catalog.supply_items["tent_12m2"], 1000, 3, HOUSEHOLD)
    assert example(catalog)["tent_12m2"] <= found <= 300


def test_water_to_drink_by_hand(catalog: Catalog) -> None:
    assert for_people(catalog, 100, 3)["drinking_water"] == 1637  # ceil(100 * 3 * 3 / 0.55)
    assert for_people(catalog, 100, 3)["family_kit"] == 34  # households of three


def test_nobody_needs_nothing(catalog: Catalog) -> None:
    assert for_people(catalog, 0, 3) == {}
    assert for_assets(catalog, {}) == {}


def test_assets_under_water_need_their_equipment(catalog: Catalog) -> None:
    assert for_assets(catalog, {"underpass": 3, "hospital": 2, "elevator": 9}) == {"pump": 5, "generator": 2}


@given(people=st.integers(0, 50_000), days=st.integers(1, 30))
def test_more_people_or_days_never_need_less(catalog: Catalog, people: int, days: int) -> None:
    here = for_people(catalog, people, days)
    for more in (for_people(catalog, people + 1, days), for_people(catalog, people, days + 1)):
        assert all(more.get(item, 0) >= quantity for item, quantity in here.items())


def test_a_limit_says_nothing_of_quantities(catalog: Catalog) -> None:
    norm = catalog.supply_norms["toilet_distance"]
    with pytest.raises(ValueError, match="toilet_distance"):
        required(norm, catalog.supply_items["portable_toilet"], 1, 1, HOUSEHOLD)


def test_every_estimated_norm_names_its_source_and_an_item_that_there_is(catalog: Catalog) -> None:
    estimated = [norm for norm in catalog.supply_norms.values() if norm.estimated]
    assert estimated
    assert all(norm.item in catalog.supply_items and norm.source for norm in estimated)


def test_only_marked_norms_are_estimated(catalog: Catalog) -> None:
    norms = {name: norm.model_copy(update={"estimated": False}) for name, norm in catalog.supply_norms.items()}
    assert for_people(replace(catalog, supply_norms=norms), 100, 3) == {}
