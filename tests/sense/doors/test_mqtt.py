"""The MQTT door against a real broker: what is acknowledged is durable, what is not comes again."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
import yaml

from anlan.kernel.clock import SimClock
from sense.doors.faking import FakeTaker, distinct
from sense.doors.servers import Server, Wire, broker, until
from sense.doors.standing import Standing

TOPIC = "anlan/v1/gateway/observations"


def single(value: float, at: str = "2024-09-15T08:00:00Z") -> bytes:
    return json.dumps({"sensor": "a", "at": at, "value": value}).encode()


class Device:
    """A publisher by another library than the door's."""

    def __init__(self, port: int, version: int = paho.MQTTv5, **credentials: Any) -> None:
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=version)  # type: ignore[arg-type]
        if credentials:
            self.client.username_pw_set(**credentials)
        self.client.max_queued_messages_set(0)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def publish(self, payload: bytes, topic: str = TOPIC, qos: int = 1) -> paho.MQTTMessageInfo:
        return self.client.publish(topic, payload, qos)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Server]:
    server = broker(tmp_path / "broker")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def device(mosquitto: Server) -> Iterator[Device]:
    made = Device(mosquitto.port)
    yield made
    made.close()


def configure(standing: Standing, port: int, **more: object) -> None:
    door = {"name": "city", "url": f"mqtt://127.0.0.1:{port}", "client_id": "anlan-test", **more}
    (standing.world.folder / "doors.yaml").write_text(yaml.safe_dump({"mqtt": [door]}), encoding="utf-8")


@pytest.fixture
def opened(standing: Standing, mosquitto: Server) -> Iterator[Callable[..., Standing]]:
    """Open the doors of the world, and shut them at the end."""

    def opening(**more: object) -> Standing:
        configure(standing, mosquitto.port, **more)
        standing.doors.start()
        until(lambda: standing.doors.states[0].open)
        return standing

    yield opening
    standing.doors.stop()


@pytest.mark.parametrize("qos", [0, 1, 2])
@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_messages_of_any_quality_of_service_and_version_arrive_in_order(
    opened: Callable[..., Standing], device: Device, version: str, qos: int
) -> None:
    standing = opened(version=version, subscriptions=[{"topic": "anlan/v1/+/observations/#", "qos": qos}])
    for number in range(50):
        device.publish(single(number), qos=qos)

    until(lambda: len(standing.taker.values()) == 50)
    assert standing.taker.values() == [float(number) for number in range(50)]


def test_the_topic_tells_source_and_form(opened: Callable[..., Standing], device: Device) -> None:
    standing = opened()
    standing.register("other")
    device.publish(b"sensor,at,value\na,2024-09-15T08:00:00Z,7\n", "anlan/v1/other/observations/csv")
    device.publish(b'[["a","2024-09-15T08:00:00Z",8]]', "anlan/v1/gateway/observations/json")

    until(lambda: len(standing.taker.values()) == 2)
    assert standing.taker.values("other") == [7.0]
    assert standing.taker.values("gateway") == [8.0]


def test_a_devices_own_topic_goes_through_its_mapping(opened: Callable[..., Standing], device: Device) -> None:
    subscription = {"topic": "level/+/raw", "source": "gateway", "mapping": "level_frame"}
    standing = opened(subscriptions=[subscription])
    device.publish(bytes.fromhex("9066446a0000c03f00"), "level/dianpu-3/raw")

    until(lambda: len(standing.taker.values()) == 1)
    assert standing.taker.rows == [("gateway", "dianpu-3:water_level", 1782867600_000_000, 1.5)]


def test_what_nobody_knows_and_what_cannot_be_read_is_kept_and_acknowledged(
    opened: Callable[..., Standing], device: Device
) -> None:
    standing = opened()
    device.publish(single(1), "anlan/v1/stranger/observations")
    device.publish(single(1), "anlan/v1/gateway/observations/xml")
    device.publish(b"\xff\xfe")
    device.publish(single(2))

    until(lambda: standing.taker.values() == [2.0])
    until(lambda: len(list(standing.doors.letters.newest())) == 3)
    rules = {letter.refused[0].rule for letter in standing.doors.letters.newest()}
    assert rules == {"source.unknown", "message.topic", "message.json"}


