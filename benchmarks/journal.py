"""The Merkle tree beside pymerkle (GPL, a peer for measuring only): same entries, same roots, same proofs asked for."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from anlan.kernel import merkle

ENTRIES = 20_000
PROOFS = 300
RUNS = 5


def _leaves() -> list[bytes]:
    return [f"entry {n}".encode() for n in range(ENTRIES)]


def _seconds(work: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def _append() -> bytes:
    frontier: list[bytes] = []
    for size, leaf in enumerate(_leaves()):
        frontier = merkle.append(frontier, size, merkle.leaf_hash(leaf))
    return merkle.frontier_root(frontier)


def _case(
    name: str, unit: str, amount: int, ours: list[float], theirs: list[float] | None, equal: bool
) -> dict[str, Any]:
    """Shape one case; a ratio over 1 means that we are faster; spread is (slowest - fastest) / median of our runs."""
    own = amount / statistics.median(ours)
    peer = amount / statistics.median(theirs) if theirs else None
    spread = (max(ours) - min(ours)) / statistics.median(ours)
    return {
        "case": name,
        "unit": unit,
        "ours": round(own),
        "peer": "pymerkle 7",
        "theirs": round(peer) if peer else None,
        "ratio": round(own / peer, 2) if peer else None,
        "equal": equal if theirs else None,
        "note": f"median of {RUNS} runs, spread {spread:.0%}" + ("" if theirs else "; pymerkle is not installed"),
    }


def run() -> list[dict[str, Any]]:
    """Measure appending and proving."""
    try:
        from pymerkle import InmemoryTree
    except ImportError:
        return [_case("append to a tree in memory", "entries/s", ENTRIES, _seconds(_append), None, equal=False)]

    def peer_append() -> Any:
        tree = InmemoryTree(algorithm="sha256")
        for leaf in _leaves():
            tree.append_entry(leaf)
        return tree

    tree = peer_append()
    same_root = _hex(tree.get_state()) == _append().hex()
    hashes = [merkle.leaf_hash(leaf) for leaf in _leaves()]
    block = [merkle.root_of(hashes[i : i + 256]) for i in range(0, ENTRIES - ENTRIES % 256, 256)]

    def subtree(start: int, stop: int) -> bytes:
        if start % 256 == 0 and stop % 256 == 0:
            return merkle.root_of(block[start // 256 : stop // 256])
        if stop - start <= 256:
            return merkle.root_of(hashes[start:stop])
        middle = start + merkle.split(stop - start)
        return merkle.node_hash(subtree(start, middle), subtree(middle, stop))

    wanted = range(0, ENTRIES, ENTRIES // PROOFS)

    def prove() -> list[list[bytes]]:
        return [merkle.inclusion_proof(index, ENTRIES, subtree) for index in wanted]

    def peer_prove() -> list[Any]:
        return [tree.prove_inclusion(index + 1) for index in wanted]

    leads_to_root = all(
        merkle.root_from_inclusion(index, ENTRIES, hashes[index], path).hex() == _hex(tree.get_state())
        for index, path in zip(wanted, prove(), strict=True)
    )
    return [
        _case("append to a tree in memory", "entries/s", ENTRIES, _seconds(_append), _seconds(peer_append), same_root),
        _case("inclusion proofs", "proofs/s", len(wanted), _seconds(prove), _seconds(peer_prove), leads_to_root),
    ]


def _hex(state: Any) -> str:
    return state.hex() if isinstance(state, bytes) else str(state).removeprefix("0x")
