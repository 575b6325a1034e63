"""Rules that people make: checked like the catalog's, in force after a second person, tried on the history before."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.sense.rules import rules_in_force
from anlan.sense.trial import try_rule

BODY = {
    "zh": "下立交积水",
    "en": "ponding in underpasses",
    "source": "the district's own criterion",
    "confidence": "P",
    "from": None,
    "asset_types": ["underpass"],
    "quantity": "ponding_depth",
    "op": ">=",
    "unit": "m",
    "grades": {"yellow": {"value": 0.3}},
    "clear": 0.2,
    "hold_s": 0.0,
    "clear_hold_s": 0.0,
    "max_gap_s": 3600.0,
}


def propose(sensing: Any, body: dict[str, Any] = BODY, name: str = "ponding", role: str = "analyst") -> int:
    args = {"id": name, "area": "310117", "rule": body, "reason": "asked for by the town"}
    done = sensing.world.act(sensing.holder(role), "rule.propose", args)
    return int(done.data["version"])


def in_force(sensing: Any) -> dict[str, Any]:
    with sensing.world.store.read() as conn:
        return rules_in_force(conn, sensing.world.catalog)


def test_a_rule_is_in_force_when_another_person_has_switched_it_on(sensing: Any) -> None:
    version = propose(sensing)
    sensing.send(("a", 0, 0.35))
    assert sensing.opened_after(0), "the old rule calls at 0.1"
    sensing.act("rule.switch_on", id="ponding", version=version, reason="tried on last month")

    assert list(in_force(sensing)["ponding"].grades) == ["yellow"]
    assert sensing.send(("b", 0, 0.2)).opened == []
    assert sensing.send(("b", 60, 0.35)).opened != []


def test_who_proposes_cannot_switch_on(sensing: Any) -> None:
    version = propose(sensing, role="shift_leader")
    with pytest.raises(Conflict) as refused:
        sensing.act("rule.switch_on", id="ponding", version=version, reason="x")
    assert refused.value.code == "rule.own_proposal"


def test_switching_off_brings_the_catalogs_rule_back(sensing: Any) -> None:
    version = propose(sensing)
    sensing.act("rule.switch_on", id="ponding", version=version, reason="x")
    sensing.act("rule.switch_off", id="ponding", version=version, reason="too many calls")

    assert set(in_force(sensing)["ponding"].grades) == {"blue", "red"}
    with pytest.raises(Conflict):
        sensing.act("rule.switch_off", id="ponding", version=version, reason="x")


def test_a_newer_version_takes_the_place_of_the_one_before(sensing: Any) -> None:
    first = propose(sensing)
    sensing.act("rule.switch_on", id="ponding", version=first, reason="x")
    second = propose(sensing, BODY | {"grades": {"orange": {"value": 0.4}}})
    sensing.act("rule.switch_on", id="ponding", version=second, reason="x")

    assert (first, second) == (1, 2)
    assert list(in_force(sensing)["ponding"].grades) == ["orange"]


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": "ponding_dept"},
        {"grades": {}},
        {"grades": {"blue": {"value": 0.5}, "red": {"value": 0.1}}},
        {"unit": "mm"},
        {"hold_s": -1.0},
        {"no_such_key": 1},
        {"kind": "rate"},
    ],
)
def test_a_faulty_rule_is_refused_with_its_place(sensing: Any, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        propose(sensing, BODY | change)

    assert refused.value.places
    assert refused.value.places[0].at.startswith("args.rule")


def test_a_district_proposes_for_itself_only(sensing: Any) -> None:
    analyst = sensing.holder("analyst", "310115")
    with pytest.raises(Forbidden):
        sensing.world.act(analyst, "rule.propose", {"id": "x1", "area": "310117", "rule": BODY, "reason": "x"})


def test_what_a_district_proposes_the_city_switches_on(sensing: Any) -> None:
    version = propose(sensing)
    leader = sensing.holder("shift_leader", "310117")
    with pytest.raises(Forbidden):
        sensing.world.act(leader, "rule.switch_on", {"id": "ponding", "version": version, "reason": "x"})


def test_a_rule_tried_on_history_tells_the_alarms_it_would_have_opened(sensing: Any, clock: Any) -> None:
    clock.advance_to(sensing.start + timedelta(hours=3))
    values = [0.0, 0.35, 0.1, 0.4, 0.25, 0.1]
    sensing.send(*[("a", 600.0 * i, value) for i, value in enumerate(values)], ("p", 0, 0.9))
    with sensing.world.read(sensing.holder("auditor", "310117"), "observation") as reader:
        trial = try_rule(reader, BODY, sensing.start - timedelta(hours=1), sensing.start + timedelta(hours=3))

    found = [((a.since - sensing.start).total_seconds(), a.until, a.worst) for a in trial.alarms]
    assert [(s, u is not None, w) for s, u, w in found] == [(600.0, True, "yellow"), (1800.0, True, "yellow")]
    assert (trial.sensors, trial.samples, trial.truncated) == (2, 6, False)


def test_a_try_changes_nothing_and_its_span_is_bounded(sensing: Any) -> None:
    sensing.send(("a", 0, 0.0))
    before = sensing.world.head()
    with sensing.reader as reader:
        try_rule(reader, BODY, sensing.start, sensing.start + timedelta(hours=1))
        for since, until in ((1, 0), (0, 24 * 400)):
            span = (sensing.start + timedelta(hours=since), sensing.start + timedelta(hours=until))
            with pytest.raises(Invalid):
                try_rule(reader, BODY, *span)

    assert sensing.world.head() == before
