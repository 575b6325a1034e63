"""YAML files as plain values that remember where they stand.

Plain scalars are read by the YAML 1.2 core schema (section 10.3.2), so ``on``, ``no`` and ``2024-11-01`` stay
text; whatever is quoted stays text. Duplicate keys, foreign tags and keys that are not text are faults; so
are files that are too large, too deep, or that grow too much through aliases. The values are built from
libyaml's events and not from its node tree, because its composer recurses without a limit and a deeply nested
file would end the process.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # libyaml has no stubs

from anlan.catalog.faults import Fault

MAX_BYTES = 4_000_000
MAX_VALUES = 400_000
MAX_DEPTH = 40

# YAML 1.2.2, section 10.3.2 "Tag Resolution" of the core schema
_CORE: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"(?:~|null|Null|NULL|)"), lambda _: None),
    (re.compile(r"(?:true|True|TRUE|false|False|FALSE)"), lambda raw: raw[0] in "tT"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+"), lambda raw: int(raw, 0)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
    (
        re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"),
        lambda raw: float(raw.lower().replace(".", "")),
    ),
)
_MAYBE_SPECIAL = frozenset("~nNtTfF-+.0123456789")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands (from 1), and the marks of what it holds."""

    line: int
    column: int
    inner: "dict[str, Mark] | tuple[Mark, ...]" = ()

    def child(self, step: str | int) -> "Mark | None":
        """Return the mark of one key or item, if there is one."""
        if isinstance(self.inner, dict):
            return self.inner.get(step) if isinstance(step, str) else None
        return self.inner[step] if isinstance(step, int) and step < len(self.inner) else None


@dataclass(frozen=True)
class Document:
    """One YAML file: its value (mappings ``dict``, sequences ``tuple``) and the way back to its lines."""

    file: str
    value: Any
    mark: Mark = Mark(1, 1)

    def place(self, path: Sequence[str | int]) -> Mark:
        """Return the mark of the thing at ``path``, or of its nearest parent in the file."""
        return self._walk(path)[1]

    def reaches(self, path: Sequence[str | int]) -> int:
        """Return how many steps of ``path`` this file has."""
        return self._walk(path)[0]

    def _walk(self, path: Sequence[str | int]) -> tuple[int, Mark]:
        mark = self.mark
        for depth, step in enumerate(path):
            inner = mark.child(step)
            if inner is None:
                return depth, mark
            mark = inner
        return len(path), mark


def read(path: Path, name: str | None = None) -> tuple[Document, list[Fault]]:
    """Read one file; ``name`` is what its faults call it."""
    name = name or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Document(name, None), [Fault(name, 1, "", "", "file.unreadable", (error.strerror or "",))]
    return parse(raw, name)


def parse(raw: bytes, name: str) -> tuple[Document, list[Fault]]:
    """Parse YAML bytes into a document, with every fault of form that was found on the way."""
    if len(raw) > MAX_BYTES:
        return Document(name, None), [Fault(name, 1, "", str(len(raw)), "file.too_large", (str(MAX_BYTES),))]
    reader = _Reader(name, CParser(raw))
    try:
        value, mark = reader.document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        reader.faults.append(Fault(name, line, "", "", "file.not_yaml", (error.problem or "",)))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reader.faults.append(Fault(name, 1, "", "", "file.not_yaml", (str(error).split("\n")[0],)))
    except _TooMuchError:
        pass
    else:
        return Document(name, value, mark), reader.faults
    return Document(name, None), reader.faults


def _mark(event: Any, inner: dict[str, Mark] | tuple[Mark, ...] = ()) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1, inner)


class _TooMuchError(Exception):
    """The file goes past a limit; the fault is noted, and reading stops."""


@dataclass
class _Reader:
    """Builds values and marks from parser events, and collects faults."""

    name: str
    parser: Any  # libyaml's parser has no type
    faults: list[Fault] = field(default_factory=list)
    anchors: dict[str, tuple[Any, Mark, int]] = field(default_factory=dict)
    values: int = 0

    def document(self) -> tuple[Any, Mark]:
        self.parser.get_event()  # stream start
        event = self.parser.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            return None, Mark(1, 1)
        found = self.value(self.parser.get_event(), ())
        self.parser.get_event()  # document end
        after = self.parser.get_event()
        if not isinstance(after, yaml.StreamEndEvent):
            self._fault(after, (), "file.not_yaml", "", "---")
        return found

    def value(self, event: Any, path: tuple[str | int, ...]) -> tuple[Any, Mark]:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        before = self.values
        self._count(1, event, path)
        if isinstance(event, yaml.ScalarEvent):
            found = self._scalar(event, path), _mark(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            found = self._sequence(event, path)
        else:
            found = self._mapping(event, path)
        if event.anchor:
            self.anchors[event.anchor] = (*found, self.values - before)
        return found

    def _alias(self, event: Any, path: tuple[str | int, ...]) -> tuple[Any, Mark]:
        if event.anchor not in self.anchors:
            self._fault(event, path, "value.unknown_alias", event.anchor, *sorted(self.anchors))
            return None, _mark(event)
        value, mark, size = self.anchors[event.anchor]
        self._count(size, event, path)
        return value, mark

    def _count(self, size: int, event: Any, path: tuple[str | int, ...]) -> None:
        self.values += size
        if self.values > MAX_VALUES:
            self._fault(event, path, "file.too_large", "", str(MAX_VALUES))
            raise _TooMuchError
        if len(path) > MAX_DEPTH:
            self._fault(event, path, "file.too_deep", "", str(MAX_DEPTH))
            raise _TooMuchError

    def _scalar(self, event: Any, path: tuple[str | int, ...]) -> Any:
        raw: str = event.value
        if event.tag is not None:
            self._fault(event, path, "value.foreign_tag", event.tag)
            return None
        if not event.implicit[0] or (raw and raw[0] not in _MAYBE_SPECIAL):
            return raw
        for pattern, convert in _CORE:
            if pattern.fullmatch(raw):
                return convert(raw)
        return raw

    def _sequence(self, event: Any, path: tuple[str | int, ...]) -> tuple[Any, Mark]:
        items: list[Any] = []
        marks: list[Mark] = []
        self._plain_only(event, path)
        while not isinstance(inner := self.parser.get_event(), yaml.SequenceEndEvent):
            value, mark = self.value(inner, (*path, len(items)))
            items.append(value)
            marks.append(mark)
        return tuple(items), _mark(event, tuple(marks))

    def _mapping(self, event: Any, path: tuple[str | int, ...]) -> tuple[Any, Mark]:
        values: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        self._plain_only(event, path)
        while not isinstance(at := self.parser.get_event(), yaml.MappingEndEvent):
            key, key_mark = self.value(at, (*path, "?"))
            value, mark = self.value(self.parser.get_event(), (*path, str(key)))
            if not isinstance(key, str):
                self._fault(at, path, "key.not_text", str(key), f'"{key}"')
            elif key in values:
                self._fault(at, (*path, key), "key.duplicate", key)
            else:
                values[key] = value
                marks[key] = Mark(key_mark.line, key_mark.column, mark.inner)
        return values, _mark(event, marks)

    def _plain_only(self, event: Any, path: tuple[str | int, ...]) -> None:
        if event.tag is not None:
            self._fault(event, path, "value.foreign_tag", event.tag)

    def _fault(self, event: Any, path: tuple[str | int, ...], rule: str, value: str, *advice: str) -> None:
        dotted = ".".join(str(step) for step in path)
        self.faults.append(Fault(self.name, event.start_mark.line + 1, dotted, value, rule, advice))
