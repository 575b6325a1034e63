"""Batches: the standard's own examples (18-088 clause 11), and that a change set is all or nothing."""

from email.parser import BytesParser
from typing import Any

import pytest
from msgspec import json

from anlan.kernel.access import Scope
from anlan.kernel.errors import AnlanError
from anlan.sense.sensorthings.batches import batch
from anlan.sense.sensorthings.collecting import extended
from anlan.sense.sensorthings.reading import Answer
from anlan.sense.sensorthings.service import Service
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.sensorthings.vectors import instant
from sense.sensorthings.memory import MemoryHouse, sensor
from sense.sensorthings.test_creating import DATASTREAM, THING

BASE = "http://anlan/sta/v1.1"


@pytest.fixture
def service(house: MemoryHouse) -> Service:
    return Service(house, Sights(), "en", BASE)


def parts_of(answer: Answer) -> list[Any]:
    """Return the parts of an answer: (status, Content-ID, Location, body), or a list of those of a change set."""
    message = BytesParser().parsebytes(f"Content-Type: {answer.media}\r\n\r\n{answer.body}".encode())

    def read(part: Any) -> Any:
        if part.is_multipart():
            return [read(inner) for inner in part.get_payload()]
        assert part.get_content_type() == "application/http"
        head, _, body = part.get_payload(decode=True).decode().replace("\r\n", "\n").partition("\n\n")
        first, *rest = head.split("\n")
        headers = dict(line.split(": ", 1) for line in rest)
        told = json.decode(body) if body.strip() else None
        return int(first.split()[1]), part.get("Content-ID"), headers.get("Location"), told

    return [read(part) for part in message.get_payload()]


STANDARD = """--batch_36522ad7
Content-Type: application/http

GET /v1.1/Things('under-1')?$select=name HTTP/1.1
Host: localhost


--batch_36522ad7
Content-Type: multipart/mixed;boundary=changeset_77162fcd

--changeset_77162fcd
Content-Type: application/http
Content-ID: 1

POST /v1.1/Things HTTP/1.1
Host: localhost
Content-Type: application/json
Content-Length: ###

{thing}
--changeset_77162fcd
Content-Type: application/http
Content-ID: 2

PATCH /v1.1/Datastreams('gauge') HTTP/1.1
Host: localhost
Content-Type: application/json

{{"name":"Patched"}}
--changeset_77162fcd--
--batch_36522ad7
Content-Type: application/http

GET Things('nowhere') HTTP/1.1
Host: localhost


--batch_36522ad7--
"""
MEDIA = "multipart/mixed;boundary=batch_36522ad7"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_example_of_the_standard_in_parts(service: Service, house: MemoryHouse, ending: str) -> None:
    body = STANDARD.format(thing=json.encode(THING).decode()).replace("\n", ending).encode()
    answer = batch(service, body, MEDIA)

    assert answer.media.startswith("multipart/mixed; boundary=")
    read, changes, lost = parts_of(answer)
    assert read == (200, None, None, {"name": "under-1"})
    assert changes == [(201, "1", f"{BASE}/Things('the-mill')", None), (200, "2", None, None)]
    assert (lost[0], lost[3]["code"]) == (404, "sensorthings.entity")
    assert (house.sensors[-1]["asset"], house.sensors[2]["name_en"]) == ("the-mill", "Patched")


def test_a_change_set_that_fails_changes_nothing_and_has_one_answer(service: Service, house: MemoryHouse) -> None:
    before = [dict(row) for row in house.sensors]
    body = STANDARD.format(thing=json.encode(THING).decode()).replace('{"name":"Patched"}', '{"description":"x"}')
    read, failed, lost = parts_of(batch(service, body.encode(), MEDIA))

    assert (read[0], failed[0], failed[1], failed[3]["code"], lost[0]) == (
        200,
        400,
        "2",
        "sensorthings.unchangeable",
        404,
    )
    assert house.sensors == before


def of(*requests: Any) -> bytes:
    return json.encode({"requests": requests})


def one(id_: str, method: str, url: str, body: Any = None, group: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"id": id_, "method": method, "url": url, **more}
    return told | ({} if body is None else {"body": body}) | ({} if group is None else {"atomicityGroup": group})


def statuses(answer: Answer) -> dict[str, int]:
    return {response["id"]: response["status"] for response in answer.body["responses"]}


def test_requests_as_json_are_done_in_their_order(service: Service, house: MemoryHouse) -> None:
    answer = batch(
        service,
        of(
            one("0", "get", "Things('under-1')?$select=name"),
            one(
                "1",
                "post",
                "Datastreams('gauge')/Observations",
                {"result": 1, "phenomenonTime": "2024-09-15T11:00:00Z"},
            ),
            one(
                "2",
                "get",
                f"{BASE}/Datastreams('gauge')/Observations?$orderby=phenomenonTime desc&$top=1&$select=result",
            ),
            one("3", "get", "/sta/v1.1/Things('nowhere')"),
            one(
                "4",
                "patch",
                "Datastreams('gauge')",
                [{"op": "replace", "path": "/name", "value": "n"}],
                headers={"Content-Type": "application/json-patch+json"},
            ),
        ),
        "application/json",
    )

    assert statuses(answer) == {"0": 200, "1": 201, "2": 200, "3": 404, "4": 200}
    told = answer.body["responses"]
    assert told[0]["body"] == {"name": "under-1"}
    assert told[1]["location"] == f"{BASE}/Observations('gauge@{instant('2024-09-15T11:00:00Z')}')"
    assert told[2]["body"]["value"] == [{"result": 1.0}]
    assert house.sensors[2]["name_en"] == "n"


