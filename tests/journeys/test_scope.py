"""A user of Songjiang can neither see nor touch Pudong: every verb and every route is tried, after a real night."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from anlan.api.app import create_app
from anlan.kernel import arguments
from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import AnlanError
from anlan.kernel.journal import entry_of
from anlan.kernel.tables import journal
from anlan.kernel.world import World

HOME, ABROAD = "310117", "310115"
CODE = re.compile(r"31\d{4}(?:\d{3}(?:\d{3})?)?")
POWERFUL = (
    "administrator",
    "auditor",
    "duty_officer",
    "shift_leader",
    "commander",
    "supply_officer",
    "street_officer",
    "community_officer",
    "analyst",
    "planner",
    "inspector",
    "instrument",
    "automaton",
)
PUBLIC = {
    "/api/v1/openapi.json",
    "/api/v1/city",
    "/api/v1/city/layers/{name}.geojson",
    "/api/v1/catalog",
    "/api/v1/catalog/{subject}",
    "/api/v1/clock",
    # what is issued to the public is public everywhere
    "/api/v1/warn/effective",
    "/api/v1/warn/feed.atom",
    "/api/v1/warn/feed/{area}.atom",
    "/api/v1/warn/warnings/{id}/cap.xml",
}
STREAMS = {"/api/v1/journal/stream"}


@pytest.fixture
def songjiang() -> Actor:
    """Somebody who holds every role there is, over Songjiang only."""
    return Actor("mighty", tuple(Grant(role, HOME) for role in POWERFUL))


def rows(world: World, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    with world.store.read() as conn:
        found = conn.execute(sa.select(journal).where(*where).order_by(journal.c.seq)).mappings().all()
    return [entry_of(row) for row in found]


def abroad(world: World) -> dict[str, list[dict[str, Any]]]:
    """Return what was done in Pudong that night, some entries of each verb."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in rows(world, journal.c.area.startswith(ABROAD)):
        found.setdefault(entry["verb"], []).append(entry)
    return {verb: [*entries[:2], entries[-1]] for verb, entries in found.items()}


def subject_of(world: World, verb: str) -> str:
    """Return something in Pudong that a verb made."""
    return str(rows(world, journal.c.verb == verb, journal.c.area.startswith(ABROAD))[-1]["subject"])


