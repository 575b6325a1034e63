"""A flood case: one YAML file that says what is computed, and the way from the file to typed values."""

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from anlan.assess.water.cases.drive_shapes import Boundaries, Checkpoint, Initial, Outputs, Rules, Subgrid, Time
from anlan.assess.water.cases.faults import CaseFault, Findings, Spot
from anlan.assess.water.cases.ground_shapes import Buildings, Domain, Manning, Terrain, Wall
from anlan.assess.water.cases.loss_shapes import DrainsShape, Infiltration
from anlan.assess.water.cases.rain_shapes import Rain
from anlan.assess.water.cases.shapes import Quantity
from anlan.assess.water.cases.structure_shapes import Structures
from anlan.catalog.documents import Document, read
from anlan.catalog.schema.base import Model
from anlan.catalog.texts import near

REQUIRED = ("title", "crs", "terrain", "manning", "time")
_NUMBERS = {"float_type": "number", "int_type": "integer", "bool_type": "true, false", "finite_number": "number"}
_TYPES = {"string_type": "text", "tuple_type": "list", "model_type": "mapping", "mapping_type": "mapping", **_NUMBERS}
_MOMENTS = {"timezone_aware", "datetime_type", "datetime_parsing", "datetime_from_date_parsing"}


class Case(Model):
    """All sections; those of `REQUIRED` must be there, the others may be left out.

    ``source`` says where the data come from; ``synthetic`` is written into every output.
    """

    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    source: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    synthetic: bool = False
    crs: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None
    domain: Domain | None = None
    terrain: Terrain | None = None
    manning: Manning | None = None
    buildings: Buildings | None = None
    walls: tuple[Wall, ...] = ()
    rain: Rain | None = None
    infiltration: Infiltration | None = None
    evaporation_mm_day: Quantity | None = None
    drains: DrainsShape | None = None
    structures: Structures = Structures()
    boundaries: Boundaries = Boundaries()
    initial: tuple[Initial, ...] = ()
    scheme: Literal["inertial", "momentum", "subgrid"] = "inertial"
    subgrid: Subgrid = Subgrid()
    rules: Rules = Rules()
    time: Time | None = None
    outputs: Outputs = Outputs()
    checkpoint: Checkpoint = Checkpoint()


def files_of(model: BaseModel, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every file that a case names, with its place in the case."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if name in {"file", "table_file", "inp"} and value is not None:
            yield (*path, name), value
        inner = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for number, one in inner:
            if isinstance(one, BaseModel):
                yield from files_of(one, (*path, name) if number is None else (*path, name, number))


@dataclass(frozen=True)
class Draft:
    """A case as far as its file is sound, and the place where it was read."""

    case: Case
    spot: Spot
    folder: Path

    def file(self, name: str) -> Path:
        """Return a file that the case names; names are relative to the case's folder."""
        return self.folder / name


def read_case(path: Path, findings: Findings) -> Draft:
    """Read a file; sections with faults are left out of what is returned, and their faults are in ``findings``."""
    document, faults = read(path, path.name)
    findings.faults += [CaseFault(f.file, f.line, f.key, f.value, f.rule, f.advice) for f in faults]
    spot = Spot(document)
    raw = document.value
    if not isinstance(raw, dict):
        if not faults:
            findings.faults.append(spot.fault("value.wrong_type", type(raw).__name__, "mapping"))
        return Draft(Case(), spot, path.parent)
    missing = [name for name in REQUIRED if raw.get(name) is None]
    findings.faults += [spot.fault("key.missing", "", name) for name in missing]
    return Draft(_sound(raw, spot, findings), spot, path.parent)


def _sound(raw: Mapping[str, Any], spot: Spot, findings: Findings) -> Case:
    try:
        return Case.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False)
    told = (one for one in found if not _follows(one, found))
    findings.faults += dict.fromkeys(fault_of(spot.document, one, Case, raw) for one in told)
    bad = {one["loc"][0] for one in found}
    return Case.model_validate({name: value for name, value in raw.items() if name not in bad})


def _follows(one: Any, found: list[Any]) -> bool:
    """Tell whether a list is only too short because its items are faulty."""
    loc = one["loc"]
    return one["type"] == "too_short" and any(other["loc"][: len(loc)] == loc != other["loc"] for other in found)


def fault_of(document: Document, found: Any, shape: type[BaseModel], raw: Any) -> CaseFault:
    """Translate one error of Pydantic about raw values that should have a shape."""
    context: Mapping[str, Any] = found.get("ctx") or {}
    path, stands = _path(raw, (*found["loc"], *context.get("at", ())))
    spot = Spot(document, path)
    kind = found["type"]
    if kind == "fault":
        return spot.fault(context["rule"].removeprefix("flood."), _short(stands), *context["advice"])
    if kind == "missing":
        return spot.fault("key.missing", "", path[-1])
    if kind == "extra_forbidden":
        names = _fields(shape, path[:-1])
        return spot.fault("key.unknown", path[-1], *(near(str(path[-1]), names) or sorted(names)))
    if kind == "literal_error":
        return spot.fault("value.not_permitted", stands, context["expected"].replace(" or ", ", ").replace("'", ""))
    if kind in _TYPES or kind in _MOMENTS:
        return spot.fault("value.wrong_type", _short(stands), _TYPES.get(kind, "2024-09-15T08:00:00+08:00"))
    return spot.fault("value.out_of_range", _short(stands), found["msg"])


def _path(value: Any, loc: tuple[Any, ...]) -> tuple[tuple[str | int, ...], Any]:
    """Return the steps of a location that are keys of the file, not branches of unions, and what stands there."""
    path: list[str | int] = []
    for step in loc:
        if isinstance(step, str) and step.startswith("<"):
            continue
        inside = (isinstance(value, dict) and step in value) or (isinstance(value, tuple) and isinstance(step, int))
        value = value[step] if inside and (isinstance(value, dict) or step < len(value)) else None
        path.append(step)
    return tuple(path), value


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_short(item) for item in value)}]"
    return "{…}" if isinstance(value, dict) else str(value)


def _fields(shape: Any, path: tuple[str | int, ...]) -> set[str]:
    """Return the keys that a shape permits at a path."""
    shapes = _models(shape)
    for step in path:
        if isinstance(step, str):
            shapes = [m for s in shapes if step in s.model_fields for m in _models(s.model_fields[step].annotation)]
    return {name for model in shapes for name in model.model_fields}


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in typing.get_args(annotation) for model in _models(inner)]
