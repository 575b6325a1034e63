"""``$filter``, computed on whole columns, against the same condition evaluated entity by entity in plain Python."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.sense.sensorthings.reading import get
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.sensorthings.vectors import EPOCH, microseconds
from anlan.sense.sensorthings.view import View
from anlan.sense.stream.batch import GOOD, MISSING, QUALITIES
from sense.sensorthings import slow
from sense.sensorthings.memory import MORNING_US, MemoryHouse, sensor

Build = Callable[..., MemoryHouse]
ALL = {"4", "5", "6", "7"}
LOW = -5.0  # the lowest river level that the catalog believes
BOXES = st.tuples(*(st.integers(0, 10) for _ in range(4))).filter(lambda box: box[0] < box[2] and box[1] < box[3])
FEW = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def found(house: MemoryHouse, url: str, condition: slow.Told) -> list[str]:
    """Return the ids of all entities that the service gives."""
    view = View.of(house, Sights(), "en", "http://anlan")
    body = get(view, url, [("$filter", condition.text), ("$select", "id"), ("$top", "1000")]).body
    return [one["@iot.id"] for one in body["value"]]


def within(box: tuple[int, int, int, int]) -> slow.Told:
    west, south, east, north = (121 + box[0] / 20, 31 + box[1] / 20, 121 + box[2] / 20, 31 + box[3] / 20)
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    return slow.Told(
        f"st_within(observedArea,geography'POLYGON(({ring}))')",
        lambda e: west < e["place"][0] < east and south < e["place"][1] < north,
    )


SENSOR_TEXT = slow.texts("name", "Thing/id", "properties/area", "Sensor/name")
SENSOR_NUMBER = slow.numbers(SENSOR_TEXT, "properties/cadence_s", "ObservedProperty/properties/low")
SENSOR_CONDITION = slow.conditions(
    SENSOR_TEXT,
    SENSOR_NUMBER,
    slow.properties("properties/synthetic"),
    BOXES.map(within),
)
ROWS = st.lists(
    st.tuples(
        st.text(alphabet="aB '测ß%/x", min_size=1, max_size=4),
        st.sampled_from(["one", "two's", "aB"]),
        st.one_of(st.none(), st.integers(1, 5).map(lambda n: n / 2)),
        st.booleans(),
        st.tuples(st.integers(0, 10), st.integers(0, 10)),
    ),
    max_size=6,
)


@given(rows=ROWS, condition=slow.drawn(SENSOR_CONDITION))
@FEW
def test_a_filter_of_datastreams_is_what_python_says(build: Build, rows: list[Any], condition: slow.Told) -> None:
    sensors, entities = [], {}
    for number, (name, asset, cadence, synthetic, (x, y)) in enumerate(rows):
        lon, lat = 121 + (2 * x + 1) / 40, 31 + (2 * y + 1) / 40
        facts = {"name_en": name, "cadence_s": cadence, "synthetic": synthetic}
        sensors.append(sensor(f"s{number}", asset, lon=lon, lat=lat, **facts))
        entities[f"s{number}"] = {
            "name": name,
            "Sensor/name": name,
            "Thing/id": asset,
            "properties/area": "310117001",
            "properties/cadence_s": cadence,
            "ObservedProperty/properties/low": LOW,
            "properties/synthetic": synthetic,
            "place": (lon, lat),
        }
    house = build(sensors)

    expected = [id_ for id_, entity in entities.items() if condition.value(entity) is True]
    assert found(house, "Datastreams", condition) == expected


def part(name: str) -> slow.Told:
    """Return a part of the time of an observation."""
    return slow.Told(f"{name}(phenomenonTime)", lambda e: getattr(e["phenomenonTime"], name))


def moment(text: str, value: datetime) -> slow.Told:
    return slow.Told(text, lambda _: value)


MOMENTS = st.integers(-3, 40).map(
    lambda n: moment(
        f"2024-09-15T{6 + (n * 10) // 60:02}:{n * 10 % 60:02}:00Z",
        EPOCH + timedelta(microseconds=MORNING_US + n * 600_000_000),
    )
)
TIMED = st.builds(
    lambda operator, other: slow.binary(
        operator, slow.COMPARE[operator], slow.Told("phenomenonTime", lambda e: e["phenomenonTime"]), other
    ),
    st.sampled_from(sorted(slow.COMPARE)),
    MOMENTS,
)
PARTS = st.sampled_from(["year", "month", "day", "hour", "minute", "second"]).map(part)
OBSERVED_TEXT = slow.texts("resultQuality", "Datastream/id", "FeatureOfInterest/id", "Datastream/ObservedProperty/id")
OBSERVED_NUMBER = st.one_of(slow.numbers(OBSERVED_TEXT, "result"), PARTS)
OBSERVED_CONDITION = slow.conditions(OBSERVED_TEXT, OBSERVED_NUMBER, TIMED)


@given(
    values=st.lists(st.one_of(st.none(), st.integers(-8, 8).map(lambda n: n / 4)), min_size=1, max_size=8),
    gap=st.integers(1, 400),
    condition=slow.drawn(OBSERVED_CONDITION),
)
@FEW
def test_a_filter_of_observations_is_what_python_says(
    build: Build, values: list[float | None], gap: int, condition: slow.Told
) -> None:
    """Also where it names a time or a Datastream, of which the service makes bounds of what it reads."""
    sensors = [sensor("a", "one"), sensor("B", "two's", "ponding_depth")]
    entities, rows = {}, []
    for place, value in enumerate(values):
        for number, own in enumerate(sensors):
            time_us = MORNING_US + place * gap * 61_000_000
            quality = MISSING if value is None else GOOD
            rows.append((number, time_us, float("nan") if value is None else value, quality))
            entities[f"{own['id']}@{time_us}"] = {
                "resultQuality": QUALITIES[quality],
                "Datastream/id": own["id"],
                "FeatureOfInterest/id": own["asset"],
                "Datastream/ObservedProperty/id": own["quantity"],
                "result": value,
                "phenomenonTime": EPOCH + timedelta(microseconds=time_us),
            }
    house = build(sensors, rows)

    expected = {id_ for id_, entity in entities.items() if condition.value(entity) is True}
    assert set(found(house, "Observations", condition)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The examples of the standard's tables of operators and functions, with their answers by hand.
        ("result add 5 gt 10", {"6", "7"}),
        ("result sub 5 gt 0.5", {"6", "7"}),
        ("result mul 2 gt 13", {"7"}),
        ("result div 2 gt 2.6", {"6", "7"}),
        ("result mod 2 eq 0", {"4", "6"}),
        ("(result sub 5) gt 1", {"7"}),
        ("result gt 5 and FeatureOfInterest/id eq 'one'", {"6", "7"}),
        ("result gt 6 or result le 4", {"4", "7"}),
        ("not startswith(Datastream/name,'point')", set()),
        ("not(result eq 4)", {"5", "6", "7"}),
        ("round(result div 3.0) eq 2", {"5", "6", "7"}),
        ("ceiling(result div 4.0) eq 2", {"5", "6", "7"}),
        ("floor(result div 4.0) eq 1", ALL),
        ("year(phenomenonTime) eq 2024 and month(phenomenonTime) eq 9 and day(phenomenonTime) eq 15", ALL),
        ("minute(phenomenonTime) eq 10", {"5"}),
        ("second(phenomenonTime) eq 0 and fractionalseconds(phenomenonTime) eq 0.5", {"7"}),
        ("date(phenomenonTime) eq 2024-09-15", ALL),
        ("time(phenomenonTime) lt 06:15:00", {"4", "5"}),
        ("totaloffsetminutes(phenomenonTime) eq 0", ALL),
        ("phenomenonTime lt now()", ALL),
        ("phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime()", ALL),
        ("phenomenonTime ge now() sub duration'PT5H45M'", {"6", "7"}),
        ("phenomenonTime eq 2024-09-15T14:10:00%2B08:00", {"5"}),
        ("resultTime eq null", ALL),
        ("resultTime ge 2020-01-01T00:00:00Z", set()),
        ("geo.distance(FeatureOfInterest/feature, geography'POINT (121.2 31.5)') lt 0.51", ALL),
        ("geo.length(geography'LINESTRING (30 10, 30 20, 40 20)') eq 20", ALL),
        ("geo.intersects(FeatureOfInterest/feature, geography'POLYGON ((121 30, 121 32, 122 32, 121 30))')", ALL),
        ("st_equals(FeatureOfInterest/feature, geography'POINT (121.2 31.0)')", ALL),
        ("st_disjoint(FeatureOfInterest/feature, geography'POINT (121.2 31.0)')", set()),
        ("st_touches(FeatureOfInterest/feature, geography'LINESTRING (121.2 31.0, 122 32)')", ALL),
        ("st_overlaps(FeatureOfInterest/feature, geography'POINT (121.2 31.0)')", set()),
        ("st_crosses(FeatureOfInterest/feature, geography'LINESTRING (121 31, 122 31)')", set()),
        ("st_intersects(FeatureOfInterest/feature, geography'LINESTRING (121 31, 122 31)')", ALL),
        ("st_contains(FeatureOfInterest/feature, geography'POINT (121.2 31.0)')", ALL),
        ("st_relate(FeatureOfInterest/feature, geography'POINT (121.2 31.0)', '0FFFFFFF2')", ALL),
        ("Datastream/@iot.id eq 's' and id ne null", ALL),
        ("result eq 5 or 1 eq 2 or true", ALL),
        ("result in (5)", {"5"}),
        ("Datastream/properties/nothing eq null", ALL),
        ("concat(concat(Datastream/unitOfMeasurement/symbol,', '), Datastream/name) eq 'm, point s'", ALL),
    ],
)
def test_the_functions_of_the_standard(build: Build, text: str, expected: set[str]) -> None:
    rows = [(0, MORNING_US + n * 600_000_000 + (500_000 if n == 3 else 0), float(n + 4), 0) for n in range(4)]
    house = build([sensor("s", "one")], rows)
    view = View.of(house, Sights(), "en", "http://anlan")

    body = get(view, "Observations", [("$filter", text.replace("%2B", "+")), ("$select", "result")]).body
    assert {f"{one['result']:g}" for one in body["value"]} == expected


def test_now_is_the_worlds_time(build: Build) -> None:
    house = build([sensor("s", "one")], [(0, MORNING_US, 1.0, 0)])
    house.now_us = microseconds(datetime(2024, 9, 15, 5, 59, tzinfo=UTC))

    assert found(house, "Observations", slow.Told("phenomenonTime le now()", lambda _: None)) == []
