"""What is handed out is what is kept, in forms that others read."""

import io
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from anlan.sense.history.export import PIECE_ROWS, Form
from anlan.sense.history.history import History
from anlan.sense.stream.batch import QUALITIES, Batch

T = 1_726_358_400_000_000
HOUR = 3_600_000_000


def names(numbers: "np.ndarray[tuple[int], np.dtype[np.int32]]") -> list[str]:
    return [f"gauge-{number}" for number in numbers]


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path, shards=2)
    rng = np.random.default_rng(7)
    n = PIECE_ROWS + 1000
    value = np.where(rng.random(n) < 0.1, np.nan, np.round(rng.normal(size=n), 3))
    history.append(Batch.of(rng.integers(0, 9, n), T + np.arange(n) * 1000 + 1, value, rng.integers(0, 4, n)), None, 1)
    history.flush()
    history.compact(T + 3 * HOUR)
    return history


def read(form: Form, content: bytes) -> pa.Table:
    if form == "csv":
        return pacsv.read_csv(io.BytesIO(content))
    if form == "arrow":
        return pa.ipc.open_stream(content).read_all()
    return pq.read_table(io.BytesIO(content))


@pytest.mark.parametrize("form", ["csv", "parquet", "arrow"])
def test_each_form_tells_all_rows(history: History, form: Form) -> None:
    table = read(form, b"".join(history.export(form, names, T, T + 9 * HOUR)))
    assert table.num_rows == PIECE_ROWS + 1000
    with history.view() as view:
        rows = [
            row
            for part in view.rows(None, T, T + 9 * HOUR)
            for row in zip(
                *(getattr(part, name).tolist() for name in ("sensor", "time_us", "value", "quality", "late")),
                strict=True,
            )
        ]
    told = zip(
        table["sensor"].to_pylist(),
        table["at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_pylist(),
        table["value"].to_pylist(),
        table["quality"].to_pylist(),
        table["late"].to_pylist(),
        strict=True,
    )
    expected = [
        (f"gauge-{sensor}", time, None if value != value else value, QUALITIES[quality], late)
        for sensor, time, value, quality, late in rows
    ]
    assert list(told) == expected


def test_polars_reads_the_parquet_form(history: History) -> None:
    content = b"".join(history.export("parquet", names, T, T + 9 * HOUR, sensors=[3, 4]))
    frame = pl.read_parquet(io.BytesIO(content))
    assert set(frame["sensor"]) == {"gauge-3", "gauge-4"}
    assert frame["at"].dtype == pl.Datetime("us", "UTC")


def test_a_limit_ends_it_and_an_empty_span_still_is_a_file(history: History) -> None:
    assert read("csv", b"".join(history.export("csv", names, T, T + 9 * HOUR, limit=17))).num_rows == 17
    assert read("arrow", b"".join(history.export("arrow", names, 0, 1))).num_rows == 0
    assert b"".join(history.export("csv", names, 0, 1)).startswith(b'"sensor","at","value","quality","late"')
