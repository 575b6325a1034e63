"""The broker configuration that ships: TLS, an account for each source, and nobody speaks for another."""

import ipaddress
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as paho
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sense.doors.servers import Server, broker, free_port, until
from sense.doors.standing import Standing

DEPLOY = Path(__file__).parents[3] / "deploy" / "mosquitto"
PASSWORDS = {"gateway": "gateway-secret", "other": "other-secret", "anlan-door": "door-secret"}


def certificates(folder: Path) -> None:
    """Make an authority, and a certificate for this machine that it signed."""
    now = datetime.now(UTC)
    names = {who: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)]) for who in ("test ca", "127.0.0.1")}
    keys = {who: ec.generate_private_key(ec.SECP256R1()) for who in names}
    for who, path in (("test ca", "ca"), ("127.0.0.1", "broker")):
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=path == "ca",
            crl_sign=path == "ca",
            encipher_only=False,
            decipher_only=False,
        )
        made = (
            x509.CertificateBuilder(issuer_name=names["test ca"], subject_name=names[who])
            .public_key(keys[who].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=path == "ca", path_length=None), critical=True)
            .add_extension(alternative, critical=False)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(keys[who].public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(keys["test ca"].public_key()), critical=False
            )
            .sign(keys["test ca"], hashes.SHA256())
        )
        (folder / f"{path}.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        (folder / f"{path}.key").write_bytes(
            keys[who].private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


@dataclass
class Deployed:
    server: Server
    folder: Path

    def publish(self, user: str, topic: str, payload: bytes) -> None:
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)  # type: ignore[arg-type]
        client.username_pw_set(user, PASSWORDS[user])
        client.tls_set_context(ssl.create_default_context(cafile=str(self.folder / "ca.crt")))
        client.connect("127.0.0.1", self.server.port)
        client.loop_start()
        client.publish(topic, payload, 1).wait_for_publish(20)
        client.disconnect()
        client.loop_stop()


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Deployed]:
    """Start the configuration that ships, with only its paths and its port changed."""
    folder, port = tmp_path / "broker", free_port()
    folder.mkdir()
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.skip("no mosquitto on this machine")
    certificates(folder)
    passwords = folder / "anlan.passwords"
    passwords.touch()
    for user, password in PASSWORDS.items():
        subprocess.run([program, "-b", str(passwords), user, password], check=True)
    shutil.copy(DEPLOY / "anlan.acl", folder / "anlan.acl")
    text = (DEPLOY / "anlan.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/mosquitto/certs", str(folder)).replace("/etc/mosquitto", str(folder))
    text = re.sub(r"persistence_location .*", f"persistence_location {folder}/", text)
    text = re.sub(r"listener 8883", f"listener {port} 127.0.0.1", text)
    server = broker(folder, text, port=port)
    server.start()
    yield Deployed(server, folder)
    server.stop()


def configure(standing: Standing, deployed: Deployed, password: str = PASSWORDS["anlan-door"]) -> None:
    (standing.world.folder / "door.password").write_text(password + "\n", encoding="utf-8")
    door = {
        "name": "city",
        "url": f"mqtts://127.0.0.1:{deployed.server.port}",
        "client_id": "anlan-door",
        "username": {"env": "ANLAN_TEST_MQTT_USER"},
        "password": {"file": "door.password"},
        "ca_file": str(deployed.folder / "ca.crt"),
    }
    (standing.world.folder / "doors.yaml").write_text(yaml.safe_dump({"mqtt": [door]}), encoding="utf-8")


def test_each_source_speaks_for_itself_over_tls_and_for_nobody_else(
    standing: Standing, deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLAN_TEST_MQTT_USER", "anlan-door")
    standing.register("other")
    configure(standing, deployed)
    standing.doors.start()
    until(lambda: standing.doors.states[0].open)
    one = b'{"sensor":"a","at":"2024-09-15T08:00:00Z","value":%d}'
    deployed.publish("other", "anlan/v1/gateway/observations", one % 666)
    deployed.publish("other", "anlan/v1/other/observations", one % 2)
    deployed.publish("gateway", "anlan/v1/gateway/observations/json", one % 1)

    until(lambda: len(standing.taker.values()) == 2)
    standing.doors.stop()
    assert standing.taker.values("gateway") == [1.0]
    assert standing.taker.values("other") == [2.0]


def test_a_wrong_password_is_told_without_any_secret(
    standing: Standing, deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLAN_TEST_MQTT_USER", "anlan-door")
    configure(standing, deployed, password="wrong-secret")
    standing.doors.start()
    until(lambda: standing.doors.states[0].error != "")

    error = standing.doors.states[0].error
    standing.doors.stop()
    assert "uthoriz" in error or "uthoris" in error or "assword" in error
    assert "wrong-secret" not in error


def test_a_secret_that_is_not_there_is_told_by_its_place(standing: Standing, deployed: Deployed) -> None:
    configure(standing, deployed)
    standing.doors.start()
    until(lambda: standing.doors.states[0].error != "")
    error = standing.doors.states[0].error
    standing.doors.stop()

    assert error == "doors.secret"
