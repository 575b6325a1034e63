"""The verb that makes a sender of observations known."""

from typing import Annotated

import sqlalchemy as sa
from pydantic import Field, StringConstraints

from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.errors import Forbidden, Invalid
from anlan.sense.model import sources

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]


class RegisterSource(Args):
    """Make a sender of observations known, or change what is known of it.

    ``user`` is the account as which it signs in; ``mapping`` the catalog's payload mapping of its messages, if they
    are in a form of their own; ``quota_per_s`` how many observations a second it may send on average.
    """

    id: SourceId
    user: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    area: AreaCode
    mapping: Annotated[str, StringConstraints(max_length=80)] | None = None
    quota_per_s: float | None = Field(default=None, gt=0)
    note: Annotated[str, StringConstraints(max_length=500)] = ""


def register(tx: Tx, args: RegisterSource) -> Effect:
    """Write it; without a quota it has that of the settings."""
    if args.mapping is not None and args.mapping not in tx.catalog.payload_mappings:
        raise Invalid("source.mapping", at="args.mapping", value=args.mapping)
    quota = float(tx.catalog.setting("source.quota_per_s")) if args.quota_per_s is None else args.quota_per_s
    known = tx.conn.execute(sa.select(sources).where(sources.c.id == args.id)).one_or_none()
    if known is not None and not tx.scope.covers(known.area):
        raise Forbidden("access.area", at="args.id", value=args.id, params={"verb": tx.action.verb})
    row = args.model_dump() | {"quota_per_s": quota}
    tx.conn.execute(sa.delete(sources).where(sources.c.id == args.id))
    tx.conn.execute(sa.insert(sources).values(row))
    return Effect(f"source:{args.id}", args.area, row)


ACTIONS = {"source.register": Action("source.register", RegisterSource, register)}
