"""The rules, one row at a time, in plain Python: slow, and written to be read beside the text of `anlan.science.rules`.

It shares nothing with the engine but the dataclasses in which rules are told.
"""

import math
import operator
from dataclasses import dataclass, field

MICRO = 1_000_000
EVALUATED, LATE, DUPLICATE, CONFLICT, HEARD = range(5)


def us(seconds):
    return math.inf if seconds == math.inf else round(seconds * MICRO)


@dataclass
class FlipFlops:
    """Levels that are set and reset by unbroken runs of samples; `holds` are (hold, clear hold) for each, in us."""

    holds: list
    is_set: set = field(default_factory=set)
    met_since: dict = field(default_factory=dict)
    clear_since: dict = field(default_factory=dict)

    @property
    def level(self):
        return max((k + 1 for k in self.is_set), default=0)

    @property
    def waits(self):
        """Whether a run is on whose end would change something."""
        runs = [k for k in self.met_since if k not in self.is_set] + [k for k in self.clear_since if k in self.is_set]
        return bool(runs)

    @property
    def rest(self):
        """Whether nothing is set and nothing on its way to be: a sample that meets no level changes nothing."""
        return not self.is_set and not self.met_since

    def break_runs(self):
        self.met_since.clear()
        self.clear_since.clear()

    def sample(self, t, met, clear):
        raised = []
        for k, (hold, clear_hold) in enumerate(self.holds):
            for runs, on in ((self.met_since, met[k]), (self.clear_since, clear[k])):
                if on:
                    runs.setdefault(k, t)
                else:
                    runs.pop(k, None)
            if met[k] and k not in self.is_set and t - self.met_since[k] >= hold:
                raised.append(k)
            elif clear[k] and k in self.is_set and t - self.clear_since[k] >= clear_hold:
                self.is_set.remove(k)
                self.clear_since.pop(k)
        for k in raised:
            self.is_set.update(range(k + 1))


class Robust:
    """Location and scale after Gelper, Fried and Croux (2010): k = 2, c_k = 2.52."""

    @staticmethod
    def rho(x):
        return 2.52 * (1.0 - (1.0 - x) * (1.0 - x) * (1.0 - x)) if x < 1.0 else 2.52

    @staticmethod
    def variance(old, residual, gain):
        if old == 0.0:
            return residual * residual
        return gain * Robust.rho(residual * residual / (2.0 * 2.0 * old)) * old + (1.0 - gain) * old

    @staticmethod
    def psi(residual, scale):
        return min(max(residual, -2.0 * scale), 2.0 * scale)

    @staticmethod
    def scales(residual, variance, tolerance):
        scale = max(math.sqrt(variance), tolerance)
        return residual / scale if scale > 0.0 else 0.0


@dataclass
class Bin:
    location: float = 0.0
    variance: float = 0.0
    seen: int = 0


