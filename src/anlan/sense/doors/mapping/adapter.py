"""A payload mapping made ready: from a device's message to observations."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec
import numpy as np

from anlan.catalog.paths import finder
from anlan.catalog.schema.mappings import Observed, PayloadMapping
from anlan.catalog.units import Conversion, UnitError, conversion
from anlan.kernel.errors import Invalid
from anlan.sense.doors.limits import Limits, Unreadable, shown
from anlan.sense.doors.mapping import hj212
from anlan.sense.doors.mapping.layout import bytes_of, fields_of
from anlan.sense.doors.mapping.moment import micros_by, received_or
from anlan.sense.doors.mapping.scene import Absent, Reading, Scene, Wrong, reading, template
from anlan.sense.stream.batch import GOOD, MISSING, SUSPECT, Refusal, Rows

_JSON = msgspec.json.Decoder()
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


@dataclass(frozen=True)
class _Making:
    """One kind of observation, its expressions ready."""

    said: Observed
    sensor: Reading
    value: Reading
    quality: Reading | None
    when: Reading | None
    change: Conversion

    @classmethod
    def of(cls, said: Observed) -> Self:
        change = conversion(said.unit, said.to) if said.unit and said.to else Conversion(1.0)
        quality = None if said.quality is None else reading(said.quality)
        when = None if said.when is None else reading(said.when)
        return cls(said, template(said.sensor), reading(said.value), quality, when, change)


@dataclass
class _Made:
    """What has come of a message so far."""

    sensor: list[str] = field(default_factory=list)
    time_us: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sensor) + len(self.refused)

    def rows(self) -> Rows:
        return Rows(
            self.sensor,
            np.array(self.time_us, np.int64),
            np.array(self.value, np.float64),
            np.array(self.quality, np.uint8),
            tuple(self.refused),
            np.array(self.place, np.int64) if self.refused else None,
        )


class Adapter:
    """Reads the messages of one mapping.

    Raises
    ------
    Invalid
        ``mapping.unit`` if a unit is not UCUM, or not of the kind of the other.
    """

    def __init__(self, mapping: PayloadMapping) -> None:
        self.mapping = mapping
        try:
            self._makings = [_Making.of(said) for said in mapping.observations]
        except UnitError as error:
            raise Invalid("mapping.unit", at=mapping.id, value=str(error)) from None
        self._moments = [micros_by(said.at or mapping.at) for said in mapping.observations]
        self._each = None if mapping.each is None else finder(mapping.each)
        self._where = None if mapping.where is None else reading(mapping.where)

    def rows(self, payload: bytes, topic: str, received_us: int, limits: Limits) -> Rows:
        """Return the observations of a message; places count what it should have held, refused ones included.

        Raises
        ------
        Unreadable
            If the message as a whole cannot be read.
        """
        if len(payload) > limits.unpacked_bytes:
            raise Unreadable("message.size", len(payload))
        message = self._message(payload, limits)
        made = _Made()
        for scene in self._scenes(message, payload, topic):
            for making, moment in zip(self._makings, self._moments, strict=True):
                self._make(making, received_or(moment, received_us), scene, made)
            if len(made) > limits.rows:
                raise Unreadable("message.rows", len(made))
        return made.rows()

    def _message(self, payload: bytes, limits: Limits) -> Any:
        if self.mapping.reads == "bytes":
            return None
        if self.mapping.reads == "hj212":
            return hj212.parse(payload)
        try:
            message = _JSON.decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Unreadable("message.json", str(error)) from error
        if payload.count(b"[") + payload.count(b"{") > limits.depth:
            _check_depth(message, limits.depth)
        return message

    def _scenes(self, message: Any, payload: bytes, topic: str) -> Iterator[Scene]:
        items = [message] if self._each is None else self._each(message)
        levels = topic.split("/")
        fields = self._fields(message, payload)
        for index, item in enumerate(items):
            scene = Scene(message, item, fields, levels, self.mapping.constants, index)
            try:
                counts = self._where is None or _holds(self._where, scene)
            except Wrong as error:
                raise Unreadable("mapping.expression", str(error)) from error
            if counts:
                yield scene

    def _fields(self, message: Any, payload: bytes) -> Mapping[str, float | int]:
        layout = self.mapping.bytes_
        if layout is None:
            return {}
        if layout.of is None:
            return fields_of(layout, payload)
        try:
            coded = reading(layout.of)(Scene(message, message, {}, (), self.mapping.constants, 0))
        except (Absent, Wrong) as error:
            raise Unreadable("message.bytes", str(error)) from error
        return fields_of(layout, bytes_of(coded, layout.coded))

    def _make(self, making: _Making, moment: Any, scene: Scene, made: _Made) -> None:
        """Add the observation of one item, or why there is none."""
        sensor = ""
        try:
            if making.when is not None and not _holds(making.when, scene):
                return
            value = _number(making, scene)
            sensor = making.sensor(scene)
            at_us = moment(scene)
            quality = MISSING if math.isnan(value) else _quality(making, scene)
        except _Refused as error:
            made.refused.append(Refusal(len(made), error.rule, error.value, shown(sensor)))
        except Absent as error:
            if not making.said.optional:
                made.refused.append(Refusal(len(made), "mapping.absent", shown(str(error)), shown(sensor)))
        except Wrong as error:
            made.refused.append(Refusal(len(made), "mapping.expression", shown(str(error)), shown(sensor)))
        else:
            if at_us is None:
                made.refused.append(Refusal(len(made), "observation.at", "", shown(sensor)))
                return
            made.place.append(len(made))
            made.sensor.append(sensor)
            made.time_us.append(at_us)
            made.value.append(value)
            made.quality.append(quality)


class _Refused(Exception):
    def __init__(self, rule: str, value: object) -> None:
        self.rule, self.value = rule, shown(value)
        super().__init__(rule)


def _holds(condition: Reading, scene: Scene) -> bool:
    """Tell whether a condition is true; one that looks for what is not there is not."""
    try:
        return condition(scene) is True
    except Absent:
        return False


def _number(making: _Making, scene: Scene) -> float:
    """Return a value in the unit wanted; NaN for none."""
    found = making.value(scene)
    if found is None:
        return math.nan
    if isinstance(found, str) and _NUMBER.fullmatch(found):
        found = float(found)
    if not isinstance(found, int | float):
        raise _Refused("observation.value", found)
    try:
        value = float(found) * making.said.scale + making.said.offset
        value = value * making.change.factor + making.change.offset
    except OverflowError:
        raise _Refused("observation.value", found) from None
    if not math.isfinite(value):
        raise _Refused("observation.value", found)
    return value


def _quality(making: _Making, scene: Scene) -> int:
    if making.quality is None:
        return GOOD
    found = making.quality(scene)
    if found is True or found == "good":
        return GOOD
    if found is False or found == "suspect":
        return SUSPECT
    raise _Refused("observation.quality", found)


def _check_depth(message: Any, most: int) -> None:
    """Refuse what is nested too deeply; walked level by level, so that depth costs no stack."""
    level = [message]
    for _ in range(most + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise Unreadable("message.depth", most)
