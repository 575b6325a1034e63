"""Reading the path of an address (18-088 clause 9.2): sets, ids, properties, ``$value``, ``$ref``, and links."""

import re
from dataclasses import dataclass
from typing import Literal

from anlan.kernel.errors import NotFound
from anlan.sense.sensorthings.columns import PROPERTIES
from anlan.sense.sensorthings.entities import LINKS, Link, Set

_SEGMENT = re.compile(r"(?P<name>\$?[A-Za-z]\w*)(?:\((?P<id>'(?:[^']|'')*'|[^'()/]*)\))?(?:/|$)")

Ending = Literal["", "$value", "$ref", "$count"]


@dataclass(frozen=True)
class Step:
    """One link of a path, with the id of one entity among those that it leads to."""

    link: Link
    id: str | None

    @property
    def single(self) -> bool:
        """Whether it leads to one entity."""
        return self.id is not None or not self.link.many


@dataclass(frozen=True)
class Address:
    """Where an address leads: through entities to some of one set, to a property of one, or to its raw value.

    Attributes
    ----------
    told : tuple of str
        The path of the property; empty for the entities themselves.
    """

    steps: tuple[Step, ...]
    told: tuple[str, ...] = ()
    ending: Ending = ""

    @property
    def set(self) -> Set:
        """Set of the entities that it leads to."""
        return self.steps[-1].link.target

    @property
    def single(self) -> bool:
        """Whether it leads to one entity."""
        return self.steps[-1].single


def read_address(path: str) -> Address:
    """Return where a path leads, which was decoded and begins behind the service's root.

    Raises
    ------
    NotFound
        ``sensorthings.path``.
    """
    steps: list[Step] = []
    told: list[str] = []
    for name, id_ in _segments(path):
        link = None if told else _link(steps, name)
        if link is not None:
            steps.append(Step(link, id_))
        elif id_ is None and ((steps and steps[-1].single) or name.startswith("$")):
            told.append(name)
        else:
            raise _nowhere(path)
    if not steps:
        raise _nowhere(path)
    return _ended(tuple(steps), told, path)


def _segments(path: str) -> list[tuple[str, str | None]]:
    found, place = [], 0
    path = path.strip("/")
    while place < len(path):
        segment = _SEGMENT.match(path, place)
        if segment is None or segment["id"] == "":
            raise _nowhere(path)
        found.append((segment["name"], None if segment["id"] is None else unquoted(segment["id"])))
        place = segment.end()
    return found


def unquoted(text: str) -> str:
    """Return the id that stands in an address, with quotes or as a number."""
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def _link(steps: list[Step], name: str) -> Link | None:
    if not steps:
        return Link(name, Set(name), many=True) if name in set(Set) else None
    if not steps[-1].single:
        return None
    return LINKS[steps[-1].link.target].get(name)


def _ended(steps: tuple[Step, ...], told: list[str], path: str) -> Address:
    ending: Ending = ""
    if told and told[-1] in {"$value", "$ref", "$count"}:
        ending = told.pop()  # type: ignore[assignment]  # one of the three
    known = {shown.path[: len(told)] for shown in PROPERTIES[steps[-1].link.target]}
    allowed = {"$ref": not told, "$value": bool(told), "$count": not told and not steps[-1].single, "": True}
    if (told and tuple(told) not in known) or any(name.startswith("$") for name in told) or not allowed[ending]:
        raise _nowhere(path)
    return Address(steps, tuple(told), ending)


def _nowhere(path: str) -> NotFound:
    return NotFound("sensorthings.path", at="path", value=path)
