"""What the routes of the doors answer and are asked."""

import base64
import codecs
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from anlan.catalog.texts import text
from anlan.sense.doors.letters import Letter
from anlan.sense.doors.replaying import Replayed
from anlan.sense.doors.tally import Count
from anlan.sense.stream.batch import QUALITIES, Refusal, Rows

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXCERPT = 500
_UTF8 = codecs.getincrementaldecoder("utf-8")


def moment(at_us: int | None) -> datetime | None:
    """Return a moment of the doors as others know it."""
    return None if at_us is None else _EPOCH + timedelta(microseconds=at_us)


class RefusalView(BaseModel):
    """One item that was refused: its place in the message (-1: all of it), the rule as a code and in words."""

    row: int
    sensor: str
    rule: str
    detail: str
    value: str = ""

    @classmethod
    def of(cls, refusal: Any, lang: str) -> Self:
        """Return a refusal in one language."""
        told = text(refusal.rule, lang, value=refusal.value)
        return cls(row=refusal.row, sensor=refusal.sensor, rule=refusal.rule, detail=told, value=refusal.value)


class Taken(BaseModel):
    """What became of a message: what is accepted is durable; the first hundred refusals are told."""

    accepted: int
    refused: list[RefusalView]
    refused_count: int
    position: int


class SourceHealth(BaseModel):
    """One source of observations, and what came from it since the server started.

    ``late`` and ``duplicates`` are null where nobody counted them.
    """

    id: str
    actor: str
    area: str
    door: str
    adapter: str | None
    messages: int
    rows: int
    bytes: int
    refused: int
    refused_by_rule: dict[str, int]
    held: int
    late: int | None
    duplicates: int | None
    last_at: datetime | None
    last_received_at: datetime | None
    rate_per_s: float
    quota_per_s: float | None
    state: Literal["none", "flowing", "quiet", "held"]
    lag_s: float | None


class DoorView(BaseModel):
    """One door: whether its connection stands, and what went wrong last."""

    name: str
    kind: str
    open: bool
    opened_count: int
    error: str


class Totals(BaseModel):
    """How far things have come: end of the log, folded up to, in files up to; bytes of the log."""

    end: int
    applied: int
    history: int
    log_bytes: int


class Sources(BaseModel):
    """All sources in the reader's areas, the doors, and the log."""

    items: list[SourceHealth]
    doors: list[DoorView]
    totals: Totals | None


class MarkView(BaseModel):
    """What became of a letter when it was tried again."""

    at: datetime | None
    by: str
    accepted: int
    refused: int


class LetterView(BaseModel):
    """A message of which something was refused; in a list, only the beginning of its payload is told."""

    id: str
    received_at: datetime | None
    source: str
    area: str
    door: str
    topic: str
    form: str
    mapping: str | None
    refused: list[RefusalView]
    refused_count: int
    payload: str
    encoding: Literal["text", "base64"]
    payload_bytes: int
    cut: bool
    mark: MarkView | None

    @classmethod
    def of(cls, letter: Letter, lang: str, *, whole: bool) -> Self:
        """Return a letter in one language."""
        payload = letter.payload if whole else letter.payload[:_EXCERPT]
        shown, encoding = _shown(payload)
        mark = letter.mark
        return cls(
            id=letter.id,
            received_at=moment(letter.received_us),
            source=letter.source,
            area=letter.area,
            door=letter.door,
            topic=letter.topic,
            form=letter.form,
            mapping=letter.mapping,
            refused=[RefusalView.of(fault, lang) for fault in letter.refused],
            refused_count=letter.count,
            payload=shown,
            encoding=encoding,
            payload_bytes=len(letter.payload),
            cut=letter.cut,
            mark=None
            if mark is None
            else MarkView(at=moment(mark.at_us), by=mark.by, accepted=mark.accepted, refused=mark.refused),
        )


def _shown(payload: bytes) -> tuple[str, Literal["text", "base64"]]:
    """Return bytes as text if they are any; a character cut in two at the end is left out."""
    try:
        found = _UTF8().decode(payload)
    except UnicodeDecodeError:
        found = "\0"
    if all(sign.isprintable() or sign in "\r\n\t" for sign in found):
        return found, "text"
    return base64.b64encode(payload).decode(), "base64"


class Letters(BaseModel):
    """Letters, newest first."""

    items: list[LetterView]


class Replay(BaseModel):
    """Which letters are to be tried again: these, or the newest of a source that were not tried yet."""

    ids: list[str] = Field(default_factory=list, max_length=1000)
    source: str | None = None
    limit: int = Field(default=100, ge=1, le=1000)


class ReplayedView(BaseModel):
    """What became of one letter; ``error`` says why it could not be tried."""

    id: str
    accepted: int
    refused: list[RefusalView]
    refused_count: int
    error: str | None = None

    @classmethod
    def of(cls, done: Replayed, lang: str) -> Self:
        """Return it in one language."""
        told = [RefusalView.of(refusal, lang) for refusal in done.refused[:100]]
        return cls(id=done.letter.id, accepted=done.mark.accepted, refused=told, refused_count=done.mark.refused)


class ReplayedAll(BaseModel):
    """What became of letters that were tried again."""

    items: list[ReplayedView]
    accepted: int
    refused: int


class TryMapping(BaseModel):
    """A message and the mapping to read it by: one of the catalog, or one written out as there."""

    mapping: str | dict[str, Any]
    payload: str = Field(max_length=1_000_000)
    encoding: Literal["text", "base64", "hex"] = "text"
    topic: str = Field(default="", max_length=1000)


class TriedRow(BaseModel):
    """One observation that came out; ``known`` tells whether such a sensor is registered in the reader's areas."""

    sensor: str
    at: datetime | None
    value: float | None
    quality: str
    known: bool


class TriedMapping(BaseModel):
    """What would become of a message; nothing was taken."""

    rows: list[TriedRow]
    refused: list[RefusalView]


def tried(rows: Rows, known: Mapping[str, bool], lang: str) -> TriedMapping:
    """Return what came of a message that was only tried."""
    columns = (list(rows.sensor), rows.time_us.tolist(), rows.value.tolist(), rows.quality.tolist())
    told = [
        TriedRow(
            sensor=str(sensor),
            at=moment(at_us),
            value=None if value != value else value,  # noqa: PLR0124  # NaN alone differs from itself
            quality=QUALITIES[code],
            known=known.get(str(sensor), False),
        )
        for sensor, at_us, value, code in zip(*columns, strict=True)
    ]
    return TriedMapping(rows=told, refused=refusals(rows.refused, lang))


def refusals(found: Iterable[Refusal], lang: str) -> list[RefusalView]:
    """Return refusals in one language."""
    return [RefusalView.of(refusal, lang) for refusal in found]


def state_of(count: Count, now_us: int, quiet_s: float, held: bool) -> Literal["none", "flowing", "quiet", "held"]:
    """Return how a source is doing: nothing came yet, it has to wait, it fell silent, or it flows."""
    if count.last_received_us is None:
        return "none"
    if held:
        return "held"
    return "quiet" if now_us - count.last_received_us > quiet_s * 1e6 else "flowing"
