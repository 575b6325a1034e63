"""The city over HTTP: public base map, scoped lists, clear errors."""

import asyncio
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import FastAPI

from anlan.city.routes import router
from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.kernel.world import World


@dataclass(frozen=True)
class Caller:
    """Somebody who asks a server in this process."""

    app: FastAPI

    def get(self, path: str, **params: str) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://anlan") as client:
                return await client.get(f"/api/v1/city{path}", params=params or None)

        return asyncio.run(ask())


def serve(world: World) -> FastAPI:
    app = FastAPI()
    app.state.world = world
    app.include_router(router)
    app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]
    return app


@pytest.fixture
def public(world: World) -> Caller:
    return Caller(serve(world))


@pytest.fixture
def songjiang(world: World) -> Caller:
    app = serve(world)
    app.dependency_overrides[actor_of] = lambda: Actor("x", (Grant("duty_officer", "310117"),))
    return Caller(app)


def test_the_base_map_is_public_and_says_what_is_synthetic(public: Caller) -> None:
    city = public.get("").json()

    assert (city["code"], city["zh"], city["en"]) == ("310000", "上海市", "Shanghai")
    assert "terrain.npz" in city["synthetic"]
    assert "© OpenStreetMap contributors" in city["credits"]
    for name in city["layers"]:
        layer = public.get(f"/layers/{name}.geojson")
        assert layer.headers["content-type"] == "application/geo+json"
        assert layer.json()["type"] == "FeatureCollection"


@pytest.mark.parametrize("path", ["areas", "areas/310117", "areas/310117/boundary", "assets", "assets/x"])
def test_all_else_asks_who_is_there(public: Caller, path: str) -> None:
    assert public.get(f"/{path}").status_code == 401


def test_a_user_of_songjiang_sees_songjiang_only(songjiang: Caller) -> None:
    areas = songjiang.get("/areas", level="town").json()["items"]
    assets = songjiang.get("/assets", type="shelter").json()

    assert {area["parent"] for area in areas} == {"310117"}
    assert {feature["properties"]["area"][:6] for feature in assets["features"]} == {"310117"}
    assert assets["total"] == len(assets["features"])
    for path in ("areas/310115", "areas/310115/boundary", "assets?area=310115"):
        assert songjiang.get(f"/{path}").status_code == 403
    assert songjiang.get("/assets/school-310115005-1").status_code == 404


def test_one_asset_is_a_geojson_feature(songjiang: Caller) -> None:
    feature = songjiang.get("/assets/tide_gauge-mishidu").json()

    assert (feature["type"], feature["geometry"]["type"]) == ("Feature", "Point")
    assert feature["properties"]["zh"] == "米市渡潮位站"
    assert feature["properties"]["synthetic"] is False


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("areas/999999", 404),
        ("assets?type=volcano", 422),
        ("assets?bbox=1,2,3", 422),
        ("assets?bbox=122,31,121,32", 422),
        ("layers/nothing.geojson", 404),
    ],
)
def test_bad_requests_get_problem_details(songjiang: Caller, path: str, status: int) -> None:
    answer = songjiang.get(f"/{path}")

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == status


def test_a_layers_name_leads_out_of_no_folder(public: Caller) -> None:
    for path in ("/layers/..%2f..%2f..%2fload.py", "/layers/..%2fmanifest.geojson", "/layers/..geojson"):
        assert public.get(path).status_code == 404
