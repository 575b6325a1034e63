"""Evaluating an expression on whole columns, with the treatment of missing values that OData prescribes.

``null eq null`` is true and ``null ne x`` is true; no other comparison with null is; ``and``, ``or`` and ``not`` know
a third truth (OData 4.0 URL conventions 5.1.1.1); arithmetic and functions of null give null.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings import expressions as ex
from anlan.sense.sensorthings.functions import as_kind, call
from anlan.sense.sensorthings.vectors import Kind, Vector

_TIMED = (Kind.INSTANT, Kind.DATE)
_EXACT = 2**53
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
}


class Frame(Protocol):
    """Rows of entities, and what their properties are."""

    @property
    def now_us(self) -> int:
        """The present moment, microseconds since 1970."""
        ...

    def column(self, path: ex.Path) -> Vector:
        """Return a property of every row."""
        ...

    def quantified(self, expression: ex.Quantified) -> Vector:
        """Return for every row whether any or all of the entities linked fulfil a condition."""
        ...


def evaluate(expression: ex.Expression, frame: Frame) -> Vector:
    """Return the value of an expression for every row.

    Raises
    ------
    Invalid
        If kinds do not fit, or a property is not known.
    """
    match expression:
        case ex.Constant():
            return expression.vector
        case ex.Property():
            return frame.column(expression.path)
        case ex.Call():
            return call(expression.name, [evaluate(part, frame) for part in expression.arguments], frame.now_us)
        case ex.Quantified():
            return frame.quantified(expression)
        case ex.Joined():
            return _joined(expression, frame)
        case ex.Not():
            inner = condition(expression.inner, frame)
            return Vector(Kind.TRUTH, ~inner.data, inner.valid)
        case ex.Negative():
            return _negative(evaluate(expression.inner, frame))
        case ex.OneOf():
            return _one_of(expression, frame)
        case ex.Binary():
            left, right = evaluate(expression.left, frame), evaluate(expression.right, frame)
            compute = _compared if expression.operator in _COMPARE else _computed
            return compute(expression.operator, left, right)


def condition(expression: ex.Expression, frame: Frame) -> Vector:
    """Return the value of an expression that must be true or false."""
    return as_kind(evaluate(expression, frame), Kind.TRUTH, "and, or, not")


def _joined(expression: ex.Joined, frame: Frame) -> Vector:
    """Join conditions: false decides ``and``, true decides ``or``, whatever is missing."""
    deciding = expression.operator == "or"
    data, valid = np.array([not deciding]), np.array([True])
    for part in expression.parts:
        column = condition(part, frame)
        decided = ((data == deciding) & valid) | ((column.data == deciding) & column.valid)
        valid = decided | (valid & column.valid)
        data = np.where(decided, deciding, not deciding)
    return Vector(Kind.TRUTH, data, valid)


def _negative(inner: Vector) -> Vector:
    if inner.kind not in {Kind.NUMBER, Kind.SPAN}:
        inner = as_kind(inner, Kind.NUMBER, "-")
    return Vector(inner.kind, -inner.data, inner.valid, inner.literal)


def _one_of(expression: ex.OneOf, frame: Frame) -> Vector:
    inner = evaluate(expression.inner, frame)
    found = np.zeros(1, dtype=np.bool_)
    for value in expression.values:
        found = found | _compared("eq", inner, evaluate(value, frame)).data
    return Vector(Kind.TRUTH, found, np.ones_like(found))


def _alike(operator: str, left: Vector, right: Vector) -> tuple[Vector, Vector]:
    """Return two columns as of one kind."""
    if left.kind is right.kind:
        return left, right
    if Kind.NOTHING in {left.kind, right.kind}:
        kind = right.kind if left.kind is Kind.NOTHING else left.kind
        return as_kind(left, kind, operator), as_kind(right, kind, operator)
    if left.kind in _TIMED and right.kind in _TIMED:
        return as_kind(left, Kind.INSTANT, operator), as_kind(right, Kind.INSTANT, operator)
    if left.literal:
        return as_kind(left, right.kind, operator), right
    return left, as_kind(right, left.kind, operator)


def _compared(operator: str, left: Vector, right: Vector) -> Vector:
    left, right = _alike(operator, left, right)
    both = left.valid & right.valid
    if left.kind is Kind.GEOMETRY:
        data = _compared_shapes(operator, left, right)
    elif left.kind is Kind.NOTHING:
        data = np.zeros(1, dtype=np.bool_)
    else:
        data = np.asarray(_COMPARE[operator](left.data, right.data), dtype=np.bool_)
    data = data & both
    if operator == "eq":
        data = data | (~left.valid & ~right.valid)
    elif operator == "ne":
        data = data | (left.valid != right.valid)
    return Vector(Kind.TRUTH, data, np.ones_like(data))


def _compared_shapes(operator: str, left: Vector, right: Vector) -> Any:
    if operator not in {"eq", "ne"}:
        raise Invalid(
            "sensorthings.kinds", at="$filter", value=operator, params={"given": left.kind, "wanted": Kind.NUMBER}
        )
    same = call("st_equals", (left, right), 0).data
    return same if operator == "eq" else ~same


_SUMS: dict[tuple[str, Kind, Kind], Kind] = {
    ("add", Kind.INSTANT, Kind.SPAN): Kind.INSTANT,
    ("add", Kind.SPAN, Kind.INSTANT): Kind.INSTANT,
    ("add", Kind.SPAN, Kind.SPAN): Kind.SPAN,
    ("sub", Kind.INSTANT, Kind.SPAN): Kind.INSTANT,
    ("sub", Kind.INSTANT, Kind.INSTANT): Kind.SPAN,
    ("sub", Kind.SPAN, Kind.SPAN): Kind.SPAN,
}
"""What comes of sums with times (OData 4.0 URL conventions 5.1.1.2)."""


def _computed(operator: str, left: Vector, right: Vector) -> Vector:
    made = _SUMS.get((operator, left.kind, right.kind))
    if made is None:
        left, right = as_kind(left, Kind.NUMBER, operator), as_kind(right, Kind.NUMBER, operator)
        return _arithmetic(operator, left, right)
    data = left.data + right.data if operator == "add" else left.data - right.data
    return Vector(made, data, left.valid & right.valid, left.literal and right.literal)


def _arithmetic(operator: str, left: Vector, right: Vector) -> Vector:
    """Compute with numbers; whole numbers stay whole, a division by zero of whole numbers has no value."""
    a, b, valid = left.data, right.data, left.valid & right.valid
    literal = left.literal and right.literal
    if a.dtype.kind == "i" and b.dtype.kind == "i":
        if operator in {"div", "mod"}:
            valid = valid & (b != 0)
            b = np.where(b == 0, 1, b)
            rest = np.fmod(a, b)
            return Vector(Kind.NUMBER, rest if operator == "mod" else (a - rest) // b, valid, literal)
        if _small(a, b):
            return Vector(Kind.NUMBER, _ARITHMETIC[operator](a, b), valid, literal)
    with np.errstate(all="ignore"):  # what has no value is marked, not warned of
        data = _ARITHMETIC[operator](a.astype(np.float64), b.astype(np.float64))
    return Vector(Kind.NUMBER, data, valid & ~np.isnan(data), literal)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "mod": np.fmod,
}


def _small(a: Any, b: Any) -> bool:
    """Tell whether no sum or product of whole numbers can leave the range in which doubles are exact."""
    most = [max(abs(int(part.max(initial=0))), abs(int(part.min(initial=0)))) for part in (a, b)]
    return max(most[0] * most[1], sum(most)) < _EXACT
