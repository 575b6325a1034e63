"""A forecast's map over HTTP: what a screen gets, and that it stays within the asker's areas."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from anlan.assess.footprint import pack
from anlan.assess.map_routes import router
from anlan.assess.model import footprints, forecast_assets, forecasts
from anlan.assess.tiles import EMPTY, PALETTES, SIDE
from anlan.kernel.errors import NotFound
from anlan.kernel.http import actor_of
from assess.floodings import flooding
from assess.images import read_png

SONGJIANG, PUDONG = "310117", "310115"
BEGIN = datetime(2024, 9, 16, 4, tzinfo=UTC)
MEMBERS = [[0.2, 0.0], [0.4, 0.0], [0.9, 0.1]]
"""Depths of three members in two cells; their percentiles are worked out below by hand."""
PATHS = ("map", "at?lon=121.2&lat=31.0", "arrivals", "roads", "tiles/depth/12/3426/1675.png")

Ask = Callable[..., Response]


@pytest.fixture
def ask(assessing: Any) -> Ask:
    app = FastAPI()
    app.include_router(router)
    app.state.world = assessing.world

    async def get(path: str) -> Response:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://anlan") as opened:
            return await opened.get(f"/api/v1/assess/forecasts/{path}")

    def from_area(path: str, area: str = "310000") -> Response:
        app.dependency_overrides[actor_of] = lambda: assessing.holder("auditor", area)
        return asyncio.run(get(path))

    return from_area


def place(city: Any, town: str, number: int = 0) -> tuple[int, float, float]:
    """Return a cell of a town's land, and where its middle is."""
    terrain = city.terrain
    inside = (terrain.town == terrain.towns.code.tolist().index(town)) & ~terrain.water
    rows, columns = np.nonzero(inside)
    lon, lat = terrain.centres(rows[number], columns[number])
    return int(rows[number] * terrain.shape[1] + columns[number]), float(lon), float(lat)


def kept(assessing: Any, area: str = SONGJIANG, town: str = "310117001") -> str:
    """Store a forecast of two wet cells of a town by hand, and return its name."""
    city, world = assessing.city, assessing.world
    name, begin = f"forecast-{area}", BEGIN.timestamp()
    cells = sorted(place(city, town, number)[0] for number in (0, 1))
    made = flooding(
        city,
        MEMBERS,
        cells,
        arrival_s=np.array([begin + 40 * 60, np.nan]),
        frames_s=begin + np.array([1800.0, 3600.0]),
        frames_m=np.array([[0.1, 0.0], [0.4, 0.0]], dtype=np.float32),
    )
    told = {"model": "flood.inertial", "maturity": "screening", "members": 3, "synthetic": True}
    row = {"id": name, "seq": 1, "area": area, "at": BEGIN, "valid_from": BEGIN, "valid_to": BEGIN + timedelta(hours=6)}
    row |= {"grade": None, "told": told, "inputs": {"failed_members": ["4: it broke"]}}
    here = [a for a in city.assets if a.area == town][:3]
    blank = {"forecast": name, "area": town, "depth_m": 0.4, "grade": None, "critical": False}
    blank |= {"low": 0.1, "best": 0.2, "high": 0.3, "chance": [1.0, 0.67, 0.33, 0.0]}
    late, soon = BEGIN + timedelta(minutes=50), BEGIN + timedelta(minutes=10)
    assets = [
        blank | {"asset": own.id, "type": own.type, "arrival": when}
        for own, when in zip(here, (late, None, soon), strict=True)
    ]
    with world.store.write() as conn:
        conn.execute(sa.insert(forecasts).values(row))
        conn.execute(sa.insert(footprints).values(forecast=name, area=area, packed=pack(made, begin)))
        conn.execute(sa.insert(forecast_assets), assets)
    return name


def test_the_map_tells_layers_legends_moments_and_what_made_it(assessing: Any, ask: Ask) -> None:
    name = kept(assessing)
    told = ask(f"{name}/map").json()

    assert [layer["id"] for layer in told["layers"]] == [
        *("depth", "depth_low", "depth_high", "frame"),
        *(f"chance_{number}" for number in range(4)),
        "arrival",
    ]
    assert [layer["threshold_m"] for layer in told["layers"]][4:8] == [0.15, 0.3, 0.5, 1.0]
    assert told["frames"] == ["2024-09-16T04:30:00Z", "2024-09-16T05:00:00Z"]
    assert told["made_by"] == {
        "model": "flood.inertial",
        "maturity": "screening",
        "members": 3,
        "failed_members": ["4: it broke"],
        "synthetic": True,
    }
    assert {key: legend["unit"] for key, legend in told["legends"].items()} == {
        "depth": "m",
        "chance": "%",
        "arrival": "min",
    }
    for key, legend in told["legends"].items():
        bounds = [one["at_least"] for one in legend["classes"]]
        assert bounds == sorted(bounds)
        assert len(bounds) == len(PALETTES[key]) - 1
    west, south, east, north = told["bounds"]
    assert west < 121.2 < east
    assert south < 31.0 < north


