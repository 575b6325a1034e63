"""POST: what a foreign client describes becomes what this house knows, or is refused with nothing changed."""

from copy import deepcopy
from typing import Any

import pytest
from msgspec import json

from anlan.kernel.access import Scope
from anlan.sense.sensorthings.reading import Answer
from anlan.sense.sensorthings.service import Ask, Service
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.sensorthings.vectors import instant
from anlan.sense.stream.batch import SUSPECT
from sense.sensorthings.memory import MemoryHouse

UNIT = {"name": "metre", "symbol": "m", "definition": "http://www.opengis.net/def/uom/UCUM/0/m"}
SENSOR = {"name": "radar", "description": "a radar", "encodingType": "application/pdf", "metadata": "http://x/a.pdf"}
PLACE = {
    "name": "mill",
    "description": "a mill",
    "encodingType": "application/geo+json",
    "location": {"type": "Point", "coordinates": [121.23, 31.03]},
}
DATASTREAM: dict[str, Any] = {
    "name": "level at the mill",
    "description": "of the river",
    "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
    "unitOfMeasurement": UNIT,
    "ObservedProperty": {"name": "river level", "definition": "http://x/level", "description": "level"},
    "Sensor": SENSOR,
}
THING: dict[str, Any] = {
    "name": "The Mill",
    "description": "as the standard's example has it",
    "Locations": [PLACE],
    "Datastreams": [DATASTREAM],
}


@pytest.fixture
def service(house: MemoryHouse) -> Service:
    return Service(house, Sights(), "en", "http://anlan/sta/v1.1")


def post(service: Service, path: str, told: Any) -> Answer:
    body = told if isinstance(told, bytes) else json.encode(told)
    return service.answer(Ask("POST", path, body=body))


