"""Reading ``$filter`` and ``$orderby``: the grammar is that of the library odata-query, with what the standard adds.

The library's grammar is OData's (the ABNF of OData 4.01). What SensorThings says otherwise is put right in the text
and in the tokens before they reach the parser: ``@iot.id``, the functions ``substringof`` and ``st_…``, ``not(…)``,
lists of one, and names that begin like a keyword.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any

import shapely
from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings import expressions as ex
from anlan.sense.sensorthings.faults import NotOffered, bad_option
from anlan.sense.sensorthings.functions import FUNCTIONS
from anlan.sense.sensorthings.vectors import EPOCH, MICROSECOND, Kind, Vector, constant, instant

_OUTSIDE_QUOTES = re.compile(r"'(?:[^']|'')*'|@iot\.id\b|\bgeometry(?=')", re.IGNORECASE)
_DIRECTION = re.compile(r"\s+(asc|desc)$", re.IGNORECASE)
_SRID = re.compile(r"^\s*SRID=\d+;", re.IGNORECASE)
_LIKE_A_NAME = {"ANY", "ALL", "NULL", "BOOLEAN"}
_OWN = ("sta",)
_LARGEST = 2**63
_COMPARED = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
_COMPUTED = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Mod: "mod"}


def parse(text: str, option: str, most: int) -> ex.Expression:
    """Return the expression that a text says.

    Parameters
    ----------
    option
        The query option that it stands in, for the error.
    most
        Tokens that it may have.

    Raises
    ------
    Invalid
        ``sensorthings.option``, ``sensorthings.too_long``, ``sensorthings.arguments``.
    NotOffered
        For a function that this service does not know.
    """
    try:
        told = _OUTSIDE_QUOTES.sub(_plain_name, text)
        tokens = list(ODataLexer().tokenize(told))
        if len(tokens) > most:
            raise Invalid("sensorthings.too_long", at=option, value=len(tokens), params={"most": most})
        tree = ODataParser().parse(iter(_put_right(tokens, told)))
        return _read(tree)
    except ODataException as error:
        token = getattr(error, "token", None)
        raise bad_option(option, text, str(getattr(token, "value", "") or "")) from error
    except (ValueError, OverflowError, shapely.errors.ShapelyError) as error:  # no such day, duration or geometry
        raise bad_option(option, text, str(error)) from error


def parse_order(text: str, most: int) -> tuple[tuple[ex.Expression, bool], ...]:
    """Return the expressions by which to order, each with whether from the greatest down."""
    found = []
    for part in split(text, ","):
        words = part.strip()
        body, direction = _DIRECTION.sub("", words), _DIRECTION.search(words)
        found.append((parse(body, "$orderby", most), direction is not None and direction[1].lower() == "desc"))
    return tuple(found)


def split(text: str, mark: str) -> list[str]:
    """Cut a text at a mark, but not within brackets or quotes."""
    parts, depth, quoted, begin = [], 0, False, 0
    for place, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == mark and depth == 0:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def _plain_name(found: re.Match[str]) -> str:
    told = found[0].lower()
    return {"@iot.id": "id", "geometry": "geography"}.get(told, found[0])


def _put_right(tokens: list[Any], text: str) -> Iterator[Any]:
    """Yield the tokens as the parser's grammar has them."""
    place = 0
    while place < len(tokens):
        token, after = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else None
        if token.type in _LIKE_A_NAME and after and after.type == "ODATA_IDENTIFIER":
            token = _named(after, text[token.index : after.index] + after.value.full_name())
            place += 1
        elif token.type == "ODATA_IDENTIFIER" and after and after.type == "(":
            token = _called(token)
        yield token
        place += 1
        if token.type == "IN" and _is_list_of_one(tokens[place : place + 3]):
            yield from (*tokens[place : place + 2], _comma(tokens[place]), tokens[place + 2])
            place += 3


def _named(token: Any, name: str) -> Any:
    token.value = ast.Identifier(name)
    return token


def _called(token: Any) -> Any:
    """Make a name before a bracket a function of ours, which the library does not look up; ``not(`` is no function."""
    name = token.value.full_name().lower()
    if name == "not":
        token.type, token.value = "NOT", ast.Not()
    elif name not in FUNCTIONS:
        raise NotOffered("sensorthings.function", at="$filter", value=name)
    else:
        token.value = ast.Identifier(name, _OWN)
    return token


def _is_list_of_one(tokens: list[Any]) -> bool:
    return len(tokens) == 3 and tokens[0].type == "(" and tokens[2].type == ")"


