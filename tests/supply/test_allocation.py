"""From a forecast to needs, from needs to an allocation, from there to moved stock and delivery tasks."""

import math
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from anlan.assess import queries as assess
from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Outcome
from anlan.kernel.entries import entries
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.world import World
from anlan.supply import queries
from anlan.supply.opening import opening_rows
from anlan.supply.views import Allocation, Flow, Need, Placement
from anlan.task import queries as task

DISTRICT = "310117"
KEEPER = Actor("keeper", (Grant("supply_officer", "310000"),))
OFFICER = Actor("officer", (Grant("supply_officer", DISTRICT),))
CHIEF = Actor("chief", (Grant("commander", DISTRICT),))
MAYOR = Actor("mayor", (Grant("commander", "310000"),))
PUDONG = Actor("pd", (Grant("supply_officer", "310115"),))

TOWNS = [
    {"area": "310117001", "grade": "red", "people": {"low": 300, "best": 900, "high": 2000}},
    {"area": "310117102", "grade": "orange", "people": {"low": 100, "best": 400, "high": 700}},
]


def stocked(world: World, **stock: int) -> None:
    rows = [{"site": "warehouse-310117001-1", "item": item, "quantity": n} for item, n in stock.items()]
    world.act(KEEPER, "stock.open", {"rows": rows})


def needed(world: World, by: Actor = OFFICER, **args: Any) -> Outcome:
    return world.act(by, "need.estimate", {"area": DISTRICT, "towns": TOWNS, "share": 1.0} | args)


def proposed(world: World, need: str, by: Actor = OFFICER, **args: Any) -> Outcome:
    return world.act(by, "allocation.propose", {"need": need} | args)


def read_need(world: World, need: str) -> Need:
    with world.read(KEEPER, "need") as reader:
        return queries.need(reader, need)


def read_allocation(world: World, id_: str) -> tuple[Allocation, list[Flow], list[Placement]]:
    with world.read(KEEPER, "allocation") as reader:
        return queries.allocation(reader, id_)


def test_a_need_is_the_people_times_the_norms(world: World) -> None:
    done = needed(world)
    need = read_need(world, done.subject)

    assert done.data["people"] == {"low": 400, "best": 1300, "high": 2700}
    assert (need.low, need.best, need.high, need.days) == (400, 1300, 2700, 3)
    assert {goods.item: goods.quantity for goods in need.items}["blanket"] == 1300
    assert (done.data["grade"], done.data["short"]) == ("red", True)


FORECASTER = Actor("forecaster", (Grant("analyst", "310000"),))


def test_a_forecast_s_towns_and_people_make_the_need_once(world: World) -> None:
    rain = {"issued": world.clock.now(), "source": "a test", "synthetic": True, "step_s": 3600, "tide": []}
    world.act(FORECASTER, "outlook.record", rain | {"rain": [{"area": DISTRICT, "hours": [60.0] * 6}]})
    told = world.act(FORECASTER, "forecast.run", {"area": DISTRICT})
    done = world.act(OFFICER, "need.estimate", {"forecast": told.subject})
    need = read_need(world, done.subject)

    assert {(t.area, t.grade) for t in need.towns} == {(t["area"], t["grade"]) for t in told.data["towns"]}
    people = [town["people"]["best"] for town in told.data["towns"]]
    assert need.best == sum(math.ceil(n * 0.2) for n in people) > 0  # a fifth of them, town by town
    with world.read(MAYOR, "forecast") as reader:
        hit = [row for row in assess.impact_assets(reader, told.subject) if row["critical"]]
    kinds = Counter(row["type"] for row in hit)
    pumps = kinds["underpass"] + kinds["substation"] + kinds["hospital"]  # one each, by the catalog's table
    assert {goods.item: goods.quantity for goods in need.items}["pump"] == pumps > 0
    again = world.act(OFFICER, "need.estimate", {"forecast": told.subject})
    assert (again.subject, again.data["reused"], again.data["short"]) == (done.subject, True, False)


def test_nobody_is_sent_to_a_shelter_in_water(world: World) -> None:
    rain = {"issued": world.clock.now(), "source": "a test", "synthetic": True, "step_s": 3600, "tide": []}
    world.act(FORECASTER, "outlook.record", rain | {"rain": [{"area": DISTRICT, "hours": [90.0] * 6}]})
    told = world.act(FORECASTER, "forecast.run", {"area": DISTRICT})
    need = world.act(OFFICER, "need.estimate", {"forecast": told.subject, "share": 1.0}).subject
    _, _, people = read_allocation(world, proposed(world, need).subject)
    with world.read(MAYOR, "forecast") as reader:
        rows = assess.impact_assets(reader, told.subject)
    wet = {row["asset"] for row in rows if row["type"] == "shelter" and row["grade"] is not None}

    assert wet
    assert not wet & {placement.target.id for placement in people}


