"""Places in a JSON document, written as JSONPath (RFC 9535).

``$`` is the whole message and ``@`` the item at hand. A path of names and places, with ``[*]`` at its end or not, is
walked here; whatever asks for more (``..``, filters, slices) is given to python-jsonpath, which is loaded when the
first such path is met, because that takes a fifth of a second.
"""

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"([$@](?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9]+\]|\['[^'\\]*'\])*)(\[\*\])?")
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]|\['([^'\\]*)'\]")

Finder = Callable[[Any], list[Any]]
"""Returns what stands at a path of a document: nothing, one thing, or many."""


class PathError(ValueError):
    """A text is not JSONPath."""


def is_path(text: str) -> bool:
    """Tell whether a text is meant as a path."""
    return text.startswith(("$", "@"))


@functools.lru_cache(maxsize=4096)
def finder(path: str) -> Finder:
    """Return what finds a path in the document that its first sign stands for.

    Raises
    ------
    PathError
        If the text is not JSONPath.

    Examples
    --------
    >>> finder("$.rain[0].mm")({"rain": [{"mm": 1.5}]})
    [1.5]
    """
    plain = _PLAIN.fullmatch(path)
    if plain is not None:
        return functools.partial(_walk if plain[2] is None else _walk_all, _steps(plain[1]))
    import jsonpath  # noqa: PLC0415  # see above

    try:
        compiled = jsonpath.compile("$" + path[1:])
    except (jsonpath.JSONPathError, RecursionError, ValueError) as error:
        raise PathError(str(error).split("\n", 1)[0]) from None
    return functools.partial(_find, compiled, (jsonpath.JSONPathError, RecursionError))


def _steps(path: str) -> tuple[str | int, ...]:
    return tuple(int(place) if place else name or quoted for name, place, quoted in _STEP.findall(path))


def _walk(steps: tuple[str | int, ...], document: Any) -> list[Any]:
    for step in steps:
        if isinstance(step, str):
            if not isinstance(document, Mapping) or step not in document:
                return []
        elif not isinstance(document, Sequence) or isinstance(document, str) or step >= len(document):
            return []
        document = document[step]
    return [document]


def _walk_all(steps: tuple[str | int, ...], document: Any) -> list[Any]:
    """Return everything that stands in what is found."""
    found = _walk(steps, document)
    if not found or isinstance(found[0], str) or not isinstance(found[0], Mapping | Sequence):
        return []
    return list(found[0].values() if isinstance(found[0], Mapping) else found[0])


def _find(compiled: Any, faults: tuple[type[Exception], ...], document: Any) -> list[Any]:
    if not isinstance(document, Mapping | Sequence) or isinstance(document, str):
        return []
    try:
        found: list[Any] = compiled.findall(document)
    except faults:
        return []
    return found
