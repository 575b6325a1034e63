"""What a desk sees of its tasks, and how they are counted."""

from datetime import timedelta
from typing import Any

from anlan.kernel.access import Actor, Grant
from anlan.kernel.world import World
from anlan.task import queries

DISTRICT, TOWN, OTHER = "310117", "310117001", "310117002"
CHIEF = Actor("chief", (Grant("duty_officer", DISTRICT),))
OFFICER = Actor("officer", (Grant("street_officer", TOWN),))


def filed(world: World, minutes: int, **args: Any) -> str:
    given = {"title_zh": "巡查", "title_en": "Patrol", "area": TOWN, "role": "street_officer", "grade": "yellow"}
    due = world.clock.now() + timedelta(minutes=minutes)
    return world.act(CHIEF, "task.open", given | {"due": due} | args).subject


def submit(world: World, task: str) -> None:
    world.act(OFFICER, "task.accept", {"task": task})
    world.act(OFFICER, "task.submit", {"task": task, "evidence": "photo"})


def desk(world: World, actor: Actor) -> list[str]:
    (grant,) = actor.grants
    with world.read(actor, "task") as reader:
        return [task.id for task in queries.desk(reader, grant.role, grant.area)]


def test_a_desk_sees_what_it_must_do_now_and_the_next_limit_first(world: World) -> None:
    later, soon, elsewhere = filed(world, 60), filed(world, 20), filed(world, 5, area=OTHER)
    waiting = filed(world, 10, depends=[later])

    assert desk(world, OFFICER) == [soon, later]
    assert desk(world, CHIEF) == []
    submit(world, soon)
    assert desk(world, OFFICER) == [later]
    assert desk(world, CHIEF) == [soon]
    assert {elsewhere, waiting} & {*desk(world, OFFICER), *desk(world, CHIEF)} == set()


def test_an_overdue_task_lies_on_both_desks(world: World) -> None:
    task = filed(world, 10)
    world.advance(world.clock.now() + timedelta(minutes=10))

    assert desk(world, OFFICER) == desk(world, CHIEF) == [task]


def test_tasks_are_found_by_area_role_state_source_and_limit(world: World) -> None:
    a = filed(world, 10, source="activation-1/patrol")
    b = filed(world, 90, source="activation-12/patrol", area=OTHER)
    c = filed(world, 90, source="activation-1/pump", role="supply_officer")
    world.advance(world.clock.now() + timedelta(minutes=20))

    def found(**wanted: Any) -> set[str]:
        with world.read(CHIEF, "task") as reader:
            return {task.id for task in queries.find_tasks(reader, **wanted)}

    assert found() == {a, b, c}
    assert found(area=TOWN) == {a, c}
    assert found(role="supply_officer") == {c}
    assert found(source="activation-1/") == {a, c}
    assert found(overdue=True) == {a}
    assert found(overdue=False) == {b, c}
    assert found(states=["closed"]) == set()


def test_a_reader_sees_only_the_tasks_of_its_areas(world: World) -> None:
    own, other = filed(world, 10), filed(world, 10, area=OTHER)
    with world.read(OFFICER, "task") as reader:
        seen = {task.id for task in queries.find_tasks(reader)}

    assert seen == {own}
    assert other not in seen


def test_on_time_and_late_count_by_the_moment_of_submission(world: World) -> None:
    punctual, tardy = filed(world, 30), filed(world, 30)
    filed(world, 30)
    submit(world, punctual)
    world.advance(world.clock.now() + timedelta(minutes=45))
    submit(world, tardy)
    for task in (punctual, tardy):
        world.act(CHIEF, "task.verify", {"task": task})
    with world.read(CHIEF, "task") as reader:
        counts = queries.counts(reader)

    assert (counts.on_time, counts.late, counts.overdue, counts.open) == (1, 1, 1, 1)
    assert counts.by_state["closed"] == 2
    assert sum(counts.by_state.values()) == 3
