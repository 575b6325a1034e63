"""``anlan sense`` as a stranger types it: what goes in comes out, and a trial finds what the hand finds."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from anlan.cli.founding import found_world
from anlan.root import open_world

ENVIRONMENT = {"ANLAN_LANG": "en", "PATH": "/usr/bin:/bin"}
TOWN = "310117001"
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
RULE = """
about: {source: a test, confidence: P, from: null}
sensor_rules:
  deep_water:
    zh: 深
    en: deep water
    asset_types: [underpass]
    quantity: ponding_depth
    op: ">="
    unit: m
    grades: {yellow: {value: 0.2}, red: {value: 0.5}}
    hold_s: 60
    clear: 0.1
    clear_hold_s: 120
    max_gap_s: 600
"""


def anlan(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in English."""
    command = [sys.executable, "-m", "anlan.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)


def sense(*words: str) -> Any:
    """Run a command that must succeed, and return what it printed."""
    done = anlan("sense", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def gauge(name: str) -> dict[str, Any]:
    known = {"id": name, "asset": f"underpass-{name}", "asset_type": "underpass", "quantity": "ponding_depth"}
    return known | {"unit": "m", "area": TOWN, "lon": 121.2, "lat": 31.0, "name_zh": name, "name_en": name}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with gauges a to d, a user who hands in, and one who reads."""
    made = tmp_path_factory.mktemp("sense") / "world"
    found_world(made, None, "admin", "a river runs past the door")
    world = open_world(made)
    admin = world.actor("admin")
    world.act(admin, "sensor.register", {"items": [gauge(name) for name in "abcd"]})
    for user, role in (("gateway", "instrument"), ("lin", "analyst")):
        world.act(admin, "user.create", {"user": user, "name": user, "area": "310117"})
        world.act(admin, "user.grant", {"user": user, "role": role, "area": "310117"})
    world.close()
    return made


def written(path: Path, rows: Sequence[tuple[str, datetime, float | None]]) -> Path:
    lines = [f"{sensor},{at.isoformat()},{'' if value is None else value}" for sensor, at, value in rows]
    path.write_text("\n".join(["sensor,at,value", *lines, ""]), encoding="utf-8")
    return path


def as_gateway(folder: Path) -> list[str]:
    return ["--data", str(folder), "--as", "gateway"]


def as_lin(folder: Path) -> list[str]:
    return ["--data", str(folder), "--as", "lin"]


def test_what_is_simulated_is_labelled_repeats_with_its_seed_and_comes_out_of_the_history_as_it_went_in(
    folder: Path, tmp_path: Path
) -> None:
    first, repeated, registry = tmp_path / "gas.parquet", tmp_path / "again.csv", tmp_path / "gas.json"
    start = ["--start", "2026-07-01T00:00:00+08:00", "--hours", "30", "--sensors", "3", "--seed", "5"]
    told = sense("simulate", "gas", *start, "--out", str(first), "--registry", str(registry), "--area", TOWN)
    sense("simulate", "gas", *start, "--out", str(repeated))
    beside = json.loads((tmp_path / "gas.parquet.json").read_text(encoding="utf-8"))
    made = pl.read_parquet(first)

    assert (told["synthetic"], beside["synthetic"], beside["seed"]) == (True, True, 5)
    assert (pq.read_schema(first).metadata or {})[b"synthetic"] == b"True"
    assert pl.read_csv(repeated, schema_overrides={"at": pl.Datetime("us", "UTC")}).equals(made)
    items = json.loads(registry.read_text(encoding="utf-8"))["items"]
    assert {item["id"] for item in items} == set(made["sensor"])
    assert all(item["synthetic"] and item["area"] == TOWN for item in items)

    world = open_world(folder)
    world.act(world.actor("admin"), "sensor.register", {"items": items})
    world.close()
    taken = sense("ingest", str(first), *as_gateway(folder), "--source", "kit", "--backfill")
    span = ["--since", "2026-06-30T00:00:00Z", "--until", "2026-07-04T00:00:00Z"]
    sense("export", str(tmp_path / "out.parquet"), *as_lin(folder), *span)
    kept = pl.read_parquet(tmp_path / "out.parquet").filter(pl.col("sensor").str.starts_with("sim-"))
    sense("export", str(tmp_path / "out.csv"), *as_lin(folder), *span, "--sensor", items[0]["id"])
    again = sense("ingest", str(tmp_path / "out.csv"), *as_gateway(folder), "--source", "copy", "--backfill")

    assert (again["accepted"], again["refused_count"]) == (kept.filter(sensor=items[0]["id"]).height, 0)
    assert (taken["accepted"], taken["refused_count"], taken["alarms_opened"]) == (made.height, 0, [])
    whole = made.unique(["sensor", "at"], keep="first").sort("sensor", "at")
    assert kept.select("sensor", "at", "value").sort("sensor", "at").equals(whole)


def test_a_file_is_taken_row_by_row_and_the_newest_are_shown(folder: Path, tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    file = written(
        tmp_path / "readings.csv",
        [
            ("a", now - timedelta(minutes=2), 0.1),
            ("nobody", now, 1.0),
            ("a", now + timedelta(days=2), 0.1),
            ("a", now - timedelta(minutes=1), 0.12),
            ("b", now - timedelta(minutes=1), None),
        ],
    )
    told = sense("ingest", str(file), *as_gateway(folder), "--source", "hand")
    newest = {item["sensor"]: item for item in sense("latest", *as_lin(folder), "--quantity", "ponding_depth")["items"]}

    assert (told["accepted"], told["refused"]) == (3, {"observation.sensor": 1, "observation.future": 1})
    assert [one["row"] for one in told["first"]] == [1, 2]
    assert (told["unusable"], told["folded"]) == (1, True)
    assert (newest["a"]["value"], newest["a"]["quality"]) == (0.12, "good")
    assert (newest["b"]["value"], newest["b"]["quality"]) == (None, "missing")
    assert newest["d"]["at"] is None


def test_a_rule_is_tried_and_finds_what_the_hand_finds(folder: Path, tmp_path: Path) -> None:
    minutes = {"c": [(0, 0.3), (1, 0.3), (2, 0.6), (3, 0.6), (4, 0.0), (5, 0.0), (6, 0.0)], "d": [(0, 0.3), (1, 0.0)]}
    rows = [(name, NOON + timedelta(minutes=at), value) for name, told in minutes.items() for at, value in told]
    sense("ingest", str(written(tmp_path / "past.csv", rows)), *as_gateway(folder), "--source", "past", "--backfill")
    rule = tmp_path / "deep.yaml"
    rule.write_text(RULE, encoding="utf-8")
    span = ["--since", "2026-07-01T00:00:00Z", "--until", "2026-07-03T00:00:00Z"]
    (tried,) = sense("rules", "try", str(rule), *as_lin(folder), *span, "--json")["items"]
    table = anlan("sense", "rules", "try", str(rule), *as_lin(folder), *span).stdout

    assert (tried["rule"], tried["count"], tried["per_day"], tried["samples"]) == ("deep_water", 1, 0.5, 9)
    (alarm,) = tried["alarms"]
    assert (alarm["subject"], alarm["worst"], alarm["value"]) == ("c", "red", 0.6)
    assert datetime.fromisoformat(alarm["since"]) == NOON + timedelta(minutes=1)  # held for a minute
    assert datetime.fromisoformat(alarm["until"]) == NOON + timedelta(minutes=6)  # clear for two
    assert "1 alarms in 2 days" in table
    assert "2026-07-01T20:01:00+08:00" in table  # the city's own time


def test_faults_are_told_with_their_place_and_nothing_is_guessed(folder: Path, tmp_path: Path) -> None:
    span = ["--since", "2026-07-01T00:00:00Z", "--until", "2026-07-03T00:00:00Z"]
    faulty, bare, broken = tmp_path / "faulty.yaml", tmp_path / "bare.yaml", tmp_path / "broken.csv"
    faulty.write_text(RULE.replace("clear: 0.1", "clear: 0.9"), encoding="utf-8")
    bare.write_text("settings:\n  rule.try_days:\n    value: 2\n", encoding="utf-8")
    broken.write_text("sensor,at\na,2026-07-01T00:00:00Z\n", encoding="utf-8")
    told = anlan("sense", "rules", "try", str(faulty), *as_lin(folder), *span)
    nothing = anlan("sense", "rules", "try", str(bare), *as_lin(folder), *span)
    unread = anlan("sense", "ingest", str(broken), *as_gateway(folder), "--source", "hand")
    zoneless = anlan("sense", "export", str(tmp_path / "x.csv"), *as_lin(folder), "--since", "2026-07-01", *span[2:])
    forbidden = anlan("sense", "ingest", str(broken), *as_lin(folder), "--source", "hand")
    unseen = anlan("sense", "latest", *as_gateway(folder))
    unknown = anlan("sense", "simulate", "gass", "--out", str(tmp_path / "x.csv"))

    assert (told.returncode, nothing.returncode, unread.returncode, zoneless.returncode) == (1, 2, 1, 2)
    assert "faulty.yaml:13" in told.stderr
    assert "bare.yaml" in nothing.stderr
    assert "columns" in unread.stderr
    assert "8601" in zoneless.stderr
    assert (forbidden.returncode, "sense.ingest" in forbidden.stderr) == (1, True)
    assert (unseen.returncode, "sensor" in unseen.stderr) == (1, True)
    assert (unknown.returncode, "gas" in unknown.stderr) == (1, True)


def free_port() -> int:
    """Return a port below those that the system gives to outgoing connections."""
    for port in range(20_000 + os.getpid() % 5000, 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no port is free")


@pytest.fixture
def server(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server on the folder, which owns its log."""
    port = free_port()
    command = [sys.executable, "-m", "anlan.cli", "serve", "--data", str(folder), "--port", str(port)]
    running = subprocess.Popen(command, env=ENVIRONMENT)
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield running
    running.terminate()
    running.wait(30)


def test_beside_a_server_a_file_goes_through_the_inbox(
    folder: Path, tmp_path: Path, server: subprocess.Popen[bytes]
) -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    file = written(tmp_path / "more.csv", [("c", at, 0.07)])
    told = sense("ingest", str(file), *as_gateway(folder), "--source", "hand")
    for _ in range(10):
        newest = {item["sensor"]: item for item in sense("latest", *as_lin(folder))["items"]}
        if newest["c"]["value"] == 0.07:
            break
        time.sleep(2)

    assert (told["accepted"], told["folded"]) == (1, False)
    assert newest["c"]["value"] == 0.07
    assert server.poll() is None
