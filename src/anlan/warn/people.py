"""Nobody issues alone: who counts as an author, and who may approve what."""

from typing import Any

import sqlalchemy as sa

from anlan.kernel.access import Actor, jurisdiction
from anlan.kernel.actions import Tx
from anlan.kernel.errors import Conflict, Forbidden
from anlan.kernel.reactions import AUTOMATON
from anlan.warn import policy


def automatic(actor: Actor) -> bool:
    """Tell whether an actor is a program."""
    return any(grant.role == AUTOMATON for grant in actor.grants)


def require_person(tx: Tx) -> None:
    """Refuse a program what a person must answer for."""
    if automatic(tx.actor):
        raise Forbidden("warning.person", at="verb", value=tx.action.verb)


def authors(tx: Tx, row: sa.Row[Any]) -> list[str]:
    """Return a warning's authors with the present actor among them: whoever drafts, edits or submits is one."""
    return [*row.authors, *({tx.actor.id} - set(row.authors))]


def require_second_person(tx: Tx, row: sa.Row[Any]) -> None:
    """Refuse approval by an author, and by anybody without the role that the catalog names, over the warning's area.

    Raises
    ------
    Forbidden
        ``warning.own`` or ``warning.approver``.
    """
    require_person(tx)
    if tx.actor.id in row.authors:
        raise Forbidden("warning.own", at="args.warning", value=row.id)
    require_role(tx, row)


def require_role(tx: Tx, row: sa.Row[Any]) -> None:
    """Refuse whoever lacks the role that decides on warnings of this type and grade."""
    roles = policy.approvers(tx.catalog, row.event_type, row.grade)
    own = jurisdiction(row.area)
    if not any(g.role in roles and own.startswith(jurisdiction(g.area)) for g in tx.actor.grants):
        named = ", ".join(sorted(roles))
        raise Forbidden(
            "warning.approver", at="args.warning", value=row.id, params={"roles": named, "grade": row.grade}
        )


def require_approval(row: sa.Row[Any]) -> None:
    """Check once more, at the moment of issue, that somebody other than its authors approved a warning."""
    if row.approver is None or row.approver in row.authors:
        raise Conflict("warning.not_approved", at="args.warning", value=row.id)
