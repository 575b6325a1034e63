"""Groups as arrays: their terms, the members of each, and where a slot is a member."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anlan.science.arrays import Ints
from anlan.science.rules.conditions import MAX_LEVELS, Group, Int32s
from anlan.science.rules.layout import mark, microseconds

G_TERMS, G_TERMS_END, G_MEMBERS, G_MEMBERS_END, G_ANY, G_LEVELS, G_WINDOW, G_HOLD, G_CLEAR_HOLD = range(9)
G_WIDTH = 9
T_GROUP, T_LEVEL, T_NEEDS = range(3)


@dataclass(frozen=True, eq=False)
class Compounds:
    """Groups as arrays.

    Attributes
    ----------
    groups : (g, 9) int64
        By the columns ``G_…``.
    terms : (t, 2 + most levels) int64
        Group, level, and the count needed for each level of the group.
    member_slot, member_term : (m,) int32
        Memberships, by group and term: the slot's place in the plan, and the term.
    member_key : (m,) int64
        Stable identities of the memberships.
    of_at : (s + 1,) int32
        For each slot in the plan's order, the first of its memberships in ``of``.
    of : (m,) int32
        Places in ``member_slot``.
    marks : (g, 2 + most levels) int64
        What decides whether memory outlives a change of rules: the key, the whole but for the members, the grades.
    """

    groups: Ints
    terms: Ints
    member_slot: Int32s
    member_term: Int32s
    member_key: Ints
    of_at: Int32s
    of: Int32s
    marks: Ints

    @classmethod
    def build(cls, groups: Sequence[Group], place: Int32s, key: Ints) -> "Compounds":
        """Return groups as arrays.

        Parameters
        ----------
        groups : sequence of Group
        place : (s,) int32
            The plan's place of each of the caller's slots.
        key : (s,) int64
            The identity of each of the caller's slots.
        """
        if len({group.key for group in groups}) < len(groups):
            raise ValueError("groups: a key stands twice")
        widest = max((len(group.levels) for group in groups), default=1)
        rows = np.zeros((len(groups), G_WIDTH), np.int64)
        terms = np.zeros((sum(len(group.terms) for group in groups), T_NEEDS + widest), np.int64)
        slots: list[Int32s] = []
        keys: list[Ints] = []
        t = m = 0
        for g, group in enumerate(groups):
            first_term, first_member, name = t, m, mark(group.key)
            for number, term in enumerate(group.terms):
                given = _different(np.asarray(term.slots, np.int64))
                if len(given) and not (given[0] >= 0 and given[-1] < len(place)):
                    raise ValueError(f"groups: {group.key}: a member is no slot")
                slots.append(place[given])
                keys.append(key[given] * _ODD ^ mark(name, number, term.level))
                terms[t, :T_NEEDS] = g, term.level
                terms[t, T_NEEDS : T_NEEDS + len(term.need)] = term.need
                t, m = t + 1, m + len(given)
            spans = (first_term, t, first_member, m)
            rows[g] = (*spans, group.mode == "any", len(group.levels), *_times(group))
        marks = np.array([_marks(group) for group in groups], np.int64).reshape(len(groups), 2 + MAX_LEVELS)
        return cls._indexed(rows, terms, slots, keys, len(place), marks)

    @classmethod
    def _indexed(
        cls, rows: Ints, terms: Ints, slots: list[Int32s], keys: list[Ints], n_slots: int, marks: Ints
    ) -> "Compounds":
        slot = np.concatenate([np.zeros(0, np.int32), *slots])
        term = np.repeat(np.arange(len(terms), dtype=np.int32), [len(some) for some in slots])
        of = np.argsort(slot, kind="stable").astype(np.int32)
        of_at = np.searchsorted(slot[of], np.arange(n_slots + 1)).astype(np.int32)
        return cls(rows, terms, slot, term, np.concatenate([np.zeros(0, np.int64), *keys]), of_at, of, marks)


_ODD = np.int64(-7046029254386353131)
"""2^64 over the golden ratio, as a signed number: spreads keys over all bits (Knuth, The Art of Computer
Programming, vol. 3, 6.4)."""


def _different(slots: Ints) -> Ints:
    """Return numbers in order, each once."""
    return slots if np.all(slots[1:] > slots[:-1]) else np.unique(slots)


def _times(group: Group) -> tuple[int, int, int]:
    return microseconds(group.window_s), microseconds(group.hold_s), microseconds(group.clear_hold_s)


def _marks(group: Group) -> list[int]:
    terms = tuple((term.level, tuple(term.need)) for term in group.terms)
    whole = mark(group.levels, group.mode, terms, group.window_s, group.hold_s, group.clear_hold_s)
    grades = [mark(grade) for grade in group.levels]
    return [mark(group.key), whole, *grades, *[0] * (MAX_LEVELS - len(grades))]
