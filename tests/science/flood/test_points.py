"""Series against time, and the places where water enters and leaves."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from anlan.science.flood.grid import Grid
from anlan.science.flood.points import Inflow, Level, OpenEdge, Points, Series

GRID = Grid(np.array([[1.0, 2.0, np.nan], [0.5, 1.5, 2.5]]), 10.0, 20.0, 0.03)
FLOOD = Series.of([0.0, 10.0, 30.0], [0.0, 5.0, 1.0])


def cells(*found: int) -> np.ndarray:
    return np.array(found, dtype=np.int64)


def test_a_series_is_straight_between_moments_and_steady_beyond() -> None:
    assert [FLOOD.at(t) for t in (-1, 0, 5, 20, 99)] == [0, 0, 2.5, 3, 1]
    assert [FLOOD.next_bend(t) for t in (-1, 0, 10, 30)] == [0, 10, 30, np.inf]
    assert Series.steady(2.0).mean(3.0, 9.0) == 2.0


@given(st.floats(-20, 60), st.floats(0, 60))
def test_its_mean_is_that_of_the_integral(begin: float, length: float) -> None:
    end = begin + length
    wanted = FLOOD.at(begin) if length < 1e-6 else quad(FLOOD.at, begin, end, points=[0, 10, 30])[0] / length

    assert FLOOD.mean(begin, end) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(
    ("time", "value", "word"),
    [
        ([], [], "moment"),
        ([0.0, 1.0], [1.0], "moment"),
        ([0.0, 1.0], [1.0, np.nan], "finite"),
        ([0.0, np.inf], [1.0, 2.0], "finite"),
        ([0.0, 0.0], [1.0, 2.0], "rise"),
    ],
)
def test_what_is_no_series_is_refused(time: Any, value: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        Series.of(time, value)


def test_an_inflow_is_spread_over_its_cells_and_booked_by_name() -> None:
    points = Points(GRID, (Inflow("river", cells(0, 1), FLOOD), Inflow("spring", cells(4), Series.steady(2.0))))

    where, rates, volumes = points.rates(0.0, 10.0)

    assert where.tolist() == [0, 1, 4]
    assert rates.tolist() == pytest.approx([2.5 / 400, 2.5 / 400, 2.0 / 200])
    assert volumes == pytest.approx({"river": 25.0, "spring": 20.0})
    assert float((rates * GRID.cell_m2).sum()) * 10.0 == pytest.approx(sum(volumes.values()))


def test_levels_are_told_before_and_after_and_the_next_bend_of_all_is_the_first() -> None:
    tide = Level("tide", cells(3, 5), Series.of([0.0, 4.0], [1.0, 3.0]))
    points = Points(GRID, (Inflow("river", cells(0), FLOOD),), (tide,))

    where, before, after = points.held(1.0, 2.0)

    assert where.tolist() == [3, 5]
    assert before.tolist() == [1.5, 1.5]
    assert after.tolist() == [2.0, 2.0]
    assert [points.next_bend(t) for t in (0.0, 4.0, 10.0, 30.0)] == [4.0, 10.0, 30.0, np.inf]


def test_an_open_edge_pulls_as_mannings_formula_says() -> None:
    points = Points(GRID, edges=(OpenEdge("south", cells(3, 4, 5), 0.0004, 20.0),))

    where, pull = points.outlets()

    assert where.tolist() == [3, 4, 5]
    assert pull.tolist() == pytest.approx([0.02 / (0.03 * 20.0)] * 3)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"inflows": (Inflow("river", cells(), FLOOD),)}, "river"),
        ({"inflows": (Inflow("river", cells(6), FLOOD),)}, "river"),
        ({"inflows": (Inflow("river", cells(-1), FLOOD),)}, "river"),
        ({"inflows": (Inflow("river", cells(2), FLOOD),)}, "no ground"),
        ({"inflows": (Inflow("a", cells(0), FLOOD), Inflow("a", cells(1), FLOOD))}, "name"),
        ({"levels": (Level("sea", cells(0, 1), FLOOD), Level("bay", cells(1), FLOOD))}, "one level"),
        ({"edges": (OpenEdge("east", cells(5), 0.0, 10.0),)}, "slope"),
        ({"edges": (OpenEdge("east", cells(5), 0.001, 0.0),)}, "side"),
    ],
)
def test_places_that_cannot_be_are_refused(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        Points(GRID, **wrong)
