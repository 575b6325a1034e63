"""Reading the journal by pages, kinds, subjects, times and areas."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel.access import Actor, Grant
from anlan.kernel.canonical import JSON
from anlan.kernel.clock import SimClock
from anlan.kernel.entries import all_entries, entries, last_entry
from anlan.kernel.world import World

CITY = Actor("city", (Grant("administrator", "310000"),))
SONGJIANG = Actor("sj", (Grant("administrator", "310117"),))
AREAS = ("310117", "310115", "310117", "310000", "310117")


@pytest.fixture
def noted(world: World, clock: SimClock) -> World:
    """Five users made a minute apart in three areas, then one role given."""
    for number, area in enumerate(AREAS):
        world.act(CITY, "user.create", {"user": f"user{number}", "name": "x", "area": area})
        clock.advance_to(clock.now() + timedelta(minutes=1))
    world.act(CITY, "user.grant", {"user": "user0", "role": "auditor", "area": "310117"})
    return world


def seqs(found: list[dict[str, JSON]]) -> list[int]:
    return [entry["seq"] for entry in found]


def test_entries_come_in_order_page_by_page(noted: World) -> None:
    with noted.read(CITY, "journal") as reader:
        first = entries(reader, limit=4)
        second = entries(reader, after=first[-1]["seq"], limit=4)

    assert seqs(first) == [1, 2, 3, 4]
    assert seqs(second) == [5, 6]
    assert first[0]["args"]["user"] == "user0"


def test_a_reader_sees_only_entries_of_its_areas(noted: World) -> None:
    with noted.read(SONGJIANG, "journal") as reader:
        assert seqs(entries(reader)) == [1, 3, 5, 6]
        assert last_entry(reader) == 6
    with noted.read(Actor("x", (Grant("administrator", "310104"),)), "journal") as reader:
        assert entries(reader) == []
        assert last_entry(reader) == 0


def test_entries_are_chosen_by_verb_noun_and_subject(noted: World) -> None:
    with noted.read(CITY, "journal") as reader:
        assert seqs(entries(reader, verbs=("user.grant",))) == [6]
        assert seqs(entries(reader, verbs=("user.*",))) == [1, 2, 3, 4, 5, 6]
        assert seqs(entries(reader, verbs=("use.*", "session.*"))) == []
        assert seqs(entries(reader, subject="user:user0")) == [1, 6]


def test_entries_are_chosen_by_time_and_area(noted: World, clock: SimClock) -> None:
    start = clock.now() - timedelta(minutes=5)
    with noted.read(CITY, "journal") as reader:
        found = entries(reader, since=start + timedelta(minutes=1), until=start + timedelta(minutes=3))
        assert seqs(found) == [2, 3, 4]
        assert seqs(entries(reader, area="310117")) == [1, 3, 5, 6]
        assert seqs(entries(reader, area="310000")) == [1, 2, 3, 4, 5, 6]


def test_the_last_page_before_an_entry_is_oldest_first(noted: World) -> None:
    with noted.read(CITY, "journal") as reader:
        assert seqs(entries(reader, before=6, limit=2)) == [4, 5]
        assert seqs(entries(reader, before=10, limit=2, area="310117")) == [5, 6]


@given(after=st.integers(0, 8), limit=st.integers(1, 8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
def test_a_walk_over_pages_of_any_size_is_the_whole_list(noted: World, after: int, limit: int) -> None:
    walked: list[int] = []
    with noted.read(SONGJIANG, "journal") as reader:
        start = after
        while page := entries(reader, after=start, limit=limit):
            walked += seqs(page)
            start = page[-1]["seq"]
        whole = seqs(list(all_entries(reader, after=after)))

    assert walked == whole == [n for n in (1, 3, 5, 6) if n > after]
