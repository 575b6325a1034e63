"""The page of the catalog's form: its subjects and the fields of their entries."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import Entry
from anlan.catalog.subjects import SUBJECTS
from pages.markdown import code, page, section, table

_HIDDEN = {"id", "layer"}


def write(catalog: Catalog) -> str:
    """Return the page."""
    counts = table(
        ("subject", "entries", "is"),
        ((f"[`{name}`](#{name})", len(getattr(catalog, name)), _first(shape)) for name, shape in SUBJECTS.items()),
    )
    return page(
        "Catalog 目录的格式",
        "目录的各个主题，以及其中条目的字段。文件是 YAML：主题、标识、字段三层；文件头的 `about` 给出缺省出处。",
        "The subjects of the catalog and the fields of their entries. A file is YAML: subject, identifier, fields. "
        "`about` at its head gives the provenance of entries that state none of their own. `anlan catalog check` says "
        "every fault with file, line, key, value and what would be right.",
        counts,
        *(_subject(name, shape) for name, shape in SUBJECTS.items()),
    )


def _first(shape: type[BaseModel]) -> str:
    return (shape.__doc__ or "").strip().split("\n\n")[0]


def _subject(name: str, shape: type[Entry]) -> str:
    told = " ".join((shape.__doc__ or "").split())
    inner = dict(_inner(shape))
    parts = [f"`{n}`: {_first(m)}\n\n{_fields(m)}" for n, m in inner.items()]
    return section(f"{name} {{ #{name} }}", told, _fields(shape), *parts)


def _fields(shape: type[BaseModel]) -> str:
    rows = (
        (code(field.alias or name), _kind(field.annotation), "required" if field.is_required() else "optional")
        for name, field in shape.model_fields.items()
        if name not in _HIDDEN
    )
    return table(("field", "type", ""), rows)


def _inner(shape: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for field in shape.model_fields.values():
        for model in _models(field):
            yield model.__name__, model
            yield from _inner(model)


def _models(field: FieldInfo) -> Iterator[type[BaseModel]]:
    waiting = [field.annotation]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, type) and issubclass(one, BaseModel) and one.__name__ not in {"AllOf", "AnyOf"}:
            yield one
        waiting += list(get_args(one))


def _kind(annotation: Any) -> str:
    """Return a type in a few words."""
    args = [a for a in get_args(annotation) if a is not type(None)]
    name = getattr(annotation, "__name__", str(annotation))
    if name == "Literal":
        return ", ".join(code(a) for a in args)
    if hasattr(annotation, "__metadata__"):
        return _kind(args[0])
    if name == "tuple":
        return "list of " + _kind(args[0])
    if name == "Mapping":
        return f"mapping of {_kind(args[0])} to {_kind(args[1])}"
    if len(args) != len(get_args(annotation)) or name in {"Union", "UnionType"}:
        return " or ".join(dict.fromkeys(_kind(a) for a in args))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return code(name)
    return {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}.get(name, name)
