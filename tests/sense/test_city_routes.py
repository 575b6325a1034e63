"""The state of the city over HTTP: what a screen gets, within the asker's areas."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.sense.city_routes import router
from anlan.sense.stream.moments import micros


@pytest.fixture
def ask(sensing: Any) -> Any:
    app = FastAPI()
    app.include_router(router)
    app.state.world = sensing.world
    app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]
    sensing.send(("a", 0, 0.6), ("b", 0, 0.01), ("p", 0, 0.2))

    async def get(path: str) -> Response:
        async with AsyncClient(
            transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://anlan"
        ) as one:
            return await one.get(f"/api/v1/sense/{path}")

    def asked(path: str, area: str = "310000", role: str = "auditor") -> Response:
        app.dependency_overrides[actor_of] = lambda: sensing.holder(role, area)
        return asyncio.run(get(path))

    return asked


def test_vital_signs_of_a_district_count_what_is_in_it(ask: Any) -> None:
    told = ask("vital-signs", "310117").json()
    (songjiang,) = told["items"]
    found = {one["sign"]: one for one in songjiang["readings"]}

    assert songjiang["area"] == "310117"
    assert songjiang["people"] > 1e6
    assert (found["deepest_ponding"]["value"], found["deepest_ponding"]["grade"]) == (0.6, "red")
    assert found["visibility_lowest"]["value"] is None
    assert {sign["id"] for sign in told["signs"]} == set(found)
    assert all(grade["source"] for sign in told["signs"] for grade in sign["grades"])


def test_vital_signs_of_all_below_come_with_the_area_first(ask: Any) -> None:
    items = ask("vital-signs?area=310000&below=true").json()["items"]

    assert [one["area"] for one in items][:2] == ["310000", "310101"]
    assert len(items) == 17


def test_the_data_catalogue_says_from_whom_how_good_and_who_may(ask: Any, sensing: Any) -> None:
    history = sensing.station.history
    history.flush()
    while history.compact(micros(sensing.start + timedelta(hours=6))):
        pass
    items = {one["id"]: one for one in ask("data-catalogue").json()["items"]}

    assert items["ponding"]["sharing"] == "unconditional"
    assert items["ponding"]["usable"] is True
    assert items["ponding"]["quality"]["sensors"] == 3
    assert items["ponding"]["quality"]["rows"] == 3
    assert items["ponding"]["quality"]["good"] == 1.0
    assert items["ponding"]["quality"]["newest_at"] is not None
    assert items["alarms"]["quality"] is None
    assert all(one["condition_zh"] for one in items.values() if one["sharing"] != "unconditional")


def test_coverage_counts_towns_and_shows_gaps(ask: Any) -> None:
    told = ask("coverage?hazard=waterlogging&area=310117").json()
    town = next(one for one in told["towns"] if one["area"] == "310117001")

    assert town["sensors"]["waterlogging"] == 2
    assert told["people_covered"] <= told["people"]
    assert told["people"] == pytest.approx(sum(one["people"] for one in told["towns"]), rel=0.01)
    assert len(told["gaps"]) + told["gaps_left_out"] <= told["cells"]
    assert told["synthetic"] is True
    assert [gap["people"] for gap in told["gaps"]] == sorted((gap["people"] for gap in told["gaps"]), reverse=True)


def test_what_lies_elsewhere_is_refused(ask: Any) -> None:
    assert ask("vital-signs?area=310115", "310117").status_code == 403
    assert ask("coverage?area=310115", "310117").status_code == 403
    assert ask("coverage?hazard=locusts").status_code == 404
    assert ask("vital-signs?area=999999").status_code == 404
