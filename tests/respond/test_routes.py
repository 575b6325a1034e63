"""Incidents, reports and the duty log over HTTP."""

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.world import World
from anlan.respond.routes import router
from asking import RoomClient

OFFICER = Actor("officer", (Grant("duty_officer", "310117"),))
PUDONG = Actor("pudong", (Grant("duty_officer", "310115"),))


@pytest.fixture
def client(world: World) -> RoomClient:
    return RoomClient(world, router)


@pytest.fixture
def incident(world: World) -> str:
    return world.act(OFFICER, "incident.open", {"event_type": "11A02", "area": "310117", "deaths": 0}).subject


def test_an_incident_comes_with_its_gradings_and_reports_with_the_minutes_left(
    client: RoomClient, incident: str
) -> None:
    assert [i["id"] for i in client.get(OFFICER, "incidents", state="open").json()["items"]] == [incident]
    assert len(client.get(OFFICER, f"incidents/{incident}").json()["gradings"]) == 1
    (report,) = client.get(OFFICER, "reports", incident=incident).json()["items"]

    assert (report["minutes_left"], report["overdue"], report["state"]) == (30.0, False, "owed")


def test_a_report_comes_with_its_wordings(client: RoomClient, world: World, incident: str) -> None:
    report = world.act(OFFICER, "report.draft", {"incident": incident}).subject
    answer = client.get(OFFICER, f"reports/{report}").json()

    assert answer["report"]["state"] == "draft"
    assert [set(text) for text in answer["texts"]] == [{"at", "by", "zh", "en"}]


def test_the_duty_log_is_told(client: RoomClient, world: World) -> None:
    world.act(OFFICER, "duty.note", {"text": "接报下立交积水"})

    assert [note["text"] for note in client.get(OFFICER, "duty").json()["items"]] == ["接报下立交积水"]
    assert client.get(OFFICER, "duty", until="2020-01-01T00:00:00Z").json()["items"] == []


def test_another_district_sees_nothing_of_it(client: RoomClient, incident: str) -> None:
    assert client.get(PUDONG, "incidents").json()["items"] == []
    assert client.get(PUDONG, f"incidents/{incident}").status_code == 403
    assert client.get(PUDONG, "reports").json()["items"] == []
    assert client.get(PUDONG, "reports/report-99").status_code == 404
