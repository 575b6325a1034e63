"""Letters tried again: through the mapping, the registry and the rights as they are now."""

from dataclasses import dataclass

import numpy as np

from anlan.kernel.errors import Invalid, NotFound
from anlan.sense.doors.intake import Intake
from anlan.sense.doors.letters import Letter, Mark
from anlan.sense.doors.limits import Unreadable
from anlan.sense.doors.senders import Senders
from anlan.sense.stream.batch import Refusal, Rows


@dataclass(frozen=True)
class Replayed:
    """What became of a letter this time."""

    letter: Letter
    mark: Mark
    refused: tuple[Refusal, ...]


def replay(intake: Intake, senders: Senders, letter: Letter, by: str, policy: str) -> Replayed:
    """Try a letter again and mark it.

    Only what was refused is handed in, by its places in the message; if the catalog has changed since, or the places
    are not all known, the whole message is. Observations that are there already are dropped as duplicates.

    Raises
    ------
    Invalid
        ``letter.cut`` if not all of the message was kept.
    NotFound
        ``source.unknown`` if its source is still not registered.
    """
    if letter.cut:
        raise Invalid("letter.cut", at="ids", value=letter.id)
    sender = senders.find(letter.source)
    if sender is None:
        raise NotFound("source.unknown", at="ids", value=letter.source)
    try:
        rows = intake.read(letter.message, sender)
    except Unreadable as error:
        return _marked(intake, letter, by, 0, (error.refusal,))
    if letter.policy == policy and letter.count == len(letter.refused):
        rows = _only(rows, {fault.row for fault in letter.refused})
    receipt = intake.take_again(rows, sender)
    return _marked(intake, letter, by, receipt.accepted, receipt.refused)


def _marked(intake: Intake, letter: Letter, by: str, accepted: int, refused: tuple[Refusal, ...]) -> Replayed:
    mark = Mark(letter.id, intake.now_us(), by, accepted, len(refused))
    intake.letters.mark(mark)
    return Replayed(letter, mark, refused)


def _only(rows: Rows, places: set[int]) -> Rows:
    """Return the rows that stand at these places of their message; the whole message stands for all."""
    if -1 in places:
        return rows
    place = np.arange(len(rows)) if rows.place is None else rows.place
    chosen = np.flatnonzero(np.isin(place, list(places)))
    names = (
        rows.sensor[chosen] if isinstance(rows.sensor, np.ndarray) else [rows.sensor[row] for row in chosen.tolist()]
    )
    refused = tuple(refusal for refusal in rows.refused if refusal.row in places)
    return Rows(names, rows.time_us[chosen], rows.value[chosen], rows.quality[chosen], refused, place[chosen])
