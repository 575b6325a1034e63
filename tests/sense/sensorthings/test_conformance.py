"""The requirements of OGC 18-088, one by one: what the standard says a service shall do, asked of this one.

The requirements are those of the standard's table of requirements classes; a row of :data:`CASES` is a request and what
must be true of its answer. What is not offered, or in part, is told on the page that lists them all.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from anlan.sense.sensorthings import conformance
from anlan.sense.sensorthings.batches import batch
from anlan.sense.sensorthings.reading import Answer
from anlan.sense.sensorthings.service import Ask, Service
from anlan.sense.sensorthings.sight import Sights
from sense.sensorthings.cases import CASES, Case
from sense.sensorthings.memory import MemoryHouse

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "sensorthings.md"
BASE = "http://anlan/sta/v1.1"


@pytest.fixture
def service(house: MemoryHouse) -> Service:
    return Service(house, Sights(), "en", BASE)


def ask(service: Service, method: str, url: str, body: Any = None, media: str = "application/json") -> Answer:
    path, _, query = url.partition("?")
    sent = body if isinstance(body, bytes) else b"" if body is None else json.encode(body)
    if path == "$batch":
        return batch(service, sent, media)
    answer = service.answer(Ask(method, path, query.replace(" ", "%20").replace("+", "%2B"), sent, media))
    assert answer.body is None or isinstance(answer.body, str) or json.encode(answer.body)
    return answer


ALL = [(requirement, case) for requirement, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(
    ("requirement", "case"), ALL, ids=[f"{name}-{case.method} {case.url}"[:150] for name, case in ALL]
)
def test_a_request_of_the_standard_is_answered_as_it_says(service: Service, requirement: str, case: Case) -> None:
    media = "application/json-patch+json" if requirement.endswith("jsonpatch") else "application/json"
    answer = ask(service, case.method, case.url, case.body, media)

    assert answer.status == case.status, answer.body
    assert case.check(answer.body), answer.body


def test_every_requirement_that_is_claimed_has_a_case() -> None:
    tested = set(CASES) | {"datamodel", "request-data", "batch-request/batch-request"}

    assert set(conformance.OFFERED) - tested == set()


def test_the_landing_page_claims_what_is_offered_and_names_the_broker_where_there_is_one(service: Service) -> None:
    told = ask(service, "GET", "").body["serverSettings"]

    assert told["conformance"] == [conformance.ROOT + name for name in conformance.OFFERED]
    assert conformance.ROOT + conformance.CREATE_BY_MQTT not in told


REQUIREMENT = re.compile(r"^\| `([a-z/-]+)` \| (met|partly|not) \|", re.MULTILINE)


def test_the_page_tells_of_every_requirement_how_it_is_met() -> None:
    told = dict(REQUIREMENT.findall(PAGE.read_text(encoding="utf-8")))
    mqtt = {conformance.CREATE_BY_MQTT: "met"}
    expected = dict.fromkeys(conformance.OFFERED, "met") | dict.fromkeys(conformance.PARTLY, "partly")

    assert told == expected | dict.fromkeys(conformance.NOT_OFFERED, "not") | mqtt
