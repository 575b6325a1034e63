"""What the catalog's reactions bring about: signals propose plans, warnings open incidents, and people decide."""

from datetime import timedelta
from typing import Any

from anlan.kernel.access import Actor, Grant
from anlan.kernel.journal import entry_of, rows_after
from anlan.kernel.world import World
from anlan.plan import queries

OFFICER = Actor("officer", (Grant("duty_officer", "310000"),))
COMMANDER = Actor("commander", (Grant("commander", "310117"),))


def entries(world: World, verb: str) -> list[dict[str, Any]]:
    with world.store.read() as conn:
        found = [entry_of(row) for row in conn.execute(rows_after(0, 10_000)).mappings()]
    return [entry for entry in found if entry["verb"] == verb]


def relay(world: World, grade: str) -> None:
    now = world.clock.now()
    signal = {
        "identifier": f"signal-{grade}",
        "issuer_zh": "松江区气象台",
        "issuer_en": "Songjiang Meteorological Station",
        "event_type": "11B03",
        "grade": grade,
        "areas": ["310117"],
        "zh": {"headline": "暴雨预警信号", "description": "预计有暴雨", "instruction": "注意防范"},
        "sent": now,
        "expires": now + timedelta(hours=6),
    }
    world.act(OFFICER, "warning.relay", signal)
    world.settle()


def test_a_signal_proposes_and_a_graver_one_asks_for_more_but_only_people_activate(live_world: World) -> None:
    relay(live_world, "yellow")
    with live_world.read(COMMANDER, "activation") as reader:
        (proposed,) = queries.find_activations(reader)
    assert (proposed.plan, proposed.state, proposed.level) == ("songjiang-flood", "proposed", "III")
    assert entries(live_world, "task.open") == []

    live_world.act(COMMANDER, "plan.activate", {"activation": proposed.id})
    relay(live_world, "red")
    with live_world.read(COMMANDER, "activation") as reader:
        active = queries.activation(reader, proposed.id)
    assert (active.state, active.level, active.wanted) == ("active", "III", "I")
    assert entries(live_world, "reaction.fail") == []


def test_a_night_on_which_nobody_moves_escalates_without_a_failure(live_world: World) -> None:
    relay(live_world, "blue")
    activation = entries(live_world, "plan.propose")[0]["data"]["activation"]
    live_world.act(COMMANDER, "plan.activate", {"activation": activation})
    live_world.advance(live_world.clock.now() + timedelta(hours=3))

    assert {e["data"]["to_area"] for e in entries(live_world, "task.escalate")} == {"310000"}  # only duty is dispatched
    assert entries(live_world, "reaction.fail") == []
