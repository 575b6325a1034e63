"""Stock: nothing below zero, nothing lost, every change a line of the ledger."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import AnlanError, Conflict, Forbidden, Invalid
from anlan.kernel.world import World
from anlan.supply import queries
from anlan.supply.ledger import replay
from anlan.supply.model import stock

KEEPER = Actor("keeper", (Grant("supply_officer", "310000"),))
SONGJIANG = Actor("sj", (Grant("supply_officer", "310117"),))
TOWN = Actor("town", (Grant("supply_officer", "310117001"),))

TOWN_DEPOT = "warehouse-310117001-1"
OTHER_DEPOT = "warehouse-310117002-1"
SHELTER = "shelter-310117001-1"
PUDONG_DEPOT = "warehouse-310115004-1"


def receive(world: World, quantity: int = 100, by: Actor = KEEPER, **args: Any) -> None:
    given = {"warehouse": TOWN_DEPOT, "item": "blanket", "quantity": quantity}
    world.act(by, "stock.receive", given | args)


def lying(world: World, by: Actor = KEEPER) -> dict[tuple[str, str], int]:
    with world.read(by, "stock") as reader:
        return {(row.site, row.item): row.quantity for row in queries.stock_rows(reader)}


def test_what_is_received_lies_in_the_warehouse(world: World) -> None:
    receive(world)
    receive(world, 20)

    assert lying(world) == {(TOWN_DEPOT, "blanket"): 120}


def test_a_move_takes_from_one_site_and_gives_to_the_other(world: World) -> None:
    receive(world)
    move = {"from_site": TOWN_DEPOT, "to_site": SHELTER, "item": "blanket", "quantity": 30, "reason": "night"}
    done = world.act(TOWN, "stock.move", move)

    assert lying(world) == {(TOWN_DEPOT, "blanket"): 70, (SHELTER, "blanket"): 30}
    assert done.area == "310117001"


def test_a_move_of_several_lines_is_all_or_nothing(world: World) -> None:
    receive(world)
    lines = [{"item": "blanket", "quantity": 10}, {"item": "quilt", "quantity": 1}]
    with pytest.raises(Conflict, match="quilt"):
        world.act(KEEPER, "stock.move", {"from_site": TOWN_DEPOT, "to_site": SHELTER, "lines": lines})

    assert lying(world) == {(TOWN_DEPOT, "blanket"): 100}


def test_more_than_there_is_cannot_leave(world: World) -> None:
    receive(world)
    with pytest.raises(Conflict) as caught:
        world.act(KEEPER, "stock.consume", {"site": TOWN_DEPOT, "item": "blanket", "quantity": 101})

    assert caught.value.params["have"] == 100
    assert lying(world) == {(TOWN_DEPOT, "blanket"): 100}


def test_the_database_refuses_stock_below_zero_by_itself(world: World) -> None:
    receive(world)
    with pytest.raises(sa.exc.IntegrityError), world.store.write() as conn:
        conn.execute(sa.update(stock).values(quantity=-1))


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"item": "blankets"}, "supply.item_unknown"),
        ({"warehouse": SHELTER}, "supply.site_unknown"),
        ({"warehouse": "hospital-310117001-1"}, "supply.site_unknown"),
        ({"quantity": 0}, "args.invalid"),
        ({"quantity": -5}, "args.invalid"),
        ({"quantity": 1.5}, "args.invalid"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, args: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        receive(world, **args)

    assert caught.value.code == code
    assert lying(world) == {}


def test_nobody_takes_from_a_neighbour(world: World) -> None:
    receive(world)
    take = {"from_site": TOWN_DEPOT, "to_site": OTHER_DEPOT, "item": "blanket", "quantity": 1}
    with pytest.raises(Forbidden):
        world.act(TOWN, "stock.move", take)
    with pytest.raises(Forbidden):
        receive(world, by=TOWN, warehouse=OTHER_DEPOT)
    with pytest.raises(Forbidden):
        world.act(SONGJIANG, "stock.move", take | {"to_site": PUDONG_DEPOT})


def test_stock_of_a_neighbour_is_not_seen(world: World) -> None:
    receive(world)
    receive(world, warehouse=PUDONG_DEPOT)

    assert lying(world, TOWN) == {(TOWN_DEPOT, "blanket"): 100}
    with world.read(TOWN, "stock") as reader:
        assert {row.to_site for row in queries.ledger(reader)} == {TOWN_DEPOT}
        assert {site.area for site in queries.sites(reader)} == {"310117001"}


def test_a_depot_of_the_city_is_not_the_town_s(world: World) -> None:
    with world.read(KEEPER, "stock") as reader:
        depot = next(site for site in queries.sites(reader, kind="warehouse") if site.tier == "city")
    assert depot.area == "310000"
    host = Actor("host", (Grant("supply_officer", depot.town),))
    with pytest.raises(Forbidden):
        receive(world, by=host, warehouse=depot.id)


def test_the_ledger_is_read_page_by_page_without_a_gap(world: World) -> None:
    rows = [{"site": TOWN_DEPOT, "item": item, "quantity": 5} for item in ("blanket", "quilt", "mask", "pump")]
    world.act(KEEPER, "stock.open", {"rows": rows})
    receive(world)
    with world.read(KEEPER, "stock") as reader:
        whole = queries.ledger(reader)
        paged, after = [], (0, 0)
        while page := queries.ledger(reader, after=after, limit=2):
            paged += page
            after = (page[-1].seq, page[-1].line)

    assert paged == whole
    assert len(whole) == 5


def test_synthetic_stock_says_so_wherever_it_goes(world: World) -> None:
    row = {"site": TOWN_DEPOT, "item": "blanket", "quantity": 5, "synthetic": True}
    world.act(KEEPER, "stock.open", {"rows": [row]})
    world.act(KEEPER, "stock.move", {"from_site": TOWN_DEPOT, "to_site": SHELTER, "item": "blanket", "quantity": 1})
    with world.read(KEEPER, "stock") as reader:
        assert all(row.synthetic for row in queries.stock_rows(reader))
        assert all(row.synthetic for row in queries.ledger(reader))


SITES = (TOWN_DEPOT, OTHER_DEPOT, SHELTER)
ITEMS = ("blanket", "mask")


class StockMachine(RuleBasedStateMachine):
    """Anything that anybody may try, against one counter of what came in and what was used up."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        with self.world.store.write() as conn:
            conn.exec_driver_sql("DELETE FROM stock")
            conn.exec_driver_sql("DELETE FROM stock_moves")
        self.inside = dict.fromkeys(ITEMS, 0)

    def attempt(self, verb: str, args: dict[str, Any]) -> bool:
        try:
            self.world.act(KEEPER, verb, args)
        except AnlanError:
            return False
        return True

    @rule(site=st.sampled_from(SITES), item=st.sampled_from(ITEMS), quantity=st.integers(-3, 50))
    def receive(self, site: str, item: str, quantity: int) -> None:
        if self.attempt("stock.receive", {"warehouse": site, "item": item, "quantity": quantity}):
            self.inside[item] += quantity

    @rule(a=st.sampled_from(SITES), b=st.sampled_from(SITES), item=st.sampled_from(ITEMS), quantity=st.integers(0, 60))
    def move(self, a: str, b: str, item: str, quantity: int) -> None:
        self.attempt("stock.move", {"from_site": a, "to_site": b, "item": item, "quantity": quantity})

    @rule(site=st.sampled_from(SITES), item=st.sampled_from(ITEMS), quantity=st.integers(0, 60))
    def consume(self, site: str, item: str, quantity: int) -> None:
        if self.attempt("stock.consume", {"site": site, "item": item, "quantity": quantity}):
            self.inside[item] -= quantity

    @invariant()
    def what_came_in_and_was_not_used_lies_somewhere(self) -> None:
        with self.world.store.read() as conn:
            rows = conn.execute(sa.select(stock)).all()
            replayed = replay(conn)
        assert all(row.quantity >= 0 for row in rows)
        assert {(r.site, r.item): r.quantity for r in rows if r.quantity} == {k: v for k, v in replayed.items() if v}
        for item, quantity in self.inside.items():
            assert sum(row.quantity for row in rows if row.item == item) == quantity


def test_stock_is_conserved_whatever_is_tried(world: World) -> None:
    class Machine(StockMachine):
        pass

    Machine.world = world
    quick = settings(
        max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Machine, settings=quick)  # type: ignore[no-untyped-call]
