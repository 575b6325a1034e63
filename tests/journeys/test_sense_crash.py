"""Kill the server again and again while instruments send: nothing acknowledged is lost, and every alarm is right, once.

Each sender keeps a batch until the server has acknowledged it, and sends it again after a kill, so that some batches
arrive twice. The alarms at the end are those of an interpreter that reads each sensor's series once, sample by sample.
"""

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from anlan.kernel.access import Actor, Grant
from anlan.root import WorldFile, open_world
from anlan.sense import queries
from anlan.sense.alarming.queries import Filter, alarms_like
from anlan.sense.stream.station import Station
from journeys.test_crash import BOSS, Nursery, free_port, nursery

__all__ = ["nursery"]

KILLS = int(os.environ.get("ANLAN_TEST_SENSE_KILLS", "120"))
SENDERS, SENSORS_EACH, STEP_S = 3, 4, 60
RULE = "ponding"
VALUES = (0.0, 0.02, 0.06, 0.1, 0.16, 0.2, 0.3, 0.4, 0.55, 0.7)
SEEING = Actor("seeing", (Grant("auditor", "310000"),))


@dataclass
class Sender:
    """A gateway with some gauges: it sends the next minute of all of them when the last has been acknowledged."""

    number: int
    token: str
    port: int
    start: datetime
    chance: random.Random
    acknowledged: list[list[Any]] = field(default_factory=list)
    pending: list[list[Any]] | None = None
    minute: int = 0
    level: dict[str, int] = field(default_factory=dict)

    @property
    def sensors(self) -> list[str]:
        return [f"gauge-{self.number}-{n}" for n in range(SENSORS_EACH)]

    def _next(self) -> list[list[Any]]:
        self.minute += 1
        at = (self.start + timedelta(seconds=STEP_S * self.minute)).isoformat()
        rows: list[list[Any]] = []
        for name in self.sensors:
            step = self.chance.choice((-1, 0, 0, 1))
            self.level[name] = min(max(self.level.get(name, 0) + step, 0), len(VALUES) - 1)
            rows.append([name, at, VALUES[self.level[name]]])
        return rows

    def work(self, stop: threading.Event) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=10) as http:
            while not stop.is_set():
                self.pending = self.pending or self._next()
                try:
                    answer = http.post("/api/v1/sense/observations", json=self.pending)
                except httpx2.TransportError:
                    time.sleep(0.005)
                    continue
                assert answer.status_code == 200, answer.text
                assert answer.json()["accepted"] == len(self.pending), answer.text
                self.acknowledged += self.pending
                self.pending = None


def found(folder: Path) -> list[str]:
    """Make a world with gauges and a gateway for each sender; return the gateways' tokens."""
    WorldFile().write(folder)
    world = open_world(folder)
    tokens = []
    for number in range(SENDERS):
        user = f"gateway.{number}"
        world.act(BOSS, "user.create", {"user": user, "name": user, "area": "310117"})
        world.act(BOSS, "user.grant", {"user": user, "role": "instrument", "area": "310117"})
        world.act(BOSS, "source.register", {"id": f"gateway-{number}", "user": user, "area": "310117"})
        tokens.append(str(world.act(BOSS, "token.issue", {"user": user, "label": "crash test"}).secret["token"]))
        items = [
            {
                "id": f"gauge-{number}-{n}",
                "asset": f"underpass-{number}-{n}",
                "asset_type": "underpass",
                "quantity": "ponding_depth",
                "unit": "m",
                "area": f"31011700{number + 1}",
                "lon": 121.2,
                "lat": 31.0,
                "name_zh": "测点",
                "name_en": "gauge",
                "synthetic": True,
            }
            for n in range(SENSORS_EACH)
        ]
        world.act(BOSS, "sensor.register", {"items": items})
    world.close()
    return tokens


def _run(since: float | None, at: float, *, on: bool) -> float | None:
    """Return since when a run of samples is on."""
    if not on:
        return None
    return at if since is None else since


