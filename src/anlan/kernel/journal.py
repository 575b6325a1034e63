"""The journal: append-only entries, leaves of one Merkle tree, each signed together with the tree it makes.

Every row carries the signature of the tree head that it completed (a C2SP checkpoint of size ``seq``), so that a
change of any row, with all hashes recomputed, is found at that very row by whoever holds the public key.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from anlan.kernel import merkle
from anlan.kernel.canonical import JSON, canonical
from anlan.kernel.notes import Checkpoint, Signer, Verifier, write_note
from anlan.kernel.tables import cosignatures, journal, journal_nodes, journal_tree

BLOCK_LEVEL = 8
BLOCK = 1 << BLOCK_LEVEL
"""Roots of perfect subtrees of this many entries are kept, so that a proof reads hundreds of rows, not millions."""


@dataclass(frozen=True)
class Entry:
    """One act as the journal keeps it.

    Attributes
    ----------
    seq : int
        Position, from 1; also the size of the tree that ends here.
    at : datetime
        When, by the world's clock.
    by : str
        The actor's id.
    verb, subject, area : str
        What was done, to which thing, in which area.
    args, data : JSON
        What was asked, and what came of it; personal data is replaced by hashes.
    because : int or None
        The entry that led to this one.
    depth : int
        How many reactions lie between a human act and this one.
    why : str
        The actor's reason, if given.
    """

    seq: int
    at: datetime
    by: str
    verb: str
    subject: str
    area: str
    args: JSON
    data: JSON
    because: int | None = None
    depth: int = 0
    why: str = ""

    def document(self) -> dict[str, JSON]:
        """Return the entry as the JSON object whose canonical form is the leaf."""
        return {name: getattr(self, name) for name in ENTRY_FIELDS}

    def leaf(self) -> bytes:
        """Return the bytes that are hashed into the tree."""
        return canonical(self.document())


ENTRY_FIELDS = ("seq", "at", "by", "verb", "subject", "area", "args", "data", "because", "depth", "why")


@dataclass(frozen=True)
class TreeState:
    """Size and frontier of the journal's tree."""

    size: int
    frontier: tuple[bytes, ...]

    @property
    def root(self) -> bytes:
        """The root hash over all entries."""
        return merkle.frontier_root(self.frontier)


# Statements of the hot path are built once: SQLAlchemy then finds their compiled form by identity.
_TREE = sa.select(journal_tree.c.size, journal_tree.c.frontier)
_APPEND = sa.insert(journal)
_PLANT = sa.insert(journal_tree).values(id=1, size=sa.bindparam("new_size"), frontier=sa.bindparam("new_frontier"))
_GROW = sa.update(journal_tree).values(size=sa.bindparam("new_size"), frontier=sa.bindparam("new_frontier"))


def tree_state(conn: sa.Connection) -> TreeState:
    """Read the tree's present size and frontier."""
    row = conn.execute(_TREE).one_or_none()
    if row is None:
        return TreeState(0, ())
    step = merkle.HASH_SIZE
    return TreeState(row.size, tuple(row.frontier[i : i + step] for i in range(0, len(row.frontier), step)))


