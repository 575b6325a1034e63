"""A payload mapping tried on a message: what an adapter's author sees before it is switched on."""

import base64
import binascii
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from anlan.catalog.schema.mappings import PayloadMapping
from anlan.kernel.actions import Reader
from anlan.kernel.errors import Invalid, NotFound, Place
from anlan.sense.doors.doors import Doors
from anlan.sense.doors.limits import Unreadable
from anlan.sense.doors.mapping.adapter import Adapter
from anlan.sense.doors.views import TriedMapping, TryMapping, refusals, tried
from anlan.sense.model import sensors

_TOLD = 500
_OF_A_DRAFT = {
    "id": "draft",
    "zh": "-",
    "en": "-",
    "source": "-",
    "confidence": "P",
    "from": None,
    "cases": ({"name": "-"},),
}


def try_mapping(doors: Doors, reader: Reader, asked: TryMapping, lang: str) -> TriedMapping:
    """Return what would become of a message.

    Raises
    ------
    NotFound
        ``mapping.unknown`` if the catalog has no such mapping.
    Invalid
        ``mapping.invalid`` with every faulty place of one that was written out; ``message.payload`` if the payload is
        not in its encoding.
    """
    adapter = Adapter(_mapping(doors, asked.mapping))
    try:
        rows = adapter.rows(_payload(asked), asked.topic, doors.intake.now_us(), doors.intake.limits)
    except Unreadable as error:
        return TriedMapping(rows=[], refused=refusals([error.refusal], lang))
    names = list(dict.fromkeys(str(sensor) for sensor in rows.sensor))[:_TOLD]
    known = sa.select(sensors.c.id).where(sensors.c.id.in_(names), reader.scope.where(sensors.c.area))
    return tried(rows, dict.fromkeys(reader.conn.scalars(known).all(), True), lang)


def _mapping(doors: Doors, given: str | dict[str, Any]) -> PayloadMapping:
    if isinstance(given, str):
        known = doors.world.catalog.payload_mappings
        if given not in known:
            raise NotFound("mapping.unknown", at="mapping", value=given)
        return known[given]
    try:
        return PayloadMapping.model_validate(_OF_A_DRAFT | _as_read(given))
    except ValidationError as error:
        raise Invalid("mapping.invalid", places=[_place(one) for one in error.errors(include_url=False)]) from None


def _as_read(given: Any) -> Any:
    """Return lists as tuples, which is how the catalog's reader gives them."""
    if isinstance(given, dict):
        return {key: _as_read(value) for key, value in given.items()}
    return tuple(_as_read(value) for value in given) if isinstance(given, list) else given


def _place(found: Any) -> Place:
    """Return a fault of a written mapping by its path; the catalog's own rules by their codes."""
    context = found.get("ctx") or {}
    at = ".".join(["mapping", *(str(step) for step in (*found["loc"], *context.get("at", ())))])
    rule = f"catalog.fault.{context['rule']}" if found["type"] == "fault" else found["msg"]
    shown = found["input"] if isinstance(found["input"], str | int | float) else ", ".join(context.get("advice", ()))
    return Place(at, shown, rule)


def _payload(asked: TryMapping) -> bytes:
    try:
        if asked.encoding == "hex":
            return bytes.fromhex(asked.payload)
        if asked.encoding == "base64":
            return base64.b64decode(asked.payload, validate=True)
    except (ValueError, binascii.Error):
        raise Invalid("message.payload", at="payload", value=asked.encoding) from None
    return asked.payload.encode()
