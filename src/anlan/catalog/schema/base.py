"""What all shapes share: strictness, provenance, and field types that check references and expressions."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from anlan.catalog.expressions import ExpressionError, compiled
from anlan.catalog.texts import near

Grade = Literal["red", "orange", "yellow", "blue"]
"""The four colours, most severe first: levels 1 to 4."""

GRADES: tuple[Grade, ...] = ("red", "orange", "yellow", "blue")

EventLevel = Literal["extraordinary", "severe", "major", "ordinary"]
"""Levels of events, most severe first: not the colours of warnings (Emergency Response Law art. 3, 63)."""

EVENT_LEVELS: tuple[EventLevel, ...] = ("extraordinary", "severe", "major", "ordinary")

Level = Literal["city", "district", "town", "village"]
"""The four levels whose desks act."""

Confidence = Literal["V", "S", "G", "P"]
"""V text of the norm read; S secondary source; G general knowledge, unchecked; P proposal of this project."""

Hazard = Literal[
    "flood",
    "waterlogging",
    "rainstorm",
    "typhoon",
    "wind",
    "surge",
    "quake",
    "fire",
    "explosion",
    "leak",
    "outage",
    "crowd",
    "heat",
    "cold",
]
"""Hazards that harm assets and that plans answer."""

Direction = Literal["up", "down", "neutral"]


class Model(BaseModel):
    """A frozen value that refuses unknown keys and does not guess types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class Entry(Model):
    """One entry of the catalog: its identifier, its names, and the layer that spoke last about it."""

    id: str
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    note: str | None = None
    layer: str = ""


class Sourced(Model):
    """A value of law or policy with its provenance.

    ``from`` is the day on which the norm took effect, null where that is not known. What stands in the fields
    named in ``hands_down`` takes the parent's provenance where it states none of its own.
    """

    source: str = Field(min_length=1)
    confidence: Confidence
    from_: Annotated[date, Field(strict=False)] | None = Field(alias="from")

    hands_down: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, raw: Any) -> Any:
        if not cls.hands_down or not isinstance(raw, dict):
            return raw
        own = {key: raw[key] for key in PROVENANCE if key in raw}
        return raw | {name: _given(raw[name], own) for name in cls.hands_down if name in raw}


PROVENANCE = ("source", "confidence", "from")


def _given(inner: Any, own: Mapping[str, Any]) -> Any:
    """Return children with the parent's provenance under their own."""
    if isinstance(inner, dict):
        return {key: {**own, **child} if isinstance(child, dict) else child for key, child in inner.items()}
    if isinstance(inner, tuple):
        return tuple({**own, **child} if isinstance(child, dict) else child for child in inner)
    return inner


K = TypeVar("K")
V = TypeVar("V")


def _plain(value: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: _plain(inner) if isinstance(inner, MappingProxyType) else inner for key, inner in value.items()}


FrozenMap = Annotated[
    Mapping[K, V],
    AfterValidator(lambda value: MappingProxyType(dict(value))),
    PlainSerializer(_plain, return_type=dict),
]
"""A mapping that cannot be changed after it was read."""


def faulty(rule: str, at: tuple[str | int, ...] = (), *advice: str) -> PydanticCustomError:
    """Return an error that becomes a fault: its rule, its place in the value, what would be right."""
    return PydanticCustomError("fault", "{rule}", {"rule": rule, "at": at, "advice": advice})


def reference(subject: str, value: str, info: ValidationInfo) -> str:
    """Return a name that is an entry of a subject; the context ``known`` holds the names there are.

    Raises
    ------
    PydanticCustomError
        If there is no such entry; names near ones.
    """
    known = (info.context or {}).get("known")
    if known is not None and value not in known.get(subject, ()):
        advice = near(value, known.get(subject, ())) or sorted(known.get(subject, ()))[:12]
        raise faulty("reference.unknown", (), subject, *advice)
    return value


def _refers_to(subject: str) -> AfterValidator:
    """Check that a name is an entry of a subject."""

    def check(value: str, info: ValidationInfo) -> str:
        return reference(subject, value, info)

    return AfterValidator(check)


def _some(value: tuple[V, ...]) -> tuple[V, ...]:
    if not value:
        raise faulty("value.empty")
    return value


Some = Annotated[tuple[V, ...], AfterValidator(_some)]
"""A list that is not empty."""


def _cel(value: str) -> str:
    try:
        compiled(value)
    except ExpressionError as error:
        raise faulty("expression.syntax", (), str(error)) from None
    return value


Cel = Annotated[str, AfterValidator(_cel)]
"""An expression in CEL, compiled once on reading."""

RoleId = Annotated[str, _refers_to("roles")]
QuantityId = Annotated[str, _refers_to("quantities")]
UnitId = Annotated[str, _refers_to("units")]
AssetTypeId = Annotated[str, _refers_to("asset_types")]
EventTypeId = Annotated[str, _refers_to("event_types")]
SupplyItemId = Annotated[str, _refers_to("supply_items")]
MeasureId = Annotated[str, _refers_to("measures")]
ElementId = Annotated[str, _refers_to("report_elements")]
VulnerabilityId = Annotated[str, _refers_to("vulnerabilities")]
IndicatorId = Annotated[str, _refers_to("indicators")]
