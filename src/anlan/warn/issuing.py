"""Issuing and ending: the acts by which a warning reaches the public and leaves it."""

import hashlib
from typing import Any

import sqlalchemy as sa

from anlan.catalog.texts import LANGUAGES, text
from anlan.city.city import city_of
from anlan.kernel.actions import Args, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Conflict, Invalid
from anlan.warn import message, people, policy, record
from anlan.warn.cap import Reference
from anlan.warn.cap_xml import write
from anlan.warn.drafting import WarningId
from anlan.warn.model import warning_messages
from anlan.warn.review import Reason
from anlan.warn.states import move
from anlan.warn.wording import Texts, issuer


class IssueWarning(Args):
    """Issue an approved warning: its CAP message is written, checked and kept."""

    warning: WarningId


def issue(tx: Tx, args: IssueWarning) -> Effect:
    """Issue the warning and, if it updates one that is in force, end that one."""
    people.require_person(tx)
    row = record.load(tx, args.warning)
    move(row.state, "issue")
    _require_ours(tx, row)
    people.require_approval(row)
    if row.expires <= tx.now:
        raise Conflict("warning.over", at="args.warning", value=row.expires)
    old = _superseded(tx, row)
    chain = old.chain if old else row.id
    row = record.take(tx, row, "issue", issuer=tx.actor.id, issued=tx.now, chain=chain)
    sent = _send(tx, row, "Update" if old else "Alert", row.texts)
    if old:
        record.take(tx, old, "update", ended=tx.now)
        tx.cancel(_timer(old))
    tx.at(_timer(row), row.expires, "warning.expire", {"warning": row.id})
    return record.told(tx, row, **sent)


def _require_ours(tx: Tx, row: sa.Row[Any]) -> None:
    signal = policy.official_signal(tx.catalog, row.event_type)
    if signal is not None:
        who = " / ".join(text(f"warning.issuer.{signal.issuer}", lang) for lang in LANGUAGES)
        params = {"signal": f"{signal.zh} / {signal.en}", "issuer": who}
        raise Invalid("warning.not_ours", at="args.warning", value=row.event_type, params=params)


def _superseded(tx: Tx, row: sa.Row[Any]) -> sa.Row[Any] | None:
    """Return the warning in force that this one updates; one that has run out meanwhile leaves this one on its own."""
    if row.supersedes is None:
        return None
    old = record.load(tx, row.supersedes)
    if old.state == "expired":
        return None
    move(old.state, "update")
    return old


def _timer(row: sa.Row[Any]) -> str:
    return f"warning-expire:{row.id}"


def _send(tx: Tx, row: sa.Row[Any], kind: message.Kind, texts: Texts) -> dict[str, JSON]:
    """Write, check and keep a message; return what the journal says of it."""
    earlier = _earlier(tx, row.chain)
    alert = message.compose(tx, row, kind, texts, earlier)
    xml = write(alert)
    digest = hashlib.sha256(xml).hexdigest()
    kept = {"identifier": alert.identifier, "sender": alert.sender, "sent": alert.sent, "status": alert.status}
    place = {"seq": tx.seq, "warning": row.id, "chain": row.chain, "area": row.area, "msg_type": kind}
    told = {info.language: info.headline for info in alert.infos}
    headline = {lang: told[tag] for lang, tag in message.LANGUAGE_TAGS.items() if tag in told}
    tx.conn.execute(sa.insert(warning_messages).values(**kept, **place, headline=headline, sha256=digest, xml=xml))
    references: list[JSON] = [reference.identifier for reference in earlier]
    return {
        "identifier": alert.identifier,
        "status": alert.status,
        "msg_type": kind,
        "references": references,
        "first": references[0] if references else alert.identifier,
        "sha256": digest,
    }


def _earlier(tx: Tx, chain: str) -> list[Reference]:
    """Return the messages of a line of warnings, the first one first, with their times in the city's zone."""
    table = warning_messages
    rows = tx.conn.execute(sa.select(table).where(table.c.chain == chain).order_by(table.c.seq)).all()
    zone = message.zone_of(tx)
    return [Reference(row.sender, row.identifier, row.sent.astimezone(zone)) for row in rows]


class CancelWarning(Args):
    """Lift an issued warning, with the reason; a CAP message refers to all earlier ones, the first one first."""

    warning: WarningId
    reason: Reason


def cancel(tx: Tx, args: CancelWarning) -> Effect:
    """End the warning and tell so; whoever lifts a warning holds the role that approves it."""
    people.require_person(tx)
    row = record.load(tx, args.warning)
    move(row.state, "cancel")
    people.require_role(tx, row)
    sent = _send(tx, row, "Cancel", _lifted(tx, row, args.reason))
    row = record.take(tx, row, "cancel", args.reason, ended=tx.now)
    tx.cancel(_timer(row))
    return record.told(tx, row, **sent, reason=args.reason)


def _lifted(tx: Tx, row: sa.Row[Any], reason: str) -> Texts:
    """Return the texts of a message that lifts a warning: bureau, "lifts", the warning's headline; and the reason."""
    lifted = {}
    for lang in row.texts:
        who = issuer(tx.catalog, city_of(tx), row.area, lang)
        headline = text("warning.lifted", lang, issuer=who, headline=row.texts[lang]["headline"])
        lifted[lang] = {"headline": headline, "description": reason, "instruction": ""}
    return lifted


class ExpireWarning(Args):
    """Note that an issued warning's time is over."""

    warning: WarningId


def expire(tx: Tx, args: ExpireWarning) -> Effect:
    """End the warning once its time has come."""
    row = record.load(tx, args.warning)
    move(row.state, "expire")
    if tx.now < row.expires:
        raise Conflict("warning.in_force", at="args.warning", value=row.expires)
    return record.told(tx, record.take(tx, row, "expire", ended=row.expires))
