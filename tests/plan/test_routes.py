"""Plans over HTTP."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI

from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.kernel.world import World
from anlan.plan.routes import router

COMMANDER = Actor("commander", (Grant("commander", "310117"),))
PUDONG = Actor("pudong", (Grant("commander", "310115"),))


class Client:
    """Asks the room's routes as one actor."""

    def __init__(self, world: World) -> None:
        self.app = FastAPI()
        self.app.state.world = world
        self.app.include_router(router)
        self.app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]

    def get(self, actor: Actor, path: str, **params: str) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://anlan") as client:
                return await client.get(f"/api/v1/plan/{path}", params=params)

        self.app.dependency_overrides[actor_of] = lambda: actor
        return asyncio.run(ask())


@pytest.fixture
def client(world: World) -> Client:
    return Client(world)


@pytest.fixture
def activation(world: World) -> str:
    return world.act(COMMANDER, "plan.activate", {"plan": "songjiang-flood", "level": "IV"}).subject


def test_a_plan_comes_with_its_levels_actions_and_sources(client: Client) -> None:
    plans = {plan["id"]: plan for plan in client.get(COMMANDER, "plans").json()["items"]}

    assert set(plans) == {"songjiang-flood", "shanghai-flood"}
    assert plans["songjiang-flood"]["levels"]["I"]["source"]
    assert [plan["id"] for plan in client.get(PUDONG, "plans").json()["items"]] == ["shanghai-flood"]


def test_an_activation_comes_with_its_board_and_history(client: Client, activation: str) -> None:
    assert [run["id"] for run in client.get(COMMANDER, "activations", state="active").json()["items"]] == [activation]
    answer = client.get(COMMANDER, f"activations/{activation}").json()

    assert answer["board"]["progress"]["open"] == answer["board"]["progress"]["total"] > 0
    assert [step["verb"] for step in answer["history"]] == ["plan.activate"]


def test_another_district_sees_nothing_of_it(client: Client, activation: str) -> None:
    assert client.get(PUDONG, "activations").json()["items"] == []
    assert client.get(PUDONG, f"activations/{activation}").status_code == 403
    assert client.get(PUDONG, "activations/activation-999").status_code == 404
