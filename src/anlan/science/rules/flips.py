"""Flip-flops in compiled code: those of slots and of groups follow the same rule."""

from anlan.science.arrays import Floats, Ints
from anlan.science.rules.jit import part
from anlan.science.rules.layout import C_LEVELS, C_STRICT, C_VALUES, C_WIDTH, L_CLEAR, L_HOLD, RUN_SHIFT


@part
def level_of(head: int) -> int:
    """Return the gravest level set, 0 for none, of a slot's or a group's head word."""
    flags = head & 0xFF
    level = 0
    while flags != 0:
        flags >>= 1
        level += 1
    return level


@part
def settle(words: Ints, p: int, n: int, met: int, clear: int, t: int, holds: Ints, at: int, stride: int) -> None:
    """Advance ``n`` flip-flops by one sample.

    Parameters
    ----------
    words : memory; the head word stands at ``p``, the beginnings of the runs after it
    met, clear : bits of the levels that the sample meets, or is clear of
    t : time of the sample, us
    holds : the holds of level k at ``at + stride * k``, and after each its clear hold, us
    """
    head = words[p]
    was = head & 0xFF
    runs = (head >> RUN_SHIFT) & 0xFF
    now = was
    for k in range(n):
        bit = 1 << k
        up = was & bit == 0
        if (met if up else clear) & bit == 0:
            runs &= ~bit
            continue
        if runs & bit == 0:
            runs |= bit
            words[p + 1 + k] = t
        hold = holds[at + stride * k] if up else holds[at + stride * k + 1]
        if t - words[p + 1 + k] >= hold:
            now ^= bit
            runs &= ~bit
    milder = (1 << level_of(now & ~was)) - 1  # a level that is set sets every milder one
    now |= milder
    runs &= ~milder
    words[p] = head & ~0xFFFF | runs << RUN_SHIFT | now


@part
def compare(words: Ints, p: int, table: Ints, tablef: Floats, c: int, x: float, counts: bool, t: int) -> None:
    """Advance a slot's flip-flops by a number already turned so that high is grave."""
    row = c * C_WIDTH
    n = table[row + C_LEVELS]
    met = clear = 0
    for k in range(n):
        at = row + C_VALUES + 4 * k
        limit = tablef[at]
        if counts and (x > limit or (x == limit and table[row + C_STRICT] == 0)):
            met |= 1 << k
        elif not counts or x <= tablef[at + L_CLEAR]:
            clear |= 1 << k
    settle(words, p, n, met, clear, t, table, row + C_VALUES + L_HOLD, 4)
