"""From an MQTT publish to the alarm on the screen: a real broker, a real server, a real browser, at a paced load.

Twenty thousand gauges report once a second, in messages of a thousand. Now and then one of them goes over its level;
the time runs from just before its message is published until its name stands in the alarm desk of the page.
"""

import importlib.util
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import yaml

from anlan.kernel.access import Actor, Grant
from anlan.root import WorldFile, open_world

BROKER = ("127.0.0.1", 1883)
SENSORS, MESSAGE_ROWS = 20_000, 1000
SECONDS = int(os.environ.get("ANLAN_BENCH_LATENCY_S", "60"))
EVERY_S = 1.0
CALM, HIGH = 0.0, 36.0
"""Millimetres in an hour: none, and just over the mildest level of Shanghai, which sets off no forecast."""

PASSWORD = "a long enough password for a bench"
BOSS = Actor("boss", (Grant("administrator", "310000"),))

_WATCH = """() => { window.seen = {}; const look = () => {
  for (const m of document.body.innerText.matchAll(/mark-\\d{5}/g)) window.seen[m[0]] ??= Date.now();
  requestAnimationFrame(look); }; look(); }"""


def _found(folder: Path) -> None:
    """Make a world with gauges, a gateway that may send, and somebody who looks."""
    WorldFile().write(folder)
    world = open_world(folder)
    for user, role in (("gateway", "instrument"), ("li.wei", "duty_officer")):
        world.act(BOSS, "user.create", {"user": user, "name": user, "area": "310000", "password": PASSWORD})
        world.act(BOSS, "user.grant", {"user": user, "role": role, "area": "310000"})
    source = {"id": "bench", "user": "gateway", "area": "310000", "quota_per_s": 200_000}
    world.act(BOSS, "source.register", source)
    place: dict[str, Any] = {"asset_type": "rain_gauge", "quantity": "rain_1h", "unit": "mm", "area": "310117001"}
    place |= {"lon": 121.2, "lat": 31.0, "synthetic": True}
    items = [
        {
            "id": f"r{n:05}",
            "asset": f"rain_gauge-bench-{n}",
            "name_zh": f"mark-{n:05}",
            "name_en": f"mark-{n:05}",
            **place,
        }
        for n in range(SENSORS)
    ]
    world.act(BOSS, "sensor.register", {"items": items})
    world.close()
    door = {"name": "bench", "url": f"mqtt://{BROKER[0]}:{BROKER[1]}", "client_id": f"anlan-bench-{os.getpid()}"}
    topic = {"topic": f"anlan-bench-{os.getpid()}/#", "source": "bench", "form": "json"}
    (folder / "doors.yaml").write_text(yaml.safe_dump({"mqtt": [door | {"subscriptions": [topic]}]}), encoding="utf-8")


def _publish(stop: threading.Event, marks: dict[str, float]) -> None:
    """Send every gauge once a second, paced; note when a mark goes out."""
    import paho.mqtt.client as paho
    from paho.mqtt.enums import CallbackAPIVersion

    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.connect(*BROKER)
    client.loop_start()
    messages, marked, sent = SENSORS // MESSAGE_ROWS, 0, 0
    began = time.perf_counter()
    while not stop.is_set():
        number = sent % messages
        names = [f"r{n:05}" for n in range(number * MESSAGE_ROWS, (number + 1) * MESSAGE_ROWS)]
        values = [CALM] * MESSAGE_ROWS
        if sent // messages >= 3 and time.perf_counter() - began >= (marked + 4) * EVERY_S:
            values[marked % MESSAGE_ROWS] = HIGH
            marks[f"mark-{number * MESSAGE_ROWS + marked % MESSAGE_ROWS:05}"] = time.time() * 1000
            marked += 1
        now_ms = int(time.time() * 1000)
        body = {"sensor": names, "at": [now_ms] * MESSAGE_ROWS, "value": values}
        client.publish(f"anlan-bench-{os.getpid()}/o", json.dumps(body), qos=1)
        sent += 1
        stop.wait(max(0.0, began + sent / messages - time.perf_counter()))
    client.loop_stop()


def _port() -> int:
    for port in range(21_000 + os.getpid() % 5000, 30_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no port is free")


def _measure(folder: Path) -> tuple[list[float], int]:
    """Return the delays seen, ms, and how many marks were sent."""
    from playwright.sync_api import sync_playwright

    port = _port()
    command = [sys.executable, "-m", "anlan.cli", "serve", "--data", str(folder), "--port", str(port)]
    server = subprocess.Popen(command)
    stop, marks = threading.Event(), dict[str, float]()
    sender = threading.Thread(target=_publish, args=(stop, marks))
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        with sync_playwright() as play:
            path = next(p for name in ("chromium", "google-chrome") if (p := shutil.which(name)))
            page = play.chromium.launch(executable_path=path, args=["--no-sandbox"]).new_page()
            signed = page.request.post(
                f"http://127.0.0.1:{port}/api/v1/session", data={"user": "li.wei", "password": PASSWORD}
            )
            assert signed.ok, signed.text()
            page.goto(f"http://127.0.0.1:{port}/sense/alarms")
            page.wait_for_timeout(3000)
            page.evaluate(_WATCH)
            sender.start()
            page.wait_for_timeout(SECONDS * 1000)
            stop.set()
            sender.join()
            page.wait_for_timeout(3000)
            seen: dict[str, float] = page.evaluate("() => window.seen")
    finally:
        stop.set()
        server.terminate()
        server.wait(20)
    return [seen[name] - at for name, at in marks.items() if name in seen], len(marks)


def cases() -> list[dict[str, Any]]:
    """Return the delays' quantiles; nothing where there is no broker, browser or client to send with."""
    with socket.socket() as probe:
        broker = probe.connect_ex(BROKER) == 0
    if not broker or importlib.util.find_spec("paho") is None or not shutil.which("chromium"):
        return []
    with tempfile.TemporaryDirectory() as name:
        _found(Path(name))
        delays, sent = _measure(Path(name))
    p99 = sorted(delays)[max(0, -(-len(delays) * 99 // 100) - 1)] if delays else float("nan")
    note = f"{len(delays)} of {sent} marks seen at {SENSORS} obs/s; median {statistics.median(delays or [0]):.0f} ms"
    return [
        {
            "case": "MQTT publish to the alarm in the browser, p99",
            "unit": "ms",
            "ours": round(p99),
            "peer": "aim of 1 s",
            "theirs": 1000,
            "ratio": round(1000 / p99, 2) if delays else None,
            "equal": len(delays) == sent,
            "note": note + "; every observation durable before its acknowledgement",
        }
    ]
