"""Bridges open with the server where doors.yaml asks for them."""

import uuid
from pathlib import Path

import pytest
import yaml

from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import Invalid
from anlan.kernel.world import World
from anlan.sense.sensorthings.bridges import Bridges

BRIDGE = {"name": "city", "url": "mqtt://127.0.0.1:1883", "user": "gateway", "base": "http://127.0.0.1/sta/v1.1"}


def write(folder: Path, **more: object) -> None:
    told = {"sensorthings": [BRIDGE | {"client_id": uuid.uuid4().hex} | more]}
    (folder / "doors.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")


@pytest.mark.needs("mosquitto")
def test_a_bridge_opens_and_closes_with_the_server(world: World, tmp_path: Path) -> None:
    write(tmp_path)
    boss = Actor("boss", (Grant("administrator", "310000"),))
    world.act(boss, "user.create", {"user": "gateway", "name": "gateway", "area": "310117"})
    bridges = Bridges(world)
    bridges.start()
    try:
        assert [bridge.connected.wait(20) for bridge in bridges._open] == [True]
    finally:
        bridges.stop()
    assert bridges._open == []


def test_without_a_file_there_is_none(world: World) -> None:
    bridges = Bridges(world)
    bridges.start()

    assert bridges._open == []


@pytest.mark.parametrize("fault", [{"url": "http://x"}, {"user": ""}, {"password": {"env": "A", "file": "b"}}])
def test_a_faulty_file_is_told(world: World, tmp_path: Path, fault: dict[str, object]) -> None:
    write(tmp_path, **fault)
    with pytest.raises(Invalid):
        Bridges(world).start()
