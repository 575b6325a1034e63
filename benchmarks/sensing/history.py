"""The history: rows appended to durable files beside DuckDB, PostgreSQL and SQLite; a year of one sensor beside DuckDB.

The rows are an hour of 100 000 sensors that speak once a minute, in order of time, rounded to two places as instruments
round. Each store is given them in batches, makes them durable after every million, and must give them all back.
"""

import io
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv

from anlan.sense.history.book import Book
from anlan.sense.history.closing import write_sums
from anlan.sense.history.files import Folder
from anlan.sense.history.history import History
from anlan.sense.history.parquet import Shelf
from anlan.sense.history.rows import Rows
from anlan.sense.history.spans import DAY_H, HOUR_US, hours_of_day, month_of
from anlan.sense.history.state import Change, State
from anlan.sense.history.sums import Sums
from anlan.sense.history.view import View
from anlan.sense.stream.batch import Batch, Floats, Int64s

RUNS = 3
SENSORS = 100_000
SHARDS = 16
MINUTES = 60
BATCH_ROWS = 10_000
DURABLE_ROWS = 1_000_000
SQLITE_ROWS = 500_000  # it would take minutes for all
READS = 60
BEGIN_DAY = 19_723  # 2024-01-01
YEAR = range(BEGIN_DAY, BEGIN_DAY + 366)
BEGIN_US = BEGIN_DAY * DAY_H * HOUR_US
POSTGRES = os.environ.get("ANLAN_TEST_POSTGRES", "postgresql://127.0.0.1:5432/postgres")

_TABLE = "(sensor integer not null, at bigint not null, value double precision, quality smallint not null)"
_DUCK_TABLE = '(sensor integer not null, "at" bigint not null, value double, quality utinyint not null)'


class Run(NamedTuple):
    """One store filled once: processor seconds, bytes on disk, and the rows read back, by sensor and time."""

    cpu_s: float
    size: int
    back: Batch