def test_only_the_share_who_need_a_shelter_is_sheltered(world: World) -> None:
    assert needed(world, share=0.2).data["people"]["best"] == 260


def test_a_newer_estimate_of_the_area_takes_the_place_of_the_older(world: World) -> None:
    first = needed(world).subject
    old = proposed(world, first).subject
    second = needed(world).subject

    assert (read_need(world, first).state, read_need(world, second).state) == ("superseded", "open")
    assert read_allocation(world, old)[0].state == "superseded"
    with pytest.raises(Conflict):
        proposed(world, first)
    with pytest.raises(Conflict):
        world.act(CHIEF, "allocation.confirm", {"allocation": old})


def test_people_are_placed_within_the_shelters_of_the_district(world: World) -> None:
    found, _, people = read_allocation(world, proposed(world, needed(world).subject).subject)

    assert sum(p.people for p in people) == found.people == 1300
    with world.read(KEEPER, "shelter") as reader:
        capacity = {row.id: row.capacity for row in queries.shelter_rows(reader, area=DISTRICT)}
    for shelter, places in capacity.items():
        assert sum(p.people for p in people if p.target.id == shelter) <= places
    assert {p.target.id for p in people} <= set(capacity)


def test_stock_goes_where_the_people_are_and_what_lacks_is_said(world: World) -> None:
    stocked(world, blanket=1000, mask=100_000)
    done = proposed(world, needed(world).subject)
    _, sent, people = read_allocation(world, done.subject)
    unmet = {row["item"]: row["quantity"] for row in done.data["unmet"]}

    assert unmet["blanket"] == 300
    assert "mask" not in unmet
    by_shelter = {p.target.id for p in people}
    assert {flow.target.id for flow in sent} <= by_shelter
    assert sum(flow.item.quantity for flow in sent if flow.item.item == "blanket") == 1000
    red = sum(p.people for p in people if p.source.id == "310117001")
    to_red = sum(
        f.item.quantity
        for f in sent
        if f.item.item == "blanket" and f.target.id in {p.target.id for p in people if p.source.id == "310117001"}
    )
    assert to_red >= red == 900  # the worse grade is served whole


def test_confirming_moves_the_stock_and_files_one_task_for_each_delivery(world: World) -> None:
    stocked(world, blanket=5000, mask=100_000)
    allocation = proposed(world, needed(world).subject).subject
    done = world.act(CHIEF, "allocation.confirm", {"allocation": allocation})
    found, sent, _ = read_allocation(world, allocation)

    assert found.state == done.data["state"] == "confirmed"
    assert all(flow.moved == flow.item.quantity for flow in sent)
    with world.read(KEEPER, "stock") as reader:
        for flow in sent:
            (row,) = queries.stock_rows(reader, site=flow.target.id, item=flow.item.item)
            assert row.quantity == flow.item.quantity
    with world.read(MAYOR, "task") as reader:
        tasks = task.find_tasks(reader, source=allocation)
    assert len(tasks) == done.data["tasks"] == len({flow.target.id for flow in sent})
    assert {t.subject for t in tasks} == {flow.target.id for flow in sent}
    assert {t.due - world.clock.now() for t in tasks} == {timedelta(minutes=120)}
    with pytest.raises(Conflict):
        world.act(CHIEF, "allocation.confirm", {"allocation": allocation})


def test_what_went_meanwhile_is_said_and_the_rest_moves(world: World) -> None:
    stocked(world, blanket=1300)
    allocation = proposed(world, needed(world).subject).subject
    world.act(KEEPER, "stock.consume", {"site": "warehouse-310117001-1", "item": "blanket", "quantity": 500})
    done = world.act(CHIEF, "allocation.confirm", {"allocation": allocation})
    _, sent, _ = read_allocation(world, allocation)

    assert done.data["state"] == "partial"
    assert done.data["gone"] == [{"item": "blanket", "quantity": 500}]
    assert sum(flow.moved or 0 for flow in sent) == 800


