"""Quantities against time: of the case itself or of CSV files, checked row by row.

Times in a CSV file are ISO 8601 with a zone, or seconds from the beginning of the run. Nothing is guessed: a value that
is missing, not a number, a marker such as -9999, or out of its bounds is a fault with its row.
"""

import csv
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import CaseFault, Findings, RefusedError, Spot
from anlan.assess.water.cases.shapes import FromTable, Inline, Quantity
from anlan.science.arrays import Floats
from anlan.science.flood.points import Series

MOST_ROWS = 5_000_000
_MOST_FAULTS = 5  # of one table: the next ones say nothing new


def quantity(draft: Draft, given: Quantity, bounds: tuple[float, float], spot: Spot, findings: Findings) -> Series:
    """Return a quantity as a series in seconds from the beginning.

    Parameters
    ----------
    bounds
        What is possible; what lies beyond is a fault.

    Raises
    ------
    RefusedError
    """
    if isinstance(given, FromTable):
        time, values = table(draft, given.file, given.time, [given.value], bounds, spot)
        series = Series.of(time, values[:, 0])
    elif isinstance(given, Inline):
        within(given.values, bounds, spot / "values")
        series = Series.of(np.array(given.hours) * 3600.0, given.values)
    else:
        within([given], bounds, spot)
        return Series.steady(given)
    if draft.case.time is None:
        return series
    length_s = draft.case.time.length_s
    if series.time_s[0] > 0 or series.time_s[-1] < length_s:
        findings.note(spot, "series.short", f"{series.time_s[0]:.0f} s ... {series.time_s[-1]:.0f} s", length_s)
    return series


def within(values: Sequence[float], bounds: tuple[float, float], spot: Spot) -> None:
    """Refuse a value out of bounds.

    Raises
    ------
    RefusedError
    """
    for value in values:
        if not bounds[0] <= value <= bounds[1]:
            raise spot.refused("series.range", value, *bounds)


def table(
    draft: Draft,
    name: str,
    time: str,
    columns: Sequence[str],
    bounds: tuple[float, float],
    spot: Spot,
    *,
    gaps: bool = False,
) -> tuple[Floats, Floats]:
    """Return times (s from the beginning) and values (times, columns) of a CSV file.

    Parameters
    ----------
    gaps
        Whether an empty place is NaN; otherwise it is a fault.

    Raises
    ------
    RefusedError
        With the first faulty rows.
    """
    at = spot / "file"
    path = draft.file(name)
    if not path.exists():
        raise at.refused("file.missing", name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, rows = _rows(csv.reader(file), name, at)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise at.refused("file.unreadable", name, error) from None
    absent = [column for column in (time, *columns) if column not in head]
    if absent:
        raise at.refused("series.column", absent[0], *head)
    if not rows:
        raise at.refused("series.empty", name)
    picks = [head.index(column) for column in (time, *columns)]
    faults: list[CaseFault] = []
    moments, values = np.zeros(len(rows)), np.zeros((len(rows), len(columns)))
    for number, (line, row) in enumerate(rows):
        try:
            moments[number] = _moment(row[picks[0]] if picks[0] < len(row) else "", draft, at, line)
            values[number] = [
                _value(row[k] if k < len(row) else "", head[k], bounds, at, line, gaps=gaps) for k in picks[1:]
            ]
            if number and not moments[number] > moments[number - 1]:
                raise at.refused("series.order", row[picks[0]], line)
        except RefusedError as refused:
            faults += refused.faults
            if len(faults) == _MOST_FAULTS:
                break
    if faults:
        raise RefusedError(*faults)
    return moments, values


def _rows(reader: Any, name: str, at: Spot) -> tuple[list[str], list[tuple[int, list[str]]]]:
    head = [word.strip() for word in next(reader, [])]
    rows = []
    for row in reader:
        if any(word.strip() for word in row):
            rows.append((reader.line_num, row))
        if len(rows) > MOST_ROWS:
            raise at.refused("series.too_long", name, MOST_ROWS)
    return head, rows


def _moment(word: str, draft: Draft, at: Spot, row: int) -> float:
    try:
        return _finite(float(word), word, at, row)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(word.strip())
    except ValueError:
        raise at.refused("series.time", word, row) from None
    if moment.tzinfo is None:
        raise at.refused("series.zone", word, row)
    if draft.case.time is None:  # faulty, and told already
        return moment.timestamp()
    return (moment - draft.case.time.begin).total_seconds()


def _value(word: str, column: str, bounds: tuple[float, float], at: Spot, row: int, *, gaps: bool) -> float:
    if gaps and not word.strip():
        return math.nan
    try:
        value = _finite(float(word), word, at, row)
    except ValueError:
        raise at.refused("series.not_number", word, column, row) from None
    if not bounds[0] <= value <= bounds[1]:
        raise at.refused("series.row_range", value, column, row, *bounds)
    return value


def _finite(value: float, word: str, at: Spot, row: int) -> float:
    if not math.isfinite(value):
        raise at.refused("series.not_finite", word, row)
    return value
