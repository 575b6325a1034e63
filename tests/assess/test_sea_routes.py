"""The sea over HTTP: what a screen gets of it, the same for every reader."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from anlan.assess.sea_routes import router
from anlan.kernel.errors import Forbidden
from anlan.kernel.http import actor_of

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # numbers, not storage


@pytest.fixture
def ask(assessing: Any) -> Any:
    app = FastAPI()
    app.include_router(router)
    app.state.world = assessing.world

    async def get() -> Any:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://anlan") as opened:
            return (await opened.get("/api/v1/assess/sea")).json()

    def as_holder(area: str = "310000", role: str = "auditor") -> Any:
        app.dependency_overrides[actor_of] = lambda: assessing.holder(role, area)
        return asyncio.run(get())

    return as_holder


@pytest.fixture
def storm(assessing: Any) -> dict[str, Any]:
    points = [
        {
            "at": assessing.start + timedelta(hours=6 * (i - 2)),
            "lon": 126.2 - i,
            "lat": 29.0 + 0.35 * i,
            "pressure_hpa": 950.0,
            "wind_m_s": 42.0,
            "kind": "observed" if i < 3 else "forecast",
        }
        for i in range(7)
    ]
    told = {"storm": "2413", "name_zh": "贝碧嘉", "name_en": "Bebinca", "issued": assessing.start}
    told |= {"source": "a test", "synthetic": True, "points": points}
    assessing.act("cyclone.advise", told, "duty_officer")
    return told


def test_without_an_advice_there_is_a_tide_and_no_cone(ask: Any) -> None:
    shown = ask()

    assert (shown["advice"], shown["cone"], shown["members"], shown["surge_until"]) == (None, None, 0, None)
    assert {s["station"] for s in shown["stations"]} >= {"tide_gauge-wusong", "tide_gauge-huangpu_park"}
    for station in shown["stations"]:
        assert station["best_m"] == station["tide_m"] == station["low_m"] == station["high_m"]
        assert len(station["at"]) == len(station["tide_m"]) == 48 * 3 + 1
    assert shown["tide_synthetic"] is True
    assert shown["maturity"] == "screening"


def test_an_advice_gives_stations_a_spread_and_the_map_a_cone(ask: Any, assessing: Any, storm: dict[str, Any]) -> None:
    shown = ask()

    assert (shown["advice_source"], shown["advice_synthetic"]) == ("a test", True)
    assert datetime.fromisoformat(shown["surge_until"]) == assessing.start + timedelta(hours=24)
    for station in shown["stations"]:
        peak = station["peak"]
        assert peak["low_m"] <= peak["best_m"] <= peak["high_m"]
        assert peak["best_m"] == max(v for v in station["best_m"] if v is not None)
        assert station["best_m"][-1] is None
    cone = shapely.Polygon(shown["cone"]["ring"])
    assert cone.is_valid
    for point in storm["points"][2:]:
        assert shapely.contains_xy(cone, point["lon"], point["lat"])
    assert not shapely.contains_xy(cone, storm["points"][0]["lon"], storm["points"][0]["lat"])
    # two thirds of errors of 85.8 km on average (at 24 h): 85.8 sqrt(2 ln 3) / sqrt(pi / 2)
    assert shown["cone"]["end_radius_km"] == 101


def test_stations_are_graded_by_their_own_rules(ask: Any, storm: dict[str, Any]) -> None:
    park = next(s for s in ask()["stations"] if s["station"] == "tide_gauge-huangpu_park")

    assert park["warning"]["levels"] == {"blue": 4.55, "yellow": 4.91, "orange": 5.10, "red": 5.29}
    assert park["warning"]["confidence"] == "S"
    reached = [g for g, v in park["warning"]["levels"].items() if park["peak"]["high_m"] >= v]
    assert park["peak"]["grade_high"] == (reached[-1] if reached else None)


def test_it_says_on_what_it_rests(ask: Any) -> None:
    shown = ask()

    assert {"sea.harmonics", "sea.position_error", "sea.shelf_profile"} <= {own["id"] for own in shown["policy"]}
    assert all(own["source"] and own["confidence"] in "VSGP" for own in shown["policy"])
    assert all(own["source"] and own["limits"] for own in shown["models"])


def test_a_district_gets_the_same_word_as_the_city(ask: Any, assessing: Any, storm: dict[str, Any]) -> None:
    sensor = next(s.id for s in assessing.city.sensors if s.asset == "tide_gauge-wusong")
    rows = [[sensor, assessing.start - timedelta(minutes=30 * k), 3.0] for k in range(10)]
    assessing.act("sense.ingest", {"source": "t", "rows": rows}, "instrument")
    assessing.world.settle()

    assert ask("310117") == ask("310000")
    assert ask()["stations"][0]["heard_h"] == 5


def test_a_storm_that_is_over_leaves_the_tide(ask: Any, assessing: Any, storm: dict[str, Any], clock: Any) -> None:
    clock.advance_to(assessing.start + timedelta(hours=30))
    shown = ask()

    assert (shown["advice"], shown["cone"]) == (None, None)
    assert all(station["best_m"] == station["tide_m"] for station in shown["stations"])


def test_who_may_not_read_of_cyclones_does_not_read_of_the_sea(ask: Any) -> None:
    with pytest.raises(Forbidden):
        ask(role="instrument")
