"""Kill the server with SIGKILL at random moments: what was acknowledged is there, nothing twice, all verifies."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from anlan.kernel.access import Actor, Grant
from anlan.kernel.entries import entries
from anlan.kernel.tables import receipts, timers
from anlan.root import WorldFile, open_world

KILLS = int(os.environ.get("ANLAN_TEST_KILLS", "200"))
CLIENTS = 3
BOSS = Actor("boss", (Grant("administrator", "310000"), Grant("auditor", "310000")))


class Nursery:
    """Starts real servers quickly and kills them without mercy."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("crash_server.py")
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, str(program)], stdin=pipe, stdout=pipe, text=True)
        assert self._answer() == "ready"

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def start(self, folder: Path, port: int) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{folder} {port}\n")
        self._process.stdin.flush()
        pid = int(self._answer())
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return pid
            time.sleep(0.005)
        raise TimeoutError("the server did not come up")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@dataclass
class Client:
    """Somebody who notes things, and asks again with the same key until it is acknowledged, as a good client does."""

    number: int
    token: str
    port: int
    acknowledged: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    pending: str | None = None

    def work(self, stop: threading.Event) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=10) as http:
            while not stop.is_set():
                if self.pending is None:
                    self.sent += 1
                    self.pending = f"c{self.number}-{self.sent}"
                body = {"text": self.pending, "area": "310117"}
                try:
                    answer = http.post(
                        "/api/v1/actions/duty.note", json=body, headers={"Idempotency-Key": self.pending}
                    )
                except httpx2.TransportError:
                    time.sleep(0.005)  # the server is not there yet, or no longer: ask again with the same key
                    continue
                assert answer.status_code == 200, answer.text
                self.acknowledged[self.pending] = answer.json()["seq"]
                self.pending = None


def free_port() -> int:
    """Return a port that no outgoing connection can be given: those are taken from 32768 up."""
    for port in range(20_000 + os.getpid() % 5000, 30_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no port is free")


def found(folder: Path, store: str | None) -> str:
    """Make a world with one duty officer and return a token for it."""
    WorldFile(store=store).write(folder)
    world = open_world(folder)
    world.act(BOSS, "user.create", {"user": "li.wei", "name": "Li Wei", "area": "310117"})
    world.act(BOSS, "user.grant", {"user": "li.wei", "role": "duty_officer", "area": "310117"})
    token = world.act(BOSS, "token.issue", {"user": "li.wei", "label": "crash test"}).secret["token"]
    world.close()
    return str(token)


def work_and_kill(nursery: Nursery, folder: Path, clients: list[Client], pause_s: float, *, warm: bool) -> None:
    """Let a server work and kill it: at any moment from its start, or once it has acknowledged something."""
    pid = nursery.start(folder, clients[0].port)
    stop = threading.Event()
    before = sum(len(client.acknowledged) for client in clients)
    threads = [threading.Thread(target=client.work, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 30
    while warm and sum(len(client.acknowledged) for client in clients) == before:
        assert time.monotonic() < deadline, "nobody reaches the server"
        time.sleep(0.002)
    time.sleep(pause_s)
    os.kill(pid, signal.SIGKILL)
    stop.set()
    for thread in threads:
        thread.join()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def place(request: pytest.FixtureRequest) -> tuple[str | None, int]:
    """Where the store is, and how many of the kills it gets."""
    if request.param == "sqlite":
        return None, KILLS * 3 // 4
    return request.getfixturevalue("_fresh_postgres"), KILLS - KILLS * 3 // 4


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    nursery: Nursery, tmp_path: Path, place: tuple[str | None, int]
) -> None:
    store, kills = place
    token, port = found(tmp_path, store), free_port()
    clients = [Client(number, token, port) for number in range(CLIENTS)]
    chance = random.Random(7)
    for number in range(kills):
        work_and_kill(nursery, tmp_path, clients, chance.uniform(0.0, 0.1), warm=number % 4 != 0)

    world = open_world(tmp_path)
    with world.read(BOSS, "journal") as reader:
        seen: list[dict[str, object]] = []
        while page := entries(reader, after=int(str(seen[-1]["seq"])) if seen else 0, limit=1000, verbs=("duty.note",)):
            seen += page
    noted = [(str(dict(e["args"])["text"]), e["seq"]) for e in seen]  # type: ignore[call-overload]
    verdict = world.verify_journal()
    with world.store.read() as conn:
        kept = conn.scalar(sa.select(sa.func.count()).select_from(receipts))
        assert all(isinstance(due, datetime) for due in conn.scalars(sa.select(timers.c.due)))
    world.close()

    acknowledged = {(key, seq) for client in clients for key, seq in client.acknowledged.items()}
    assert len(acknowledged) > kills
    assert acknowledged <= set(noted)
    assert len({text for text, _ in noted}) == len(noted)
    assert kept is not None
    assert kept >= len(noted)
    assert verdict.holds, verdict
