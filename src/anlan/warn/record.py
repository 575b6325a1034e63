"""One stored warning: loaded for an act, moved by a step, told in the journal."""

from typing import Any

import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.kernel.actions import Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import NotFound
from anlan.warn import places
from anlan.warn.model import warning_steps, warnings
from anlan.warn.states import State, Step, move


def load(tx: Tx, warning: str) -> sa.Row[Any]:
    """Return a warning within the actor's areas.

    Raises
    ------
    NotFound
        If there is no such warning.
    Forbidden
        If it belongs to an area outside the actor's.
    """
    row = tx.conn.execute(sa.select(warnings).where(warnings.c.id == warning)).one_or_none()
    if row is None:
        raise NotFound("warning.not_found", at="args.warning", value=warning)
    tx.require(row.area)
    return row


def insert(tx: Tx, values: dict[str, Any], supersedes: sa.Row[Any] | None = None) -> sa.Row[Any]:
    """Store a new draft, a free one or one that shall supersede a warning."""
    warning = tx.new_id("warning")
    chain = {"supersedes": supersedes and supersedes.id, "chain": supersedes.chain if supersedes else warning}
    tx.conn.execute(
        sa.insert(warnings).values(**values, **chain, id=warning, state="draft", authors=[tx.actor.id], drafted=tx.now)
    )
    places.keep(tx.conn, warning, values["areas"])
    _note(tx, warning, "draft", "draft", values["reason"])
    return load(tx, warning)


def take(tx: Tx, row: sa.Row[Any], step: Step, why: str = "", **values: Any) -> sa.Row[Any]:
    """Move a warning one step, with what else changes.

    Raises
    ------
    Conflict
        If its state does not allow the step.
    """
    after = move(row.state, step)
    tx.conn.execute(sa.update(warnings).where(warnings.c.id == row.id).values(state=after, **values))
    if "areas" in values:
        places.keep(tx.conn, row.id, values["areas"])
    _note(tx, row.id, step, after, why)
    return tx.conn.execute(sa.select(warnings).where(warnings.c.id == row.id)).one()


def _note(tx: Tx, warning: str, step: str, state: State, reason: str) -> None:
    row = {"warning": warning, "seq": tx.seq, "at": tx.now, "by": tx.actor.id, "step": step, "state": state}
    tx.conn.execute(sa.insert(warning_steps).values(**row, reason=reason))


def told(tx: Tx, row: sa.Row[Any], **more: JSON) -> Effect:
    """Return the effect of an act on a warning: what the timeline, the reactions and the screens need to know."""
    return Effect(row.id, row.area, summary(tx.catalog, row) | more)


def summary(catalog: Catalog, row: sa.Row[Any]) -> dict[str, JSON]:
    """Return what is told of a warning in every entry."""
    return {
        "warning": row.id,
        "state": row.state,
        "event_type": row.event_type,
        "event_zh": catalog.event_types[row.event_type].zh,
        "event_en": catalog.event_types[row.event_type].en,
        "grade": row.grade,
        "candidate": row.candidate,
        "areas": row.areas,
        "headline_zh": headline(row.texts, "zh"),
        "headline_en": headline(row.texts, "en"),
        "author": row.authors[0],
        "authors": row.authors,
        "approver": row.approver,
        "forecast": row.forecast,
        "onset": row.onset,
        "expires": row.expires,
        "supersedes": row.supersedes,
    }


def headline(texts: dict[str, dict[str, str]], lang: str) -> str:
    """Return the headline in a language, Chinese where there is none."""
    return texts.get(lang, texts["zh"])["headline"]
