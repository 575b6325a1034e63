"""Tasks over HTTP."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.kernel.world import World
from anlan.task.routes import router

CHIEF = Actor("chief", (Grant("duty_officer", "310117"),))
OFFICER = Actor("officer", (Grant("street_officer", "310117001"),))
NEIGHBOUR = Actor("neighbour", (Grant("street_officer", "310117002"),))


@pytest.fixture
def app(world: World) -> FastAPI:
    built = FastAPI()
    built.state.world = world
    built.include_router(router)
    built.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]
    return built


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as opened:
        yield opened


def sign_in(client: TestClient, actor: Actor) -> None:
    client.app.dependency_overrides[actor_of] = lambda: actor  # type: ignore[attr-defined]


@pytest.fixture
def task(world: World) -> str:
    args = {"title_zh": "巡查", "title_en": "Patrol", "area": "310117001", "role": "street_officer", "grade": "red"}
    return world.act(CHIEF, "task.open", args).subject


def test_the_list_holds_tasks_and_counts(client: TestClient, task: str) -> None:
    sign_in(client, OFFICER)
    answer = client.get("/api/v1/task/tasks", params={"mine": True, "state": "dispatched"}).json()

    assert [item["id"] for item in answer["items"]] == [task]
    assert answer["counts"]["open"] == 1
    assert client.get("/api/v1/task/tasks", params={"overdue": True}).json()["items"] == []


def test_one_task_comes_with_its_history(client: TestClient, task: str) -> None:
    sign_in(client, OFFICER)
    answer = client.get(f"/api/v1/task/tasks/{task}").json()

    assert answer["task"]["state"] == "dispatched"
    assert [step["state"] for step in answer["history"]] == ["found", "filed", "dispatched"]


def test_the_neighbour_gets_a_refusal_and_an_empty_list(client: TestClient, task: str) -> None:
    sign_in(client, NEIGHBOUR)

    assert client.get(f"/api/v1/task/tasks/{task}").status_code == 403
    assert client.get("/api/v1/task/tasks").json()["items"] == []
    assert client.get("/api/v1/task/tasks/task-99").status_code == 404
