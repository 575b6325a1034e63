"""The backtest over HTTP: on a forecast of the model, what a screen gets, and who may have it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from anlan.assess.backtest_routes import router
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.http import actor_of
from anlan.sense.stream.station import Station

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
def ask(assessing: Any) -> Any:
    app = FastAPI()
    app.include_router(router)
    app.state.world = assessing.world

    async def get(path: str, query: dict[str, str]) -> Response:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://anlan") as opened:
            return await opened.get(f"/api/v1/assess/backtest{path}", params=query)

    def asked(path: str = "", role: str = "auditor", at: str = "310000", **query: str) -> Any:
        app.dependency_overrides[actor_of] = lambda: assessing.holder(role, at)
        return asyncio.run(get(path, query)).json()

    return asked


@pytest.fixture
def gauge(assessing: Any) -> str:
    """The id of a gauge whose surroundings had a forecast an hour ago, and that told 0.2 m ever since."""
    own = next(s for s in assessing.city.sensors if s.quantity == "ponding_depth" and s.area.startswith("310117"))
    item = {n: getattr(own, n) for n in ("id", "asset", "quantity", "unit", "area", "lon", "lat")}
    names = {"name_zh": own.id, "name_en": own.id, "synthetic": True}
    assessing.world.act(assessing.holder("administrator"), "sensor.register", {"items": [item | names]})
    assessing.outlook(80)
    assessing.forecast()
    begin = assessing.world.clock.now()
    assessing.world.clock.advance_to(begin + timedelta(hours=1))
    rows = [[own.id, begin + timedelta(minutes=m), 0.2] for m in range(5, 61, 5)]
    assessing.world.act(assessing.holder("instrument"), "sense.ingest", {"source": "test", "rows": rows})
    assessing.world.part(Station).pump()
    return str(own.id)


def test_a_forecast_of_the_model_is_scored(gauge: str, ask: Any) -> None:
    shown = ask(area="310117")

    assert (shown["forecasts"], shown["partial"], shown["synthetic"]) == (1, 1, True)
    assert {(one["depth_m"], one["lead"]["from_h"], one["lead"]["to_h"]) for one in shown["tables"]} == {
        (depth, *lead) for depth in (0.15, 0.3, 0.5, 1.0) for lead in ((0, 1), (1, 3), (3, 6))
    }
    near, *_, last = shown["depths"]
    assert near["count"] == near["wet"] == 6  # looks of the hour that is past
    assert 0 <= near["crps_m"] <= near["error_m"]
    assert (last["count"], last["crps_m"]) == (0, None)
    first = shown["tables"][0]
    assert first["hits"] + first["misses"] == 1
    assert first["csi"] in (0, 1)
    own = next(one for one in shown["gauges"] if one["sensor"] == gauge)
    assert own["peak_m"] == 0.2
    assert [one["outcome"] for one in own["outcomes"]][2:] in (
        ["correct_rejection"] * 2,
        ["false_alarm", "correct_rejection"],
        ["false_alarm"] * 2,
    )
    assert own["outcomes"][0]["outcome"] in ("hit", "miss")


def test_indicators_have_their_targets_and_say_who_set_them(gauge: str, ask: Any) -> None:
    csi, crps = ask(area="310117")["indicators"]

    assert (csi["id"], csi["target"], csi["unit"]) == ("csi", 0.5, "1")
    assert csi["met"] == (csi["value"] >= 0.5)
    assert crps["met"] == (crps["value"] <= crps["target"])
    assert all(one["source"] and one["confidence"] == "P" and one["zh"] and one["en"] for one in (csi, crps))


def test_nothing_to_score_is_said_to_be_nothing(ask: Any) -> None:
    shown = ask(area="310117")

    assert (shown["forecasts"], shown["gauges"]) == (0, [])
    assert [(one["value"], one["met"]) for one in shown["indicators"]] == [(None, None)] * 2
    assert {one["brier"] for one in shown["chances"]} == {None}


def test_a_gauge_shows_its_plumes(gauge: str, ask: Any) -> None:
    shown = ask(f"/gauges/{gauge}")
    plume = shown["forecasts"][0]

    assert [depth for _, depth in shown["observed"]] == [0.2] * 12
    assert len(plume["moments"]) == len(plume["best"]) == 36
    assert all(a <= b <= c for a, b, c in zip(plume["low"], plume["best"], plume["high"], strict=True))
    assert max(plume["high"]) > 0


def test_only_who_may_see_observations_sees_the_backtest(gauge: str, ask: Any) -> None:
    with pytest.raises(Forbidden):
        ask(area="310117", role="supply_officer")
    with pytest.raises(NotFound):
        ask(area="3199")
