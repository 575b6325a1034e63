"""What was refused, kept for a while where people can look at it and have it tried again.

Letters stand in files of lines (JSON) beside the log. They are written without waiting for the disk: a crash may lose
the newest. A file is closed when it is large; the oldest files go when all together are too large or too old; and of
one source only so many letters a minute are kept. What is not kept was counted all the same
(:mod:`anlan.sense.doors.tally`). What became of a letter stands in a file of marks beside its own.
"""

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from anlan.catalog.catalog import Catalog
from anlan.sense.doors.message import Message
from anlan.sense.doors.quota import Quotas
from anlan.sense.stream.batch import Refusal

FOLDER = "dead-letters"
_NAME = re.compile(r"([0-9]{8})\.jsonl")
_ID = re.compile(r"([0-9]{1,8})-([0-9]{1,12})")
_TOLD = 100
_DAY_US = 86_400_000_000
_MINUTE_S = 60.0


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """Why one item was refused: its place (-1: the whole message), the rule, what stood there, its sensor."""

    row: int
    rule: str
    value: str = ""
    sensor: str = ""


class Mark(msgspec.Struct, frozen=True):
    """What became of a letter when it was tried again."""

    id: str
    at_us: int
    by: str
    accepted: int
    refused: int


class Letter(msgspec.Struct, frozen=True):
    """A message of which something was refused.

    Attributes
    ----------
    refused
        The first hundred refusals; ``count`` is how many there were.
    payload
        The message, or the part of it that was refused, or its beginning: then it is ``cut`` and cannot be tried again.
    policy
        Fingerprint of the catalog by which it was read.
    """

    received_us: int
    source: str
    area: str
    door: str
    topic: str
    form: str
    mapping: str | None
    refused: tuple[Fault, ...]
    count: int
    payload: bytes
    cut: bool
    policy: str
    id: str = ""
    mark: Mark | None = None

    @property
    def message(self) -> Message:
        """The message to be tried again."""
        return Message(self.source, self.door, self.payload, self.received_us, self.form, self.mapping, self.topic)


@dataclass(frozen=True)
class Bounds:
    """How much is kept: bytes of all files, of one file, and of one payload; days; letters a minute of one source."""

    bytes: int
    file_bytes: int
    payload_bytes: int
    days: float
    per_minute: float

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """Return what policy says."""
        said = catalog.setting
        return cls(
            int(said("letters.bytes")),
            int(said("letters.file_bytes")),
            int(said("letters.payload_bytes")),
            float(said("letters.days")),
            float(said("letters.per_minute")),
        )


