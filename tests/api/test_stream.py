"""The live stream: what was missed, then what happens, of the reader's areas only."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from anlan.kernel.access import Actor, Grant
from anlan.kernel.world import World

SONGJIANG = Actor("x", (Grant("duty_officer", "310117"),))
PUDONG = Actor("y", (Grant("duty_officer", "310115"),))


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    thread.join()


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def note(world: World, actor: Actor, area: str, text: str) -> int:
    return world.act(actor, "duty.note", {"text": text, "area": area}).seq


def test_a_stream_gives_what_was_missed_and_then_what_happens(address: str, served: World) -> None:
    signed = httpx2.post(
        f"{address}/api/v1/session", json={"user": "sj.duty", "password": "a river runs past the door"}
    )
    before = note(served, SONGJIANG, "310117", "before")
    note(served, PUDONG, "310115", "elsewhere")
    url = f"{address}/api/v1/journal/stream?after={before - 1}"
    with httpx2.stream("GET", url, cookies=signed.cookies, timeout=20) as answer:
        told = events(answer.iter_lines())
        assert next(told)["args"]["text"] == "before"
        later = note(served, SONGJIANG, "310117", "later")
        entry = next(told)

    assert (entry["seq"], entry["args"]["text"]) == (later, "later")


def test_nobody_streams_without_signing_in(address: str) -> None:
    assert httpx2.get(f"{address}/api/v1/journal/stream").status_code == 401
