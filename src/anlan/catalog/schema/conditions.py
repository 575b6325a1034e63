"""Conditions on named values, as trees that a machine evaluates and a person reads."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from anlan.catalog.schema.base import Model

Scalar = bool | int | float | str

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
}


class Comparison(Model):
    """One variable against one value, in a unit.

    With ``order`` the values are words and compare by their place in it. With ``days`` the variable is a
    sequence of daily values, and the condition asks for that many consecutive days.
    """

    var: str
    op: Literal[">=", ">", "<=", "<", "=="]
    value: Scalar
    unit: str = ""
    order: tuple[str, ...] = ()
    days: int | None = None

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the comparison holds; a value that is not given holds nothing."""
        given = values.get(self.var)
        if given is None:
            return False
        if self.days is not None:
            return _longest_run([self._one(day) for day in given]) >= self.days
        return self._one(given)

    def _one(self, given: Any) -> bool:
        if self.order:
            places = {word: place for place, word in enumerate(self.order)}
            return given in places and _OPERATORS[self.op](places[given], places[str(self.value)])
        return _OPERATORS[self.op](given, self.value)


def _longest_run(days: Sequence[bool]) -> int:
    longest = run = 0
    for day in days:
        run = run + 1 if day else 0
        longest = max(longest, run)
    return longest


class AllOf(Model):
    """Holds when every part holds."""

    all_of: "tuple[Condition, ...]"

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether all parts hold."""
        return all(part.holds(values) for part in self.all_of)


class AnyOf(Model):
    """Holds when one part holds."""

    any_of: "tuple[Condition, ...]"

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether any part holds."""
        return any(part.holds(values) for part in self.any_of)


def _kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, Model) else {}
    return next((kind for kind in ("all_of", "any_of") if kind in keys), "comparison")


Condition = Annotated[
    Annotated[AllOf, Tag("all_of")] | Annotated[AnyOf, Tag("any_of")] | Annotated[Comparison, Tag("comparison")],
    Discriminator(_kind),
]
"""A comparison, or all or any of several conditions."""

AllOf.model_rebuild()
AnyOf.model_rebuild()
