"""Names become numbers before the station is asked, and names again in what it refuses."""

from dataclasses import dataclass

import numpy as np
import pytest

from anlan.sense.doors.resolving import Resolver, named
from anlan.sense.stream.batch import Refusal, Rows


@dataclass(frozen=True)
class Known:
    ids: tuple[str, ...]


def rows(*names: str) -> Rows:
    count = len(names)
    return Rows(list(names), np.arange(count), np.zeros(count), np.zeros(count, np.uint8))


def test_unknown_names_are_refused_by_their_places_and_the_others_numbered() -> None:
    before = (Refusal(2, "observation.at", "noon", "x"),)
    given = Rows(["b", "zz", "a"], np.arange(3), np.zeros(3), np.zeros(3, np.uint8), before, np.array([0, 1, 3]))

    found = Resolver().resolved(given, Known(("a", "b")))

    assert isinstance(found.sensor, np.ndarray)
    assert found.place is not None
    assert (found.sensor.tolist(), found.place.tolist()) == ([1, 0], [0, 3])
    assert found.refused == (Refusal(1, "observation.sensor", "", "zz"), *before)


def test_a_new_snapshot_counts_at_once() -> None:
    resolver = Resolver()
    first, second = Known(("a",)), Known(("a", "b"))

    assert len(resolver.resolved(rows("b"), first)) == 0
    assert len(resolver.resolved(rows("b"), second)) == 1


@pytest.mark.parametrize("known", [None, Known(("a",))])
def test_what_has_numbers_already_stays_as_it_is(known: Known | None) -> None:
    given = Rows(np.array([5], np.int32), np.arange(1), np.zeros(1), np.zeros(1, np.uint8))

    assert Resolver().resolved(given, known) is given


def test_refusals_of_the_station_tell_names() -> None:
    refused = (Refusal(0, "observation.future", "1", "1"), Refusal(1, "observation.sensor", "", "zz"))

    assert [one.sensor for one in named(refused, Known(("a", "b")))] == ["b", "zz"]
    assert named(refused, None) == refused
