"""The alarm system's indicators: a night worked by hand through the verbs, and a flood written into the tables."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from anlan.kernel.clock import SimClock
from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.sense.indicator_routes import router
from anlan.sense.indicators import AlarmSystem, alarm_system
from anlan.sense.model import alarm_history, alarms

SONGJIANG, PUDONG = "310117001", "310115004"


class Night:
    """Sends readings and acts at seconds from the start."""

    def __init__(self, sensing: Any, clock: SimClock) -> None:
        self.sensing, self.clock = sensing, clock

    def at(self, second: float) -> None:
        self.clock.advance_to(self.sensing.start + timedelta(seconds=second))

    def reads(self, second: float, sensor: str, value: float) -> None:
        self.at(second)
        self.sensing.send((sensor, second, value))

    def acts(self, second: float, verb: str, sensor: str, **args: Any) -> None:
        self.at(second)
        with self.sensing.world.store.read() as conn:
            open_one = sa.select(alarms.c.id).where(alarms.c.subject == sensor, alarms.c.open.is_(True))
            self.sensing.act(verb, alarm=conn.scalars(open_one).one(), **args)

    def told(self, begin: float, end: float, **more: Any) -> AlarmSystem:
        self.at(max(end, (self.clock.now() - self.sensing.start).total_seconds()))
        start: datetime = self.sensing.start
        with self.sensing.reader as reader:
            return alarm_system(
                reader, since=start + timedelta(seconds=begin), until=start + timedelta(seconds=end), **more
            )


@pytest.fixture
def night(sensing: Any, clock: SimClock) -> Night:
    """Return a night of three sensors: a comes and goes, b rises and stays, p chatters in the other district."""
    made = Night(sensing, clock)
    made.reads(0, "a", 0.2)
    made.reads(30, "a", 0.0)
    made.acts(600, "alarm.acknowledge", "a")
    made.reads(1200, "b", 0.2)
    made.reads(1210, "b", 0.6)
    made.acts(1300, "alarm.acknowledge", "b")
    for second, value in ((7200, 0.2), (7210, 0.0), (7220, 0.2), (7230, 0.0), (7240, 0.2)):
        made.reads(second, "p", value)
    return made


def value(found: AlarmSystem, name: str) -> float:
    return next(one.value for one in found.indicators if one.id == name)


def test_calls_are_counted_as_by_hand(night: Night) -> None:
    found = night.told(0, 8 * 3600)

    # a once; b when it opens and when it turns red; p three times, twice before anybody saw the one before
    assert found.alarms == 6
    assert value(found, "average_hour") == pytest.approx(6 / 8)
    assert value(found, "average_10min") == pytest.approx(6 / 48)
    assert value(found, "peak_10min") == 3
    assert found.floods == ()
    assert {grade: share for grade, (share, _) in found.priorities.items()} == {
        "red": pytest.approx(100 / 6),
        "orange": 0,
        "yellow": 0,
        "blue": pytest.approx(500 / 6),
    }
    assert [(one.origin.subject, one.count) for one in found.most_frequent] == [("p", 3), ("b", 2), ("a", 1)]


def test_nuisance_is_found(night: Night) -> None:
    found = night.told(0, 8 * 3600)

    assert [(one.origin.subject, one.count) for one in found.chattering] == [("p", 3)]
    assert [(one.origin.subject, one.count) for one in found.fleeting] == [("a", 1)]
    assert [one.standing for one in found.indicators if one.id in {"chattering", "fleeting"}] == ["missed", "missed"]


def test_waiting_ends_with_the_acknowledgement(night: Night) -> None:
    found = night.told(0, 8 * 3600)

    # a waited 600 s though it had returned, b 100 s from its first call; nobody saw p
    assert (found.waited_median_s, value(found, "late")) == (350.0, 1.0)
    assert night.told(0, 7300).waited_most_s == pytest.approx(575.0)
    assert value(night.told(0, 7300), "late") == 0.0


def test_an_alarm_that_stands_for_more_than_a_day_is_stale(night: Night) -> None:
    assert night.told(0, 24 * 3600).standing == ()
    (one,) = night.told(0, 25 * 3600).standing

    assert (one.origin.subject, one.grade) == ("b", "red")
    assert one.since == night.sensing.start + timedelta(seconds=1200)
    assert [found.origin.subject for found in night.told(0, 27 * 3600).standing] == ["b", "p"]


def test_what_is_hidden_is_not_stale_and_ends_its_waiting(night: Night) -> None:
    night.acts(7300, "alarm.suppress", "p", reason="pump stands")
    found = night.told(0, 27 * 3600)

    assert [one.origin.subject for one in found.standing] == ["b"]
    assert value(found, "late") == 0.0


def test_a_span_counts_what_calls_in_it_and_a_district_what_is_its_own(night: Night) -> None:
    assert night.told(1000, 7200).alarms == 2
    assert night.told(0, 8 * 3600, area="310115").alarms == 3
    with night.sensing.world.read(night.sensing.holder("auditor", "310117"), "alarm") as reader:
        assert alarm_system(reader, until=night.sensing.start + timedelta(hours=8)).alarms == 3


def test_a_quiet_span_meets_every_target(night: Night) -> None:
    found = night.told(-7200, 0)

    assert (found.alarms, found.most_frequent, found.waited_median_s) == (0, (), None)
    assert {one.standing for one in found.indicators} == {"met"}


def row(sensing: Any, n: int, opened: datetime) -> dict[str, Any]:
    named = {"subject": f"s{n}", "subject_kind": "sensor", "rule": "ponding", "about": "hazard", "area": SONGJIANG}
    told = {"quantity": "ponding_depth", "unit": "m", "lon": 121.0, "lat": 31.0, "name_zh": "测点", "name_en": "point"}
    state = {"state": "unacknowledged", "active": True, "open": True, "grade": "blue", "worst": "blue", "value": 0.2}
    times = {"observed_at": opened, "opened_at": opened, "changed_at": opened}
    more = {"id": f"alarm-{9000 + n}", "synthetic": True, "threshold": 0.1, "incidents": []}
    return named | told | state | times | more


def flood(sensing: Any, numbers: list[int]) -> None:
    """Write alarms into the tables: so many in each ten minutes from the start."""
    rows = []
    for interval, count in enumerate(numbers):
        for n in range(count):
            at = sensing.start + timedelta(seconds=600 * interval + 10 + n)
            rows.append(row(sensing, len(rows), at))
    lines = [
        {"alarm": r["id"], "seq": 900_000 + n, "by": "rules", "event": "open", "note": "", "at": r["opened_at"]}
        | {name: r[name] for name in ("area", "state", "grade", "value")}
        for n, r in enumerate(rows)
    ]
    with sensing.world.store.write() as conn:
        conn.execute(sa.insert(alarms), rows)
        conn.execute(sa.insert(alarm_history), lines)


def test_a_flood_lasts_from_more_than_ten_to_fewer_than_five(sensing: Any, clock: SimClock) -> None:
    assert sensing.start.timestamp() % 600 == 0
    flood(sensing, [3, 14, 22, 6, 4, 0])
    found = Night(sensing, clock).told(0, 3600)

    (one,) = found.floods
    begin, end = (sensing.start + timedelta(minutes=m) for m in (10, 40))
    assert (one.begin_s, one.end_s) == (begin.timestamp(), end.timestamp())
    assert (one.count, one.peak) == (42, 22)
    assert value(found, "flood_time") == pytest.approx(50.0)
    assert value(found, "busy_10min") == pytest.approx(100 * 2 / 6)
    assert value(found, "busy_hour") == pytest.approx(100.0)


@pytest.fixture
def ask(night: Night) -> Any:
    app = FastAPI()
    app.include_router(router)
    app.state.world = night.sensing.world
    app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]
    app.dependency_overrides[actor_of] = lambda: night.sensing.holder("auditor", "310000")

    async def get(path: str) -> Response:
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://anlan") as one:
            return await one.get(f"/api/v1/sense/{path}")

    return lambda path: asyncio.run(get(path))


def test_every_figure_comes_with_its_target_and_its_source(ask: Any, night: Night) -> None:
    night.at(8 * 3600)
    told = ask("alarm-system").json()

    assert told["alarms"] == 6
    for one in told["indicators"]:
        assert one["zh"]
        assert one["en"]
        assert one["source"]
        assert one["standing"] in {"met", "bearable", "missed"}
    assert {one["id"] for one in told["indicators"]} >= {"average_10min", "flood_time", "stale", "late"}
    assert [one["grade"] for one in told["priorities"]] == ["red", "orange", "yellow", "blue"]
    assert told["most_frequent"][0]["subject"] == "p"
    assert told["waited"]["median_s"] == 350.0


def test_floods_are_told_with_from_and_to(ask: Any, night: Night) -> None:
    flood(night.sensing, [14, 0])
    night.at(3600)
    told = ask("alarm-system?area=310117").json()

    assert set(told["floods"][0]) == {"from", "to", "count", "peak"}


@pytest.mark.parametrize("span", ["since=2031-01-01T00:00:00Z", "since=2019-01-01T00:00:00Z"])
def test_a_span_that_makes_no_sense_is_refused(ask: Any, span: str) -> None:
    answer = ask(f"alarm-system?{span}")

    assert answer.status_code == 422
    assert answer.json()["code"] == "alarm_system.span"
