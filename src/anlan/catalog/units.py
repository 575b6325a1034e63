"""Units by their UCUM codes (Unified Code for Units of Measure, 2.2), checked and converted by Pint.

Pint is loaded with the first code that is asked about, because that takes a second.
"""

import functools
import re
from typing import Any, NamedTuple

_ANNOTATION = re.compile(r"\{[^{}]*\}")
_SAME = 1e-9
"""Rounding of floats, relative: the conversions of UCUM are exact in far fewer digits."""


class UnitError(ValueError):
    """A code is not UCUM, or two units are not of one kind."""


class Conversion(NamedTuple):
    """How a value of one unit becomes one of another: ``value * factor + offset``."""

    factor: float
    offset: float = 0.0


@functools.lru_cache(maxsize=1024)
def conversion(source: str, target: str) -> Conversion:
    """Return how values in one unit become values in another.

    Annotations in braces say what is counted, and UCUM gives them no meaning; here they must be the same on both
    sides, because a percentage of the lower explosive limit is not one of the volume.

    Parameters
    ----------
    source, target : str
        UCUM codes, case sensitive.

    Raises
    ------
    UnitError
        If a code is not UCUM, the dimensions or the annotations differ, or the scale is not a straight line.

    Examples
    --------
    >>> conversion("kPa", "MPa").factor
    0.001
    >>> round(conversion("[degF]", "Cel").offset, 6)
    -17.777778
    """
    if source == target:
        _parsed(source)
        return Conversion(1.0)
    if sorted(_ANNOTATION.findall(source)) != sorted(_ANNOTATION.findall(target)):
        raise UnitError(f"{source} and {target} do not count the same")
    zero, one, two = (_convert(value, source, target) for value in (0.0, 1.0, 2.0))
    if abs((two - one) - (one - zero)) > _SAME * max(abs(two), abs(one)):
        raise UnitError(f"{source} and {target} are not proportional to each other")
    return Conversion(_rounded(one - zero), zero)


def factor(source: str, target: str) -> float:
    """Return the number by which a value in one unit is multiplied to be in another.

    Raises
    ------
    UnitError
        As :func:`conversion`; or if zero of the one is not zero of the other, as with temperatures.

    Examples
    --------
    >>> factor("bar", "MPa")
    0.1
    """
    found = conversion(source, target)
    if found.offset:
        raise UnitError(f"{source} and {target} differ by an offset, too")
    return found.factor


def is_ucum(code: str) -> bool:
    """Tell whether a text is a UCUM code that can be converted."""
    try:
        _parsed(code)
    except UnitError:
        return False
    return True


class _Engine(NamedTuple):
    """Pint's registry with UCUM's units, and what it and the parser raise."""

    registry: Any
    faults: tuple[type[Exception], ...]


@functools.cache
def _engine() -> _Engine:
    from lark.exceptions import LarkError  # noqa: PLC0415  # Pint takes half a second, and most runs convert nothing
    from pint.errors import PintError  # noqa: PLC0415
    from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]  # noqa: PLC0415

    faults = (LarkError, PintError, AttributeError, KeyError, TypeError, ValueError, ArithmeticError)
    return _Engine(PintUcumRegistry(), faults)


@functools.lru_cache(maxsize=1024)
def _parsed(code: str) -> Any:
    """Return Pint's unit of a code; an annotation alone is the unit 1 (UCUM 2.2, paragraph 6)."""
    bare = re.sub(r"^/", "1/", _ANNOTATION.sub("", code)) or "1" if code.startswith("{") else code
    engine = _engine()
    try:
        return engine.registry.from_ucum(bare).units
    except engine.faults as error:
        raise UnitError(f"{code!r} is not UCUM: {_first_line(error)}") from None


def _convert(value: float, source: str, target: str) -> float:
    engine, units = _engine(), (_parsed(source), _parsed(target))
    try:
        return float(engine.registry.Quantity(value, units[0]).to(units[1]).magnitude)
    except engine.faults as error:
        raise UnitError(f"{source} cannot be told in {target}: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _rounded(value: float) -> float:
    """Return a factor without the last digits that a chain of multiplications leaves."""
    return float(f"{value:.14g}")
