"""Letters: kept within bounds, found again, and never in the way of what is taken."""

import threading
from pathlib import Path

import pytest

from anlan.sense.doors.letters import Bounds, Letters, Mark
from anlan.sense.doors.message import Message
from anlan.sense.stream.batch import Refusal

BOUNDS = Bounds(bytes=40_000, file_bytes=4000, payload_bytes=100, days=2, per_minute=1e9)
DAY_US = 86_400_000_000
REFUSED = (Refusal(0, "observation.at", "noon", "a"),)


def message(number: int, source: str = "gateway", at_us: int = 0) -> Message:
    return Message(source, "mqtt", f"payload {number}".encode(), at_us, "json", None, "t")


def keep(letters: Letters, number: int, source: str = "gateway", at_us: int = 0) -> bool:
    return letters.keep(message(number, source, at_us), source, "310117", REFUSED, "policy")


def payloads(letters: Letters) -> list[str]:
    return [letter.payload.decode() for letter in letters.newest()]


def test_letters_are_told_newest_first_and_found_by_their_ids(tmp_path: Path) -> None:
    letters = Letters(tmp_path, BOUNDS)
    for number in range(30):
        keep(letters, number)

    assert payloads(letters) == [f"payload {number}" for number in reversed(range(30))]
    for letter in letters.newest():
        assert letters.find(letter.id) == letter


def test_the_oldest_go_when_there_are_too_many_bytes(tmp_path: Path) -> None:
    letters = Letters(tmp_path, BOUNDS)
    for number in range(1000):
        keep(letters, number)
    kept = payloads(letters)

    assert kept[0] == "payload 999"
    assert 10 < len(kept) < 300
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= BOUNDS.bytes


def test_the_oldest_go_when_they_are_too_old(tmp_path: Path) -> None:
    letters = Letters(tmp_path, BOUNDS)
    for day in range(6):
        for number in range(20):
            keep(letters, 100 * day + number, at_us=day * DAY_US)

    days = {int(payload.split()[1]) // 100 for payload in payloads(letters)}
    assert days <= {2, 3, 4, 5}  # a file goes when its newest letter is too old


def test_of_one_source_so_many_a_minute_are_kept_and_others_are_not_pushed_out(tmp_path: Path) -> None:
    few = Bounds(bytes=10**9, file_bytes=10**6, payload_bytes=100, days=2, per_minute=10)
    letters = Letters(tmp_path, few)
    kept = [keep(letters, number, "noisy") for number in range(1000)]

    assert sum(kept) == 10
    assert keep(letters, 1, "quiet")
    assert keep(letters, 1, "noisy", at_us=60_000_000)


def test_a_mark_is_seen_and_outlives_a_restart(tmp_path: Path) -> None:
    letters = Letters(tmp_path, BOUNDS)
    keep(letters, 1)
    (letter,) = letters.newest()
    letters.mark(Mark(letter.id, 5, "admin", 0, 1))
    letters.mark(Mark(letter.id, 6, "admin", 1, 0))

    again = Letters(tmp_path, BOUNDS)
    found = again.find(letter.id)
    assert found is not None
    assert found.mark == Mark(letter.id, 6, "admin", 1, 0)
    assert keep(again, 2)
    assert payloads(again) == ["payload 2", "payload 1"]


def test_a_line_cut_short_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    letters = Letters(tmp_path, BOUNDS)
    for number in range(3):
        keep(letters, number)
    (file,) = tmp_path.glob("*.jsonl")
    file.write_bytes(file.read_bytes()[:-20])

    again = Letters(tmp_path, BOUNDS)
    keep(again, 9)
    assert payloads(again) == ["payload 9", "payload 1", "payload 0"]


def test_two_processes_write_files_of_their_own(tmp_path: Path) -> None:
    stores = [Letters(tmp_path, BOUNDS) for _ in range(4)]
    threads = [threading.Thread(target=keep, args=(store, number)) for number, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(payloads(stores[0])) == [f"payload {number}" for number in range(4)]
    assert len(list(tmp_path.glob("*.jsonl"))) == 4


def test_of_a_long_payload_the_beginning_is_kept_and_said_to_be_cut(tmp_path: Path) -> None:
    letters = Letters(tmp_path, BOUNDS)
    long = Message("gateway", "mqtt", bytes(1000), 0)
    letters.keep(long, "gateway", "310117", [Refusal(n, "x") for n in range(500)], "policy")

    (letter,) = letters.newest()
    assert (letter.cut, len(letter.payload), letter.count, len(letter.refused)) == (True, 100, 500, 100)


@pytest.mark.parametrize("letter_id", ["", "1", "1-0", "99-0", "../1-0", "1-999999999999", "x-y"])
def test_what_is_no_letter_is_not_found(tmp_path: Path, letter_id: str) -> None:
    assert Letters(tmp_path, BOUNDS).find(letter_id) is None


def test_only_the_owner_of_the_folder_reads_payloads(tmp_path: Path) -> None:
    keep(Letters(tmp_path, BOUNDS), 1)

    (file,) = tmp_path.glob("*.jsonl")
    assert file.stat().st_mode & 0o077 == 0
