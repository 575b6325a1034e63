"""Observations: what is kept, what is refused, and that the rest is not held up."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.sense import queries
from anlan.sense.model import alarms


def rules_broken(data: Any) -> list[tuple[int, str]]:
    return [(refusal["row"], refusal["rule"]) for refusal in data["refused"]]


def test_a_batch_is_stored_and_told(sensing: Any) -> None:
    done = sensing.send(("a", 0, 0.01), ("b", 0, 0.02))

    assert sensing.stored() == {("a", 0): 0.01, ("b", 0): 0.02}
    assert (done.data["accepted"], done.data["refused_count"]) == (2, 0)
    assert done.area == "310117001"


def test_of_the_same_moment_the_first_value_stays(sensing: Any) -> None:
    sensing.send(("a", 0, 0.01))
    sensing.send(("a", 0, 0.01), ("a", 0, 0.02), ("b", 0, 0.03), ("b", 0, 0.03), ("b", 0, 0.04))

    assert sensing.counts() == {"rows": 6, "duplicate": 2, "conflict": 2}
    assert sensing.stored() == {("a", 0): 0.01, ("b", 0): 0.03}


def test_an_observation_from_the_future_is_refused_and_the_rest_is_kept(sensing: Any) -> None:
    done = sensing.send(("a", 301, 9.0), ("b", 300, 0.02))

    assert rules_broken(done.data) == [(0, "observation.future")]
    assert sensing.stored() == {("b", 300): 0.02}
    assert done.opened == []


def test_an_instrument_cannot_write_beyond_its_area_nor_learn_what_is_there(sensing: Any) -> None:
    done = sensing.send(("p", 0, 0.9), ("nowhere", 0, 0.9), ("a", 0, 0.01), by="310117")

    assert rules_broken(done.data) == [(0, "observation.sensor"), (1, "observation.sensor")]
    assert sensing.stored() == {("a", 0): 0.01}


def test_a_batch_over_two_districts_belongs_to_the_city_or_to_what_the_sender_reaches(sensing: Any) -> None:
    assert sensing.send(("p", 0, 0.0), ("a", 0, 0.0)).area == "310000"
    assert sensing.send(("p", 60, 0.0), by="310117").area == "310117"


def test_what_is_late_is_kept_and_opens_nothing(sensing: Any) -> None:
    sensing.send(("a", 120, 0.01))
    done = sensing.send(("a", 60, 0.9))

    assert (done.data["accepted"], sensing.counts()["late"], done.opened) == (1, 1, [])
    assert sensing.stored()["a", 60] == 0.9


def test_values_out_of_range_and_missing_ones_are_kept_flagged_and_open_nothing(sensing: Any) -> None:
    done = sensing.send(("a", 0, 11.0), ("b", 0, None))

    with sensing.reader as reader:
        qualities = {row["id"]: row["quality"] for row in queries.sensor_list(reader)}
    assert (sensing.counts()["unusable"], done.opened) == (2, [])
    assert qualities == {"a": "out_of_range", "b": "missing", "p": None}


def test_too_many_rows_change_nothing(sensing: Any) -> None:
    most = int(sensing.world.catalog.setting("ingest.max_batch"))
    with pytest.raises(Invalid):
        sensing.send(*[("a", i, 0.0) for i in range(most + 1)])

    assert sensing.stored() == {}


def test_a_number_that_is_none_is_refused_at_the_gate(sensing: Any) -> None:
    with pytest.raises(Invalid):
        sensing.send(("a", 0, float("nan")))


def test_the_journal_keeps_a_digest_of_the_rows_and_verifies(sensing: Any) -> None:
    sensing.send(("a", 0, 0.6))

    assert sensing.world.verify_journal().holds


def test_many_writers_of_the_same_readings_open_one_alarm(sensing: Any) -> None:
    readings = [("a", 60.0 * i, 0.6) for i in range(3)]
    threads = [threading.Thread(target=sensing.send, args=readings[:: 1 if n % 2 else -1]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with sensing.world.store.read() as conn:
        assert conn.execute(sa.select(alarms.c.subject, alarms.c.open)).all() == [("a", True)]
    assert len(sensing.stored()) == 3


def test_the_store_itself_holds_that_one_alarm_is_open(sensing: Any) -> None:
    sensing.send(("a", 0, 0.6))
    with sensing.world.store.read() as conn:
        row = dict(conn.execute(sa.select(alarms)).mappings().one())
    second = sa.insert(alarms).values(row | {"id": "alarm-999"})
    with pytest.raises(sa.exc.IntegrityError), sensing.world.store.write() as conn:
        conn.execute(second)


def test_a_district_registers_its_own_sensors_only(sensing: Any) -> None:
    administrator = sensing.holder("administrator", "310117")
    with pytest.raises(Forbidden):
        sensing.world.act(administrator, "sensor.register", {"items": [sensing.item("q", "310115004")]})
    with pytest.raises(Forbidden):
        sensing.world.act(administrator, "sensor.register", {"items": [sensing.item("p", "310117001")]})
    done = sensing.world.act(administrator, "sensor.register", {"items": [sensing.item("q", "310117001")]})

    assert (done.area, done.data["new"]) == ("310117001", 1)


def test_a_sensor_never_measures_something_else(sensing: Any) -> None:
    other = sensing.item("a", "310117001", quantity="tide_level")
    with pytest.raises(Conflict):
        sensing.world.act(sensing.holder("administrator"), "sensor.register", {"items": [other]})


def test_faulty_sensors_are_all_named_and_nothing_is_registered(sensing: Any) -> None:
    faulty = [
        sensing.item("x", "310117001", unit="mm"),
        sensing.item("y", "999999"),
        sensing.item("z", "310117001", quantity="ponding_dept"),
        sensing.item("z", "310117001"),
    ]
    with pytest.raises(Invalid) as caught:
        sensing.world.act(sensing.holder("administrator"), "sensor.register", {"items": faulty})

    found = {(place.at, place.rule) for place in caught.value.places}
    assert found == {
        ("args.items.0.unit", "sensor.unit"),
        ("args.items.1.area", "area.unknown"),
        ("args.items.2.quantity", "sensor.quantity"),
        ("args.items.3.id", "sensor.twice"),
    }
    with sensing.reader as reader:
        assert len(queries.sensor_list(reader)) == 3


def test_all_sensors_of_the_city_register_and_find_their_asset_types(world: Any) -> None:
    city = world.city
    names = ("id", "asset", "quantity", "unit", "area", "lon", "lat")
    items = [
        {name: getattr(sensor, name) for name in names} | {"name_zh": sensor.id, "name_en": sensor.id}
        for sensor in city.sensors
    ]
    admin = Actor("admin", (Grant("administrator", "310000"), Grant("auditor", "310000")))
    done = world.act(admin, "sensor.register", {"items": items})

    assert done.data["sensors"] == len(city.sensors)
    with world.read(admin, "sensor") as reader:
        assert {row["asset_type"] for row in queries.sensor_list(reader, quantity="tide_level")} == {"tide_gauge"}


def test_hourly_values_belong_to_the_hour_in_which_they_ended(sensing: Any, clock: Any) -> None:
    clock.advance_to(sensing.start + timedelta(hours=3))
    sensing.send(*[("a", 600.0 * i, float(i) / 100) for i in range(1, 13)])

    def of(reduce: str) -> list[tuple[float, float]]:
        with sensing.reader as reader:
            found = queries.hourly(reader, "ponding_depth", sensing.start, sensing.start + timedelta(hours=2), reduce)
        return [((h.hour - sensing.start).total_seconds() / 3600, round(h.value, 6)) for h in found]

    assert of("max") == of("last") == [(0, 0.06), (1, 0.12)]
    assert of("mean") == [(0, 0.035), (1, 0.095)]