def test_what_is_there_already_is_not_sent_again(world: World) -> None:
    stocked(world, **dict.fromkeys(("blanket", "folding_bed", "mask", "drinking_water", "ready_meal"), 1_000_000))
    stocked(world, **dict.fromkeys(("portable_toilet", "water_point", "family_kit"), 100_000))
    first = proposed(world, needed(world).subject)
    world.act(CHIEF, "allocation.confirm", {"allocation": first.subject})
    again = needed(world)
    second = proposed(world, again.subject)

    assert first.data["flows"] > 0
    assert again.data["short"] is False
    assert (second.data["flows"], second.data["unmet"]) == (0, [])


def test_a_shelter_is_told_once_of_the_people_it_gets(world: World) -> None:
    first = proposed(world, needed(world, share=0.5).subject).subject
    told = world.act(CHIEF, "allocation.confirm", {"allocation": first}).data["shelters"]
    world.clock.advance_to(world.clock.now() + timedelta(minutes=20))  # type: ignore[attr-defined]
    same = proposed(world, needed(world, share=0.5).subject).subject
    again = world.act(CHIEF, "allocation.confirm", {"allocation": same}).data["shelters"]
    world.clock.advance_to(world.clock.now() + timedelta(minutes=20))  # type: ignore[attr-defined]
    more = proposed(world, needed(world).subject).subject
    further = world.act(CHIEF, "allocation.confirm", {"allocation": more}).data["shelters"]

    assert sum(shelter["people"] for shelter in told) == 650
    assert again == []
    assert sum(shelter["people"] for shelter in further) == 650


def test_a_district_draws_on_its_own_and_the_city_on_all(world: World, catalog: Catalog, city: City) -> None:
    world.act(KEEPER, "stock.open", {"rows": opening_rows(catalog, city)})
    need = needed(world).subject
    own = proposed(world, need)
    with pytest.raises(Forbidden):
        proposed(world, need, stock_area="310000")
    wide = proposed(world, need, by=KEEPER, stock_area="310000")

    assert (own.area, wide.area) == (DISTRICT, "310000")
    assert len(wide.data["unmet"]) < len(own.data["unmet"])
    with pytest.raises(Forbidden):
        world.act(CHIEF, "allocation.confirm", {"allocation": wide.subject})
    world.act(MAYOR, "allocation.confirm", {"allocation": wide.subject})


def test_a_neighbour_neither_sees_nor_touches_a_need(world: World) -> None:
    need = needed(world).subject
    allocation = proposed(world, need).subject
    with pytest.raises(Forbidden):
        proposed(world, need, by=PUDONG)
    with pytest.raises(Forbidden):
        needed(world, by=PUDONG)
    with world.read(PUDONG, "need") as reader:
        assert queries.need_list(reader) == []
        with pytest.raises(Forbidden):
            queries.need(reader, need)
    with world.read(PUDONG, "allocation") as reader, pytest.raises(Forbidden):
        queries.allocation(reader, allocation)


@pytest.mark.parametrize(
    "args",
    [
        {"towns": []},
        {"forecast": "forecast-1"},
        {"towns": [{"area": "310117001", "people": {"low": 5, "best": 1, "high": 9}}]},
        {"towns": [{"area": "310115004", "people": {"low": 1, "best": 1, "high": 9}}]},
        {"share": 1.5},
        {"days": 0},
    ],
)
def test_a_need_that_makes_no_sense_is_refused(world: World, args: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        needed(world, **args)
    with world.read(KEEPER, "need") as reader:
        assert queries.need_list(reader) == []


def test_what_does_not_exist_is_told(world: World) -> None:
    with pytest.raises(NotFound):
        world.act(OFFICER, "need.estimate", {"forecast": "forecast-9"})
    with pytest.raises(NotFound):
        proposed(world, "need-9")
    with pytest.raises(NotFound):
        world.act(CHIEF, "allocation.confirm", {"allocation": "allocation-9"})


def test_the_entries_tell_what_the_timeline_needs(world: World) -> None:
    stocked(world, blanket=5000)
    allocation = proposed(world, needed(world).subject).subject
    world.act(CHIEF, "allocation.confirm", {"allocation": allocation})
    with world.read(MAYOR, "journal") as reader:
        told = {e["verb"]: e for e in entries(reader)}

    assert told["stock.move"]["because"] == told["allocation.confirm"]["seq"]
    assert told["stock.move"]["data"]["from_name_zh"]
    assert told["task.open"]["data"]["title_en"].startswith("Deliver supplies")
    assert told["allocation.propose"]["data"]["placed"] == 1300
