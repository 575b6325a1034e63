"""Functions on arrays of single precision, compiled by Numba, kept on disk, and run without the interpreter's lock.

Numba knows a kept function by the file that it stands in: all parts of one kernel stand in one file.
"""

import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast, no_type_check

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]  # llvmlite ships no types
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

Singles = npt.NDArray[np.float32]
_F = TypeVar("_F", bound=Callable[..., object])

_FAST = {"contract", "nsz", "arcp", "nnan", "ninf"}
"""What the compiler may assume: no NaN, no infinities, and that a product may flow into a sum unrounded.

Not that sums may be taken in another order: a lake at rest stays at rest because both banks add up alike.
"""

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": _FAST}
_CODE: Any = cgutils  # without types
_SPINS = 4000


def kernel(function: _F) -> _F:
    """Compile a function at its first call, or take it from the disk, where an earlier process left it."""
    try:
        return cast("_F", numba.njit(cache=True, **_OPTIONS)(function))
    except RuntimeError:  # no place where it could be kept
        return cast("_F", numba.njit(**_OPTIONS)(function))


def inlined(function: _F) -> _F:
    """Compile a function into its callers."""
    return cast("_F", numba.njit(forceinline=True, **_OPTIONS)(function))


def part(function: _F) -> _F:
    """Compile a function that compiled code of the same file calls."""
    return cast("_F", numba.njit(**_OPTIONS)(function))


@intrinsic
def bits(typing: Any, number: Any) -> Any:
    """Return the bits of a float32 as an int32."""
    return types.int32(types.float32), lambda _c, builder, _s, args: builder.bitcast(args[0], ir.IntType(32))


@intrinsic
def unbits(typing: Any, number: Any) -> Any:
    """Return the float32 that has these bits."""
    return types.float32(types.int32), lambda _c, builder, _s, args: builder.bitcast(args[0], ir.FloatType())


def _place(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    kind, array = signature.args[0], context.make_array(signature.args[0])(context, builder, args[0])
    return _CODE.get_item_pointer(context, builder, kind, array, [args[1]])


@intrinsic
def atomic_add(typing: Any, counters: Any, index: Any, amount: Any) -> Any:
    """Add to ``counters[index]`` (int64) in one step that all threads see; return what stood there before."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.atomic_rmw("add", _place(context, builder, signature, args), args[2], "seq_cst")

    return types.int64(counters, types.intp, types.int64), code


@intrinsic
def atomic_load(typing: Any, counters: Any, index: Any) -> Any:
    """Return ``counters[index]`` (int64) as it stands now, whoever wrote it."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load_atomic(_place(context, builder, signature, args), "seq_cst", 8)

    return types.int64(counters, types.intp), code


@intrinsic
def give_way(typing: Any) -> Any:
    """Let another thread run, where the system has POSIX's call for it."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if sys.platform != "win32":
            call = _CODE.get_or_insert_function(builder.module, ir.FunctionType(ir.IntType(32), []), "sched_yield")
            builder.call(call, [])
        return context.get_dummy_value()

    return types.none(), code


@inlined
@no_type_check
def wait_for_all(counters: npt.NDArray[np.int64], members: int) -> None:
    """Return when as many threads as are ``members`` of a team have come here.

    ``counters`` are two zeros of the team: how many have come, and how often all had. Those who wait spin a while,
    then give way, so that a team larger than the machine is slow and not stuck.
    """
    if members == 1:
        return
    turn = atomic_load(counters, 1)
    if atomic_add(counters, 0, 1) == members - 1:
        atomic_add(counters, 0, -members)
        atomic_add(counters, 1, 1)
        return
    spins = 0
    while atomic_load(counters, 1) == turn:
        spins += 1
        if spins > _SPINS:
            give_way()
