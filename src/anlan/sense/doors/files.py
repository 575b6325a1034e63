"""Files of observations: CSV and Parquet, taken piece by piece, so that their size does not matter."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from anlan.sense.doors.decode import arrow, csv_text
from anlan.sense.doors.intake import Busy, Intake
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.doors.message import Message
from anlan.sense.doors.senders import Sender
from anlan.sense.stream.batch import Rows

_PIECE_ROWS = 50_000
_PIECE_BYTES = 4_000_000
_REFUSALS_TOLD = 100
_LONGEST_WAIT_S = 1.0
ENDINGS = {".csv": "csv", ".parquet": "parquet"}


@dataclass
class Report:
    """What became of a file; refusals by rule, and the first hundred with their rows (from 0, head line left out)."""

    file: str
    source: str
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    first: list[dict[str, Any]] = field(default_factory=list)
    fault: str | None = None

    @property
    def taken(self) -> bool:
        """Whether the file could be read to its end."""
        return self.fault is None

    def plain(self) -> dict[str, Any]:
        """Return it for JSON."""
        return vars(self) | {"refused": dict(self.refused)}


def take_file(path: Path, sender: Sender, intake: Intake, stop: threading.Event | None = None) -> Report:
    """Take a file; what is accepted is durable on return.

    A file that breaks off in the middle has been taken up to there, and says so. Taking one twice makes duplicates,
    which are dropped. While the source's quota is used up, this waits; ``stop`` ends it early, with a fault.
    """
    report = Report(path.name, sender.source.id)
    begin = 0
    try:
        for payload, rows in _pieces(path, intake.limits):
            message = Message(sender.source.id, "file", payload, intake.now_us(), "csv", None, path.name)
            receipt = _take(message, rows, sender, intake, stop or threading.Event())
            report.accepted += receipt.accepted
            report.refused.update(refusal.rule for refusal in receipt.refused)
            for refusal in receipt.refused[: _REFUSALS_TOLD - len(report.first)]:
                report.first.append(vars(refusal) | {"row": refusal.row + begin})
            begin += len(rows) + len(rows.refused)
    except Unreadable as error:
        report.fault = error.refusal.rule
        message = Message(sender.source.id, "file", b"", intake.now_us(), "", None, path.name)
        intake.refuse(message, sender, error.refusal)
    except _Stopped:
        report.fault = "file.stopped"
    return report


class _Stopped(Exception):
    pass


def _take(message: Message, rows: Rows, sender: Sender, intake: Intake, stop: threading.Event) -> Any:
    while not stop.is_set():
        try:
            return intake.take_rows(message, rows, sender)
        except Busy as busy:
            stop.wait(min(busy.wait_s, _LONGEST_WAIT_S))
    raise _Stopped


def _pieces(path: Path, limits: Limits) -> Iterator[tuple[bytes, Rows]]:
    """Yield a file in pieces: the bytes of each as far as there are any to keep, and what they tell."""
    form = ENDINGS.get(path.suffix.lower())
    try:
        if form == "csv":
            yield from _csv_pieces(path, limits)
        elif form == "parquet":
            yield from ((b"", rows) for rows in _parquet_pieces(path))
        else:
            raise Unreadable("message.form", path.suffix)
    except OSError as error:
        raise Unreadable("file.unreadable", error.strerror or type(error).__name__) from error


def _csv_pieces(path: Path, limits: Limits) -> Iterator[tuple[bytes, Rows]]:
    """Yield a text in pieces that end at ends of lines; line feeds inside quotes are not for files."""
    with path.open("rb") as file:
        head = file.readline(_PIECE_BYTES)
        if not head.strip():
            raise Unreadable("message.columns", "")
        rest = b""
        while block := file.read(_PIECE_BYTES):
            whole, rest = _cut(rest + block)
            if whole:
                yield head + whole, csv_text.decode(head + whole, limits)
        yield head + rest, csv_text.decode(head + rest, limits)


def _cut(block: bytes) -> tuple[bytes, bytes]:
    """Return what stands up to the last end of a line, and the rest."""
    end = block.rfind(b"\n") + 1
    if end == 0 and len(block) > 2 * _PIECE_BYTES:
        raise Unreadable("message.csv", block)
    return block[:end], block[end:]


def _parquet_pieces(path: Path) -> Iterator[Rows]:
    try:
        with pq.ParquetFile(path) as file:
            arrow.check_columns(file.schema_arrow)
            for batch in file.iter_batches(batch_size=_PIECE_ROWS):
                yield arrow.rows_of(batch)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise Unreadable("file.parquet", str(error)) from error
