"""Arguments at the gate: parsed on the way in, stripped on the way out of what a journal must not hold."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from anlan.catalog.texts import texts
from anlan.kernel.access import AreaTree
from anlan.kernel.actions import Action, AreaMark, Args, BulkMark, PersonalMark
from anlan.kernel.canonical import JSON, plain
from anlan.kernel.errors import Invalid, Place

_LONGEST_VALUE_SHOWN = 200


def parse(action: Action, args: Mapping[str, Any] | Args, city: AreaTree) -> Args:
    """Return a verb's typed arguments.

    Raises
    ------
    Invalid
        With every faulty place: what stands there and which rule it breaks.
    """
    try:
        model = action.args.model_validate(args)
    except ValidationError as error:
        raise Invalid(
            "args.invalid", params={"verb": action.verb}, places=places_of(error.errors(include_url=False))
        ) from None
    unknown = [
        Place(f"args.{name}", value, "area.unknown")
        for name, value in _marked(model, AreaMark)
        if value is not None and not city.contains(value)
    ]
    if unknown:
        first = unknown[0]
        near = ", ".join(city.near(first.value))
        raise Invalid("area.unknown", at=first.at, value=first.value, params={"near": near}, places=unknown)
    return model


def places_of(faults: Sequence[Any]) -> list[Place]:
    """Return the places that a model's validation found faulty; a request's body counts as the arguments."""
    places = []
    for fault in faults:
        path = [str(part) for part in fault["loc"] if part != "body"]
        shown = "" if isinstance(fault["input"], BaseModel) else repr(plain(fault["input"]))
        code = f"args.{fault['type']}"
        rule = code if code in texts("zh") else fault["msg"]
        places.append(Place(".".join(["args", *path]), shown[:_LONGEST_VALUE_SHOWN], rule))
    return places


def _marked(model: BaseModel, mark: type) -> list[tuple[str, Any]]:
    """Return path and value of every field with a mark; a list of marked values gives each of them."""
    found: list[tuple[str, Any]] = []
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if _has(info, mark):
            found.append((name, value))
        elif isinstance(value, BaseModel):
            found += [(f"{name}.{path}", inner) for path, inner in _marked(value, mark)]
        elif isinstance(value, list | tuple):
            if _has_inside(info.annotation, mark):
                found += [(f"{name}.{i}", item) for i, item in enumerate(value)]
            elif value and isinstance(value[0], BaseModel) and not _has(info, BulkMark):
                found += [(f"{name}.{i}.{p}", v) for i, item in enumerate(value) for p, v in _marked(item, mark)]
    return found


def _has(info: Any, mark: type) -> bool:
    return any(isinstance(m, mark) for m in info.metadata) or _optional_has(info.annotation, mark)


def _optional_has(annotation: Any, mark: type) -> bool:
    """Tell whether ``X | None`` has a marked X."""
    members = getattr(annotation, "__args__", ())
    return type(None) in members and any(_has_mark(member, mark) for member in members)


def _has_inside(annotation: Any, mark: type) -> bool:
    return any(_has_mark(member, mark) for member in getattr(annotation, "__args__", ()))


def _has_mark(annotation: Any, mark: type) -> bool:
    return any(isinstance(m, mark) for m in getattr(annotation, "__metadata__", ()))


Seal = Callable[[str, JSON], JSON]
"""``seal(path, value)`` keeps a personal value aside and returns what the journal shows instead."""


def journal_form(model: BaseModel, seal: Seal, path: str = "args") -> dict[str, JSON]:
    """Return arguments as the journal keeps them: secrets left out, personal data sealed, bulk as a digest."""
    form: dict[str, JSON] = {}
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        here = f"{path}.{name}"
        if value is None or isinstance(value, SecretStr):
            continue
        if _has(info, PersonalMark):
            form[name] = seal(here, plain(value))
        elif _has(info, BulkMark):
            text = model.model_dump_json(include={name})
            form[name] = {"count": len(value), "sha256": hashlib.sha256(text.encode()).hexdigest()}
        else:
            form[name] = _inner_form(value, seal, here)
    return form


def _inner_form(value: Any, seal: Seal, path: str) -> JSON:
    if isinstance(value, BaseModel):
        return journal_form(value, seal, path)
    if isinstance(value, Sequence) and value and isinstance(value[0], BaseModel):
        return [journal_form(item, seal, f"{path}.{i}") for i, item in enumerate(value)]
    return plain(value)
