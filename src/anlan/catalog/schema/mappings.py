"""How a device's own messages are read: adapters as data."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from anlan.catalog.expressions import ExpressionError, compiled
from anlan.catalog.paths import PathError, finder, is_path
from anlan.catalog.schema.base import Entry, FrozenMap, Model, Sourced, faulty

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
OFFSET = re.compile(r"[+-][0-9]{2}:[0-9]{2}")

WIDTHS: Mapping[str, int] = {
    **{f"{sign}{8 * width}": width for sign in "ui" for width in (1, 2, 3, 4, 8)},
    "f32": 4,
    "f64": 8,
}
"""Bytes of each type of number: unsigned and signed whole numbers, floats after IEEE 754."""


def _expression(value: str) -> str:
    try:
        if is_path(value):
            finder(value)
        else:
            compiled(value)
    except (PathError, ExpressionError) as error:
        raise faulty("expression.syntax", (), str(error)) from None
    return value


def _template(value: str) -> str:
    for inner in PLACEHOLDER.findall(value):
        _expression(inner)
    return value


def _zone(value: str) -> str:
    if not OFFSET.fullmatch(value):
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise faulty("mapping.zone", (), "+08:00", "Asia/Shanghai") from None
    return value


def _number_type(value: str) -> str:
    if value not in WIDTHS:
        raise faulty("value.not_permitted", (), *WIDTHS)
    return value


Expression = Annotated[str, Field(min_length=1), AfterValidator(_expression)]
"""A path (``$…`` in the message, ``@…`` in the item), or CEL over ``message``, ``item``, ``fields``, ``topic`` (its
levels), ``constants`` and ``index`` (the place of the item)."""

Template = Annotated[str, Field(min_length=1), AfterValidator(_template)]
"""A text with expressions in braces."""

Zone = Annotated[str, AfterValidator(_zone)]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Number = float | int


class ByteField(Model):
    """One number in a row of bytes: ``((bytes & mask) >> shift) * scale + offset``.

    Without ``at`` it stands after the field before it; a negative place counts from the end.
    """

    name: FieldName
    type: Annotated[str, AfterValidator(_number_type)]
    at: int | None = None
    order: Literal["big", "little"] | None = None
    mask: int | None = Field(default=None, gt=0)
    shift: int = Field(default=0, ge=0, le=63)
    scale: Number = 1.0
    offset: Number = 0.0

    @model_validator(mode="after")
    def _bits_are_of_whole_numbers(self) -> Self:
        if self.type.startswith("f") and (self.mask is not None or self.shift):
            raise faulty("mapping.bits", ("mask",), *(kind for kind in WIDTHS if not kind.startswith("f")))
        return self


class Tags(Model):
    """Fields that each stand behind a tag that names them: of one or two bytes, in hexadecimal digits."""

    width: Literal[1, 2]
    known: FrozenMap[Annotated[str, Field(pattern=r"^(?:[0-9a-f]{2}){1,2}$")], tuple[ByteField, ...]]

    @model_validator(mode="after")
    def _tags_are_as_wide_as_told(self) -> Self:
        for tag in self.known:
            if len(tag) != 2 * self.width:
                raise faulty("mapping.tag", ("known", tag), str(2 * self.width))
        return self


class Layout(Model):
    """How a row of bytes is read into ``fields``: at fixed places, behind tags, or both in turn.

    ``of`` tells where the bytes stand in the message and ``coded`` how; without ``of`` they are the message.
    """

    of: Expression | None = None
    coded: Literal["base64", "hex"] = "base64"
    order: Literal["big", "little"] = "big"
    length: int | None = Field(default=None, ge=1)
    fields: tuple[ByteField, ...] = ()
    tags: Tags | None = None


class Moment(Model):
    """When it was observed.

    ``form`` is ``iso`` (with its zone, or in ``zone``), seconds or milliseconds since 1970, or a ``pattern`` as of
    strptime in ``zone``.
    """

    of: Expression
    form: Literal["iso", "epoch_s", "epoch_ms", "pattern"] = "iso"
    pattern: str | None = None
    zone: Zone | None = None

    @model_validator(mode="after")
    def _a_pattern_has_its_zone(self) -> Self:
        if (self.form == "pattern") != (self.pattern is not None):
            raise faulty("mapping.pattern", ("pattern",), "form: pattern")
        if self.form == "pattern" and self.zone is None and "%z" not in (self.pattern or ""):
            raise faulty("key.missing", ("zone",), "zone")
        return self


class Observed(Model):
    """One observation of each item: ``value * scale + offset`` in ``unit``, converted to the unit ``to`` (UCUM codes).

    ``value`` may come out as a number, as text that is one, as true or false (1 or 0), or as null: a missing one.
    ``quality`` comes out as ``good`` or ``suspect``, or as true: good. Where ``when`` is not true, there is no such
    observation; nor where its value is not there at all and it is ``optional``.
    """

    sensor: Template
    value: Expression
    at: Moment | None = None
    scale: Number = 1.0
    offset: Number = 0.0
    unit: str | None = None
    to: str | None = None
    quality: Expression | None = None
    when: Expression | None = None
    optional: bool = False

    @model_validator(mode="after")
    def _units_come_in_pairs(self) -> Self:
        if (self.unit is None) != (self.to is None):
            raise faulty("key.missing", (), "to" if self.to is None else "unit")
        return self


class Case(Model):
    """A message and what must become of it.

    The message is ``text``, ``hex`` (bytes) or ``json`` (written out). Rows are [sensor, at, value] or [sensor, at,
    value, quality]; refused are [place, rule].
    """

    name: str
    topic: str = ""
    text: str | None = None
    hex: str | None = None
    json_: Any = Field(default=None, alias="json")
    received: str | None = None
    rows: tuple[tuple[Any, ...], ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


class PayloadMapping(Entry, Sourced):
    """How the messages of one kind of device or platform become observations.

    A source names its mapping; where none does, the first whose ``topics`` fit (MQTT filters) is taken. ``reads`` is
    the form of the message, ``bytes`` how a row of bytes in it (or the message itself) is laid out, ``each`` a path to
    the items that it holds, ``where`` which items count. Without ``at`` the moment is that of receipt: for devices
    without a clock.
    """

    topics: tuple[str, ...] = ()
    reads: Literal["json", "bytes", "hj212"] = "json"
    each: Expression | None = None
    where: Expression | None = None
    bytes_: Layout | None = Field(default=None, alias="bytes")
    constants: FrozenMap[FieldName, Any] = Field(default_factory=dict)
    at: Moment | None = None
    observations: tuple[Observed, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _its_parts_fit(self) -> Self:
        if self.reads == "bytes" and (self.bytes_ is None or self.bytes_.of is not None):
            raise faulty("mapping.bytes", ("bytes",), "bytes")
        if self.reads != "bytes" and self.bytes_ is not None and self.bytes_.of is None:
            raise faulty("key.missing", ("bytes",), "of")
        if self.each is not None and not is_path(self.each):
            raise faulty("expression.syntax", ("each",), "$.…[*]")
        return self

    @property
    def units(self) -> Iterator[tuple[str, str]]:
        """All conversions that it asks for."""
        yield from ((one.unit, one.to) for one in self.observations if one.unit and one.to)
