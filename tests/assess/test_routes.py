"""Assess over HTTP: what a screen gets, and that it stays within the asker's areas."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from anlan.assess.model import forecasts
from anlan.assess.routes import router
from anlan.kernel.errors import NotFound
from anlan.kernel.http import actor_of


@pytest.fixture
def ask(assessing: Any) -> Any:
    app = FastAPI()
    app.include_router(router)
    app.state.world = assessing.world

    async def get(path: str) -> Response:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://anlan") as opened:
            return await opened.get(f"/api/v1/assess/{path}")

    def from_area(path: str, area: str = "310000") -> Response:
        app.dependency_overrides[actor_of] = lambda: assessing.holder("auditor", area)
        return asyncio.run(get(path))

    return from_area


def test_a_forecast_tells_its_impact_and_on_what_it_rests(assessing: Any, ask: Any) -> None:
    assessing.outlook(80)
    done = assessing.forecast()
    shown = ask(f"forecasts/{done.subject}").json()

    assert (shown["id"], shown["grade"], shown["people"]) == (done.subject, done.data["grade"], done.data["people"])
    assert [town for town in shown["towns"] if town["grade"] == shown["grade"]]
    assert shown["assets"][0]["depth_m"] == shown["max_depth_m"] or shown["assets"]
    assert shown["inputs"]["outlook_synthetic"] is True
    assert (shown["maturity"], shown["models"][0]["maturity"]) == ("screening", "verified")
    assert {"forecast.hit_harm", "impact_people", "flood.pumped_share"} <= {own["id"] for own in shown["policy"]}
    assert all(own["source"] and own["confidence"] in "VSGP" for own in shown["policy"])


def test_the_picture_comes_with_its_corners(assessing: Any, ask: Any) -> None:
    assessing.outlook(80)
    done = assessing.forecast("310117")
    answer = ask(f"forecasts/{done.subject}/depth.png")
    shown = ask(f"forecasts/{done.subject}").json()

    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    corners = [float(word) for word in answer.headers["x-bounds"].split(",")]
    assert corners == pytest.approx(shown["bounds"], abs=1e-6)
    west, south, east, north = corners
    assert west < 121.2 < east
    assert south < 31.0 < north


def test_a_district_sees_its_own(assessing: Any, ask: Any) -> None:
    pudong, own = assessing.forecast("310115"), assessing.forecast("310117")

    assert [row["id"] for row in ask("forecasts", "310117").json()["items"]] == [own.subject]
    for path in (f"forecasts/{pudong.subject}", f"forecasts/{pudong.subject}/depth.png"):
        with pytest.raises(NotFound):
            ask(path, "310117")


def test_no_storm_and_no_outlook_are_said_to_be_none(ask: Any) -> None:
    assert ask("cyclone").json() == {"cyclone": None}
    assert ask("outlook").json() == {"outlook": None}


def test_the_outlook_is_shown_as_it_was_told(assessing: Any, ask: Any) -> None:
    assessing.outlook(5, hours=2)

    assert ask("outlook", "310117").json()["outlook"]["rain"] == {"310000": [5.0, 5.0]}


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_forecast_by_a_retired_model_is_still_shown(assessing: Any, ask: Any) -> None:
    done = assessing.forecast()
    world = assessing.world
    with world.store.write() as conn:
        row = conn.execute(sa.select(forecasts).where(forecasts.c.id == done.subject)).one()
        old = row.told | {"model": "flood.step"}
        conn.execute(sa.update(forecasts).where(forecasts.c.id == done.subject).values(told=old))

    shown = ask(f"forecasts/{done.subject}").json()
    assert shown["model"] == "flood.step"
    assert [model["id"] for model in shown["models"]] == ["impact.impact"]
