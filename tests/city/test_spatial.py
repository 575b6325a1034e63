"""Spatial queries against known places, slow references and the geodesic."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from anlan.city.city import City
from anlan.city.load import load_city

CITY = load_city()  # Hypothesis asks for no fixtures of a function's scope
LON, LAT = st.floats(120.8, 122.3), st.floats(30.6, 31.9)

# Landmarks and the town that each is known to stand in.
LANDMARKS = {
    "People's Square": (121.4737, 31.2304, "南京东路街道", "黄浦区"),
    "Oriental Pearl Tower": (121.4997, 31.2397, "陆家嘴街道", "浦东新区"),
    "Songjiang University Town": (121.2100, 31.0550, "广富林街道", "松江区"),
    "Shanghai Disneyland": (121.6670, 31.1440, "川沙新镇", "浦东新区"),
    "Fudan University": (121.5030, 31.2970, "五角场街道", "杨浦区"),
    "Chongming county seat": (121.3970, 31.6270, "城桥镇", "崇明区"),
    "Sheshan basilica": (121.1910, 31.0960, "佘山镇", "松江区"),
    "Zhujiajiao old town": (121.0530, 31.1130, "朱家角镇", "青浦区"),
}


@pytest.mark.parametrize("name", LANDMARKS)
def test_a_landmark_lies_in_the_town_that_it_is_known_for(city: City, name: str) -> None:
    lon, lat, town, district = LANDMARKS[name]
    code = str(city.locate(lon, lat)[0])

    assert (city.name(code), city.name(code[:6])) == (town, district)


def test_a_point_outside_the_city_lies_in_no_town(city: City) -> None:
    suzhou, sea = (120.62, 31.30), (122.9, 31.0)

    assert city.locate([suzhou[0], sea[0]], [suzhou[1], sea[1]]).tolist() == ["", ""]


@given(st.lists(st.tuples(LON, LAT), min_size=1, max_size=30))
def test_locating_equals_asking_every_town(points: list[tuple[float, float]]) -> None:
    lon, lat = np.array(points).T
    towns = CITY.areas.levels["town"]
    slow = [
        next((town.code for town in towns if shapely.intersects_xy(town.geometry, x, y)), "")
        for x, y in zip(lon, lat, strict=True)
    ]

    assert CITY.locate(lon, lat).tolist() == slow


@given(LON, LAT, LON, LAT, st.sampled_from([None, "school", "metro_station", "tide_gauge"]))
def test_what_is_within_equals_asking_every_asset(x: float, y: float, u: float, v: float, kind: str | None) -> None:
    polygon = shapely.MultiPoint([(x, y), (u, v), (x, v)]).convex_hull
    inside = shapely.intersects_xy(polygon, CITY.assets.lon, CITY.assets.lat)
    slow = np.flatnonzero(inside & ((CITY.assets.type == kind) | (kind is None)))

    assert CITY.within(polygon, kind).tolist() == slow.tolist()


@given(LON, LAT, st.sampled_from(["hospital", "shelter", "tide_gauge"]), st.integers(1, 5))
def test_the_nearest_are_those_that_the_geodesic_finds(lon: float, lat: float, kind: str, k: int) -> None:
    rows, distance = CITY.nearest(lon, lat, kind, k)
    every = CITY.assets.of_type(kind)
    geod = pyproj.Geod(ellps="WGS84")
    n = len(every)
    _, _, metres = geod.inv(np.full(n, lon), np.full(n, lat), CITY.assets.lon[every], CITY.assets.lat[every])
    expected = np.sort(metres)[:k]

    assert rows.shape == distance.shape == (1, min(k, n))
    assert distance[0] == pytest.approx(expected, rel=5e-4, abs=0.5)  # scale of the UTM zone


def test_nearest_of_a_type_that_does_not_occur_is_nobody(city: City) -> None:
    rows, distance = city.nearest([121.5, 121.6], [31.2, 31.3], "volcano", 3)

    assert rows.shape == distance.shape == (2, 0)


def test_by_area_is_by_jurisdiction(city: City) -> None:
    rows = city.by_area("310117", "school")

    assert set(city.assets.type[rows]) == {"school"}
    assert all(str(area).startswith("310117") for area in city.assets.area[rows])
    assert len(city.by_area("310000")) == len(city.assets)
    assert len(city.by_area("310101002001")) == 0


def test_degrees_and_metres_are_inverse(city: City) -> None:
    x, y = city.projection.metres([121.0, 122.0], [31.0, 31.5])
    lon, lat = city.projection.degrees(x, y)

    assert lon == pytest.approx([121.0, 122.0], abs=1e-9)
    assert lat == pytest.approx([31.0, 31.5], abs=1e-9)
