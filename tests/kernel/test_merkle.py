"""The tree against published vectors (transparency-dev/merkle) and a recursive definition."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import merkle

VECTORS = json.loads((Path(__file__).parent / "tables" / "rfc6962_vectors.json").read_text())


def test_there_are_196_vectors() -> None:
    assert len(VECTORS) == 196


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_published_vectors_hold(vector: dict) -> None:
    proof = [base64.b64decode(p) for p in vector["proof"] or []]
    if vector["kind"] == "inclusion":

        def check() -> None:
            merkle.verify_inclusion(
                vector["leafIdx"],
                vector["treeSize"],
                base64.b64decode(vector["leafHash"] or ""),
                proof,
                base64.b64decode(vector["root"] or ""),
            )
    else:

        def check() -> None:
            merkle.verify_consistency(
                vector["size1"],
                vector["size2"],
                base64.b64decode(vector["root1"] or ""),
                base64.b64decode(vector["root2"] or ""),
                proof,
            )

    if vector["wantErr"]:
        with pytest.raises(merkle.ProofError):
            check()
    else:
        check()


def slow_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def leaves_of(count: int) -> list[bytes]:
    return [merkle.leaf_hash(bytes([i % 256, i // 256])) for i in range(count)]


@given(st.integers(0, 300))
def test_the_frontier_gives_the_root_of_the_definition(count: int) -> None:
    assert merkle.root_of(leaves_of(count)) == slow_root(leaves_of(count))


@given(st.data())
def test_every_proof_made_here_verifies(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 200))
    old = data.draw(st.integers(1, new))
    index = data.draw(st.integers(0, new - 1))
    leaves = leaves_of(new)

    def subtree(start: int, stop: int) -> bytes:
        return slow_root(leaves[start:stop])

    merkle.verify_inclusion(index, new, leaves[index], merkle.inclusion_proof(index, new, subtree), slow_root(leaves))
    merkle.verify_consistency(
        old, new, slow_root(leaves[:old]), slow_root(leaves), merkle.consistency_proof(old, new, subtree)
    )


@given(st.integers(2, 100), st.data())
def test_a_proof_with_one_flipped_bit_is_refused(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, lambda a, b: slow_root(leaves[a:b]))
    at = data.draw(st.integers(0, len(proof) - 1))
    proof[at] = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(index, size, leaves[index], proof, slow_root(leaves))
