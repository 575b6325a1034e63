"""Which of some entities are wanted, and in which order."""

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings import expressions as ex
from anlan.sense.sensorthings.evaluate import evaluate
from anlan.sense.sensorthings.frames import Entities, Frame, matching
from anlan.sense.sensorthings.spans import spans_of
from anlan.sense.sensorthings.vectors import Kind, Rows
from anlan.sense.sensorthings.view import View

Order = tuple[tuple[ex.Expression, bool], ...]


def wanted(view: View, entities: Entities, condition: ex.Expression | None) -> Rows:
    """Return the places of the entities that fulfil a condition, in their order."""
    if condition is None:
        return np.arange(len(entities.rows))
    frame = Frame.of(view, entities, spans_of(view, condition))
    return np.flatnonzero(matching(frame, condition))


def ordered(view: View, entities: Entities, order: Order, group: Rows | None = None) -> Rows:
    """Return the places of entities in an order; equal ones stay in theirs, what is missing comes first.

    Parameters
    ----------
    group
        Numbers by which to order before all else.

    Raises
    ------
    Invalid
        ``sensorthings.order`` for what has no order, or leads to many entities.
    """
    keys = [_key(view, entities, expression, downward) for expression, downward in order]
    if group is not None:
        keys.insert(0, group)
    if not keys:
        return np.arange(len(entities.rows))
    return np.lexsort(tuple(reversed(keys)))


def _key(view: View, entities: Entities, expression: ex.Expression, downward: bool) -> Rows:
    frame = Frame.of(view, entities)
    if any(frame.crossings(path) for path in ex.properties(expression)):
        raise Invalid("sensorthings.order", at="$orderby")
    vector = evaluate(expression, frame)
    if vector.kind is Kind.GEOMETRY:
        raise Invalid("sensorthings.order", at="$orderby")
    n = len(entities.rows)
    data, valid = np.broadcast_to(vector.data, (n,)), np.broadcast_to(vector.valid, (n,))
    code = np.unique(data, return_inverse=True)[1].reshape(-1).astype(np.int64)
    code = np.where(valid, code, -1)
    return -code if downward else code
