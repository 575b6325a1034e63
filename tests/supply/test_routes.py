"""Supply over HTTP."""

from typing import Any

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.world import World
from anlan.supply.routes import router
from asking import RoomClient

KEEPER = Actor("keeper", (Grant("supply_officer", "310117"),))
CHIEF = Actor("chief", (Grant("commander", "310117"),))
PUDONG = Actor("pd", (Grant("supply_officer", "310115"),))
NOBODY = Actor("public", (Grant("public", "310000"),))
DEPOT, SHELTER = "warehouse-310117001-1", "shelter-310117001-1"


class Client(RoomClient):
    """Asks the room's routes, as the keeper if nobody is named."""

    def json(self, path: str, by: Actor = KEEPER, **params: str | int) -> Any:
        answer = self.get(by, path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def client(world: World) -> Client:
    world.act(KEEPER, "stock.receive", {"warehouse": DEPOT, "item": "blanket", "quantity": 500})
    world.act(KEEPER, "shelter.open", {"shelter": SHELTER})
    world.act(KEEPER, "shelter.admit", {"shelter": SHELTER, "people": 30})
    people = {"low": 10, "best": 100, "high": 200}
    towns = [{"area": "310117001", "grade": "red", "people": people}]
    need = world.act(KEEPER, "need.estimate", {"area": "310117", "towns": towns, "share": 1}).subject
    allocation = world.act(KEEPER, "allocation.propose", {"need": need}).subject
    world.act(CHIEF, "allocation.confirm", {"allocation": allocation})
    return Client(world, router)


def test_sites_are_points_with_what_they_hold(client: Client) -> None:
    found = client.json("sites", kind="shelter", area="310117001")

    assert found["type"] == "FeatureCollection"
    (site,) = [f for f in found["features"] if f["id"] == SHELTER]
    assert site["geometry"]["type"] == "Point"
    assert (site["properties"]["state"], site["properties"]["occupants"]) == ("open", 30)
    assert {f["properties"]["kind"] for f in found["features"]} == {"shelter"}


def test_stock_and_ledger_are_told_by_site_and_item(client: Client) -> None:
    left = client.json("stock", site=DEPOT, item="blanket")["items"]
    lines = client.json("ledger", item="blanket")

    assert sum(row["quantity"] for row in client.json("stock", item="blanket")["items"]) == 500
    assert left[0]["quantity"] == 400
    assert [line["kind"] for line in lines["items"]] == ["receive", "move"]
    assert lines["more"] is False
    assert client.json("ledger", limit=1)["more"] is True


def test_shelters_come_with_their_sums(client: Client) -> None:
    found = client.json("shelters", state="open")

    assert (found["open"], found["occupants"], len(found["items"])) == (1, 30, 1)
    assert found["places"] == found["items"][0]["capacity"]


def test_needs_and_allocations_are_listed_and_told_one_by_one(client: Client) -> None:
    (need,) = client.json("needs", state="allocated")["items"]
    (allocation,) = client.json("allocations", need=need["id"])["items"]
    detail = client.json(f"allocations/{allocation['id']}")

    assert client.json(f"needs/{need['id']}") == need
    assert detail["allocation"] == allocation
    flow = next(f for f in detail["flows"]["features"] if f["properties"]["item"]["item"] == "blanket")
    assert flow["geometry"]["type"] == "LineString"
    assert flow["properties"]["moved"] == 100
    assert sum(p["properties"]["people"] for p in detail["placements"]["features"]) == 100


def test_a_neighbour_sees_nothing_of_it(client: Client) -> None:
    assert all(f["properties"]["area"].startswith("310115") for f in client.json("sites", PUDONG)["features"])
    for path in ("stock", "ledger", "needs", "allocations"):
        assert client.json(path, PUDONG)["items"] == []
    (need,) = client.json("needs")["items"]
    assert client.get(PUDONG, f"needs/{need['id']}").status_code == 403
    (allocation,) = client.json("allocations")["items"]
    assert client.get(PUDONG, f"allocations/{allocation['id']}").status_code == 403


def test_who_did_not_sign_in_is_asked_to(client: Client) -> None:
    for path in ("sites", "stock", "ledger", "shelters", "needs", "allocations"):
        assert client.get(NOBODY, path).status_code == 401


def test_what_is_not_there_is_a_problem(client: Client) -> None:
    answer = client.get(KEEPER, "needs/need-999")

    assert (answer.status_code, answer.json()["code"]) == (404, "supply.need_unknown")
