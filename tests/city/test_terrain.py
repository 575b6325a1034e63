"""The synthetic ground: where it lies, how high, and what its towns drain."""

import numpy as np
import pytest

from anlan.city.city import City
from anlan.science.bluespots import Bluespots
from anlan.science.depressions import analyse


def test_a_cells_town_is_the_town_of_its_centre(city: City) -> None:
    ground = city.terrain
    rng = np.random.default_rng(1)
    rows, cols = rng.integers(0, ground.shape[0], 3000), rng.integers(0, ground.shape[1], 3000)
    codes = np.append(ground.towns.code, "")[ground.town[rows, cols]]

    assert (city.locate(*ground.centres(rows, cols)) == codes).all()


def test_a_point_finds_its_cell_again(city: City) -> None:
    rows, cols = np.array([10, 700]), np.array([20, 500])
    lon, lat = city.terrain.centres(rows, cols)
    found = city.terrain.cells(lon, lat)

    assert found[0].tolist() == rows.tolist()
    assert found[1].tolist() == cols.tolist()
    assert [part.tolist() for part in city.terrain.cells([100.0], [31.0])] == [[-1], [-1]]


def test_the_grid_covers_the_areas_of_the_towns(city: City) -> None:
    cells = np.bincount(city.terrain.town[city.terrain.town >= 0], minlength=217)
    area = np.array([town.area_km2 for town in city.areas.levels["town"]])

    assert cells * 0.01 == pytest.approx(area, rel=0.05, abs=0.1)  # a cell is 0.01 km2


def test_the_west_is_low_and_the_east_is_high(city: City) -> None:
    ground = city.terrain
    code = np.append(ground.towns.code, "")[ground.town]
    land = ~ground.outside
    mean = {
        district: float(np.nanmean(ground.elevation_m[land & np.strings.startswith(code, district)]))
        for district in ("310118", "310117", "310101", "310115", "310120")
    }

    assert mean["310118"] < 3.2  # Qingpu
    assert mean["310117"] < 3.4  # Songjiang
    assert mean["310115"] > 3.6  # Pudong
    assert mean["310120"] > 3.6  # Fengxian
    assert ground.synthetic


def test_low_spots_are_lower_than_what_is_around(city: City) -> None:
    ground = city.terrain
    lows = city.assets.of_type("underpass")
    rows, cols = ground.cells(city.assets.lon[lows], city.assets.lat[lows])
    dry = ~ground.water[rows, cols]
    rows, cols = rows[dry], cols[dry]
    around = np.nanmean(
        [ground.elevation_m[rows + dy, cols + dx] for dy, dx in ((0, 2), (2, 0), (0, -2), (-2, 0))], axis=0
    )

    assert np.nanmean(ground.elevation_m[rows, cols] < around) > 0.95


def test_people_spread_over_the_ground_are_as_many_as_in_the_census(city: City) -> None:
    people = city.terrain.spread([town.population or 0 for town in city.areas.levels["town"]])

    assert people.sum() == pytest.approx(24870895)
    assert people[city.terrain.outside].sum() == 0


def test_drains_lie_between_the_old_and_the_present_standard(city: City) -> None:
    drain = city.terrain.towns.drain_mm_h

    assert drain.min() >= 36  # one-year storm
    assert drain.max() <= 58  # five-year storm


def test_the_stored_flood_analysis_is_what_a_fresh_one_gives(city: City) -> None:
    ground = city.terrain
    depth = city.package.manifest["bluespots"]["least_depth_m"]
    fresh = analyse(ground.elevation_m.astype(np.float64), ground.cell_m, ground.outside, least_depth_m=depth)

    for name in Bluespots.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(city.bluespots, name), getattr(fresh, name), err_msg=name)
