"""The city over HTTP: public base map, scoped lists, clear errors."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from anlan.api.app import create_app
from anlan.kernel.access import Actor, Grant
from anlan.kernel.http import actor_of
from anlan.kernel.world import World


@pytest.fixture
def public(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world, pump=False)) as client:
        yield client


@pytest.fixture
def songjiang(world: World) -> Iterator[TestClient]:
    app = create_app(world, pump=False)
    app.dependency_overrides[actor_of] = lambda: Actor("x", (Grant("duty_officer", "310117"),))
    with TestClient(app) as client:
        yield client


def test_the_base_map_is_public_and_says_what_is_synthetic(public: TestClient) -> None:
    city = public.get("/api/v1/city").json()

    assert (city["code"], city["zh"], city["en"]) == ("310000", "上海市", "Shanghai")
    assert "terrain.npz" in city["synthetic"]
    assert "© OpenStreetMap contributors" in city["credits"]
    for name in city["layers"]:
        layer = public.get(f"/api/v1/city/layers/{name}.geojson")
        assert layer.headers["content-type"] == "application/geo+json"
        assert layer.json()["type"] == "FeatureCollection"


@pytest.mark.parametrize("path", ["areas", "areas/310117", "areas/310117/boundary", "assets", f"assets/{'x'}"])
def test_all_else_asks_who_is_there(public: TestClient, path: str) -> None:
    assert public.get(f"/api/v1/city/{path}").status_code == 401


def test_a_user_of_songjiang_sees_songjiang_only(songjiang: TestClient) -> None:
    areas = songjiang.get("/api/v1/city/areas", params={"level": "town"}).json()["items"]
    assets = songjiang.get("/api/v1/city/assets", params={"type": "shelter"}).json()

    assert {area["parent"] for area in areas} == {"310117"}
    assert {feature["properties"]["area"][:6] for feature in assets["features"]} == {"310117"}
    assert assets["total"] == len(assets["features"])
    for path in ("areas/310115", "areas/310115/boundary", "assets?area=310115"):
        assert songjiang.get(f"/api/v1/city/{path}").status_code == 403
    assert songjiang.get("/api/v1/city/assets/school-310115005-1").status_code == 404


def test_one_asset_is_a_geojson_feature(songjiang: TestClient) -> None:
    feature = songjiang.get("/api/v1/city/assets/tide_gauge-mishidu").json()

    assert (feature["type"], feature["geometry"]["type"]) == ("Feature", "Point")
    assert feature["properties"]["zh"] == "米市渡潮位站"
    assert feature["properties"]["synthetic"] is False


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("areas/999999", 404),
        ("areas?level=moon", 422),
        ("assets?type=volcano", 422),
        ("assets?bbox=1,2,3", 422),
        ("assets?bbox=122,31,121,32", 422),
        ("assets?limit=0", 422),
        ("layers/nothing.geojson", 404),
        ("layers/..%2f..%2fload.geojson", 404),
    ],
)
def test_bad_requests_get_problem_details(songjiang: TestClient, path: str, status: int) -> None:
    answer = songjiang.get(f"/api/v1/city/{path}")

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == status
