"""Matching people and goods: within places and stock, nearest first, the worse grade before the milder."""

from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.supply.matching import Match, Place, rank, send_goods, shelter_people

# One degree of latitude is 111.2 km on the sphere: here a hundredth, 1 112 m.
WEST, MIDDLE, EAST = Place("west", 121.0, 31.0), Place("middle", 121.01, 31.0), Place("east", 121.05, 31.0)


def ways(match: Match) -> dict[tuple[str, str], int]:
    return {(way.source, way.target): way.amount for way in match.ways}


def test_people_go_to_the_nearest_shelter_and_the_rest_to_the_next() -> None:
    found = shelter_people([WEST], [100], ["red"], [MIDDLE, EAST], [60, 500], reach_m=10_000)

    assert ways(found) == {("west", "middle"): 60, ("west", "east"): 40}
    assert found.missing == 0
    assert {way.target: way.distance_m for way in found.ways} == {"middle": 953, "east": 4766}  # cos 31 deg x 1 112 m


def test_people_out_of_reach_are_left() -> None:
    found = shelter_people([WEST], [100], ["red"], [EAST], [500], reach_m=3000)

    assert found.ways == ()
    assert found.left == {"west": 100}


def test_the_worse_grade_gets_the_place_even_from_farther() -> None:
    towns = [Place("mild", 121.04, 31.0), Place("bad", 121.0, 31.0)]
    found = shelter_people(towns, [50, 50], ["blue", "red"], [EAST], [50], reach_m=10_000)

    assert ways(found) == {("bad", "east"): 50}
    assert found.left == {"mild": 50}


def test_goods_at_the_place_itself_count_first_and_need_no_way() -> None:
    found = send_goods([EAST, MIDDLE], [30, 100], [EAST], [50], ["red"])

    assert ways(found) == {("middle", "east"): 20}
    assert found.missing == 0


def test_a_shelter_gives_nothing_away() -> None:
    found = send_goods([MIDDLE, EAST], [100, 10], [WEST], [50], ["red"], own_use_only=frozenset({"middle"}))

    assert ways(found) == {("east", "west"): 10}
    assert found.missing == 40


def test_without_depots_or_towns_there_is_an_answer() -> None:
    assert send_goods([], [], [EAST], [5], ["red"]).left == {"east": 5}
    assert shelter_people([], [], [], [EAST], [5], reach_m=1).ways == ()


def test_grades_rank_from_none_to_red() -> None:
    assert [rank(g) for g in (None, "blue", "yellow", "orange", "red")] == [1, 2, 3, 4, 5]


amounts = st.lists(st.integers(0, 40), min_size=1, max_size=4)


@given(stock=amounts, need=amounts, data=st.data())
@settings(deadline=None, max_examples=60)
def test_nothing_is_sent_that_is_not_there_and_nobody_waits_beside_idle_stock(
    stock: list[int], need: list[int], data: st.DataObject
) -> None:
    here = st.floats(0, 0.3).map(lambda x: round(x, 3))
    depots = [Place(f"d{i}", 121 + data.draw(here), 31 + data.draw(here)) for i in range(len(stock))]
    targets = [Place(f"t{i}", 121 + data.draw(here), 31 + data.draw(here)) for i in range(len(need))]
    found = send_goods(depots, stock, targets, need, [None] * len(need))

    for depot, have in zip(depots, stock, strict=True):
        assert sum(way.amount for way in found.ways if way.source == depot.id) <= have
    for target, wanted in zip(targets, need, strict=True):
        got = sum(way.amount for way in found.ways if way.target == target.id)
        assert got + found.left.get(target.id, 0) == wanted
    assert found.missing == max(0, sum(need) - sum(stock))
