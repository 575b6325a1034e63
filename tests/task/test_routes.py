"""Tasks over HTTP."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI

from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.kernel.world import World
from anlan.task.routes import router

CHIEF = Actor("chief", (Grant("duty_officer", "310117"),))
OFFICER = Actor("officer", (Grant("street_officer", "310117001"),))
NEIGHBOUR = Actor("neighbour", (Grant("street_officer", "310117002"),))


class Client:
    """Asks the room's routes as one actor."""

    def __init__(self, world: World) -> None:
        self.app = FastAPI()
        self.app.state.world = world
        self.app.include_router(router)
        self.app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]

    def get(self, actor: Actor, path: str, **params: str | bool) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://anlan") as client:
                return await client.get(f"/api/v1/task/{path}", params=params)

        self.app.dependency_overrides[actor_of] = lambda: actor
        return asyncio.run(ask())


@pytest.fixture
def client(world: World) -> Client:
    return Client(world)


@pytest.fixture
def task(world: World) -> str:
    args = {"title_zh": "巡查", "title_en": "Patrol", "area": "310117001", "role": "street_officer", "grade": "red"}
    return world.act(CHIEF, "task.open", args).subject


def test_the_list_holds_tasks_and_counts(client: Client, task: str) -> None:
    answer = client.get(OFFICER, "tasks", mine=True, state="dispatched").json()

    assert [item["id"] for item in answer["items"]] == [task]
    assert answer["counts"]["open"] == 1
    assert client.get(OFFICER, "tasks", overdue=True).json()["items"] == []


def test_one_task_comes_with_its_history(client: Client, task: str) -> None:
    answer = client.get(OFFICER, f"tasks/{task}").json()

    assert answer["task"]["state"] == "dispatched"
    assert [step["state"] for step in answer["history"]] == ["found", "filed", "dispatched"]


def test_the_neighbour_gets_a_refusal_and_an_empty_list(client: Client, task: str) -> None:
    assert client.get(NEIGHBOUR, f"tasks/{task}").status_code == 403
    assert client.get(NEIGHBOUR, "tasks").json()["items"] == []
    assert client.get(NEIGHBOUR, "tasks/task-99").status_code == 404
