"""The timeline: journal entries in words, one item each."""

from collections.abc import Iterable
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from anlan.review.record import Entry, moment, room_of
from anlan.review.wording import Names, sentence

ROUTINE = frozenset(
    {
        "sense.ingest",
        "sense.follow",
        "sense.anchor",
        "sensor.register",
        "session.open",
        "session.close",
        "task.progress",
    }
)
"""Verbs that happen all the time and are told only to those who ask for everything."""


def is_routine(entry: Entry) -> bool:
    """Tell whether an entry changed nothing that a person must know of: a reading taken in, an answer given again."""
    data = entry["data"]
    again = data.get("reused") or data.get("repeated") or data.get("changed") is False
    return entry["verb"] in ROUTINE or bool(again)


class Item(BaseModel):
    """One line of the timeline.

    ``kind`` is the verb; ``grade`` is told where the entry tells one; ``because`` is the entry that led to it.
    """

    model_config = ConfigDict(frozen=True)

    seq: int
    at: AwareDatetime
    room: str
    kind: str
    subject: str
    area: str
    by: str
    grade: str | None
    zh: str
    en: str
    because: int | None
    lon: float | None
    lat: float | None


def timeline(entries: Iterable[Entry], names: Names) -> list[Item]:
    """Return the items that tell some journal entries, in their order."""
    return [item_of(entry, names) for entry in entries]


def item_of(entry: Entry, names: Names) -> Item:
    """Return one entry as an item."""
    data: dict[str, Any] = entry["data"]
    return Item(
        seq=entry["seq"],
        at=moment(entry["at"]),
        room=room_of(entry["verb"]),
        kind=entry["verb"],
        subject=entry["subject"],
        area=entry["area"],
        by=entry["by"],
        grade=data.get("grade"),
        zh=sentence(entry, "zh", names),
        en=sentence(entry, "en", names),
        because=entry["because"],
        lon=data.get("lon"),
        lat=data.get("lat"),
    )
