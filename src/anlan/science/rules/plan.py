"""What the engine is to do, as arrays: which condition watches which sensor, and what is compounded of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.rules import layout
from anlan.science.rules.compounds import Compounds
from anlan.science.rules.conditions import MAX_LEVELS, Condition, Group, Int32s
from anlan.science.rules.memory import Rules


@dataclass(frozen=True, eq=False)
class Plan:
    """Conditions on sensors, and groups over them; made by `Plan.build`, never changed.

    Slots are kept by sensor, those of one sensor in the order given: the plan's own order.

    Attributes
    ----------
    n_sensors : int
    conditions : tuple of Condition
    groups : tuple of Group
    order : (s,) int32
        The caller's number of each slot, in the plan's order.
    slot_sensor, slot_condition : (s,) int32
    slot_key : (s,) int64
    sensor_at : (n + 1,) int64
        First word of each sensor's block.
    low, high : (n,) float64
        The range in which a value can be true.
    compounds : Compounds
    """

    n_sensors: int
    conditions: tuple[Condition, ...]
    groups: tuple[Group, ...]
    order: Int32s
    slot_sensor: Int32s
    slot_condition: Int32s
    slot_key: Ints
    sensor_at: Ints
    low: Floats
    high: Floats
    table: Ints
    weeks: npt.NDArray[np.uint8]
    compounds: Compounds

    @classmethod
    def build(
        cls,
        n_sensors: int,
        conditions: Sequence[Condition],
        slot_sensor: npt.ArrayLike,
        slot_condition: npt.ArrayLike,
        slot_key: npt.ArrayLike,
        groups: Sequence[Group] = (),
        low: npt.ArrayLike | None = None,
        high: npt.ArrayLike | None = None,
    ) -> "Plan":
        """Return a plan.

        Parameters
        ----------
        n_sensors : int
            Sensors are numbered 0 to ``n_sensors - 1``; those without a slot only bear verdicts.
        conditions : sequence of Condition
        slot_sensor, slot_condition : (s,) int
            A slot is one condition on one sensor; the place in these arrays is its number.
        slot_key : (s,) int
            Stable identities, all different: by them the state outlives a change of plan.
        groups : sequence of Group
        low, high : (n,) array of float, or None
            The range of each sensor in which a value can be true, both ends included; NaN or None: no bound.
            An infinite value is always outside.

        Raises
        ------
        ValueError
            If lengths differ, a number is out of range, or a key stands twice.
        """
        sensor, condition = np.asarray(slot_sensor, np.int32), np.asarray(slot_condition, np.int32)
        key = np.asarray(slot_key, np.int64)
        _check(n_sensors, conditions, sensor, condition, key)
        in_order = np.all(sensor[1:] >= sensor[:-1])
        order = (
            np.arange(len(sensor), dtype=np.int32) if in_order else np.argsort(sensor, kind="stable").astype(np.int32)
        )
        rows, weeks = layout.table(conditions)
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        sizes = rows[:, layout.C_SIZE][condition] if len(condition) else np.zeros(0, np.int64)
        words = np.bincount(sensor, weights=sizes, minlength=n_sensors).astype(np.int64) + layout.HEAD
        return cls(
            n_sensors,
            tuple(conditions),
            tuple(groups),
            order,
            sensor[order],
            condition[order],
            key[order],
            np.concatenate([np.zeros(1, np.int64), np.cumsum(words)]),
            _bound(low, n_sensors, -np.finfo(np.float64).max),
            _bound(high, n_sensors, np.finfo(np.float64).max),
            rows,
            weeks,
            Compounds.build(groups, place, key),
        )

    @property
    def n_slots(self) -> int:
        """How many slots there are."""
        return len(self.order)

    @cached_property
    def slot_at(self) -> Int32s:
        """Place of each sensor's first slot, and after the last sensor the number of slots."""
        return np.searchsorted(self.slot_sensor, np.arange(self.n_sensors + 1)).astype(np.int32)

    @cached_property
    def most_slots(self) -> int:
        """The most slots of one sensor."""
        return int(np.diff(self.slot_at).max(initial=0))

    @cached_property
    def most_a_row(self) -> int:
        """The most findings of one row of a sensor."""
        return self.most_slots + len(self.groups)

    @cached_property
    def most_a_tick(self) -> int:
        """The most findings of one tick."""
        return len(self.silences[0]) + len(self.groups)

    @cached_property
    def marks(self) -> Ints:
        """What decides whether memory outlives a change of rules: a row for each condition."""
        return np.array([layout.marks(c) for c in self.conditions], np.int64).reshape(-1, 2 + MAX_LEVELS)

    @cached_property
    def layout(self) -> dict[str, npt.NDArray[Any]]:
        """What must be the same for a state to be taken as it is; by the names of `EngineState`."""
        return {
            "sensor_at": self.sensor_at,
            "slot_sensor": self.slot_sensor,
            "slot_condition": self.slot_condition,
            "slot_key": self.slot_key,
            "sizes": self.table[:, layout.C_SIZE].copy(),
            "marks": self.marks,
            "member_key": self.compounds.member_key,
            "group_marks": self.compounds.marks,
        }

    def slot_words(self) -> Ints:
        """Return the head word of each slot."""
        sizes = self.table[:, layout.C_SIZE][self.slot_condition] if self.n_slots else np.zeros(0, np.int64)
        return words_of(sizes, self.slot_sensor)

    def head_word(self, place: int) -> int:
        """Return the head word of one slot, by its place in the plan's order."""
        sensor = int(self.slot_sensor[place])
        before = self.slot_condition[int(self.slot_at[sensor]) : place]
        return int(self.sensor_at[sensor]) + layout.HEAD + int(self.table[before, layout.C_SIZE].sum())

    @cached_property
    def silences(self) -> tuple[Int32s, Ints, Ints, Int32s]:
        """The slots that wait for silence: places, head words, their sensors' head words; the first of each block."""
        kinds = self.table[:, layout.C_KIND]
        at = np.flatnonzero(kinds[self.slot_condition] == layout.SILENCE) if self.n_slots else np.zeros(0, np.int64)
        sensors = self.slot_sensor[at]
        blocks = np.arange((self.n_sensors >> layout.SILENCE_SHIFT) + 2)
        starts = np.searchsorted(sensors >> layout.SILENCE_SHIFT, blocks).astype(np.int32)
        return at.astype(np.int32), self.slot_words()[at], self.sensor_at[sensors], starts

    @cached_property
    def rules(self) -> Rules:
        """The plan as the compiled code wants it."""
        compounds = self.compounds
        return Rules(
            self.order,
            self.sensor_at,
            self.table.ravel(),
            self.table.ravel().view(np.float64),
            self.weeks.ravel(),
            *self.silences,
            compounds.groups.ravel(),
            compounds.terms.ravel(),
            compounds.terms.shape[1],
            compounds.member_term,
            compounds.of_at,
            compounds.of,
        )