def _hour() -> Batch:
    chance = np.random.default_rng(44)
    phase = np.sort(chance.integers(0, 60_000_000, SENSORS) // 1000 * 1000)
    order = chance.permutation(SENSORS)
    level = chance.normal(5, 1, SENSORS)
    times, values = [], []
    for minute in range(MINUTES):
        level = level + chance.normal(0, 0.01, SENSORS)
        times.append(BEGIN_US + minute * 60_000_000 + phase + 1)
        values.append(np.round(level, 2))
    quality = np.where(chance.random(SENSORS * MINUTES) < 0.001, 1, 0)
    return Batch.of(np.tile(order, MINUTES), np.concatenate(times), np.concatenate(values), quality)


def _batches(rows: Batch, length: int) -> Iterator[Batch]:
    for begin in range(0, len(rows), length):
        yield rows.where(slice(begin, begin + length))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _ours(rows: Batch, folder: Path, *, closed: bool) -> Run:
    began = time.process_time()
    history = History(folder, shards=SHARDS)
    each = DURABLE_ROWS // BATCH_ROWS
    for position, batch in enumerate(_batches(rows, BATCH_ROWS), 1):
        history.append(batch, None, position)
        if position % each == 0:
            history.flush()
    history.flush()
    if closed:
        history.compact(BEGIN_US + 30 * HOUR_US)
    cpu_s = time.process_time() - began
    if closed:
        history.compact(BEGIN_US + 31 * HOUR_US)  # clears the older files away
    size = _size(folder)
    with history.view() as view:
        back = Rows.joined(list(view.rows(None, 0, BEGIN_US + 99 * HOUR_US))).in_order().batch()
    return Run(cpu_s, size, back)


def _duckdb(rows: Batch, folder: Path) -> Run:
    import duckdb

    began = time.process_time()
    base = duckdb.connect(str(folder / "peer.duckdb"), config={"threads": 1})
    base.execute(f"create table kept {_DUCK_TABLE}")
    for million in _batches(rows, DURABLE_ROWS):
        base.execute("begin")
        for batch in _batches(million, BATCH_ROWS):
            base.register("batch", _plain(batch))
            base.execute("insert into kept select * from batch")
        base.execute("commit")
    base.execute("checkpoint")
    cpu_s = time.process_time() - began
    told = base.execute('select * from kept order by sensor, "at"').fetchnumpy()
    base.close()
    return Run(cpu_s, _size(folder), Batch.of(told["sensor"], told["at"], told["value"], told["quality"]))


def _plain(batch: Batch) -> pa.Table:
    return pa.table([batch.sensor, batch.time_us, batch.value, batch.quality], ["sensor", "at", "value", "quality"])


def _postgres(rows: Batch, _: Path) -> Run:
    ticks = os.sysconf("SC_CLK_TCK")
    with psycopg.connect(POSTGRES) as base, base.cursor() as cursor:
        process = base.info.backend_pid

        def server_s() -> float:
            fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / ticks

        cursor.execute(f"drop table if exists bench_kept; create table bench_kept {_TABLE}")
        base.commit()
        began = time.process_time() + server_s()
        for million in _batches(rows, DURABLE_ROWS):
            with cursor.copy("copy bench_kept from stdin (format csv)") as copy:
                for batch in _batches(million, BATCH_ROWS):
                    sink = pa.BufferOutputStream()
                    pacsv.write_csv(_plain(batch), sink, pacsv.WriteOptions(include_header=False))
                    copy.write(sink.getvalue().to_pybytes())
            base.commit()
        cpu_s = time.process_time() + server_s() - began
        cursor.execute("select pg_total_relation_size('bench_kept')")
        size = int((cursor.fetchone() or (0,))[0])
        copied = "copy (select * from bench_kept order by sensor, at) to stdout (format csv)"
        with cursor.copy(copied) as copy:
            text = b"".join(bytes(part) for part in copy)
        cursor.execute("drop table bench_kept")
    options = pacsv.ReadOptions(column_names=["sensor", "at", "value", "quality"])
    told = pacsv.read_csv(io.BytesIO(text), options)
    columns = (told[name].to_numpy() for name in told.column_names)
    return Run(cpu_s, size, Batch.of(*columns))


def _sqlite(rows: Batch, folder: Path) -> Run:
    began = time.process_time()
    base = sqlite3.connect(folder / "peer.sqlite")
    base.execute("pragma journal_mode = wal")
    base.execute("pragma synchronous = full")
    base.execute(f"create table kept {_TABLE[:-1]}, primary key (sensor, at)) without rowid")
    for batch in _batches(rows, BATCH_ROWS):
        columns = (batch.sensor.tolist(), batch.time_us.tolist(), batch.value.tolist(), batch.quality.tolist())
        base.executemany("insert into kept values (?, ?, ?, ?)", zip(*columns, strict=True))
    base.commit()
    base.execute("pragma wal_checkpoint(truncate)")
    cpu_s = time.process_time() - began
    told = list(zip(*base.execute("select * from kept order by sensor, at"), strict=True))
    base.close()
    return Run(cpu_s, _size(folder), Batch.of(*told))


def _same(back: Batch, rows: Batch) -> bool:
    order = np.lexsort((rows.time_us, rows.sensor))
    names = ("sensor", "time_us", "value", "quality")
    return all(np.array_equal(getattr(back, name), getattr(rows, name)[order]) for name in names)


def _filled(rows: Batch, store: Callable[[Batch, Path], Run]) -> tuple[list[float], float, bool]:
    """Return rows a processor second of each run, bytes a row, and whether all rows came back."""
    speeds, size, same = [], 0, True
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as name:
            run = store(rows, Path(name))
        speeds.append(len(rows) / run.cpu_s)
        size, same = run.size, same and _same(run.back, rows)
    return speeds, size / len(rows), same


def _case(
    name: str, unit: str, ours: list[float], peer: str, theirs: list[float], *, equal: bool, more: str = ""
) -> dict[str, Any]:
    own, other = statistics.median(ours), statistics.median(theirs) if theirs else None
    faster = None if other is None else own / other if "/" in unit else other / own
    spread = (max(ours) - min(ours)) / own
    return {
        "case": name,
        "unit": unit,
        "ours": round(own, 1),
        "peer": peer,
        "theirs": None if other is None else round(other, 1),
        "ratio": None if faster is None else round(faster, 2),
        "equal": equal,
        "note": f"median of {len(ours)}, spread {spread:.0%}" + (f"; {more}" if more else ""),
    }


def _appending() -> list[dict[str, Any]]:
    rows = _hour()
    fewer = rows.where(slice(0, SQLITE_ROWS))
    speeds, size, same = _filled(rows, lambda some, folder: _ours(some, folder, closed=False))
    unit, name = "rows/CPU-s", f"append, durable every {DURABLE_ROWS} rows"
    found = []
    peers: list[tuple[str, Batch, Callable[[Batch, Path], Run]]] = [
        ("DuckDB, own format", rows, _duckdb),
        ("PostgreSQL COPY, backend counted", rows, _postgres),
        (f"SQLite with a key, {SQLITE_ROWS} rows", fewer, _sqlite),
    ]
    for peer, some, store in peers:
        try:
            theirs, their_size, their_same = _filled(some, store)
        except (ImportError, psycopg.OperationalError):
            continue  # a peer is measured where it is installed
        more = f"{size:.2f} bytes a row, theirs {their_size:.2f}"
        found.append(_case(name, unit, speeds, peer, theirs, equal=same and their_same, more=more))
    speeds, size, same = _filled(rows, lambda some, folder: _ours(some, folder, closed=True))
    more = f"{size:.2f} bytes a row with roll-ups, after all compaction"
    found.append(_case("append, sort into hours, close the day", unit, speeds, "", [], equal=same, more=more))
    return found


def _year(folder: Path) -> None:
    """Write hourly roll-ups of a year of all sensors of one shard of sixteen; a read opens no other's files."""
    files = Folder(folder)
    book, shelf = Book(files, State(SHARDS, 0)), Shelf(files)
    sensors = np.arange(0, SENSORS, SHARDS, dtype=np.int32)
    for month, of_month in groupby(YEAR, month_of):
        days = list(of_month)
        hours = np.concatenate([np.array(hours_of_day(day, 0)) for day in days])
        generation, view = book.generation(), View(book.now.state, shelf, Rows.empty())
        write_sums(view, files, 0, [], _synthetic(sensors, hours, month), generation)
        change = Change(sums={day: {0: generation} for day in days})
        book.publish(lambda state, change=change: state.changed(change), months={month})  # type: ignore[misc]


def _synthetic(sensors: "np.ndarray[tuple[int], np.dtype[np.int32]]", hours: Int64s, seed: int) -> Sums:
    chance = np.random.default_rng(seed)
    shape = (len(sensors), len(hours))
    daily = np.sin(hours / 24 * 2 * np.pi)[None, :]
    mean: Floats = np.round(chance.normal(5, 2, (shape[0], 1)) + daily + chance.normal(0, 0.2, shape), 2).ravel()
    sixty, none = np.full(mean.shape, MINUTES, np.int32), np.zeros(mean.shape, np.int32)
    sensor, begin_us = np.repeat(sensors, shape[1]), np.tile(hours * HOUR_US, shape[0])
    total, last = np.round(mean * MINUTES, 2), np.round(mean + 0.1, 2)
    return Sums(sensor, begin_us, total, mean - 0.3, mean + 0.3, last, sixty, sixty, none, none, none, none)


def _asked(query: str, files: list[str]) -> Callable[[int], Floats] | None:
    """Return what asks DuckDB for one sensor; None where it is not installed."""
    try:
        import duckdb
    except ImportError:
        return None
    base = duckdb.connect()

    def ask(sensor: int) -> Floats:
        told: Floats = base.execute(query, [files, sensor]).fetchnumpy()["told"]
        return told

    return ask


def _timed(
    ours: Callable[[int], Floats], theirs: Callable[[int], Floats] | None, length: int
) -> tuple[list[float], list[float], bool]:
    """Return the milliseconds of reads of some sensors in turn, and whether both gave the same, all of it."""
    own_ms, peer_ms, same = [], [], True
    for sensor in np.random.default_rng(1).choice(np.arange(0, SENSORS, SHARDS), READS, replace=False).tolist():
        began = time.perf_counter()
        own = ours(sensor)
        own_ms.append((time.perf_counter() - began) * 1000)
        same &= len(own) == length
        if theirs is not None:
            began = time.perf_counter()
            other = theirs(sensor)
            peer_ms.append((time.perf_counter() - began) * 1000)
            same &= np.array_equal(own, other)
    return own_ms, peer_ms, same


def _slowest(found: list[float]) -> str:
    return f"first {found[0]:.0f} ms, 95 of 100 within {sorted(found)[int(READS * 0.95)]:.0f} ms"


def _reading_a_year() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _year(folder)
        files = sorted(str(path) for path in folder.glob("sums/hour/*/0000-*.parquet"))
        history = History(folder)
        query = 'select total / count as told from read_parquet(?) where sensor = ? and count > 0 order by "at"'
        until_us = BEGIN_US + len(YEAR) * DAY_H * HOUR_US
        ours, theirs, same = _timed(
            lambda sensor: history.hourly([sensor], BEGIN_US, until_us, "mean").value,
            _asked(query, files),
            len(YEAR) * DAY_H,
        )
        size = sum(Path(path).stat().st_size for path in files)
    rows = SENSORS // SHARDS * len(YEAR) * DAY_H
    more = f"{_slowest(ours)}; {rows} roll-ups of one shard of {SHARDS}, {size / rows:.2f} bytes each"
    year = f"a year of one sensor of {SENSORS} at hourly means"
    return _case(year, "ms", ours, "DuckDB over the same files", theirs, equal=same, more=more)


def _reading_a_day() -> dict[str, Any]:
    sensors = np.arange(0, SENSORS, SHARDS, dtype=np.int32)
    with tempfile.TemporaryDirectory() as name:
        history, chance = History(Path(name), shards=SHARDS), np.random.default_rng(2)
        for minute in range(MINUTES * DAY_H):
            values = np.round(chance.normal(5, 1, len(sensors)), 2)
            history.append(
                Batch.of(sensors, np.full(len(sensors), BEGIN_US + minute * 60_000_000 + 1), values), None, minute + 1
            )
            if minute % 180 == 179:
                history.flush()
        history.compact(BEGIN_US + 30 * HOUR_US)
        file = str(next(Path(name).glob("day/*/*")))
        until_us = BEGIN_US + DAY_H * HOUR_US
        query = 'select value as told from read_parquet(?) where sensor = ? order by "at"'
        ours, theirs, same = _timed(
            lambda sensor: history.series(sensor, BEGIN_US, until_us, 100_000).value,
            _asked(query, [file]),
            MINUTES * DAY_H,
        )
    more = f"{_slowest(ours)}; one file of {len(sensors) * MINUTES * DAY_H} rows"
    return _case(
        f"a day of one sensor of {SENSORS}, all rows",
        "ms",
        ours,
        "DuckDB over the same file",
        theirs,
        equal=same,
        more=more,
    )


def cases() -> list[dict[str, Any]]:
    """Measure appending and reading."""
    return [*_appending(), _reading_a_year(), _reading_a_day()]
