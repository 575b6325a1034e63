"""The NATS door against a real server: acknowledged only when durable, given again otherwise."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import nats
import pytest
import yaml

from anlan.kernel.clock import SimClock
from anlan.sense.doors.doors import Doors
from sense.doors.faking import FakeTaker, distinct
from sense.doors.servers import Server, nats_server, until
from sense.doors.standing import Standing

SUBJECT = "anlan.v1.gateway.observations"


def single(value: float) -> bytes:
    return json.dumps({"sensor": "a", "at": "2024-09-15T08:00:00Z", "value": value}).encode()


def publish(port: int, *messages: tuple[str, bytes]) -> None:
    """Publish into the stream, each message acknowledged by the server."""

    async def sending() -> None:
        connection = await nats.connect(f"nats://127.0.0.1:{port}")
        stream = connection.jetstream()
        for subject, payload in messages:
            await stream.publish(subject, payload)
        await connection.close()

    asyncio.run(sending())


def unacknowledged(port: int) -> int:
    """Return how many messages the consumer has neither been given nor acknowledged."""

    async def asking() -> Any:
        connection = await nats.connect(f"nats://127.0.0.1:{port}")
        found = await connection.jetstream().consumer_info("OBSERVATIONS", "anlan")
        await connection.close()
        return found

    info = asyncio.run(asking())
    return int(info.num_pending or 0) + int(info.num_ack_pending or 0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = nats_server(tmp_path / "nats")
    made.start()

    async def making() -> None:
        connection = await nats.connect(f"nats://127.0.0.1:{made.port}")
        await connection.jetstream().add_stream(name="OBSERVATIONS", subjects=["anlan.v1.>"])
        await connection.close()

    asyncio.run(making())
    yield made
    made.stop()


@pytest.fixture
def opened(standing: Standing, server: Server) -> Iterator[Callable[..., Standing]]:
    def opening(**more: object) -> Standing:
        door = {
            "name": "stream",
            "url": f"nats://127.0.0.1:{server.port}",
            "stream": "OBSERVATIONS",
            "durable": "anlan",
            "subject": "anlan.v1.*.observations.>",
            **more,
        }
        (standing.world.folder / "doors.yaml").write_text(yaml.safe_dump({"nats": [door]}), encoding="utf-8")
        standing.doors.start()
        until(lambda: standing.doors.states[0].open)
        return standing

    yield opening
    standing.doors.stop()


def test_messages_arrive_in_order_and_are_acknowledged(opened: Callable[..., Standing], server: Server) -> None:
    standing = opened(subject="anlan.v1.>")
    publish(server.port, *((SUBJECT, single(number)) for number in range(50)))
    publish(server.port, (f"{SUBJECT}.csv", b"sensor,at,value\na,2024-09-15T08:00:00Z,50\n"))

    until(lambda: len(standing.taker.values()) == 51)
    assert standing.taker.values() == [float(number) for number in range(51)]
    until(lambda: unacknowledged(server.port) == 0)


def test_nothing_is_acknowledged_before_it_is_durable(
    opened: Callable[..., Standing], server: Server, standing: Standing
) -> None:
    opened(subject="anlan.v1.>")
    standing.taker.hold = True
    publish(server.port, *((SUBJECT, single(number)) for number in range(20)))
    until(lambda: len(standing.taker.values()) == 20)

    assert unacknowledged(server.port) == 20
    standing.taker.release()
    until(lambda: unacknowledged(server.port) == 0)


def test_what_cannot_be_made_durable_comes_again(opened: Callable[..., Standing], server: Server) -> None:
    standing = opened(subject="anlan.v1.>")
    standing.taker.fault = OSError("no room on the disk")
    publish(server.port, (SUBJECT, single(5)))
    until(lambda: unacknowledged(server.port) == 1)

    standing.taker.fault = None

    until(lambda: standing.taker.values() == [5.0])
    until(lambda: unacknowledged(server.port) == 0)


def test_a_server_that_was_away_has_kept_everything(opened: Callable[..., Standing], server: Server) -> None:
    standing = opened(subject="anlan.v1.>")
    publish(server.port, (SUBJECT, single(1)))
    until(lambda: standing.taker.values() == [1.0])
    standing.doors.stop()
    publish(server.port, (SUBJECT, single(2)))
    server.stop()
    taker = FakeTaker()
    doors = Doors(standing.world, taker)
    doors.start()
    until(lambda: doors.states[0].error != "")

    server.start()

    until(lambda: 2.0 in distinct(taker.values()), 60)
    doors.stop()


def test_over_its_quota_a_sources_messages_wait(
    opened: Callable[..., Standing], server: Server, clock: SimClock
) -> None:
    standing = opened(subject="anlan.v1.>")
    standing.register(quota_per_s=1)
    publish(server.port, (SUBJECT, json.dumps([["a", "2024-09-15T08:00:00Z", n] for n in range(100)]).encode()))
    until(lambda: len(standing.taker.values()) == 100)
    publish(server.port, (SUBJECT, single(100)), ("anlan.v1.stranger.observations", single(0)))
    until(lambda: standing.doors.intake.tally.of("gateway").held > 0)

    assert (len(standing.taker.values()), unacknowledged(server.port)) == (100, 1)
    clock.advance_to(clock.now() + timedelta(seconds=100))
    until(lambda: len(standing.taker.values()) == 101)
