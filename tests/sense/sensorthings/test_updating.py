"""PATCH, PUT, JSON Patch and DELETE of what is registered."""

from typing import Any

import pytest
from msgspec import json

from anlan.sense.sensorthings.reading import Answer
from anlan.sense.sensorthings.service import Ask, Service
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.sensorthings.updating import patched
from sense.sensorthings.memory import MemoryHouse


@pytest.fixture
def service(house: MemoryHouse) -> Service:
    return Service(house, Sights(), "en", "http://anlan/sta/v1.1")


def send(service: Service, method: str, path: str, told: Any, media: str = "application/json") -> Answer:
    return service.answer(Ask(method, path, body=json.encode(told), media=media))


PLACE = {"type": "Point", "coordinates": [121.23, 31.03]}


@pytest.mark.parametrize(
    ("path", "told", "sensors", "facts"),
    [
        ("Datastreams('gauge')", {"name": "new"}, [2], {"name_en": "new", "name_zh": "测点gauge"}),
        (
            "Datastreams('gauge')",
            {"properties": {"name_zh": "新", "cadence_s": 5.0}},
            [2],
            {"name_zh": "新", "cadence_s": 5.0},
        ),
        ("Datastreams('gauge')", {"observedArea": PLACE}, [2], {"lon": 121.23, "lat": 31.03}),
        (
            "Datastreams('gauge')",
            {"Thing": {"@iot.id": "pump-1"}},
            [2],
            {"asset": "pump-1", "asset_type": "pump_station"},
        ),
        ("Sensors('gauge')", {"metadata": {"owner": "a mill", "high": 8.0}}, [2], {"owner": "a mill", "high": 8.0}),
        ("Things('under-1')", {"properties": {"asset_type": "culvert"}}, [0, 1], {"asset_type": "culvert"}),
        ("Locations('under-1')", {"location": PLACE}, [0, 1], {"lon": 121.23, "lat": 31.03}),
        ("FeaturesOfInterest('under-1')", {"feature": PLACE}, [0, 1], {"lon": 121.23, "lat": 31.03}),
        (
            "Datastreams('gauge')",
            {"phenomenonTime": "2024-01-01T00:00:00Z/2024-01-02T00:00:00Z", "@iot.id": "other"},
            [],
            {},
        ),
    ],
)
def test_a_patch_changes_what_it_names_and_nothing_else(
    service: Service, house: MemoryHouse, path: str, told: Any, sensors: list[int], facts: dict[str, Any]
) -> None:
    before = [dict(row) for row in house.sensors]
    answer = send(service, "PATCH", path, told)

    assert answer.status == 200, answer.body
    for number, (old, new) in enumerate(zip(before, house.sensors, strict=True)):
        expected = facts if number in sensors else {}
        other = {name for name in old if new[name] != old[name]} - {"area"}
        assert other == {name for name in expected if expected[name] != old[name]}
        assert all(new[name] == value for name, value in expected.items())


def test_a_place_takes_its_area_with_it(service: Service, house: MemoryHouse) -> None:
    send(service, "PATCH", "Datastreams('pump')", {"observedArea": PLACE})

    assert house.sensors[3]["area"] == house.city.locate([121.23], [31.03])[0]


@pytest.mark.parametrize(
    ("method", "path", "told", "status", "code"),
    [
        ("PATCH", "Datastreams('nobody')", {"name": "x"}, 404, "sensorthings.entity"),
        ("PATCH", "Datastreams('gauge')", {"description": "x"}, 400, "sensorthings.unchangeable"),
        ("PATCH", "Datastreams('gauge')", {"unitOfMeasurement": {"symbol": "ft"}}, 400, "sensorthings.unchangeable"),
        ("PATCH", "Datastreams('gauge')", {"properties": {"colour": "red"}}, 400, "sensorthings.unchangeable"),
        ("PATCH", "Datastreams('gauge')", {"Thing": {"name": "inside"}}, 400, "sensorthings.inline"),
        ("PATCH", "Datastreams('gauge')", {"Observations": [{"result": 1}]}, 400, "sensorthings.inline"),
        ("PATCH", "Datastreams('gauge')", {"Thing": {"@iot.id": "nowhere"}}, 400, "sensorthings.unknown_link"),
        ("PATCH", "Things('under-1')", {"name": "x"}, 400, "sensorthings.unchangeable"),
        ("PATCH", "ObservedProperties('water_level')", {"name": "x"}, 400, "sensorthings.unchangeable"),
        ("PATCH", "Observations('gauge@1726380000000000')", {"result": 7}, 400, "sensorthings.unchangeable"),
        ("PATCH", "Datastreams", {"name": "x"}, 405, "sensorthings.not_changed"),
        ("PATCH", "Datastreams('gauge')/name", {"name": "x"}, 405, "sensorthings.not_changed"),
        ("PUT", "Datastreams('gauge')", {"description": "x"}, 400, "sensorthings.text"),
        ("DELETE", "Observations('gauge@1726380000000000')", None, 405, "sensorthings.not_deleted"),
        ("DELETE", "ObservedProperties('water_level')", None, 405, "sensorthings.not_deleted"),
        ("DELETE", "Locations('under-1')", None, 405, "sensorthings.not_deleted"),
        ("DELETE", "Datastreams", None, 405, "sensorthings.not_changed"),
        ("MOVE", "Datastreams('gauge')", None, 405, "sensorthings.method"),
    ],
)
def test_what_cannot_be_changed_is_refused_with_nothing_changed(
    service: Service, house: MemoryHouse, method: str, path: str, told: Any, status: int, code: str
) -> None:
    before = ([dict(row) for row in house.sensors], list(house.observed))
    answer = send(service, method, path, told)

    assert (answer.status, answer.body["code"]) == (status, code), answer.body
    assert (house.sensors, house.observed) == before
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_put_of_what_was_read_changes_nothing(service: Service, house: MemoryHouse) -> None:
    for path in ("Datastreams('under/1:pond')", "Sensors('gauge')", "Things('under-1')", "Locations('under-1')"):
        before = [dict(row) for row in house.sensors]
        told = service.answer(Ask("GET", path)).body
        assert send(service, "PUT", path, told).status == 200
        assert house.sensors == before


