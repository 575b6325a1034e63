"""What workers tell: the findings of one record, in a form that needs no plan to be understood.

A stream of findings is written by one worker at a time. Each message says at which record of its input it was found;
what a restart finds again is recognised by that and not told twice.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from anlan.sense.partition.natslog import NatsLog
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.follow import Finding
from anlan.sense.stream.log import Kind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Change(msgspec.Struct, array_like=True, frozen=True):
    """A subject came from one level of a rule to another.

    Attributes
    ----------
    received_us, position, row : int
        With :attr:`Told.door`, the place in the order of the whole of the row that did it.
    row_us, at_us : int
        That row's own time, and the time of the finding: that of a newer tick where a silence ended.
    key : int
        Identity of the slot; 0 for a group.
    grade : str or None
        None: it came to no level.
    """

    received_us: int
    position: int
    row: int
    row_us: int
    at_us: int
    key: int
    kind: str
    subject: str
    rule: str
    before: int
    after: int
    grade: str | None
    value: float


class Told(msgspec.Struct, array_like=True, frozen=True):
    """The findings of one record.

    Attributes
    ----------
    at : int
        The record's position in the worker's input; of groups across partitions, the tick.
    under : str
        Name of the plan.
    tick_us : int
        The tick that the record is; 0: none.
    door : str
        Who took in the rows.
    begins : tuple of int
        Of a change of plan, its (time of receipt, position); else empty.
    flags : tuple of (int, int)
        Of a change of plan: under the one before, which levels were set (bits, the mildest lowest) of the slots, by
        their keys, that are members of groups across partitions; those with none are left out.
    """

    at: int
    under: str
    tick_us: int
    door: str
    begins: tuple[int, ...]
    changes: tuple[Change, ...]
    flags: tuple[tuple[int, int], ...] = ()

    def findings(self) -> list[Finding]:
        """Return what the verb ``alarm.follow`` takes."""
        return [
            Finding(
                one.kind,  # type: ignore[arg-type]
                one.subject,
                one.rule,
                _EPOCH + timedelta(microseconds=one.at_us),
                one.grade,  # type: ignore[arg-type]
                one.value,
            )
            for one in self.changes
        ]


class Found(NamedTuple):
    """Findings at a position of a stream of findings: what is followed once, by (partition, position)."""

    partition: int
    position: int
    findings: list[Finding]


class Outlet:
    """Tells findings, each once however often a worker begins again.

    The stream takes one writer: each message must follow the one that its writer believes to be the last, and a worker
    that has been replaced without knowing it is refused.
    """

    def __init__(self, log: NatsLog) -> None:
        self._log = log
        newest = log.newest()
        self.told = 0 if newest is None else newest.origin

    def tell(self, told: Told) -> None:
        """Tell it, if it has not been told."""
        if told.at <= self.told:
            return
        data = msgspec.msgpack.encode(told)
        key = hashlib.blake2b(data, digest_size=16).hexdigest()
        at_us = told.tick_us or (told.changes[0].received_us if told.changes else 0)
        self._log.append(Kind.OBSERVED, Batch.empty(), received_us=at_us, source="", origin=told.at, note=data, key=key)
        self.told = told.at

    def sync(self) -> None:
        """Return when all that was told is stored."""
        self._log.sync(self._log.written - 1)


_DECODER = msgspec.msgpack.Decoder(Told)


def told_of(note: bytes) -> Told:
    """Return what a message tells."""
    return _DECODER.decode(note)


def findings(log: NatsLog, partition: int, after: int) -> Iterator[Found]:
    """Yield what was found in a partition behind a position of its stream of findings, as far as it is stored now."""
    for record in log.read(after + 1):
        told = told_of(record.note)
        if told.changes:
            yield Found(partition, record.position, told.findings())
