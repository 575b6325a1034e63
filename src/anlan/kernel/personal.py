"""Personal data: kept beside the journal so that it can be destroyed while the journal's proofs go on holding.

Emergency Response Law of the PRC (2024), article 85: personal information obtained for an event is destroyed after it.
"""

from typing import Annotated

import sqlalchemy as sa
from pydantic import StringConstraints

from anlan.kernel.actions import Action, AreaCode, Args, Effect, Reader, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.tables import journal, sealed


class DestroyPersonal(Args):
    """Destroy the personal data kept for one thing; its hashes stay in the journal."""

    subject: Annotated[str, StringConstraints(max_length=120)]
    area: AreaCode


def destroy_personal(tx: Tx, args: DestroyPersonal) -> Effect:
    """Delete the values; what remains are hashes with destroyed salts, from which nothing can be learnt."""
    for area in tx.conn.scalars(sa.select(journal.c.area).where(journal.c.subject == args.subject).distinct()):
        tx.require(area)
    gone = tx.conn.execute(sa.delete(sealed).where(sealed.c.subject == args.subject)).rowcount
    return Effect(args.subject, args.area, {"destroyed": gone})


def unsealed(reader: Reader, names: list[str]) -> dict[str, JSON]:
    """Return the values that still exist for sealed names, of things inside the reader's areas."""
    query = (
        sa.select(sealed.c.id, sealed.c.value)
        .join(journal, journal.c.subject == sealed.c.subject)
        .where(sealed.c.id.in_(names), reader.scope.where(journal.c.area))
    )
    return {row.id: row.value for row in reader.conn.execute(query)}


ACTIONS = {"personal.destroy": Action("personal.destroy", DestroyPersonal, destroy_personal)}
