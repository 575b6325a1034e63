"""The facts that triggers see are those in force: signals, alarms, the latest forecast."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.world import World

DISTRICT = "310117"
OFFICER = Actor("officer", (Grant("duty_officer", "310000"),))
TOWNS = [
    {"area": "310117001", "grade": "orange", "people": {"low": 100, "best": 900, "high": 2000}},
    {"area": "310117002", "grade": "yellow", "people": {"low": 100, "best": 400, "high": 900}},
    {"area": "310115001", "grade": "red", "people": {"low": 100, "best": 5000, "high": 9000}},
]


class Forecast(Args):
    """Tell a forecast as assess does, without computing one."""

    area: AreaCode
    data: dict[str, Any]


def tell(tx: Tx, args: Forecast) -> Effect:
    return Effect(tx.new_id("forecast"), args.area, args.data)


@pytest.fixture
def told(world: World) -> World:
    world.gate.actions = {**world.gate.actions, "forecast.run": Action("forecast.run", Forecast, tell)}
    return world


def forecast(world: World, area: str = DISTRICT, **data: Any) -> None:
    until = world.clock.now() + timedelta(hours=6)
    given = {"people": {"low": 1, "best": 2500, "high": 9}, "towns": TOWNS, "assets_hit": 7, "valid_to": until}
    world.act(OFFICER, "forecast.run", {"area": area, "data": given | data})


def facts(world: World) -> dict[str, Any]:
    """Return what the facts call for now, by a proposal that is rehearsed."""
    seen = world.act(OFFICER, "plan.propose", {"plan": "songjiang-flood"}, dry_run=True)
    return dict(seen.data)


def relay(world: World, grade: str, event_type: str = "11B03", area: str = "310000") -> None:
    now = world.clock.now()
    signal = {
        "identifier": f"signal-{grade}-{event_type}",
        "issuer_zh": "上海中心气象台",
        "issuer_en": "Shanghai Meteorological Observatory",
        "event_type": event_type,
        "grade": grade,
        "areas": [area],
        "zh": {"headline": "暴雨预警信号", "description": "预计有暴雨", "instruction": "注意防范"},
        "sent": now,
        "expires": now + timedelta(hours=3),
    }
    world.act(OFFICER, "warning.relay", signal)


def test_the_gravest_signal_in_force_counts_until_it_runs_out(world: World) -> None:
    relay(world, "yellow")
    relay(world, "orange")

    assert facts(world)["called_for"] == "II"
    world.advance(world.clock.now() + timedelta(hours=3))
    assert facts(world)["called_for"] is None


def test_a_signal_for_another_district_does_not_count(world: World) -> None:
    relay(world, "red", area="310115")

    assert facts(world)["called_for"] is None


def test_the_latest_forecast_counts_with_its_own_towns(told: World) -> None:
    forecast(told, towns=[])
    assert facts(told)["called_for"] == "II"  # 2 500 people; the plan asks for 2 000

    forecast(told, people={"best": 10}, towns=[TOWNS[1]])
    assert facts(told)["called_for"] == "III"  # a town at yellow


def test_of_a_larger_forecast_only_the_plans_own_towns_count(told: World) -> None:
    forecast(told, area="310000")

    assert facts(told)["called_for"] == "II"  # 1 300 people and an orange town of its own; red is elsewhere


def test_a_forecast_that_ran_out_or_only_points_back_does_not_count(told: World) -> None:
    forecast(told)
    forecast(told, reused=True, people=None, towns=[])
    assert facts(told)["called_for"] == "II"

    told.advance(told.clock.now() + timedelta(hours=6))
    assert facts(told)["called_for"] is None


def test_the_towns_of_the_forecast_are_those_that_orders_go_to(told: World) -> None:
    forecast(told)
    commander = Actor("commander", (Grant("commander", DISTRICT),))
    done = told.act(commander, "plan.activate", {"plan": "songjiang-flood", "level": "III"}, dry_run=True)

    assert done.data["left_out"] == []
    assert done.data["by_level"]["village"] > 0
