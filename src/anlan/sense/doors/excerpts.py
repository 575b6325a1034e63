"""In place of a message too large to keep: those of its refused observations that could be read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from anlan.sense.doors.decode import binary
from anlan.sense.doors.message import Message
from anlan.sense.stream.batch import SUSPECT, Batch, Int64s, Refusal, Rows

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


def excerpt(message: Message, refused: Sequence[Refusal], rows: Rows, begin: int) -> tuple[Message, Sequence[Refusal]]:
    """Return in place of a large message those of its refused observations that could be read; they come first."""
    places = np.arange(len(rows)) if rows.place is None else rows.place
    by_place = {refusal.row + begin: refusal for refusal in refused}
    chosen = np.flatnonzero(np.isin(places, list(by_place)))
    readable = [by_place.pop(place) for place in places[chosen].tolist()]
    if not readable:
        return message, refused
    told = [replace(refusal, row=row) for row, refusal in enumerate([*readable, *by_place.values()])]
    form, payload = _written(rows, chosen)
    return replace(message, payload=payload, form=form, mapping=None), told


def _written(rows: Rows, chosen: Int64s) -> tuple[str, bytes]:
    """Return some rows as a message: in JSON by names, in the compact form by numbers."""
    time_us, value, quality = rows.time_us[chosen], rows.value[chosen], rows.quality[chosen]
    if isinstance(rows.sensor, np.ndarray):
        codes = np.where(quality == SUSPECT, quality, 0)
        return "binary", binary.encode(Batch.of(rows.sensor[chosen], time_us, value, codes))
    written = [
        [
            rows.sensor[row],
            (_EPOCH + at_us * _US).isoformat(),
            None if np.isnan(number) else number,
            "suspect" if code == SUSPECT else "good",
        ]
        for row, at_us, number, code in zip(
            chosen.tolist(), time_us.tolist(), value.tolist(), quality.tolist(), strict=True
        )
    ]
    return "json", msgspec.json.encode(written)
