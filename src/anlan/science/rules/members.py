"""Groups in compiled code: members come and go, linger, and the group's flip-flops follow the counts."""

from anlan.science.arrays import Ints
from anlan.science.rules.compounds import (
    G_ANY,
    G_HOLD,
    G_LEVELS,
    G_MEMBERS,
    G_MEMBERS_END,
    G_TERMS,
    G_TERMS_END,
    G_WIDTH,
    G_WINDOW,
    T_GROUP,
    T_LEVEL,
    T_NEEDS,
)
from anlan.science.rules.flips import level_of, settle
from anlan.science.rules.jit import part, wide
from anlan.science.rules.memory import (
    IN,
    OUT,
    S_CLOCK,
    S_DUE,
    S_LINGERING,
    S_WIDTH,
    Memory,
    Room,
    Rules,
)


@part
def emit(room: Room, row: int, t: int, slot: int, group: int, was: int, now: int, x: float) -> None:
    """Write a finding."""
    n = room.n[0]
    room.n[0] = n + 1
    room.row[n] = row
    room.time_us[n] = t
    room.slot[n] = slot
    room.group[n] = group
    room.from_level[n] = was
    room.to_level[n] = now
    room.value[n] = x


@part
def move(place: int, before: int, after: int, t: int, rules: Rules, memory: Memory) -> None:
    """Tell the groups of a slot that it changed its level."""
    for q in range(wide(rules.of_at[place]), wide(rules.of_at[place + 1])):
        member = wide(rules.of[q])
        term = wide(rules.member_term[member])
        level = rules.terms[term * rules.width + T_LEVEL]
        g = rules.terms[term * rules.width + T_GROUP]
        if before < level <= after:
            if memory.left[member] == OUT:
                memory.counts[term] += 1
            else:
                memory.states[g * S_WIDTH + S_LINGERING] -= 1
            memory.left[member] = IN
            touch(g, memory.touched)
        elif after < level <= before:
            if rules.groups[g * G_WIDTH + G_WINDOW] == 0:
                memory.counts[term] -= 1
                memory.left[member] = OUT
            else:
                memory.states[g * S_WIDTH + S_LINGERING] += 1
                memory.left[member] = t
            touch(g, memory.touched)


@part
def touch(g: int, touched: Ints) -> None:
    """Put a group into the ordered list of those to look at."""
    n = touched[0]
    at = n
    while at > 0 and touched[at] > g:
        at -= 1
    if at > 0 and touched[at] == g:
        return
    for q in range(n, at, -1):
        touched[q + 1] = touched[q]
    touched[at + 1] = g
    touched[0] = n + 1


@part
def expire(g: int, now: int, rules: Rules, memory: Memory) -> None:
    """Let the members of a group go whose window has passed."""
    row = g * G_WIDTH
    for member in range(rules.groups[row + G_MEMBERS], rules.groups[row + G_MEMBERS_END]):
        left = memory.left[member]
        if left not in (OUT, IN) and now - left >= rules.groups[row + G_WINDOW]:
            memory.left[member] = OUT
            memory.counts[wide(rules.member_term[member])] -= 1
            memory.states[g * S_WIDTH + S_LINGERING] -= 1


@part
def enough(g: int, k: int, rules: Rules, memory: Memory) -> bool:
    """Tell whether the counts meet level ``k`` of a group."""
    wants_one = bool(rules.groups[g * G_WIDTH + G_ANY] == 1)
    for term in range(rules.groups[g * G_WIDTH + G_TERMS], rules.groups[g * G_WIDTH + G_TERMS_END]):
        if (memory.counts[term] >= rules.terms[term * rules.width + T_NEEDS + k]) == wants_one:
            return wants_one
    return not wants_one


@part
def weigh(i: int, g: int, t: int, rules: Rules, memory: Memory, room: Room) -> None:
    """Advance the flip-flops of a group, and write down what became of it."""
    at = g * S_WIDTH
    row = g * G_WIDTH
    met = 0
    total = 0
    for k in range(rules.groups[row + G_LEVELS]):
        if enough(g, k, rules, memory):
            met |= 1 << k
    for term in range(rules.groups[row + G_TERMS], rules.groups[row + G_TERMS_END]):
        total += memory.counts[term]
    now = max(memory.states[at + S_CLOCK], memory.clock[0], t)
    memory.states[at + S_CLOCK] = now
    memory.states[at + S_DUE] = 0
    before = level_of(memory.states[at])
    settle(memory.states, at, rules.groups[row + G_LEVELS], met, ~met, now, rules.groups, row + G_HOLD, 0)
    after = level_of(memory.states[at])
    if before != after:
        emit(room, i, now, -1, g, before, after, float(total))


@part
def tick_groups(i: int, t: int, rules: Rules, memory: Memory, room: Room) -> None:
    """Look at the groups that wait for time, or whose members changed at this tick."""
    n = 0
    for g in range(len(memory.states) // S_WIDTH):
        state = g * S_WIDTH
        touched = n < memory.touched[0] and memory.touched[n + 1] == g
        n += touched
        if memory.states[state + S_LINGERING] > 0:
            expire(g, t, rules, memory)
        elif not touched and memory.states[state] >> 8 == 0 and memory.states[state + S_DUE] == 0:
            continue
        weigh(i, g, t, rules, memory, room)
    memory.touched[0] = 0
