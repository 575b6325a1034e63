"""Reads CAP 1.2 messages that follow the OASIS schema: ``parse(write(alert)) == alert``."""

import re
from datetime import UTC, datetime
from typing import Any, cast

from lxml import etree

from anlan.kernel.errors import Invalid
from anlan.warn.cap import Alert, Area, Circle, Info, Named, Point, Polygon, Reference, Resource
from anlan.warn.cap_schema import TAG, check, parser


def parse(xml: bytes) -> Alert:
    """Read a message that follows the schema.

    Raises
    ------
    Invalid
        ``cap.unreadable`` if it is no XML or carries a document type; ``cap.schema`` if the schema refuses it;
        ``cap.value`` if a value breaks a rule that the schema cannot say.
    """
    try:
        root = etree.fromstring(xml, parser())
    except etree.XMLSyntaxError as error:
        raise Invalid("cap.unreadable", params={"reason": str(error)}) from None
    if cast("Any", root.getroottree().docinfo).doctype:
        raise Invalid("cap.unreadable", params={"reason": "DOCTYPE"})
    check(root)
    try:
        return _read_alert(root)
    except ValueError as error:
        raise Invalid("cap.value", params={"reason": str(error)}) from error


def _texts(element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(child.text or "" for child in element.iterfind(f"{TAG}{name}"))


def _text(element: etree._Element, name: str) -> str | None:
    return next(iter(_texts(element, name)), None)


def _given(element: etree._Element, name: str) -> Any:
    """Return the text of an element that the schema guarantees, whose words it has checked."""
    return cast("str", _text(element, name))


def _named(element: etree._Element, name: str) -> tuple[Named, ...]:
    return tuple(Named(_given(e, "valueName"), _given(e, "value")) for e in element.iterfind(f"{TAG}{name}"))


def _moment(element: etree._Element, name: str) -> datetime | None:
    text = _text(element, name)
    return None if text is None else _moment_of(text)


def _moment_of(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    return moment.astimezone(UTC) if text.strip().endswith("-00:00") else moment


def _items(text: str | None) -> tuple[str, ...]:
    return tuple(quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', text or ""))


def _point(text: str) -> Point:
    lat, lon = text.split(",")
    return float(lat), float(lon)


def _read_alert(root: etree._Element) -> Alert:
    return Alert(
        identifier=_given(root, "identifier"),
        sender=_given(root, "sender"),
        sent=_moment_of(_given(root, "sent")),
        status=_given(root, "status"),
        msg_type=_given(root, "msgType"),
        scope=_given(root, "scope"),
        source=_text(root, "source"),
        restriction=_text(root, "restriction"),
        addresses=_items(_text(root, "addresses")),
        codes=_texts(root, "code"),
        note=_text(root, "note"),
        references=tuple(_reference(triple) for triple in (_text(root, "references") or "").split()),
        incidents=_items(_text(root, "incidents")),
        infos=tuple(_read_info(e) for e in root.iterfind(f"{TAG}info")),
    )


def _reference(triple: str) -> Reference:
    sender, identifier, sent = triple.split(",")
    return Reference(sender, identifier, _moment_of(sent))


def _read_info(element: etree._Element) -> Info:
    return Info(
        language=_text(element, "language"),
        categories=cast("Any", _texts(element, "category")),
        event=_given(element, "event"),
        response_types=cast("Any", _texts(element, "responseType")),
        urgency=_given(element, "urgency"),
        severity=_given(element, "severity"),
        certainty=_given(element, "certainty"),
        audience=_text(element, "audience"),
        event_codes=_named(element, "eventCode"),
        effective=_moment(element, "effective"),
        onset=_moment(element, "onset"),
        expires=_moment(element, "expires"),
        sender_name=_text(element, "senderName"),
        headline=_text(element, "headline"),
        description=_text(element, "description"),
        instruction=_text(element, "instruction"),
        web=_text(element, "web"),
        contact=_text(element, "contact"),
        parameters=_named(element, "parameter"),
        resources=tuple(_read_resource(e) for e in element.iterfind(f"{TAG}resource")),
        areas=tuple(_read_area(e) for e in element.iterfind(f"{TAG}area")),
    )


def _read_resource(element: etree._Element) -> Resource:
    size = _text(element, "size")
    return Resource(
        resource_desc=_given(element, "resourceDesc"),
        mime_type=_given(element, "mimeType"),
        size=None if size is None else int(size),
        uri=_text(element, "uri"),
        deref_uri=_text(element, "derefUri"),
        digest=_text(element, "digest"),
    )


def _read_area(element: etree._Element) -> Area:
    altitude, ceiling = _text(element, "altitude"), _text(element, "ceiling")
    return Area(
        area_desc=_given(element, "areaDesc"),
        polygons=tuple(Polygon(tuple(map(_point, text.split()))) for text in _texts(element, "polygon")),
        circles=tuple(_circle(text) for text in _texts(element, "circle")),
        geocodes=_named(element, "geocode"),
        altitude_ft=None if altitude is None else float(altitude),
        ceiling_ft=None if ceiling is None else float(ceiling),
    )


def _circle(text: str) -> Circle:
    centre, radius = text.split()
    return Circle(_point(centre), float(radius))
