"""Recordings: whatever the cut, nothing is lost, added or moved out of its step."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.sense.replay import batches, read_recording

T0 = datetime(2024, 9, 15, 8, 0, tzinfo=UTC)


def test_csv_and_parquet_of_the_same_readings_are_the_same_recording(tmp_path: Path) -> None:
    csv = tmp_path / "night.csv"
    csv.write_text("sensor,at,value\nb,2024-09-15T16:10:00+08:00,2.5\na,2024-09-15T08:05:00Z,\n")
    recording = read_recording(csv)
    pq.write_table(recording, tmp_path / "night.parquet")

    assert recording.to_pylist() == [
        {"sensor": "a", "at": T0 + timedelta(minutes=5), "value": None},
        {"sensor": "b", "at": T0 + timedelta(minutes=10), "value": 2.5},
    ]
    assert read_recording(tmp_path / "night.parquet").equals(recording)


def test_a_file_without_the_columns_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "night.csv"
    path.write_text("sensor,when,value\na,2024-09-15T08:05:00Z,1\n")
    with pytest.raises(Invalid, match=r"night\.csv"):
        read_recording(path)
    with pytest.raises(Invalid):
        read_recording(tmp_path / "none.parquet")


@given(st.lists(st.integers(0, 5000), max_size=30), st.integers(1, 900))
def test_steps_hold_everything_in_order_and_end_at_whole_multiples(seconds: list[int], step_s: int) -> None:
    times = [T0 + timedelta(seconds=s) for s in sorted(seconds)]
    table = pa.table(
        {
            "sensor": [f"s{i}" for i in range(len(times))],
            "at": pa.array(times, pa.timestamp("us", "UTC")),
            "value": pa.array([float(i) for i in range(len(times))], pa.float64()),
        }
    )
    cut = list(batches(table, timedelta(seconds=step_s)))

    assert [row for batch in cut for row in batch.rows] == [tuple(row.values()) for row in table.to_pylist()]
    for batch in cut:
        assert batch.until.timestamp() % step_s == 0
        assert all(batch.until - timedelta(seconds=step_s) < at <= batch.until for _, at, _ in batch.rows)
    assert len({batch.until for batch in cut}) == len(cut)
