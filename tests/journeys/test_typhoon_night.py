"""The typhoon night, told as a story: what must have happened by the morning, and that it happens the same again."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from anlan.catalog.schema.base import GRADES
from anlan.demo.night import headless
from anlan.kernel import journal as log
from anlan.kernel.journal import entry_of
from anlan.kernel.tables import journal
from anlan.kernel.world import World
from anlan.root import open_world

GIB = 1024**3


def entries(world: World, verb: str) -> list[dict[str, Any]]:
    with world.store.read() as conn:
        found = conn.execute(sa.select(journal).where(journal.c.verb == verb).order_by(journal.c.seq)).mappings().all()
    return [entry_of(row) for row in found]


def test_the_loop_goes_all_the_way_round(night: World) -> None:
    for verb in (
        "sense.ingest", "sense.follow", "alarm.open", "forecast.run", "warning.draft", "warning.submit",
        "warning.approve", "warning.issue", "plan.propose", "plan.activate",
        "task.open", "task.accept", "task.submit", "task.verify",
        "task.escalate", "incident.open", "report.draft", "report.send", "need.estimate", "allocation.propose",
        "allocation.confirm", "stock.move", "shelter.open", "shelter.admit", "review.compile", "warning.relay",
    ):  # fmt: skip
        assert entries(night, verb), verb


def test_every_entry_of_the_loop_knows_what_led_to_it(night: World) -> None:
    verbs = ("alarm.open", "alarm.raise", "sense.follow", "forecast.run")
    by_seq = {e["seq"]: e for verb in verbs for e in entries(night, verb)}
    for forecast in entries(night, "forecast.run"):
        refreshed = forecast["data"]["cause"] == "refresh"
        led = {"forecast.run"} if refreshed else {"alarm.open", "alarm.raise"}
        assert by_seq[forecast["because"]]["verb"] in led
    for alarm in entries(night, "alarm.open"):
        assert by_seq[alarm["because"]]["verb"] == "sense.follow"


def test_no_warning_was_issued_by_one_person(night: World) -> None:
    drafted = {e["subject"]: e["by"] for e in entries(night, "warning.submit")}
    approved = {e["subject"]: e["by"] for e in entries(night, "warning.approve")}
    for issued in entries(night, "warning.issue"):
        assert drafted[issued["subject"]] != approved[issued["subject"]]
        assert not approved[issued["subject"]].startswith("system:")


def test_tasks_fell_due_on_four_levels_desks(night: World) -> None:
    levels = {entry["data"]["level"] for entry in entries(night, "task.open")}

    assert levels == {"city", "district", "town", "village"}


def test_first_reports_were_drafted_before_their_limit(night: World) -> None:
    # A further warning asks again for what was drafted, and perhaps sent, long ago: then nothing changes.
    drafts = [e for e in entries(night, "report.draft") if e["data"]["changed"]]
    first = [e for e in drafts if e["data"]["kind"] == "first"]

    assert first
    assert all(e["at"] <= e["data"]["due"] for e in first)


def test_no_shelter_is_fuller_than_full_and_no_stock_is_below_nothing(night: World) -> None:
    for entry in entries(night, "shelter.admit"):
        assert 0 <= entry["data"]["occupants"] <= entry["data"]["capacity"]
    with night.store.read() as conn:
        assert conn.scalar(sa.text("SELECT min(quantity) FROM stock")) >= 0


def test_every_impact_has_low_best_and_high_and_a_grade(night: World) -> None:
    for entry in entries(night, "forecast.run"):
        if not entry["data"]["reused"]:
            people = entry["data"]["people"]
            assert 0 <= people["low"] <= people["best"] <= people["high"]
            assert entry["data"]["grade"] in {*GRADES, None}
            assert entry["data"]["maturity"] == "screening"


def test_every_warning_of_a_drill_says_that_it_is_one(night: World) -> None:
    for entry in entries(night, "warning.issue"):
        assert entry["data"]["status"] == "Exercise"
        assert entry["data"]["headline_zh"]


def test_the_printed_tally_agrees_with_the_journal(played: tuple[Path, dict[str, Any]], night: World) -> None:
    _, printed = played
    assert printed["synthetic"]
    assert printed["summary"]["verbs"]["alarm.open"] == len(entries(night, "alarm.open"))
    verdict = night.verify_journal()

    assert (verdict.holds, verdict.root, verdict.size) == (True, printed["tree_head"], printed["journal_length"])


def test_the_same_seed_gives_the_same_night_to_the_last_bit(
    played: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """A shorter night is a prefix of the whole one: every entry but its own last review is the same."""
    short = headless("bebinca", folder=tmp_path / "short", seed=2024, until="2024-09-16T03:00")
    world = open_world(played[0])
    with world.store.read() as conn:
        whole = log.root_at(conn, short["journal_length"] - 1).hex()
    world.close()
    other = open_world(tmp_path / "short")
    with other.store.read() as conn:
        prefix = log.root_at(conn, short["journal_length"] - 1).hex()
    other.close()

    assert whole == prefix


def test_another_seed_gives_another_night(tmp_path: Path) -> None:
    one = headless("bebinca", folder=tmp_path / "a", seed=1, until="2024-09-15T18:00")
    two = headless("bebinca", folder=tmp_path / "b", seed=2, until="2024-09-15T18:00")

    assert one["tree_head"] != two["tree_head"]


def test_the_command_prints_one_json_object_and_stays_within_four_gib(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "anlan.cli", "demo", "--headless", "--json", "--until", "2024-09-15T18:00"]
    done = subprocess.run([*command, "--data", str(tmp_path / "w")], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)

    assert {"tree_head", "wall_seconds", "journal_length", "summary"} <= set(told)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < 4 * GIB
