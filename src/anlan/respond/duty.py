"""The duty log: what came to the desk, from whom, and what was done about it."""

from typing import Annotated

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints

from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.errors import Invalid
from anlan.respond.incidents import IncidentId, find
from anlan.respond.model import duty_notes


class NoteDuty(Args):
    """Write a line into the duty log of an area; what is written stays."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=5000)]
    area: AreaCode | None = Field(default=None, description="one's own where not given")
    at: AwareDatetime | None = Field(default=None, description="when it came in; now where not given")
    source: Annotated[str, StringConstraints(max_length=200)] = ""
    handling: Annotated[str, StringConstraints(max_length=5000)] = ""
    incident: IncidentId | None = None


def note_duty(tx: Tx, args: NoteDuty) -> Effect:
    """Add the line."""
    area = args.area or _own(tx)
    tx.require(area)
    at = args.at or tx.now
    if at > tx.now:
        raise Invalid("duty.future", at="args.at", value=at.isoformat())
    if args.incident is not None:
        find(tx, args.incident)
    note, told = tx.new_id("duty"), args.model_dump(include={"source", "text", "handling", "incident"}) | {"at": at}
    row = told | {"id": note, "area": area, "noted_at": tx.now, "by": tx.actor.id}
    tx.conn.execute(sa.insert(duty_notes).values(row))
    return Effect(note, area, told)


def _own(tx: Tx) -> str:
    """Return the widest area that the actor holds, if there is one such."""
    held = sorted({grant.area for grant in tx.actor.grants if tx.scope.covers(grant.area)})
    widest = [a for a in held if not any(a != b and a.startswith(jurisdiction(b)) for b in held)]
    if len(widest) != 1:
        raise Invalid("duty.area", at="args.area", params={"areas": ", ".join(widest)})
    return widest[0]


ACTIONS = {"duty.note": Action("duty.note", NoteDuty, note_duty)}
