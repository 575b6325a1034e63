"""The query options of an address (18-088 clause 9.3.3), also those within the brackets of ``$expand``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings.columns import names
from anlan.sense.sensorthings.entities import LINKS, Set
from anlan.sense.sensorthings.expressions import Expression
from anlan.sense.sensorthings.faults import NotOffered, bad_option
from anlan.sense.sensorthings.frames import unknown_property
from anlan.sense.sensorthings.syntax import parse, parse_order, split

_PLACE = {"$skip", "$skiptoken"}
_CONTROL = {"id", "selfLink", "@iot.id", "@iot.selfLink"}


@dataclass(frozen=True)
class Options:
    """What is asked of a collection or an entity.

    Attributes
    ----------
    order : tuple of (expression, bool)
        By what to order, and whether from the greatest down.
    top : int or None
        How many at most; None: as the service likes.
    after : str or None
        The id behind which a page begins, in an address that this service made.
    array : bool
        Whether observations are wanted as arrays.
    raw : tuple of (str, str)
        The options as they were written, but for the place of a page.
    """

    filter: Expression | None = None
    order: tuple[tuple[Expression, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    select: tuple[str, ...] | None = None
    expand: "tuple[tuple[str, Options], ...]" = ()
    after: str | None = None
    array: bool = False
    raw: tuple[tuple[str, str], ...] = ()

    def selects(self, name: str) -> bool:
        """Tell whether an answer shows a property or link."""
        return self.select is None or name in self.select


@dataclass
class Reading:
    """Reads the options that belong to entities of one set.

    Attributes
    ----------
    most : int
        Tokens that an expression may have.
    depth : int
        How many more times expansions may stand within expansions.
    """

    at: Set
    most: int
    depth: int
    found: dict[str, Any] = field(default_factory=dict)

    def read(self, given: Sequence[tuple[str, str]]) -> Options:
        """Return the options; what does not begin with a dollar is passed over, as OData wants of custom options.

        Raises
        ------
        Invalid
            ``sensorthings.option`` and others.
        NotOffered
            ``sensorthings.unknown_option``.
        """
        for name, value in given:
            if not name.startswith("$"):
                continue
            if name not in _READERS:
                raise NotOffered("sensorthings.unknown_option", at=name, value=name)
            if name in self.found:
                raise bad_option(name, value)
            self.found[name] = _READERS[name](self, value.strip())
        raw = tuple(pair for pair in given if pair[0] not in _PLACE)
        return Options(**{_FIELDS[name]: value for name, value in self.found.items()}, raw=raw)

    def filter(self, value: str) -> Expression:
        """Return the condition of ``$filter``."""
        return parse(value, "$filter", self.most)

    def order(self, value: str) -> tuple[tuple[Expression, bool], ...]:
        """Return by what ``$orderby`` orders."""
        return parse_order(value, self.most)

    def select(self, value: str) -> tuple[str, ...]:
        """Return the names of ``$select``, which the entities must have."""
        known = {*names(self.at), *LINKS[self.at], *_CONTROL}
        chosen = tuple(part.strip() for part in value.split(","))
        for name in chosen:
            if name not in known:
                raise unknown_property(self.at, (name,))
        return tuple(name.removeprefix("@iot.") for name in chosen)

    def expand(self, value: str) -> tuple[tuple[str, Options], ...]:
        """Return the links of ``$expand`` with the options of each."""
        if self.depth == 0:
            raise Invalid("sensorthings.too_deep", at="$expand", value=value)
        found: dict[str, Options] = {}
        for part in split(value, ","):
            name, options = self._expansion(part.strip())
            found[name] = _merged(found[name], options) if name in found else options
        return tuple(found.items())

    def _expansion(self, text: str) -> tuple[str, Options]:
        """Read one expansion: ``Link``, ``Link(options)`` or ``Link/Link…``."""
        head, *tail = split(text, "/")
        name, bracket, inside = head.partition("(")
        link = LINKS[self.at].get(name.strip())
        if link is None:
            raise unknown_property(self.at, (name,))
        below = Reading(link.target, self.most, self.depth - 1)
        if tail:
            if bracket:
                raise bad_option("$expand", text)
            rest = "/".join(tail)
            return link.name, Options(expand=below.expand(rest), raw=(("$expand", rest),))
        if bracket and not inside.endswith(")"):
            raise bad_option("$expand", text)
        parts = [part.partition("=") for part in split(inside[:-1], ";") if part.strip()]
        return link.name, below.read([(name.strip(), value) for name, _, value in parts])


def _merged(one: Options, other: Options) -> Options:
    """Return the options of a link that is expanded twice: what stands below it in either is expanded."""
    known = dict(one.expand)
    for name, options in other.expand:
        known[name] = _merged(known[name], options) if name in known else options
    only_expands = all(name == "$expand" for name, _ in other.raw)
    return replace(one if only_expands else other, expand=tuple(known.items()), raw=(*one.raw, *other.raw))


def _whole(option: str) -> Callable[[Reading, str], int]:
    def read(_reading: Reading, value: str) -> int:
        if not (value.isascii() and value.isdigit()) or len(value) > 18:
            raise bad_option(option, value)
        return int(value)

    return read


def _count(_reading: Reading, value: str) -> bool:
    if value not in {"true", "false"}:
        raise bad_option("$count", value)
    return value == "true"


def _array(_reading: Reading, value: str) -> bool:
    if value != "dataArray":
        raise NotOffered("sensorthings.unknown_option", at="$resultFormat", value=value)
    return True


_FIELDS = {
    "$filter": "filter",
    "$orderby": "order",
    "$top": "top",
    "$skip": "skip",
    "$count": "count",
    "$select": "select",
    "$expand": "expand",
    "$skiptoken": "after",
    "$resultFormat": "array",
}

_READERS: dict[str, Callable[[Reading, str], Any]] = {
    "$filter": Reading.filter,
    "$orderby": Reading.order,
    "$top": _whole("$top"),
    "$skip": _whole("$skip"),
    "$count": _count,
    "$select": Reading.select,
    "$expand": Reading.expand,
    "$skiptoken": lambda _reading, value: value,
    "$resultFormat": _array,
}
