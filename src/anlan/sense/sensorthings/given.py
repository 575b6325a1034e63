"""Reading what a client hands in: JSON objects, links to entities, times, places."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from msgspec import DecodeError, json

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings.vectors import microseconds
from anlan.sense.stream.batch import GOOD, QUALITIES, SUSPECT

Json = Mapping[str, Any]
ID = "@iot.id"
_OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")
_TOLD_QUALITIES = {QUALITIES[GOOD]: GOOD, QUALITIES[SUSPECT]: SUSPECT}


def document(body: bytes) -> Any:
    """Return a body as JSON.

    Raises
    ------
    Invalid
        ``sensorthings.json``.
    """
    try:
        return json.decode(body)
    except DecodeError as error:
        raise Invalid("sensorthings.json", at="body", value=str(error)) from error


def an_object(value: Any, at: str) -> Json:
    """Return a value that must be an object."""
    if not isinstance(value, dict):
        raise Invalid("sensorthings.object", at=at, value=shortened(value))
    return value


def objects(value: Any, at: str) -> list[Json]:
    """Return a value that must be a list of objects; nothing is an empty list."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Invalid("sensorthings.object", at=at, value=shortened(value))
    return [an_object(one, f"{at}.{place}") for place, one in enumerate(value)]


def only(given: Json, allowed: Iterable[str], at: str) -> None:
    """Refuse what cannot be kept: anything but some names, control information, and what is null or empty."""
    known = set(allowed)
    for name, value in given.items():
        if name in known or "@iot." in name or name in {"id", "selfLink"} or value in (None, {}, [], ""):
            continue
        raise Invalid("sensorthings.not_kept", at=f"{at}.{name}" if at else name, value=shortened(value))


def text(given: Json, name: str, at: str, longest: int = 200) -> str:
    """Return a text that must be there."""
    value = given.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise Invalid("sensorthings.text", at=f"{at}.{name}" if at else name, value=shortened(value))
    return value.strip()


def linked(given: Any) -> str | None:
    """Return the id of an entity that is linked to and not described; None for one that is described."""
    if isinstance(given, dict) and ID in given and not set(given) - {ID, "@iot.selfLink"}:
        return str(given[ID])
    return None


def moment(value: Any, at: str) -> int:
    """Return an ISO 8601 instant, or the end of an interval, as microseconds since 1970.

    An observation of a time interval tells of the time before its end, as everywhere in this house.
    """
    if isinstance(value, str):
        try:
            last = _OFFSET.sub(r"\1:\2", value.rpartition("/")[2].strip())
            told = datetime.fromisoformat(last)
            if told.tzinfo is not None and "T" in last.upper():
                return microseconds(told)
        except (ValueError, OverflowError):
            pass
    raise Invalid("sensorthings.time", at=at, value=shortened(value))


def result(value: Any, at: str) -> float:
    """Return a result, which must be a number; NaN for none."""
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(float(value)):
        raise Invalid("sensorthings.result", at=at, value=shortened(value))
    return float(value)


def quality(value: Any, at: str) -> int:
    """Return the code of what a sender says of a result."""
    if value is None or value == "":
        return GOOD
    if not isinstance(value, str) or value not in _TOLD_QUALITIES:
        params = {"known": ", ".join(_TOLD_QUALITIES)}
        raise Invalid("sensorthings.quality", at=at, value=shortened(value), params=params)
    return _TOLD_QUALITIES[value]


def point(value: Any, at: str) -> tuple[float, float]:
    """Return longitude and latitude of a GeoJSON point, feature or other geometry, whose middle is taken."""
    inner = value.get("geometry") if isinstance(value, dict) and value.get("type") == "Feature" else value
    try:
        shape = shapely.from_geojson(json.encode(inner).decode())
        lon, lat = shapely.get_coordinates(shapely.point_on_surface(shape))[0].tolist()
    except (shapely.errors.ShapelyError, IndexError, TypeError) as error:
        raise Invalid("sensorthings.place", at=at, value=shortened(value)) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid("sensorthings.place", at=at, value=shortened(value))
    return lon, lat


def shortened(value: Any) -> str:
    """Return a value as the beginning of its text."""
    told = value if isinstance(value, str) else repr(value)
    return told if len(told) <= 80 else f"{told[:77]}..."


def slug(*words: str) -> str:
    """Return words as letters and digits of ASCII with hyphens between, as ids are made of; empty if there are none."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")[:60].strip("-")
