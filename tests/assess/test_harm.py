"""Harm against a slow reference that walks cell by cell, and curves against the catalog's own points."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.assess.ground import ground_of
from anlan.assess.harm import bound_by_bound, curve, gravest, touched, town_harm
from anlan.assess.ponding import Ponding
from anlan.catalog.catalog import Catalog
from anlan.city.city import City


def flooded(city: City, seed: int) -> Ponding:
    """Return depths drawn at random, low below best below high, with most of the city dry."""
    ground, rng = ground_of(city), np.random.default_rng(seed)
    grid = np.sort(rng.exponential(0.15, (3, city.terrain.elevation_m.size)), axis=0)
    spots = np.zeros(city.terrain.elevation_m.size, bool)
    spots[rng.permutation(ground.bluespots.cell)[:300]] = True
    grid[:, ~spots] = 0.0
    at = np.where(ground.asset_cell < 0, 0.0, grid[:, ground.asset_cell])
    return Ponding(grid[:, ground.bluespots.cell], at, 0.0)


def slow_people(catalog: Catalog, city: City, ponded: Ponding) -> dict[int, float]:
    """Return the best estimate of people by town, one cell and one basement after the other."""
    ground, terrain = ground_of(city), city.terrain
    share = float(catalog.setting("exposure.ground_floor_share"))
    points = catalog.vulnerabilities["ground_floor_people"].points
    below = catalog.vulnerabilities["basement_people"].points
    total: dict[int, float] = {}
    for number, cell in enumerate(ground.bluespots.cell.tolist()):
        depth, town = float(ponded.depth_m[1, number]), int(terrain.town.ravel()[cell])
        if town < 0 or depth == 0:
            continue
        residents = (city.areas.levels["town"][town].population or 0) / max(1, terrain.towns.land_cells[town])
        residents = 0 if terrain.water.ravel()[cell] else residents
        total[town] = total.get(town, 0.0) + residents * share * read(points, depth)
    for row in city.assets.of_type("basement_dwelling").tolist():
        asset = city.assets.at(row)
        if ponded.asset_depth_m[2, row] >= catalog.grades["impact_ponding_depth"].bounds["blue"]:
            town = ground.town_row[asset.area]
            harm = read(below, float(ponded.asset_depth_m[1, row]))
            total[town] = total.get(town, 0.0) + asset.attributes["residents"] * harm
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
    ponded, ground = flooded(city, seed), ground_of(city)
    everywhere = np.ones(len(city.assets), bool)
    harm = town_harm(catalog, city.assets, ground, ponded, touched(catalog, city.assets, ponded, everywhere))

    expected = np.zeros(len(ground.population))
    for town, people in slow_people(catalog, city, ponded).items():
        expected[town] = people
    assert harm.people[1] == pytest.approx(expected, rel=1e-9)
    assert expected.sum() > 100


def test_assets_touched_are_those_that_water_harms_and_reaches(catalog: Catalog, city: City) -> None:
    ponded = flooded(city, 3)
    everywhere = np.ones(len(city.assets), bool)
    hit = touched(catalog, city.assets, ponded, everywhere)

    expected = {
        row
        for row in range(len(city.assets))
        if ponded.asset_depth_m[2, row] >= 0.05
        and "waterlogging" in catalog.asset_types[str(city.assets.type[row])].harmed_by
    }
    assert set(hit.row.tolist()) == expected
    for number, row in enumerate(hit.row.tolist()):
        name = catalog.asset_types[str(city.assets.type[row])].vulnerability.get("waterlogging")
        harm = 0.0 if name is None else read(catalog.vulnerabilities[name].points, ponded.asset_depth_m[1, row])
        assert hit.critical[number] == (harm >= catalog.setting("forecast.hit_harm"))


def test_nobody_outside_the_area_is_touched(catalog: Catalog, city: City) -> None:
    ponded = flooded(city, 4)

    assert len(touched(catalog, city.assets, ponded, np.zeros(len(city.assets), bool)).row) == 0


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
    ponded, ground = flooded(city, 5), ground_of(city)
    deeper = replace(ponded, depth_m=ponded.depth_m * 1.5, asset_depth_m=ponded.asset_depth_m * 1.5)
    everywhere = np.ones(len(city.assets), bool)
    one, two = (
        town_harm(catalog, city.assets, ground, p, touched(catalog, city.assets, p, everywhere))
        for p in (ponded, deeper)
    )

    assert np.all(two.people >= one.people - 1e-9)
    assert np.all(two.critical >= one.critical)
