"""The compiled parts of :mod:`anlan.sense.doors.names`.

A slot of the table is one word: the lower half of a name's hash above, its number and one below; 0 is empty. The
upper half of the hash says where to begin to look.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # llvmlite ships no types
from numba import types
from numba.extending import intrinsic

_F = TypeVar("_F", bound=Callable[..., object])

_I32, _U8 = types.Array(types.int32, 1, "C", readonly=True), types.Array(types.uint8, 1, "C")
_U64, _FOUND = types.Array(types.uint64, 1, "C"), types.Array(types.int32, 1, "C")
_M1, _M2 = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)  # MurmurHash3, fmix64
_HALF, _BYTE, _ONE, _ZERO = np.uint64(32), np.uint64(8), np.uint64(1), np.uint64(0)
_LOW = np.uint64(0xFFFFFFFF)
_SUSPECT = np.int32(-2)


def _compiled(*arguments: Any) -> Callable[[_F], _F]:
    """Compile for one signature when this module is loaded, and keep it on disk where that can be written."""
    signature = types.void(*arguments)
    options = {"nogil": True, "error_model": "numpy"}

    def compiled(function: _F) -> _F:
        try:
            return cast("_F", _njit(signature, cache=True, **options)(function))
        except RuntimeError:  # no place for the cache
            return cast("_F", _njit(signature, **options)(function))

    return compiled


def _reading(_context: Any, data: Any, _place: Any) -> Any:
    """Return the eight bytes at a place as one number, aligned or not."""

    def generated(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, given[0])
        pointer = builder.bitcast(builder.gep(array.data, [given[1]]), ir.IntType(64).as_pointer())
        loaded = builder.load(pointer)
        loaded.align = 1
        return loaded

    return types.uint64(data, types.int64), generated


_word: Any = intrinsic(_reading)
_njit: Any = numba.njit


@_compiled(_I32, _U8, _U64)
def hash_all(begins: Any, data: Any, out: Any) -> None:
    """Hash every name."""
    for n in range(len(begins) - 1):
        at, end = np.int64(begins[n]), np.int64(begins[n + 1])
        mixed = np.uint64(end - at) * _M2
        while at + 8 <= end:
            mixed = (mixed ^ _word(data, at)) * _M1
            mixed ^= mixed >> _HALF
            at += 8
        if at < end:
            rest = _word(data, at) & ((_ONE << (_BYTE * np.uint64(end - at))) - _ONE)
            mixed = (mixed ^ rest) * _M2
            mixed ^= mixed >> _HALF
        mixed *= _M1
        out[n] = mixed ^ (mixed >> _HALF)


@_compiled(_U64, _U64)
def build(hashes: Any, table: Any) -> None:
    """Put every name into the table, the first of equal ones first."""
    mask = np.uint64(len(table) - 1)
    for n in range(len(hashes)):
        slot = (hashes[n] >> _HALF) & mask
        while table[slot] != _ZERO:
            slot = (slot + _ONE) & mask
        table[slot] = (hashes[n] << _HALF) | np.uint64(n + 1)


@_compiled(_U64, _U64, _FOUND)
def find(hashes: Any, table: Any, found: Any) -> None:
    """Look at the first slot of each: a number that may be right, -1 for an empty slot, -2 where one must look on."""
    mask = np.uint64(len(table) - 1)
    for n in range(len(hashes)):
        entry = table[(hashes[n] >> _HALF) & mask]
        alike = (entry >> _HALF) == (hashes[n] & _LOW)
        found[n] = np.int32(entry & _LOW) - np.int32(1) if alike or entry == _ZERO else _SUSPECT


def _equal(begins: Any, data: Any, number: Any, other_begins: Any, other: Any, n: Any) -> bool:
    """Tell whether two names are the same bytes; without a branch until the end."""
    at, mine = np.int64(begins[number]), np.int64(other_begins[n])
    size = np.int64(other_begins[n + 1]) - mine
    if np.int64(begins[number + 1]) - at != size:
        return False
    differs, i = _ZERO, np.int64(0)
    while i + 8 <= size:
        differs |= _word(data, at + i) ^ _word(other, mine + i)
        i += 8
    if i < size:
        rest = (_ONE << (_BYTE * np.uint64(size - i))) - _ONE
        differs |= (_word(data, at + i) ^ _word(other, mine + i)) & rest
    return bool(differs == _ZERO)


_same: Any = _njit(inline="always")(_equal)


@_compiled(_I32, _U8, _I32, _U8, _U64, _U64, _FOUND)
def check(known_begins: Any, known: Any, begins: Any, data: Any, hashes: Any, table: Any, found: Any) -> None:
    """Compare what was found byte by byte, and look on where it is not the name."""
    mask = np.uint64(len(table) - 1)
    for n in range(len(hashes)):
        number = found[n]
        if number == -1 or (number >= 0 and _same(known_begins, known, number, begins, data, n)):
            continue
        slot, found[n] = (hashes[n] >> _HALF) & mask, -1
        while table[slot] != _ZERO:
            entry = table[slot]
            candidate = np.int64(entry & _LOW) - 1
            if (entry >> _HALF) == (hashes[n] & _LOW) and _same(known_begins, known, candidate, begins, data, n):
                found[n] = candidate
                break
            slot = (slot + _ONE) & mask
