"""The built-in query functions (18-088 table "Built-in Query Functions", after OData 4.0 URL conventions 5.1.1.4).

Each takes columns and gives a column; where an argument is missing the result is. Strings are counted from 0. Times are
kept in UTC, so that an offset is always 0. Distances and lengths are in the units of the coordinates, degrees, as OData
says of functions on geography ("in the coordinate reference system signified by the two points' SRIDs").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings.faults import bad_option
from anlan.sense.sensorthings.vectors import (
    DAY_US,
    TEXT,
    Kind,
    Rows,
    Vector,
    constant,
    instant,
    missing,
)

Columns = Sequence[Vector]
_FIRST_US = -62_135_596_800_000_000  # 0001-01-01, the first day of ISO 8601's common years
_LAST_US = 253_402_300_799_999_999  # the last microsecond of 9999
_LONGEST = 2**31
_HOUR_US, _MINUTE_US, _SECOND_US = 3_600_000_000, 60_000_000, 1_000_000


@dataclass(frozen=True)
class Function:
    """A function: the kinds of its arguments, of which the last may be left out, and what it does.

    Attributes
    ----------
    apply : callable
        Columns of these kinds and the present moment, microseconds since 1970, to a column.
    """

    kinds: tuple[Kind, ...]
    apply: Callable[[Columns, int], Vector]
    optional: int = 0

    @property
    def takes(self) -> tuple[int, int]:
        """The least and the greatest number of arguments."""
        return len(self.kinds) - self.optional, len(self.kinds)


def call(name: str, arguments: Columns, now_us: int) -> Vector:
    """Return what a function gives.

    Raises
    ------
    Invalid
        ``sensorthings.kinds`` if an argument is of a kind that it does not take; ``sensorthings.option`` for a
        geometry or pattern with which nothing can be computed.
    """
    function = FUNCTIONS[name]
    read = [as_kind(given, kind, name) for given, kind in zip(arguments, function.kinds, strict=False)]
    try:
        return function.apply(read, now_us)
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise bad_option("$filter", name, str(error)) from error


def as_kind(given: Vector, kind: Kind, where: str) -> Vector:
    """Return a column as one of another kind, where it can be read so."""
    if given.kind is kind:
        return given
    if given.kind is Kind.NOTHING:
        return missing(kind)
    if kind is Kind.INSTANT and given.kind is Kind.DATE:
        return Vector(kind, given.data * DAY_US, given.valid, given.literal)
    if kind is Kind.INSTANT and given.kind is Kind.CLOCK:
        return Vector(kind, given.data, given.valid, given.literal)
    if given.literal and kind is Kind.INSTANT and given.kind is Kind.TEXT:
        return _instant_of(given, where)
    if given.literal and kind is Kind.TEXT and given.kind is Kind.NUMBER:
        return constant(kind, str(given.data[0]))
    raise Invalid("sensorthings.kinds", at="$filter", value=where, params={"given": given.kind, "wanted": kind})


def _instant_of(given: Vector, where: str) -> Vector:
    try:
        return constant(Kind.INSTANT, instant(str(given.data[0])))
    except ValueError as error:
        params = {"given": given.kind, "wanted": Kind.INSTANT}
        raise Invalid("sensorthings.kinds", at="$filter", value=where, params=params) from error


def _valid(columns: Columns) -> Any:
    return np.logical_and.reduce(np.broadcast_arrays(*(column.valid for column in columns)))


def _by(kind: Kind, compute: Callable[..., Any]) -> Callable[[Columns, int], Vector]:
    """Return a function that computes whole columns at once."""

    def apply(columns: Columns, _now_us: int) -> Vector:
        literal = all(column.literal for column in columns)
        return Vector(kind, np.asarray(compute(*(column.data for column in columns))), _valid(columns), literal)

    return apply


def _each(compute: Callable[..., str]) -> Callable[[Columns, int], Vector]:
    """Return a function of text that computes value by value."""

    def apply(columns: Columns, _now_us: int) -> Vector:
        spread, valid = np.broadcast_arrays(*(column.data for column in columns)), _valid(columns)
        rows = zip(valid.tolist(), *(column.tolist() for column in spread), strict=True)
        made = [compute(*values) if there else "" for there, *values in rows]
        return Vector(Kind.TEXT, np.array(made, dtype=TEXT), valid, all(column.literal for column in columns))

    return apply


def _substring(text: str, start: float, length: float | None = None) -> str:
    begin = _place(start)
    return text[begin:] if length is None else text[begin : begin + _place(length)]


def _place(number: float) -> int:
    """Return a number as a place in a text: none is negative, or further than any text is long."""
    return int(min(max(number, 0), _LONGEST))


def _part(place: int) -> Callable[[Rows], Rows]:
    """Return what takes the year (0), month (1) or day (2) of instants."""

    def take(time_us: Rows) -> Rows:
        days = time_us.astype("datetime64[us]").astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        if place == 0:
            return np.asarray(days.astype("datetime64[Y]").astype(np.int64) + 1970)
        if place == 1:
            return np.asarray(months.astype(np.int64) % 12 + 1)
        return np.asarray((days - months.astype("datetime64[D]")).astype(np.int64) + 1)

    return take


def _rounded(numbers: Any) -> Any:
    """Round to the nearest whole number, halves away from zero (OData 4.0 URL conventions 5.1.1.9)."""
    whole = np.trunc(numbers)
    with np.errstate(invalid="ignore"):  # an infinite number has no halves, and stays what it is
        return whole + np.sign(numbers) * (np.abs(numbers - whole) >= 0.5)


def _moment(time_us: Callable[[int], int]) -> Callable[[Columns, int], Vector]:
    return lambda _columns, now_us: constant(Kind.INSTANT, time_us(now_us))


def _shape(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Return a predicate of geometries that prepares the one that all others are compared with."""

    def apply(*shapes: Any) -> Any:
        for shape in shapes:
            if len(shape) == 1:
                shapely.prepare(shape)
        return compute(*shapes)

    return apply


