"""The Atom feed of warnings (RFC 4287): one entry for each CAP message, with a link to the message itself."""

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from anlan.warn.cap_xml import MEDIA_TYPE
from anlan.warn.views import MessageSent

ATOM = "http://www.w3.org/2005/Atom"
FEED_TYPE = "application/atom+xml"
_NS = f"{{{ATOM}}}"


def atom(messages: Sequence[MessageSent], *, title: str, lang: str, address: str, base: str, now: datetime) -> bytes:
    """Return the feed, the newest message first.

    Parameters
    ----------
    address
        The feed's own address, which is its identifier too.
    base
        Address below which the warnings' messages stand.
    now
        When the feed says that it was updated if it has no entry.
    """
    root = etree.Element(f"{_NS}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # the default namespace
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en" if lang == "en" else "zh-CN")
    _text(root, "id", address)
    _text(root, "title", title)
    _text(root, "updated", _stamp(max((m.sent for m in messages), default=now)))
    _link(root, "self", FEED_TYPE, address)
    for message in reversed(messages):
        _entry(etree.SubElement(root, f"{_NS}entry"), message, lang, base)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _entry(entry: etree._Element, message: MessageSent, lang: str, base: str) -> None:
    _text(entry, "id", message.identifier)
    _text(entry, "title", message.headline.get(lang) or message.headline["zh"])
    _text(entry, "updated", _stamp(message.sent))
    _text(entry, "published", _stamp(message.sent))
    _text(etree.SubElement(entry, f"{_NS}author"), "name", message.sender)
    for term in (message.msg_type, message.status):
        etree.SubElement(entry, f"{_NS}category").set("term", term)
    _link(entry, "alternate", MEDIA_TYPE, f"{base}/{message.warning}/cap.xml?identifier={message.identifier}")
    _text(entry, "summary", message.headline.get(lang) or message.headline["zh"])


def _text(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, f"{_NS}{name}").text = value


def _link(parent: etree._Element, rel: str, kind: str, href: str) -> None:
    link = etree.SubElement(parent, f"{_NS}link")
    for name, value in (("rel", rel), ("type", kind), ("href", href)):
        link.set(name, value)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
