"""Moving members and weighing groups, in compiled code made of the engine's own parts."""

from collections.abc import Callable

from anlan.science.rules.jit import INT, bundle, stamp, whole
from anlan.science.rules.members import move, tick_groups, weigh
from anlan.science.rules.memory import Memory, Room, Rules
from anlan.sense.partition.crossing import TICK, Moves

_WORDS = 4


def compiled() -> Callable[[int, int, Moves, Rules, Memory, Room], int]:
    """Return the pass over the moves that one row or one tick did, from the disk where an earlier process left it."""
    code = stamp()

    def kernel(t: int, what: int, moves: Moves, rules: Rules, memory: Memory, room: Room) -> int:
        if what == -code:  # never: the code's stamp must be part of the closure
            return -1
        words = moves.words
        for m in range(0, moves.moves * _WORDS, _WORDS):
            move(words[m], words[m + 1], words[m + 2], words[m + 3], rules, memory)
        if what == TICK:
            memory.clock[0] = t
            tick_groups(0, t, rules, memory, room)
            return 0
        for at in range(memory.touched[0]):
            weigh(0, memory.touched[at + 1], t, rules, memory, room)
        memory.touched[0] = 0
        return 0

    return whole(INT(INT, INT, *(bundle(kind) for kind in (Moves, Rules, Memory, Room))), kernel)
