"""Compiling a review of what a world did, and reading it: who sees what, on both stores."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from anlan.kernel.access import Actor, Grant
from anlan.kernel.clock import SimClock
from anlan.kernel.entries import entries
from anlan.kernel.errors import AnlanError, Forbidden, Invalid, NotFound
from anlan.kernel.http import actor_of, problem
from anlan.kernel.world import World
from anlan.review import queries
from anlan.review.routes import router

DISTRICT, TOWN, OTHER = "310117", "310117001", "310115004"
MAYOR = Actor("mayor", (Grant("commander", "310000"),))
CHIEF = Actor("chief", (Grant("duty_officer", DISTRICT), Grant("commander", DISTRICT)))
OFFICER = Actor("officer", (Grant("street_officer", TOWN),))
PUDONG = Actor("pd", (Grant("duty_officer", "310115"), Grant("commander", "310115")))
NOBODY = Actor("public", (Grant("public", "310000"),))
SHELTER = "shelter-310117001-1"


@pytest.fixture
def night(world: World, clock: SimClock) -> World:
    """Two tasks, one of them late; a full shelter; a task of a neighbour."""

    def later(minutes: float) -> None:
        clock.advance_to(clock.now() + timedelta(minutes=minutes))

    due = clock.now() + timedelta(minutes=30)
    for area, by in ((TOWN, CHIEF), (TOWN, CHIEF), (OTHER, PUDONG)):
        args = {"title_zh": "巡查", "title_en": "Patrol", "area": area, "role": "street_officer", "due": due}
        world.act(by, "task.open", args)
    for number, minutes in ((1, 20), (2, 40)):
        later(minutes)
        world.act(OFFICER, "task.accept", {"task": f"task-{number}"})
        world.act(OFFICER, "task.submit", {"task": f"task-{number}", "evidence": "photo"})
        world.act(CHIEF, "task.verify", {"task": f"task-{number}"})
    free = world.act(OFFICER, "shelter.open", {"shelter": SHELTER}).data["capacity"]
    world.act(OFFICER, "shelter.admit", {"shelter": SHELTER, "people": free})
    later(10)
    return world


def compiled(world: World, by: Actor = CHIEF, **args: Any) -> str:
    now = world.clock.now()
    return world.act(by, "review.compile", {"since": now - timedelta(hours=3), "until": now} | args).subject


def found(world: World, by: Actor, **args: Any) -> list[queries.FindingLine]:
    with world.read(by, "summary") as reader:
        return queries.finding_list(reader, **args)


def test_a_review_keeps_its_summary_and_findings(night: World) -> None:
    review = compiled(night)
    with night.read(CHIEF, "summary") as reader:
        (kept,) = queries.compilation_list(reader)

    assert (kept.id, kept.area, kept.findings) == (review, DISTRICT, 2)
    assert (kept.summary.tasks.closed_on_time, kept.summary.tasks.closed_late) == (1, 1)
    assert kept.summary.people.sheltered == kept.summary.people.sheltered_at_end > 0
    assert {line.code for line in found(night, CHIEF)} == {"task_late", "shelter_full"}


def test_findings_are_words_with_proof(night: World) -> None:
    compiled(night)
    (late,) = found(night, CHIEF, code="task_late")

    assert (late.subject, late.area) == ("task-2", TOWN)
    assert "Patrol (town officer) was handed in 30 min late" in late.en
    assert "“巡查”（街镇干部）迟交 30 分钟" in late.zh
    with night.read(CHIEF, "journal") as reader:
        verbs = {e["seq"]: e["verb"] for e in entries(reader)}
    assert [verbs[seq] for seq in late.evidence] == ["task.open", "task.submit"]


def test_a_review_tells_of_its_own_area_only(night: World) -> None:
    compiled(night)
    compiled(night, by=PUDONG)

    assert {line.area for line in found(night, CHIEF)} == {TOWN}
    assert [line.code for line in found(night, PUDONG)] == ["task_overdue"]
    with night.read(PUDONG, "summary") as reader:
        assert [c.area for c in queries.compilation_list(reader)] == ["310115"]
    with pytest.raises(Forbidden):
        compiled(night, by=PUDONG, area=DISTRICT)


def test_a_neighbour_sees_only_its_own_part_of_the_city_s_review(night: World) -> None:
    review = compiled(night, by=MAYOR)

    assert {line.area for line in found(night, PUDONG, compilation=review)} == {OTHER}
    assert {line.area for line in found(night, MAYOR)} == {TOWN, OTHER}


def test_a_review_of_what_has_not_happened_is_refused(night: World) -> None:
    now = night.clock.now()
    with pytest.raises(Invalid, match="not come yet"):
        compiled(night, until=now + timedelta(minutes=1))
    with pytest.raises(Invalid):
        compiled(night, since=now)
    with pytest.raises(NotFound):
        found(night, CHIEF, compilation="review-999")


def test_the_timeline_is_read_forwards_and_backwards(night: World) -> None:
    with night.read(CHIEF, "timeline") as reader:
        whole = queries.timeline(reader)
        forwards = queries.timeline(reader, after=whole[2].seq, limit=3)
        backwards = queries.timeline(reader, before=whole[-1].seq, limit=3)
        tasks = queries.timeline(reader, rooms=("task",))
        own = queries.timeline(reader, subject="task-2")

    assert forwards == whole[3:6]
    assert backwards == whole[-4:-1]
    assert {item.room for item in whole} == {"task", "supply"}
    assert tasks == [item for item in whole if item.room == "task"]
    assert [item.kind for item in own] == ["task.open", "task.accept", "task.submit", "task.verify"]


def test_what_happens_to_accounts_is_for_those_who_may_read_users(night: World) -> None:
    administrator = Actor("admin", (Grant("administrator", "310000"),))
    night.act(administrator, "user.create", {"user": "somebody", "name": "x", "area": TOWN})
    with night.read(CHIEF, "timeline") as reader:
        assert "user.create" in {item.kind for item in queries.timeline(reader)}
    with night.read(OFFICER, "timeline") as reader:
        assert "user.create" not in {item.kind for item in queries.timeline(reader)}


class Client:
    """Asks the room's routes as one actor."""

    def __init__(self, world: World) -> None:
        self.app = FastAPI()
        self.app.state.world = world
        self.app.include_router(router)
        self.app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]

    def get(self, path: str, by: Actor = CHIEF, **params: str | int) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://anlan") as client:
                return await client.get(f"/api/v1/review/{path}", params=params)

        self.app.dependency_overrides[actor_of] = lambda: by
        return asyncio.run(ask())

    def json(self, path: str, by: Actor = CHIEF, **params: str | int) -> Any:
        answer = self.get(path, by, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()


def test_the_routes_tell_the_same(night: World) -> None:
    compiled(night)
    client = Client(night)
    since = (night.clock.now() - timedelta(hours=3)).isoformat()
    timeline = client.json("timeline", limit=4)

    assert (len(timeline["items"]), timeline["after"]) == (4, timeline["items"][-1]["seq"])
    assert client.json("timeline", room="supply")["items"][0]["zh"].startswith("启用避难场所")
    assert client.json("summary", since=since)["tasks"]["closed_late"] == 1
    assert client.json("summary", since=since, area=TOWN)["tasks"]["opened"] == 2
    bars = client.json("gantt", lane="tasks")["items"]
    assert [bar["id"] for bar in bars] == ["task-1", "task-2"]
    assert client.json("compilations")["items"][0]["findings"] == 2
    assert len(client.json("findings")["items"]) == 2


def test_the_routes_keep_to_the_reader_s_areas(night: World) -> None:
    client = Client(night)
    since = (night.clock.now() - timedelta(hours=3)).isoformat()

    assert {item["area"] for item in client.json("timeline", PUDONG)["items"]} == {OTHER}
    assert client.json("summary", PUDONG, since=since)["entries"] == 1
    assert [bar["area"] for bar in client.json("gantt", PUDONG)["items"]] == [OTHER]
    assert client.json("findings", PUDONG)["items"] == []
    for path in ("timeline", "gantt", "findings", "compilations"):
        assert client.get(path, NOBODY).status_code == 401
    assert client.get("summary", since="2999-01-01T00:00:00Z").json()["code"] == "review.order"
