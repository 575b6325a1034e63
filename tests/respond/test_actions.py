"""Incidents, their reports against the clock, and the duty log."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Outcome
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.journal import entry_of, rows_after
from anlan.kernel.world import World
from anlan.respond import queries

DISTRICT, TOWN = "310117", "310117001"
OFFICER = Actor("officer", (Grant("duty_officer", DISTRICT),))
LEADER = Actor("leader", (Grant("shift_leader", DISTRICT),))
COMMANDER = Actor("commander", (Grant("commander", DISTRICT),))
STREET = Actor("street", (Grant("street_officer", TOWN),))
PUDONG = Actor("pudong", (Grant("shift_leader", "310115"),))
ROBOT = Actor("robot", (Grant("automaton", "310000"), Grant("shift_leader", "310000")))


def opened(world: World, by: Actor = OFFICER, **args: Any) -> Outcome:
    return world.act(by, "incident.open", {"event_type": "11A02", "area": DISTRICT} | args)


def entries(world: World, verb: str) -> list[dict[str, Any]]:
    with world.store.read() as conn:
        found = [entry_of(row) for row in conn.execute(rows_after(0, 10_000)).mappings()]
    return [entry for entry in found if entry["verb"] == verb]


def report(world: World, name: str) -> queries.Report:
    with world.read(LEADER, "report") as reader:
        return queries.report(reader, name)


def words(world: World, name: str) -> list[queries.ReportText]:
    with world.read(LEADER, "report") as reader:
        return queries.report_wordings(reader, name)


def test_an_incident_keeps_when_it_happened_when_it_was_learnt_of_and_when_it_was_written_down(world: World) -> None:
    now = world.clock.now()
    done = opened(world, occurred=now - timedelta(minutes=40), received=now - timedelta(minutes=10))
    with world.read(OFFICER, "incident") as reader:
        incident = queries.incident(reader, done.subject)

    assert [incident.occurred, incident.received, incident.opened_at] == [
        now - timedelta(minutes=40),
        now - timedelta(minutes=10),
        now,
    ]
    assert incident.title_en == "urban waterlogging in Songjiang District"
    assert incident.level is None


def test_times_that_cannot_be_are_refused(world: World) -> None:
    now = world.clock.now()

    with pytest.raises(Invalid, match="future"):
        opened(world, received=now + timedelta(minutes=1))
    with pytest.raises(Invalid, match="after it was learnt of"):
        opened(world, received=now - timedelta(minutes=5), occurred=now)


def test_the_limit_of_the_first_report_runs_from_the_moment_of_learning(world: World) -> None:
    received = world.clock.now() - timedelta(minutes=10)
    done = opened(world, received=received, occurred=received - timedelta(hours=2))
    first = report(world, done.data["report"])
    limit = world.catalog.report_rules["RR6"].limit_minutes

    assert limit is not None
    assert (first.rule, first.due, first.state) == ("RR6", received + timedelta(minutes=limit), "owed")
    assert first.minutes_left == limit - 10


def test_the_clock_drafts_the_first_report_before_its_limit_and_calls_it_to_mind(world: World) -> None:
    start = world.clock.now()
    done = opened(world)
    world.advance(start + timedelta(hours=2))
    (draft,) = entries(world, "report.draft")
    reminded = [(e["data"]["minutes_left"], e["data"]["overdue"]) for e in entries(world, "report.remind")]
    lead = float(world.catalog.setting("report.first_draft_lead_min"))
    before = float(world.catalog.setting("report.remind_min"))
    due = start + timedelta(minutes=30)

    assert (draft["by"], draft["subject"]) == ("system:clock", done.data["report"])
    assert draft["at"] == (due - timedelta(minutes=lead)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert reminded == [(before, False), (0.0, True)]
    late = report(world, done.data["report"])
    assert (late.overdue, late.late_min, late.minutes_left) == (True, 90.0, -90.0)


def test_a_report_tells_what_the_journal_knows_and_says_what_it_does_not(world: World) -> None:
    done = opened(world, detail="the river stands over its bank", source="110", place="the market", deaths=1)
    world.act(COMMANDER, "plan.activate", {"plan": "songjiang-flood", "level": "IV"})
    drafted = world.act(OFFICER, "report.draft", {"incident": done.subject})
    text = words(world, drafted.subject)[-1]

    assert text.zh.startswith("首报：松江区发生内涝")
    for told in (
        "松江区",
        "the market",
        "信息来源：110",
        "启动IV级响应",
        "死亡 1 人",
        "已下达任务",
        "发展趋势：待核实",
    ):
        assert told in text.zh
    for told in (
        "First report: urban waterlogging in Songjiang District",
        "1 dead",
        "level IV",
        "trend: to be verified",
    ):
        assert told in text.en
    kind = world.catalog.report_kinds["first_written"]
    assert len(text.zh.splitlines()) == 1 + len(kind.elements)
    assert "{" not in text.zh + text.en


def test_a_draft_is_written_anew_and_the_earlier_wording_stays(world: World) -> None:
    done = opened(world)
    first = world.act(OFFICER, "report.draft", {"incident": done.subject})
    world.act(OFFICER, "incident.grade", {"incident": done.subject, "trapped": 4})
    again = world.act(OFFICER, "report.draft", {"incident": done.subject})

    assert again.subject == first.subject
    assert ["被困 4 人" in text.zh for text in words(world, first.subject)] == [False, True]


def test_a_person_sends_and_the_time_taken_is_computed_not_judged(world: World) -> None:
    done = opened(world)
    drafted = world.act(OFFICER, "report.draft", {"incident": done.subject})
    world.advance(world.clock.now() + timedelta(minutes=42))
    with pytest.raises(Forbidden):
        world.act(ROBOT, "report.send", {"report": drafted.subject})
    sent = world.act(LEADER, "report.send", {"report": drafted.subject, "zh": "亲自改过的首报"})

    assert (sent.data["taken_min"], sent.data["late_min"], sent.data["receiver"]) == (42.0, 12.0, "市")
    assert words(world, drafted.subject)[-1].zh == "亲自改过的首报"
    assert words(world, drafted.subject)[-1].en == words(world, drafted.subject)[-2].en
    with pytest.raises(Conflict):
        world.act(LEADER, "report.send", {"report": drafted.subject})


def test_a_report_that_was_sent_is_neither_called_to_mind_nor_written_again(world: World) -> None:
    done = opened(world)
    drafted = world.act(OFFICER, "report.draft", {"incident": done.subject})
    world.act(LEADER, "report.send", {"report": drafted.subject})
    world.advance(world.clock.now() + timedelta(minutes=45))

    assert entries(world, "report.remind") == []
    assert world.act(OFFICER, "report.draft", {"incident": done.subject}).data["changed"] is False
    assert len(words(world, drafted.subject)) == 1


def test_follow_ups_are_numbered_and_owed_a_cycle_apart_until_the_incident_ends(world: World) -> None:
    done = opened(world)
    first = world.act(OFFICER, "report.draft", {"incident": done.subject})
    owed = world.act(LEADER, "report.send", {"report": first.subject})
    cycle_h = world.catalog.report_kinds["follow_up"].cycle_h
    assert cycle_h
    world.advance(world.clock.now() + timedelta(hours=cycle_h))
    (draft,) = [e for e in entries(world, "report.draft") if e["data"]["kind"] == "follow"]
    assert draft["data"]["due"] == owed.data["next_due"]
    assert words(world, draft["subject"])[-1].zh.startswith("续报1：")
    world.act(LEADER, "report.send", {"report": draft["subject"]})

    world.act(COMMANDER, "incident.close", {"incident": done.subject, "reason": "the water is gone"})
    world.advance(world.clock.now() + timedelta(hours=3 * cycle_h))
    with world.read(LEADER, "report") as reader:
        states = [(r.kind, r.number, r.state) for r in queries.find_reports(reader, incident=done.subject)]
    assert states == [("first", 1, "sent"), ("follow", 1, "sent"), ("follow", 2, "dropped")]

    final = world.act(LEADER, "report.draft", {"incident": done.subject, "kind": "final"})
    assert world.act(LEADER, "report.send", {"report": final.subject}).data["late_min"] == 0.0


def test_a_final_report_needs_a_first(world: World) -> None:
    with pytest.raises(Conflict):
        world.act(LEADER, "report.draft", {"incident": opened(world).subject, "kind": "final"})


def test_gradings_stay_on_record(world: World) -> None:
    done = opened(world, event_type="12D00", deaths=2)
    assert done.data["level"] == "ordinary"
    graded = world.act(OFFICER, "incident.grade", {"incident": done.subject, "deaths": 3, "reason": "one more died"})
    assert (graded.data["from_level"], graded.data["level"], graded.data["grade"]) == ("ordinary", "major", "yellow")

    with world.read(OFFICER, "incident") as reader:
        levels = [(g.level, g.consequences["deaths"]) for g in queries.incident_gradings(reader, done.subject)]
    assert levels == [("ordinary", 2), ("major", 3)]


def test_a_warning_leads_to_one_incident_per_type_and_area(world: World) -> None:
    first = opened(world, by=ROBOT, warning="warning-1")
    again = opened(world, by=ROBOT, warning="warning-2")
    other = opened(world, by=ROBOT, warning="warning-3", area=TOWN)

    assert (again.subject, again.data["changed"]) == (first.subject, False)
    assert other.subject != first.subject
    assert opened(world).subject != first.subject  # people decide themselves


def test_a_closed_incident_is_closed(world: World) -> None:
    done = opened(world)
    world.act(COMMANDER, "incident.close", {"incident": done.subject, "reason": "over"})

    for verb, args in (("incident.grade", {"deaths": 1}), ("report.draft", {}), ("incident.close", {"reason": "x"})):
        with pytest.raises(Conflict):
            world.act(COMMANDER if verb != "report.draft" else LEADER, verb, {"incident": done.subject} | args)


def test_another_district_can_neither_see_nor_touch_it(world: World) -> None:
    done = opened(world)
    drafted = world.act(OFFICER, "report.draft", {"incident": done.subject})

    for verb, args in (
        ("incident.grade", {"incident": done.subject}),
        ("report.draft", {"incident": done.subject}),
        ("report.send", {"report": drafted.subject}),
    ):
        with pytest.raises(Forbidden):
            world.act(PUDONG, verb, args)
    with world.read(PUDONG, "report") as reader:
        assert queries.find_reports(reader) == []
        with pytest.raises(Forbidden):
            queries.report(reader, drafted.subject)
    with pytest.raises(NotFound):
        world.act(OFFICER, "incident.grade", {"incident": "incident-99"})


def test_the_duty_log_tells_when_it_came_in_and_when_it_was_written_down(world: World) -> None:
    now = world.clock.now()
    world.act(STREET, "duty.note", {"text": "下立交有水", "source": "12345", "at": now - timedelta(minutes=3)})
    world.act(OFFICER, "duty.note", {"text": "已通知街道", "handling": "街道到场"})
    with world.read(OFFICER, "duty") as reader:
        notes = queries.duty_log(reader)

    assert [(n.text, n.area, n.at) for n in notes] == [
        ("已通知街道", DISTRICT, now),
        ("下立交有水", TOWN, now - timedelta(minutes=3)),
    ]
    with pytest.raises(Invalid, match="still to come"):
        world.act(OFFICER, "duty.note", {"text": "x", "at": now + timedelta(minutes=1)})


def test_who_holds_two_areas_must_name_one(world: World) -> None:
    both = Actor("both", (Grant("duty_officer", DISTRICT), Grant("duty_officer", "310115")))

    with pytest.raises(Invalid, match="310115, 310117"):
        world.act(both, "duty.note", {"text": "x"})
