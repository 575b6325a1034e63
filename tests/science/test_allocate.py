"""Allocation against textbook optima, the assignment solver, a brute search and what must always hold."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from anlan.science.allocate import allocate


def test_powerco_as_published():
    """Winston, Operations Research (4th ed.), chapter 7: plants 35, 50, 40; cities 45, 20, 30, 30; optimum 1020."""
    cost = [[8, 6, 10, 9], [9, 12, 13, 7], [14, 9, 16, 5]]
    got = allocate([35, 50, 40], [45, 20, 30, 30], cost)

    assert np.sum(got.flow * cost) == 1020
    assert got.unmet.sum() == 0


def test_canneries_as_published():
    """Dantzig, Linear programming and extensions (1963), section 3-3; GAMS model `trnsport`: optimum 153.675."""
    cost = 90 * np.array([[2.5, 1.7, 1.8], [2.5, 1.8, 1.4]]) / 1000
    got = allocate([350, 600], [325, 300, 275], cost)

    assert np.sum(got.flow * cost) == pytest.approx(153.675)


@given(st.integers(2, 6), st.integers(0, 10**6))
def test_one_for_each_is_the_assignment_problem(n, seed):
    cost = np.random.default_rng(seed).random((n, n))
    rows, columns = linear_sum_assignment(cost)

    assert np.sum(allocate(np.ones(n), np.ones(n), cost).flow * cost) == pytest.approx(cost[rows, columns].sum())


AMOUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=4)


@given(AMOUNTS, AMOUNTS, st.integers(0, 10**6), st.sampled_from([0.0, 0.4]))
def test_stock_is_not_exceeded_need_is_not_oversupplied_and_unmet_only_where_stock_is_short(stock, need, seed, cut):
    rng = np.random.default_rng(seed)
    cost = rng.random((len(stock), len(need))) * 1000
    cost[rng.random(cost.shape) < cut] = np.inf
    got = allocate(stock, need, cost, priority=rng.integers(1, 4, len(need)))
    left = np.array(stock) - got.flow.sum(axis=1)

    assert np.all(left >= 0)
    assert np.all(got.flow >= 0)
    np.testing.assert_array_equal(got.flow.sum(axis=0) + got.unmet, need)
    assert np.all(got.unmet >= 0)
    assert np.all(got.flow[np.isinf(cost)] == 0)
    for depot, place in itertools.product(range(len(stock)), range(len(need))):
        if np.isfinite(cost[depot, place]) and got.unmet[place] > 0:
            assert left[depot] == 0
    if cut == 0:
        assert got.unmet.sum() == max(0, sum(need) - sum(stock))


def test_the_grave_need_is_served_first_however_far_it_is():
    got = allocate([10], [8, 8], [[1.0, 1e6]], priority=[1, 2])

    np.testing.assert_array_equal(got.flow, [[2, 8]])
    np.testing.assert_array_equal(got.unmet, [6, 0])


def test_a_chain_of_swaps_is_worth_a_unit_served():
    """The near depot must give way so that the second place, which only it can reach, is served."""
    got = allocate([5, 5], [5, 5], [[1.0, 1.0], [1e5, np.inf]])

    np.testing.assert_array_equal(got.flow, [[0, 5], [5, 0]])


def test_the_same_question_has_the_same_answer():
    cost = np.ones((3, 3))

    np.testing.assert_array_equal(allocate([3, 3, 3], [3, 3, 3], cost).flow, allocate([3, 3, 3], [3, 3, 3], cost).flow)


def test_nothing_to_give_and_nothing_needed():
    assert allocate([], [4], np.zeros((0, 1))).unmet.tolist() == [4]
    assert allocate([4], [], np.zeros((1, 0))).flow.shape == (1, 0)


@pytest.mark.parametrize(
    ("stock", "need", "cost", "named"),
    [
        ([-1], [1], [[1]], "stock"),
        ([1], [np.nan], [[1]], "need"),
        ([1], [1], [[-1]], "cost"),
        ([1], [1], [[1, 2]], "cost"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(stock, need, cost, named):
    with pytest.raises(ValueError, match=named):
        allocate(stock, need, cost)