def made_up(world: World) -> dict[str, dict[str, Any]]:
    """Return arguments that touch Pudong, for verbs of which the night had no example there."""
    moment = world.clock.now().isoformat()
    alarm, task = subject_of(world, "alarm.open"), subject_of(world, "task.open")
    warning, report = subject_of(world, "warning.draft"), subject_of(world, "report.draft")
    shelter, need = subject_of(world, "shelter.open"), subject_of(world, "need.estimate")
    allocation, incident = subject_of(world, "allocation.propose"), subject_of(world, "incident.open")
    activation = str(rows(world, journal.c.verb == "plan.activate")[0]["subject"])
    warehouse = str(next(a.id for a in world.city.assets if a.type == "warehouse" and a.area.startswith(ABROAD)))
    sensor = str(
        next(s for s, a in zip(world.city.sensors.id, world.city.sensors.area, strict=True) if a.startswith(ABROAD))
    )
    words = {"headline": "x", "description": "x", "instruction": "x"}
    reason = {"reason": "x"}
    user = {"user": f"duty_officer.{ABROAD}"}
    stock = {"item": "blanket", "quantity": 1}
    gauge = {"id": "x:y", "asset": "x", "quantity": "ponding_depth", "unit": "m", "area": ABROAD}
    later = (world.clock.now() + timedelta(hours=1)).isoformat()
    found = ["sensor", sensor, "ponding", moment, "red", 1.0]
    town = {"area": f"{ABROAD}004", "people": {"low": 1, "best": 2, "high": 3}}
    gauge |= {"lon": 121.5, "lat": 31.2, "name_zh": "x", "name_en": "x"}
    return {
        "user.create": {"user": "new.user", "name": "x", "area": ABROAD},
        "user.grant": user | {"role": "commander", "area": ABROAD},
        "user.revoke": user | {"role": "duty_officer", "area": ABROAD},
        "user.disable": user,
        "user.password": user | {"password": "a long enough password"},
        "token.issue": user | {"label": "x"},
        "personal.destroy": {"subject": task, "area": ABROAD},
        "reaction.fail": {"entry": 1, "reaction": "x", "area": ABROAD},
        "reaction.halt": {"entry": 1, "reaction": "x", "area": ABROAD},
        "sensor.register": {"items": [gauge]},
        "alarm.acknowledge": {"alarm": alarm},
        "sensor.retire": {"sensors": [sensor]} | reason,
        "sensor.maintain": {"sensor": sensor, "begins": moment, "ends": later} | reason,
        "source.register": {"id": "x", "user": "x", "area": ABROAD},
        "rule.propose": {"id": "ponding", "area": ABROAD, "rule": RULE} | reason,
        "rule.switch_on": {"id": "ponding_of_pudong", "version": 1} | reason,
        "rule.switch_off": {"id": "ponding_of_pudong", "version": 1} | reason,
        "sense.follow": {"position": 10**9, "taken": 1, "findings": [found]},
        "sense.release": {"findings": [found]},
        "sense.anchor": {"segment": "x", "first": 1, "last": 1, "sha256": "0" * 64},
        "alarm.comment": {"alarm": alarm, "note": "x"},
        "alarm.assign": {"alarm": alarm, "to": "x"},
        "alarm.relate": {"alarm": alarm, "incident": incident},
        "alarm.escalate": {"alarm": alarm},
        "alarm.open": {"subject": sensor, "rule": "ponding", "grade": "red", "value": 1, "observed_at": moment},
        "alarm.raise": {"alarm": alarm, "grade": "red", "value": 1, "observed_at": moment},
        "alarm.ease": {"alarm": alarm, "grade": "blue", "value": 1, "observed_at": moment},
        "alarm.clear": {"alarm": alarm} | reason,
        "alarm.shelve": {"alarm": alarm, "until": moment} | reason,
        "alarm.unshelve": {"alarm": alarm},
        "alarm.suppress": {"alarm": alarm} | reason,
        "alarm.unsuppress": {"alarm": alarm},
        "alarm.remove": {"alarm": alarm} | reason,
        "alarm.restore": {"alarm": alarm},
        "forecast.run": {"area": ABROAD},
        "outlook.record": {"issued": moment, "source": "x", "synthetic": True, "step_s": 3600,
                           "rain": [{"area": ABROAD, "hours": [1.0]}], "tide": []},
        "warning.draft": {"event_type": "11A51", "grade": "red", "areas": [ABROAD], "zh": words},
        "warning.edit": {"warning": warning, "zh": words},
        "warning.update": {"warning": warning},
        "warning.submit": {"warning": warning},
        "warning.return": {"warning": warning} | reason,
        "warning.approve": {"warning": warning},
        "warning.issue": {"warning": warning},
        "warning.cancel": {"warning": warning} | reason,
        "warning.expire": {"warning": warning},
        "warning.relay": {"identifier": "x", "issuer_zh": "x", "issuer_en": "x", "event_type": "11B01", "grade": "red",
                          "areas": [ABROAD], "zh": words, "sent": moment},
        "plan.propose": {"plan": "shanghai-flood", "area": ABROAD, "level": "I"},
        "plan.activate": {"plan": "shanghai-flood", "area": ABROAD, "level": "I"},
        "plan.level": {"activation": activation, "level": "I"} | reason,
        "plan.decline": {"activation": activation} | reason,
        "plan.end": {"activation": activation} | reason,
        "task.open": {"title_zh": "x", "title_en": "x", "area": ABROAD, "role": "duty_officer"},
        "task.accept": {"task": task},
        "task.progress": {"task": task, "note": "x"},
        "task.submit": {"task": task, "evidence": "x"},
        "task.verify": {"task": task},
        "task.return": {"task": task} | reason,
        "task.cancel": {"task": task} | reason,
        "task.escalate": {"task": task},
        "task.dispatch": {"task": task},
        "task.depend": {"task": task, "depends": [task]},
        "incident.open": {"event_type": "11A51", "area": ABROAD, "title_zh": "x", "title_en": "x", "received": moment},
        "incident.grade": {"incident": incident, "level": "major"},
        "incident.close": {"incident": incident} | reason,
        "report.draft": {"incident": incident, "kind": "first"},
        "report.send": {"report": report},
        "report.remind": {"report": report},
        "duty.note": {"text": "x", "area": ABROAD},
        "stock.open": {"rows": [stock | {"site": warehouse}]},
        "stock.receive": stock | {"warehouse": warehouse},
        "stock.consume": stock | {"site": warehouse},
        "stock.move": stock | {"from_site": warehouse, "to_site": shelter} | reason,
        "shelter.open": {"shelter": shelter},
        "shelter.admit": {"shelter": shelter, "people": 1},
        "shelter.close": {"shelter": shelter},
        "need.estimate": {"area": ABROAD, "towns": [town]},
        "allocation.propose": {"need": need},
        "allocation.confirm": {"allocation": allocation},
        "review.compile": {"since": "2024-09-15T08:00:00Z", "until": moment, "area": ABROAD},
    }  # fmt: skip


