"""Reading the journal: the entries that a reader may see, in order, some at a time.

The audit log, the timeline, live updates and the review after the night are all readings of this one list.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.canonical import JSON
from anlan.kernel.journal import entry_of
from anlan.kernel.tables import journal

BATCH = 1000
"""How many entries a walk over the journal reads at once."""


def entries(
    reader: Reader,
    after: int = 0,
    limit: int = BATCH,
    verbs: Sequence[str] = (),
    subject: str | None = None,
    until: datetime | None = None,
    *,
    since: datetime | None = None,
    before: int | None = None,
    area: str | None = None,
) -> list[dict[str, JSON]]:
    """Return entries as documents, oldest first.

    Parameters
    ----------
    reader
        Who reads: only entries of areas in its scope are there.
    after, limit
        The first ``limit`` entries with a number above ``after``.
    verbs
        Only these, as in a role: exact names, or all of a noun as ``task.*``.
    subject
        Only entries about this thing.
    since, until
        Only entries from the one moment to the other, both included.
    before
        Turns the page round: the *last* ``limit`` entries with a number below it, still oldest first.
    area
        Only entries of this area and what lies in it.
    """
    query = sa.select(journal.c.entry).where(reader.scope.where(journal.c.area), journal.c.seq > after)
    for condition in _conditions(verbs, subject, since, until, area):
        query = query.where(condition)
    if before is None:
        return _documents(reader, query.order_by(journal.c.seq).limit(limit))
    newest = query.where(journal.c.seq < before).order_by(journal.c.seq.desc()).limit(limit)
    return _documents(reader, newest)[::-1]


def all_entries(
    reader: Reader,
    *,
    after: int = 0,
    verbs: Sequence[str] = (),
    subject: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    area: str | None = None,
) -> Iterator[dict[str, JSON]]:
    """Yield every entry that :func:`entries` would give page by page."""
    while True:
        page = entries(reader, after, BATCH, verbs, subject, until, since=since, area=area)
        yield from page
        if len(page) < BATCH:
            return
        after = page[-1]["seq"]


def last_entry(reader: Reader) -> int:
    """Return the number of the last entry that the reader may see, 0 if there is none."""
    query = sa.select(sa.func.max(journal.c.seq)).where(reader.scope.where(journal.c.area))
    return reader.conn.scalar(query) or 0


def _documents(reader: Reader, query: sa.Select[tuple[str]]) -> list[dict[str, JSON]]:
    return [entry_of(row) for row in reader.conn.execute(query).mappings()]


def _conditions(
    verbs: Sequence[str],
    subject: str | None,
    since: datetime | None,
    until: datetime | None,
    area: str | None,
) -> Iterator[sa.ColumnElement[bool]]:
    if verbs:
        yield sa.or_(*map(_verb_is, verbs))
    if subject is not None:
        yield journal.c.subject == subject
    if since is not None:
        yield journal.c.at >= since
    if until is not None:
        yield journal.c.at <= until
    if area is not None:
        yield Scope((jurisdiction(area),)).where(journal.c.area)


def _verb_is(pattern: str) -> sa.ColumnElement[bool]:
    noun, star, rest = pattern.partition("*")
    if star and not rest:
        return journal.c.verb.startswith(noun, autoescape=True)
    return journal.c.verb == pattern
