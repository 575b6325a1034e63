"""Rows of the history as columns: put in order, the first of each (sensor, time) kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anlan.sense.stream.batch import SCHEMA as BATCH_SCHEMA
from anlan.sense.stream.batch import Batch, Bytes, Floats, Int32s, Int64s

Bools = npt.NDArray[np.bool_]

SCHEMA = BATCH_SCHEMA.append(pa.field("late", pa.bool_(), nullable=False))
COLUMNS = ("sensor", "time_us", "value", "quality", "late")
_KEY_BITS = 63


@dataclass(frozen=True)
class Rows:
    """Observations as kept: those of a :class:`~anlan.sense.stream.batch.Batch`, and whether each came late.

    Attributes
    ----------
    late : (n,) bool
        The row came after a newer one of its sensor.
    """

    sensor: Int32s
    time_us: Int64s
    value: Floats
    quality: Bytes
    late: Bools

    @classmethod
    def of(cls, batch: Batch, late: npt.ArrayLike | None = None) -> "Rows":
        """Return a batch as rows; without ``late``, none came late."""
        flags = np.zeros(len(batch), bool) if late is None else np.ascontiguousarray(late, bool)
        if len(flags) != len(batch):
            raise ValueError("the columns of the rows differ in length")
        return cls(batch.sensor, batch.time_us, batch.value, batch.quality, flags)

    @classmethod
    def empty(cls) -> "Rows":
        """Return no rows."""
        return cls.of(Batch.empty())

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        """Return several as one, in their order."""
        parts = [part for part in parts if len(part)]
        if not parts:
            return cls.empty()
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))

    @classmethod
    def from_arrow(cls, table: pa.Table | pa.RecordBatch) -> "Rows":
        """Return the rows of a table of :data:`SCHEMA`."""
        at = _numpy(table["at"]).view(np.int64)
        return cls(*(at if name == "time_us" else _numpy(table[name]) for name in COLUMNS))

    def __len__(self) -> int:
        return len(self.sensor)

    def where(self, chosen: Bools | slice | Int64s) -> "Rows":
        """Return some of the rows."""
        return Rows(*(getattr(self, name)[chosen] for name in COLUMNS))

    def batch(self) -> Batch:
        """Return the rows without their lateness."""
        return Batch(self.sensor, self.time_us, self.value, self.quality)

    def to_arrow(self) -> pa.Table:
        """Return the rows as a table of :data:`SCHEMA`; a NaN becomes a null."""
        at = pa.array(self.time_us).view(SCHEMA.field("at").type)
        value = pa.array(self.value, from_pandas=True)
        columns = [pa.array(self.sensor), at, value, pa.array(self.quality), pa.array(self.late)]
        return pa.Table.from_arrays(columns, schema=SCHEMA)

    def between(self, first_us: int, last_us: int) -> "Rows":
        """Return the rows of a span, both ends included."""
        inside = (self.time_us >= first_us) & (self.time_us <= last_us)
        return self if inside.all() else self.where(inside)

    def in_order(self, group: Int64s | None = None) -> "Rows":
        """Return the rows by group (none: all are one), sensor and time; of equal ones, the first of each alone."""
        if not len(self):
            return self
        ordered = self.where(_order(self, group))
        doubled = (np.diff(ordered.sensor) == 0) & (np.diff(ordered.time_us) == 0)
        if not doubled.any():
            return ordered
        return ordered.where(np.concatenate([[True], ~doubled]))


def _numpy(column: Any) -> Any:
    return column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()


def distinct(values: Int64s) -> list[int]:
    """Return which numbers there are, rising; fast where they lie near each other, as hours and days do."""
    if not len(values):
        return []
    low, high = int(values.min()), int(values.max())
    if high - low > len(values):
        return [int(one) for one in np.unique(values)]
    return [low + int(one) for one in np.flatnonzero(np.bincount(values - low))]


def stable_order(keys: Int64s) -> Int64s:
    """Return the places of keys in rising order, equal ones as they stood.

    A key and its place are put into one number, because NumPy sorts plain numbers in vector code and places not.
    """
    low = int(keys.min())
    bits = len(keys).bit_length()
    if int(keys.max()) - low >= 1 << (_KEY_BITS - bits):
        return np.argsort(keys, kind="stable")
    packed = ((keys - low) << bits) | np.arange(len(keys))
    packed.sort()
    return packed & ((1 << bits) - 1)


def _order(rows: Rows, group: Int64s | None) -> Int64s:
    key = rows.sensor.astype(np.int64)
    if group is not None:
        key = (group - int(group.min())) * (int(key.max()) + 1) + key
    order = stable_order(key)
    back = np.diff(rows.time_us[order]) < 0
    if not (back & (np.diff(key[order]) == 0)).any():
        return order
    by_time = stable_order(rows.time_us)
    return by_time[stable_order(key[by_time])]
