"""A warning as a CAP message: what the office decided, in the words of the standard."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from anlan.catalog.texts import text
from anlan.city.city import City, city_of
from anlan.kernel.actions import Tx
from anlan.warn import policy
from anlan.warn.cap import COLOUR, SEVERITY, Alert, Area, Category, Info, MsgType, Named, Reference, Status, Urgency
from anlan.warn.shapes import polygons
from anlan.warn.wording import Texts, issuer

Kind = Literal["Alert", "Update", "Cancel"]
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en-US"}

EVENT_CODE = "CN:eventType"
"""Name of the national five-character code; the national CAP profile has it in ``eventType``."""

COLOUR_WORD = "CN:severity"
"""Name of the colour word; the national CAP profile has it in ``severity``."""

DIVISION = "CN:division"
"""Name of the division code: 6 digits of GB/T 2260, or 9 or 12 of the statistical code that extends it."""

_SOON = timedelta(hours=1)  # CAP 1.2 §3.2.2, urgency "Expected": within the next hour


def world_status(tx: Tx) -> Status:
    """Return ``Exercise`` in a world whose clock is simulated, whatever anybody says; ``Actual`` in the real one."""
    return "Exercise" if tx.simulated else "Actual"


def zone_of(tx: Tx) -> ZoneInfo:
    """Return the city's time zone, in which messages state their times."""
    return ZoneInfo(city_of(tx).package.timezone)


def compose(tx: Tx, row: sa.Row[Any], kind: Kind, texts: Texts, earlier: Sequence[Reference]) -> Alert:
    """Return the message for a warning.

    Parameters
    ----------
    row
        The warning.
    kind
        Type of the message.
    texts
        Headline, description and instruction by language: the warning's own, or those of its end.
    earlier
        All earlier messages of the same line, the first one first: the national profile refers to
        the first one alone, OASIS to all (CAP 1.2 §3.2.1, ``references``).
    """
    sent = tx.now.replace(microsecond=0).astimezone(zone_of(tx))
    sender = str(tx.catalog.setting("warning.sender")).format(area=row.area)
    status = world_status(tx)
    exercise = status != "Actual"
    return Alert(
        identifier=identifier(sender, row.id, kind, status, sent),
        sender=sender,
        sent=sent,
        status=status,
        msg_type=cast("MsgType", kind),
        scope="Restricted" if exercise else "Public",
        restriction=_in_all_languages("warning.exercise_restriction") if exercise else None,
        note=_in_all_languages("warning.exercise_note") if exercise else None,
        references=tuple(earlier),
        infos=tuple(_info(tx, row, kind, lang, texts[lang], sent) for lang in LANGUAGE_TAGS if lang in texts),
    )


def _in_all_languages(code: str) -> str:
    return " / ".join(text(code, lang) for lang in LANGUAGE_TAGS)


def identifier(sender: str, warning: str, kind: str, status: str, sent: datetime) -> str:
    """Return the stable identifier of a message, the same whenever it is computed.

    It is an object identifier under 2.25, the arc that ITU-T X.667 gives to everybody with a UUID, as a URN (RFC 3061).
    The UUID is of version 8 (RFC 9562 §5.8), made from the SHA-256 of what makes the message unique.
    """
    name = "\n".join([sender, warning, kind, status, sent.isoformat()])
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:16])
    number = number & ~(0xF << 76) | (0x8 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    return f"urn:oid:2.25.{number}"


def _info(tx: Tx, row: sa.Row[Any], kind: Kind, lang: str, words: Any, sent: datetime) -> Info:
    city = city_of(tx)
    over = kind == "Cancel"
    event = tx.catalog.event_types[row.event_type]
    mark = "" if world_status(tx) == "Actual" else text("warning.exercise_mark", lang)
    return Info(
        language=LANGUAGE_TAGS[lang],
        categories=(cast("Category", policy.category(tx.catalog, row.event_type)),),
        event=event.en if lang == "en" else event.zh,
        response_types=("AllClear",) if over else (),
        urgency="Past" if over else _urgency(row.onset, sent),
        severity=SEVERITY[row.grade],
        certainty=row.certainty,
        event_codes=(Named(EVENT_CODE, row.event_type),),
        effective=sent,
        onset=_whole(row.onset, sent),
        expires=_whole(row.expires, sent),
        sender_name=issuer(tx.catalog, city, row.area, lang),
        headline=mark + words["headline"],
        description=words["description"],
        instruction=words["instruction"] or None,
        parameters=(Named(COLOUR_WORD, COLOUR[row.grade]),),
        areas=tuple(_area(city, code, lang) for code in row.areas),
    )


def _whole(moment: datetime, like: datetime) -> datetime:
    return moment.replace(microsecond=0).astimezone(like.tzinfo)


def _urgency(onset: datetime, sent: datetime) -> Urgency:
    if onset <= sent:
        return "Immediate"
    return "Expected" if onset <= sent + _SOON else "Future"


def _area(city: City, code: str, lang: str) -> Area:
    area = city.area(code)
    shape = () if area.geometry is None else polygons(area.geometry)
    return Area(city.name(code, lang), polygons=shape, geocodes=(Named(DIVISION, code),))
