"""Altering, deleting or reordering any stored entry by hand is found and named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel import journal as log
from anlan.kernel import merkle
from anlan.kernel.canonical import canonical
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.journal import Entry
from anlan.kernel.keys import journal_signer
from anlan.kernel.notes import Checkpoint, Signer, Verifier
from anlan.kernel.store import Store
from anlan.kernel.tables import cosignatures, journal, journal_nodes, journal_tree
from anlan.kernel.verify import Verdict, verify

START = datetime(2024, 9, 15, 8, 0, tzinfo=UTC)
SIZE = 300
SIGNER = Signer("anlan/test", bytes(32))


def fill(store: Store, size: int = SIZE, signer: Signer = SIGNER) -> None:
    entries = [Entry(n, START, "a", "test.note", f"note-{n}", "310117", {"n": n}, {}) for n in range(1, size + 1)]
    with store.write() as conn:
        for start in range(0, size, 7):
            log.append(conn, signer, entries[start : start + 7])


def check(store: Store, heads: list[str] | None = None) -> Verdict:
    with store.read() as conn:
        return verify(conn, SIGNER.verifier, heads)


def alter(store: Store, seq: int, /, **columns: object) -> None:
    with store.write() as conn:
        conn.execute(sa.update(journal).where(journal.c.seq == seq).values(**columns))


def test_an_untouched_journal_holds(store: Store) -> None:
    fill(store)
    verdict = check(store)

    assert verdict.holds
    assert verdict.size == SIZE
    with store.read() as conn:
        leaves = [merkle.leaf_hash(row["entry"].encode()) for row in log.read_rows(conn, 0)]
    assert verdict.root == merkle.root_of(leaves).hex()


@pytest.mark.parametrize("seq", [1, 2, 150, 256, 257, SIZE])
def test_an_altered_text_is_named(store: Store, seq: int) -> None:
    fill(store)
    with store.read() as conn:
        document = log.entry_of(conn.execute(log.row_of(seq)).mappings().one())
    document["args"] = {"n": -1}
    alter(store, seq, entry=canonical(document).decode())

    assert (check(store).fault, check(store).seq) == ("journal.fault.leaf", seq)


@pytest.mark.parametrize("seq", [1, 150, SIZE])
def test_an_altered_text_with_its_hash_recomputed_is_named(store: Store, seq: int) -> None:
    fill(store)
    with store.read() as conn:
        document = log.entry_of(conn.execute(log.row_of(seq)).mappings().one())
    document["args"] = {"n": -1}
    text = canonical(document)
    alter(store, seq, entry=text.decode(), leaf=merkle.leaf_hash(text))

    assert (check(store).fault, check(store).seq) == ("journal.fault.signature", seq)


@pytest.mark.parametrize("column", ["by", "verb", "subject", "area", "because", "at", "signature", "leaf"])
def test_an_altered_column_is_named(store: Store, column: str) -> None:
    fill(store, 20)
    values = {"because": 3, "at": START.replace(year=2020), "signature": bytes(64), "leaf": bytes(32)}
    alter(store, 9, **{column: values.get(column, "x")})

    assert check(store).seq == 9


@pytest.mark.parametrize("seq", [1, 150, SIZE])
def test_a_deleted_entry_is_named(store: Store, seq: int) -> None:
    fill(store)
    with store.write() as conn:
        conn.execute(sa.delete(journal).where(journal.c.seq == seq))

    assert (check(store).fault, check(store).seq) == ("journal.fault.missing", seq)


def test_two_entries_that_changed_places_are_named(store: Store) -> None:
    fill(store, 20)
    for old, new in ((5, 1000), (6, 5), (1000, 6)):
        alter(store, old, seq=new)

    assert (check(store).fault, check(store).seq) == ("journal.fault.order", 5)


def test_a_cut_off_end_is_named_even_if_the_tree_was_set_back(store: Store) -> None:
    fill(store, 20)
    with store.read() as conn:
        outside = log.head_note(conn, SIGNER)
        leaves = log.leaves(conn, 0, 15)
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = merkle.append(frontier, size, leaf)
    with store.write() as conn:
        conn.execute(sa.delete(journal).where(journal.c.seq > 15))
        conn.execute(sa.update(journal_tree).values(size=15, frontier=b"".join(frontier)))

    assert check(store).holds  # inside the database nothing tells: this is what heads kept outside are for
    assert (check(store, [outside]).fault, check(store, [outside]).seq) == ("journal.fault.missing", 16)


def test_a_journal_rewritten_with_the_stolen_key_is_found_by_a_head_kept_outside(store: Store) -> None:
    fill(store, 20)
    with store.read() as conn:
        outside = log.head_note(conn, SIGNER)
    with store.write() as conn:
        for table in (journal, journal_tree, journal_nodes):
            conn.execute(sa.delete(table))
        other = [Entry(n, START, "b", "test.note", f"note-{n}", "310117", {}, {}) for n in range(1, 21)]
        log.append(conn, SIGNER, other)

    assert check(store, [outside]).fault == "journal.fault.outside_head"


@pytest.mark.parametrize("table", [journal_tree, journal_nodes])
def test_an_altered_tree_is_named(store: Store, table: sa.Table) -> None:
    fill(store)
    column = "frontier" if table is journal_tree else "hash"
    with store.write() as conn:
        conn.execute(sa.update(table).values({column: bytes(32)}))

    assert not check(store).holds


def test_a_witness_that_signed_another_tree_is_heard(store: Store) -> None:
    fill(store, 20)
    witness = Signer("witness", bytes(range(32)))
    vkey = Verifier("witness", witness.verifier.public, kind=0x04)
    with store.read() as conn:
        roots = {size: log.root_at(conn, size) for size in (8, 9)}
    seconds = (1_726_400_000).to_bytes(8, "big")

    def cosign(size: int, root: bytes) -> bytes:
        body = Checkpoint(SIGNER.name, size, root).text()
        return seconds + witness.sign(f"cosignature/v1\ntime 1726400000\n{body}")

    row = {"size": 8, "witness": "witness", "vkey": vkey.encode()}
    with store.write() as conn:
        conn.execute(sa.insert(cosignatures).values(row | {"signature": cosign(8, roots[8])}))
    assert check(store).holds
    with store.write() as conn:
        conn.execute(sa.update(cosignatures).values(signature=cosign(8, roots[9])))

    assert (check(store).fault, check(store).seq) == ("journal.fault.cosignature", 8)


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_proofs_read_from_the_store_verify(store: Store, data: st.DataObject) -> None:
    with store.read() as conn:
        empty = log.tree_state(conn).size == 0
    if empty:
        fill(store, 700)
    new = data.draw(st.integers(1, 700))
    old = data.draw(st.integers(1, new))
    with store.read() as conn:
        leaf = log.leaves(conn, old - 1, old)[0]
        root, before = log.root_at(conn, new), log.root_at(conn, old)
        merkle.verify_inclusion(old - 1, new, leaf, log.inclusion_proof(conn, old, new), root)
        merkle.verify_consistency(old, new, before, root, log.consistency_proof(conn, old, new))


def test_the_same_seed_gives_the_same_key_and_a_key_file_is_kept(tmp_path: Path) -> None:
    first = journal_signer(tmp_path / "a", SeededEntropy(3))
    second = journal_signer(tmp_path / "b", SeededEntropy(3))
    again = journal_signer(tmp_path / "a", SeededEntropy(4))

    assert first.verifier == second.verifier == again.verifier
    assert (tmp_path / "a/keys/journal.seed").stat().st_mode & 0o077 == 0