RULE = {
    "zh": "x", "en": "x", "source": "x", "confidence": "P", "from": None, "quantity": "ponding_depth", "op": ">=",
    "asset_types": ["underpass"], "unit": "m", "grades": {"red": {"value": 1.0}}, "hold_s": 0.0, "clear": 0.5,
    "clear_hold_s": 0.0, "max_gap_s": 3600.0,
}  # fmt: skip

EVERYWHERE = {
    "session.open", "session.close",  # one's own
    "token.revoke",  # no token exists in the night; its reach is tested in tests/kernel/test_accounts.py
    "journal.cosign", "cyclone.advise",  # belong to the whole city: refused to every district (below)
    "sense.ingest",  # refuses row by row (below)
}  # fmt: skip


def test_no_verb_touches_pudong(night: World, songjiang: Actor) -> None:
    samples = made_up(night)
    assert set(samples) | EVERYWHERE == set(night.gate.actions), "every verb is tried"
    for verb, args in samples.items():  # refused for its area, not for its form
        arguments.parse(night.gate.find(verb), args, night.city)
    tried = [(verb, args) for verb, args in samples.items()]
    tried += [(verb, entry["args"]) for verb, entries in abroad(night).items() for entry in entries]
    before = night.head()
    for verb, args in tried:
        with pytest.raises(AnlanError) as refused:  # noqa: PT012  # says which verb was done
            night.act(songjiang, verb, args)
            pytest.fail(f"{verb} {args} was done")
        assert refused.value.status in {403, 404, 409, 422}, verb
        assert "浦东" not in refused.value.message("zh"), verb

    assert night.head() == before


def test_a_district_cannot_speak_for_the_city(night: World, songjiang: Actor) -> None:
    points = [
        {"at": "2024-09-15T08:00:00Z", "lon": 121, "lat": 31, "pressure_hpa": 960, "wind_m_s": 40, "kind": "observed"}
    ]
    advice = {
        "storm": "x",
        "name_zh": "x",
        "name_en": "x",
        "issued": "2024-09-16T05:00:00Z",
        "points": points * 1,
        "source": "x",
    }
    for verb, args in (
        ("cyclone.advise", advice),
        ("user.grant", {"user": "a.b", "role": "commander", "area": "310000"}),
    ):
        with pytest.raises(AnlanError):
            night.act(songjiang, verb, args)


def test_readings_of_pudongs_sensors_are_refused_row_by_row(night: World, songjiang: Actor) -> None:
    own = night.city.sensors
    abroad_row = next(i for i, area in enumerate(own.area) if area.startswith(ABROAD))
    home_row = next(i for i, area in enumerate(own.area) if area.startswith(HOME))
    moment = night.clock.now().isoformat()
    readings = [[str(own.id[abroad_row]), moment, 0.0], [str(own.id[home_row]), moment, 0.0]]
    done = night.act(songjiang, "sense.ingest", {"source": "x", "rows": readings})

    assert done.data["accepted"] == 1
    assert [r["sensor"] for r in done.data["refused"]] == [str(own.id[abroad_row])]


@pytest.fixture
def client(night: World) -> Iterator[TestClient]:
    """A browser signed in as Songjiang's most powerful user."""
    boss = Actor("boss", (Grant("administrator", "310000"),))
    night.act(boss, "user.create", {"user": "mighty", "name": "x", "area": HOME})
    for role in POWERFUL:
        night.act(boss, "user.grant", {"user": "mighty", "role": role, "area": HOME})
    token = night.act(boss, "token.issue", {"user": "mighty", "label": "x"}).secret["token"]
    with TestClient(create_app(night, pump=False), headers={"Authorization": f"Bearer {token}"}) as made:
        yield made


