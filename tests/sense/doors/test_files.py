"""Files: taken whole, moved with a report, and safe against ends in the middle."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anlan.kernel.clock import SimClock
from anlan.sense.doors import files
from anlan.sense.doors.config import Watch
from anlan.sense.doors.files import take_file
from anlan.sense.doors.watching import Watcher
from sense.doors.faking import FakeTaker
from sense.doors.standing import Standing

AT = "2024-09-15T08:00:00Z"


def csv_file(path: Path, values: list[float]) -> Path:
    lines = ["sensor,at,value", *(f"a,{AT},{value}" for value in values)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_csv_file_is_taken_in_pieces_and_every_row_once(standing: Standing, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "large.csv", [float(number) for number in range(250_000)])
    sender = standing.register(quota_per_s=1e9)

    report = take_file(path, sender, standing.doors.intake)

    assert path.stat().st_size > files._PIECE_BYTES
    assert (report.accepted, report.taken, standing.taker.messages > 1) == (250_000, True, True)
    assert standing.taker.values() == [float(number) for number in range(250_000)]


def test_a_parquet_file_is_taken_and_its_faulty_rows_are_told(standing: Standing, tmp_path: Path) -> None:
    at = pa.array([1726387200_000_000] * 3, pa.timestamp("us", "UTC"))
    table = pa.table({"sensor": ["a", "", "b"], "at": at, "value": [1.0, 2.0, None]})
    pq.write_table(table, tmp_path / "night.parquet")

    report = take_file(tmp_path / "night.parquet", standing.register(), standing.doors.intake)

    assert (report.accepted, dict(report.refused)) == (2, {"observation.name": 1})
    assert [(told["row"], told["rule"]) for told in report.first] == [(1, "observation.name")]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("empty.csv", b"", "message.columns"),
        ("other.csv", b"time,level\n1,2\n", "message.columns"),
        ("broken.parquet", b"PAR1 and no more", "file.parquet"),
        ("latin.csv", b"sensor,at,value\n\xe9,5,1\n", "message.csv"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    standing: Standing, tmp_path: Path, name: str, content: bytes, fault: str
) -> None:
    (tmp_path / name).write_bytes(content)

    report = take_file(tmp_path / name, standing.register(), standing.doors.intake)

    assert (report.accepted, report.fault) == (0, fault)


@pytest.fixture
def watcher(standing: Standing, tmp_path: Path) -> Watcher:
    (tmp_path / "incoming" / "gateway").mkdir(parents=True)
    config = Watch(name="watch", folder=tmp_path / "incoming")
    return Watcher(config, standing.doors.intake, standing.doors.senders, standing.world.folder)


def test_a_file_is_taken_when_it_has_stopped_growing_and_moved_with_its_report(
    standing: Standing, watcher: Watcher, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming" / "gateway"
    path = csv_file(folder / "one.csv", [1.0])
    assert watcher.look() == []  # seen for the first time
    csv_file(path, [1.0, 2.0])
    os.utime(path, ns=(1, 1))
    assert watcher.look() == []  # it grew
    (report,) = watcher.look()

    assert report.accepted == 2
    assert standing.taker.values() == [1.0, 2.0]
    assert sorted(found.name for found in (folder / "done").iterdir()) == ["one.csv", "one.csv.report.json"]
    assert json.loads((folder / "done" / "one.csv.report.json").read_text())["accepted"] == 2
    assert watcher.look() == []


def test_what_cannot_be_read_is_put_aside_and_names_are_kept_apart(
    standing: Standing, watcher: Watcher, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming" / "gateway"
    for _ in range(2):
        (folder / "bad.csv").write_bytes(b"x,y\n")
        watcher.look()
        watcher.look()

    found = sorted(path.name for path in (folder / "refused").iterdir())
    assert found == ["bad-2.csv", "bad-2.csv.report.json", "bad.csv", "bad.csv.report.json"]


def test_parts_hidden_files_links_and_folders_of_strangers_are_left_alone(
    standing: Standing, watcher: Watcher, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming" / "gateway"
    stranger = tmp_path / "incoming" / "stranger"
    stranger.mkdir()
    for path in (folder / "one.csv.part", folder / ".one.csv", folder / "notes.txt", stranger / "one.csv"):
        csv_file(path, [1.0])
    (folder / "link.csv").symlink_to(stranger / "one.csv")
    watcher.look()

    assert watcher.look() == []
    assert standing.taker.values() == []
    standing.register("stranger")
    assert [report.source for report in watcher.look()] == ["stranger"]


def test_a_file_on_a_full_disk_stays_and_is_taken_later(
    make_standing: Callable[..., Standing], clock: SimClock, tmp_path: Path
) -> None:
    class Full(FakeTaker):
        def take(self, source, rows):  # type: ignore[no-untyped-def]
            if self.fault is not None:
                raise self.fault
            return super().take(source, rows)

    standing = make_standing(clock, Full(fault=OSError("no room")))
    standing.register()
    folder = tmp_path / "incoming" / "gateway"
    folder.mkdir(parents=True)
    csv_file(folder / "one.csv", [1.0])
    config = Watch(name="watch", folder=tmp_path / "incoming")
    watcher = Watcher(config, standing.doors.intake, standing.doors.senders, standing.world.folder)
    watcher.look()
    with pytest.raises(OSError, match="no room"):
        watcher.look()
    standing.taker.fault = None

    (report,) = watcher.look()

    assert report.accepted == 1


def test_an_end_between_taking_and_moving_leaves_the_file_to_be_taken_again(
    standing: Standing, watcher: Watcher, tmp_path: Path
) -> None:
    class Ending(Watcher):
        def _move(self, path: Path, where: str, report: files.Report) -> None:
            raise KeyboardInterrupt

    folder = tmp_path / "incoming" / "gateway"
    csv_file(folder / "one.csv", [1.0, 2.0])
    ending = Ending(watcher.config, standing.doors.intake, standing.doors.senders, standing.world.folder)
    ending.look()
    with pytest.raises(KeyboardInterrupt):
        ending.look()
    assert (folder / "one.csv").exists()

    watcher.look()
    (report,) = watcher.look()

    assert report.accepted == 2
    assert not (folder / "one.csv").exists()
    assert standing.taker.values() == [1.0, 2.0, 1.0, 2.0]  # the rules and the history drop what comes twice
