"""The commands as a stranger types them: exit codes, words, places of faults."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from anlan.cli.founding import found_world


def anlan(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in English."""
    command = [sys.executable, "-m", "anlan.cli", *words]
    environment = {"ANLAN_LANG": "en", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cli") / "world"
    found_world(made, None, "admin", "a river runs past the door")
    return made


def test_verbs_lists_every_verb_with_what_it_does() -> None:
    told = json.loads(anlan("verbs", "--json").stdout)["items"]

    assert {"task.open", "warning.issue", "stock.move"} <= {item["verb"] for item in told}
    assert all(item["summary"] and item["arguments"]["properties"] is not None for item in told)


def test_an_act_prints_its_outcome_and_a_refusal_names_place_value_and_rule(folder: Path) -> None:
    good = anlan(
        "act",
        "user.create",
        '{"user": "li.wei", "name": "Li Wei", "area": "310117"}',
        "--data",
        str(folder),
        "--as",
        "admin",
    )
    bad = anlan(
        "act", "user.create", '{"user": "X", "name": 5, "area": "310117"}', "--data", str(folder), "--as", "admin"
    )
    unknown = anlan("act", "user.creat", "{}", "--data", str(folder), "--as", "admin")
    not_json = anlan("act", "user.create", "{", "--data", str(folder), "--as", "admin")

    assert json.loads(good.stdout)["verb"] == "user.create"
    assert bad.returncode == 1
    assert "args.name: 5" in bad.stderr
    assert "should be text" in bad.stderr
    assert "user.create" in unknown.stderr
    assert not_json.returncode == 2
    assert "line 1" in not_json.stderr


def test_a_folder_without_a_world_is_named(tmp_path: Path) -> None:
    told = anlan("journal", "head", "--data", str(tmp_path))

    assert told.returncode == 2
    assert str(tmp_path) in told.stderr


def test_broken_policy_is_told_with_file_line_key_value_and_what_would_be_right(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(
        "reactions:\n  loop:\n    zh: 环\n    en: loop\n    on: alarm.open\n"
        "    where: entry.data.grade ==\n    do: task.open\n"
    )
    told = anlan("catalog", "check", str(tmp_path))

    assert told.returncode == 1
    assert "rules.yaml:6" in told.stdout
    assert "where" in told.stdout


def test_yaml_that_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("roles:\n  a: [1, 2\n  b: 3\n")
    told = anlan("catalog", "check", str(tmp_path))

    assert told.returncode == 1
    assert "broken.yaml:" in told.stdout


def test_a_plan_whose_action_depends_on_itself_is_a_fault_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(
        "plans:\n  shanghai-flood:\n    actions:\n      a: {zh: 甲, en: a, role: duty_officer, desk: city,"
        " minutes: 5, depends: [a], from_level: IV, targets: all_in_scope}\n"
    )
    told = anlan("catalog", "check", str(tmp_path), "--over", "shanghai")

    assert told.returncode == 1
    assert "plan.yaml:" in told.stdout
    assert "depends" in told.stdout


def test_sound_policy_and_a_sound_city_pass() -> None:
    assert anlan("catalog", "check").returncode == 0
    assert anlan("city", "validate").returncode == 0


def test_verify_holds_on_a_sound_journal_and_names_the_entry_that_was_altered(tmp_path: Path) -> None:
    found_world(tmp_path / "w", None, "admin", "a river runs past the door")
    assert anlan("journal", "verify", "--data", str(tmp_path / "w")).returncode == 0
    with sqlite3.connect(tmp_path / "w" / "anlan.db") as connection:
        connection.execute("UPDATE journal SET entry = replace(entry, 'admin', 'nimda') WHERE seq = 2")
    connection.close()
    told = anlan("journal", "verify", "--data", str(tmp_path / "w"))

    assert told.returncode == 1
    assert "entry 2" in told.stderr


def test_an_unknown_benchmark_is_told_with_those_there_are() -> None:
    told = anlan("bench", "speed")

    assert told.returncode == 2
    assert "journal" in told.stderr


def test_a_recording_is_replayed_and_told_what_became_of_it(folder: Path, tmp_path: Path) -> None:
    own = ["--data", str(folder), "--as", "admin"]
    gauge = {
        "id": "g:d",
        "asset": "underpass-310117001-1",
        "quantity": "ponding_depth",
        "unit": "m",
        "area": "310117001",
    }
    gauge |= {"lon": 121.2, "lat": 31.0, "name_zh": "x", "name_en": "x"}
    anlan("act", "sensor.register", json.dumps({"items": [gauge]}), *own)
    anlan("act", "user.create", '{"user": "gauge", "name": "Gateway", "area": "310117"}', *own)
    anlan("act", "user.grant", '{"user": "gauge", "role": "instrument", "area": "310117"}', *own)
    recording = tmp_path / "readings.csv"
    recording.write_text(
        "sensor,at,value\ng:d,2024-09-15T08:00:00Z,0.1\ng:d,2024-09-15T08:05:00Z,0.6\ng:d,2024-09-15T08:05:00Z,0.6\nnobody,2024-09-15T08:05:00Z,1\n"
    )
    told = json.loads(anlan("replay", str(recording), "--data", str(folder), "--as", "gauge").stdout)
    broken = tmp_path / "broken.csv"
    broken.write_text("sensor,at\nx,2024-09-15T08:00:00Z\n")
    refused = anlan("replay", str(broken), "--data", str(folder), "--as", "gauge")

    assert (told["rows"], told["accepted"], told["refused_count"], told["duplicate"]) == (4, 3, 1, 1)
    assert refused.returncode == 1
    assert "broken.csv" in refused.stderr


def test_a_night_is_not_played_over_somebody_elses_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear diary")
    for place in (folder, tmp_path):
        told = anlan("demo", "--headless", "--data", str(place))
        assert told.returncode == 1, place
        assert str(place) in told.stderr
    assert (folder / "world.json").exists()
    assert (tmp_path / "letter.txt").exists()
