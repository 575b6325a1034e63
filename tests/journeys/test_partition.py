"""Two workers on one machine find exactly what one finds, also when workers are killed in the middle and begin again.

Against a real NATS server with JetStream; every process is a real one and dies by SIGKILL. The reference is one engine
over the undivided log.
"""

import os
import random
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from anlan.sense.partition.link import Link
from anlan.sense.partition.told import Told, findings, told_of
from anlan.sense.partition.worker import Layout
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind, Record, SegmentLog
from sense.doors.servers import Server, nats_server
from sense.partition.city import SECOND, START, TICK_S, Found, Whole, blueprint, collected, records

KILLS = int(os.environ.get("ANLAN_TEST_KILLS", "200")) // 10
SENSORS, PARTITIONS = 60, 4
LENT_S = 1.0
SERVER_KILLS = 3


class Nursery:
    """Starts workers and kills them without mercy."""

    def __init__(self) -> None:
        program, pipe = Path(__file__).with_name("partition_nursery.py"), subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, str(program)], stdin=pipe, stdout=pipe, text=True)
        assert self._answer() == "ready"
        self._children: dict[str, int] = {}

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def start(self, role: str, arguments: Sequence[object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(shlex.join(map(str, arguments)) + "\n")
        self._process.stdin.flush()
        self._children[role] = int(self._answer())

    def kill(self, role: str) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._children.pop(role), signal.SIGKILL)

    def keep(self, roles: Mapping[str, Sequence[object]]) -> None:
        """Start again whoever ended by itself, as a service manager does: one that lost its lease, for example."""
        for role, arguments in roles.items():
            try:
                os.kill(self._children[role], 0)
            except (KeyError, ProcessLookupError):
                self.start(role, arguments)

    def close(self) -> None:
        for role in list(self._children):
            self.kill(role)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@dataclass
class City:
    """One city on a server, with streams of its own."""

    folder: Path
    server: Server
    name: str
    link: Link
    log: SegmentLog

    @property
    def layout(self) -> Layout:
        return Layout(self.name, PARTITIONS, self.folder / "state")

    def arguments(self, *own: object) -> list[object]:
        common = ("--server", f"nats://127.0.0.1:{self.server.port}", "--name", self.name, "--partitions", PARTITIONS)
        return [*common, "--lent-s", LENT_S, "--checkpoint-s", 0.3, *own]

    def spreader(self) -> list[object]:
        return self.arguments("spread", "--folder", self.folder / "log", "--door", "gate")

    def worker(self, parts: str) -> list[object]:
        return self.arguments("fold", "--parts", parts, "--folder", self.folder / "state", "--holder", parts)

    def reached(self, part: int, tick_us: int) -> bool:
        """Tell whether a part has told a tick."""
        return any(told.tick_us >= tick_us for told in self.told(part))

    def told(self, part: int) -> list[Told]:
        """Return all that a part has told."""
        log = self.layout.findings(self.link, part)
        found = [told_of(record.note) for record in log.read(1)]
        log.close()
        return found

    def found(self) -> Found:
        found: Found = defaultdict(list)
        for part in range(PARTITIONS + 1):
            collected(found, self.told(part))
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = nats_server(tmp_path_factory.mktemp("nats"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def city(tmp_path: Path, server: Server) -> Iterator[City]:
    link, log = Link(f"nats://127.0.0.1:{server.port}"), SegmentLog(tmp_path / "log", segment_bytes=200_000)
    made = City(tmp_path, server, f"anlan.test.p{time.monotonic_ns()}", link, log)
    made.layout.plans(link).put("0", blueprint(SENSORS, PARTITIONS))
    yield made
    log.close()
    made.link.close()


def whole_log(count: int, seed: int) -> list[Record]:
    """Return a log that ends with a tick, by which all groups are weighed."""
    log = list(records(SENSORS, count, seed))
    newest = max(int(record.batch.time_us.max(initial=START)) for record in log)
    tick_us = (newest // (TICK_S * SECOND) + 2) * TICK_S * SECOND
    return [*log, Record(len(log) + 1, Kind.TICK, log[-1].received_us, "", 0, Batch.tick(tick_us), b"")]


def expected(log: Sequence[Record]) -> Found:
    engine = Whole({"0": blueprint(SENSORS, PARTITIONS)}, "0")
    for record in log:
        engine.take(record)
    return engine.found


def take_in(city: City, log: Sequence[Record], pause_s: float) -> None:
    """Write a log as a station does, slowly enough for things to happen in between."""
    for record in log:
        position = city.log.append(
            record.kind, record.batch, received_us=record.received_us, source=record.source, note=record.note
        )
        city.log.sync(position)
        time.sleep(pause_s)


def wait_for_all(city: City, nursery: Nursery, roles: Mapping[str, Sequence[object]], tick_us: int) -> None:
    deadline = time.monotonic() + 120
    while not all(city.reached(part, tick_us) for part in range(PARTITIONS + 1)):
        assert time.monotonic() < deadline, "the workers do not come to the end"
        nursery.keep(roles)
        time.sleep(0.1)


def fold_whole(city: City, nursery: Nursery, log: Sequence[Record]) -> None:
    """Fold a log by one worker to its end."""
    roles = {"spread": city.spreader(), "all": city.worker(f"0-{PARTITIONS}")}
    nursery.keep(roles)
    take_in(city, log, 0.0)
    wait_for_all(city, nursery, roles, int(log[-1].batch.time_us[0]))
    for role in roles:
        nursery.kill(role)


def test_one_worker_finds_what_one_engine_finds(nursery: Nursery, city: City) -> None:
    log = whole_log(150, 5)
    fold_whole(city, nursery, log)

    assert city.found() == expected(log)
    assert sum(map(len, city.found().values())) > 100


def test_two_workers_find_the_same_though_they_are_killed_again_and_again(nursery: Nursery, city: City) -> None:
    log = whole_log(400, 5)
    roles = {"spread": city.spreader(), "one": city.worker(f"0-1,{PARTITIONS}"), "two": city.worker("2-3")}
    nursery.keep(roles)
    writing = threading.Thread(target=take_in, args=(city, log, 0.6 * KILLS / 400))
    writing.start()
    chance = random.Random(11)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.1, 1.2))
        nursery.kill(chance.choice(list(roles)))
        nursery.keep(roles)
    writing.join()
    wait_for_all(city, nursery, roles, int(log[-1].batch.time_us[0]))
    for role in roles:
        nursery.kill(role)

    assert city.found() == expected(log)
    for part in range(PARTITIONS + 1):
        at = [told.at for told in city.told(part)]
        assert at == sorted(set(at))


def test_a_server_that_dies_and_comes_back_loses_and_doubles_nothing(nursery: Nursery, city: City) -> None:
    log = whole_log(300, 8)
    roles = {"spread": city.spreader(), "one": city.worker(f"0-1,{PARTITIONS}"), "two": city.worker("2-3")}
    nursery.keep(roles)
    writing = threading.Thread(target=take_in, args=(city, log, 0.02))
    writing.start()
    chance = random.Random(12)
    for _ in range(SERVER_KILLS):
        time.sleep(chance.uniform(0.5, 1.5))
        city.server.stop(signal.SIGKILL)
        city.server.start()
        nursery.keep(roles)
    writing.join()
    city.link.close()
    city.link = Link(f"nats://127.0.0.1:{city.server.port}")
    wait_for_all(city, nursery, roles, int(log[-1].batch.time_us[0]))
    for role in roles:
        nursery.kill(role)

    assert city.found() == expected(log)


def test_a_second_worker_of_the_same_part_waits_until_the_first_is_gone(nursery: Nursery, city: City) -> None:
    log = whole_log(60, 6)
    half = len(log) // 2
    roles = {"spread": city.spreader(), "first": city.worker(f"0-{PARTITIONS}")}
    nursery.keep(roles)
    take_in(city, log[:half], 0.0)
    last = next(record for record in reversed(log[:half]) if record.kind == Kind.TICK)
    wait_for_all(city, nursery, roles, int(last.batch.time_us[0]))
    roles["second"] = roles["first"]
    nursery.keep(roles)
    time.sleep(2 * LENT_S)
    nursery.kill("first")
    del roles["first"]
    take_in(city, log[half:], 0.0)
    wait_for_all(city, nursery, roles, int(log[-1].batch.time_us[0]))
    for role in roles:
        nursery.kill(role)

    assert city.found() == expected(log)


def test_findings_are_given_out_behind_any_position(nursery: Nursery, city: City) -> None:
    log = whole_log(60, 7)
    fold_whole(city, nursery, log)
    stream = city.layout.findings(city.link, 0)
    every = list(findings(stream, 0, after=0))
    middle = every[len(every) // 2].position

    assert [found.position for found in findings(stream, 0, after=middle)] == [
        found.position for found in every if found.position > middle
    ]
    assert all(found.partition == 0 and found.findings for found in every)
    assert {finding.kind for found in every for finding in found.findings} <= {"sensor", "area"}