def test_what_a_request_creates_can_be_named_behind_it(service: Service, house: MemoryHouse) -> None:
    """As in the standard's example of a change set that refers to new entities, in the body and in the address."""
    answer = batch(
        service,
        of(
            one("thing", "POST", "Things", THING, "g"),
            one("more", "POST", "Things($thing)/Datastreams", {**DATASTREAM, "name": "second"}, "g"),
            one("seen", "POST", "$more/Observations", {"result": 3, "phenomenonTime": "2024-09-15T11:00:00Z"}, "g"),
            one(
                "linked",
                "POST",
                "Observations",
                {"result": 4, "phenomenonTime": "2024-09-15T11:10:00Z", "Datastream": {"@iot.id": "$more"}},
                "g",
            ),
            one("read", "GET", "$thing/Datastreams?$count=true&$top=0"),
        ),
        "application/json",
    )

    assert statuses(answer) == {"thing": 201, "more": 201, "seen": 201, "linked": 201, "read": 200}
    assert [row["asset"] for row in house.sensors[5:]] == ["the-mill", "the-mill"]
    assert [row[0] for row in house.observed[-2:]] == [6, 6]
    assert answer.body["responses"][-1]["body"]["@iot.count"] == 2


FAILING = [
    one("b", "POST", "Datastreams('gauge')/Observations", {"result": "x"}, "g"),
    one("b", "PATCH", "Datastreams('gauge')", {"description": "x"}, "g"),
    one("b", "POST", "Datastreams('gauge')/Observations", {"result": 1, "phenomenonTime": "2031-01-01T00:00:00Z"}, "g"),
    one("b", "POST", "Datastreams('pump')/Observations", {"result": 1}, "g"),
    one("b", "DELETE", "Datastreams('gauge')", None, "g"),
    one("b", "GET", "Things('nowhere')", None, "g"),
]


@pytest.mark.parametrize("failing", FAILING, ids=lambda request: f"{request['method']} {request.get('body')}")
def test_a_group_is_done_whole_or_not_at_all(service: Service, house: MemoryHouse, failing: Any) -> None:
    house.reach = Scope(("310117",))
    before = ([dict(row) for row in house.sensors], list(house.observed))
    answer = batch(
        service,
        of(
            one("a", "POST", "Things", THING, "g"),
            one("o", "POST", "Datastreams('gauge')/Observations", {"result": 1}, "g"),
            failing,
            one("c", "PATCH", "Datastreams('gauge')", {"name": "x"}, "g"),
            one("d", "GET", "Things('under-1')"),
        ),
        "application/json",
    )

    told = statuses(answer)
    assert told["d"] == 200
    assert [told[id_] for id_ in "aoc"].count(424) >= 2
    assert max(told[id_] for id_ in "abco") >= 400
    assert (house.sensors, house.observed) == before


@pytest.mark.parametrize(
    ("body", "media", "code"),
    [
        (b"[]", "application/json", "sensorthings.object"),
        (of({"id": "1", "method": "GET"}), "application/json", "sensorthings.text"),
        (of(*[one(str(n), "GET", "Things") for n in range(501)]), "application/json", "sensorthings.too_many"),
        (b"--x\r\n", "multipart/mixed; boundary=y", "sensorthings.multipart"),
        (
            b"--y\r\nContent-Type: text/plain\r\n\r\nhello\r\n--y--",
            "multipart/mixed; boundary=y",
            "sensorthings.multipart",
        ),
        (
            b"--y\r\nContent-Type: application/http\r\n\r\nGET\r\n--y--",
            "multipart/mixed; boundary=y",
            "sensorthings.multipart",
        ),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused(service: Service, body: bytes, media: str, code: str) -> None:
    with pytest.raises(AnlanError) as refused:
        batch(service, body, media)

    assert refused.value.code == code


def test_a_registry_extended_is_that_of_a_house_with_the_same_sensors(house: MemoryHouse) -> None:
    items = [
        sensor("new", "mill", "pump_flow", "310107001", 121.4, 31.2, "mill", kind="radar", cadence_s=5.0),
        {**house.sensors[1], "lon": 121.9, "asset": "other", "cadence_s": None},
    ]
    made = extended(house.registry, items)
    house.register(items)

    assert (made.ids, made.asset) == (house.registry.ids, house.registry.asset)
    for name in ("lon", "lat", "low", "high", "cadence_s", "retired", "synthetic"):
        assert getattr(made, name).tolist() == pytest.approx(getattr(house.registry, name).tolist(), nan_ok=True)
    for name in ("area", "asset_type", "quantity", "kind"):
        assert getattr(made, name).values == getattr(house.registry, name).values
