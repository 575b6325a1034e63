"""What goes where: needs met from depots with the least way, within stock.

The transportation problem of Hitchcock (1941) with a penalty for what is not met, so that it always has an answer: a
need of high priority is served before one of low priority, whatever the way, and no need goes unmet while stock that
may reach it lies idle. Solved as a linear programme by HiGHS, costs scaled. The matrix is totally unimodular: whole
stocks and needs give whole flows.

References
----------
Hitchcock (1941), The distribution of a product from several sources to numerous localities, J. Math. Phys. 20, 224-230.
Huangfu and Hall (2018), Parallelizing the dual revised simplex method, Math. Prog. Comp. 10, 119-142 (HiGHS).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, floats
from anlan.science.scipy_parts import summed


@dataclass(frozen=True)
class Allocation:
    """Flows from depots to needs, (d, n), and what remains unmet, (n,), in the unit of the stock."""

    flow: Floats
    unmet: Floats


def allocate(
    stock: npt.ArrayLike,
    need: npt.ArrayLike,
    cost: npt.ArrayLike,
    *,
    priority: npt.ArrayLike = 1.0,
) -> Allocation:
    """Allocate stock to needs.

    Parameters
    ----------
    stock : (d,) array
        What each depot has; not negative.
    need : (n,) array
        What is needed at each place; not negative.
    cost : (d, n) array
        Of one unit on its way (distance, time); inf where there is no way; not negative.
    priority : (n,) array of whole numbers from 1 on
        A need of a higher one is never left unmet for the sake of a lower one.

    Returns
    -------
    Allocation
        The same arguments give the same flows.

    Raises
    ------
    ValueError
        If shapes differ, or a number is negative or NaN.
    """
    stocks, needs, costs = floats(stock), floats(need), floats(cost)
    ranks = np.broadcast_to(floats(priority), needs.shape)
    _check(stocks, needs, costs, ranks)
    depot, place = np.nonzero(np.isfinite(costs))
    ways = len(depot)
    if ways == 0 or not stocks.any() or not needs.any():
        return Allocation(np.zeros(costs.shape), needs.copy())
    unit = costs[depot, place].max() or 1.0  # so that HiGHS's absolute tolerances mean something
    ways_cost = costs[depot, place] / unit
    rows = np.concatenate([depot, len(stocks) + place, len(stocks) + np.arange(len(needs))])
    columns = np.concatenate([np.arange(ways), np.arange(ways), ways + np.arange(len(needs))])
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  # as in scipy_parts

    answer = milp(
        np.concatenate([ways_cost, _penalties(ranks)]),
        constraints=LinearConstraint(
            summed(np.ones(len(rows)), rows, columns, (len(stocks) + len(needs), ways + len(needs))),
            np.concatenate([np.zeros(len(stocks)), needs]),
            np.concatenate([stocks, needs]),
        ),
        bounds=Bounds(0, np.inf),
    )
    if not answer.success:  # cannot be: sending nothing is always allowed
        raise ValueError(f"allocation: {answer.message}")
    amounts = np.maximum(answer.x, 0)
    if np.all(stocks == np.rint(stocks)) and np.all(needs == np.rint(needs)):
        amounts = np.rint(amounts)
    flow = np.zeros(costs.shape)
    flow[depot, place] = amounts[:ways]
    return Allocation(flow, needs - flow.sum(axis=0))


def _penalties(ranks: Floats) -> Floats:
    """Return what a unit unmet costs: so much more at each priority that no saving of way outweighs it.

    Serving one unit more can lengthen the way of others: the chain of swaps that makes room for it passes each place
    once at most, and each swap adds at most the greatest cost, which is 1 here.
    """
    order = np.unique(ranks, return_inverse=True)[1]
    return floats((len(ranks) + 2) * (order + 1))


def _check(stock: Floats, need: Floats, cost: Floats, rank: Floats) -> None:
    if stock.ndim != 1 or need.ndim != 1 or cost.shape != (len(stock), len(need)):
        raise ValueError(f"cost: shape {cost.shape} must be ({len(stock)}, {len(need)}), depots by needs")
    for name, values in (("stock", stock), ("need", need), ("cost", cost), ("priority", rank)):
        if not np.all(values >= 0):
            raise ValueError(f"{name}: must be numbers from zero on")
