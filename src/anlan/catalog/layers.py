"""Layers of content: a later layer adds entries, changes them key by key, or removes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from anlan.catalog.documents import Document, read
from anlan.catalog.faults import Fault
from anlan.catalog.schema.base import PROVENANCE, Sourced
from anlan.catalog.subjects import SUBJECTS
from anlan.catalog.texts import near

ABOUT = "about"
"""Key at the top of a file: the provenance of every entry in it that states none of its own."""


@dataclass(frozen=True)
class Piece:
    """What one file says about one entry."""

    layer: str
    document: Document
    path: tuple[str, str]
    value: Mapping[str, Any]


@dataclass
class Draft:
    """One entry before it is checked: its pieces, first layer first, laid over each other."""

    pieces: list[Piece] = field(default_factory=list)

    def value(self) -> dict[str, Any]:
        """Return the pieces merged, with the layer that spoke last."""
        merged: dict[str, Any] = {}
        for piece in self.pieces:
            merged = overlay(merged, piece.value)
        return merged | {"id": self.pieces[-1].path[1], "layer": self.pieces[-1].layer}

    def place(self, path: tuple[str | int, ...]) -> tuple[Document, int]:
        """Return the file and line that speak of a path: of the last layer that reaches farthest."""
        best = max(reversed(self.pieces), key=lambda piece: piece.document.reaches((*piece.path, *path)))
        return best.document, best.document.place((*best.path, *path)).line


Drafts = dict[str, dict[str, Draft]]


_WHOLE = frozenset({"var", "all_of", "any_of"})
"""Keys of a condition, which is one thing and is replaced whole."""


def overlay(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` under ``over``: mappings merge key by key, null removes, all else replaces.

    A condition is replaced whole; in provenance null is a value, "not known".

    Examples
    --------
    >>> overlay({"a": {"x": 1, "y": 2}, "b": 1}, {"a": {"y": 3}, "b": None})
    {'a': {'x': 1, 'y': 3}}
    """
    result = dict(base)
    for key, value in over.items():
        if value is None and key in base and key not in PROVENANCE:
            del result[key]
        elif isinstance(value, dict) and isinstance(base.get(key), dict) and _WHOLE.isdisjoint(value):
            result[key] = overlay(base[key], value)
        else:
            result[key] = value
    return result


def gather(layers: tuple[Path, ...]) -> tuple[Drafts, list[Fault]]:
    """Read all files of all layers into drafts, with the faults of form."""
    drafts: Drafts = {subject: {} for subject in SUBJECTS}
    faults: list[Fault] = []
    for layer in layers:
        files = sorted(layer.rglob("*.yaml")) if layer.is_dir() else [layer]
        for file in files:
            name = f"{layer.name}/{file.relative_to(layer)}" if layer.is_dir() else str(file)
            document, found = read(file, name)
            faults += found
            faults += _sort_in(document, layer.name, drafts)
    return drafts, faults


def _sort_in(document: Document, layer: str, drafts: Drafts) -> Iterator[Fault]:
    """Put a file's entries into the drafts."""
    content = document.value
    if content is None:
        return
    if not isinstance(content, dict):
        yield Fault(document.file, 1, "", _kind(content), "value.wrong_type", ("mapping",))
        return
    about, found = _about(document, content.get(ABOUT, {}))
    yield from found
    for subject, entries in content.items():
        if subject == ABOUT:
            continue
        line = document.place((subject,)).line
        if subject not in SUBJECTS:
            advice = near(subject, SUBJECTS) or sorted(SUBJECTS)
            yield Fault(document.file, line, subject, subject, "key.unknown", tuple(advice))
        elif not isinstance(entries, dict):
            yield Fault(document.file, line, subject, _kind(entries), "value.wrong_type", ("mapping",))
        else:
            defaults = about if issubclass(SUBJECTS[subject], Sourced) else {}
            into = _Target(layer, subject, drafts[subject])
            yield from _entries(document, entries, defaults, into)


def _kind(value: Any) -> str:
    return "list" if isinstance(value, tuple) else str(value)


def _about(document: Document, about: Any) -> tuple[dict[str, Any], list[Fault]]:
    if not isinstance(about, dict):
        line = document.place((ABOUT,)).line
        return {}, [Fault(document.file, line, ABOUT, _kind(about), "value.wrong_type", ("mapping",))]
    faults = [
        Fault(document.file, document.place((ABOUT, key)).line, f"{ABOUT}.{key}", key, "key.unknown", PROVENANCE)
        for key in about
        if key not in PROVENANCE
    ]
    return {key: about[key] for key in PROVENANCE if key in about}, faults


class _Target(NamedTuple):
    """Where entries go."""

    layer: str
    subject: str
    drafts: dict[str, Draft]


def _entries(
    document: Document, entries: Mapping[str, Any], about: Mapping[str, Any], into: _Target
) -> Iterator[Fault]:
    layer, subject, drafts = into
    for name, entry in entries.items():
        key, line = f"{subject}.{name}", document.place((subject, name)).line
        here = [piece for piece in drafts[name].pieces if piece.layer == layer] if name in drafts else []
        if here:
            other = here[0].document
            yield Fault(
                document.file,
                line,
                key,
                name,
                "entry.twice",
                (f"{other.file}:{other.place(here[0].path).line}",),
            )
        elif entry is None:
            if drafts.pop(name, None) is None:
                yield Fault(document.file, line, key, name, "entry.nothing_to_remove", tuple(near(name, drafts)))
        elif not isinstance(entry, dict):
            yield Fault(document.file, line, key, _kind(entry), "value.wrong_type", ("mapping",))
        else:
            piece = Piece(layer, document, (subject, name), {**about, **entry})
            drafts.setdefault(name, Draft()).pieces.append(piece)
