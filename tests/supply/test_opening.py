"""The synthetic opening stock: within the catalog's ranges, the same every time."""

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.access import Actor, Grant
from anlan.kernel.world import World
from anlan.supply import queries
from anlan.supply.opening import opening_rows

KEEPER = Actor("keeper", (Grant("supply_officer", "310000"),))


def test_the_opening_stock_is_the_same_every_time_and_says_synthetic(catalog: Catalog, city: City) -> None:
    rows = opening_rows(catalog, city)

    assert rows == opening_rows(catalog, city)
    assert all(row["synthetic"] and row["quantity"] > 0 for row in rows)


def test_every_depot_keeps_its_share_of_the_range(catalog: Catalog, city: City) -> None:
    shares = {"city": 1.0, "district": 0.3, "town": 0.03}  # as the catalog has them
    ranges = {entry.item: entry for entry in catalog.stock_ranges.values() if entry.item}
    seen = set()
    for row in opening_rows(catalog, city):
        share, kept = shares[city.assets.asset(row["site"]).attributes["tier"]], ranges[row["item"]]
        assert share * kept.least - 0.5 <= row["quantity"] <= share * kept.most + 0.5
        seen.add(row["site"])
    assert len(seen) == len(city.assets.of_type("warehouse"))


def test_a_new_world_takes_it_in_one_act(world: World, catalog: Catalog, city: City) -> None:
    rows = opening_rows(catalog, city)
    done = world.act(KEEPER, "stock.open", {"rows": rows})

    assert (done.area, done.data["rows"], done.data["synthetic"]) == ("310000", len(rows), True)
    with world.read(KEEPER, "stock") as reader:
        lying = {(row.site, row.item): row.quantity for row in queries.stock_rows(reader)}
    assert lying == {(row["site"], row["item"]): row["quantity"] for row in rows}
