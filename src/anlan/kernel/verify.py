"""Does the journal still say what it said? Reads every row and names the first that does not hold."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from anlan.kernel import journal as log
from anlan.kernel import merkle
from anlan.kernel.canonical import canonical, stamp
from anlan.kernel.notes import Checkpoint, NoteError, Verifier, open_note
from anlan.kernel.tables import cosignatures, journal_nodes


@dataclass(frozen=True)
class Verdict:
    """What was checked, and the first fault if there is one.

    ``fault`` is a code of ``locale`` (``journal.fault.*``); ``seq`` is the entry that it names.
    """

    size: int
    root: str
    fault: str | None = None
    seq: int | None = None

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return self.fault is None


class _Fault(Exception):
    def __init__(self, code: str, seq: int) -> None:
        self.code, self.seq = code, seq


def verify(conn: sa.Connection, verifier: Verifier, outside_heads: Sequence[str] | None = None) -> Verdict:
    """Check all entries, hashes, signatures, kept subtree roots and cosignatures.

    Parameters
    ----------
    conn
        A snapshot of the store.
    verifier
        The public key that signs this journal's heads.
    outside_heads
        Signed notes kept outside the database (the data folder's checkpoint, another level's copy); the journal must
        contain the tree that each of them names.
    """
    frontier: list[bytes] = []
    size = 0
    try:
        heads = dict(_heads_of_notes(verifier, outside_heads or []))
        for row in log.read_rows(conn, 0):
            _check_row(row, size)
            frontier = merkle.append(frontier, size, row["leaf"])
            size += 1
            root = merkle.frontier_root(frontier)
            if not verifier.holds(Checkpoint(verifier.name, size, root).text(), row["signature"]):
                raise _Fault("journal.fault.signature", size)
            if heads.get(size, root) != root:
                raise _Fault("journal.fault.outside_head", size)
        if any(head > size for head in heads):
            raise _Fault("journal.fault.missing", size + 1)
        _check_tree(conn, size, frontier)
        _check_cosignatures(conn, verifier, size)
    except _Fault as fault:
        return Verdict(size, merkle.frontier_root(frontier).hex(), fault.code, fault.seq)
    except NoteError:
        return Verdict(size, merkle.frontier_root(frontier).hex(), "journal.fault.note", size)
    return Verdict(size, merkle.frontier_root(frontier).hex())


def _check_row(row: sa.RowMapping, size: int) -> None:
    """Check one row against its own text: number, columns, canonical form, leaf hash."""
    expected = size + 1
    if row["seq"] != expected:
        raise _Fault("journal.fault.missing", expected)
    try:
        document = json.loads(row["entry"])
    except json.JSONDecodeError:
        raise _Fault("journal.fault.text", expected) from None
    if not isinstance(document, dict) or canonical(document) != row["entry"].encode():
        raise _Fault("journal.fault.text", expected)
    if document.get("seq") != expected:
        raise _Fault("journal.fault.order", expected)
    columns = {name: row[name] for name in ("by", "verb", "subject", "area", "because")} | {"at": stamp(row["at"])}
    if any(document.get(name) != value for name, value in columns.items()):
        raise _Fault("journal.fault.columns", expected)
    if merkle.leaf_hash(row["entry"].encode()) != row["leaf"]:
        raise _Fault("journal.fault.leaf", expected)


def _check_tree(conn: sa.Connection, size: int, frontier: list[bytes]) -> None:
    """Check the kept size, frontier and subtree roots against what the entries gave."""
    kept = log.tree_state(conn)
    if kept.size > size:
        raise _Fault("journal.fault.missing", size + 1)
    if kept.size < size or list(kept.frontier) != frontier:
        raise _Fault("journal.fault.tree", min(kept.size, size) + 1)
    nodes = conn.execute(sa.select(journal_nodes).order_by(journal_nodes.c.position)).mappings().all()
    for number, node in enumerate(nodes):
        start = number * log.BLOCK
        if node["position"] != number or node["hash"] != merkle.root_of(log.leaves(conn, start, start + log.BLOCK)):
            raise _Fault("journal.fault.nodes", start + 1)
    if len(nodes) != size // log.BLOCK:
        raise _Fault("journal.fault.nodes", len(nodes) * log.BLOCK + 1)


def _heads_of_notes(verifier: Verifier, notes: Sequence[str]) -> Iterator[tuple[int, bytes]]:
    """Yield size and root of each head that was signed earlier and is kept elsewhere."""
    for note in notes:
        body, _ = open_note(note, [verifier])
        head = Checkpoint.parse(body)
        yield head.size, head.root


def _check_cosignatures(conn: sa.Connection, verifier: Verifier, size: int) -> None:
    """Check that what outside witnesses signed is still a head of this journal."""
    for row in conn.execute(sa.select(cosignatures).order_by(cosignatures.c.size)):
        if row.size > size:
            raise _Fault("journal.fault.missing", size + 1)
        body = Checkpoint(verifier.name, row.size, log.root_at(conn, row.size)).text()
        if not Verifier.parse(row.vkey).holds(body, row.signature):
            raise _Fault("journal.fault.cosignature", row.size)