def expected(samples: list[tuple[float, float]], rule: Any) -> list[tuple[str, str | None]]:
    """Read one series sample by sample and return what happens to its alarm: event and grade after it."""
    sets = dict.fromkeys((grade for grade, _ in rule.levels), False)
    met: dict[str, float | None] = dict.fromkeys(sets)
    clear: dict[str, float | None] = dict.fromkeys(sets)
    margin = rule.levels[0][1] - rule.clear
    events: list[tuple[str, str | None]] = []
    before: str | None = None
    for at, value in samples:
        for grade, level in rule.levels:
            since_met = met[grade] = _run(met[grade], at, on=value >= level)
            since_clear = clear[grade] = _run(clear[grade], at, on=value < level and value <= level - margin)
            if since_met is not None and at - since_met >= rule.hold_s:
                sets[grade] = True
            if since_clear is not None and at - since_clear >= rule.clear_hold_s:
                sets[grade] = False
        standing = [grade for grade, _ in rule.levels if sets[grade]]
        grade = standing[-1] if standing else None
        if grade != before:
            order = [None, *(g for g, _ in rule.levels)]
            kind = "clear" if grade is None else "ease" if before and order.index(grade) < order.index(before) else "up"
            events.append((kind, grade))
        before = grade
    return events


def test_alarms_are_those_of_the_series_and_nothing_acknowledged_is_missing(nursery: Nursery, tmp_path: Path) -> None:
    tokens, port = found(tmp_path), free_port()
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)
    senders = [Sender(n, token, port, start, random.Random(n)) for n, token in enumerate(tokens)]
    chance = random.Random(11)
    for number in range(KILLS):
        pid = nursery.start(tmp_path, port)
        stop = threading.Event()
        before = sum(len(sender.acknowledged) for sender in senders)
        threads = [threading.Thread(target=sender.work, args=(stop,)) for sender in senders]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 60
        while number % 4 and sum(len(sender.acknowledged) for sender in senders) == before:
            assert time.monotonic() < deadline, "nobody reaches the server"
            time.sleep(0.002)
        time.sleep(chance.uniform(0.0, 0.2))
        os.kill(pid, signal.SIGKILL)
        stop.set()
        for thread in threads:
            thread.join()

    world = open_world(tmp_path)
    world.settle()
    rule = world.catalog.sensor_rules[RULE]
    with world.read(SEEING, "alarm") as reader:
        alarms = {row["subject"]: row["id"] for row in alarms_like(reader, Filter(rule=RULE))}
        for sender in senders:
            sent = {(name, at): value for name, at, value in [*sender.acknowledged, *(sender.pending or [])]}
            for name in sender.sensors:
                kept = [
                    (row.at.isoformat(), row.value)
                    for row in queries.series(reader, name, start, start + timedelta(days=21))
                ]
                told = [(at, value) for own, at, value in sender.acknowledged if own == name]
                assert kept[: len(told)] == told, f"{name}: all that was acknowledged, in order, each once"
                assert all(sent[name, at] == value for at, value in kept)
                samples = [(datetime.fromisoformat(at).timestamp(), float(value or 0)) for at, value in kept]
                lines = queries.history(reader, alarms[name]) if name in alarms else []
                seen = [(_kind(line["event"]), _grade(line)) for line in lines if line["event"] in EVENTS]
                assert seen == expected(samples, rule), name
    assert world.verify_journal().holds
    world.part(Station).close()
    world.close()
    assert sum(len(sender.acknowledged) for sender in senders) > KILLS * SENSORS_EACH


EVENTS = {"open", "raise", "ease", "clear"}


def _kind(event: str) -> str:
    return {"open": "up", "raise": "up"}.get(event, event)


def _grade(line: Any) -> str | None:
    return None if line["event"] == "clear" else str(line["grade"])


def test_the_interpreter_agrees_with_a_series_worked_by_hand() -> None:
    class Rule:
        levels = (("blue", 0.05), ("red", 0.5))
        clear, hold_s, clear_hold_s = 0.03, 60.0, 60.0

    series = [(0.0, 0.1), (60.0, 0.6), (120.0, 0.6), (180.0, 0.0), (240.0, 0.0)]
    assert expected(series, Rule) == [("up", "blue"), ("up", "red"), ("clear", None)]


pytestmark = pytest.mark.filterwarnings("default::pytest.PytestUnraisableExceptionWarning")
