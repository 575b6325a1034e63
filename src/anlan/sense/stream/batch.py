"""The one internal form of observations: columns of numbers, a sensor told by its number in the registry."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

QUALITIES = ("good", "suspect", "missing", "out_of_range")
"""What is said of a value: the first two by its sender, the others by this house. The codes are the places here."""

GOOD, SUSPECT, MISSING, OUT_OF_RANGE = range(len(QUALITIES))

TICK_SENSOR = -1
"""The number that stands for no sensor: a row that only tells the time."""

_FIELDS: "list[pa.Field[Any]]" = [
    pa.field("sensor", pa.int32(), nullable=False),
    pa.field("at", pa.timestamp("us", "UTC"), nullable=False),
    pa.field("value", pa.float64()),
    pa.field("quality", pa.uint8(), nullable=False),
]
SCHEMA = pa.schema(_FIELDS)


_PACKED = (("sensor", "<i4"), ("time_us", "<i8"), ("value", "<f8"), ("quality", "u1"))
_ROW_BYTES = 21


@dataclass(frozen=True)
class Batch:
    """Observations in order of arrival, as columns of one length ``n``.

    Attributes
    ----------
    sensor : (n,) int32
        Numbers of the registry; :data:`TICK_SENSOR` in a row that only tells the time.
    time_us : (n,) int64
        Microseconds since 1970-01-01 UTC.
    value : (n,) float64
        NaN: the instrument has none.
    quality : (n,) uint8
        Places in :data:`QUALITIES`.
    """

    sensor: Int32s
    time_us: Int64s
    value: Floats
    quality: Bytes

    @classmethod
    def of(
        cls, sensor: npt.ArrayLike, time_us: npt.ArrayLike, value: npt.ArrayLike, quality: npt.ArrayLike | None = None
    ) -> "Batch":
        """Return a batch of whatever turns into these columns; without qualities, all are good."""
        numbers = np.ascontiguousarray(sensor, dtype=np.int32)
        codes = np.zeros(len(numbers), np.uint8) if quality is None else np.ascontiguousarray(quality, dtype=np.uint8)
        times, values = np.ascontiguousarray(time_us, dtype=np.int64), np.ascontiguousarray(value, dtype=np.float64)
        if not len(numbers) == len(times) == len(values) == len(codes):
            raise ValueError("the columns of a batch differ in length")
        return cls(numbers, times, values, codes)

    @classmethod
    def empty(cls) -> "Batch":
        """Return a batch without rows."""
        return cls.of([], [], [])

    @classmethod
    def tick(cls, time_us: int) -> "Batch":
        """Return the one row that only tells the time."""
        return cls.of([TICK_SENSOR], [time_us], [np.nan])

    @classmethod
    def joined(cls, batches: Sequence["Batch"]) -> "Batch":
        """Return several batches as one, in their order."""
        if len(batches) == 1:
            return batches[0]
        columns = ("sensor", "time_us", "value", "quality")
        if not batches:
            return cls.empty()
        return cls(*(np.concatenate([getattr(batch, name) for batch in batches]) for name in columns))

    def __len__(self) -> int:
        return len(self.sensor)

    def where(self, chosen: npt.NDArray[np.bool_] | slice | Int64s) -> "Batch":
        """Return some of the rows."""
        return Batch(self.sensor[chosen], self.time_us[chosen], self.value[chosen], self.quality[chosen])

    def packed(self) -> bytes:
        """Return the columns one after another, little-endian: 21 bytes a row."""
        return b"".join(getattr(self, name).astype(form, copy=False).tobytes() for name, form in _PACKED)

    @classmethod
    def unpacked(cls, packed: bytes | memoryview) -> "Batch":
        """Return the batch that :meth:`packed` made bytes of; the columns are views of them."""
        count, start, columns = len(packed) // _ROW_BYTES, 0, []
        for _, form in _PACKED:
            columns.append(np.frombuffer(packed, dtype=form, count=count, offset=start))
            start += count * np.dtype(form).itemsize
        return cls(*columns)

    def to_arrow(self) -> pa.RecordBatch:
        """Return the rows as Arrow; a NaN becomes a null."""
        value = pa.array(self.value, from_pandas=True)
        at = pa.array(self.time_us).cast(SCHEMA.field("at").type)
        return pa.record_batch([pa.array(self.sensor), at, value, pa.array(self.quality)], schema=SCHEMA)


@dataclass(frozen=True)
class Refusal:
    """Why one item of a message was not taken.

    Attributes
    ----------
    row : int
        Place of the item in its message, from 0; -1: the message as a whole.
    rule : str
        Code of the rule that it breaks.
    value : str
        What was found there, cut short.
    sensor : str
        Name of its sensor as far as it was told.
    """

    row: int
    rule: str
    value: str = ""
    sensor: str = ""


@dataclass(frozen=True)
class Rows:
    """What a door understood of a message: observations by the names of their sensors, and what it refused.

    Attributes
    ----------
    sensor : sequence of str, or (n,) int32
        Names, or the registry's numbers where the sender knows them.
    place : (n,) int64 or None
        Place of each row in its message, where rows were refused before it; None: the same as here.
    """

    sensor: Sequence[str] | Int32s
    time_us: Int64s
    value: Floats
    quality: Bytes
    refused: tuple[Refusal, ...] = ()
    place: Int64s | None = field(default=None)

    def __len__(self) -> int:
        return len(self.time_us)
