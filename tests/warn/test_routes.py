"""Warnings over HTTP: for the office, and for the public."""

import asyncio
import hashlib
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from lxml import etree

from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.warn import queries
from anlan.warn.cap_read import parse
from anlan.warn.routes import router

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "/api/v1/warn"


class Client:
    """Asks the room's routes, as the public if nobody is named."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.app = FastAPI()
        self.app.state.world = office.world
        self.app.include_router(router)
        self.app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]

    def get(self, path: str, who: str = "public", **params: str) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://anlan") as client:
                return await client.get(path, params=params or None)

        self.app.dependency_overrides[actor_of] = lambda: getattr(self.office, who)
        return asyncio.run(ask())


@pytest.fixture
def client(office: Any) -> Client:
    return Client(office)


def test_the_office_lists_and_opens_its_warnings(client: Client, office: Any) -> None:
    warning = office.issued()

    (item,) = client.get(f"{BASE}/warnings", who="wang").json()["items"]
    assert (item["id"], item["state"], item["texts"]["zh"]["headline"][:5]) == (warning, "issued", "松江区应急")
    full = client.get(f"{BASE}/warnings/{warning}", who="wang").json()
    assert [s["step"] for s in full["steps"]] == ["draft", "submit", "approve", "issue"]
    assert full["facts"]["people"]["best"] == 2140
    assert full["messages"][0]["msg_type"] == "Alert"


def test_the_public_is_asked_to_sign_in_at_the_offices_door(client: Client, office: Any) -> None:
    warning = office.issued()

    assert client.get(f"{BASE}/warnings").status_code == 401
    assert client.get(f"{BASE}/warnings/{warning}").status_code == 401


def test_the_public_gets_the_message_as_sent_once_it_is_issued(client: Client, office: Any) -> None:
    warning = office.draft("submit", "approve")
    assert client.get(f"{BASE}/warnings/{warning}/cap.xml").status_code == 404
    done = office.act(office.li, "issue", warning)

    answer = client.get(f"{BASE}/warnings/{warning}/cap.xml")
    assert answer.headers["content-type"] == "application/cap+xml"
    assert hashlib.sha256(answer.content).hexdigest() == done.data["sha256"]


def test_another_district_finds_no_such_warning(client: Client, office: Any) -> None:
    warning = office.issued()

    assert client.get(f"{BASE}/warnings", who="chen").json() == {"items": []}
    answer = client.get(f"{BASE}/warnings/{warning}", who="chen")
    assert (answer.status_code, answer.json()["code"]) == (404, "warning.not_found")


def test_what_is_in_force_is_public(client: Client, office: Any) -> None:
    warning = office.issued()

    (item,) = client.get(f"{BASE}/effective", place="310117").json()["items"]
    assert (item["id"], item["origin"], item["grade"]) == (warning, "own", "orange")
    assert client.get(f"{BASE}/effective", place="310115").json() == {"items": []}


def test_the_feed_is_atom_with_a_link_to_every_message(client: Client, office: Any) -> None:
    first = office.issued()
    second = office.act(office.li, "update", first, grade="red").subject
    office.steps(second, "submit", "approve", "issue", by=office.li, second=office.zhao)
    office.act(office.zhao, "cancel", second, reason="退水")

    answer = client.get(f"{BASE}/feed.atom")
    feed = etree.fromstring(answer.content)
    assert answer.headers["content-type"] == "application/atom+xml"
    _check_rfc_4287(feed)
    linked = [client.get(link.get("href")) for link in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert [parse(r.content).msg_type for r in linked] == ["Cancel", "Update", "Alert"]
    identifiers = [entry.findtext(f"{ATOM}id") for entry in feed.iterfind(f"{ATOM}entry")]
    assert identifiers == [parse(r.content).identifier for r in linked]


def _check_rfc_4287(feed: etree._Element) -> None:
    """Check what RFC 4287 §4.1.1 and §4.1.2 say must be there, exactly once."""
    assert feed.tag == f"{ATOM}feed"
    for one in [feed, *feed.iterfind(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, name
    for entry in feed.iterfind(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(f"{ATOM}link").get("rel") == "alternate"


def test_an_areas_feed_has_what_touches_the_area(client: Client, office: Any) -> None:
    office.issued()

    def entries(area: str) -> int:
        return len(etree.fromstring(client.get(f"{BASE}/feed/{area}.atom").content).findall(f"{ATOM}entry"))

    assert (entries("310117"), entries("310117001"), entries("310117002"), entries("310115")) == (1, 1, 0, 0)
    assert client.get(f"{BASE}/feed/999999.atom").status_code == 404


def test_an_empty_feed_is_valid(client: Client) -> None:
    _check_rfc_4287(etree.fromstring(client.get(f"{BASE}/feed.atom").content))


def test_a_feed_shows_the_last_messages(office: Any) -> None:
    told = [office.issued(areas=[f"31011700{n}"]) for n in (1, 2, 3)]

    with office.world.read(office.public, "issued_warning") as reader:
        assert [m.warning for m in queries.messages(reader, limit=2)] == told[1:]
