"""Parquet as the history writes and reads it: sorted by sensor, so that a file's own statistics tell where one lies."""

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from anlan.sense.history.files import Files, Write
from anlan.sense.stream.batch import Int32s, Int64s

GROUP_ROWS = 32_768
"""Rows of a row group: what is read to find one sensor. See decision 44 for the measurement."""

_ZSTD = 1
_DELTA = "DELTA_BINARY_PACKED"
_NUMBERS = ("sensor", "at")
_KEPT_FOOTERS = 512


class _Places(NamedTuple):
    """The footer of a file, and the span of sensors and moments of each of its row groups."""

    footer: pq.FileMetaData
    low: Int64s
    high: Int64s
    first_us: Int64s
    last_us: Int64s


def writer(schema: pa.Schema, tables: Iterable[pa.Table], group_rows: int = GROUP_ROWS) -> Write:
    """Return what writes tables of one schema, one behind the other, as a Parquet file.

    ``sensor`` and ``at`` rise, so that they are told by their differences; the others by a dictionary as far as that is
    shorter (instruments round their values).
    """
    coded = [name for name in schema.names if name not in _NUMBERS]

    def write(sink: pa.NativeFile) -> None:
        file = pq.ParquetWriter(
            sink,
            schema,
            compression="zstd",
            compression_level=_ZSTD,
            use_dictionary=coded,  # type: ignore[arg-type]
            column_encoding=dict.fromkeys(_NUMBERS, _DELTA),
            write_statistics=list(_NUMBERS),
        )
        with file:
            for table in tables:
                file.write_table(table, row_group_size=group_rows)

    return write


class Shelf:
    """Reads files of one place, and remembers the footers of those read last: a file never changes."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._places = functools.lru_cache(maxsize=_KEPT_FOOTERS)(self._look)

    def _look(self, name: str) -> _Places:
        with self._files.open(name) as source:
            footer = pq.read_metadata(source)
        spans: list[tuple[int | None, ...]] = []
        for place in range(footer.num_row_groups):
            group = footer.row_group(place)
            sensor, at = (cast("pq.Statistics", group.column(column).statistics) for column in (0, 1))
            spans.append((sensor.min_raw, sensor.max_raw, at.min_raw, at.max_raw))
        columns = np.array(spans, np.int64).reshape(-1, 4).T
        return _Places(footer, *columns)

    def read(
        self,
        name: str,
        sensors: Int32s | None = None,
        first_us: int | None = None,
        last_us: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """Return those row groups of a file in which sensors and a span may lie: more rows than asked for, never fewer.

        Parameters
        ----------
        sensors : (n,) int32 or None
            In rising order; None: all.
        """
        places = self._places(name)
        wanted = np.ones(len(places.low), bool)
        if sensors is not None:
            wanted &= np.searchsorted(sensors, places.low) < np.searchsorted(sensors, places.high, side="right")
        if first_us is not None:
            wanted &= places.last_us >= first_us
        if last_us is not None:
            wanted &= places.first_us <= last_us
        with self._files.open(name) as source:
            file = pq.ParquetFile(source, metadata=places.footer, pre_buffer=self._files.far)
            groups = np.flatnonzero(wanted).tolist()
            return file.read_row_groups(groups, columns=list(columns) if columns else None, use_threads=False)

    def cuts(self, names: Sequence[str], most_rows: int) -> list[int]:
        """Return sensors at which to cut files so that between two of them lie about ``most_rows`` rows; rising."""
        places = [self._places(name) for name in names]
        parts = -(-sum(one.footer.num_rows for one in places) // most_rows)
        if parts < 2:
            return []
        low = np.unique(np.concatenate([one.low for one in places]))
        return [int(one) for one in np.unique(low[np.arange(1, parts) * len(low) // parts])]

    def greatest(self, names: Sequence[str]) -> int:
        """Return the greatest sensor's number in files, -1 if there are none."""
        return max((int(self._places(name).high.max(initial=-1)) for name in names), default=-1)
