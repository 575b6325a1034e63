"""The durable log: what sync returned for is there after anything, in order, once; damage is always told."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.catalog.texts import texts
from anlan.sense.stream.log import Kind, LogFault, LogReader, SegmentLog
from sense.stream.logs import SMALL, Disk, add, assert_is, batch, last_file, notes, written

BIG = 1 << 24
tmp_per_example = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)


def reopened(folder: Path) -> list[int]:
    """Open a log, and see that it holds what was written and takes more."""
    log = SegmentLog(folder, segment_bytes=SMALL)
    held = list(notes(log))
    position = add(log, log.end)
    log.sync(position)
    assert notes(log, position) == [position]
    log.close()
    return held


def fault_of(folder: Path) -> LogFault:
    with pytest.raises(LogFault) as caught:
        reopened(folder)
    return caught.value


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=30), st.integers(100, 3000), st.integers(1, 40))
@tmp_per_example
def test_what_is_appended_is_read_from_any_position(
    tmp_path: Path, rows: list[tuple[int, bool]], segment_bytes: int, start: int
) -> None:
    shutil.rmtree(tmp_path / "l", ignore_errors=True)
    log = SegmentLog(tmp_path / "l", segment_bytes=segment_bytes)
    for number, (count, sync) in enumerate(rows, 1):
        assert add(log, number, count) == number
        if sync:
            log.sync(number)
    assert (log.begin, log.end) == (1, len(rows) + 1)
    log.close()

    log = SegmentLog(tmp_path / "l", segment_bytes=segment_bytes)
    found = list(log.read(start))

    assert [record.position for record in found] == list(range(start, len(rows) + 1))
    for record in found:
        assert_is(record, record.position, record.position, rows[record.position - 1][0])
    log.close()


def test_only_what_is_durable_is_read(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=SMALL)
    add(log, 1)
    assert list(log.read(1)) == []
    log.sync(1)
    add(log, 2)

    assert notes(log) == [1]
    with pytest.raises(ValueError, match="no record 3"):
        log.sync(3)
    log.close()


def test_reading_takes_what_was_durable_at_the_call_while_more_is_written(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=SMALL)
    log.sync(add(log, 1))
    reading = log.read(1)
    for number in range(2, 200):
        log.sync(add(log, number))

    assert [record.position for record in reading] == [1]
    assert notes(log, 150) == list(range(150, 200))
    log.close()


def test_writing_into_what_was_read_changes_nothing_but_the_readers_copy(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=SMALL)
    log.sync(add(log, 1))
    next(iter(log.read(1))).batch.value[:] = 0.0

    assert notes(log) == [1]
    log.close()


@pytest.mark.parametrize("durable", [0, 2])
def test_a_tail_cut_at_any_byte_leaves_all_that_was_durable_and_a_prefix_of_the_rest(
    tmp_path: Path, durable: int
) -> None:
    safe = written(tmp_path / "whole", durable, 3)
    size = last_file(tmp_path / "whole").stat().st_size
    for cut in range(size + 1):
        folder = tmp_path / "cut"
        shutil.copytree(tmp_path / "whole", folder)
        with last_file(folder).open("r+b") as file:
            file.truncate(cut)
        if cut < safe:
            assert fault_of(folder).code in {"log.corrupt", "log.lost"}
        else:
            held = reopened(folder)
            assert held == list(range(1, len(held) + 1))
            assert durable <= len(held) <= durable + 3 - (cut < size)
        shutil.rmtree(folder)


def test_a_flipped_byte_anywhere_is_an_error_where_it_was_durable_and_a_torn_tail_where_it_was_not(
    tmp_path: Path,
) -> None:
    safe = written(tmp_path / "whole", 2, 2)
    whole = last_file(tmp_path / "whole").read_bytes()
    for place in range(len(whole)):
        folder = tmp_path / "hurt"
        shutil.copytree(tmp_path / "whole", folder)
        last_file(folder).write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        if place < safe:
            fault = fault_of(folder)
            assert fault.code == "log.corrupt"
            assert fault.value == last_file(folder).name
            assert 0 <= fault.params["offset"] <= place
        else:
            assert reopened(folder) in ([1, 2], [1, 2, 3])
        shutil.rmtree(folder)


@given(st.data(), st.integers(1, 4), st.integers(1, 6), st.booleans())
@tmp_per_example
def test_after_a_power_cut_unflushed_sectors_may_hold_anything(
    tmp_path: Path, data: st.DataObject, durable: int, lost: int, mark_lost: bool
) -> None:
    """Sectors of 512 bytes behind the flushed size are kept, zeroed or never written, each by itself."""
    shutil.rmtree(tmp_path / "l", ignore_errors=True)
    safe = written(tmp_path / "l", durable, lost, BIG)
    file = last_file(tmp_path / "l")
    whole = bytearray(file.read_bytes())
    for start in range(safe, len(whole), 512):
        if data.draw(st.booleans()):
            stop = min(start + 512, len(whole))
            whole[start:stop] = bytes(stop - start)
    file.write_bytes(whole[: data.draw(st.integers(safe, len(whole)))])
    if mark_lost:
        (tmp_path / "l" / "durable").unlink()

    held = reopened(tmp_path / "l")

    assert held == list(range(1, len(held) + 1))
    assert durable <= len(held) <= durable + lost


def test_damage_before_a_record_that_knew_it_durable_is_an_error_even_without_the_mark(tmp_path: Path) -> None:
    written(tmp_path, 3, 0)
    (tmp_path / "durable").unlink()
    file = last_file(tmp_path)
    hurt = bytearray(file.read_bytes())
    hurt[32 + 64 + 5] ^= 1
    file.write_bytes(hurt)

    fault = fault_of(tmp_path)

    assert (fault.code, fault.params["offset"]) == ("log.corrupt", 32)


def test_damage_in_a_closed_segment_is_told_with_its_place_when_it_is_read(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=SMALL)
    for number in range(1, 101):
        log.sync(add(log, number))
    middle = sorted(tmp_path.glob("*.log"))[1]
    hurt = bytearray(middle.read_bytes())
    hurt[-20] ^= 1
    middle.write_bytes(hurt)

    with pytest.raises(LogFault, match=middle.name):
        notes(log)

    assert notes(log, int(sorted(tmp_path.glob("*.log"))[2].stem))[-1] == 100
    log.close()


def test_a_whole_segment_that_is_gone_is_an_error(tmp_path: Path) -> None:
    written(tmp_path, 100, 0)
    files = sorted(tmp_path.glob("*.log"))
    files[1].unlink()
    log = SegmentLog(tmp_path, segment_bytes=SMALL)

    with pytest.raises(LogFault, match=r"log is damaged|is not there"):
        notes(log)

    log.close()
    for file in files[2:]:
        file.unlink()
    files[0].unlink()
    assert fault_of(tmp_path).code == "log.lost"


def test_trimming_forgets_whole_segments_and_never_the_last(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=SMALL)
    for number in range(1, 101):
        log.sync(add(log, number))
    log.trim(60)
    begin = log.begin

    assert 1 < begin <= 60
    assert notes(log) == list(range(begin, 101))
    with pytest.raises(LogFault, match="forgotten"):
        list(log.read(1))
    log.trim(10_000)
    assert len(list(tmp_path.glob("*.log"))) == 1
    last = log.begin
    log.close()

    assert reopened(tmp_path) == list(range(last, 101))


def test_a_segment_that_is_only_planned_does_not_free_the_one_before_it(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=100)
    log.sync(add(log, 1))
    add(log, 2)
    log.trim(2)

    assert notes(log) == [1]
    log.close()
    assert reopened(tmp_path) == [1, 2]


def test_one_writer_owns_a_folder_and_others_may_read_what_is_durable(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=SMALL)
    reader = LogReader(tmp_path)
    assert (reader.begin, reader.end, list(reader.read(1))) == (1, 1, [])
    for number in range(1, 101):
        log.sync(add(log, number))
    add(log, 101)
    with pytest.raises(LogFault) as caught:
        SegmentLog(tmp_path, segment_bytes=SMALL)

    assert caught.value.code == "log.owned"
    assert (reader.begin, reader.end) == (1, 101)
    assert [record.position for record in reader.read(40)] == list(range(40, 101))
    assert list(reader.closed_segments()) == list(log.closed_segments())
    log.close()
    assert reader.end == 102
    reader.close()
    SegmentLog(tmp_path, segment_bytes=SMALL).close()


def test_a_flush_that_fails_poisons_the_log_for_all_and_acknowledges_nothing(tmp_path: Path) -> None:
    disk = Disk()
    log = SegmentLog(tmp_path, segment_bytes=BIG, flush=disk.flush)
    log.sync(add(log, 1))
    disk.broken = True
    position = add(log, 2)
    codes: list[str] = []

    def wait() -> None:
        try:
            log.sync(position)
        except LogFault as fault:
            codes.append(fault.code)

    threads = [threading.Thread(target=wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    disk.broken = False  # a second flush would succeed, and prove nothing

    assert codes == ["log.failed"] * 5
    with pytest.raises(LogFault, match="takes nothing more"):
        add(log, 3)
    assert notes(log) == [1]
    log.close()


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    program = Path(__file__).with_name("log_writer.py")
    done = subprocess.run(
        [sys.executable, str(program), "full", str(tmp_path / "l")], capture_output=True, text=True, check=True
    )
    acknowledged = int(done.stdout)

    assert acknowledged > 10
    assert len(reopened(tmp_path / "l")) >= acknowledged


def test_many_threads_append_and_wait_and_one_flush_serves_many(tmp_path: Path) -> None:
    disk = Disk()
    log = SegmentLog(tmp_path, segment_bytes=SMALL * 4, flush=disk.flush)
    threads_, each = 16, 60
    seen: list[list[int]] = [[] for _ in range(threads_)]
    together = threading.Barrier(threads_)

    def work(who: int) -> None:
        together.wait()
        for turn in range(each):
            position = log.append(
                Kind.OBSERVED, batch(who), received_us=turn, source=str(who), origin=turn, note=bytes(who)
            )
            log.sync(position)
            assert next(iter(log.read(position))).position == position
            seen[who].append(position)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(threads_)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not any(thread.is_alive() for thread in threads)
    assert sorted(p for positions in seen for p in positions) == list(range(1, threads_ * each + 1))
    for record in log.read(1):
        who = int(record.source)
        assert seen[who][record.origin] == record.position
    assert disk.flushes < threads_ * each
    log.close()


def test_more_than_memory_should_hold_is_written_before_anybody_waits(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=1 << 22)
    for number in range(1, 31):
        add(log, number, 30_000)
    before = sum(path.stat().st_size for path in tmp_path.glob("*.log"))
    log.sync(30)

    assert before > 1 << 22
    assert [record.position for record in log.read(1)] == list(range(1, 31))
    log.close()


def test_a_closed_log_takes_nothing(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=SMALL)
    add(log, 1)
    log.close()
    log.close()

    with pytest.raises(LogFault, match="closed"):
        add(log, 2)
    assert reopened(tmp_path) == [1]


def test_every_fault_of_the_log_has_a_text() -> None:
    folder = Path(__file__).parents[3] / "src" / "anlan" / "sense" / "stream"
    source = "".join((folder / name).read_text() for name in ("log.py", "segments.py", "folder.py", "records.py"))
    codes = {word.split('"')[0] for word in source.split('("')[1:] if word.startswith("log.")}

    assert len(codes) >= 8
    assert codes <= set(texts("zh"))
