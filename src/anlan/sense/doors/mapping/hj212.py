"""Packets of HJ 212-2017, by which pollution sources report to the environmental authorities.

``##`` + four digits (length of the data) + data + four hexadecimal digits (CRC) + CR LF; the data are
``QN=…;ST=…;CN=…;PW=…;MN=…;Flag=…;CP=&&…&&``, and what stands between the ampersands are groups parted by semicolons, of
members parted by commas: ``DataTime=20160801085857;a21026-Rtd=1.1,a21026-Flag=N`` (clause 6.3; CRC in annex A).
"""

import re
from typing import Any

from anlan.sense.doors.limits import Unreadable

_PACKET = re.compile(rb"##([0-9]{4})(.*)([0-9A-Fa-f]{4})(?:\r\n)?", re.DOTALL)
_CP = "CP=&&"
_PASSWORD = re.compile(rb"(?<=;PW=)[^;&]*")
_LONGEST = 2048  # the standard allows 1024 of data; some senders do not split what is longer


def parse(payload: bytes) -> dict[str, Any]:
    """Return the parts of a packet: its heading, ``CP`` and ``items``, the password left out.

    ``items`` holds a mapping for each pollutant or quantity: ``code``, and what was told of it (``Rtd``, ``Flag`` …).

    Raises
    ------
    Unreadable
        ``message.hj212`` if it is no such packet, ``message.crc`` if it was damaged on its way.
    """
    found = _PACKET.fullmatch(payload) if len(payload) <= _LONGEST else None
    if found is None or int(found[1]) != len(found[2]):
        raise Unreadable("message.hj212", payload)
    data = found[2]
    if crc16(data) != int(found[3], 16):
        raise Unreadable("message.crc", found[3])
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Unreadable("message.hj212", payload) from error
    heading, mark, rest = text.partition(_CP)
    if not mark or not rest.endswith("&&"):
        raise Unreadable("message.hj212", payload)
    message: dict[str, Any] = dict(_pairs(heading, ";"))
    message.pop("PW", None)
    alone, items = _groups(rest[:-2])
    return message | {"CP": alone, "items": items}


def _pairs(text: str, mark: str) -> list[tuple[str, str]]:
    return [(key, value) for key, sign, value in (part.partition("=") for part in text.split(mark)) if sign]


def _groups(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return what stands alone, and what is told of each code."""
    alone: dict[str, str] = {}
    by_code: dict[str, dict[str, str]] = {}
    for group in text.split(";"):
        for key, value in _pairs(group, ","):
            code, sign, name = key.partition("-")
            if sign:
                by_code.setdefault(code, {"code": code})[name] = value
            else:
                alone[key] = value
    return alone, list(by_code.values())


def crc16(data: bytes) -> int:
    """Return the check of HJ 212-2017, annex A: CRC-16 with polynomial 0xA001 and this standard's own shift.

    Before each byte the register is shifted right by eight, which the usual CRC-16 does not do.
    """
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ byte
        for _ in range(8):
            odd = register & 1
            register >>= 1
            if odd:
                register ^= 0xA001
    return register


def without_password(payload: bytes) -> bytes:
    """Return a packet with its password starred out; if it was sound, its check is made right again."""
    found = _PACKET.fullmatch(payload) if len(payload) <= _LONGEST else None
    starred = _PASSWORD.sub(lambda match: b"*" * len(match[0]), payload)
    if found is None or crc16(found[2]) != int(found[3], 16):
        return starred
    data = _PASSWORD.sub(lambda match: b"*" * len(match[0]), found[2])
    return payload[:6] + data + b"%04X" % crc16(data) + payload[found.end(3) :]
