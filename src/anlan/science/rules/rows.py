"""The one pass over the rows, in compiled code."""

from collections.abc import Callable

from anlan.science.arrays import Floats, Ints
from anlan.science.rules.conditions import MINUTES_A_WEEK
from anlan.science.rules.flips import compare, level_of
from anlan.science.rules.jit import INT, bundle, inlined, part, prefetch, stamp, whole, wide
from anlan.science.rules.layout import (
    C_BINS,
    C_GAP,
    C_KIND,
    C_LEVELS,
    C_MEMORY,
    C_PERIOD,
    C_SCHEDULE,
    C_SIGN,
    C_SIZE,
    C_STEP,
    C_TOLERANCE,
    C_VALUES,
    C_WARM,
    C_WIDTH,
    C_WINDOW,
    CONDITION_SHIFT,
    COUNT_SHIFT,
    DEVIATION,
    FAULTY,
    HEAD,
    HIGH,
    L_VALUE,
    LOW,
    NEVER,
    NEWEST,
    RATE,
    SILENCE,
    SILENCE_SHIFT,
    SLOTS,
    STUCK,
    THRESHOLD,
    VALUE,
)
from anlan.science.rules.layout import EVALUATED as EVALUATED_AT
from anlan.science.rules.members import emit, move, tick_groups, weigh
from anlan.science.rules.memory import (
    CONFLICT,
    DUPLICATE,
    GOOD,
    HEARD,
    LATE,
    MISSING,
    OUT_OF_RANGE,
    Memory,
    Room,
    Rows,
    Rules,
)
from anlan.science.rules.numbers import change, drift, still, strange

AHEAD = 10
"""How many rows ahead the memory of a sensor is asked for; so many that it has come, so few that it is still there."""

_FLAGS = 0xFFFF
_RUNS = 0xFF00
_COUNT = 0xFFFF << COUNT_SHIFT
_MINUTE = 60_000_000
_MONDAY = 3 * 1440
"""Minutes from a Monday to 1970-01-01, a Thursday."""


@inlined
def judge(floats: Floats, base: int, v: float, quality: int) -> int:
    """Return the quality of a value, by what its sender says and by its range."""
    if quality != GOOD:
        return quality
    if v != v:  # noqa: PLR0124  # NaN
        return MISSING
    return GOOD if floats[base + LOW] <= v <= floats[base + HIGH] else OUT_OF_RANGE


@part
def stale(words: Ints, floats: Floats, base: int, t: int, v: float) -> int:
    """Return the verdict on a row that is not after the newest of its sensor."""
    if t < words[base + NEWEST]:
        return LATE
    last = floats[base + VALUE]
    return DUPLICATE if v == last or (v != v and last != last) else CONFLICT  # noqa: PLR0124  # NaN