def ids(world: World, path: str) -> list[str]:
    """Return things of Pudong to put into a route's parameter."""
    names = {"alarms": "alarm.open", "warnings": "warning.draft", "tasks": "task.open", "incidents": "incident.open",
             "reports": "report.draft", "needs": "need.estimate", "allocations": "allocation.propose",
             "forecasts": "forecast.run", "compilations": "review.compile"}  # fmt: skip
    room = next((part for part in names if f"/{part}/" in path), None)
    if room:
        found = rows(world, journal.c.verb == names[room], journal.c.area.startswith(ABROAD))
        return [str(found[-1]["subject"])] if found else ["nothing-1"]
    if "/assets/" in path:
        return [next(a.id for a in world.city.assets if a.area.startswith(ABROAD))]
    if "{seq}" in path:
        return [str(rows(world, journal.c.area.startswith(ABROAD))[0]["seq"])]
    return [f"{ABROAD}001", ABROAD]


def strangers(text: str) -> set[str]:
    """Return the codes of Pudong that stand in an answer."""
    return {code for code in CODE.findall(text) if code.startswith(ABROAD)}


ASKED = {
    "/api/v1/sense/series": [{"sensor": "{sensor}"}],
    "/api/v1/review/summary": [{"since": "2024-09-15T08:00:00Z"}, {"area": ABROAD}],
    "/api/v1/assess/forecasts/{forecast_id}/at": [{"lon": "121.54", "lat": "31.22"}],
}
PARTS = {"layer": "depth", "z": "10", "x": "857", "y": "418"}
"""What else stands in addresses: a tile of the map, over Pudong."""


def test_no_route_shows_pudong(client: TestClient, night: World) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    tried = 0
    own = night.city.sensors
    sensor = str(next(s for s, area in zip(own.id, own.area, strict=True) if area.startswith(ABROAD)))
    for path, operations in paths.items():
        if "get" not in operations or path in PUBLIC | STREAMS:
            continue
        parameters = [p["name"] for p in operations["get"].get("parameters", []) if p["in"] == "query"]
        questions: list[dict[str, str]] = [{}, *ASKED.get(path, [])]
        questions += [{"area": ABROAD}] if "area" in parameters else []
        for question in questions:
            filled = {key: value.format(sensor=sensor) for key, value in question.items()}
            for value in ids(night, path) if "{" in path else [""]:
                url = re.sub(r"\{([a-z_]+)\}", lambda part, value=value: PARTS.get(part[1], value), path)
                answer = client.get(url, params=filled)
                tried += 1
                if answer.status_code >= 400:
                    continue
                if "{" in path and answer.headers["content-type"].startswith("image/"):
                    pytest.fail(f"{url} shows a picture of Pudong")
                told = answer.text.replace(url, "")
                if path.startswith("/api/v1/warn/warnings") or path == "/api/v1/warn/warnings":
                    told = only_unissued(answer.json())
                assert strangers(told) == set(), f"{url} {filled}"

    assert tried > 40


def only_unissued(answer: dict[str, Any]) -> str:
    """Issued warnings of the whole city are public; what is not issued must not speak of Pudong."""
    items = answer.get("items", [answer])
    return json.dumps([item for item in items if item["state"] in {"draft", "in_review", "approved"}])


def test_the_songjiang_user_sees_songjiang(client: TestClient) -> None:
    """The sweep above would pass if nothing were ever shown."""
    for url in (
        "/api/v1/journal",
        "/api/v1/sense/alarms",
        "/api/v1/task/tasks",
        "/api/v1/city/areas",
        "/api/v1/city/assets",
    ):
        assert HOME in client.get(url).text, url


def test_who_holds_no_role_sees_nothing_but_what_is_public(night: World) -> None:
    nobody = replace(night.anonymous(), id="nobody")
    for noun in ("journal", "alarm", "task", "warning", "stock", "user", "observation", "forecast"):
        assert not nobody.sight(night.catalog.roles, noun), noun
