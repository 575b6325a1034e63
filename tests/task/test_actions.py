"""The closed loop of a task, its dependencies, and the desks that a late task climbs to."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Outcome
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.journal import entry_of, rows_after
from anlan.kernel.world import World
from anlan.task import queries
from anlan.task.queries import Task

DISTRICT, TOWN, VILLAGE = "310117", "310117001", "310117001001"
BOSS = Actor("boss", (Grant("commander", "310000"),))
CHIEF = Actor("chief", (Grant("duty_officer", DISTRICT),))
OFFICER = Actor("officer", (Grant("street_officer", TOWN),))
NEIGHBOUR = Actor("neighbour", (Grant("street_officer", "310117002"),))
COMMITTEE = Actor("committee", (Grant("community_officer", VILLAGE),))


def filed(world: World, by: Actor = CHIEF, **args: Any) -> str:
    given = {"title_zh": "封闭下立交", "title_en": "Close the underpass", "area": TOWN, "role": "street_officer"}
    due = world.clock.now() + timedelta(minutes=30)
    return world.act(by, "task.open", given | {"due": due, "grade": "red"} | args).subject


def seen(world: World, task: str, by: Actor = BOSS) -> Task:
    with world.read(by, "task") as reader:
        return queries.task(reader, task)


def finish(world: World, task: str, by: Actor = OFFICER, verifier: Actor = CHIEF) -> Outcome:
    world.act(by, "task.accept", {"task": task})
    world.act(by, "task.submit", {"task": task, "evidence": "photo 12"})
    return world.act(verifier, "task.verify", {"task": task})


def entries(world: World, verb: str) -> list[dict[str, Any]]:
    with world.store.read() as conn:
        found = [entry_of(row) for row in conn.execute(rows_after(0, 10_000)).mappings()]
    return [entry for entry in found if entry["verb"] == verb]


def test_a_task_walks_from_found_to_closed_and_remembers_who_moved_it(world: World) -> None:
    task = filed(world)
    closed = finish(world, task)

    assert closed.data["on_time"] is True
    with world.read(BOSS, "task") as reader:
        steps = queries.task_history(reader, task)
    assert [(s.state, s.by) for s in steps] == [
        ("found", "chief"),
        ("filed", "chief"),
        ("dispatched", "chief"),
        ("handling", "officer"),
        ("verifying", "officer"),
        ("closed", "chief"),
    ]


def test_the_entry_says_whose_desk_it_lies_on(world: World) -> None:
    task = filed(world)

    (entry,) = entries(world, "task.open")
    told = {name: entry["data"][name] for name in ("task", "title_en", "role", "level", "grade", "state")}
    assert told == {
        "task": task,
        "title_en": "Close the underpass",
        "role": "street_officer",
        "level": "town",
        "grade": "red",
        "state": "dispatched",
    }


def test_nobody_verifies_their_own_work(world: World) -> None:
    task = filed(world)
    world.act(OFFICER, "task.accept", {"task": task})
    world.act(OFFICER, "task.submit", {"task": task, "evidence": "done"})

    with pytest.raises(Forbidden, match="officer"):
        world.act(OFFICER, "task.verify", {"task": task})
    assert seen(world, task).state == "verifying"


def test_a_step_that_the_table_does_not_have_is_refused_and_told(world: World) -> None:
    task = filed(world)

    with pytest.raises(Conflict, match="may become: cancelled, handling"):
        world.act(OFFICER, "task.submit", {"task": task, "evidence": "done"})


def test_returned_work_goes_back_to_its_own_desk(world: World) -> None:
    task = filed(world)
    world.act(OFFICER, "task.accept", {"task": task})
    world.act(OFFICER, "task.submit", {"task": task, "evidence": "done"})
    assert (seen(world, task).desk_area, seen(world, task).desk_role) == (DISTRICT, "duty_officer")

    world.act(CHIEF, "task.return", {"task": task, "reason": "the photo shows another road"})
    back = seen(world, task)
    assert (back.state, back.desk_area, back.submitted_at) == ("handling", TOWN, None)


def test_a_task_of_the_neighbour_cannot_be_touched(world: World) -> None:
    task = filed(world)

    for verb, more in (("accept", {}), ("progress", {"note": "x"}), ("submit", {"evidence": "x"})):
        with pytest.raises(Forbidden):
            world.act(NEIGHBOUR, f"task.{verb}", {"task": task, **more})
    with pytest.raises(Forbidden), world.read(NEIGHBOUR, "task") as reader:
        queries.task(reader, task)


def test_unknown_names_are_told_with_near_ones(world: World) -> None:
    with pytest.raises(NotFound, match="task-99"):
        world.act(OFFICER, "task.accept", {"task": "task-99"})
    with pytest.raises(Invalid, match="street_officer"):
        filed(world, role="stret_officer")


def test_a_task_without_a_limit_takes_that_of_its_grade(world: World) -> None:
    limits = world.catalog.task_policies["response"].grades

    for grade in ("red", "yellow"):
        due = seen(world, filed(world, due=None, grade=grade)).due
        assert due == world.clock.now() + timedelta(minutes=limits[grade].finish_minutes)


def test_a_task_waits_filed_until_what_it_depends_on_is_closed(world: World) -> None:
    first, second = filed(world), filed(world)
    third = filed(world, depends=[first, second])
    assert (seen(world, third).state, seen(world, third).waits_for) == ("filed", (first, second))

    finish(world, first)
    assert seen(world, third).waits_for == (second,)
    closing = finish(world, second)

    assert seen(world, third).state == "dispatched"
    (dispatch,) = entries(world, "task.dispatch")
    assert (dispatch["subject"], dispatch["because"], dispatch["by"]) == (third, closing.seq, "chief")


def test_a_waiting_task_cannot_be_dispatched_by_hand(world: World) -> None:
    first = filed(world)
    second = filed(world, depends=[first])

    with pytest.raises(Conflict, match=first):
        world.act(CHIEF, "task.dispatch", {"task": second})


def test_a_cancelled_task_holds_nobody_up(world: World) -> None:
    first = filed(world)
    second = filed(world, depends=[first])
    world.act(CHIEF, "task.cancel", {"task": first, "reason": "the rain has stopped"})

    assert (seen(world, first).state, seen(world, second).state) == ("cancelled", "dispatched")


def test_a_task_outside_the_closers_area_is_dispatched_by_the_clock_at_the_same_moment(world: World) -> None:
    town = filed(world)
    district = filed(world, area=DISTRICT, role="duty_officer", depends=[town])
    world.act(OFFICER, "task.accept", {"task": town})
    world.act(CHIEF, "task.submit", {"task": town, "evidence": "seen on camera"})
    moment = world.act(OFFICER, "task.verify", {"task": town}).at
    assert seen(world, district).state == "filed"

    world.settle()
    (dispatch,) = entries(world, "task.dispatch")
    assert (dispatch["by"], dispatch["at"]) == ("system:clock", moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def test_a_circle_is_refused_with_its_path(world: World) -> None:
    start = filed(world)
    a = filed(world, depends=[start])
    b = filed(world, depends=[a])

    with pytest.raises(Conflict, match=f"{a} → {b} → {a}"):
        world.act(CHIEF, "task.depend", {"task": a, "depends": [b]})
    with pytest.raises(Conflict, match=f"{a} → {a}"):
        world.act(CHIEF, "task.depend", {"task": a, "depends": [a]})


def test_an_overdue_task_climbs_desk_by_desk_to_the_city(world: World) -> None:
    task = filed(world, by=CHIEF, area=VILLAGE, role="community_officer")
    pause = world.catalog.task_policies["response"].grades["red"].escalate_minutes
    world.advance(world.clock.now() + timedelta(minutes=30 + 5 * pause))

    raised = [(e["data"]["to_area"], e["data"]["overdue_min"], e["by"]) for e in entries(world, "task.escalate")]
    assert raised == [
        (TOWN, 0, "system:clock"),
        (DISTRICT, pause, "system:clock"),
        ("310000", 2 * pause, "system:clock"),
    ]
    assert (seen(world, task).desk_area, seen(world, task).overdue) == ("310000", True)


def test_who_had_a_task_may_still_do_it_after_it_was_raised(world: World) -> None:
    task = filed(world, area=VILLAGE, role="community_officer")
    world.advance(world.clock.now() + timedelta(minutes=31))
    closed = finish(world, task, by=COMMITTEE, verifier=OFFICER)

    assert closed.data["on_time"] is False
    assert seen(world, task).late


def test_a_task_submitted_in_time_is_never_raised(world: World) -> None:
    task = filed(world)
    world.act(OFFICER, "task.accept", {"task": task})
    world.act(OFFICER, "task.submit", {"task": task, "evidence": "done"})
    world.advance(world.clock.now() + timedelta(hours=5))

    assert entries(world, "task.escalate") == []
    assert world.act(CHIEF, "task.verify", {"task": task}).data["on_time"] is True


def test_a_task_dispatched_after_its_limit_gets_the_time_to_be_accepted(world: World) -> None:
    first = filed(world)
    second = filed(world, depends=[first])
    world.advance(world.clock.now() + timedelta(hours=1))
    finish(world, first)
    accept = world.catalog.task_policies["response"].grades["red"].accept_minutes
    raised_before = len(entries(world, "task.escalate"))

    world.advance(world.clock.now() + timedelta(minutes=accept) - timedelta(seconds=1))
    assert len(entries(world, "task.escalate")) == raised_before
    world.advance(world.clock.now() + timedelta(seconds=1))
    assert entries(world, "task.escalate")[-1]["subject"] == second


def test_a_city_task_has_no_desk_above_it(world: World) -> None:
    task = filed(world, by=BOSS, area="310000", role="duty_officer")
    world.advance(world.clock.now() + timedelta(hours=5))

    assert entries(world, "reaction.fail") == []
    with pytest.raises(Conflict, match="310000"):
        world.act(BOSS, "task.escalate", {"task": task})


def test_only_the_desk_that_a_task_was_given_to_takes_it_in_hand(world: World) -> None:
    commander = Actor("commander", (Grant("commander", "310117"),))
    officer = Actor("officer", (Grant("street_officer", "310117001"),))
    args = {"title_zh": "x", "title_en": "x", "area": "310117001", "role": "street_officer"}
    task = world.act(commander, "task.open", args).subject
    with pytest.raises(Forbidden):
        world.act(commander, "task.accept", {"task": task})

    assert world.act(officer, "task.accept", {"task": task}).data["state"] == "handling"
