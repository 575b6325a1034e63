"""People of the night: they act at their own desks, by habits that can be repeated, and leave alone what is done."""

from datetime import timedelta

import pytest

from anlan.catalog.catalog import Catalog
from anlan.demo.people import Habit, People, load_habits
from anlan.demo.scenario import load_scenario
from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import NotFound
from anlan.kernel.world import World
from anlan.root import all_actions

NOTE = Habit.model_validate(
    {
        "id": "answer",
        "on": "duty.note",
        "where": 'entry.args.text == "hello"',
        "role": "duty_officer",
        "level": "district",
        "do": "duty.note",
        "with": {"text": '"answered"', "area": "entry.area"},
        "minutes": [2, 6],
    }
)
CALLER = Actor("caller", (Grant("duty_officer", "310117"),))


def play(world: World, habit: Habit, seed: int = 1) -> tuple[People, str]:
    people = People(world, (habit,), seed)
    done = world.act(CALLER, "duty.note", {"text": "hello", "area": "310117"})
    entry = {
        "seq": done.seq,
        "at": done.at.isoformat(),
        "verb": "duty.note",
        "area": "310117",
        "args": {"text": "hello"},
    }
    people.notice(entry, world.clock.now())
    return people, done.at.isoformat()


def test_a_desk_answers_after_its_while_and_not_before(world: World) -> None:
    people, _ = play(world, NOTE)
    due = people.next_due()

    assert due is not None
    assert timedelta(minutes=2) <= due - world.clock.now() <= timedelta(minutes=6)
    assert list(people.act_until(due - timedelta(seconds=1))) == []
    assert list(people.act_until(due)) == ["duty.note"]


def test_a_seed_fixes_when_people_act(world: World) -> None:
    first, _ = play(world, NOTE, seed=3)
    habit = NOTE.model_copy(update={"id": "other"})
    other, _ = play(world, habit, seed=3)

    assert first.next_due() != other.next_due()


def test_what_no_longer_fits_is_left_undone_and_told(world: World) -> None:
    broken = NOTE.model_copy(update={"do": "task.accept", "with_": {"task": '"task-999"'}})
    people, _ = play(world, broken)

    assert list(people.act_until(world.clock.now() + timedelta(hours=1))) == []
    assert [verb for verb, _ in people.refused] == ["task.accept"]


def test_every_habit_names_verbs_and_roles_that_exist(catalog: Catalog) -> None:
    verbs = set(all_actions())
    for habit in load_habits():
        assert {habit.on, habit.do} <= verbs, habit.id
        assert habit.role_from or habit.role in catalog.roles, habit.id
        assert set(habit.with_) <= set(all_actions()[habit.do].args.model_fields), habit.id


def test_an_unknown_night_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="bebinca"):
        load_scenario("wanda")
