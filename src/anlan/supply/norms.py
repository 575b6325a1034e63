"""How much of what some people need for some days, and what equipment assets under water need.

The norms are the catalog's entries ``supply_norms`` marked ``estimated``; a norm in litres or kilocalories becomes
whole items by what one item holds.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.supplies import SupplyItem, SupplyNorm

Goods = dict[str, int]
"""Whole numbers of items, by item."""

TownRow = Mapping[str, Any] | sa.RowMapping
"""A row of ``need_towns``."""

_DAYS_IN_MONTH = 30
_HOUSEHOLDS_PER_NORM = 10  # of the basis per_10_households
_ROUNDING = 1e-9  # of a unit: what binary fractions may add to a whole number


def for_people(catalog: Catalog, people: int, days: int) -> Goods:
    """Return what people need for some days: every item that an estimated norm speaks of.

    Examples
    --------
    With 3 L a person and day from bottles of 0.55 L, 100 persons need ceil(100 * 3 * 3 / 0.55) = 1637 for 3 days.
    """
    household = float(catalog.setting("supply.household_persons"))
    found: Counter[str] = Counter()
    for norm in catalog.supply_norms.values():
        if norm.estimated and norm.item is not None:
            found[norm.item] += required(norm, catalog.supply_items[norm.item], people, days, household)
    return {item: quantity for item, quantity in found.items() if quantity > 0}


def required(norm: SupplyNorm, item: SupplyItem, people: int, days: int, household_persons: float) -> int:
    """Return how many of an item one norm asks for.

    Raises
    ------
    ValueError
        If the norm is a limit, which no quantity follows from.
    """
    amount = _amount(norm, people, days, people / household_persons)
    if item.content is not None and item.content.unit == norm.unit:
        amount /= item.content.value
    return math.ceil(amount - _ROUNDING)


def _amount(norm: SupplyNorm, people: int, days: int, households: float) -> float:
    """Return the amount in the unit of the norm."""
    match norm.basis:
        case "per_person":
            return people * norm.value
        case "per_person_day":
            return people * days * norm.value
        case "per_person_month":
            return people * days / _DAYS_IN_MONTH * norm.value
        case "per_household":
            return households * norm.value
        case "per_10_households":
            return households / _HOUSEHOLDS_PER_NORM * norm.value
        case "persons_per_one":
            return people / norm.value
        case "limit":
            raise ValueError(f"norm {norm.id}: a limit says nothing of quantities")


def for_assets(catalog: Catalog, assets: Mapping[str, int]) -> Goods:
    """Return the equipment for numbers of assets under water, by asset type (table ``supply_per_asset``)."""
    found: Counter[str] = Counter()
    for kind, item, quantity in catalog.tables["supply_per_asset"].rows:
        found[str(item)] += assets.get(str(kind), 0) * int(quantity or 0)
    return {item: quantity for item, quantity in found.items() if quantity > 0}


def for_towns(catalog: Catalog, towns: Sequence[TownRow], days: int, bound: str = "best") -> Goods:
    """Return what the towns of a need come to, by one bound of their people."""
    people = (for_people(catalog, town[bound], days) for town in towns)
    return together(*people, *(for_assets(catalog, town["assets"]) for town in towns))


def together(*goods: Mapping[str, int]) -> Goods:
    """Return several lists of goods added up."""
    total: Counter[str] = Counter()
    for one in goods:
        total.update(one)
    return dict(sorted(total.items()))
