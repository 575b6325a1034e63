"""Conditions written twice: as a text for ``$filter``, and as a plain Python function of one entity.

The functions follow OData 4.0 (URL conventions 5.1.1), value by value, with None for null.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

Entity = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An expression as text, and what it is for one entity."""

    text: str
    value: Callable[[Entity], Any]

    def __repr__(self) -> str:
        return self.text


def literal(value: Any) -> Told:
    if value is None:
        return Told("null", lambda _: None)
    if isinstance(value, str):
        return Told("'" + value.replace("'", "''") + "'", lambda _: value)
    return Told(str(value).lower() if isinstance(value, bool) else str(value), lambda _: value)


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that gives None for None."""
    return lambda *values: None if any(value is None for value in values) else function(*values)


def call(name: str, function: Callable[..., Any], *arguments: Told) -> Told:
    known = strict(function)
    text = f"{name}({','.join(argument.text for argument in arguments)})"
    return Told(text, lambda entity: known(*(argument.value(entity) for argument in arguments)))


def binary(name: str, function: Callable[[Any, Any], Any], left: Told, right: Told) -> Told:
    text = f"({left.text} {name} {right.text})"
    return Told(text, lambda entity: function(left.value(entity), right.value(entity)))


def divide(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        return None if b == 0 else math.trunc(Fraction(a, b))
    if b == 0:
        return None if a == 0 else math.copysign(math.inf, a) * math.copysign(1, b)
    return a / b


def remainder(a: Any, b: Any) -> Any:
    if b == 0 or math.isinf(a):
        return None
    return a - b * math.trunc(Fraction(a, b)) if isinstance(a, int) and isinstance(b, int) else math.fmod(a, b)


def number(value: Any) -> Any:
    """Return a number, or None for what is none."""
    return None if isinstance(value, float) and math.isnan(value) else value


def endless(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that leaves an infinite number as it is."""
    return lambda a: a if math.isinf(a) else function(a)


def rounded(a: Any) -> Any:
    whole = math.trunc(a)
    return float(whole + (abs(a - whole) >= 0.5) * (1 if a > 0 else -1))


def less(a: Any, b: Any) -> bool:
    return a is not None and b is not None and a < b


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": less,
    "gt": lambda a, b: less(b, a),
    "le": lambda a, b: a is not None and b is not None and a <= b,
    "ge": lambda a, b: a is not None and b is not None and a >= b,
}


def all_of(a: Any, b: Any) -> Any:
    return False if a is False or b is False else None if a is None or b is None else True


def any_of(a: Any, b: Any) -> Any:
    return True if a is True or b is True else None if a is None or b is None else False


NUMBERS = st.one_of(st.integers(-40, 40), st.integers(-160, 160).map(lambda quarters: quarters / 4))
TEXTS = st.text(alphabet="aB '测ß%/x", max_size=3)
ARITHMETIC = {
    "add": strict(lambda a, b: number(a + b)),
    "sub": strict(lambda a, b: number(a - b)),
    "mul": strict(lambda a, b: number(a * b)),
    "div": strict(lambda a, b: number(divide(a, b))),
    "mod": strict(remainder),
}


def properties(*names: str) -> st.SearchStrategy[Told]:
    return st.sampled_from(names).map(lambda name: Told(name, lambda entity: entity[name]))


def texts(*names: str) -> st.SearchStrategy[Told]:
    def grown(inner: st.SearchStrategy[Told]) -> st.SearchStrategy[Told]:
        small = st.integers(0, 4).map(literal)
        return st.one_of(
            st.builds(lambda a: call("tolower", str.lower, a), inner),
            st.builds(lambda a: call("toupper", str.upper, a), inner),
            st.builds(lambda a: call("trim", str.strip, a), inner),
            st.builds(lambda a, b: call("concat", str.__add__, a, b), inner, inner),
            st.builds(lambda a, n: call("substring", lambda s, i: s[i:], a, n), inner, small),
            st.builds(lambda a, n, m: call("substring", lambda s, i, k: s[i : i + k], a, n, m), inner, small, small),
        )

    return st.recursive(st.one_of(TEXTS.map(literal), properties(*names)), grown, max_leaves=3)


def numbers(text: st.SearchStrategy[Told], *names: str) -> st.SearchStrategy[Told]:
    def grown(inner: st.SearchStrategy[Told]) -> st.SearchStrategy[Told]:
        return st.one_of(
            st.builds(
                lambda n, a, b: binary(n, ARITHMETIC[n], a, b), st.sampled_from(sorted(ARITHMETIC)), inner, inner
            ),
            st.builds(lambda a: Told(f"(-({a.text}))", lambda e: strict(lambda v: -v)(a.value(e))), inner),
            st.builds(lambda a: call("round", endless(rounded), a), inner),
            st.builds(lambda a: call("floor", endless(lambda v: float(math.floor(v))), a), inner),
            st.builds(lambda a: call("ceiling", endless(lambda v: float(math.ceil(v))), a), inner),
        )

    leaves = st.one_of(
        NUMBERS.map(literal),
        properties(*names),
        st.builds(lambda a: call("length", len, a), text),
        st.builds(lambda a, b: call("indexof", str.find, a, b), text, text),
    )
    return st.recursive(leaves, grown, max_leaves=4)


def conditions(
    text: st.SearchStrategy[Told], number: st.SearchStrategy[Told], *more: st.SearchStrategy[Told]
) -> st.SearchStrategy[Told]:
    operator = st.sampled_from(sorted(COMPARE))
    nothing = st.just(literal(None))
    leaves = st.one_of(
        st.builds(lambda n, a, b: binary(n, COMPARE[n], a, b), operator, text, st.one_of(text, nothing)),
        st.builds(lambda n, a, b: binary(n, COMPARE[n], a, b), operator, number, st.one_of(number, nothing)),
        st.builds(lambda a, b: call("startswith", str.startswith, a, b), text, text),
        st.builds(lambda a, b: call("endswith", str.endswith, a, b), text, text),
        st.builds(lambda a, b: call("substringof", lambda part, whole: part in whole, a, b), text, text),
        st.builds(lambda a, b: call("contains", lambda whole, part: part in whole, a, b), text, text),
        st.builds(_among, number, st.lists(NUMBERS, min_size=1, max_size=3)),
        *more,
    )

    def grown(inner: st.SearchStrategy[Told]) -> st.SearchStrategy[Told]:
        return st.one_of(
            st.builds(lambda a, b: binary("and", all_of, a, b), inner, inner),
            st.builds(lambda a, b: binary("or", any_of, a, b), inner, inner),
            st.builds(lambda a: Told(f"not ({a.text})", lambda e: strict(lambda v: not v)(a.value(e))), inner),
        )

    return st.recursive(leaves, grown, max_leaves=5)


@st.composite
def drawn(draw: st.DrawFn, strategy: st.SearchStrategy[Told]) -> Told:
    """Draw from a strategy whose own description would be too long to show."""
    return draw(strategy)


def _among(number: Told, values: list[Any]) -> Told:
    told = ",".join(literal(value).text for value in values)
    return Told(f"{number.text} in ({told})", lambda entity: number.value(entity) in values)
