"""Harm against a slow reference that walks cell by cell, and curves against the catalog's own points."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.assess.ground import ground_of
from anlan.assess.harm import bound_by_bound, curve, gravest, touched, town_harm
from anlan.assess.water.flooding import Flooding
from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from assess.floodings import flooding


def flooded(city: City, seed: int, deeper: float = 1.0) -> Flooding:
    """Return depths of five members drawn at random in 300 cells, the rest of the city dry."""
    rng = np.random.default_rng(seed)
    cells = rng.permutation(np.flatnonzero((city.terrain.town >= 0).ravel()))[:300]
    return flooding(city, rng.exponential(0.15, (5, 300)) * deeper, cells)


def slow_people(catalog: Catalog, city: City, water: Flooding) -> np.ndarray:
    """Return the best estimate of people by town, one member, one cell and one basement after the other."""
    ground, terrain = ground_of(city), city.terrain
    share = float(catalog.setting("exposure.ground_floor_share"))
    points = catalog.vulnerabilities["ground_floor_people"].points
    below = catalog.vulnerabilities["basement_people"].points
    by_member = np.zeros((len(water.member_depth_m), len(ground.population)))
    for member, depths in enumerate(water.member_depth_m.tolist()):
        for cell, depth in zip(water.cell.tolist(), depths, strict=True):
            town = int(terrain.town.ravel()[cell])
            residents = (city.areas.levels["town"][town].population or 0) / max(1, terrain.towns.land_cells[town])
            residents = 0 if terrain.water.ravel()[cell] else residents
            by_member[member, town] += residents * share * read(points, depth)
    total = np.median(by_member, axis=0)
    for row in city.assets.of_type("basement_dwelling").tolist():
        asset = city.assets.at(row)
        if water.asset_depth_m[2, row] >= catalog.grades["impact_ponding_depth"].bounds["blue"]:
            harm = read(below, float(water.asset_depth_m[1, row]))
            total[ground.town_row[asset.area]] += asset.attributes["residents"] * harm
    return total


def read(points: Any, depth: float) -> float:
    """Read the best column of a curve between its points."""
    if depth <= points[0][0]:
        return float(points[0][2])
    for (x0, _, y0, _), (x1, _, y1, _) in pairwise(points):
        if depth <= x1:
            return float(y0 + (y1 - y0) * (depth - x0) / (x1 - x0))
    return float(points[-1][2])


@pytest.mark.parametrize("seed", [1, 2])
def test_people_by_town_are_those_of_a_walk_over_all_cells(catalog: Catalog, city: City, seed: int) -> None:
    water, ground = flooded(city, seed), ground_of(city)
    everywhere = np.ones(len(city.assets), bool)
    harm = town_harm(catalog, city.assets, ground, water, touched(catalog, city.assets, water, everywhere))

    expected = slow_people(catalog, city, water)
    assert harm.people[1] == pytest.approx(expected, rel=1e-6)
    assert expected.sum() > 100


def test_assets_touched_are_those_that_water_harms_and_reaches(catalog: Catalog, city: City) -> None:
    water = flooded(city, 3)
    everywhere = np.ones(len(city.assets), bool)
    hit = touched(catalog, city.assets, water, everywhere)

    expected = {
        row
        for row in range(len(city.assets))
        if water.asset_depth_m[2, row] >= 0.05
        and "waterlogging" in catalog.asset_types[str(city.assets.type[row])].harmed_by
    }
    assert set(hit.row.tolist()) == expected
    for number, row in enumerate(hit.row.tolist()):
        name = catalog.asset_types[str(city.assets.type[row])].vulnerability.get("waterlogging")
        harm = 0.0 if name is None else read(catalog.vulnerabilities[name].points, water.asset_depth_m[1, row])
        assert hit.critical[number] == (harm >= catalog.setting("forecast.hit_harm"))


def test_nobody_outside_the_area_is_touched(catalog: Catalog, city: City) -> None:
    water = flooded(city, 4)

    assert len(touched(catalog, city.assets, water, np.zeros(len(city.assets), bool)).row) == 0


def test_curves_pass_through_the_catalogs_points(catalog: Catalog) -> None:
    for name, entry in catalog.vulnerabilities.items():
        points = np.array(entry.points)
        depths = np.broadcast_to(points[:, 0], (3, len(points)))
        assert bound_by_bound(curve(catalog, name), depths) == pytest.approx(points[:, 1:].T)


@given(st.lists(st.sampled_from(["red", "orange", "yellow", "blue", None])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_gravest_grade_is_the_one_that_is_there_and_none_is_graver(grades: list[Any]) -> None:
    order = ["red", "orange", "yellow", "blue", None]
    found = gravest(grades)

    assert found == min([*grades, None], key=order.index)


def test_deeper_water_never_harms_fewer(catalog: Catalog, city: City) -> None:
    water, deeper, ground = flooded(city, 5), flooded(city, 5, 1.5), ground_of(city)
    everywhere = np.ones(len(city.assets), bool)
    one, two = (
        town_harm(catalog, city.assets, ground, p, touched(catalog, city.assets, p, everywhere))
        for p in (water, deeper)
    )

    assert np.all(two.people >= one.people - 1e-9)
    assert np.all(two.critical >= one.critical)
