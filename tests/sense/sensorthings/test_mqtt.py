"""The MQTT extension against a real broker, with a client of its own on the other side."""

import json
import queue
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from anlan.kernel.access import Scope
from anlan.kernel.clock import SimClock
from anlan.kernel.world import World
from anlan.root import WorldFile, open_world
from anlan.sense.sensorthings.house import house_of
from anlan.sense.sensorthings.mqtt import MqttSettings, SensorThingsMqtt
from anlan.sense.sensorthings.service import Ask, Service
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.stream.admission import Source
from anlan.sense.stream.batch import Rows
from anlan.sense.stream.station import Station
from sense.sensorthings.served import ADMIN, START, answers, people, sensor_items

pytestmark = pytest.mark.skipif(not answers(1883), reason="no mosquitto on this machine")

RUN = uuid.uuid4().hex[:8]
"""Sets this run apart at a broker that remembers clients of the one before."""

PATIENCE_S = 20.0


class Device:
    """A client of the broker: publishes, and keeps what it hears."""

    def __init__(self, *topics: str) -> None:
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._ready = threading.Event()
        self._topics = topics
        self.client = paho.Client(CallbackAPIVersion.VERSION2)
        self.client.on_message = lambda _c, _d, m: self.heard.put((m.topic, json.loads(m.payload)))
        self.client.on_connect = lambda c, *_: c.subscribe([(t, 1) for t in topics]) if topics else self._ready.set()
        self.client.on_subscribe = lambda *_: self._ready.set()
        self.client.connect("127.0.0.1", 1883)
        self.client.loop_start()
        assert self._ready.wait(PATIENCE_S)

    def publish(self, topic: str, told: Any) -> None:
        body = told if isinstance(told, str) else json.dumps(told)
        self.client.publish(topic, body, qos=1).wait_for_publish(PATIENCE_S)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all tests: each has topics of its own, and counts at its own bridge."""
    folder = tmp_path_factory.mktemp("world")
    WorldFile(seed=1, start=START.isoformat()).write(folder)
    opened = open_world(folder, clock=SimClock(START))
    people(opened)
    opened.act(ADMIN, "sensor.register", {"items": sensor_items()})
    opened.settle()
    yield opened
    opened.close()


Bridging = Callable[..., SensorThingsMqtt]


@pytest.fixture
def bridging(world: World, tmp_path: Path) -> Iterator[Bridging]:
    """Return what opens a bridge under a root of topics that no other test uses."""
    opened: list[SensorThingsMqtt] = []

    def make(user: str = "city", **more: Any) -> SensorThingsMqtt:
        root = f"{RUN}-{tmp_path.name}/{user}/v1.1"
        settings = MqttSettings(
            "http://anlan/sta/v1.1", root=root, client_id=f"{RUN}-{tmp_path.name}-{user}", session_s=60, **more
        )
        bridge = SensorThingsMqtt(world, world.actor(user), settings)
        bridge.start()
        opened.append(bridge)
        assert bridge.connected.wait(PATIENCE_S)
        return bridge

    yield make
    for bridge in opened:
        bridge.stop()


@pytest.fixture
def devices() -> Iterator[Callable[..., Device]]:
    opened: list[Device] = []

    def make(*topics: str) -> Device:
        opened.append(Device(*topics))
        return opened[-1]

    yield make
    for device in opened:
        device.close()


def until(condition: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE_S * 100)):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come to that")


FUTURE = {"result": 1.5, "phenomenonTime": "2031-01-01T00:00:00Z"}
OBSERVED = {"result": 1.5, "phenomenonTime": "2024-09-15T07:30:00Z"}


@pytest.mark.parametrize(
    ("topic", "link"),
    [
        ("Observations", {"Datastream": {"@iot.id": "under-1/level"}}),
        ("Datastreams('under-1/level')/Observations", {}),
        ("FeaturesOfInterest('under-1')/Observations", {"Datastream": {"@iot.id": "under-1/level"}}),
    ],
)
def test_a_published_observation_is_taken_durably_and_told(
    world: World, bridging: Bridging, devices: Callable[..., Device], topic: str, link: Any, tmp_path: Path
) -> None:
    bridge = bridging()
    root = f"{RUN}-{tmp_path.name}/city/v1.1"
    listening = devices(f"{root}/Observations", f"{root}/Datastreams('under-1/level')/Observations")
    devices().publish(f"{root}/{topic}", {**OBSERVED, **link})

    until(lambda: bridge.taken == 1)
    own = topic.startswith("FeaturesOfInterest")  # what the device itself said comes to those who listen there
    heard = [listening.heard.get(timeout=PATIENCE_S) for _ in range(2 if own else 3)]
    told = {name for name, body in heard if body.get("@iot.id") == "under-1/level@1726385400000000"}
    assert told == {f"{root}/Observations", f"{root}/Datastreams('under-1/level')/Observations"}
    assert bridge.refused == {}


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        ("Observations", "no json", "sensorthings.json"),
        ("Observations", OBSERVED, "sensorthings.link"),
        ("Datastreams('nobody')/Observations", OBSERVED, "sensorthings.entity"),
        ("Datastreams('under-1/level')/Observations", {**OBSERVED, "result": "deep"}, "sensorthings.result"),
        ("Datastreams('under-1/level')/Observations", FUTURE, "observation.future"),
    ],
)  # fmt: skip
def test_a_message_that_cannot_be_taken_is_counted_and_holds_up_nothing(
    bridging: Bridging, devices: Callable[..., Device], topic: str, body: Any, reason: str, tmp_path: Path
) -> None:
    bridge = bridging()
    root = f"{RUN}-{tmp_path.name}/city/v1.1"
    device = devices()
    device.publish(f"{root}/{topic}", body)
    device.publish(f"{root}/Datastreams('under-1/pond')/Observations", OBSERVED)

    until(lambda: bridge.taken == 1)
    assert bridge.refused == {reason: 1}


def test_what_came_by_another_door_is_told_with_the_properties_selected(
    world: World, bridging: Bridging, devices: Callable[..., Device], tmp_path: Path
) -> None:
    root = f"{RUN}-{tmp_path.name}/city/v1.1"
    selection = f"{root}/Datastreams('pump-1/flow')/Observations?$select=result,phenomenonTime"
    bridging(selections=(selection,))
    listening = devices(selection)
    rows = Rows(["pump-1/flow"], np.array([1726385400000000]), np.array([7.0]), np.array([0], np.uint8))
    world.part(Station).take(Source("other", Scope(("31",)), "somebody"), rows)

    assert listening.heard.get(timeout=PATIENCE_S) == (
        selection,
        {"result": 7.0, "phenomenonTime": "2024-09-15T07:30:00Z"},
    )


def test_a_bridge_tells_only_what_its_user_may_read(
    world: World, bridging: Bridging, devices: Callable[..., Device], tmp_path: Path
) -> None:
    city, sj = bridging("city"), bridging("sj")
    listening = devices(f"{RUN}-{tmp_path.name}/sj/v1.1/Observations")
    sender = devices()
    sender.publish(f"{RUN}-{tmp_path.name}/city/v1.1/Datastreams('pump-1/flow')/Observations", OBSERVED)
    sender.publish(f"{RUN}-{tmp_path.name}/city/v1.1/Datastreams('under-1/level')/Observations", OBSERVED)
    until(lambda: city.taken == 2)

    _, first = listening.heard.get(timeout=PATIENCE_S)
    assert first["@iot.id"] == "under-1/level@1726385400000000"
    assert sj.taken == 0


def test_a_change_of_a_datastream_is_told_whole_and_by_property(
    world: World, bridging: Bridging, devices: Callable[..., Device], tmp_path: Path
) -> None:
    bridging()
    root = f"{RUN}-{tmp_path.name}/city/v1.1"
    listening = devices(f"{root}/Datastreams('under-1/pond')", f"{root}/Datastreams('under-1/pond')/name")
    actor = world.actor("city")
    with world.read(actor, "sensor") as reader, house_of(world, reader, "zh") as house:
        service = Service(house, Sights(), "zh", "http://anlan/sta/v1.1")
        body = json.dumps({"name": "another name"}).encode()
        assert service.answer(Ask("PATCH", "Datastreams('under-1/pond')", body=body)).status == 200

    heard = dict(listening.heard.get(timeout=PATIENCE_S) for _ in range(2))
    assert heard[f"{root}/Datastreams('under-1/pond')/name"] == {"name": "another name"}
    assert heard[f"{root}/Datastreams('under-1/pond')"]["@iot.id"] == "under-1/pond"


def test_what_is_published_while_the_bridge_is_away_comes_when_it_is_back(
    world: World, bridging: Bridging, devices: Callable[..., Device], tmp_path: Path
) -> None:
    first = bridging()
    first.stop()
    root = f"{RUN}-{tmp_path.name}/city/v1.1"
    devices().publish(f"{root}/Datastreams('under-1/level')/Observations", OBSERVED)

    settings = MqttSettings("http://anlan/sta/v1.1", root=root, client_id=f"{RUN}-{tmp_path.name}-city", session_s=60)
    second = SensorThingsMqtt(world, world.actor("city"), settings)
    second.start()
    try:
        until(lambda: second.taken == 1)
    finally:
        second.stop()
