"""The doors: processor time of the receiving process for each observation, from the wire to the durable log.

The sender is another process. The receiver is a world with its real station, whose log is flushed; folding the log is
not in it (see `station`). MQTT needs Mosquitto, NATS a server with JetStream; a door without its server is left out.
HTTP is the whole application behind Uvicorn. Figures of MQTT are with the messages waiting at the broker, as after an
interruption: otherwise the sender would be what is measured.
"""

import gc
import io
import json
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from anlan.catalog.catalog import builtin_layers, load_catalog
from anlan.city.load import load_city
from anlan.kernel.access import Actor, Grant
from anlan.kernel.clock import RealClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store, metadata
from anlan.kernel.world import World
from anlan.root import build_world
from anlan.sense.doors.config import DoorsConfig, Mqtt, Nats, Subscription
from anlan.sense.doors.decode import binary
from anlan.sense.doors.doors import Doors
from anlan.sense.model import sensors, sources
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.station import Station

SENSORS = 100_000
RUNS = 3
BATCH = 1000
SENDER = Path(__file__).with_name("door_sender.py")
ADMIN = Actor("admin", (Grant("administrator", "310000"),))


@dataclass(frozen=True)
class Bench:
    """A world with many sensors and one source, its station and its doors."""

    world: World
    station: Station
    doors: Doors
    names: list[str]
    token: str

    @property
    def rows(self) -> int:
        """Observations accepted so far."""
        count = self.doors.intake.tally.of("bench")
        if count.refused:
            raise AssertionError(f"refused: {dict(count.refused)}")
        return count.rows


@contextmanager
def bench() -> Iterator[Bench]:
    """Make the world in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store.at(folder)
        metadata.create_all(store.engine)
        catalog = load_catalog(*builtin_layers("songjiang"))
        world = build_world(
            folder=folder,
            store=store,
            catalog=catalog,
            city=load_city("shanghai"),
            clock=RealClock(),
            entropy=SeededEntropy(1),
        )
        names = [f"underpass-310117001-{number:06}:ponding_depth" for number in range(SENSORS)]
        with store.write() as conn:
            conn.execute(sa.insert(sensors), [_sensor(number, name) for number, name in enumerate(names)])
        world.act(ADMIN, "user.create", {"user": "sender", "name": "sender", "area": "310000"})
        world.act(ADMIN, "user.grant", {"user": "sender", "role": "instrument", "area": "310000"})
        token = world.act(ADMIN, "token.issue", {"user": "sender", "label": "bench"}).secret["token"]
        with store.write() as conn:
            row = {"id": "bench", "user": "sender", "area": "310000", "quota_per_s": 1e12, "note": "", "mapping": None}
            conn.execute(sa.insert(sources).values(row))
        station = world.part(Station)
        doors = Doors(world, station)
        world.gate.parts.add(doors)
        doors.intake.prepare(())
        gc.collect()
        gc.freeze()  # as a server does that has started: what stands now is not looked at again by every collection
        yield Bench(world, station, doors, names, str(token))
        world.close()


def _sensor(number: int, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "number": number,
        "asset": name.split(":", maxsplit=1)[0],
        "asset_type": "underpass",
        "kind": None,
        "quantity": "ponding_depth",
        "unit": "m",
        "area": "310117001",
        "lon": 121.2,
        "lat": 31.0,
        "name_zh": name,
        "name_en": name,
        "synthetic": True,
    }


# -- messages ---------------------------------------------------------------------------------------------------


def columns(names: list[str], rows: int, seed: int = 1) -> tuple[list[str], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return names, times in milliseconds of the last hour, and values."""
    chance = np.random.default_rng(seed)
    chosen = chance.integers(0, len(names), rows)
    begin_ms = int(time.time() * 1000) - 3_600_000
    return [names[n] for n in chosen], begin_ms + np.arange(rows), np.round(chance.gamma(2.0, 0.1, rows), 3)


def json_batch(names: list[str], rows: int) -> bytes:
    """Return rows with times in ISO 8601."""
    sensor, at_ms, value = columns(names, rows)
    at = pa.array(at_ms).cast(pa.timestamp("ms")).cast(pa.string()).to_pylist()
    told = [[s, f"{t.replace(' ', 'T')}Z", v] for s, t, v in zip(sensor, at, value.tolist(), strict=True)]
    return json.dumps(told, separators=(",", ":")).encode()


def json_single(names: list[str]) -> bytes:
    """Return one observation as an object."""
    return json.dumps({"sensor": names[7], "at": int(time.time() * 1000) - 1000, "value": 0.18}).encode()


