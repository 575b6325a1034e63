"""CAP 1.2 messages as XML that the OASIS schema accepts; :mod:`anlan.warn.cap_read` reads them back."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import numpy as np
from lxml import etree

from anlan.warn.cap import Alert, Area, Info, Named, Point, Reference, Resource
from anlan.warn.cap_schema import NAMESPACE, TAG, check, parser

MEDIA_TYPE = "application/cap+xml"


def write(alert: Alert) -> bytes:
    """Return a message as UTF-8 XML that the OASIS schema accepts.

    Raises
    ------
    Invalid
        ``cap.schema`` if the schema refuses it, with line and reason.
    """
    root = etree.Element(f"{TAG}alert", nsmap=cast("dict[str, str]", {None: NAMESPACE}))
    _write_head(root, alert)
    for info in alert.infos:
        _write_info(_child(root, "info"), info)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    check(etree.fromstring(xml, parser()))
    return xml


def _child(parent: etree._Element, name: str, value: object = None) -> etree._Element:
    element = etree.SubElement(parent, f"{TAG}{name}")
    if value is not None:
        element.text = str(value)
    return element


def _write_fields(parent: etree._Element, fields: Iterable[tuple[str, Any]]) -> None:
    """Write named values in the order given; None is left out, a tuple is an element for each."""
    for name, value in fields:
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Named):
                inner = _child(parent, name)
                _child(inner, "valueName", item.value_name)
                _child(inner, "value", item.value)
            elif item is not None:
                _child(parent, name, item)


def _write_head(root: etree._Element, alert: Alert) -> None:
    _write_fields(
        root,
        [
            ("identifier", alert.identifier),
            ("sender", alert.sender),
            ("sent", moment_text(alert.sent)),
            ("status", alert.status),
            ("msgType", alert.msg_type),
            ("source", alert.source),
            ("scope", alert.scope),
            ("restriction", alert.restriction),
            ("addresses", _listed(alert.addresses)),
            ("code", alert.codes),
            ("note", alert.note),
            ("references", " ".join(map(_reference_text, alert.references)) or None),
            ("incidents", _listed(alert.incidents)),
        ],
    )


def _write_info(element: etree._Element, info: Info) -> None:
    _write_fields(
        element,
        [
            ("language", info.language),
            ("category", info.categories),
            ("event", info.event),
            ("responseType", info.response_types),
            ("urgency", info.urgency),
            ("severity", info.severity),
            ("certainty", info.certainty),
            ("audience", info.audience),
            ("eventCode", info.event_codes),
            ("effective", moment_text(info.effective)),
            ("onset", moment_text(info.onset)),
            ("expires", moment_text(info.expires)),
            ("senderName", info.sender_name),
            ("headline", info.headline),
            ("description", info.description),
            ("instruction", info.instruction),
            ("web", info.web),
            ("contact", info.contact),
            ("parameter", info.parameters),
        ],
    )
    for resource in info.resources:
        _write_resource(_child(element, "resource"), resource)
    for area in info.areas:
        _write_area(_child(element, "area"), area)


def _write_resource(element: etree._Element, resource: Resource) -> None:
    _write_fields(
        element,
        [
            ("resourceDesc", resource.resource_desc),
            ("mimeType", resource.mime_type),
            ("size", resource.size),
            ("uri", resource.uri),
            ("derefUri", resource.deref_uri),
            ("digest", resource.digest),
        ],
    )


def _write_area(element: etree._Element, area: Area) -> None:
    _write_fields(
        element,
        [
            ("areaDesc", area.area_desc),
            ("polygon", tuple(" ".join(map(_point_text, ring.points)) for ring in area.polygons)),
            ("circle", tuple(f"{_point_text(c.centre)} {_number(c.radius_km)}" for c in area.circles)),
            ("geocode", area.geocodes),
            ("altitude", None if area.altitude_ft is None else _number(area.altitude_ft)),
            ("ceiling", None if area.ceiling_ft is None else _number(area.ceiling_ft)),
        ],
    )


def moment_text(moment: datetime | None) -> str | None:
    """Return a moment in its own zone; UTC is ``-00:00`` (CAP 1.2 §3.3.2)."""
    if moment is None:
        return None
    text = moment.isoformat(timespec="seconds")
    return text[:-6] + "-00:00" if text.endswith("+00:00") else text


def _reference_text(reference: Reference) -> str:
    return f"{reference.sender},{reference.identifier},{moment_text(reference.sent)}"


def _listed(items: tuple[str, ...]) -> str | None:
    return " ".join(f'"{item}"' if re.search(r"\s", item) else item for item in items) or None


def _number(value: float) -> str:
    """Return the shortest decimal that reads back as the same number, never with an exponent."""
    return np.format_float_positional(value, trim="-")


def _point_text(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"
