"""The one place that knows Numba: parts are compiled into their callers, the whole once and kept on disk."""

from collections.abc import Callable
from hashlib import sha256
from types import FunctionType
from typing import Any, TypeVar, cast, get_type_hints

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # llvmlite ships no types
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from anlan.science.arrays import Floats, Ints
from anlan.science.rules.conditions import Int32s
from anlan.science.rules.memory import Bytes

_F = TypeVar("_F", bound=Callable[..., object])
_TYPES = [(Ints, types.int64[::1]), (Floats, types.float64[::1]), (Bytes, types.uint8[::1]), (Int32s, types.int32[::1])]
_OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""No exceptions for divisions by zero, of which there are none; no counting of references, for nothing is allocated."""

_BARE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""A part is called from compiled code only."""

INT = types.int64
_njit: Any = numba.njit
_parts: list[FunctionType] = []


def part(function: _F) -> _F:
    """Make a function callable from compiled code."""
    _parts.append(cast("FunctionType", function))
    return cast("_F", _njit(**_BARE, **_OPTIONS)(function))


def inlined(function: _F) -> _F:
    """Make a function callable from compiled code, and put it in wherever it is called."""
    _parts.append(cast("FunctionType", function))
    return cast("_F", _njit(forceinline=True, **_BARE, **_OPTIONS)(function))


@inlined
def wide(number: Any) -> int:
    """Return a whole number of any width as one of 64 bits, so that no part is compiled for each width."""
    return np.int64(number)  # type: ignore[return-value]  # to compiled code they are the same


def whole(signature: object, function: _F) -> _F:
    """Compile a function for one signature, or take it from the disk, where an earlier process left it.

    Numba knows a kept function by its own code and by the values of its closure, not by the parts that it calls:
    let `stamp` be among those values. Where nothing can be written, it is compiled in every process.
    """
    try:
        return cast("_F", _njit(signature, cache=True, no_cfunc_wrapper=True, **_OPTIONS)(function))
    except RuntimeError:  # no place for the cache
        return cast("_F", _njit(signature, no_cfunc_wrapper=True, **_OPTIONS)(function))


def stamp() -> int:
    """Return a number that stands for the code of all parts, and for the numbers of their modules that they use."""
    digest = sha256(repr(_OPTIONS).encode())
    for function in _parts:
        code, around = function.__code__, function.__globals__
        used = [(name, around[name]) for name in code.co_names if isinstance(around.get(name), int | float)]
        digest.update(code.co_code)
        constants = [constant for constant in code.co_consts if constant != function.__doc__]
        digest.update(repr((function.__name__, constants, code.co_names, used)).encode())
    return int.from_bytes(digest.digest()[:7], "little")


def bundle(kind: type[Any]) -> Any:
    """Return Numba's type of a named tuple of arrays and whole numbers, by its annotations."""
    fields = [_type(hint) for hint in get_type_hints(kind).values()]
    return types.NamedTuple(fields, kind)  # type: ignore[no-untyped-call]


def _type(hint: Any) -> Any:
    return types.int64 if hint is int else next(compiled for told, compiled in _TYPES if told == hint)


def _prefetch(typing: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of ``array[index]``, to be written to soon: a hint, without effect on any result.

    The `prefetch <https://llvm.org/docs/LangRef.html#llvm-prefetch-intrinsic>`_ of LLVM: to write, to keep, data.
    """
    del typing

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        at = builder.bitcast(builder.gep(data, [args[1]]), cgutils.voidptr_t)
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        call = cast("Any", cgutils).get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(call, [at, word(1), word(3), word(1)])
        return context.get_dummy_value()

    return types.none(array, index), generate


prefetch: Callable[[Ints, int], None] = cast("Any", intrinsic)(_prefetch)