def append(conn: sa.Connection, signer: Signer, entries: list[Entry]) -> TreeState:
    """Append entries, whose numbers must follow the last one, inside the caller's transaction."""
    state = tree_state(conn)
    first = state.size == 0
    frontier, size = list(state.frontier), state.size
    rows = []
    for entry in entries:
        if entry.seq != size + 1:
            raise AssertionError(f"entry {entry.seq} does not follow {size}")
        leaf_bytes = entry.leaf()
        leaf = merkle.leaf_hash(leaf_bytes)
        frontier = merkle.append(frontier, size, leaf)
        size += 1
        head = Checkpoint(signer.name, size, merkle.frontier_root(frontier))
        columns = {name: getattr(entry, name) for name in ("seq", "at", "by", "verb", "subject", "area", "because")}
        rows.append(columns | {"entry": leaf_bytes.decode(), "leaf": leaf, "signature": signer.sign(head.text())})
    conn.execute(_APPEND, rows)
    conn.execute(_PLANT if first else _GROW, {"new_size": size, "new_frontier": b"".join(frontier)})
    for position in range(state.size // BLOCK, size // BLOCK):
        root = merkle.root_of(leaves(conn, position * BLOCK, (position + 1) * BLOCK))
        conn.execute(sa.insert(journal_nodes).values(level=BLOCK_LEVEL, position=position, hash=root))
    return TreeState(size, tuple(frontier))


def leaves(conn: sa.Connection, start: int, stop: int) -> list[bytes]:
    """Return the stored leaf hashes of entries start+1 to stop."""
    query = sa.select(journal.c.leaf).where(journal.c.seq > start, journal.c.seq <= stop).order_by(journal.c.seq)
    return list(conn.scalars(query))


def _subtree(conn: sa.Connection, start: int, stop: int) -> bytes:
    if stop - start <= BLOCK:
        return merkle.root_of(leaves(conn, start, stop))
    if start % BLOCK == 0 and stop % BLOCK == 0:
        query = sa.select(journal_nodes.c.hash).where(
            journal_nodes.c.level == BLOCK_LEVEL,
            journal_nodes.c.position >= start // BLOCK,
            journal_nodes.c.position < stop // BLOCK,
        )
        return merkle.root_of(list(conn.scalars(query.order_by(journal_nodes.c.position))))
    middle = start + merkle.split(stop - start)
    return merkle.node_hash(_subtree(conn, start, middle), _subtree(conn, middle, stop))


def inclusion_proof(conn: sa.Connection, seq: int, size: int) -> list[bytes]:
    """Return the path from entry ``seq`` to the root of the tree of ``size`` entries."""
    return merkle.inclusion_proof(seq - 1, size, partial(_subtree, conn))


def consistency_proof(conn: sa.Connection, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of ``old`` entries is a prefix of the tree of ``new``."""
    return merkle.consistency_proof(old, new, partial(_subtree, conn))


def root_at(conn: sa.Connection, size: int) -> bytes:
    """Return the root over the first ``size`` entries."""
    return _subtree(conn, 0, size) if size else merkle.EMPTY_ROOT


def head_note(conn: sa.Connection, signer: Signer) -> str:
    """Return the present tree head as a signed note, with the witnesses' cosignatures that are kept for it."""
    state = tree_state(conn)
    kept = conn.execute(sa.select(cosignatures).where(cosignatures.c.size == state.size))
    return signed_head(signer, state, [(Verifier.parse(row.vkey), row.signature) for row in kept])


def signed_head(signer: Signer, state: TreeState, cosigned: Sequence[tuple[Verifier, bytes]] = ()) -> str:
    """Return a tree head as a note signed by us, with the cosignatures given."""
    body = Checkpoint(signer.name, state.size, state.root).text()
    return write_note(body, [(signer.verifier, signer.sign(body)), *cosigned])


def entry_of(row: sa.RowMapping) -> dict[str, JSON]:
    """Return an entry's document from a row of the table."""
    document: dict[str, JSON] = json.loads(row["entry"])
    return document


def rows_after(seq: int, limit: int | None) -> sa.Select[tuple[Any, ...]]:
    """Return the query for the next rows after an entry, in order."""
    return sa.select(journal).where(journal.c.seq > seq).order_by(journal.c.seq).limit(limit)


def row_of(seq: int) -> sa.Select[tuple[Any, ...]]:
    """Return the query for one row."""
    return sa.select(journal).where(journal.c.seq == seq)


def read_rows(conn: sa.Connection, start: int, batch: int = 1000) -> Iterator[sa.RowMapping]:
    """Yield all rows after entry ``start`` in order, a batch at a time."""
    while True:
        rows = conn.execute(rows_after(start, batch)).mappings().all()
        yield from rows
        if len(rows) < batch:
            return
        start = rows[-1]["seq"]
