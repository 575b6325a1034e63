"""Roll-ups: what a sensor's observations of one hour or day come to."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa

from anlan.sense.history.rows import Bools, Rows, stable_order
from anlan.sense.stream.batch import GOOD, MISSING, OUT_OF_RANGE, SUSPECT, Floats, Int32s, Int64s

_TIME = pa.timestamp("us", "UTC")
_WHOLE = ("count", "rows", "suspect", "missing", "out_of_range", "late")
_FIELDS: list["pa.Field[Any]"] = [
    pa.field("sensor", pa.int32(), nullable=False),
    pa.field("at", _TIME, nullable=False),
    *(pa.field(name, pa.float64()) for name in ("total", "low", "high", "last")),
    *(pa.field(name, pa.int32(), nullable=False) for name in _WHOLE),
]
SCHEMA = pa.schema(_FIELDS)


@dataclass(frozen=True)
class Sums:
    """Roll-ups as columns of one length, by sensor and time.

    Attributes
    ----------
    sensor : (n,) int32
    begin_us : (n,) int64
        The hour's or day's beginning; it holds the moments after this.
    total, low, high, last : (n,) float64
        Sum, least, greatest and latest of the good values; where there is none, 0 and NaN.
    count : (n,) int32
        Good values.
    rows, suspect, missing, out_of_range, late : (n,) int32
        All observations, those of the other qualities, and those that came late, whatever their quality.
    """

    sensor: Int32s
    begin_us: Int64s
    total: Floats
    low: Floats
    high: Floats
    last: Floats
    count: Int32s
    rows: Int32s
    suspect: Int32s
    missing: Int32s
    out_of_range: Int32s
    late: Int32s

    @classmethod
    def of(cls, rows: Rows, begin_us: Int64s) -> "Sums":
        """Return the roll-ups of rows in order of sensor and time.

        Parameters
        ----------
        begin_us : (n,) int64
            Beginning of the hour or day of each row.
        """
        if not len(rows):
            return cls.empty()
        turns = (np.diff(rows.sensor) != 0) | (np.diff(begin_us) != 0)
        starts = np.concatenate([[0], np.flatnonzero(turns) + 1])
        good = (rows.quality == GOOD) & ~np.isnan(rows.value)
        value = np.where(good, rows.value, np.nan)
        last = np.maximum.reduceat(np.where(good, np.arange(len(rows)), -1), starts)

        def counted(mask: Bools) -> Int32s:
            return np.add.reduceat(mask.astype(np.int32), starts, dtype=np.int32)

        return cls(
            sensor=rows.sensor[starts],
            begin_us=begin_us[starts],
            total=np.add.reduceat(np.where(good, rows.value, 0.0), starts),
            low=np.fmin.reduceat(value, starts),
            high=np.fmax.reduceat(value, starts),
            last=np.where(last < 0, np.nan, value[last]),
            count=counted(good),
            rows=counted(np.ones(len(rows), bool)),
            suspect=counted(rows.quality == SUSPECT),
            missing=counted(rows.quality == MISSING),
            out_of_range=counted(rows.quality == OUT_OF_RANGE),
            late=counted(rows.late),
        )

    @classmethod
    def empty(cls) -> "Sums":
        """Return none."""
        return cls.from_arrow(SCHEMA.empty_table())

    @classmethod
    def joined(cls, parts: Sequence["Sums"]) -> "Sums":
        """Return several as one, in their order."""
        parts = [part for part in parts if len(part)]
        if not parts:
            return cls.empty()
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))

    @classmethod
    def from_arrow(cls, table: pa.Table) -> "Sums":
        """Return the roll-ups of a table of :data:`SCHEMA`; columns that it lacks are 0."""
        columns: dict[str, Any] = {
            one.name: np.zeros(table.num_rows, one.type.to_pandas_dtype())
            for one in SCHEMA
            if one.name not in table.column_names
        }
        columns |= {name: table[name].to_numpy() for name in table.column_names}
        columns["begin_us"] = columns.pop("at").view(np.int64)
        return cls(**columns)

    def to_arrow(self) -> pa.Table:
        """Return the roll-ups as a table of :data:`SCHEMA`; a NaN becomes a null."""
        made: dict[str, Any] = {
            one.name: pa.array(getattr(self, one.name), from_pandas=True)
            for one in fields(self)
            if one.name != "begin_us"
        }
        made["at"] = pa.array(self.begin_us).view(_TIME)
        return pa.Table.from_arrays([made[name] for name in SCHEMA.names], schema=SCHEMA)

    def __len__(self) -> int:
        return len(self.sensor)

    def where(self, chosen: Bools | Int64s | slice) -> "Sums":
        """Return some of them."""
        return Sums(*(getattr(self, one.name)[chosen] for one in fields(self)))

    def in_order(self) -> "Sums":
        """Return them by sensor and time."""
        if not len(self):
            return self
        by_time = stable_order(self.begin_us)
        return self.where(by_time[stable_order(self.sensor[by_time].astype(np.int64))])

    def rolled(self, begin_us: Int64s) -> "Sums":
        """Return roll-ups of these, which stand in order: hours become days.

        Parameters
        ----------
        begin_us : (n,) int64
            Beginning of the longer span of each.
        """
        if not len(self):
            return self
        turns = (np.diff(self.sensor) != 0) | (np.diff(begin_us) != 0)
        starts = np.concatenate([[0], np.flatnonzero(turns) + 1])
        last = np.maximum.reduceat(np.where(self.count > 0, np.arange(len(self)), -1), starts)
        whole = {name: np.add.reduceat(getattr(self, name), starts, dtype=np.int32) for name in _WHOLE}
        return Sums(
            sensor=self.sensor[starts],
            begin_us=begin_us[starts],
            total=np.add.reduceat(self.total, starts),
            low=np.fmin.reduceat(self.low, starts),
            high=np.fmax.reduceat(self.high, starts),
            last=np.where(last < 0, np.nan, self.last[last]),
            **whole,
        )
