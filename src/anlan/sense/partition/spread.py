"""Spreading a door's log over the partitions: each row, tick and change of plan once, in the log's order.

What has been spread is not kept anywhere else: the last record that this door stored in each partition tells. After any
crash the log is read again from the least of these, and each partition gets what stands behind its own.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from anlan.sense.partition.natslog import NatsLog
from anlan.sense.partition.pieces import Piece, cut, piece_of, runs
from anlan.sense.stream.batch import Int32s
from anlan.sense.stream.log import Record
from anlan.sense.stream.records import Kind

_MOST_PIECE_ROWS = 20_000  # with their places 500 KB: a server takes 1 MB unless told otherwise


class Source(Protocol):
    """What a log must give to be spread."""

    @property
    def begin(self) -> int:
        """Position of the first record that is kept."""
        ...

    def read(self, position: int) -> Iterator[Record]:
        """Yield the records that are durable now."""
        ...


class Spreader:
    """Takes a log's records to the logs of the partitions.

    Parameters
    ----------
    source
        The door's log.
    door
        Its name, other than that of any other door's: sender of what goes into ``targets``.
    targets
        The logs of all partitions, in order.
    placing
        Gives the partition of each sensor by its number under a plan, which is told by its name.
    plan
        The plan that is in force before the log's first record.
    message_rows
        About how many rows a message has, if there are so many.
    """

    def __init__(
        self,
        source: Source,
        door: str,
        targets: Sequence[NatsLog],
        placing: Callable[[str], Int32s],
        *,
        plan: str,
        message_rows: int = 1000,
    ) -> None:
        self._source, self._door, self._targets, self._placing = source, door, targets, placing
        self._most_rows = min(message_rows * len(targets), _MOST_PIECE_ROWS)
        newest = [target.newest() for target in targets]
        self._done = [(0, 0) if record is None else piece_of(record).last for record in newest]
        behind = newest[self._done.index(min(self._done))]
        self.position, self._received_us = source.begin, 0
        if behind is not None:
            piece = piece_of(behind)
            plan, self._received_us, self.position = piece.plan, int(piece.received_us[-1]), piece.last[0]
        elif any(newest):
            self.position = 1  # one partition has got nothing yet of what others have
        self._plan, self._partition = plan, placing(plan)

    def step(self) -> int:
        """Spread what is durable in the log now; return how many records that were."""
        count = 0
        for run in runs(self._source.read(self.position), self._most_rows):
            if run[0].kind == Kind.PLAN:
                self._plan = run[0].note.decode()
                self._partition = self._placing(self._plan)
            pieces = cut(run, self._received_us, self._plan, self._partition, len(self._targets))
            for number, piece in enumerate(pieces):
                self._send(number, piece)
            self._received_us = max([self._received_us, *(record.received_us for record in run)])
            self.position = run[-1].position + 1
            count += len(run)
        for target in self._targets:
            target.sync(target.written - 1)
        return count

    def _send(self, number: int, piece: Piece) -> None:
        piece = piece.after(*self._done[number])
        if not len(piece.row):
            return
        for part in _parts(piece):
            first, last = (int(part.position[0]), int(part.row[0])), part.last
            self._targets[number].append(
                part.kind,
                part.batch,
                received_us=int(part.received_us[0]),
                source=self._door,
                note=part.note(),
                key=f"{self._door}/{first[0]}.{first[1]}-{last[0]}.{last[1]}",
            )
            self._done[number] = last


def _parts(piece: Piece) -> list[Piece]:
    """Return a piece in parts that a message can hold."""
    starts = range(0, len(piece.row), _MOST_PIECE_ROWS)
    if len(starts) == 1:
        return [piece]
    some = [slice(start, start + _MOST_PIECE_ROWS) for start in starts]
    return [piece.where(one) for one in some]
