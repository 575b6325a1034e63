"""Conditions and arguments that the catalog writes in CEL, the Common Expression Language.

Every expression is compiled when the catalog is read, so a slip of syntax is a fault with its line and not a
surprise at night. Variables are declared by who evaluates; the catalog only checks the syntax.
"""

import functools
import importlib
import importlib.util
import sys
from collections.abc import Mapping
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any


class ExpressionError(ValueError):
    """An expression is not CEL, or does not come out for the values given."""


@functools.cache
def _engine() -> ModuleType:
    """Return the CEL engine without the command line that its package imports (0.3 s).

    The extension stands in ``sys.modules`` under its own name, so that a later ``import cel`` finds it: it
    refuses to be loaded twice.
    """
    if "cel" in sys.modules:
        return sys.modules["cel"]
    package = importlib.util.find_spec("cel")
    folder = list(package.submodule_search_locations or ())[:1] if package else []
    spec = PathFinder.find_spec("cel.cel", folder)
    if spec is None or spec.loader is None:
        return importlib.import_module("cel")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules["cel.cel"] = module
    return module


@functools.lru_cache(maxsize=4096)
def compiled(expression: str) -> Any:
    """Return the compiled program of an expression.

    Raises
    ------
    ExpressionError
        If the text is not CEL; the message is the parser's, on one line.
    """
    try:
        return _engine().compile(expression)
    except ValueError as error:
        told = str(error).split("ERROR:")[-1].split("\n")[0].removeprefix(" <input>:").strip()
        raise ExpressionError(told) from None


def evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    """Return the value of an expression for the variables given.

    Raises
    ------
    ExpressionError
        If the text is not CEL, or names something that the variables do not hold.

    Examples
    --------
    >>> evaluate("alarms.ponding >= 2", {"alarms": {"ponding": 3}})
    True
    """
    try:
        return compiled(expression).execute(dict(variables))
    except (KeyError, TypeError, RuntimeError, ValueError) as error:
        raise ExpressionError(f"{expression}: {error}") from error
