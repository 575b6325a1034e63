"""The file that says which doors stand open: faults told by their places, and no secrets in it."""

from pathlib import Path

import pytest
import yaml

from anlan.kernel.errors import Invalid
from anlan.sense.doors.config import Secret, read_config
from anlan.sense.doors.routing import route_of

MQTT = {"name": "city", "url": "mqtt://broker.example", "client_id": "anlan"}


def written(folder: Path, content: object) -> Path:
    text = content if isinstance(content, str) else yaml.safe_dump(content)
    (folder / "doors.yaml").write_text(text, encoding="utf-8")
    return folder


def test_without_the_file_no_door_but_http_is_open(tmp_path: Path) -> None:
    config = read_config(tmp_path)

    assert (config.mqtt, config.nats, config.watch) == ((), (), ())


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    (door,) = read_config(written(tmp_path, {"mqtt": [MQTT]})).mqtt

    assert (door.on, door.version, door.address, door.receive_maximum) == (
        True,
        "5",
        ("broker.example", 1883, False),
        1000,
    )
    assert [one.filter for one in door.subscriptions] == ["anlan/v1/+/observations/#"]


def test_a_shared_subscription_names_its_group(tmp_path: Path) -> None:
    door = MQTT | {"url": "mqtts://[::1]:9883", "subscriptions": [{"topic": "a/#", "group": "anlan"}]}
    (found,) = read_config(written(tmp_path, {"mqtt": [door]})).mqtt

    assert found.address == ("::1", 9883, True)
    assert found.subscriptions[0].filter == "$share/anlan/a/#"


@pytest.mark.parametrize(
    ("content", "at"),
    [
        ("mqtt: [", "doors.yaml:1"),
        ({"mqtt": [MQTT | {"url": "mqtt://user:secret@broker"}]}, "mqtt.0"),
        ({"mqtt": [MQTT | {"url": "http://broker"}]}, "mqtt.0"),
        ({"mqtt": [MQTT | {"password": "secret"}]}, "mqtt.0.password"),
        ({"mqtt": [MQTT | {"password": {"env": "A", "file": "b"}}]}, "mqtt.0.password"),
        ({"mqtt": [MQTT | {"qos": 1}]}, "mqtt.0.qos"),
        ({"mqtt": [MQTT | {"subscriptions": [{"topic": "a", "form": "xml"}]}]}, "mqtt.0.subscriptions.0"),
        ({"mqtt": [MQTT], "watch": [{"name": "city", "folder": "x"}]}, "doors.yaml"),
        ({"kafka": []}, "kafka"),
        ([], "doors.yaml"),
    ],
)
def test_a_fault_is_told_by_its_place_and_without_the_secret(tmp_path: Path, content: object, at: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_config(written(tmp_path, content))

    places = caught.value.places
    if at != "doors.yaml:1" and content:
        assert at in [place.at for place in places]
    assert caught.value.code == "doors.config"
    told = f"{caught.value} {[(place.at, place.rule) for place in places]}"
    assert "user:secret" not in told


def test_a_secret_is_read_from_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("from a file\n", encoding="utf-8")
    monkeypatch.setenv("ANLAN_TEST_SECRET", "from the environment")

    assert Secret(file=Path("password")).read(tmp_path) == "from a file"
    assert Secret(env="ANLAN_TEST_SECRET").read(tmp_path) == "from the environment"
    for missing in (Secret(file=Path("nowhere")), Secret(env="ANLAN_TEST_NOWHERE")):
        with pytest.raises(Invalid, match="not where the configuration says"):
            missing.read(tmp_path)


@pytest.mark.parametrize(
    ("topic", "route"),
    [
        ("anlan/v1/gateway/observations", ("gateway", "")),
        ("anlan/v1/gateway/observations/binary", ("gateway", "binary")),
        ("anlan.v1.gateway.observations.csv", ("gateway", "csv")),
        ("anlan/v1/gateway/observations/xml", None),
        ("anlan/v1/gateway.observations", None),
        ("anlan/v1/gate.way/observations", None),
        ("anlan/v1//observations", None),
        ("anlan/v2/gateway/observations", None),
        ("x/anlan/v1/gateway/observations", None),
    ],
)
def test_a_topic_tells_its_source_and_form(topic: str, route: tuple[str, str] | None) -> None:
    assert route_of(topic) == route