def csv_batch(names: list[str], rows: int) -> bytes:
    """Return a text with times in ISO 8601."""
    told = json.loads(json_batch(names, rows))
    return ("sensor,at,value\n" + "\n".join(",".join(map(str, row)) for row in told)).encode()


def binary_batch(_names: list[str], rows: int) -> bytes:
    """Return the compact form."""
    _, at_ms, value = columns(["x"], rows)
    number = np.random.default_rng(1).integers(0, SENSORS, rows)
    return binary.encode(Batch.of(number, at_ms * 1000, value))


def arrow_batch(names: list[str], rows: int) -> bytes:
    """Return an Arrow IPC stream with names by dictionary."""
    sensor, at_ms, value = columns(names, rows)
    at = pa.array(at_ms * 1000).cast(pa.timestamp("us", "UTC"))
    table = pa.table({"sensor": pa.array(sensor).dictionary_encode(), "at": at, "value": value})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


# -- measuring --------------------------------------------------------------------------------------------------


def sender(folder: Path, how: str, address: str, payload: bytes, messages: int, **more: str) -> subprocess.Popen[bytes]:
    """Start the other process."""
    path = folder / "payload"
    path.write_bytes(payload)
    asked = json.dumps({"how": how, "address": address, "payload": str(path), "messages": messages, **more})
    return subprocess.Popen([sys.executable, str(SENDER), asked])


def cpu_until(done: Callable[[], bool]) -> tuple[float, float]:
    """Return processor and wall seconds until something holds; looking costs next to nothing."""
    cpu, wall = time.process_time(), time.perf_counter()
    while not done():
        time.sleep(0.02)
        if time.perf_counter() - wall > 300:
            raise TimeoutError("the door did not get everything")
    return time.process_time() - cpu, time.perf_counter() - wall


def case(name: str, unit: str, per_cpu_s: list[float], target: float, note: str) -> dict[str, Any]:
    """Return one case: the median, beside what was asked for."""
    middle = statistics.median(per_cpu_s)
    spread = (max(per_cpu_s) - min(per_cpu_s)) / middle
    return {
        "case": name,
        "unit": f"{unit}/CPU-s",
        "ours": round(middle),
        "peer": "target",
        "theirs": round(target),
        "ratio": round(middle / target, 2),
        "equal": None,
        "note": f"median of {len(per_cpu_s)}, spread {spread:.0%}; {note}",
    }


