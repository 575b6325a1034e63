"""From drafts to entries: each is validated, and what the shapes refuse is said as a fault with its place."""

import typing
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from anlan.catalog.faults import Fault
from anlan.catalog.layers import Draft, Drafts
from anlan.catalog.schema.base import Entry
from anlan.catalog.subjects import SUBJECTS
from anlan.catalog.texts import near
from anlan.catalog.units import is_ucum

_TYPES = {
    "string_type": "text",
    "int_type": "integer",
    "float_type": "number",
    "bool_type": "true, false",
    "tuple_type": "list",
    "mapping_type": "mapping",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "date_from_datetime_parsing": "YYYY-MM-DD",
    "date_parsing": "YYYY-MM-DD",
    "date_type": "YYYY-MM-DD",
}


def check_drafts(drafts: Drafts) -> tuple[dict[str, dict[str, Entry]], list[Fault]]:
    """Validate all drafts, references between them included; return the sound entries and all faults."""
    raw = {subject: {name: draft.value() for name, draft in named.items()} for subject, named in drafts.items()}
    context = {"known": {subject: frozenset(named) for subject, named in raw.items()}, "entries": raw}
    entries: dict[str, dict[str, Entry]] = {subject: {} for subject in drafts}
    faults: list[Fault] = []
    for subject, named in drafts.items():
        shape = SUBJECTS[subject]
        for name, draft in named.items():
            try:
                entries[subject][name] = shape.model_validate(raw[subject][name], context=context)
            except ValidationError as error:
                found = [_fault(subject, name, draft, shape, one) for one in error.errors(include_url=False)]
                faults += _joined(found)
    return entries, faults


def unit_faults(drafts: Drafts) -> list[Fault]:
    """Return a fault for every unit whose code is not UCUM."""
    faults = []
    for name, draft in drafts["units"].items():
        code = draft.value().get("ucum")
        if isinstance(code, str) and not is_ucum(code):
            document, line = draft.place(("ucum",))
            faults.append(Fault(document.file, line, f"units.{name}.ucum", code, "unit.not_ucum"))
    return faults


def _joined(faults: list[Fault]) -> list[Fault]:
    """Return the faults with those about one value joined: a union reports each of its branches."""
    by_place: dict[tuple[str, int, str, str], Fault] = {}
    for fault in faults:
        place = (fault.file, fault.line, fault.key, fault.rule)
        advice = by_place[place].advice if place in by_place else ()
        by_place[place] = replace(fault, advice=(*advice, *(a for a in fault.advice if a not in advice)))
    return list(by_place.values())


def _fault(subject: str, name: str, draft: Draft, shape: type[Entry], found: Any) -> Fault:
    """Translate one error of Pydantic into a fault."""
    context: Mapping[str, Any] = found.get("ctx") or {}
    path, stands = _path(draft.value(), (*found["loc"], *context.get("at", ())))
    rule, advice = _judge(found["type"], context, path, shape, found["msg"])
    document, line = draft.place(path)
    key = ".".join(str(step) for step in (subject, name, *path))
    value = str(path[-1]) if rule.startswith("key.") and path else _short(stands)
    return Fault(document.file, line, key, value, rule, advice)


def _path(value: Any, loc: tuple[Any, ...]) -> tuple[tuple[str | int, ...], Any]:
    """Return the steps of a location that are keys of the file, not branches of unions, and what stands there."""
    path: list[str | int] = []
    for step in loc:
        if (isinstance(value, dict) and step in value) or (isinstance(value, tuple) and isinstance(step, int)):
            value = value[step]
            path.append(step)
        elif step == loc[-1] and step != "[key]" and isinstance(value, dict):
            path.append(step)
    return tuple(path), value


def _judge(
    kind: str, context: Mapping[str, Any], path: tuple[str | int, ...], shape: type[Entry], told: str
) -> tuple[str, tuple[str, ...]]:
    if kind == "fault":
        return context["rule"], tuple(context["advice"])
    if kind == "missing":
        return "key.missing", (str(path[-1]) if path else "",)
    if kind == "extra_forbidden":
        names = field_names(shape, path[:-1])
        return "key.unknown", tuple(near(str(path[-1]), names) or sorted(names))
    if kind == "literal_error":
        return "value.not_permitted", (context["expected"].replace(" or ", ", ").replace("'", ""),)
    if kind in _TYPES:
        return "value.wrong_type", (_TYPES[kind],)
    return "value.out_of_range", (told,)


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_short(item) for item in value)[:80]
    return "{…}" if isinstance(value, dict) else str(value)[:80]


def field_names(shape: Any, path: tuple[str | int, ...]) -> set[str]:
    """Return the keys that the shape permits at a path inside an entry."""
    shapes = _models(shape)
    for step in path:
        inner: list[type[BaseModel]] = []
        for model in shapes:
            fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
            inner += _models(fields[step]) if step in fields else [model]
        shapes = inner
    hidden = {"id", "layer"}
    return {f.alias or n for model in shapes for n, f in model.model_fields.items()} - hidden


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models inside a type: of optionals, unions, lists and the values of mappings."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in typing.get_args(annotation) for model in _models(inner)]
