"""Many messages of one source as one: read together where they are alike, and told apart again afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anlan.sense.doors.decode import json_text
from anlan.sense.doors.limits import Unreadable
from anlan.sense.doors.message import Message
from anlan.sense.stream.batch import Refusal, Rows

Read = Callable[[Message], Rows]
_MOST_ROWS = 200_000  # 21 bytes each: far from what a record of the log may hold
_SINGLE_BYTES = 1024  # a single observation is shorter; an object of columns rarely is


@dataclass(frozen=True)
class Piece:
    """One message and what became of it: its rows as places from ``begin`` to ``end`` of all, or why it is none."""

    message: Message
    begin: int
    end: int
    unreadable: Refusal | None = None


def read_all(messages: Sequence[Message], read: Read) -> tuple[list[Rows], list[Piece]]:
    """Return the observations of messages in their order, and the pieces.

    Single observations in JSON that follow each other are decoded one by one and made into columns all at once; if
    one of them is not sound, each of them is read by itself.
    """
    parts: list[Rows] = []
    pieces: list[Piece] = []
    for run in _runs(messages):
        together = json_text.singles([message.payload for message in run]) if _is_single(run[0]) else None
        begin = pieces[-1].end if pieces else 0
        if together is not None:
            parts.append(together)
            pieces += [Piece(message, begin + place, begin + place + 1) for place, message in enumerate(run)]
            continue
        for message in run:
            begin = pieces[-1].end if pieces else 0
            try:
                rows = read(message)
            except Unreadable as error:
                pieces.append(Piece(message, begin, begin, error.refusal))
                continue
            parts.append(rows)
            pieces.append(Piece(message, begin, begin + len(rows) + len(rows.refused)))
    return parts, pieces


def _is_single(message: Message) -> bool:
    payload = message.payload
    return message.form == "json" and message.mapping is None and payload[:1] == b"{" and len(payload) < _SINGLE_BYTES


def _runs(messages: Sequence[Message]) -> list[list[Message]]:
    """Return the messages cut into runs of singles and of others."""
    runs: list[list[Message]] = []
    last = None
    for message in messages:
        single = _is_single(message)
        if single != last:
            runs.append([])
            last = single
        runs[-1].append(message)
    return runs


def joined(parts: Sequence[Rows]) -> list[Rows]:
    """Return rows put together, those by name and those by number each for themselves, in their order.

    None of what is returned is larger than a record of the log may be. Places count through all of them, so that a
    refusal tells its message.
    """
    runs = _alike(parts)
    if len(runs) == 1 and not any(part.refused for part in parts):
        return [_one(parts)]  # nothing has to be told apart: places are those of the rows themselves
    found: list[Rows] = []
    begin = 0
    for run in runs:
        moved: list[Rows] = []
        for part in run:
            moved.append(_moved(part, begin))
            begin += len(part) + len(part.refused)
        found.append(_one(moved))
    return found


def _alike(parts: Sequence[Rows]) -> list[list[Rows]]:
    """Return rows cut where names follow numbers or the other way round, and where there would be too many."""
    runs: list[list[Rows]] = []
    rows, last = 0, None
    for part in parts:
        numbered = isinstance(part.sensor, np.ndarray)
        if numbered != last or rows + len(part) > _MOST_ROWS:
            runs.append([])
            rows, last = 0, numbered
        runs[-1].append(part)
        rows += len(part)
    return runs


def _moved(part: Rows, begin: int) -> Rows:
    place = np.arange(begin, begin + len(part)) if part.place is None else part.place + begin
    refused = tuple(replace(refusal, row=refusal.row + begin) for refusal in part.refused)
    return replace(part, place=place, refused=refused)


def _one(run: Sequence[Rows]) -> Rows:
    if len(run) == 1:
        return run[0]
    names: list[str] = []
    numbers = [part.sensor for part in run if isinstance(part.sensor, np.ndarray)]
    for part in run:
        names += part.sensor if not isinstance(part.sensor, np.ndarray) else ()
    return Rows(
        np.concatenate(numbers) if numbers else names,
        np.concatenate([part.time_us for part in run]),
        np.concatenate([part.value for part in run]),
        np.concatenate([part.quality for part in run]),
        tuple(refusal for part in run for refusal in part.refused),
        None if run[0].place is None else np.concatenate([part.place for part in run if part.place is not None]),
    )
