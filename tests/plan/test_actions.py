"""Proposals, decisions, and what an activation puts on which desks."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Outcome
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.journal import entry_of, rows_after
from anlan.kernel.world import World
from anlan.plan import queries
from anlan.plan.orders import in_order
from anlan.task import queries as task_queries
from anlan.task.queries import Task

DISTRICT = "310117"
COMMANDER = Actor("commander", (Grant("commander", DISTRICT),))
CITY = Actor("city", (Grant("commander", "310000"),))
OFFICER = Actor("officer", (Grant("duty_officer", DISTRICT),))
PUDONG = Actor("pudong", (Grant("commander", "310115"),))
TOWNS = [
    {"area": "310117001", "grade": "orange", "people": {"low": 100, "best": 900, "high": 2000}},
    {"area": "310117002", "grade": "yellow", "people": 300},
    {"area": "310117102", "grade": "blue", "people": 10},
]
MANY = [
    *TOWNS,
    {"area": "310117003", "grade": "yellow", "people": 200},
    {"area": "310117004", "grade": "yellow", "people": 100},
]


def propose(world: World, by: Actor = OFFICER, **args: Any) -> Outcome:
    return world.act(by, "plan.propose", {"plan": "songjiang-flood"} | args)


def activate(world: World, level: str, by: Actor = COMMANDER, **args: Any) -> Outcome:
    return world.act(by, "plan.activate", {"plan": "songjiang-flood", "level": level, "towns": TOWNS} | args)


def tasks(world: World, activation: str) -> list[Task]:
    with world.read(CITY, "task") as reader:
        return task_queries.find_tasks(reader, source=f"{activation}/")


def board(world: World, activation: str) -> dict[str, queries.BoardRow]:
    with world.read(CITY, "activation") as reader:
        return {row.action: row for row in queries.board(reader, activation).rows}


def run_of(world: World, activation: str) -> queries.Activation:
    with world.read(CITY, "activation") as reader:
        return queries.activation(reader, activation)


def entries(world: World, verb: str) -> list[dict[str, Any]]:
    with world.store.read() as conn:
        found = [entry_of(row) for row in conn.execute(rows_after(0, 10_000)).mappings()]
    return [entry for entry in found if entry["verb"] == verb]


def test_a_proposal_takes_the_level_that_the_facts_call_for(world: World) -> None:
    done = propose(world, trigger={"signal": {"typhoon": 3}}, reason="Bebinca")

    assert (done.data["level"], done.data["grade"], done.data["changed"]) == ("II", "orange", True)
    assert run_of(world, done.subject).state == "proposed"
    assert run_of(world, done.subject).facts["signal"]["typhoon"] == 3


def test_a_second_proposal_updates_the_first_only_if_it_is_graver(world: World) -> None:
    first = propose(world, level="III")
    milder = propose(world, level="IV")
    graver = propose(world, level="I")

    assert {first.subject, milder.subject, graver.subject} == {first.subject}
    assert (milder.data["changed"], graver.data["changed"]) == (False, True)
    assert run_of(world, first.subject).level == "I"


def test_a_reaction_that_knows_only_the_area_means_the_plan_nearest_above(world: World) -> None:
    town = {"towns": TOWNS, "area": "310117001"}
    done = world.act(CITY, "plan.propose", town)

    assert (done.area, done.data["plan"], done.data["level"]) == (DISTRICT, "songjiang-flood", "II")


def test_facts_that_call_for_nothing_propose_nothing(world: World) -> None:
    done = propose(world)

    assert (done.data["changed"], done.data["activation"]) == (False, None)
    with world.read(CITY, "activation") as reader:
        assert queries.find_activations(reader) == []


def test_a_declined_level_rests_for_a_while_but_a_graver_one_is_proposed(world: World) -> None:
    first = propose(world, level="III")
    world.act(COMMANDER, "plan.decline", {"activation": first.subject, "reason": "a false alarm"})

    assert propose(world, level="III").data["changed"] is False
    assert propose(world, level="II").data["changed"] is True
    quiet = timedelta(minutes=float(world.catalog.setting("plan.declined_quiet_min")))
    world.act(COMMANDER, "plan.decline", {"activation": propose(world, level="I").subject, "reason": "no"})
    world.advance(world.clock.now() + quiet)
    assert propose(world, level="III").data["changed"] is True


def test_only_who_may_command_activates(world: World) -> None:
    proposal = propose(world, level="III")

    with pytest.raises(Forbidden):
        world.act(OFFICER, "plan.activate", {"activation": proposal.subject})
    for args in ({"activation": proposal.subject}, {"plan": "songjiang-flood", "level": "I"}):
        with pytest.raises(Forbidden):
            world.act(PUDONG, "plan.activate", args)
    assert entries(world, "task.open") == []


def test_every_action_of_the_level_and_of_milder_ones_is_on_its_desks(world: World) -> None:
    done = activate(world, "III")
    plan = world.catalog.plans["songjiang-flood"]
    applicable = {name for name, action in plan.actions.items() if action.from_level in {"III", "IV"}}
    rows = board(world, done.subject)

    assert {name for name, row in rows.items() if row.progress.total} == applicable
    assert {name for name, row in rows.items() if row.applies} == applicable
    assert rows["duty"].progress.total == 1
    assert rows["town-duty"].progress.total == 17  # Songjiang: 6 subdistricts and 11 towns
    assert rows["sheds-ready"].progress.total == 2  # the towns at yellow or worse
    assert done.data["tasks"] == sum(row.progress.total for row in rows.values())
    assert sum(done.data["by_level"].values()) == done.data["tasks"]


def test_committees_of_the_towns_hit_worst_are_called_and_no_more_than_the_catalog_allows(world: World) -> None:
    done = activate(world, "III", towns=MANY)
    called = [t for t in tasks(world, done.subject) if t.source.endswith("/households-told")]

    assert 0 < len(called) <= int(world.catalog.setting("plan.village_desks"))
    assert {t.area[:9] for t in called} <= {"310117001", "310117002", "310117003"}


def test_a_task_is_due_as_the_action_says_and_waits_for_what_it_depends_on(world: World) -> None:
    done = activate(world, "II")
    opened = tasks(world, done.subject)
    plan = world.catalog.plans["songjiang-flood"]
    by_place = {(t.source.split("/")[1], t.area): t for t in opened}

    for (name, _area), task in by_place.items():
        assert task.due == done.at + timedelta(minutes=plan.actions[name].minutes)
        assert task.role == plan.actions[name].role
        assert task.grade == "orange"
    evacuate = by_place["basements-evacuate", "310117001"]
    assert set(evacuate.waits_for) == {by_place[n, "310117001"].id for n in ("sheds-ready", "shelters-open")}
    assert by_place["town-duty", "310117001"].waits_for == (by_place["duty", DISTRICT].id,)
    assert {t.source.split("/")[1] for t in opened if t.state == "dispatched"} == {
        name for name, action in plan.actions_at("II").items() if not action.depends
    }


def test_a_district_action_waits_for_the_same_action_of_all_its_towns(world: World) -> None:
    done = activate(world, "I")
    by_place = {(t.source.split("/")[1], t.area): t for t in tasks(world, done.subject)}
    forced = by_place["forced-evacuation", DISTRICT]
    evacuations = {task.id for (name, _), task in by_place.items() if name == "basements-evacuate"}

    assert evacuations
    assert set(forced.waits_for) == evacuations | {by_place["principal-leader", DISTRICT].id}


def test_closing_the_duty_task_sets_the_towns_going(world: World) -> None:
    done = activate(world, "IV")
    duty = next(t for t in tasks(world, done.subject) if t.source.endswith("/duty"))
    world.act(OFFICER, "task.accept", {"task": duty.id})
    world.act(OFFICER, "task.submit", {"task": duty.id, "evidence": "list of names"})
    world.act(COMMANDER, "task.verify", {"task": duty.id})

    states = {t.source.split("/")[1]: t.state for t in tasks(world, done.subject)}
    assert {states[name] for name in ("town-duty", "pumps-ready", "notice")} == {"dispatched"}
    assert states["underpass-watch"] == "filed"
    assert board(world, done.subject)["duty"].progress.done_share == 1.0


def test_a_proposal_is_confirmed_with_its_level_and_towns(world: World) -> None:
    proposal = propose(world, towns=TOWNS)
    done = world.act(COMMANDER, "plan.activate", {"activation": proposal.subject})

    assert (done.subject, done.data["level"]) == (proposal.subject, "II")
    assert board(world, done.subject)["shelters-open"].progress.total == 1
    with pytest.raises(Conflict):
        world.act(COMMANDER, "plan.activate", {"activation": proposal.subject})


def test_there_is_one_open_run_of_a_plan_in_an_area(world: World) -> None:
    done = activate(world, "IV")

    with pytest.raises(Conflict, match=done.subject):
        activate(world, "III")
    assert propose(world, level="III").subject == done.subject
    assert run_of(world, done.subject).wanted == "III"
    assert run_of(world, done.subject).level == "IV"


def test_raising_opens_only_what_is_added_and_lowering_calls_it_off(world: World) -> None:
    done = activate(world, "IV")
    before = {t.id for t in tasks(world, done.subject)}
    raised = world.act(COMMANDER, "plan.level", {"activation": done.subject, "level": "III", "reason": "worse"})
    after = {t.id for t in tasks(world, done.subject)}
    assert before < after
    assert len(after - before) == raised.data["tasks"]

    lowered = world.act(COMMANDER, "plan.level", {"activation": done.subject, "level": "IV", "reason": "better"})
    states = {t.id: t.state for t in tasks(world, done.subject)}
    assert {i for i, state in states.items() if state == "cancelled"} == after - before
    assert lowered.data["cancelled"] == len(after - before)
    assert lowered.data["tasks"] == 0

    again = world.act(COMMANDER, "plan.level", {"activation": done.subject, "level": "III"})
    assert again.data["tasks"] == len(after - before)


def test_ending_calls_off_what_is_open_and_sets_nothing_going(world: World) -> None:
    done = activate(world, "III")
    ended = world.act(COMMANDER, "plan.end", {"activation": done.subject, "reason": "the storm has passed"})
    world.settle()

    assert ended.data["cancelled"] == done.data["tasks"]
    assert {t.state for t in tasks(world, done.subject)} == {"cancelled"}
    assert entries(world, "task.dispatch") == []
    assert run_of(world, done.subject).state == "ended"
    with pytest.raises(Conflict):
        world.act(COMMANDER, "plan.level", {"activation": done.subject, "level": "II"})


def test_bad_requests_are_told_with_their_place_and_change_nothing(world: World) -> None:
    with pytest.raises(NotFound, match="songjiang-flood"):
        propose(world, plan="songjiang-flod")
    with pytest.raises(Invalid, match="310117"):
        propose(world, by=CITY, area="310115")
    with pytest.raises(Invalid) as caught:
        propose(world, level="V")
    assert {p.at for p in caught.value.places} == {"args.level"}
    with pytest.raises(Invalid, match="rainfall"):
        propose(world, trigger={"rainfall": 3})
    assert entries(world, "plan.propose") == []


def test_actions_that_depend_on_each_other_are_refused_with_the_path(world: World) -> None:
    plan = world.catalog.plans["songjiang-flood"]
    turned = plan.actions["duty"].model_copy(update={"depends": ("consult",)})

    with pytest.raises(Invalid, match=r"(duty|consult) → (consult|duty) → (duty|consult)"):
        in_order({"duty": turned, "consult": plan.actions["consult"]})


def test_a_rehearsal_opens_nothing(world: World) -> None:
    args = {"plan": "songjiang-flood", "level": "I", "towns": TOWNS}
    rehearsed = world.act(COMMANDER, "plan.activate", args, dry_run=True)

    assert rehearsed.data["tasks"] > 100
    assert entries(world, "task.open") == []
