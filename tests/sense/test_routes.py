"""Sense over HTTP: what a screen gets, and that it stays within the asker's areas."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from anlan.kernel.http import actor_of
from anlan.sense.alarming.routes import router as alarms
from anlan.sense.routes import router
from anlan.sense.rule_routes import router as rules


@pytest.fixture
def client(sensing: Any) -> Any:
    app = FastAPI()
    for one in (alarms, rules, router):
        app.include_router(one)
    app.state.world = sensing.world
    sensing.send(("a", 0, 0.6), ("b", 0, 0.01), ("p", 0, 0.2))

    async def get(path: str) -> Response:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://anlan") as opened:
            return await opened.get(f"/api/v1/sense/{path}")

    def ask(path: str, area: str = "310000") -> Any:
        app.dependency_overrides[actor_of] = lambda: sensing.holder("auditor", area)
        answer = asyncio.run(get(path))
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def test_sensors_are_geojson_with_newest_value_and_gravest_grade(client: Any) -> None:
    answer = client("sensors?type=underpass&quantity=ponding_depth")

    found = {feature["id"]: feature["properties"] for feature in answer["features"]}
    assert answer["type"] == "FeatureCollection"
    assert {name: (own["value"], own["grade"]) for name, own in found.items()} == {
        "a": (0.6, "red"),
        "b": (0.01, None),
        "p": (0.2, "blue"),
    }
    assert answer["features"][0]["geometry"] == {"type": "Point", "coordinates": [121.2, 31.0]}


def test_a_district_sees_its_own_sensors_and_alarms(client: Any) -> None:
    assert [feature["id"] for feature in client("sensors", "310117")["features"]] == ["a", "b"]
    assert [alarm["sensor"] for alarm in client("alarms?open=true", "310117")["items"]] == ["a"]
    assert client("sensors?area=310115", "310117")["features"] == []


def test_an_alarm_tells_why_it_stands(client: Any) -> None:
    (alarm,) = client("alarms?area=310117")["items"]
    shown = client(f"alarms/{alarm['id']}")

    assert "0.5" in shown["why"]["en"]
    red = shown["why"]["rule"]["grades"][1]
    assert {name: red[name] for name in ("grade", "value", "source", "confidence")} == {
        "grade": "red",
        "value": 0.5,
        "source": "a test",
        "confidence": "P",
    }
    assert [line["event"] for line in shown["history"]] == ["open"]
    assert [reading["value"] for reading in shown["series"]["items"]] == [0.6]
    assert shown["series"]["synthetic"] is True


def test_series_and_rules_are_told(client: Any) -> None:
    assert [reading["value"] for reading in client("series?sensor=b")["items"]] == [0.01]
    assert [rule["id"] for rule in client("rules")["items"]] == ["ponding"]
