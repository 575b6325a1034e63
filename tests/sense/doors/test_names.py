"""The compiled look-up of names gives what a dictionary gives."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.sense.doors.names import NameIndex, Names

NAME = st.text(max_size=3) | st.text(alphabet="ab", max_size=20) | st.text(max_size=30)


def by_dictionary(known: list[str], asked: list[str]) -> list[int]:
    numbers = {name: number for number, name in enumerate(known)}
    return [numbers.get(name, -1) for name in asked]


@settings(max_examples=200, deadline=None)
@given(st.lists(NAME, unique=True, max_size=40), st.lists(NAME, max_size=60), st.data())
def test_names_are_found_as_in_a_dictionary(known: list[str], others: list[str], data: st.DataObject) -> None:
    asked = [*data.draw(st.permutations(known)), *others] * 2
    for index in (NameIndex(known), NameIndex(known, few=-1)):
        assert index.numbers(asked).tolist() == by_dictionary(known, asked)
        assert index.numbers(Names(pa.array(asked, pa.string()))).tolist() == by_dictionary(known, asked)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 16, 17])
def test_names_that_differ_in_their_last_byte_or_length_alone_are_told_apart(size: int) -> None:
    stem = "x" * size
    known = [stem + letter for letter in "abcdefghijklmnopqrstuvwxyz"]
    asked = [
        *known,
        *(name + "a" for name in known),
        *(name[:-1] for name in known),
        *(name[:-1] + "é" for name in known),
    ]

    assert NameIndex(known, few=0).numbers(asked).tolist() == by_dictionary(known, asked)


def test_many_names_fill_the_table_and_are_all_found() -> None:
    known = [f"underpass-{number:06}:ponding_depth" for number in range(50_000)]
    chosen = np.random.default_rng(1).integers(0, 50_000, 20_000)
    index = NameIndex(known)

    assert (index.numbers([known[number] for number in chosen]) == chosen).all()
    assert (index.numbers([f"{known[number]}x" for number in chosen]) == -1).all()


def test_a_part_of_an_array_is_read_from_where_it_begins() -> None:
    whole = pa.array([f"name-{number}" for number in range(100)])
    part = Names(whole.slice(40, 30))

    assert NameIndex([f"name-{number}" for number in range(100)], few=0).numbers(part).tolist() == list(range(40, 70))
    assert list(part.take(np.array([0, 29]))) == ["name-40", "name-69"]
    assert part[0] == "name-40"
    assert list(part[1:3]) == ["name-41", "name-42"]
    assert Names(pa.array(["", "a"])).empty.tolist() == [True, False]


def test_where_nothing_is_known_nothing_is_found() -> None:
    for index in (NameIndex([]), NameIndex([], few=-1)):
        assert index.numbers(["a"] * 20).tolist() == [-1] * 20
        assert index.numbers([]).tolist() == []
