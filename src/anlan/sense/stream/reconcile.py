"""After a change of the rules or a loss of the checkpoint: open alarms, and what the engine remembers of them.

An alarm that stands while the engine has no memory of it (its rule asks for other values now) tells the engine at
which level it stands, so that it can end. An alarm that nothing watches any more ends.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan.science.rules.seeding import seed_group, seed_slot
from anlan.sense.model import alarms
from anlan.sense.stream.fold import Fold
from anlan.sense.stream.follow import Finding
from anlan.sense.stream.plan import Watched


def standing(conn: sa.Connection) -> list[Any]:
    """Return the alarms whose condition holds."""
    named = ("subject", "subject_kind", "rule", "grade", "value")
    query = sa.select(*(alarms.c[name] for name in named)).where(alarms.c.open.is_(True), alarms.c.active.is_(True))
    return list(conn.execute(query.order_by(alarms.c.id)).all())


def reconcile(fold: Fold, held: list[Any], now: datetime) -> Iterator[Finding]:
    """Seed the engine with the alarms that stand; yield an end for each that nothing watches any more.

    Parameters
    ----------
    held
        Rows of :func:`standing`; everything that was found has been followed.
    """
    if not held:
        return
    places = _Places(fold.watched)
    detectors = {part.detector.id for part in fold.detectors.parts}
    slots, groups = fold.state.levels(), fold.state.group_levels()
    for alarm in held:
        if alarm.rule in detectors:  # they remember themselves where they stand
            continue
        value = 0.0 if alarm.value is None else alarm.value
        if alarm.subject_kind == "sensor":
            place = places.slot(alarm.rule, alarm.subject)
            if place is None:
                yield Finding("sensor", alarm.subject, alarm.rule, now, None, value)
            elif not slots[place]:
                levels = fold.watched.conditions[fold.watched.slot_condition[place]].levels
                seed_slot(fold.watched.plan, fold.state, place, _level([one.grade for one in levels], alarm.grade))
        else:
            group = places.group(alarm.rule, alarm.subject)
            if group is None:
                yield Finding(alarm.subject_kind, alarm.subject, alarm.rule, now, None, value)
            elif not groups[group]:
                seed_group(fold.state, group, _level(list(fold.watched.groups[group].levels), alarm.grade))


def _level(grades: list[str], grade: str) -> int:
    """Return the level of a grade; the mildest if the rule does not know it any more."""
    return grades.index(grade) + 1 if grade in grades else 1


class _Places:
    """Where a rule's slot on a sensor, or its group about a subject, stands in the plan."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._rules = {rule.id: place for place, rule in enumerate(watched.rules)}
        self._numbers = {name: number for number, name in enumerate(watched.sensors)}
        self._groups = {(one.rule, one.subject): place for place, one in enumerate(watched.group_subjects)}

    def slot(self, rule: str, sensor: str) -> int | None:
        number, wanted = self._numbers.get(sensor), self._rules.get(rule)
        if number is None or wanted is None:
            return None
        first, last = np.searchsorted(self._watched.slot_sensor, [number, number + 1]).tolist()
        own = np.flatnonzero(self._watched.slot_rule[first:last] == wanted)
        return int(first + own[0]) if len(own) else None

    def group(self, rule: str, subject: str) -> int | None:
        return self._groups.get((rule, subject))