def reopened(standing: Standing) -> FakeTaker:
    """Shut the doors, and open them again on a station that has forgotten everything."""
    from anlan.sense.doors.doors import Doors  # noqa: PLC0415

    standing.doors.stop()
    taker = FakeTaker()
    object.__setattr__(standing, "doors", Doors(standing.world, taker))
    standing.doors.start()
    until(lambda: standing.doors.states[0].open)
    return taker


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_nothing_is_acknowledged_before_it_is_durable(
    opened: Callable[..., Standing], device: Device, version: str
) -> None:
    standing = opened(version=version)
    standing.taker.hold = True
    for number in range(20):
        device.publish(single(number))
    until(lambda: len(standing.taker.values()) == 20)

    after = reopened(standing)  # as after a crash: read, and not known to be durable

    until(lambda: len(after.values()) == 20)
    assert after.values() == [float(number) for number in range(20)]


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_what_is_durable_does_not_come_again(opened: Callable[..., Standing], device: Device, version: str) -> None:
    standing = opened(version=version)
    for number in range(20):
        device.publish(single(number))
    until(lambda: len(standing.taker.values()) == 20)
    until(lambda: standing.doors.intake.tally.of("gateway").messages == 20)
    threading.Event().wait(0.3)  # the acknowledgements are on their way

    after = reopened(standing)
    device.publish(single(99))

    until(lambda: 99.0 in after.values())
    assert after.values() == [99.0]


def test_a_station_that_cannot_make_it_durable_gets_it_again(opened: Callable[..., Standing], device: Device) -> None:
    standing = opened()
    standing.taker.fault = OSError("no room on the disk")
    device.publish(single(5))
    until(lambda: standing.doors.states[0].opened_count >= 2)

    standing.taker.fault = None

    until(lambda: standing.taker.values() == [5.0])


def test_a_wire_cut_again_and_again_loses_nothing(standing: Standing, mosquitto: Server, device: Device) -> None:
    wire = Wire(mosquitto.port)
    wire.start()
    configure(standing, wire.port)
    standing.doors.start()
    until(lambda: standing.doors.states[0].open)
    last = None
    for number in range(600):
        last = device.publish(single(number))
        if number % 150 == 75:
            last.wait_for_publish(20)
            wire.cut()
    assert last is not None
    last.wait_for_publish(20)

    until(lambda: len(distinct(standing.taker.values())) == 600, 60)
    standing.doors.stop()
    wire.close()
    assert wire.cuts >= 4
    assert distinct(standing.taker.values()) == [float(number) for number in range(600)]


def test_a_broker_that_is_restarted_has_kept_what_was_not_acknowledged(
    opened: Callable[..., Standing], mosquitto: Server, device: Device
) -> None:
    standing = opened()
    standing.taker.hold = True
    device.publish(single(1)).wait_for_publish(20)
    until(lambda: standing.taker.values() == [1.0])
    mosquitto.stop()
    standing.taker.rows.clear()
    standing.taker.hold = False

    mosquitto.start()
    device.publish(single(2))

    until(lambda: distinct(standing.taker.values()) == [1.0, 2.0], 60)


def test_over_its_quota_a_sources_messages_stay_with_the_broker_until_there_is_room(
    opened: Callable[..., Standing], device: Device, clock: SimClock
) -> None:
    standing = opened(receive_maximum=5)
    standing.register(quota_per_s=1)
    many = json.dumps([["a", "2024-09-15T08:00:00Z", number] for number in range(100)]).encode()
    device.publish(many)
    until(lambda: len(standing.taker.values()) == 100)
    for number in range(20):
        device.publish(single(1000 + number))
    until(lambda: standing.doors.intake.tally.of("gateway").held > 0)

    assert len(standing.taker.values()) == 100
    for _ in range(20):  # the door looks once a second; the world's time decides
        clock.advance_to(clock.now() + timedelta(seconds=200))
        threading.Event().wait(0.1)
    until(lambda: len(standing.taker.values()) == 120, 60)


def test_of_a_shared_subscription_each_message_goes_to_one_door(
    standing: Standing, mosquitto: Server, device: Device
) -> None:
    doors = [
        {
            "name": f"door-{number}",
            "url": f"mqtt://127.0.0.1:{mosquitto.port}",
            "client_id": f"anlan-{number}",
            "subscriptions": [{"topic": "anlan/v1/+/observations/#", "group": "anlan"}],
        }
        for number in range(2)
    ]
    (standing.world.folder / "doors.yaml").write_text(yaml.safe_dump({"mqtt": doors}), encoding="utf-8")
    standing.doors.start()
    until(lambda: all(state.open for state in standing.doors.states))
    threading.Event().wait(0.3)
    for number in range(40):
        device.publish(single(number))

    until(lambda: len(standing.taker.values()) >= 40)
    threading.Event().wait(0.3)
    standing.doors.stop()
    assert sorted(standing.taker.values()) == [float(number) for number in range(40)]