def _comma(like: Any) -> Any:
    token = type(like)()
    token.type = token.value = ","
    token.lineno, token.index = like.lineno, like.index
    return token


def _read(tree: Any) -> ex.Expression:
    """Turn the library's tree into ours."""
    reader = _READERS.get(type(tree))
    if reader is None:
        raise bad_option("$filter", type(tree).__name__)
    return reader(tree)


def _read_call(tree: Any) -> ex.Expression:
    arguments = tuple(_read(argument) for argument in tree.args)
    least, most = FUNCTIONS[tree.func.name].takes
    if not least <= len(arguments) <= most:
        params = {"least": least, "most": most}
        raise Invalid("sensorthings.arguments", at="$filter", value=tree.func.name, params=params)
    return ex.Call(tree.func.name, arguments)


def _read_compare(tree: Any) -> ex.Expression:
    if isinstance(tree.comparator, ast.In):
        return ex.OneOf(_read(tree.left), tuple(_read(value) for value in tree.right.val))
    return ex.Binary(_COMPARED[type(tree.comparator)], _read(tree.left), _read(tree.right))


def _read_both(tree: Any) -> ex.Expression:
    """Read a chain of ``and`` or ``or``, which the parser nests to the left, without going as deep as it is long."""
    parts, rest = [tree.right], tree.left
    while isinstance(rest, ast.BoolOp) and rest.op == tree.op:
        parts.append(rest.right)
        rest = rest.left
    parts.append(rest)
    return ex.Joined("and" if isinstance(tree.op, ast.And) else "or", tuple(_read(part) for part in reversed(parts)))


def _read_unary(tree: Any) -> ex.Expression:
    return ex.Not(_read(tree.operand)) if isinstance(tree.op, ast.Not) else ex.Negative(_read(tree.operand))


def _read_quantified(tree: Any) -> ex.Expression:
    operator = "any" if isinstance(tree.operator, ast.Any) else "all"
    if tree.lambda_ is None:
        return ex.Quantified("any", _path(tree.owner), "", None)
    return ex.Quantified(
        "any" if operator == "any" else "all",
        _path(tree.owner),
        tree.lambda_.identifier.name,
        _read(tree.lambda_.expression),
    )


def _path(tree: Any) -> ex.Path:
    if isinstance(tree, ast.Attribute):
        return (*_path(tree.owner), tree.attr)
    if not isinstance(tree, ast.Identifier):
        raise bad_option("$filter", type(tree).__name__)
    return (*tree.namespace, tree.name)


def _whole(text: str) -> Vector:
    number = int(text)
    return constant(Kind.NUMBER, number if -_LARGEST <= number < _LARGEST else float(number))


def _clock(text: str) -> int:
    moment = time.fromisoformat(text)
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


_LITERALS: dict[type[Any], Callable[[Any], Vector]] = {
    ast.Null: lambda _: constant(Kind.NOTHING, None),
    ast.Integer: lambda tree: _whole(tree.val),
    ast.Float: lambda tree: constant(Kind.NUMBER, float(tree.val)),
    ast.Boolean: lambda tree: constant(Kind.TRUTH, tree.py_val),
    ast.String: lambda tree: constant(Kind.TEXT, tree.val),
    ast.GUID: lambda tree: constant(Kind.TEXT, tree.val),
    ast.Geography: lambda tree: constant(Kind.GEOMETRY, shapely.from_wkt(_SRID.sub("", tree.val))),
    ast.Date: lambda tree: constant(Kind.DATE, (date.fromisoformat(tree.val) - EPOCH.date()).days),
    ast.Time: lambda tree: constant(Kind.CLOCK, _clock(tree.val)),
    ast.DateTime: lambda tree: constant(Kind.INSTANT, instant(tree.val)),
    ast.Duration: lambda tree: constant(Kind.SPAN, tree.py_val // MICROSECOND),
}


def _read_literal(tree: Any) -> ex.Expression:
    return ex.Constant(_LITERALS[type(tree)](tree))


_READERS: dict[type[Any], Callable[[Any], ex.Expression]] = {
    **dict.fromkeys(_LITERALS, _read_literal),
    ast.Identifier: lambda tree: ex.Property(_path(tree)),
    ast.Attribute: lambda tree: ex.Property(_path(tree)),
    ast.Call: _read_call,
    ast.Compare: _read_compare,
    ast.BinOp: lambda tree: ex.Binary(_COMPUTED[type(tree.op)], _read(tree.left), _read(tree.right)),
    ast.BoolOp: _read_both,
    ast.UnaryOp: _read_unary,
    ast.CollectionLambda: _read_quantified,
}
