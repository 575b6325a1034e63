"""Shelters: open, within their places, closed only when empty."""

import math
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import AnlanError, Conflict, Forbidden, Invalid
from anlan.kernel.world import World
from anlan.supply import queries
from anlan.supply.model import shelters
from anlan.supply.sites import places
from anlan.supply.views import ShelterRow

OFFICER = Actor("officer", (Grant("street_officer", "310117001"),))
NEIGHBOUR = Actor("neighbour", (Grant("street_officer", "310117002"),))
SHELTER = "shelter-310117001-1"


def seen(world: World, by: Actor = OFFICER) -> ShelterRow:
    with world.read(by, "shelter") as reader:
        return next(row for row in queries.shelter_rows(reader) if row.id == SHELTER)


def test_a_shelter_opens_empty_fills_and_empties(world: World) -> None:
    assert seen(world).state == "closed"
    world.act(OFFICER, "shelter.open", {"shelter": SHELTER})
    world.act(OFFICER, "shelter.admit", {"shelter": SHELTER, "people": 40})
    told = world.act(OFFICER, "shelter.admit", {"shelter": SHELTER, "people": -15}).data

    assert (told["occupants"], told["people"], seen(world).occupants) == (25, -15, 25)
    assert seen(world).free == seen(world).capacity - 25


def test_nobody_is_admitted_beyond_the_places(world: World) -> None:
    world.act(OFFICER, "shelter.open", {"shelter": SHELTER})
    capacity = seen(world).capacity
    world.act(OFFICER, "shelter.admit", {"shelter": SHELTER, "people": capacity})
    with pytest.raises(Conflict) as caught:
        world.act(OFFICER, "shelter.admit", {"shelter": SHELTER, "people": 1})

    assert caught.value.params["free"] == 0
    assert seen(world).occupants == capacity


def test_a_shelter_with_people_closes_only_when_they_are_told_to_leave(world: World) -> None:
    world.act(OFFICER, "shelter.open", {"shelter": SHELTER})
    world.act(OFFICER, "shelter.admit", {"shelter": SHELTER, "people": 3})
    with pytest.raises(Conflict, match="3 people"):
        world.act(OFFICER, "shelter.close", {"shelter": SHELTER})
    told = world.act(OFFICER, "shelter.close", {"shelter": SHELTER, "empty": True}).data

    assert (told["people"], told["state"]) == (-3, "closed")
    assert seen(world).occupants == 0


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("shelter.admit", {"people": 1}),
        ("shelter.close", {}),
    ],
)
def test_a_closed_shelter_does_nothing_but_open(world: World, verb: str, args: dict[str, Any]) -> None:
    with pytest.raises(Conflict):
        world.act(OFFICER, verb, {"shelter": SHELTER} | args)
    world.act(OFFICER, "shelter.open", {"shelter": SHELTER})
    with pytest.raises(Conflict):
        world.act(OFFICER, "shelter.open", {"shelter": SHELTER})
    with pytest.raises(Invalid):
        world.act(OFFICER, "shelter.admit", {"shelter": SHELTER, "people": 0})


def test_a_shelter_is_its_own_town_s(world: World) -> None:
    with pytest.raises(Forbidden):
        world.act(NEIGHBOUR, "shelter.open", {"shelter": SHELTER})
    with world.read(NEIGHBOUR, "shelter") as reader:
        assert {row.area for row in queries.shelter_rows(reader)} == {"310117002"}


def test_the_database_refuses_a_shelter_beyond_its_places_by_itself(world: World) -> None:
    world.act(OFFICER, "shelter.open", {"shelter": SHELTER})
    with pytest.raises(sa.exc.IntegrityError), world.store.write() as conn:
        conn.execute(sa.update(shelters).values(occupants=shelters.c.capacity + 1))


def test_places_never_exceed_what_the_class_allows(catalog: Catalog, city: City) -> None:
    # GB 51143-2015 as the catalog has it: 2 square metres a person in a short stay, 4.5 in a long one.
    least = {"I": 4.5, "II": 3.0, "III": 2.0, "E": 2.0}
    for row in city.assets.of_type("shelter"):
        shelter = city.assets.at(int(row))
        most = math.floor(shelter.attributes["effective_area_m2"] / least[shelter.attributes["shelter_class"]])
        assert places(catalog, shelter) == min(most, shelter.attributes["capacity_people"])


class ShelterMachine(RuleBasedStateMachine):
    """Anything that anybody may try with one shelter, against a plain counter."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        with self.world.store.write() as conn:
            conn.exec_driver_sql("DELETE FROM shelters")
        self.people, self.open = 0, False
        self.capacity = seen(self.world).capacity

    def attempt(self, verb: str, **args: Any) -> bool:
        try:
            self.world.act(OFFICER, verb, {"shelter": SHELTER} | args)
        except AnlanError:
            return False
        return True

    @rule()
    def opening(self) -> None:
        assert self.attempt("shelter.open") is not self.open
        self.open = True

    @rule(people=st.integers(-400, 400))
    def admit(self, people: int) -> None:
        fits = self.open and people != 0 and 0 <= self.people + people <= self.capacity
        assert self.attempt("shelter.admit", people=people) is fits
        self.people += people if fits else 0

    @rule(empty=st.booleans())
    def close(self, empty: bool) -> None:
        allowed = self.open and (empty or self.people == 0)
        assert self.attempt("shelter.close", empty=empty) is allowed
        if allowed:
            self.open, self.people = False, 0

    @invariant()
    def the_room_counts_as_we_do(self) -> None:
        row = seen(self.world)
        assert (row.state == "open", row.occupants) == (self.open, self.people)
        assert 0 <= row.occupants <= row.capacity == self.capacity


def test_a_shelter_is_what_a_counter_says_whatever_is_tried(world: World) -> None:
    class Machine(ShelterMachine):
        pass

    Machine.world = world
    quick = settings(
        max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Machine, settings=quick)  # type: ignore[no-untyped-call]