def test_a_put_takes_away_what_it_leaves_out_and_may_be_left_out(service: Service, house: MemoryHouse) -> None:
    told = service.answer(Ask("GET", "Datastreams('under/1:pond')")).body
    assert told["properties"].pop("cadence_s") == 60.0
    assert send(service, "PUT", "Datastreams('under/1:pond')", told).status == 200

    assert house.sensors[1]["cadence_s"] is None


def test_a_json_patch_changes_what_it_names(service: Service, house: MemoryHouse) -> None:
    operations = [
        {"op": "test", "path": "/properties/area", "value": "310117002"},
        {"op": "add", "path": "/properties/cadence_s", "value": 30.0},
        {"op": "replace", "path": "/name", "value": "new"},
    ]
    answer = send(service, "PATCH", "Datastreams('gauge')", operations, "application/json-patch+json; charset=utf-8")

    assert answer.status == 200, answer.body
    assert (house.sensors[2]["cadence_s"], house.sensors[2]["name_en"]) == (30.0, "new")


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        # The examples of RFC 6902, appendix A, that speak of members of objects.
        ([{"op": "add", "path": "/baz", "value": "qux"}], {"foo": "bar", "baz": "qux"}),
        ([{"op": "remove", "path": "/foo"}], {"foo": None}),
        ([{"op": "replace", "path": "/foo", "value": "boo"}], {"foo": "boo"}),
        ([{"op": "add", "path": "/child", "value": {"grandchild": {}}}], {"foo": "bar", "child": {"grandchild": {}}}),
        ([{"op": "copy", "from": "/foo", "path": "/b"}], {"foo": "bar", "b": "bar"}),
        ([{"op": "move", "from": "/foo", "path": "/b"}], {"foo": None, "b": "bar"}),
        (
            [{"op": "add", "path": "/a~1b", "value": 1}, {"op": "add", "path": "/m~0n", "value": 2}],
            {"foo": "bar", "a/b": 1, "m~n": 2},
        ),
    ],
)
def test_operations_of_json_patch(operations: Any, expected: Any) -> None:
    own = {"foo": "bar"}

    assert patched(own, operations) == expected
    assert own == {"foo": "bar"}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/foo", "value": "qux"},
        {"op": "replace", "path": "/nothing", "value": 1},
        {"op": "remove", "path": "/nothing"},
        {"op": "add", "path": "/foo/inside", "value": 1},
        {"op": "add", "path": "foo", "value": 1},
        {"op": "add", "path": "/b"},
        {"op": "dance", "path": "/foo"},
        {"path": "/foo"},
    ],
)
def test_an_operation_that_cannot_be_carried_out_is_refused(service: Service, operation: Any) -> None:
    answer = send(service, "PATCH", "Datastreams('gauge')", [operation], "application/json-patch+json")

    assert (answer.status, answer.body["code"]) == (400, "sensorthings.patch")


@pytest.mark.parametrize(
    ("path", "gone"), [("Datastreams('gauge')", [2]), ("Sensors('gauge')", [2]), ("Things('under-1')", [0, 1])]
)
def test_deleting_retires_the_sensors_and_keeps_what_they_observed(
    service: Service, house: MemoryHouse, path: str, gone: list[int]
) -> None:
    observed = list(house.observed)
    assert service.answer(Ask("DELETE", path)).status == 200

    assert [number for number, row in enumerate(house.sensors) if row["retired"]] == gone
    assert house.observed == observed
    again = service.answer(Ask("GET", path))
    assert again.status == (404 if path.startswith("Things") else 410)
