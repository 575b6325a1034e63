"""Finding observations: the history is read for no other sensors and no other time than are asked for.

Without an order observations come by sensor and time, as they are kept, and a page begins behind the last one of the
page before. By time, the newest are found from the end: the time of the newest observation of every sensor is known,
so that the first look goes back no further than it must. Any other order needs all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings import expressions as ex
from anlan.sense.sensorthings.backend import NEVER_US
from anlan.sense.sensorthings.entities import Set
from anlan.sense.sensorthings.frames import Entities, Span
from anlan.sense.sensorthings.options import Options
from anlan.sense.sensorthings.ordering import ordered, wanted
from anlan.sense.sensorthings.spans import TIME, span_of
from anlan.sense.sensorthings.vectors import DAY_US, Rows
from anlan.sense.sensorthings.view import View
from anlan.sense.stream.batch import Batch

_MINUTE_US = 60_000_000
_LONGEST_TIME = 18  # digits of microseconds that int64 holds
_NEWEST_FIRST = ((ex.Property((TIME,)), True),)
_OLDEST_FIRST = ((ex.Property((TIME,)), False),)


@dataclass(frozen=True)
class Found:
    """The observations of a page, whether there are more, and how many there are in all if that was asked."""

    batch: Batch
    more: bool
    count: int | None = None


@dataclass(frozen=True)
class _Plan:
    """Of which sensors and which time, and what else must hold of each observation."""

    view: View
    sensors: Rows
    span: Span
    rest: ex.Expression | None

    def read(self, sensors: Rows, span: Span) -> Batch:
        """Return what is wanted of some sensors within a span."""
        batch = self.view.observed(sensors, *span)
        if self.rest is None or not len(batch):
            return batch
        entities = Entities(Set.OBSERVATIONS, np.arange(len(batch)), batch)
        return batch.where(wanted(self.view, entities, self.rest))


def search(view: View, sensors: Rows, options: Options, top: int) -> Found:
    """Return observations of sensors.

    Parameters
    ----------
    sensors
        Numbers, of which the asker may see the observations.
    top
        How many at most.

    Raises
    ------
    Invalid
        ``sensorthings.too_much`` if more would have to be looked at than the service allows.
    """
    plan = _planned(view, sensors, options.filter)
    need = options.skip + top + 1
    if options.order == _NEWEST_FIRST and not options.count:
        batch = _by_time(plan, need, downward=True)
    elif options.order == _OLDEST_FIRST and not options.count:
        batch = _by_time(plan, need, downward=False)
    elif options.order:
        batch = Batch.joined([plan.read(plan.sensors, part) for part in _forward(plan, plan.sensors)])
        batch = _sorted(batch, downward=False)
        batch = batch.where(ordered(view, Entities(Set.OBSERVATIONS, np.arange(len(batch)), batch), options.order))
    elif options.count and options.after is not None:
        return _counted(plan, options, top)
    else:
        batch = _as_kept(plan, options.after, None if options.count else need)
    return _cut(batch, options.skip, top, len(batch) if options.count else None)


def _cut(batch: Batch, skip: int, top: int, count: int | None) -> Found:
    return Found(batch.where(slice(skip, skip + top)), len(batch) > skip + top, count)


def _counted(plan: "_Plan", options: Options, top: int) -> Found:
    """Return a page that begins behind another, and how many observations there are on all pages."""
    everything = _as_kept(plan, None, None)
    number, moment = _token(plan, options.after or "")
    behind = (everything.sensor > number) | ((everything.sensor == number) & (everything.time_us > moment))
    return _cut(everything.where(behind), options.skip, top, len(everything))


def newest(view: View, sensors: Rows) -> Batch:
    """Return the newest observation of each sensor that has one, in the order of the sensors; nothing is looked up."""
    there = sensors[view.newest_us[sensors] != NEVER_US]
    latest = view.backend.latest
    return Batch.of(there, latest.time_us[there], latest.value[there], latest.quality[there])


def is_newest(options: Options) -> bool:
    """Tell whether options ask for no more than the newest observation."""
    asked = (options.filter, options.order, options.top, options.skip, options.after, options.count)
    return asked == (None, _NEWEST_FIRST, 1, 0, None, False)


def one(view: View, sensor: int, time_us: int) -> Batch:
    """Return the observation of a sensor at a moment, or none."""
    last = newest(view, np.array([sensor]))
    if len(last) and int(last.time_us[0]) == time_us:
        return last
    return view.observed(np.array([sensor]), time_us, time_us)


def _planned(view: View, sensors: Rows, condition: ex.Expression | None) -> _Plan:
    """Take from a condition what it says of the sensors and of the time."""
    low, high = span_of(view, condition)
    sensors = sensors[view.newest_us[sensors] >= max(low, NEVER_US + 1)] if len(sensors) else sensors
    rest: list[ex.Expression] = []
    for part in ex.conjuncts(condition):
        paths = list(ex.properties(part))
        if paths and not ex.quantified(part) and all(path[0] in {"Datastream", "FeatureOfInterest"} for path in paths):
            sensors = sensors[_fulfilling(view, sensors, part)]
        else:
            rest.append(part)
    high = min(high, int(view.newest_us[sensors].max())) if len(sensors) else high
    return _Plan(view, sensors, (low, high), ex.together(tuple(rest)))


def _fulfilling(view: View, sensors: Rows, condition: ex.Expression) -> Rows:
    """Return the places of the sensors whose observations fulfil a condition that is the same for all of one."""
    stand_in = Batch.of(sensors, np.zeros(len(sensors)), np.zeros(len(sensors)))
    return wanted(view, Entities(Set.OBSERVATIONS, np.arange(len(sensors)), stand_in), condition)


def _width(plan: _Plan, sensors: Rows) -> int:
    """Return for how long a time to read at once, so that not much more is read than the asker's budget allows.

    A sensor is taken to tell once a minute; one that tells more often makes the parts larger and not wrong.
    """
    return int(np.clip(plan.view.budget.most * _MINUTE_US // max(1, len(sensors)), _MINUTE_US, DAY_US))


def _forward(plan: _Plan, sensors: Rows) -> Iterator[Span]:
    """Yield the parts of the time in which something was observed, from the oldest."""
    if not len(sensors):
        return
    width = _width(plan, sensors)
    for first, last in plan.view.backend.days(*plan.span):
        for begin in range(first, last + 1, width):
            yield max(begin, plan.span[0]), min(begin + width - 1, last, plan.span[1])


def _backward(plan: _Plan, need: int) -> Iterator[Span]:
    """Yield the parts of the time from the newest; the first is as long as must be for as many as are needed."""
    if not len(plan.sensors):
        return
    times = np.sort(plan.view.newest_us[plan.sensors])[::-1]
    first = max(int(times[min(need, len(times)) - 1]), plan.span[0]) if len(times) > 1 else plan.span[1] + 1
    if first <= plan.span[1]:
        yield first, plan.span[1]
    width = _width(plan, plan.sensors)
    for begin, end in reversed(plan.view.backend.days(plan.span[0], min(plan.span[1], first - 1))):
        high = min(end, first - 1, plan.span[1])
        while high >= max(begin, plan.span[0]):
            low = max(high - width + 1, begin, plan.span[0])
            yield low, high
            high = low - 1


def _by_time(plan: _Plan, need: int, *, downward: bool) -> Batch:
    parts: list[Batch] = []
    for part in _backward(plan, need) if downward else _forward(plan, plan.sensors):
        parts.append(_sorted(plan.read(plan.sensors, part), downward=downward))
        if sum(map(len, parts)) >= need:
            break
    return Batch.joined(parts)


def _sorted(batch: Batch, *, downward: bool) -> Batch:
    return batch.where(np.lexsort((batch.sensor, -batch.time_us if downward else batch.time_us)))


def _as_kept(plan: _Plan, after: str | None, need: int | None) -> Batch:
    """Return observations by sensor and time; as many as are needed, or all."""
    parts: list[Batch] = []
    sensors, had, at_once = plan.sensors, 0, 1
    if after is not None:
        sensors, first = _behind(plan, after, need)
        parts.append(first)
        had = len(first)
    while len(sensors) and (need is None or had < need):
        some, sensors = sensors[:at_once], sensors[at_once:]
        found = _of_sensors(plan, some, None if need is None else need - had)
        parts.append(found)
        had += len(found)
        at_once *= 2  # sensors that tell little are read together
    return Batch.joined(parts)


def _of_sensors(plan: _Plan, sensors: Rows, need: int | None) -> Batch:
    parts: list[Batch] = []
    for part in _forward(plan, sensors):
        parts.append(plan.read(sensors, part))
        if len(sensors) == 1 and need is not None and sum(map(len, parts)) >= need:
            break
    batch = Batch.joined(parts)
    return batch.where(np.lexsort((batch.time_us, batch.sensor)))


def _behind(plan: _Plan, after: str, need: int | None) -> tuple[Rows, Batch]:
    """Return the sensors that come behind an observation, and what its own sensor observed after it."""
    number, moment = _token(plan, after)
    own = plan.sensors[plan.sensors == number]
    later = _Plan(plan.view, own, (max(moment + 1, plan.span[0]), plan.span[1]), plan.rest)
    return plan.sensors[plan.sensors > number], _of_sensors(later, own, need)


def _token(plan: _Plan, after: str) -> tuple[int, int]:
    """Return the number of the sensor and the time of an observation's id."""
    name, _, moment = after.rpartition("@")
    number = plan.view.sight.index.registry.number(name)
    if number < 0 or not moment.removeprefix("-").isdecimal() or len(moment) > _LONGEST_TIME:
        raise Invalid("sensorthings.option", at="$skiptoken", value=after, params={"near": after})
    return number, int(moment)