def _related(left: Any, right: Any, patterns: Any) -> Any:
    return shapely.relate_pattern(left, right, str(patterns[0]))


_T, _N, _I, _G = Kind.TEXT, Kind.NUMBER, Kind.INSTANT, Kind.GEOMETRY

FUNCTIONS: dict[str, Function] = {
    "substringof": Function((_T, _T), _by(Kind.TRUTH, lambda part, whole: np.strings.find(whole, part) >= 0)),
    "contains": Function((_T, _T), _by(Kind.TRUTH, lambda whole, part: np.strings.find(whole, part) >= 0)),
    "endswith": Function((_T, _T), _by(Kind.TRUTH, np.strings.endswith)),
    "startswith": Function((_T, _T), _by(Kind.TRUTH, np.strings.startswith)),
    "length": Function((_T,), _by(_N, np.strings.str_len)),
    "indexof": Function((_T, _T), _by(_N, np.strings.find)),
    "substring": Function((_T, _N, _N), _each(_substring), optional=1),
    "tolower": Function((_T,), _by(_T, np.strings.lower)),
    "toupper": Function((_T,), _by(_T, np.strings.upper)),
    "trim": Function((_T,), _by(_T, np.strings.strip)),
    "concat": Function((_T, _T), _by(_T, np.strings.add)),
    "year": Function((_I,), _by(_N, _part(0))),
    "month": Function((_I,), _by(_N, _part(1))),
    "day": Function((_I,), _by(_N, _part(2))),
    "hour": Function((_I,), _by(_N, lambda time_us: time_us % DAY_US // _HOUR_US)),
    "minute": Function((_I,), _by(_N, lambda time_us: time_us % _HOUR_US // _MINUTE_US)),
    "second": Function((_I,), _by(_N, lambda time_us: time_us % _MINUTE_US // _SECOND_US)),
    "fractionalseconds": Function((_I,), _by(_N, lambda time_us: time_us % _SECOND_US / _SECOND_US)),
    "date": Function((_I,), _by(Kind.DATE, lambda time_us: time_us // DAY_US)),
    "time": Function((_I,), _by(Kind.CLOCK, lambda time_us: time_us % DAY_US)),
    "totaloffsetminutes": Function((_I,), _by(_N, np.zeros_like)),
    "now": Function((), _moment(lambda now_us: now_us)),
    "mindatetime": Function((), _moment(lambda _: _FIRST_US)),
    "maxdatetime": Function((), _moment(lambda _: _LAST_US)),
    "round": Function((_N,), _by(_N, _rounded)),
    "floor": Function((_N,), _by(_N, np.floor)),
    "ceiling": Function((_N,), _by(_N, np.ceil)),
    "geo.distance": Function((_G, _G), _by(_N, shapely.distance)),
    "geo.length": Function((_G,), _by(_N, shapely.length)),
    "geo.intersects": Function((_G, _G), _by(Kind.TRUTH, _shape(shapely.intersects))),
    "st_equals": Function((_G, _G), _by(Kind.TRUTH, shapely.equals)),
    "st_disjoint": Function((_G, _G), _by(Kind.TRUTH, _shape(shapely.disjoint))),
    "st_touches": Function((_G, _G), _by(Kind.TRUTH, _shape(shapely.touches))),
    "st_within": Function((_G, _G), _by(Kind.TRUTH, lambda inner, outer: _shape(shapely.contains)(outer, inner))),
    "st_overlaps": Function((_G, _G), _by(Kind.TRUTH, _shape(shapely.overlaps))),
    "st_crosses": Function((_G, _G), _by(Kind.TRUTH, _shape(shapely.crosses))),
    "st_intersects": Function((_G, _G), _by(Kind.TRUTH, _shape(shapely.intersects))),
    "st_contains": Function((_G, _G), _by(Kind.TRUTH, _shape(shapely.contains))),
    "st_relate": Function((_G, _G, _T), _by(Kind.TRUTH, _related)),
}
"""All functions by their names in lower case."""
