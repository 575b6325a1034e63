"""The log on NATS JetStream: publishing with acknowledgements at 1 000 observations a message and one by one.

Needs a server with JetStream at ``ANLAN_TEST_NATS``. What an acknowledgement is worth is the server's matter: one
before 2.10 flushes every two minutes, so that these are no figures of a flushed log; the note says which it was.
"""

import os
import statistics
import time
from typing import Any

import numpy as np

from anlan.sense.partition.link import Link
from anlan.sense.partition.natslog import NatsLog
from anlan.sense.partition.pieces import cut, runs
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind, LogFault, Record

NATS = os.environ.get("ANLAN_TEST_NATS", "nats://127.0.0.1:4222")
RUNS = 3
SIZES = {1_000: 2_000, 1: 10_000}  # messages of each size
PARTITIONS = 64
SENSORS = 100_000


def _batch(rows: int, seed: int = 1) -> Batch:
    chance = np.random.default_rng(seed)
    return Batch.of(chance.integers(0, SENSORS, rows), np.arange(rows) * 1000, chance.normal(size=rows))


def _case(name: str, unit: str, rates: list[float], note: str, equal: bool | None = None) -> dict[str, Any]:
    middle = statistics.median(rates)
    return {
        "case": name,
        "unit": unit,
        "ours": round(middle),
        "peer": "",
        "theirs": None,
        "ratio": None,
        "equal": equal,
        "note": f"median of {RUNS}, spread {(max(rates) - min(rates)) / middle:.0%}; {note}",
    }


def _published(link: Link, subject: str, size: int, server: str) -> list[dict[str, Any]]:
    batch, messages = _batch(size), SIZES[size]
    wall, cpu, read, one_by_one, whole = [], [], [], [], True
    for number in range(RUNS):
        log = NatsLog(link, f"{subject}.n{size}x{number}")
        began, spent = time.perf_counter(), time.process_time()
        for at in range(messages):
            position = log.append(Kind.OBSERVED, batch, received_us=at, source="bench")
        log.sync(position)
        wall.append(messages * size / (time.perf_counter() - began))
        cpu.append(messages * size / (time.process_time() - spent))
        began = time.perf_counter()
        whole &= sum(len(record.batch) for record in log.read(1)) == messages * size
        read.append(messages * size / (time.perf_counter() - began))
        began = time.perf_counter()
        for at in range(300):
            log.sync(log.append(Kind.OBSERVED, batch, received_us=at, source="bench"))
        one_by_one.append(300 * size / (time.perf_counter() - began))
        log.close()
        link.run(link.streams.delete_stream(log.name))
    text = f"{size} a message"
    return [
        _case(f"publish, {text}, many on the way", "observations/s", wall, server, whole),
        _case(f"publish, {text}, many on the way", "observations/CPU-s of the client", cpu, server, whole),
        _case(f"publish, {text}, each waited for", "observations/s", one_by_one, server),
        _case(f"read, {text}", "observations/s", read, server, whole),
    ]


def _cut() -> dict[str, Any]:
    partition = np.random.default_rng(2).integers(0, PARTITIONS, SENSORS).astype(np.int32)
    log = [Record(n, Kind.OBSERVED, n, "", 0, _batch(1000, n), b"") for n in range(1, 1001)]
    rates, whole = [], True
    for _ in range(RUNS):
        began, rows = time.process_time(), 0
        for run in runs(iter(log), 20_000):
            for piece in cut(run, 0, "0", partition, PARTITIONS):
                rows += len(piece.row)
                piece.note()
        rates.append(len(log) * 1000 / (time.process_time() - began))
        whole &= rows == len(log) * 1000
    return _case(f"cut a log into {PARTITIONS} partitions", "observations/CPU-s", rates, "no server", whole)


def cases() -> list[dict[str, Any]]:
    """Measure; without a server, only what needs none."""
    found = [_cut()]
    try:
        link = Link(NATS)
    except LogFault:
        return found
    subject = f"anlan.bench.p{os.getpid()}"
    version = str(link.client.connected_server_version)
    server = f"{version}, one replica, not flushed before the answer"
    try:
        for size in SIZES:
            found += _published(link, subject, size, server)
    finally:
        link.close()
    return found