@inlined
def learned(memory: Memory, rules: Rules, p: int, row: int, t: int, v: float, before: int) -> float:
    """Return the number of a kind that remembers, from a good sample; NaN: none yet."""
    words, floats, table, tablef = memory.words, memory.floats, rules.table, rules.tablef
    kind = table[row + C_KIND]
    head = words[p]
    m = p + 1 + table[row + C_LEVELS]
    n = (head & _COUNT) >> COUNT_SHIFT
    if t - before > table[row + C_GAP]:
        head &= ~_RUNS
        if kind in (RATE, STUCK):
            n = 0
    if kind == RATE:
        number, n = change(words, floats, m, n, t, v, table[row + C_WINDOW], table[row + C_STEP])
    elif kind == STUCK:
        number, n = still(words, floats, m, n, t, v, tablef[row + C_TOLERANCE])
    elif kind == DEVIATION:
        period = table[row + C_PERIOD]
        b = m + 3 * (t % period * table[row + C_BINS] // period)
        number = strange(floats, b, v, table[row + C_WARM], tablef[row + C_MEMORY], tablef[row + C_TOLERANCE])
    else:
        number, n = drift(words, floats, m, n, t, v, before, table[row + C_WINDOW], tablef[row + C_TOLERANCE])
    words[p] = head & ~_COUNT | n << COUNT_SHIFT
    return number


@part
def act(i: int, s: int, place: int, p: int, x: float, at: int, rules: Rules, memory: Memory, room: Room) -> None:
    """Advance the flip-flops of a slot by a number, write down what became of it, and tell its groups."""
    head = memory.words[p]
    c = head >> CONDITION_SHIFT
    row = c * C_WIDTH
    counts = True
    week = rules.table[row + C_SCHEDULE]
    if week >= 0:
        counts = rules.weeks[week * MINUTES_A_WEEK + (at // _MINUTE + _MONDAY) % MINUTES_A_WEEK] == 1
    if rules.table[row + C_KIND] == SILENCE:
        memory.due[s >> SILENCE_SHIFT] = NEVER
    compare(memory.words, p, rules.table, rules.tablef, c, x * rules.tablef[row + C_SIGN], counts, at)
    before, after = level_of(head), level_of(memory.words[p])
    if before != after:
        emit(room, i, at, wide(rules.order[place]), -1, before, after, x)
        move(place, before, after, at, rules, memory)


@inlined
def number_of(
    p: int, row: int, t: int, v: float, q: int, before: int, heard: int, rules: Rules, memory: Memory
) -> float:
    """Return the number that a condition compares, from any row that is not stale; NaN: none."""
    kind = rules.table[row + C_KIND]
    if kind == SILENCE:
        return max(memory.clock[0] - t, 0) / 1e6 if memory.words[p] & _FLAGS != 0 else float("nan")
    if kind == FAULTY:
        if t - heard > rules.table[row + C_GAP]:
            memory.words[p] &= ~_RUNS
        return 0.0 if q == GOOD else 1.0
    if q != GOOD:
        return float("nan")
    if kind == THRESHOLD:
        if t - before > rules.table[row + C_GAP] and memory.words[p] & _RUNS != 0:
            memory.words[p] &= ~_RUNS
        return v
    return learned(memory, rules, p, row, t, v, before)


@inlined
def take(i: int, s: int, t: int, v: float, quality: int, rows: Rows, rules: Rules, memory: Memory, room: Room) -> None:
    """Take one row of a sensor."""
    words, floats, table, tablef = memory.words, memory.floats, rules.table, rules.tablef
    base = rules.sensor_at[s]
    heard = words[base + NEWEST]
    if t <= heard:
        rows.verdict[i] = stale(words, floats, base, t, v)
        return
    q = judge(floats, base, v, quality)
    before = words[base + EVALUATED_AT]
    words[base + NEWEST] = t
    floats[base + VALUE] = v
    if heard == NEVER:  # until now a silence counted from the first tick, which may be after this row's time
        memory.due[s >> SILENCE_SHIFT] = NEVER
    if q == GOOD:
        words[base + EVALUATED_AT] = t
    else:
        rows.verdict[i] = HEARD
        rows.judged[i] = q
    place = words[base + SLOTS] & 0xFFFFFFFF
    p = base + HEAD
    for _ in range(words[base + SLOTS] >> 32):
        row = (words[p] >> CONDITION_SHIFT) * C_WIDTH
        x = number_of(p, row, t, v, q, before, heard, rules, memory)
        turned = x * tablef[row + C_SIGN]
        if turned >= tablef[row + C_VALUES] or (words[p] & _FLAGS != 0 and x == x):  # noqa: PLR0124  # NaN
            at = max(t, memory.clock[0]) if table[row + C_KIND] == SILENCE else t
            act(i, s, place, p, x, at, rules, memory, room)
        p += table[row + C_SIZE]
        place += 1
    for j in range(memory.touched[0]):
        weigh(i, memory.touched[j + 1], t, rules, memory, room)
    memory.touched[0] = 0


@part
def since_when(words: Ints, base: int, m: int) -> int:
    """Return the time from which a silence counts: the newest row, or the first tick where there is none."""
    newest = words[base + NEWEST]
    return int(words[m] if newest == NEVER else newest)


@part
def due_at(p: int, base: int, m: int, rules: Rules, memory: Memory) -> int:
    """Return before when a silence cannot change, unless its sensor is heard."""
    words, table = memory.words, rules.table
    row = (words[p] >> CONDITION_SHIFT) * C_WIDTH
    level = level_of(words[p])
    if words[p] & _RUNS != 0 or table[row + C_SCHEDULE] >= 0:
        return NEVER
    if level == table[row + C_LEVELS]:
        return -NEVER
    seconds = rules.tablef[row + C_VALUES + 4 * level + L_VALUE]
    return since_when(words, base, m) + int(min(seconds * 1e6, float(-NEVER))) - 1


@part
def tick_silences(i: int, t: int, rules: Rules, memory: Memory, room: Room) -> None:
    """Look for silences in the blocks where one can be due."""
    words, table = memory.words, rules.table
    for block in range(len(memory.due)):
        if memory.due[block] > t:
            continue
        due = -NEVER
        for j in range(wide(rules.silent_at[block]), wide(rules.silent_at[block + 1])):
            p, base = rules.silent_word[j], rules.silent_base[j]
            row = (words[p] >> CONDITION_SHIFT) * C_WIDTH
            m = p + 1 + table[row + C_LEVELS]
            if words[m] == NEVER:
                words[m] = t
            x = max(t - since_when(words, base, m), 0) / 1e6
            if words[p] & _FLAGS != 0 or x >= rules.tablef[row + C_VALUES]:
                act(i, block << SILENCE_SHIFT, wide(rules.silent_slot[j]), p, x, t, rules, memory, room)
            due = min(due, due_at(p, base, m, rules, memory))
        memory.due[block] = due


@part
def known(rows: Rows, rules: Rules) -> bool:
    """Tell whether all sensors are of the plan, or ticks."""
    least, most = -1, -1
    for s in rows.sensor:
        least = min(least, s)
        most = max(most, s)
    return least == -1 and most < len(rules.sensor_at) - 1


@inlined
def look_ahead(i: int, rows: Rows, rules: Rules, memory: Memory) -> None:
    """Ask for the memory of sensors that come soon: sensors come in no order, and memory is far away."""
    if i + 2 * AHEAD >= len(rows.sensor):
        return
    prefetch(rules.sensor_at, max(wide(rows.sensor[i + 2 * AHEAD]), 0))
    s = max(wide(rows.sensor[i + AHEAD]), 0)
    for word in range(rules.sensor_at[s], rules.sensor_at[s + 1], 8):
        prefetch(memory.words, word)


def compiled() -> Callable[[int, Rows, Rules, Memory, Room, int, int], int]:
    """Return the pass compiled, from the disk where an earlier process left it."""
    code = stamp()
    bundles = (bundle(kind) for kind in (Rows, Rules, Memory, Room))

    def kernel(
        start: int, rows: Rows, rules: Rules, memory: Memory, room: Room, most_a_row: int, most_a_tick: int
    ) -> int:
        """Take rows from ``start`` on; return the first for whose findings there may not be room, -1 at a stranger."""
        if start == 0 and not known(rows, rules):
            return -1
        free = len(room.row)
        for i in range(start, len(rows.sensor)):
            look_ahead(i, rows, rules, memory)
            s, t = wide(rows.sensor[i]), rows.time_us[i]
            if room.n[0] + (most_a_tick if s < 0 else most_a_row) > free:
                return i
            if s >= 0:
                take(i, s, t, rows.value[i], wide(rows.quality[i]), rows, rules, memory, room)
            elif t > memory.clock[0]:
                memory.clock[0] = t
                tick_silences(i, t, rules, memory, room)
                tick_groups(i, t, rules, memory, room)
            else:
                rows.verdict[i] = LATE
        return len(rows.sensor) if code else -1  # the stamp must be part of the closure

    return whole(INT(INT, *bundles, INT, INT), kernel)