def words_of(sizes: Ints, slot_sensor: Int32s) -> Ints:
    """Return the head word of each slot, from the words that each takes."""
    before = np.cumsum(sizes) - sizes
    return np.asarray(before + layout.HEAD * (slot_sensor.astype(np.int64) + 1), np.int64)


def _bound(given: npt.ArrayLike | None, n: int, none: float) -> Floats:
    if given is None:
        return np.full(n, none)
    bound = np.asarray(given, np.float64)
    if bound.shape != (n,):
        raise ValueError(f"low, high: {bound.shape} is not one number for each of {n} sensors")
    return np.clip(np.where(np.isnan(bound), none, bound), -np.finfo(np.float64).max, np.finfo(np.float64).max)


def _check(n_sensors: int, conditions: Sequence[Condition], sensor: Int32s, condition: Int32s, key: Ints) -> None:
    if not (sensor.ndim == 1 and sensor.shape == condition.shape == key.shape):
        raise ValueError(
            f"slot_sensor, slot_condition, slot_key: {sensor.shape}, {condition.shape}, {key.shape} differ"
        )
    if len(sensor) and not (sensor.min() >= 0 and sensor.max() < n_sensors):
        raise ValueError(f"slot_sensor: must lie in 0 to {n_sensors - 1}")
    if len(condition) and not (condition.min() >= 0 and condition.max() < len(conditions)):
        raise ValueError(f"slot_condition: must lie in 0 to {len(conditions) - 1}")
    ordered = np.sort(key)
    if np.any(ordered[1:] == ordered[:-1]):
        raise ValueError("slot_key: a key stands twice")
