"""Grading of risk: matrix, LEC product, and the gravest of several grades. All tables are arguments.

A grade is a whole number here, 0 for none and rising with gravity; what it is called is policy.

References
----------
Graham and Kinney (1980), A practical safety analysis system for hazards control, J. Safety Research 12(1), 13-20
(likelihood x exposure x consequence).
"""

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints, floats


def band(value: npt.ArrayLike, lower_bounds: npt.ArrayLike) -> Ints:
    """Return how many bounds each value reaches: a value on a bound has reached it; NaN reaches none.

    Parameters
    ----------
    value : array
    lower_bounds : (k,) array
        Rising.

    Returns
    -------
    array of int
        0 to ``k``.

    Raises
    ------
    ValueError
        If the bounds do not rise.

    Examples
    --------
    >>> band([69.9, 70, 160, 320], [70, 160, 320]).tolist()
    [0, 1, 2, 3]
    """
    bounds = floats(lower_bounds)
    if np.any(np.diff(bounds) <= 0):
        raise ValueError("lower_bounds: must rise")
    values = floats(value)
    return np.where(np.isnan(values), 0, np.searchsorted(bounds, values, side="right")).astype(np.int64)


def lec(likelihood: npt.ArrayLike, exposure: npt.ArrayLike, consequence: npt.ArrayLike) -> Floats:
    """Return the LEC score D = L E C: Graham and Kinney 1980."""
    return floats(floats(likelihood) * floats(exposure) * floats(consequence))


def matrix(likelihood: npt.ArrayLike, severity: npt.ArrayLike, table: npt.ArrayLike) -> Ints:
    """Look grades up in a risk matrix.

    Parameters
    ----------
    likelihood, severity : arrays of int
        Classes, from 1.
    table : (rows, columns) array of int
        Grade by likelihood (rows) and severity (columns).

    Raises
    ------
    ValueError
        If a class is not in the table.
    """
    grades = np.asarray(table, dtype=np.int64)
    row, column = np.asarray(likelihood, dtype=np.int64), np.asarray(severity, dtype=np.int64)
    for name, index, count in (("likelihood", row, grades.shape[0]), ("severity", column, grades.shape[1])):
        if np.any((index < 1) | (index > count)):
            raise ValueError(f"{name}: classes must lie in 1 to {count}")
    return np.asarray(grades[row - 1, column - 1], dtype=np.int64)


def gravest(grade: npt.ArrayLike, area: npt.ArrayLike, n_areas: int) -> Ints:
    """Return the gravest grade in each area: one red object makes the area red, and nothing averages it away.

    Parameters
    ----------
    grade : (m,) array of int
    area : (m,) array of int
        Index of each one's area, 0 to ``n_areas - 1``; -1 for none.
    n_areas : int

    Returns
    -------
    (n_areas,) array of int
        0 where an area has no graded object.
    """
    grades, areas = np.asarray(grade, dtype=np.int64), np.asarray(area, dtype=np.int64)
    worst = np.zeros(n_areas, dtype=np.int64)
    np.maximum.at(worst, areas[areas >= 0], grades[areas >= 0])
    return worst
