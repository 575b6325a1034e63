"""Rows of bytes as devices on narrow radio links send them, read by their layout in the catalog."""

import base64
import binascii
import struct
from collections.abc import Sequence

from anlan.catalog.schema.mappings import WIDTHS, ByteField, Layout
from anlan.sense.doors.limits import Unreadable, shown

Fields = dict[str, float | int]

_MOST_BYTES = 4096
_FLOATS = {("f32", "big"): ">f", ("f32", "little"): "<f", ("f64", "big"): ">d", ("f64", "little"): "<d"}


def fields_of(layout: Layout, data: bytes) -> Fields:
    """Return the numbers in a row of bytes, by name.

    Raises
    ------
    Unreadable
        ``message.bytes`` if its length is another, it ends inside a field, or a tag is not known.
    """
    if len(data) > _MOST_BYTES or (layout.length is not None and len(data) != layout.length):
        raise Unreadable("message.bytes", data[:40].hex())
    found: Fields = {}
    place = _read(layout.fields, layout, data, 0, found)
    if layout.tags is None:
        return found
    while place < len(data):
        tag = data[place : place + layout.tags.width].hex()
        known = layout.tags.known.get(tag)
        if known is None:
            raise Unreadable("message.bytes", f"tag {tag} at {place}")
        place = _read(known, layout, data, place + layout.tags.width, found)
    return found


def _read(wanted: Sequence[ByteField], layout: Layout, data: bytes, place: int, into: Fields) -> int:
    """Read fields from a place on; return the place after the last."""
    for field in wanted:
        if field.at is not None:
            place = field.at if field.at >= 0 else len(data) + field.at
        width = WIDTHS[field.type]
        raw = data[max(place, 0) : place + width]
        if place < 0 or len(raw) != width:
            raise Unreadable("message.bytes", f"{field.name} at {place}")
        into[field.name] = _number(field, raw, field.order or layout.order)
        place += width
    return place


def _number(field: ByteField, raw: bytes, order: str) -> float | int:
    if field.type.startswith("f"):
        value: float | int = struct.unpack(_FLOATS[field.type, order], raw)[0]
    else:
        whole = int.from_bytes(raw, "big" if order == "big" else "little", signed=field.type.startswith("i"))
        value = (whole & field.mask if field.mask is not None else whole) >> field.shift
    if field.scale == 1 and field.offset == 0:
        return value
    return value * field.scale + field.offset


def bytes_of(coded: str, form: str) -> bytes:
    """Return bytes that stand in a message as text.

    Raises
    ------
    Unreadable
        ``message.bytes`` if the text is not of that form.
    """
    if not isinstance(coded, str) or len(coded) > 2 * _MOST_BYTES:
        raise Unreadable("message.bytes", shown(coded))
    try:
        return bytes.fromhex(coded) if form == "hex" else base64.b64decode(coded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Unreadable("message.bytes", shown(coded)) from error
