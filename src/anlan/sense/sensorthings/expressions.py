"""The expressions of ``$filter`` and ``$orderby`` as this package computes with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from anlan.sense.sensorthings.vectors import Vector

Path = tuple[str, ...]


@dataclass(frozen=True)
class Constant:
    """A value that the asker wrote."""

    vector: Vector


@dataclass(frozen=True)
class Property:
    """A property of the entity, or of one that it is linked to."""

    path: Path


@dataclass(frozen=True)
class Call:
    """A function of some expressions."""

    name: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Binary:
    """A comparison (eq, ne, lt, le, gt, ge) or an arithmetic operation (add, sub, mul, div, mod)."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Joined:
    """Several conditions with ``and`` or ``or`` between them."""

    operator: Literal["and", "or"]
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Not:
    """A condition that must not hold."""

    inner: "Expression"


@dataclass(frozen=True)
class Negative:
    """A number with its sign turned."""

    inner: "Expression"


@dataclass(frozen=True)
class OneOf:
    """Whether a value is among some."""

    inner: "Expression"
    values: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Quantified:
    """Whether a condition holds for any or all of the entities linked; without a condition, whether there are any."""

    operator: Literal["any", "all"]
    path: Path
    variable: str
    body: "Expression | None"


Expression = Constant | Property | Call | Binary | Joined | Not | Negative | OneOf | Quantified


def children(expression: Expression) -> "tuple[Expression, ...]":
    """Return the expressions right inside one; the body of a quantifier is not counted, it has names of its own."""
    match expression:
        case Call():
            return expression.arguments
        case Binary():
            return (expression.left, expression.right)
        case Joined():
            return expression.parts
        case Not() | Negative():
            return (expression.inner,)
        case OneOf():
            return (expression.inner, *expression.values)
        case _:
            return ()


def properties(expression: Expression) -> Iterator[Path]:
    """Yield the paths of all properties in an expression, those within quantifiers left out."""
    if isinstance(expression, Property):
        yield expression.path
    for part in children(expression):
        yield from properties(part)


def quantified(expression: Expression) -> bool:
    """Tell whether there is a quantifier in an expression."""
    return isinstance(expression, Quantified) or any(map(quantified, children(expression)))


def conjuncts(expression: Expression | None) -> "tuple[Expression, ...]":
    """Return conditions all of which must hold for the whole to hold."""
    if expression is None:
        return ()
    if isinstance(expression, Joined) and expression.operator == "and":
        return tuple(inner for part in expression.parts for inner in conjuncts(part))
    return (expression,)


def together(parts: "tuple[Expression, ...]") -> Expression | None:
    """Return one condition that holds where all of some hold; None for none."""
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Joined("and", parts)