@contextmanager
def server(program: str, *arguments: str, port: int) -> Iterator[None]:
    """Run a server of one's own."""
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin") or program
    process = subprocess.Popen([path, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for_port(port: int) -> None:
    """Wait until something listens."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError("the server did not come up")


def there_is(program: str) -> bool:
    """Tell whether a server is installed."""
    return bool(shutil.which(program) or shutil.which(program, path="/usr/sbin"))


# -- doors ------------------------------------------------------------------------------------------------------

MQTT_JOBS: tuple[tuple[str, str, Callable[[list[str]], bytes], int, int, float, int], ...] = (
    ("MQTT 5, QoS 1, JSON rows, 1000 a message", "json", lambda names: json_batch(names, BATCH), BATCH, 600, 0.9e6, 1),
    ("MQTT 5, QoS 1, compact form, 1000 a message", "binary", lambda n: binary_batch(n, BATCH), BATCH, 3000, 15e6, 1),
    ("MQTT 5, QoS 1, compact, 10 000 a message", "binary", lambda n: binary_batch(n, 10_000), 10_000, 600, 15e6, 1),
    ("MQTT 5, QoS 1, JSON single", "json", json_single, 1, 30_000, 25e3, 1),
    ("MQTT 5, QoS 0, JSON single", "json", json_single, 1, 30_000, 25e3, 0),
)


def mqtt_cases(made: Bench) -> Iterator[dict[str, Any]]:
    """Yield the cases of MQTT."""
    port, folder = 21_884, made.world.folder
    (folder / "broker.conf").write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 0\nmax_queued_messages 0\n",
        encoding="utf-8",
    )
    with server("mosquitto", "-c", str(folder / "broker.conf"), port=port):
        for name, form, message, rows, messages, target, qos in MQTT_JOBS:
            payload = message(made.names)
            found = [_mqtt(made, port, form, payload, rows, messages, qos, run) for run in range(RUNS)]
            note = f"gmqtt; {messages} messages of {len(payload)} bytes"
            yield case(name, "observations", found, target, note)


def _mqtt(made: Bench, port: int, form: str, payload: bytes, rows: int, messages: int, qos: int, run: int) -> float:
    """Return observations per processor second of one run."""
    topic = f"anlan/v1/bench/observations/{form}"
    config = Mqtt(
        name="bench",
        url=f"mqtt://127.0.0.1:{port}",
        client_id=f"bench-{form}-{rows}-{qos}-{run}",
        receive_maximum=2000,
        subscriptions=(Subscription(topic="anlan/v1/+/observations/#", qos=1 if qos else 0),),
    )
    doors, before = made.doors, made.rows
    doors.open(DoorsConfig(mqtt=(config,)))
    _wait(lambda: doors.states[0].open)
    time.sleep(0.3)
    if qos:  # the broker keeps what comes while the door is shut
        doors.stop()
        sender(made.world.folder, "mqtt", str(port), payload, messages, topic=topic, qos="1").wait()
        doors.open(DoorsConfig(mqtt=(config,)))
        cpu, _ = cpu_until(lambda: made.rows - before >= rows * messages)
    else:
        process = sender(made.world.folder, "mqtt", str(port), payload, messages, topic=topic, qos="0")
        cpu, _ = cpu_until(lambda: made.rows - before >= rows * messages)
        process.wait()
    doors.stop()
    return rows * messages / cpu


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the door did not open")
        time.sleep(0.01)


def nats_cases(made: Bench) -> Iterator[dict[str, Any]]:
    """Yield the cases of NATS JetStream."""
    port, folder = 21_885, made.world.folder
    with server("nats-server", "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(folder / "nats"), port=port):
        for name, form, payload, rows, messages, target in (
            ("NATS, JSON rows, 1000 a message", "json", json_batch(made.names, BATCH), BATCH, 400, 0.9e6),
            ("NATS, compact form, 10 000 a message", "binary", binary_batch(made.names, 10_000), 10_000, 300, 15e6),
            ("NATS, JSON single", "json", json_single(made.names), 1, 10_000, 25e3),
        ):
            found = []
            for run in range(RUNS):
                subject = f"bench.{form}.{rows}.{run}.anlan.v1.bench.observations.{form}"
                stream = f"B{form}{rows}x{run}"
                sender(folder, "nats", str(port), payload, messages, topic=subject, stream=stream).wait()
                config = Nats(
                    name="bench",
                    url=f"nats://127.0.0.1:{port}",
                    stream=stream,
                    durable="bench",
                    subject=subject,
                    source="bench",
                    form=form,
                )
                before = made.rows
                made.doors.open(DoorsConfig(nats=(config,)))
                cpu, _ = cpu_until(lambda: made.rows - before >= rows * messages)  # noqa: B023  # called at once
                made.doors.stop()
                found.append(rows * messages / cpu)
            yield case(name, "observations", found, target, f"{messages} messages of {len(payload)} bytes")


def http_cases(made: Bench) -> Iterator[dict[str, Any]]:
    """Yield the cases of HTTP: the application in a thread of this process, the client in another."""
    import uvicorn

    from anlan.api.app import create_app

    port = 21_886
    app = create_app(made.world, pump=False)
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    wait_for_port(port)
    url = f"http://127.0.0.1:{port}/api/v1/sense/observations?source=bench"
    for name, media, payload, rows, messages, target in (
        ("HTTP, JSON rows, 1000 a request", "application/json", json_batch(made.names, BATCH), BATCH, 200, 0.7e6),
        ("HTTP, JSON rows, 10 000 a request", "application/json", json_batch(made.names, 10_000), 10_000, 40, 0.7e6),
        ("HTTP, CSV, 10 000 a request", "text/csv", csv_batch(made.names, 10_000), 10_000, 40, 0.7e6),
        (
            "HTTP, Arrow, 10 000 a request",
            "application/vnd.apache.arrow.stream",
            arrow_batch(made.names, 10_000),
            10_000,
            100,
            3e6,
        ),
        (
            "HTTP, Arrow, 100 000 a request",
            "application/vnd.apache.arrow.stream",
            arrow_batch(made.names, 100_000),
            100_000,
            20,
            3e6,
        ),
    ):
        found = []
        for _ in range(RUNS):
            before = made.rows
            process = sender(made.world.folder, "http", url, payload, messages, media=media, token=made.token)
            cpu, _ = cpu_until(lambda: made.rows - before >= rows * messages)  # noqa: B023  # called at once
            process.wait()
            found.append(rows * messages / cpu)
        yield case(
            name, "observations", found, target, f"{messages} requests of {len(payload)} bytes, four connections"
        )
    running.should_exit = True
    thread.join()


def cases() -> list[dict[str, Any]]:
    """Measure every door whose server is there."""
    with bench() as made:
        found = [*http_cases(made)]
        if there_is("mosquitto"):
            found += mqtt_cases(made)
        if there_is("nats-server"):
            found += nats_cases(made)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [{**one, "note": f"{one['note']}; peak {peak_mb} MB"} for one in found]
