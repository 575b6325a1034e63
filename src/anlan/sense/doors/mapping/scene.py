"""What an expression of a mapping sees, and how it is evaluated: paths at once, CEL where it is needed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.catalog.expressions import ExpressionError, evaluate
from anlan.catalog.paths import finder, is_path
from anlan.catalog.schema.mappings import PLACEHOLDER
from anlan.sense.doors.limits import shown

_DOTTED = re.compile(r"(message|item|fields|constants)((?:\.[A-Za-z_][A-Za-z0-9_]*)+)")


class Absent(Exception):
    """Nothing stands where an expression looks."""


class Wrong(Exception):
    """An expression does not come out; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One item of a message, and everything around it."""

    message: Any
    item: Any
    fields: Mapping[str, float | int]
    topic: Sequence[str]
    constants: Mapping[str, Any]
    index: int

    def variables(self) -> dict[str, Any]:
        """Return all of it by name, for CEL."""
        return {name: getattr(self, name) for name in ("message", "item", "topic", "index")} | {
            "fields": dict(self.fields),
            "constants": dict(self.constants),
        }


Reading = Callable[[Scene], Any]


def reading(expression: str) -> Reading:
    """Return what evaluates an expression; it raises :class:`Absent` or :class:`Wrong`, and nothing else."""
    if is_path(expression):
        find, whole = finder(expression), expression.startswith("$")

        def at_path(scene: Scene) -> Any:
            found = find(scene.message if whole else scene.item)
            if not found:
                raise Absent(expression)
            return found[0]

        return at_path
    dotted = _DOTTED.fullmatch(expression)
    if dotted is not None:
        return _plain(dotted[1], "$" + dotted[2], expression)
    return _cel(expression)


def _plain(root: str, path: str, expression: str) -> Reading:
    """Return what looks up names joined by dots, as CEL would, without waking its engine."""
    find = finder(path)

    def look_up(scene: Scene) -> Any:
        found = find(getattr(scene, root))
        if not found:
            raise Absent(expression)
        return found[0]

    return look_up


def _cel(expression: str) -> Reading:
    def evaluated(scene: Scene) -> Any:
        try:
            return evaluate(expression, scene.variables())
        except ExpressionError as error:
            if isinstance(error.__cause__, KeyError):
                raise Absent(expression) from error
            raise Wrong(shown(str(error))) from error
        except (ArithmeticError, LookupError, AttributeError, RecursionError) as error:
            raise Wrong(shown(f"{expression}: {error}")) from error

    return evaluated


def template(text: str) -> Reading:
    """Return what fills a text's placeholders; a part that is no text, number or truth value is wrong."""
    literal = PLACEHOLDER.split(text)
    parts: list[str | Reading] = [reading(part) if place % 2 else part for place, part in enumerate(literal)]

    def filled(scene: Scene) -> str:
        return "".join(part if isinstance(part, str) else _text(part(scene)) for part in parts)

    return filled


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return shown(str(value)) if -1e18 < value < 1e18 else shown(value)
    raise Wrong(shown(value))
