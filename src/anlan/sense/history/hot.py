"""Rows that are not in files yet: columns that grow, written by one thread and read by any."""

import numpy as np

from anlan.sense.history.rows import COLUMNS, Rows
from anlan.sense.stream.batch import Batch

_FIRST = 4096


class Hot:
    """Rows in order of arrival.

    Readers take :meth:`rows`, whose arrays are never written to again: the writer adds behind them, and what it adds
    counts only when the length says so.
    """

    def __init__(self) -> None:
        self._columns = _room(_FIRST)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, batch: Batch, late: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        """Add rows; only one thread may."""
        begin, end = self._length, self._length + len(batch)
        if end > len(self._columns.sensor):
            grown = _room(max(end, 2 * len(self._columns.sensor)))
            for name in COLUMNS:
                getattr(grown, name)[:begin] = getattr(self._columns, name)[:begin]
            self._columns = grown
        added = Rows.of(batch, late)
        for name in COLUMNS:
            getattr(self._columns, name)[begin:end] = getattr(added, name)
        self._length = end

    def rows(self) -> Rows:
        """Return what stands here now."""
        length = self._length  # first the length: columns grow only
        return self._columns.where(slice(0, length))


def _room(length: int) -> Rows:
    return Rows(
        np.empty(length, np.int32),
        np.empty(length, np.int64),
        np.empty(length, np.float64),
        np.empty(length, np.uint8),
        np.empty(length, bool),
    )