class Letters:
    """The store of one world's letters; safe for many threads, and for several processes on one folder."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        self._folder, self._bounds = folder, bounds
        self._lock = threading.Lock()
        self.most_bytes = bounds.payload_bytes
        self._quotas = Quotas(burst_s=_MINUTE_S)
        self._file: Path | None = None
        self._size = 0
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder(Letter).decode
        self._mark = msgspec.json.Decoder(Mark).decode

    def keep(self, message: Message, sender: str, area: str, refused: Iterable[Refusal], policy: str) -> bool:
        """Keep a message of which something was refused; tell whether it was kept.

        Parameters
        ----------
        sender
            By what letters a minute are counted: the source, or one name for all who are not registered.
        area
            Where the source belongs: who may see that area may see the letter.
        policy
            Fingerprint of the catalog.
        """
        per_s = self._bounds.per_minute / _MINUTE_S
        if self._quotas.take(sender, per_s, 1, message.received_us / 1e6) > 0:
            return False
        faults = [Fault(r.row, r.rule, r.value, r.sensor) for r in refused]
        most = self._bounds.payload_bytes
        letter = Letter(
            received_us=message.received_us,
            source=message.source,
            area=area,
            door=message.door,
            topic=message.topic,
            form=message.form,
            mapping=message.mapping,
            refused=tuple(faults[:_TOLD]),
            count=len(faults),
            payload=message.payload[:most],
            cut=len(message.payload) > most,
            policy=policy,
        )
        with self._lock:
            return self._append(self._encode(letter) + b"\n", message.received_us)

    def _append(self, line: bytes, now_us: int) -> bool:
        if self._file is None or self._size + len(line) > self._bounds.file_bytes:
            self._file, self._size = self._opened(), 0
            self._tidy(now_us)
        with self._file.open("ab") as file:
            file.write(line)
        self._size += len(line)
        return True

    def _opened(self) -> Path:
        """Return a new file that no other process writes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        number = max((number for number, _ in self._files()), default=0)
        while True:
            number += 1
            path = self._folder / f"{number:08}.jsonl"
            try:
                path.open("xb").close()
            except FileExistsError:
                continue
            path.chmod(0o600)  # payloads may hold what is nobody else's business
            return path

    def _files(self) -> list[tuple[int, Path]]:
        found = ((_NAME.fullmatch(path.name), path) for path in self._folder.glob("*.jsonl"))
        return sorted((int(match[1]), path) for match, path in found if match)

    def _tidy(self, now_us: int) -> None:
        """Let the oldest files go."""
        files = {path: _size(path) for _, path in self._files() if path != self._file}
        total = sum(files.values()) + self._bounds.file_bytes
        for path, size in files.items():
            newest = next(self._lines(path), None)  # another process may just have begun a file: it is empty
            old = newest is not None and now_us - newest.received_us > self._bounds.days * _DAY_US
            if total <= self._bounds.bytes and not old:
                break
            total -= size
            path.unlink(missing_ok=True)
            _marks(path).unlink(missing_ok=True)

    def newest(self, source: str | None = None) -> Iterator[Letter]:
        """Yield letters, newest first, with what became of them."""
        for _, path in reversed(self._files()):
            marks = self._marks_of(path)
            for letter in self._lines(path):
                if source is None or letter.source == source:
                    yield msgspec.structs.replace(letter, mark=marks.get(letter.id))

    def find(self, letter_id: str) -> Letter | None:
        """Return one letter; None if it is not there any more, or never was."""
        match = _ID.fullmatch(letter_id)
        path = self._folder / f"{int(match[1]):08}.jsonl" if match else None
        if match is None or path is None or not path.exists():
            return None
        with path.open("rb") as file:
            file.seek(int(match[2]))
            letter = self._read(file.readline(), letter_id)
        if letter is None:
            return None
        return msgspec.structs.replace(letter, mark=self._marks_of(path).get(letter_id))

    def mark(self, mark: Mark) -> None:
        """Note what became of a letter."""
        match = _ID.fullmatch(mark.id)
        if match is None:
            raise ValueError(mark.id)
        path = self._folder / f"{int(match[1]):08}.jsonl"
        with self._lock, _marks(path).open("ab") as file:
            file.write(self._encode(mark) + b"\n")

    def _lines(self, path: Path) -> Iterator[Letter]:
        """Yield the letters of a file, newest first."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return
        end = len(data)
        while end > 0:
            begin = data.rfind(b"\n", 0, end - 1) + 1
            letter = self._read(data[begin:end], f"{int(path.stem)}-{begin}")
            if letter is not None:
                yield letter
            end = begin

    def _read(self, line: bytes, letter_id: str) -> Letter | None:
        """Return the letter of a line; None if a crash cut it short."""
        try:
            return msgspec.structs.replace(self._decode(line), id=letter_id)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None

    def _marks_of(self, path: Path) -> dict[str, Mark]:
        marks: dict[str, Mark] = {}
        file = _marks(path)
        for line in file.read_bytes().splitlines() if file.exists() else ():
            try:
                mark = self._mark(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                continue
            marks[mark.id] = mark
        return marks


def _size(path: Path) -> int:
    """Return the bytes of a file; 0 if another process has removed it."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _marks(path: Path) -> Path:
    return path.with_suffix(".marks")
