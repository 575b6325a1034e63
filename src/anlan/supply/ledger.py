"""The ledger: the one place where stock changes, each change a line with the number of its journal entry.

Whatever was received and not consumed lies somewhere: the sum of all stock is the sum of all receipts less the sum of
all consumption, site by site and item by item.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field, StringConstraints

from anlan.catalog.texts import near
from anlan.kernel.actions import Args, Tx
from anlan.kernel.errors import Conflict, Invalid
from anlan.supply.model import MoveKind, stock, stock_moves
from anlan.supply.sites import Site

ItemId = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Quantity = Annotated[int, Field(gt=0, le=10**9)]
Key = tuple[str, str]
"""Site and item."""


class StockLine(Args):
    """Some of one item."""

    item: ItemId
    quantity: Quantity


@dataclass(frozen=True)
class Posting:
    """One line to write: from a site or from outside, to a site or to use."""

    line: StockLine
    source: Site | None
    target: Site | None
    synthetic: bool = False


@dataclass(frozen=True)
class Holding:
    """What one site has of one item."""

    quantity: int
    synthetic: bool


def post(tx: Tx, kind: MoveKind, postings: Sequence[Posting], reason: str) -> None:
    """Write lines into the ledger and into the stock of both ends; all or none.

    Raises
    ------
    Invalid
        ``supply.item_unknown`` for an item that the catalog lacks.
    Conflict
        ``supply.stock_short`` where a site has less than is taken.
    """
    for number, posting in enumerate(postings):
        _known(tx, posting.line.item, number)
    held = holdings(tx.conn, {site.id for p in postings for site in (p.source, p.target) if site})
    rows, fresh = [], dict(held)
    for number, posting in enumerate(postings):
        made_up = posting.synthetic or _take(fresh, posting)
        _give(fresh, posting, made_up)
        rows.append(_row(tx, kind, number, posting, reason, made_up))
    tx.conn.execute(sa.insert(stock_moves), rows)
    _store(tx.conn, held, fresh, {site.id: site.area for p in postings for site in (p.source, p.target) if site})


def holdings(conn: sa.Connection, sites: Iterable[str]) -> dict[Key, Holding]:
    """Return what some sites have."""
    query = sa.select(stock).where(stock.c.site.in_(sorted(sites)))
    return {(row.site, row.item): Holding(row.quantity, row.synthetic) for row in conn.execute(query)}


def replay(conn: sa.Connection) -> dict[Key, int]:
    """Return what the ledger says that every site has: all lines added up, without a look at the stock itself."""
    found: Counter[Key] = Counter()
    for row in conn.execute(sa.select(stock_moves)):
        if row.to_site:
            found[row.to_site, row.item] += row.quantity
        if row.from_site:
            found[row.from_site, row.item] -= row.quantity
    return dict(found)


def _known(tx: Tx, item: str, number: int) -> None:
    if item not in tx.catalog.supply_items:
        advice = ", ".join(near(item, tx.catalog.supply_items)) or ", ".join(tx.catalog.supply_items)
        raise Invalid("supply.item_unknown", at=f"args.{number}.item", value=item, params={"near": advice})


def _take(held: dict[Key, Holding], posting: Posting) -> bool:
    """Take a line from its source and tell whether what lies there is synthetic."""
    if posting.source is None:
        return False
    item, wanted = posting.line.item, posting.line.quantity
    here = held.get((posting.source.id, item), Holding(0, False))
    if here.quantity < wanted:
        params = {"site": posting.source.id, "item": item, "have": here.quantity, "wanted": wanted}
        raise Conflict("supply.stock_short", at="args.quantity", value=wanted, params=params)
    held[posting.source.id, item] = Holding(here.quantity - wanted, here.synthetic)
    return here.synthetic


def _give(held: dict[Key, Holding], posting: Posting, synthetic: bool) -> None:
    if posting.target is not None:
        key = (posting.target.id, posting.line.item)
        there = held.get(key, Holding(0, False))
        held[key] = Holding(there.quantity + posting.line.quantity, there.synthetic or synthetic)


def _row(tx: Tx, kind: MoveKind, number: int, posting: Posting, reason: str, synthetic: bool) -> dict[str, object]:
    ends = [site for site in (posting.source, posting.target) if site is not None]
    return {
        "seq": tx.seq,
        "line": number,
        "at": tx.now,
        "kind": kind,
        "item": posting.line.item,
        "quantity": posting.line.quantity,
        "from_site": posting.source.id if posting.source else None,
        "to_site": posting.target.id if posting.target else None,
        "area": ends[0].area,
        "to_area": ends[-1].area,
        "reason": reason,
        "synthetic": synthetic,
    }


def _store(conn: sa.Connection, held: dict[Key, Holding], fresh: dict[Key, Holding], areas: dict[str, str]) -> None:
    """Write the stock that changed."""
    changed = {key: now for key, now in fresh.items() if held.get(key) != now}
    new = [
        {"site": site, "item": item, "area": areas[site], "quantity": now.quantity, "synthetic": now.synthetic}
        for (site, item), now in changed.items()
        if (site, item) not in held
    ]
    old = [
        {"at_site": site, "of_item": item, "quantity": now.quantity, "synthetic": now.synthetic}
        for (site, item), now in changed.items()
        if (site, item) in held
    ]
    if new:
        conn.execute(sa.insert(stock), new)
    if old:
        where = sa.and_(stock.c.site == sa.bindparam("at_site"), stock.c.item == sa.bindparam("of_item"))
        conn.execute(sa.update(stock).where(where), old)