def changed(told: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a description with some of its members replaced, left out where None, or nested by a dot."""
    made = deepcopy(told)
    for name, value in more.items():
        *outer, last = name.split("__")
        place: Any = made
        for key in outer:
            place = place[int(key) if key.isdigit() else key]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "told", "time"),
    [
        ("Datastreams('gauge')/Observations", {}, "2024-09-15T12:00:00Z"),
        ("Observations", {"Datastream": {"@iot.id": "gauge"}}, "2024-09-15T12:00:00Z"),
        ("Datastreams('gauge')/Observations", {"phenomenonTime": "2024-09-15T10:00:00Z"}, "2024-09-15T10:00:00Z"),
        ("Datastreams('gauge')/Observations", {"phenomenonTime": "2024-09-15T10:00:00+0200"}, "2024-09-15T08:00:00Z"),
        (
            "Datastreams('gauge')/Observations",
            {"phenomenonTime": "2024-09-15T10:00:00Z/2024-09-15T11:00:00Z", "resultTime": "2024-09-15T11:30:00Z"},
            "2024-09-15T11:00:00Z",
        ),
        ("Datastreams('gauge')/Observations", {"resultTime": "2024-09-15T11:30:00Z"}, "2024-09-15T11:30:00Z"),
        ("Datastreams('gauge')/Observations", {"FeatureOfInterest": {"@iot.id": "gauge'x"}}, "2024-09-15T12:00:00Z"),
        ("FeaturesOfInterest('gauge''x')/Observations", {"Datastream": {"@iot.id": "gauge"}}, "2024-09-15T12:00:00Z"),
        (
            "Things('gauge''x')/Datastreams('gauge')/Observations",
            {"validTime": None, "parameters": {}},
            "2024-09-15T12:00:00Z",
        ),
    ],
)
def test_an_observation_is_taken_at_its_time(
    service: Service, house: MemoryHouse, path: str, told: Any, time: str
) -> None:
    answer = post(service, path, {"result": 2.5, "resultQuality": "suspect", **told})

    assert answer.status == 201, answer.body
    assert house.observed[-1] == (2, instant(time), 2.5, SUSPECT)
    assert answer.headers["Location"] == f"http://anlan/sta/v1.1/Observations('gauge@{instant(time)}')"


@pytest.mark.parametrize(
    ("path", "told", "status", "code"),
    [
        ("Observations", b"{", 400, "sensorthings.json"),
        ("Observations", [], 400, "sensorthings.object"),
        ("Observations", {"result": 1}, 400, "sensorthings.link"),
        ("Observations", {"result": 1, "Datastream": {"name": "new"}}, 400, "sensorthings.link"),
        ("Observations", {"result": 1, "Datastream": {"@iot.id": "nobody"}}, 404, "sensorthings.entity"),
        ("Datastreams('nobody')/Observations", {"result": 1}, 404, "sensorthings.entity"),
        ("Datastreams('gauge')/Observations", {}, 400, "sensorthings.result"),
        ("Datastreams('gauge')/Observations", {"result": "deep"}, 400, "sensorthings.result"),
        ("Datastreams('gauge')/Observations", {"result": True}, 400, "sensorthings.result"),
        ("Datastreams('gauge')/Observations", {"result": {"depth": 1}}, 400, "sensorthings.result"),
        ("Datastreams('gauge')/Observations", {"result": 1, "phenomenonTime": "noon"}, 400, "sensorthings.time"),
        ("Datastreams('gauge')/Observations", {"result": 1, "phenomenonTime": "2024-09-15"}, 400, "sensorthings.time"),
        (
            "Datastreams('gauge')/Observations",
            {"result": 1, "phenomenonTime": "2024-09-15T10:00:00"},
            400,
            "sensorthings.time",
        ),
        (
            "Datastreams('gauge')/Observations",
            {"result": 1, "phenomenonTime": "2031-01-01T00:00:00Z"},
            400,
            "observation.future",
        ),
        ("Datastreams('gauge')/Observations", {"result": 1, "resultQuality": "fine"}, 400, "sensorthings.quality"),
        ("Datastreams('gauge')/Observations", {"result": 1, "parameters": {"a": 1}}, 400, "sensorthings.not_kept"),
        (
            "Datastreams('gauge')/Observations",
            {"result": 1, "FeatureOfInterest": {"@iot.id": "pump-1"}},
            400,
            "sensorthings.feature",
        ),
        (
            "FeaturesOfInterest('pump-1')/Observations",
            {"result": 1, "Datastream": {"@iot.id": "gauge"}},
            400,
            "sensorthings.feature",
        ),
        ("Datastreams('pump')/Observations", {"result": 1}, 403, "observation.sensor"),
        ("Datastreams('gauge')", {"result": 1}, 405, "sensorthings.not_created"),
        ("Locations", PLACE, 405, "sensorthings.not_created"),
        ("Sensors", SENSOR, 405, "sensorthings.not_created"),
    ],
)
def test_what_is_no_observation_of_here_is_refused(
    service: Service, house: MemoryHouse, path: str, told: Any, status: int, code: str
) -> None:
    house.reach = Scope(("310117",))
    before = list(house.observed)
    answer = post(service, path, told)

    assert (answer.status, answer.body["code"]) == (status, code)
    assert house.observed == before


def test_a_thing_with_its_datastreams_is_registered_where_it_stands(service: Service, house: MemoryHouse) -> None:
    answer = post(service, "Things", THING)

    assert (answer.status, answer.headers["Location"]) == (201, "http://anlan/sta/v1.1/Things('the-mill')")
    row = house.sensors[-1]
    assert (row["id"], row["asset"], row["quantity"], row["unit"]) == (
        "the-mill/water_level",
        "the-mill",
        "water_level",
        "m",
    )
    assert (row["area"], row["lon"], row["lat"]) == (house.city.locate([121.23], [31.03])[0], 121.23, 31.03)
    assert (row["name_zh"], row["name_en"], row["asset_type"]) == (
        "level at the mill",
        "level at the mill",
        "monitoring_point",
    )


def test_the_observations_of_a_deep_insert_are_taken(service: Service, house: MemoryHouse) -> None:
    told = changed(THING, Datastreams__0__Observations=[{"result": 1, "phenomenonTime": "2024-09-15T10:00:00Z"}])
    assert post(service, "Things", told).status == 201

    assert house.observed[-1] == (5, instant("2024-09-15T10:00:00Z"), 1.0, 0)


def test_the_same_thing_twice_is_two_things(service: Service, house: MemoryHouse) -> None:
    first, second = (post(service, "Things", THING).headers["Location"] for _ in range(2))

    assert first != second
    assert len({row["id"] for row in house.sensors}) == len(house.sensors) == 7


def test_ids_may_be_wished_for_in_the_properties(service: Service, house: MemoryHouse) -> None:
    told = changed(
        THING,
        properties={"asset": "mill:7", "asset_type": "water_gauge"},
        Datastreams__0__properties={"sensor": "mill:7/w"},
    )
    assert post(service, "Things", told).status == 201
    assert (house.sensors[-1]["asset"], house.sensors[-1]["id"]) == ("mill:7", "mill:7/w")

    again = post(service, "Things", told)
    assert (again.status, again.body["code"]) == (409, "sensorthings.exists")


@pytest.mark.parametrize(
    "observed",
    [
        {"@iot.id": "water_level"},
        {"name": "river level", "definition": "http://x"},
        {"name": "河道水位", "definition": "http://x"},
        {"name": "Water_Level", "definition": "http://x"},
    ],
)
def test_an_observed_property_is_found_by_what_it_is_called(
    service: Service, house: MemoryHouse, observed: Any
) -> None:
    told = changed(DATASTREAM, ObservedProperty=observed)
    answer = post(service, "Things('pump-1')/Datastreams", told)

    assert answer.status == 201, answer.body
    assert (house.sensors[-1]["asset"], house.sensors[-1]["quantity"]) == ("pump-1", "water_level")
    assert (house.sensors[-1]["area"], house.sensors[-1]["lon"]) == ("310115004", 121.50)


def test_a_datastream_may_be_linked_to_a_thing_in_its_body(service: Service, house: MemoryHouse) -> None:
    told = changed(
        DATASTREAM, Thing={"@iot.id": "gauge'x"}, Sensor={**SENSOR, "metadata": {"owner": "the mill", "high": 9.0}}
    )
    assert post(service, "Datastreams", told).status == 201

    assert (house.sensors[-1]["asset"], house.sensors[-1]["owner"], house.sensors[-1]["high"]) == (
        "gauge'x",
        "the mill",
        9.0,
    )


def test_an_asset_of_the_city_is_a_thing_to_link_to(service: Service, house: MemoryHouse) -> None:
    asset = house.city.assets.at(0)
    assert post(service, "Datastreams", changed(DATASTREAM, Thing={"@iot.id": asset.id})).status == 201

    row = house.sensors[-1]
    assert (row["asset"], row["area"], row["lon"], row["asset_type"]) == (asset.id, asset.area, asset.lon, asset.type)


def test_a_known_quantity_is_led_to_and_none_is_made(service: Service) -> None:
    answer = post(service, "ObservedProperties", {"name": "river level", "definition": "x", "description": "x"})
    assert (answer.status, answer.headers["Location"]) == (
        204,
        "http://anlan/sta/v1.1/ObservedProperties('water_level')",
    )

    assert (
        post(service, "ObservedProperties", {"name": "mood", "definition": "x"}).body["code"] == "sensorthings.quantity"
    )


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        (changed(THING, Datastreams=None), 400, "sensorthings.bare_thing"),
        (changed(THING, Locations=None), 400, "sensorthings.one_location"),
        (changed(THING, name=None), 400, "sensorthings.text"),
        (changed(THING, properties={"colour": "red"}), 400, "sensorthings.not_kept"),
        (changed(THING, Locations__0__location="here"), 400, "sensorthings.place"),
        (
            changed(THING, Locations__0__location={"type": "Point", "coordinates": [2.35, 48.85]}),
            400,
            "sensorthings.outside",
        ),
        (changed(THING, Datastreams__0__Sensor=None), 400, "sensorthings.object"),
        (changed(THING, Datastreams__0__Sensor={"@iot.id": "gauge"}), 400, "sensorthings.own_sensor"),
        (
            changed(
                THING,
                Datastreams__0__unitOfMeasurement__symbol="ft",
                Datastreams__0__unitOfMeasurement__name="foot",
                Datastreams__0__unitOfMeasurement__definition="x",
            ),
            400,
            "sensorthings.unit",
        ),
        (
            changed(THING, Datastreams__0__ObservedProperty={"name": "flood_water_thickness_of_the_moon"}),
            400,
            "sensorthings.quantity",
        ),
        (changed(THING, Datastreams__0__observationType="OM_CategoryObservation"), 400, "sensorthings.type"),
        (changed(THING, Datastreams__0__Observations=[{"result": "x"}]), 400, "sensorthings.result"),
        (
            changed(THING, Datastreams__0__Observations=[{"result": 1, "phenomenonTime": "2031-01-01T00:00:00Z"}]),
            400,
            "observation.future",
        ),
        (changed(THING, properties={"area": "310115004"}), 403, "access.area"),
    ],
)
def test_a_thing_that_cannot_be_kept_is_refused_whole(
    service: Service, house: MemoryHouse, told: Any, status: int, code: str
) -> None:
    house.reach = Scope(("310117",))
    before = (list(house.observed), list(house.sensors))
    answer = post(service, "Things", told)

    assert (answer.status, answer.body["code"]) == (status, code), answer.body
    assert (house.observed, house.sensors) == before


def test_an_ambiguous_name_is_told_with_what_it_may_mean(service: Service) -> None:
    told = changed(DATASTREAM, ObservedProperty={"name": "thickness_of_rainfall_amount"})
    answer = post(service, "Things('pump-1')/Datastreams", told)

    assert "rain_1h" in answer.body["detail"]
    assert "rain_6h" in answer.body["detail"]
