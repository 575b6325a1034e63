"""The Merkle tree of RFC 9162 (section 2.1; the same tree as RFC 6962) over SHA-256.

Pure functions on hashes. A tree of any size is described by the roots of its perfect subtrees from the
largest to the smallest (the *frontier*), so that appending costs O(log n) and keeps no other state.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""``subtree(start, stop)`` returns the root over leaves [start, stop)."""


class ProofError(ValueError):
    """A proof does not lead to the root that it is meant for."""


def leaf_hash(leaf: bytes) -> bytes:
    """Hash one leaf: SHA-256(0x00 || leaf). RFC 9162, section 2.1.1."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children: SHA-256(0x01 || left || right). RFC 9162, section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than ``size`` (size >= 2). RFC 9162, section 2.1.1."""
    return 1 << (size - 1).bit_length() - 1


def append(frontier: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """Return the frontier after one more leaf hash; ``size`` is the size before."""
    grown, node = list(frontier), leaf
    while size & 1:
        node = node_hash(grown.pop(), node)
        size >>= 1
    grown.append(node)
    return grown


def frontier_root(frontier: Sequence[bytes]) -> bytes:
    """Return the root of the tree with this frontier."""
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for node in reversed(frontier[:-1]):
        root = node_hash(node, root)
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = append(frontier, size, leaf)
    return frontier_root(frontier)


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the path from leaf ``index`` to the root of the tree of ``size`` leaves. RFC 9162, section 2.1.3.1."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + split(stop - start)
        if index < middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Return the nodes that prove the tree of ``old`` a prefix of that of ``new``. RFC 9162, section 2.1.4.1."""
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} is not later than one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, stop, whole = 0, new, True
    while old != stop:
        middle = start + split(stop - start)
        if old <= middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, stop))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to. RFC 9162, section 2.1.3.2.

    Raises
    ------
    ProofError
        If the proof has the wrong length or the index lies outside the tree.
    """
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    if len(leaf) != HASH_SIZE:
        raise ProofError(f"a leaf hash has {HASH_SIZE} bytes, not {len(leaf)}")
    fn, sn, node = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            raise ProofError("the proof is too long")
        if fn & 1 or fn == sn:
            node = node_hash(step, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("the proof is too short")
    return node


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check an inclusion proof.

    Raises
    ------
    ProofError
        If the proof does not lead from the leaf hash to the root.
    """
    if root_from_inclusion(index, size, leaf, proof) != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check a consistency proof between two tree heads. RFC 9162, section 2.1.4.2.

    Raises
    ------
    ProofError
        If the old tree is not shown to be a prefix of the new one.
    """
    if old == new:
        _verify_same(old, old_root, new_root, proof)
        return
    if not 0 < old < new:  # every tree begins with the empty one: from 0 nothing is proved
        raise ProofError(f"no proof leads from a tree of {old} to one of {new}")
    if not proof:
        raise ProofError("the proof is empty")
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for step in path[1:]:
        if sn == 0:
            raise ProofError("the proof is too long")
        if fn & 1 or fn == sn:
            first, second = node_hash(step, first), node_hash(step, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, step)
        fn, sn = fn >> 1, sn >> 1
    if sn or first != old_root or second != new_root:
        raise ProofError("the proof does not join the two roots")


def _verify_same(size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise ProofError("no proof is needed between these sizes, yet one is given")
    if size == 0 and old_root != EMPTY_ROOT:
        raise ProofError("the empty tree has one root only")
    if old_root != new_root:
        raise ProofError("two roots for one size")
