"""From names of sensors to their numbers, for many names at once, in compiled code.

A Python dictionary answers one name after the other and waits for memory each time: 450 to 900 ns a name at 100 000
sensors on a loaded machine. Here names stay the bytes that Arrow holds; all are hashed first, then all are looked up
in a table of one word a slot, then all are compared byte by byte, so that the processor waits for many places of
memory at once: 15 to 40 ns a name. The answer is exact; the hash only decides where to look.

The hash mixes eight bytes at a time by the multipliers and shifts of the 64-bit finaliser of MurmurHash3 (A. Appleby,
2011, public domain). Whoever chooses names that collide makes only the own lookup slow: names that are known are
chosen by this house.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, cast, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anlan.sense.stream.batch import Int32s

_Words = npt.NDArray[np.uint64]
_Bytes = npt.NDArray[np.uint8]
_PAD = 8  # words are read eight bytes at a time, beyond the last name too
_SMALL = 4000
_FEW = 16  # for so few a dictionary is faster than a call into compiled code


class Names(Sequence[str]):
    """Names that Arrow holds, as a sequence of text; none of them becomes an object before it is asked for."""

    def __init__(self, held: Any) -> None:
        """Hold an array of strings without nulls."""
        self.held: pa.StringArray = held

    @property
    def empty(self) -> npt.NDArray[np.bool_]:
        """Which of them have no character, (n,) bool."""
        return np.asarray(np.diff(_laid(self.held).begins) == 0)

    def __len__(self) -> int:
        return len(self.held)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> "Names": ...

    def __getitem__(self, place: int | slice) -> "str | Names":
        if isinstance(place, slice):
            return Names(self.held[place])
        return self.held[place].as_py() or ""

    def __iter__(self) -> Iterator[str]:
        return iter(cast("list[str]", self.held.to_pylist()))

    def take(self, places: npt.NDArray[np.int64]) -> "Names":
        """Return some of them."""
        return Names(self.held.take(places))


def held(names: Sequence[str]) -> pa.StringArray:
    """Return names as Arrow holds them."""
    return names.held if isinstance(names, Names) else pa.array(names, pa.string())


class _Laid(NamedTuple):
    """Bytes of many names one after another, and where each begins; the last place is the end."""

    begins: Int32s
    data: _Bytes


def _laid(names: pa.StringArray) -> _Laid:
    _, begins, data = names.buffers()
    if begins is None or not len(names):
        return _Laid(np.zeros(len(names) + 1, np.int32), np.zeros(_PAD, np.uint8))
    places = np.frombuffer(memoryview(begins), np.int32)[names.offset : names.offset + len(names) + 1]
    first, last = int(places[0]), int(places[-1])
    padded = np.zeros(last - first + _PAD, np.uint8)
    if data is not None:
        padded[: last - first] = np.frombuffer(memoryview(data), np.uint8, last - first, first)
    return _Laid(places - np.int32(first), padded)


class NameIndex:
    """The numbers of names that are known: their places in a list.

    Parameters
    ----------
    known
        The names.
    few
        Up to so many a dictionary fits into the processor's cache, and nothing is compiled.
    """

    def __init__(self, known: Sequence[str], few: int = _SMALL) -> None:
        self._ids = known
        self._dict: dict[str, int] | None = None
        self._compiled = len(known) > few
        if self._compiled:
            self._build(known)

    def _build(self, known: Sequence[str]) -> None:
        self._known = _laid(pa.array(known, pa.string()))
        bits = max(4, (2 * len(known)).bit_length())
        self._table = np.zeros(1 << bits, np.uint64)
        kernels = _kernels()
        hashes = np.empty(len(known), np.uint64)
        kernels.hash(*self._known, hashes)
        kernels.build(hashes, self._table)

    def numbers(self, names: Sequence[str]) -> Int32s:
        """Return the numbers of names, (n,) int32; -1 where one is not known."""
        if len(names) <= _FEW or not self._compiled:
            return np.fromiter(map(self._number, names), np.int32, len(names))
        asked = _laid(held(names))
        hashes, found = np.empty(len(names), np.uint64), np.empty(len(names), np.int32)
        kernels = _kernels()
        kernels.hash(*asked, hashes)
        kernels.find(hashes, self._table, found)
        kernels.check(*self._known, *asked, hashes, self._table, found)
        return found

    def _number(self, name: str) -> int:
        if self._dict is None:
            self._dict = {known: number for number, known in enumerate(self._ids)}
        return self._dict.get(name, -1)


class _Kernels(NamedTuple):
    """The compiled parts."""

    hash: Callable[[Int32s, _Bytes, _Words], None]
    build: Callable[[_Words, _Words], None]
    find: Callable[[_Words, _Words, Int32s], None]
    check: Callable[[Int32s, _Bytes, Int32s, _Bytes, _Words, _Words, Int32s], None]


@functools.cache
def _kernels() -> _Kernels:
    """Compile, or take from the disk what an earlier process left there; loaded with the first index."""
    from anlan.sense.doors import name_kernels  # noqa: PLC0415  # Numba takes a second

    kernels: Any = name_kernels
    return _Kernels(kernels.hash_all, kernels.build, kernels.find, kernels.check)
