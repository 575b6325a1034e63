"""Cutting a run of a log's records into one piece for each partition, so that the order of the whole can be told again.

The note of a piece says where each of its rows stood: a table of the records that it has rows of (position, time of
receipt, how many rows), and for each row its place in that record. Times of receipt are made never to fall within one
log, so that (time of receipt, door, position, row) orders the rows of all partitions, and those of one door as its log.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.sense.stream.batch import Batch, Int32s, Int64s
from anlan.sense.stream.records import Kind, Record

_COUNT = struct.Struct("<I")
_TABLE = np.dtype([("position", "<u8"), ("received_us", "<i8"), ("rows", "<u4")])
_ROW = np.dtype("<u4")


class Place(NamedTuple):
    """Where a row stood before it was spread: the order of places is the order of the whole."""

    received_us: int
    door: str
    position: int
    row: int


class Piece(NamedTuple):
    """What of a run of records belongs to one partition.

    Attributes
    ----------
    kind : Kind
    batch : Batch
        Of n rows.
    position, received_us : (n,) int64
        Of the record in which each row stood.
    row : (n,) uint32
        Its place in that record.
    plan : str
        Name of the plan that is in force for it; of a change of plan, the new one.
    """

    kind: Kind
    batch: Batch
    position: Int64s
    received_us: Int64s
    row: npt.NDArray[np.uint32]
    plan: str

    @property
    def last(self) -> tuple[int, int]:
        """Position and row of the last one."""
        return (int(self.position[-1]), int(self.row[-1]))

    def after(self, position: int, row: int) -> "Piece":
        """Return what stands behind a place of the log that it was cut from."""
        chosen = (self.position > position) | ((self.position == position) & (self.row > row))
        return self if chosen.all() else self.where(chosen)

    def where(self, chosen: npt.NDArray[np.bool_] | slice | Int64s) -> "Piece":
        """Return some of the rows."""
        batch = self.batch.where(chosen) if len(self.batch) else self.batch
        return Piece(self.kind, batch, self.position[chosen], self.received_us[chosen], self.row[chosen], self.plan)

    def note(self) -> bytes:
        """Return where the rows stood, as bytes."""
        changes = np.flatnonzero(self.position[1:] != self.position[:-1]) + 1
        starts = np.concatenate([np.zeros(min(len(self.position), 1), np.int64), changes])
        table = np.empty(len(starts), _TABLE)
        table["position"], table["received_us"] = self.position[starts], self.received_us[starts]
        table["rows"] = np.diff(starts, append=len(self.position))
        return _COUNT.pack(len(table)) + table.tobytes() + self.row.astype(_ROW).tobytes() + self.plan.encode()


def piece_of(record: Record) -> Piece:
    """Return the piece that a record of a partition's log holds."""
    (count,) = _COUNT.unpack_from(record.note)
    table = np.frombuffer(record.note, _TABLE, count, _COUNT.size)
    rows = table["rows"].astype(np.int64)
    at = _COUNT.size + count * _TABLE.itemsize
    row = np.frombuffer(record.note, _ROW, int(rows.sum()), at)
    position = np.repeat(table["position"].astype(np.int64), rows)
    plan = record.note[at + len(row) * _ROW.itemsize :].decode()
    return Piece(record.kind, record.batch, position, np.repeat(table["received_us"], rows), row, plan)


def cut(records: Sequence[Record], received_us: int, plan: str, partition: Int32s, partitions: int) -> list[Piece]:
    """Return the pieces of a run of records of one kind; what has no sensor belongs to every partition.

    Parameters
    ----------
    received_us
        The newest time of receipt before them: none of theirs is let be earlier.
    plan
        The plan in force.
    partition : (n,) int32
        The partition of each sensor by its number.
    """
    kind = records[0].kind
    counts = np.array([len(record.batch) for record in records])
    positions = np.array([record.position for record in records], np.int64)
    received = np.maximum(np.maximum.accumulate([record.received_us for record in records]), received_us)
    if kind in {Kind.TICK, Kind.PLAN}:
        return [Piece(kind, records[0].batch, positions[:1], received[:1], np.zeros(1, np.uint32), plan)] * partitions
    batch = Batch.joined([record.batch for record in records])
    row = np.concatenate([np.arange(count, dtype=np.uint32) for count in counts])
    whole = Piece(kind, batch, np.repeat(positions, counts), np.repeat(received, counts), row, plan)
    own = partition[batch.sensor].astype(np.uint16)  # of 16 bits: sorted by their digits, several times as fast
    order = np.argsort(own, kind="stable")
    sorted_out = whole.where(order)
    bounds = np.searchsorted(own[order], np.arange(partitions + 1))
    return [sorted_out.where(slice(start, stop)) for start, stop in pairwise(bounds.tolist())]


def runs(records: Iterator[Record], most_rows: int) -> Iterator[list[Record]]:
    """Yield records in runs to be cut together: of one kind, ticks and plans each by itself, not too many rows."""
    run: list[Record] = []
    rows = 0
    for record in records:
        alone = record.kind in {Kind.TICK, Kind.PLAN}
        if run and (alone or record.kind != run[0].kind or rows + len(record.batch) > most_rows):
            yield run
            run, rows = [], 0
        if alone or len(record.batch) > most_rows:
            yield [record]
        else:
            run.append(record)
            rows += len(record.batch)
    if run:
        yield run
