"""What lies outside an asker's areas shows nowhere: the answers are those of a house that has nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import json

from anlan.kernel.access import NOWHERE, Scope
from anlan.sense.sensorthings.service import Ask, Service
from anlan.sense.sensorthings.sight import Sights
from sense.sensorthings.cases import CASES
from sense.sensorthings.conftest import five_sensors, morning
from sense.sensorthings.memory import MemoryHouse

SONGJIANG = Scope(("310117",))
Build = Callable[..., MemoryHouse]
READS = [case for cases in CASES.values() for case in cases if case.method == "GET"]
MORE = [
    "Observations?$orderby=result desc&$count=true",
    "Observations?$count=true&$top=1",
    "ObservedProperties?$expand=Datastreams($count=true)&$top=1000",
    "ObservedProperties?$filter=Datastreams/Thing/id eq 'pump-1'",
    "Things?$filter=Datastreams/any()",
    "Things('pump-1')",
    "Datastreams('pump')/Observations",
    "Locations('pump-1')/Things",
    "FeaturesOfInterest?$expand=Observations($top=1)&$count=true",
    "Datastreams?$filter=Thing/Datastreams/Observations/result ge 0&$count=true",
]


def answers(house: MemoryHouse, url: str) -> tuple[int, Any]:
    path, _, query = url.partition("?")
    answer = Service(house, Sights(), "en", "http://anlan/sta/v1.1").answer(Ask("GET", path, query.replace(" ", "%20")))
    return answer.status, json.decode(json.encode(answer.body))


def within(build: Build, kept: Callable[[int], bool]) -> MemoryHouse:
    """Return a house that never had the other sensors."""
    numbers = [number for number in range(5) if kept(number)]
    rows = [(numbers.index(n), *rest) for n, *rest in morning() if n in numbers]
    return build([five_sensors()[number] for number in numbers], rows)


@pytest.mark.parametrize("url", [*(case.url for case in READS), *MORE])
def test_sensors_of_other_areas_are_as_if_they_were_not(build: Build, url: str) -> None:
    scoped = build(five_sensors(), morning())
    scoped.sensor_scope = scoped.observation_scope = SONGJIANG

    assert answers(scoped, url) == answers(within(build, lambda number: number < 3), url)


@pytest.mark.parametrize("url", [*(case.url for case in READS if "any(d:" not in case.url), *MORE])
def test_observations_of_other_areas_are_as_if_they_were_not(build: Build, url: str) -> None:
    scoped = build(five_sensors(), morning())
    scoped.observation_scope = SONGJIANG
    alone = build(five_sensors(), [row for row in morning() if row[0] < 3])

    assert answers(scoped, url) == answers(alone, url)


@pytest.mark.parametrize("url", [*(case.url for case in READS), *MORE])
def test_who_may_read_no_observations_is_refused_or_reads_none(build: Build, url: str) -> None:
    scoped = build(five_sensors(), morning())
    scoped.observation_scope = NOWHERE
    status, body = answers(scoped, url)

    assert status >= 400 or '"result"' not in json.encode(body).decode()
    if "Observations" in url and status == 200:
        assert not any(
            mark in url for mark in ("Observations?", "Observations(", "/Observations", "expand=Observations")
        )


@pytest.mark.parametrize(
    ("method", "url", "body", "status"),
    [
        ("POST", "Datastreams('pump')/Observations", {"result": 1}, 404),
        ("POST", "Observations", {"result": 1, "Datastream": {"@iot.id": "pump"}}, 404),
        ("PATCH", "Datastreams('pump')", {"name": "x"}, 404),
        ("DELETE", "Datastreams('pump')", None, 404),
        ("POST", "Things('pump-1')/Datastreams", {"name": "x"}, 404),
    ],
)
def test_what_is_out_of_sight_cannot_be_acted_on(build: Build, method: str, url: str, body: Any, status: int) -> None:
    scoped = build(five_sensors(), morning())
    scoped.sensor_scope = scoped.observation_scope = scoped.reach = SONGJIANG
    service = Service(scoped, Sights(), "en", "http://anlan/sta/v1.1")
    before = (len(scoped.observed), [dict(row) for row in scoped.sensors])

    assert service.answer(Ask(method, url, body=json.encode(body))).status == status
    assert (len(scoped.observed), scoped.sensors) == before