def test_a_tile_is_drawn_at_the_address_that_the_map_tells(assessing: Any, ask: Ask) -> None:
    name = kept(assessing)
    _, lon, lat = place(assessing.city, "310117001")
    z = 13
    across = (lon + 180) / 360 * 2**z * SIDE
    down = (1 - np.arctanh(np.sin(np.radians(lat))) / np.pi) / 2 * 2**z * SIDE
    address = ask(f"{name}/map").json()["tiles"].removeprefix("/api/v1/assess/forecasts/")
    drawn = {}
    for layer in ("depth_low", "depth", "depth_high", "frame", "chance_0", "chance_2", "chance_3", "arrival"):
        path = address.format(layer=layer, z=z, x=int(across) // SIDE, y=int(down) // SIDE)
        answer = ask(f"{path}&frame=1")
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "private, max-age=86400"
        shown = "chance" if layer.startswith("chance") else layer if layer == "arrival" else "depth"
        empty = answer.content == EMPTY
        drawn[layer] = (
            0 if empty else int(read_png(answer.content, len(PALETTES[shown]))[int(down) % SIDE, int(across) % SIDE])
        )

    # depths 0.24, 0.40 and 0.80 m; of three members three, one and none reach; 40 minutes
    assert drawn == {
        "depth_low": 2,
        "depth": 3,
        "depth_high": 4,
        "frame": 3,
        "chance_0": 5,
        "chance_2": 2,
        "chance_3": 0,
        "arrival": 2,
    }


@pytest.mark.parametrize(
    ("tile", "code"),
    [
        ("deep/12/3426/1675.png", "forecast.layer"),
        ("chance_9/12/3426/1675.png", "forecast.layer"),
        ("depth/4/1/1.png", "forecast.tile"),
        ("depth/15/1/1.png", "forecast.tile"),
        ("depth/12/4096/0.png", "forecast.tile"),
        ("depth/12/0/-1.png", "forecast.tile"),
        ("frame/12/3426/1675.png?frame=2", "forecast.frame"),
        ("frame/12/3426/1675.png?frame=-1", "forecast.frame"),
    ],
)
def test_a_tile_that_cannot_be_is_refused(assessing: Any, ask: Ask, tile: str, code: str) -> None:
    name = kept(assessing)
    with pytest.raises(NotFound) as refused:
        ask(f"{name}/tiles/{tile}")

    assert refused.value.code == code
    assert refused.value.message("en") != refused.value.message("zh")


def test_a_place_is_told_with_its_spread(assessing: Any, ask: Ask) -> None:
    name = kept(assessing)
    _, lon, lat = place(assessing.city, "310117001")
    told = ask(f"{name}/at?lon={lon}&lat={lat}").json()

    assert (told["town"], told["told"]) == ("310117001", True)
    assert told["depth_m"] == pytest.approx({"low": 0.24, "best": 0.4, "high": 0.8})  # linear between members
    assert [one["chance"] for one in told["chance"]] == pytest.approx([1.0, 0.67, 0.33, 0.0])
    assert told["arrival"] == "2024-09-16T04:40:00Z"
    assert [one["depth_m"] for one in told["frames"]] == pytest.approx([0.1, 0.4])


@pytest.mark.parametrize(("town", "told"), [("310117002", True), ("310115004", False)])
def test_a_dry_place_is_told_only_within_the_forecasts_area(assessing: Any, ask: Ask, town: str, told: bool) -> None:
    name = kept(assessing)
    _, lon, lat = place(assessing.city, town)
    answer = ask(f"{name}/at?lon={lon}&lat={lat}").json()

    assert answer["told"] == told
    assert answer["town"] == (town if told else None)
    assert answer["depth_m"] == {"low": 0, "best": 0, "high": 0}
    assert answer["arrival"] is None


def test_a_place_off_the_grid_is_not_told(assessing: Any, ask: Ask) -> None:
    assert ask(f"{kept(assessing)}/at?lon=0&lat=51.5").json()["told"] is False


def test_assets_come_in_order_of_the_water_and_those_it_may_reach_last(assessing: Any, ask: Ask) -> None:
    told = ask(f"{kept(assessing)}/arrivals").json()

    assert [item["arrival"] for item in told["items"]] == ["2024-09-16T04:10:00Z", "2024-09-16T04:50:00Z", None]
    assert told["arrival_m"] == 0.15
    first = told["items"][0]
    assert first["harm"] == {"low": 0.1, "best": 0.2, "high": 0.3}
    assert {one["depth_m"]: one["chance"] for one in first["chance"]} == {0.15: 1.0, 0.3: 0.67, 0.5: 0.33, 1.0: 0.0}


def test_closed_roads_come_as_geojson_with_the_rule(assessing: Any, ask: Ask) -> None:
    told = ask(f"{kept(assessing)}/roads").json()

    assert (told["type"], told["closed_m"], told["closed_chance"], told["maturity"]) == (
        "FeatureCollection",
        0.3,
        0.5,
        "screening",
    )
    assert told["total_km"] == pytest.approx(
        sum(f["properties"]["length_m"] for f in told["features"]) / 1000, abs=0.05
    )


def test_a_district_sees_only_its_own(assessing: Any, ask: Ask) -> None:
    own, pudong = kept(assessing), kept(assessing, PUDONG, "310115004")
    for path in PATHS:
        assert ask(f"{own}/{path}", SONGJIANG).status_code == 200, path
        assert ask(f"{pudong}/{path}").status_code == 200, path  # the city sees both, and holds them for nobody else
        with pytest.raises(NotFound) as refused:
            ask(f"{pudong}/{path}", SONGJIANG)
        assert refused.value.code == "forecast.unknown", path


def test_a_forecast_that_ran_has_a_map(assessing: Any, ask: Ask) -> None:
    assessing.outlook(80)
    name = assessing.forecast(SONGJIANG).subject
    told, coming, roads = (ask(f"{name}/{path}").json() for path in ("map", "arrivals", "roads"))

    assert len(told["frames"]) > 4
    assert coming["items"]
    times = [item["arrival"] for item in coming["items"] if item["arrival"] is not None]
    assert times == sorted(times)
    assert all(told["valid_from"] <= moment <= told["valid_to"] for moment in times)
    assert all(f["properties"]["chance"] >= roads["closed_chance"] for f in roads["features"])
    assert all(
        f["properties"]["closes"] is None or f["properties"]["closes"] in told["frames"] for f in roads["features"]
    )
