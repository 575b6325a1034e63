"""What a condition says of the time of observations, so that the history is read for no other time."""

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings import expressions as ex
from anlan.sense.sensorthings.entities import Set
from anlan.sense.sensorthings.evaluate import evaluate
from anlan.sense.sensorthings.frames import ALWAYS, Entities, Frame, Span
from anlan.sense.sensorthings.functions import as_kind
from anlan.sense.sensorthings.vectors import Kind
from anlan.sense.sensorthings.view import View

_TURNED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq"}
TIME = "phenomenonTime"


def span_of(view: View, condition: ex.Expression | None, path: ex.Path = (TIME,)) -> Span:
    """Return a span outside which nothing can fulfil a condition.

    Parameters
    ----------
    path
        The property that is the time.
    """
    low, high = ALWAYS
    for part in ex.conjuncts(condition):
        bound = _bound(view, part, path)
        if bound is not None:
            low, high = max(low, bound[0]), min(high, bound[1])
    return low, high


def spans_of(view: View, condition: ex.Expression | None) -> dict[ex.Path, Span]:
    """Return for each path to observations a span outside which none of them can fulfil a condition."""
    if condition is None:
        return {}
    timed = {path for path in ex.properties(condition) if path[-1] == TIME and path[-2:-1] == ("Observations",)}
    return {path[:-1]: span_of(view, condition, path) for path in timed}


def _bound(view: View, part: ex.Expression, path: ex.Path) -> Span | None:
    """Return the span that one comparison of the time with a constant allows."""
    if not isinstance(part, ex.Binary) or part.operator not in _TURNED:
        return None
    for own, other, operator in (
        (part.left, part.right, part.operator),
        (part.right, part.left, _TURNED[part.operator]),
    ):
        if own == ex.Property(path) and not any(True for _ in ex.properties(other)) and not ex.quantified(other):
            return _side(operator, _moment(view, other))
    return None


def _moment(view: View, expression: ex.Expression) -> int | None:
    alone = Frame.of(view, Entities(Set.OBSERVATIONS, np.empty(0, dtype=np.int64)))
    try:
        vector = as_kind(evaluate(expression, alone), Kind.INSTANT, TIME)
    except Invalid:
        return None  # what does not fit is told when the condition is evaluated
    return int(vector.data[0]) if vector.valid[0] else None


def _side(operator: str, moment: int | None) -> Span | None:
    low, high = ALWAYS
    if moment is None:
        return None
    if operator in {"gt", "ge", "eq"}:
        low = moment + (operator == "gt")
    if operator in {"lt", "le", "eq"}:
        high = moment - (operator == "lt")
    return low, high