class Slot:
    """A condition on a sensor."""

    def __init__(self, sensor, condition):
        self.sensor, self.condition = sensor, condition
        self.flips = FlipFlops([(us(x.hold_s), us(x.clear_hold_s)) for x in condition.levels])
        self.anchors = []
        self.reference = None
        self.bins = {}
        self.followed = None
        self.since_tick = None

    @property
    def level(self):
        return self.flips.level

    def offer(self, t, number):
        """Let the flip-flops see a number."""
        c = self.condition
        counts = c.schedule is None or in_schedule(c.schedule, t)
        met = [counts and meets(c.op, number, x.value) for x in c.levels]
        clear = [not counts or (not m and cleared(c, number, k)) for k, m in enumerate(met)]
        self.flips.sample(t, met, clear)

    def number(self, t, v, gap, before):
        """Return the number of a good sample, None for none."""
        return getattr(self, self.condition.kind)(t, v, gap, before)

    def threshold(self, t, v, gap, before):
        return v

    def rate(self, t, v, gap, before):
        window = us(self.condition.window_s)
        if gap > us(self.condition.max_gap_s):
            self.anchors = []
        old = [(t0, v0) for t0, v0 in self.anchors if t - t0 >= window]
        if not self.anchors or 4 * (t - self.anchors[-1][0]) >= window:
            self.anchors.append((t, v))
        if not old:
            return None
        self.anchors = [x for x in self.anchors if x[0] >= old[-1][0]]  # those before it will never be used again
        t0, v0 = old[-1]
        return (v - v0) * (window / (t - t0))

    def stuck(self, t, v, gap, before):
        if (
            self.reference is None
            or gap > us(self.condition.max_gap_s)
            or abs(v - self.reference[1]) > self.condition.tolerance
        ):
            self.reference = (t, v)
        return (t - self.reference[0]) / 1e6

    def deviation(self, t, v, gap, before):
        c, period = self.condition, us(self.condition.season.period_s)
        own = self.bins.setdefault(t % period * c.season.bins // period, Bin())
        own.seen += 1
        if own.seen == 1:
            own.location = v
            return None
        residual = v - own.location
        number = Robust.scales(residual, own.variance, c.tolerance) if own.seen > c.season.warm else None
        gain = max(2.0 / (own.seen + 1), 1.0 / c.season.memory)
        own.variance = Robust.variance(own.variance, residual, gain)
        own.location += gain * Robust.psi(residual, math.sqrt(own.variance))
        return number

    def drift(self, t, v, gap, before):
        if self.followed is None:
            self.followed = (t, v, v, 0.0)
            return None
        c, (first, quick, slow, variance) = self.condition, self.followed
        window, passed, span = us(c.window_s), t - before, t - first
        quick_gain, slow_gain = passed / min(window + passed, span), passed / min(30 * window + passed, span)
        variance = Robust.variance(variance, v - quick, slow_gain)
        quick += quick_gain * Robust.psi(v - quick, math.sqrt(variance))
        slow += slow_gain * Robust.psi(v - slow, math.sqrt(variance))
        self.followed = (first, quick, slow, variance)
        return abs(Robust.scales(quick - slow, variance, c.tolerance)) if span >= 3 * window else None


OPS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


def meets(op, number, limit):
    return OPS[op](number, limit)


def cleared(condition, number, k):
    margin = 0.0 if condition.clear is None else condition.levels[0].value - condition.clear
    limit = condition.levels[k].value - margin
    return number <= limit if condition.op in {">=", ">"} else number >= limit


def in_schedule(schedule, t):
    minute = (t + schedule.offset_s * MICRO) // (60 * MICRO)
    of_week = (minute + 3 * 1440) % 10080  # 1970-01-01 was a Thursday
    return any(a <= of_week < b for a, b in schedule.spans)


class Compound:
    """A group: which members count in each term, and since when those linger that left."""

    def __init__(self, group):
        self.group = group
        self.counted = [set() for _ in group.terms]
        self.lingering = [{} for _ in group.terms]
        self.flips = FlipFlops([(us(group.hold_s), us(group.clear_hold_s))] * len(group.levels))
        self.clock = -math.inf
        self.due = False

    def moved(self, slot, before, after, at):
        """Note a member's change of level; tell whether it came or left."""
        any_change = False
        for n, term in enumerate(self.group.terms):
            if slot not in term.slots or (before >= term.level) == (after >= term.level):
                continue
            any_change = True
            self.lingering[n].pop(slot, None)
            if after >= term.level:
                self.counted[n].add(slot)
            elif self.group.window_s > 0:
                self.lingering[n][slot] = at
            else:
                self.counted[n].discard(slot)
        return any_change

    def tick(self, t):
        """Let go who has lingered long enough; tell whether this tick is a sample."""
        waits = self.flips.waits or any(self.lingering) or self.due
        for counted, lingering in zip(self.counted, self.lingering, strict=True):
            for slot in [s for s, left in lingering.items() if t - left >= us(self.group.window_s)]:
                del lingering[slot]
                counted.discard(slot)
        return waits

    def sample(self, t):
        """Return (from level, to level, count)."""
        self.due = False
        self.clock = max(self.clock, t)
        sizes = [len(counted) for counted in self.counted]
        of = all if self.group.mode == "all" else any
        met = [
            of(size >= term.need[k] for size, term in zip(sizes, self.group.terms, strict=True))
            for k in range(len(self.group.levels))
        ]
        before = self.flips.level
        self.flips.sample(self.clock, met, [not m for m in met])
        return before, self.flips.level, float(sum(sizes))


class Reference:
    """All sensors, slots and groups; `findings` are (row, time, slot, group, from, to, value), `verdicts` one a row."""

    def __init__(self, n_sensors, conditions, slot_sensor, slot_condition, groups=(), low=None, high=None):
        self.low = [-math.inf] * n_sensors if low is None else list(low)
        self.high = [math.inf] * n_sensors if high is None else list(high)
        self.newest = [None] * n_sensors
        self.evaluated = [-math.inf] * n_sensors
        self.slots = [Slot(s, conditions[c]) for s, c in zip(slot_sensor, slot_condition, strict=True)]
        self.of_sensor = [[] for _ in range(n_sensors)]
        for number, slot in enumerate(self.slots):
            self.of_sensor[slot.sensor].append(number)
        waiting = [n for n, slot in enumerate(self.slots) if slot.condition.kind == "silence"]
        self.silences = sorted(waiting, key=lambda number: self.slots[number].sensor)
        self.compounds = [Compound(group) for group in groups]
        self.of_slot = {}
        for g, group in enumerate(groups):
            for term in group.terms:
                for slot in term.slots:
                    self.of_slot.setdefault(int(slot), set()).add(g)
        self.clock = -math.inf
        self.row = 0
        self.findings = []
        self.verdicts = []

    def take(self, sensor, t, v, quality=0):
        touched = set()
        if sensor < 0:
            self.verdicts.append(EVALUATED if t > self.clock else LATE)
            if t > self.clock:
                self.clock = t
                self.tick(t, touched)
        else:
            self.verdicts.append(self.verdict(sensor, t, v, quality))
            if self.verdicts[-1] in {EVALUATED, HEARD}:
                self.sample(sensor, t, v, self.verdicts[-1] == EVALUATED, touched)
        for g in sorted(touched):
            compound = self.compounds[g]
            before, after, count = compound.sample(max(t, self.clock))
            if before != after:
                self.findings.append((self.row, compound.clock, -1, g, before, after, count))
        self.row += 1

    def verdict(self, sensor, t, v, quality):
        newest = self.newest[sensor]
        if newest is not None and t < newest[0]:
            return LATE
        if newest is not None and t == newest[0]:
            same = v == newest[1] or (math.isnan(v) and math.isnan(newest[1]))
            return DUPLICATE if same else CONFLICT
        false = math.isnan(v) or math.isinf(v) or v < self.low[sensor] or v > self.high[sensor]  # no bound: NaN
        return EVALUATED if quality == 0 and not false else HEARD

    def sample(self, sensor, t, v, good, touched):
        heard = -math.inf if self.newest[sensor] is None else self.newest[sensor][0]
        before = self.evaluated[sensor]
        self.newest[sensor] = (t, v)
        if good:
            self.evaluated[sensor] = t
        for number in self.of_sensor[sensor]:
            slot = self.slots[number]
            if slot.condition.kind == "silence":
                if slot.level > 0 or slot.flips.waits:
                    self.show(number, max(t, self.clock), max(self.clock - t, 0) / 1e6, touched)
                continue
            faulty = slot.condition.kind == "faulty"
            gap = t - (heard if faulty else before)
            if not (good or faulty):
                continue
            if gap > us(slot.condition.max_gap_s):
                slot.flips.break_runs()
            x = (0.0 if good else 1.0) if faulty else slot.number(t, v, gap, before)
            if x is not None:
                self.show(number, t, x, touched)

    def tick(self, t, touched):
        for number in self.silences:
            slot = self.slots[number]
            newest = self.newest[slot.sensor]
            if newest is None and slot.since_tick is None:
                slot.since_tick = t
            since = slot.since_tick if newest is None else newest[0]
            self.show(number, t, max(t - since, 0) / 1e6, touched)
        touched.update(g for g, compound in enumerate(self.compounds) if compound.tick(t))

    def show(self, number, t, x, touched):
        slot = self.slots[number]
        if slot.flips.rest and not meets(slot.condition.op, x, slot.condition.levels[0].value):
            return
        before = slot.level
        slot.offer(t, x)
        if slot.level == before:
            return
        self.findings.append((self.row, t, number, -1, before, slot.level, x))
        for g in self.of_slot.get(number, ()):
            if self.compounds[g].moved(number, before, slot.level, t):
                touched.add(g)
