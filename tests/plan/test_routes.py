"""Plans over HTTP."""

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.world import World
from anlan.plan.routes import router
from asking import RoomClient

COMMANDER = Actor("commander", (Grant("commander", "310117"),))
PUDONG = Actor("pudong", (Grant("commander", "310115"),))


@pytest.fixture
def client(world: World) -> RoomClient:
    return RoomClient(world, router)


@pytest.fixture
def activation(world: World) -> str:
    return world.act(COMMANDER, "plan.activate", {"plan": "songjiang-flood", "level": "IV"}).subject


def test_a_plan_comes_with_its_levels_actions_and_sources(client: RoomClient) -> None:
    plans = {plan["id"]: plan for plan in client.get(COMMANDER, "plans").json()["items"]}

    assert set(plans) == {"songjiang-flood", "shanghai-flood"}
    assert plans["songjiang-flood"]["levels"]["I"]["source"]
    assert [plan["id"] for plan in client.get(PUDONG, "plans").json()["items"]] == ["shanghai-flood"]


def test_an_activation_comes_with_its_board_and_history(client: RoomClient, activation: str) -> None:
    assert [run["id"] for run in client.get(COMMANDER, "activations", state="active").json()["items"]] == [activation]
    answer = client.get(COMMANDER, f"activations/{activation}").json()

    assert answer["board"]["progress"]["open"] == answer["board"]["progress"]["total"] > 0
    assert [step["verb"] for step in answer["history"]] == ["plan.activate"]


def test_another_district_sees_nothing_of_it(client: RoomClient, activation: str) -> None:
    assert client.get(PUDONG, "activations").json()["items"] == []
    assert client.get(PUDONG, f"activations/{activation}").status_code == 403
    assert client.get(PUDONG, "activations/activation-999").status_code == 404
