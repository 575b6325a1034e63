"""Acts through the gate, each journaled, signed and durable, beside the bare database writing one row durably."""

import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from anlan.kernel.access import Actor, Grant
from anlan.root import WorldFile, open_world

ACTS = 400
RUNS = 5


def _ours(folder: Path) -> list[float]:
    WorldFile().write(folder)
    world = open_world(folder)
    actor = Actor("li.wei", (Grant("duty_officer", "310117"),))
    taken = []
    for run_ in range(RUNS):
        began = time.perf_counter()
        for n in range(ACTS):
            world.act(actor, "duty.note", {"text": f"{run_} {n}", "area": "310117"}, key=f"{run_}-{n}")
        taken.append(time.perf_counter() - began)
    world.close()
    return taken


def _bare(folder: Path) -> list[float]:
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    taken = []
    for run_ in range(RUNS):
        began = time.perf_counter()
        for n in range(ACTS):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO note (text) VALUES (?)", (f"{run_} {n}",))
            connection.execute("COMMIT")
        taken.append(time.perf_counter() - began)
    connection.close()
    return taken


def run() -> list[dict[str, Any]]:
    """Measure both on the same disk in the same run."""
    with tempfile.TemporaryDirectory() as name:
        ours, bare = _ours(Path(name) / "world"), _bare(Path(name))
    own, floor = ACTS / statistics.median(ours), ACTS / statistics.median(bare)
    spread = (max(ours) - min(ours)) / statistics.median(ours)
    note = (
        "the peer writes one row and nothing else: a floor, not an equal; "
        f"median of {RUNS} runs, our spread {spread:.0%}"
    )
    return [
        {
            "case": "durable acts, one after another",
            "unit": "acts/s",
            "ours": round(own),
            "peer": "bare SQLite, one row a transaction",
            "theirs": round(floor),
            "ratio": round(own / floor, 3),
            "equal": None,
            "note": note,
        }
    ]
