"""The builder: exact shares, points inside, the same seed the same city."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shanghai import assets, facilities, gauges, terrain
from shanghai.apportion import apportion
from shanghai.areas import Row
from shanghai.names import english

from anlan.city.city import City
from anlan.city.load import load_city

COARSE_M = 1000.0


def rows(city: City, level: str) -> list[Row]:
    """Return the package's areas as the builder has them."""
    return [
        Row(
            a.code, a.zh, a.en, a.level, a.kind, a.parent, a.lon, a.lat, a.area_km2, a.quality, a.population,
            a.population_synthetic, a.employment_2023, a.geometry,
        )
        for a in city.areas
        if a.level == level
    ]  # fmt: skip


@given(st.integers(0, 10**7), st.lists(st.floats(0.01, 1e6), min_size=1, max_size=60))
def test_shares_sum_exactly_and_stay_within_one_of_their_quota(total: int, weights: list[float]) -> None:
    parts = apportion(total, weights)
    quota = total * np.array(weights) / sum(weights)

    assert parts.sum() == total
    assert (np.abs(parts - quota) < 1 + 1e-6 * total).all()


def test_the_largest_remainder_is_that_of_hamilton() -> None:
    # Balinski and Young, Fair Representation (2001), the textbook case of 21 seats for 7270, 1230 and 2220.
    assert apportion(21, [7270, 1230, 2220]).tolist() == [14, 3, 4]


def test_everybody_gets_the_least_first() -> None:
    assert apportion(5, [0.0, 0.0, 1.0], least=1).tolist() == [1, 1, 3]
    with pytest.raises(ValueError, match="not enough"):
        apportion(2, [1, 1, 1], least=1)


@given(st.integers(0, 2**32), st.integers(0, 40))
def test_points_are_inside_even_of_a_thin_polygon(seed: int, n: int) -> None:
    sliver = shapely.Polygon([(121.0, 31.0), (121.02, 31.001), (121.02, 31.0012), (121.0, 31.0002)])
    points = assets.points_inside(sliver, n, np.random.default_rng(seed))

    assert points.shape == (n, 2)
    assert shapely.contains_xy(sliver, points[:, 0], points[:, 1]).all()


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("南京东路街道", "Nanjing East Road Subdistrict"),
        ("湖南路街道", "Hunan Road Subdistrict"),
        ("瑞金二路街道", "Ruijin Second Road Subdistrict"),
        ("莘庄镇", "Xinzhuang Town"),
        ("杨行镇", "Yanghang Town"),
        ("长兴镇", "Changxing Town"),
        ("静安寺街道", "Jing'ansi Subdistrict"),
        ("横沙乡", "Hengsha Township"),
        ("云南中路居委会", "Yunnan Middle Road Residents' Committee"),
        ("人民广场", "People's Square"),
    ],
)
def test_english_names_are_those_on_the_citys_signs(zh: str, en: str) -> None:
    assert english(zh) == en


def test_the_package_holds_what_the_builder_makes_of_the_same_seed(city: City) -> None:
    seed = city.package.manifest["seed"]
    made = assets.facilities(rows(city, "town"), rows(city, "district"), seed)
    made += gauges.gauges(rows(city, "town"), seed)

    for asset in made:
        stored = city.assets.asset(asset.id)
        assert (stored.lon, stored.lat, stored.area, stored.zh) == (asset.lon, asset.lat, asset.area, asset.zh)
        known = {key: value for key, value in stored.attributes.items() if key != "low_point_m"}
        assert known == json.loads(json.dumps(asset.attributes))


def test_another_seed_makes_another_city_of_the_same_size(city: City) -> None:
    towns, districts = rows(city, "town"), rows(city, "district")
    one, other = assets.facilities(towns, districts, 1), assets.facilities(towns, districts, 2)

    assert len(one) == len(other) == sum(facility.total for facility in facilities.FACILITIES)
    assert [asset.lon for asset in one] != [asset.lon for asset in other]


def test_the_same_seed_makes_the_same_ground(city: City) -> None:
    towns = rows(city, "town")
    first, again, other = (terrain.build(towns, [], [], seed, COARSE_M) for seed in (5, 5, 6))

    assert (first.elevation_cm == again.elevation_cm).all()
    assert (first.elevation_cm != other.elevation_cm).any()
    assert (first.town == other.town).all()


def test_a_kind_of_asset_has_a_stream_of_its_own() -> None:
    a, b = assets.rng_of(3, "school"), assets.rng_of(3, "hospital")

    assert a.integers(0, 2**40) != b.integers(0, 2**40)
    assert assets.rng_of(3, "school").integers(0, 2**40) == assets.rng_of(3, "school").integers(0, 2**40)


def test_the_loader_gives_equal_cities_twice() -> None:
    one, other = load_city(), load_city()

    assert list(one.areas) == list(other.areas)
    assert (one.assets.id == other.assets.id).all()
