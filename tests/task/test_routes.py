"""Tasks over HTTP."""

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.world import World
from anlan.task.routes import router
from asking import RoomClient

CHIEF = Actor("chief", (Grant("duty_officer", "310117"),))
OFFICER = Actor("officer", (Grant("street_officer", "310117001"),))
NEIGHBOUR = Actor("neighbour", (Grant("street_officer", "310117002"),))


@pytest.fixture
def client(world: World) -> RoomClient:
    return RoomClient(world, router)


@pytest.fixture
def task(world: World) -> str:
    args = {"title_zh": "巡查", "title_en": "Patrol", "area": "310117001", "role": "street_officer", "grade": "red"}
    return world.act(CHIEF, "task.open", args).subject


def test_the_list_holds_tasks_and_counts(client: RoomClient, task: str) -> None:
    answer = client.get(OFFICER, "tasks", mine=True, state="dispatched").json()

    assert [item["id"] for item in answer["items"]] == [task]
    assert answer["counts"]["open"] == 1
    assert client.get(OFFICER, "tasks", overdue=True).json()["items"] == []


def test_one_task_comes_with_its_history(client: RoomClient, task: str) -> None:
    answer = client.get(OFFICER, f"tasks/{task}").json()

    assert answer["task"]["state"] == "dispatched"
    assert [step["state"] for step in answer["history"]] == ["found", "filed", "dispatched"]


def test_the_neighbour_gets_a_refusal_and_an_empty_list(client: RoomClient, task: str) -> None:
    assert client.get(NEIGHBOUR, f"tasks/{task}").status_code == 403
    assert client.get(NEIGHBOUR, "tasks").json()["items"] == []
    assert client.get(NEIGHBOUR, "tasks/task-99").status_code == 404
