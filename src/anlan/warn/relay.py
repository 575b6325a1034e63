"""Relaying official signals: what another body issued, kept word for word with its issuer, never as our own."""

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints

from anlan.catalog.schema.base import Grade
from anlan.kernel.actions import AreaCode, Args, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.warn import places, policy
from anlan.warn.drafting import Words
from anlan.warn.model import relayed_signals
from anlan.warn.record import headline

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class RelaySignal(Args):
    """Relay a signal or a warning that another body issued: new, in place of an earlier one, or lifting it."""

    identifier: Identifier
    issuer_zh: Name
    issuer_en: Name
    event_type: Annotated[str, StringConstraints(max_length=5)]
    grade: Grade
    areas: tuple[AreaCode, ...] = Field(min_length=1, max_length=300)
    zh: Words
    en: Words | None = None
    sent: AwareDatetime
    onset: AwareDatetime | None = None
    expires: AwareDatetime | None = None
    replaces: Identifier | None = None
    lifts: bool = False


def relay(tx: Tx, args: RelaySignal) -> Effect:
    """Keep the signal once, however often it comes, and end the one that it replaces or lifts."""
    policy.event_type(tx.catalog, args.event_type)
    areas = places.without_inner(args.areas)
    for area in areas:
        tx.require(area)
    known = _by_identifier(tx, args.identifier)
    if known is not None:
        return _told(tx, known, repeated=True)
    _check_times(tx, args)
    if args.replaces:
        _end(tx, args.replaces)
    elif args.lifts:
        raise Invalid("warning.lifts_what", at="args.replaces")
    return _told(tx, _insert(tx, args, areas))


def _check_times(tx: Tx, args: RelaySignal) -> None:
    if args.sent > tx.now:
        raise Invalid("warning.sent_later", at="args.sent", value=args.sent)
    if args.expires is not None and args.expires <= (args.onset or args.sent):
        raise Invalid("warning.expires_early", at="args.expires", value=args.expires)


def _by_identifier(tx: Tx, identifier: str) -> sa.Row[Any] | None:
    table = relayed_signals
    row = tx.conn.execute(sa.select(table).where(table.c.identifier == identifier)).one_or_none()
    if row is not None:
        for area in row.areas:
            tx.require(area)
    return row


def _end(tx: Tx, identifier: str) -> None:
    row = _by_identifier(tx, identifier)
    if row is None:
        raise NotFound("warning.signal_unknown", at="args.replaces", value=identifier)
    if row.ended is not None:
        raise Conflict("warning.signal_ended", at="args.replaces", value=identifier)
    tx.conn.execute(sa.update(relayed_signals).where(relayed_signals.c.id == row.id).values(ended=tx.now))


def _insert(tx: Tx, args: RelaySignal, areas: tuple[str, ...]) -> sa.Row[Any]:
    signal = tx.new_id("signal")
    texts = {lang: words.model_dump() for lang, words in (("zh", args.zh), ("en", args.en)) if words}
    same = {n: getattr(args, n) for n in ("identifier", "event_type", "grade", "sent", "expires", "replaces", "lifts")}
    who = {"issuer": {"zh": args.issuer_zh, "en": args.issuer_en}, "relayed": tx.now, "by": tx.actor.id}
    # A message that lifts a signal is over as soon as it has come.
    times = {"onset": args.onset or args.sent, "ended": tx.now if args.lifts else None}
    # Whoever relays for one town does not speak for its district: a single area is its own home.
    home = areas[0] if len(areas) == 1 else places.home(tx.city, areas)
    row = {"id": signal, "area": home, "areas": list(areas), "texts": texts}
    tx.conn.execute(sa.insert(relayed_signals).values(**row, **same, **who, **times))
    places.keep(tx.conn, signal, areas)
    return tx.conn.execute(sa.select(relayed_signals).where(relayed_signals.c.id == signal)).one()


def _told(tx: Tx, row: sa.Row[Any], **more: JSON) -> Effect:
    event = tx.catalog.event_types[row.event_type]
    data = {
        "signal": row.id,
        "origin": "relayed",
        "identifier": row.identifier,
        "issuer_zh": row.issuer["zh"],
        "issuer_en": row.issuer["en"],
        "event_type": row.event_type,
        "event_zh": event.zh,
        "event_en": event.en,
        "grade": row.grade,
        "areas": row.areas,
        "headline_zh": headline(row.texts, "zh"),
        "headline_en": headline(row.texts, "en"),
        "sent": row.sent,
        "expires": row.expires,
        "replaces": row.replaces,
        "lifts": row.lifts,
    }
    return Effect(row.id, row.area, data | more)
