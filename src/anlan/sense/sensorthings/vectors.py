"""Columns of values with a mark for those that are missing: what a filter computes with, and what an answer shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]

TEXT = np.dtypes.StringDType()
"""The type of columns of text: code points, compared in their order."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY_US = 86_400_000_000


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    INSTANT = "instant"
    """Microseconds since 1970 UTC, int64."""
    DATE = "date"
    """Days since 1970, int64."""
    CLOCK = "time of day"
    """Microseconds since midnight, int64."""
    SPAN = "duration"
    """Microseconds, int64."""
    GEOMETRY = "geometry"
    """Shapely geometries, degrees."""
    NOTHING = "null"


@dataclass(frozen=True)
class Vector:
    """A column of ``n`` values, or one value that stands for as many as are asked for.

    Attributes
    ----------
    kind : Kind
    data : (n,) or (1,) array
    valid : (n,) or (1,) bool
        False where there is no value; what stands in ``data`` there means nothing.
    literal : bool
        Whether it is a constant that the asker wrote, which may be read as another kind.
    """

    kind: Kind
    data: npt.NDArray[Any]
    valid: Bools
    literal: bool = False

    def taken(self, rows: Rows) -> "Vector":
        """Return the values at some places; none where the place is -1."""
        if len(self.data) == 0:
            return missing(self.kind, len(rows))
        return Vector(self.kind, self.data[rows], self.valid[rows] & (rows >= 0))

    def truths(self, n: int) -> Bools:
        """Tell for each of ``n`` rows whether it is certainly true."""
        return np.broadcast_to(self.data.astype(np.bool_) & self.valid, (n,))


def _sure(n: int) -> Bools:
    return np.ones(n, dtype=np.bool_)


def texts(values: Sequence[str | None]) -> Vector:
    """Return a column of text; None is missing."""
    valid = np.fromiter((value is not None for value in values), dtype=np.bool_, count=len(values))
    data = np.array(["" if value is None else value for value in values], dtype=TEXT)
    return Vector(Kind.TEXT, data, valid)


def numbers(values: npt.ArrayLike) -> Vector:
    """Return a column of numbers; NaN is missing."""
    data = np.asarray(values)
    if data.dtype.kind in "iu":
        return Vector(Kind.NUMBER, data.astype(np.int64), _sure(len(data)))
    data = data.astype(np.float64)
    return Vector(Kind.NUMBER, data, ~np.isnan(data))


def truths(values: npt.ArrayLike, valid: Bools | None = None) -> Vector:
    """Return a column of truths."""
    data = np.asarray(values, dtype=np.bool_)
    return Vector(Kind.TRUTH, data, _sure(len(data)) if valid is None else valid)


def times(values: npt.ArrayLike, kind: Kind = Kind.INSTANT, valid: Bools | None = None) -> Vector:
    """Return a column of instants, dates, times of day or durations."""
    data = np.asarray(values, dtype=np.int64)
    return Vector(kind, data, _sure(len(data)) if valid is None else valid)


def geometries(values: npt.NDArray[Any], valid: Bools | None = None) -> Vector:
    """Return a column of geometries."""
    return Vector(Kind.GEOMETRY, values, _sure(len(values)) if valid is None else valid)


def missing(kind: Kind, n: int = 1) -> Vector:
    """Return a column in which every value is missing."""
    if kind is Kind.TEXT:
        data: npt.NDArray[Any] = np.full(n, "", dtype=TEXT)
    elif kind is Kind.GEOMETRY:
        data = np.full(n, None, dtype=object)
    else:
        data = np.zeros(n, dtype=np.float64 if kind is Kind.NUMBER else np.int64)
    return Vector(kind, data, np.zeros(n, dtype=np.bool_))


def constant(kind: Kind, value: Any) -> Vector:
    """Return one value that the asker wrote; None is nothing."""
    if value is None:
        return Vector(Kind.NOTHING, np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.bool_), literal=True)
    if kind is Kind.TEXT:
        data: npt.NDArray[Any] = np.array([value], dtype=TEXT)
    elif kind is Kind.GEOMETRY:
        data = np.empty(1, dtype=object)
        data[0] = value
    elif kind is Kind.TRUTH:
        data = np.array([value], dtype=np.bool_)
    else:
        data = np.array([value], dtype=np.float64 if isinstance(value, float) else np.int64)
    return Vector(kind, data, _sure(1), literal=True)


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970; one without a zone is taken as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // MICROSECOND


def instant(text: str) -> int:
    """Return an ISO 8601 instant as microseconds since 1970; without a zone it is UTC.

    Raises
    ------
    ValueError
        If it is none.
    """
    return microseconds(datetime.fromisoformat(text))


def iso(time_us: int) -> str:
    """Return microseconds since 1970 as ISO 8601 in UTC, with no more digits than are needed."""
    return isos(np.array([time_us], dtype=np.int64))[0]


def isos(times_us: npt.NDArray[np.int64]) -> list[str]:
    """Return many instants as :func:`iso` does."""
    whole, rest = np.divmod(times_us, 1_000_000)
    seconds = np.datetime_as_string(whole.astype("datetime64[s]")).tolist()
    if not rest.any():
        return [f"{text}Z" for text in seconds]
    return [
        f"{text}.{str(part + 1_000_000)[1:].rstrip('0')}Z" if part else f"{text}Z"
        for text, part in zip(seconds, rest.tolist(), strict=True)
    ]
