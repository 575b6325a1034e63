"""Where everything stands in the engine's memory: words of 64 bits, those of one sensor side by side.

A sensor's block is a head of `HEAD` words and its slots one after another. A slot is a head word (the number of its
condition in the upper half; a count, the runs and the flip-flops in the lower), a word for each level (when its run
began) and the memory of its kind. Floats stand in the same words by their bits.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.rules.conditions import KINDS, MAX_LEVELS, MINUTES_A_WEEK, Condition, Schedule

NEVER = -(2**62)
"""A moment before all others, from which the time to any real one is longer than any gap allowed."""

ENDLESS = 2**62
"""A length of time that nothing reaches."""

HEAD = 6
NEWEST, VALUE, EVALUATED, LOW, HIGH, SLOTS = range(HEAD)

THRESHOLD, RATE, DEVIATION, STUCK, SILENCE, FAULTY, DRIFT = range(len(KINDS))

RUN_SHIFT, COUNT_SHIFT, CONDITION_SHIFT = 8, 16, 32
"""In a slot's head word: bits 0-7 the flip-flops, 8-15 the runs, 16-31 a count, 32-63 the condition's number."""

ANCHORS = 4
"""A rate keeps one sample of each such part of its window; so the earlier one is at most this part too old."""

SILENCE_SHIFT = 6
"""Silences are looked for by blocks of 2^6 sensors: a block only when one in it can be due."""

LONG_WINDOWS = 30.0
"""Memory of a drift's slower mean, in windows: a month where the window is a day."""

WARM_WINDOWS = 3.0
"""A drift is judged after so many windows."""

C_KIND, C_SIZE, C_LEVELS, C_SIGN, C_STRICT, C_GAP, C_WINDOW, C_STEP, C_TOLERANCE, C_SCHEDULE = range(10)
C_PERIOD, C_BINS, C_WARM, C_MEMORY = range(10, 14)
C_VALUES = 16
L_VALUE, L_CLEAR, L_HOLD, L_CLEAR_HOLD = range(4)
C_WIDTH = C_VALUES + 4 * MAX_LEVELS
C_FLOATS = (C_SIGN, C_TOLERANCE, C_MEMORY)


def microseconds(seconds: float) -> int:
    """Return a length of time in whole microseconds; an endless one as `ENDLESS`."""
    return min(round(min(seconds, 1e18) * 1e6), ENDLESS)


def size(condition: Condition) -> int:
    """Return the words of a slot."""
    own = {"rate": 2 * (ANCHORS + 1), "stuck": 2, "silence": 1, "drift": 4}.get(condition.kind, 0)
    if condition.season is not None:
        own = 3 * condition.season.bins
    return 1 + len(condition.levels) + own


def table(conditions: Sequence[Condition]) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Return the conditions as rows of words, and the schedules as rows of minutes of the week in UTC."""
    rows = np.zeros((len(conditions), C_WIDTH), np.int64)
    schedules: dict[Schedule, int] = {}
    for row, condition in zip(rows, conditions, strict=True):
        _fill(row, row.view(np.float64), condition)
        if condition.schedule is not None:
            row[C_SCHEDULE] = schedules.setdefault(condition.schedule, len(schedules))
    weeks = np.zeros((max(len(schedules), 1), MINUTES_A_WEEK), np.uint8)
    for schedule, number in schedules.items():
        weeks[number] = _week(schedule)
    return rows, weeks


def _fill(row: Ints, floats: Floats, condition: Condition) -> None:
    sign = condition.sign
    season = condition.season
    row[C_KIND] = KINDS.index(condition.kind)
    row[C_SIZE] = size(condition)
    row[C_LEVELS] = len(condition.levels)
    row[C_STRICT] = condition.op in {">", "<"}
    row[C_GAP] = microseconds(condition.max_gap_s)
    row[C_WINDOW] = microseconds(condition.window_s)
    row[C_STEP] = max(-(-microseconds(condition.window_s) // ANCHORS), 1)
    row[C_SCHEDULE] = -1
    floats[C_SIGN] = sign
    floats[C_TOLERANCE] = condition.tolerance
    if season is not None:
        row[C_PERIOD] = microseconds(season.period_s)
        row[C_BINS] = season.bins
        row[C_WARM] = season.warm
        floats[C_MEMORY] = season.memory
    for k, (level, clear) in enumerate(zip(condition.levels, condition.clear_values, strict=True)):
        at = C_VALUES + 4 * k
        floats[at + L_VALUE] = sign * level.value
        floats[at + L_CLEAR] = sign * clear
        row[at + L_HOLD] = microseconds(level.hold_s)
        row[at + L_CLEAR_HOLD] = microseconds(level.clear_hold_s)


def _week(schedule: Schedule) -> npt.NDArray[np.uint8]:
    local = np.zeros(MINUTES_A_WEEK, np.uint8)
    for start, end in schedule.spans:
        local[start:end] = 1
    return np.roll(local, -(schedule.offset_s // 60))


@cache
def mark(*parts: object) -> int:
    """Return a number that stands for some plain values: the same in every process, on every machine."""
    digest = sha256("\x1f".join(map(repr, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "little", signed=True)


def marks(condition: Condition) -> list[int]:
    """Return what decides whether memory outlives a change of rules.

    The first stands for the memory of the kind (learned from the samples, whatever the levels), the second for the
    whole condition (runs go on only where nothing has changed), the others for the grades (a flip-flop goes on as
    that of the same grade).
    """
    memory = mark(condition.kind, condition.window_s, condition.tolerance, condition.season)
    grades = [mark(level.grade) for level in condition.levels]
    return [memory, mark(condition), *grades, *[0] * (MAX_LEVELS - len(grades))]
