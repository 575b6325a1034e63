"""The doors over HTTP."""

import asyncio
import base64
import gzip
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pyarrow as pa
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from anlan.catalog.texts import texts
from anlan.kernel.access import Actor, Grant
from anlan.kernel.clock import SimClock
from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.kernel.tables import credentials, users
from anlan.sense.doors.decode import binary
from anlan.sense.doors.routes import router
from anlan.sense.stream.batch import Batch
from sense.doors.faking import FakeTaker
from sense.doors.standing import ADMIN, Standing

AT = "2024-09-15T08:00:00Z"
AT_US = 1726387200_000_000
GATEWAY = Actor("gateway-account", (Grant("instrument", "310117"),))
AUDITOR = Actor("auditor", (Grant("auditor", "310000"),))
OPERATOR = Actor("operator", (Grant("auditor", "310000"), Grant("instrument", "310000")))
OUTSIDER = Actor("outsider", (Grant("auditor", "310115"),))


class Client:
    """Asks the doors' routes as any actor."""

    def __init__(self, standing: Standing) -> None:
        standing.world.gate.parts.add(standing.doors)
        self.world, self._tokens = standing.world, dict[str, str]()
        self.app = FastAPI()
        self.app.state.world = standing.world
        self.app.include_router(router)
        self.app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]

    def ask(self, actor: Actor, method: str, path: str, **more: Any) -> httpx2.Response:
        async def asking() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://anlan") as client:
                headers = {"accept-language": "en", **more.pop("headers", {})}
                return await client.request(method, f"/api/v1/sense/{path}", headers=headers, **more)

        self.app.dependency_overrides[actor_of] = lambda: actor
        return asyncio.run(asking())

    def token(self, actor: Actor) -> str:
        """Return a token for an account like this actor's, which is made if it is not there."""
        if actor.id not in self._tokens:
            with self.world.store.read() as conn:
                new = conn.execute(sa.select(users.c.id).where(users.c.id == actor.id)).first() is None
            if new:
                self.world.act(ADMIN, "user.create", {"user": actor.id, "name": actor.id, "area": "310000"})
                for grant in actor.grants:
                    role = {"user": actor.id, "role": grant.role, "area": grant.area}
                    self.world.act(ADMIN, "user.grant", role)
            issued = self.world.act(ADMIN, "token.issue", {"user": actor.id, "label": "test"})
            self._tokens[actor.id] = str(issued.secret["token"])
        return self._tokens[actor.id]

    def send(
        self, body: bytes, media: str = "application/json", actor: Actor = GATEWAY, **more: Any
    ) -> httpx2.Response:
        bearer = {"authorization": f"Bearer {self.token(actor)}"}
        headers = {"content-type": media, **bearer, **more.pop("headers", {})}
        return self.ask(actor, "POST", "observations", content=body, headers=headers, **more)


@pytest.fixture
def client(standing: Standing) -> Client:
    return Client(standing)


def arrow_stream() -> bytes:
    table = pa.table({"sensor": ["a"], "at": pa.array([AT_US], pa.timestamp("us", "UTC")), "value": [1.0]})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (json.dumps([["a", AT, 1.0]]).encode(), "application/json"),
        (json.dumps({"sensor": "a", "at": AT, "value": 1.0}).encode(), "application/json; charset=utf-8"),
        (f"sensor,at,value\na,{AT},1\n".encode(), "text/csv"),
        (arrow_stream(), "application/vnd.apache.arrow.stream"),
    ],
)
def test_observations_come_in_by_their_content_type(
    client: Client, standing: Standing, body: bytes, media: str
) -> None:
    answer = client.send(body, media)

    assert answer.json() == {"accepted": 1, "refused": [], "refused_count": 0, "position": 1}
    assert standing.taker.rows == [("gateway", "a", AT_US, 1.0)]


def test_the_compact_form_and_compression_work_together(client: Client, standing: Standing) -> None:
    body = gzip.compress(binary.encode(Batch.of([3, 4], [AT_US, AT_US], [1.0, 2.0])))
    answer = client.send(body, "application/vnd.anlan.observations", headers={"content-encoding": "gzip"})

    assert answer.json()["accepted"] == 2
    assert [row[1] for row in standing.taker.rows] == [3, 4]


def test_faulty_items_are_told_in_words_and_the_rest_is_taken(client: Client) -> None:
    answer = client.send(json.dumps([["a", AT, 1], ["b", "noon", 2]]).encode())

    assert answer.status_code == 200
    assert answer.json()["accepted"] == 1
    assert answer.json()["refused"] == [
        {
            "row": 1,
            "sensor": "b",
            "rule": "observation.at",
            "detail": "a moment is ISO 8601 with a zone, or milliseconds since 1970: noon",
            "value": "noon",
        }
    ]


@pytest.mark.parametrize(
    ("body", "more", "status", "code"),
    [
        (b"{", {}, 422, "message.json"),
        (b"<a/>", {"media": "application/xml"}, 415, "message.form"),
        (b"x", {"params": {"form": "xml"}}, 415, "message.form"),
        (b"x", {"headers": {"content-encoding": "br"}}, 415, "message.encoding"),
        (b" " * 8_000_001, {}, 413, "message.size"),
        (gzip.compress(bytes(64_000_001)), {"headers": {"content-encoding": "gzip"}}, 413, "message.size"),
        (b"[]", {"params": {"source": "nobody"}}, 404, "source.unknown"),
        (b"[]", {"params": {"source": "foreign"}}, 403, "source.of_another"),
        (b"[]", {"actor": Actor("reader", (Grant("auditor", "310000"),))}, 403, "access.verb"),
    ],
)
def test_what_cannot_be_taken_is_a_problem_with_its_code(
    client: Client, standing: Standing, body: bytes, more: dict[str, Any], status: int, code: str
) -> None:
    standing.register("foreign")
    answer = client.send(body, **more)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_that_is_revoked_ends_at_once_and_nobody_sends_without_one(client: Client) -> None:
    body = json.dumps([["a", AT, 1]]).encode()
    assert client.send(body).status_code == 200
    with client.world.store.read() as conn:
        token = conn.scalar(sa.select(credentials.c.id).where(credentials.c.user == "gateway-account"))
    client.world.act(ADMIN, "token.revoke", {"id": token})

    assert client.send(body).status_code == 401
    assert client.ask(GATEWAY, "POST", "observations", content=body).json()["code"] == "access.verb"


def test_an_account_without_a_source_sends_as_itself_and_one_with_several_names_one(
    client: Client, standing: Standing
) -> None:
    body = json.dumps([["a", AT, 1]]).encode()
    assert client.send(body, actor=OPERATOR).status_code == 200
    standing.world.act(ADMIN, "source.register", {"id": "second", "user": "gateway-account", "area": "310117"})
    standing.doors.senders.read()

    assert client.send(body).json()["code"] == "source.which"
    assert client.send(body, params={"source": "second"}).status_code == 200
    assert [row[0] for row in standing.taker.rows] == ["user:operator", "second"]


def test_over_the_quota_the_answer_says_when_to_come_back_and_nothing_was_taken(
    client: Client, standing: Standing, clock: SimClock
) -> None:
    standing.register(quota_per_s=10)
    client.send(json.dumps([["a", AT, 1]] * 150).encode())
    answer = client.send(json.dumps([["a", AT, 2]]).encode())

    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "source.quota", "6")
    clock.advance_to(clock.now() + timedelta(seconds=6))
    assert client.send(json.dumps([["a", AT, 3]]).encode()).status_code == 200
    assert 2.0 not in standing.taker.values()


def test_a_source_with_a_mapping_sends_its_own_messages_and_can_still_name_a_form(
    client: Client, standing: Standing
) -> None:
    standing.register(mapping="modbus_gateway")
    body = json.dumps({"d": [{"k": "pump_flow", "v": 0.5, "ok": True}]}).encode()

    assert client.send(body).json()["refused"][0]["rule"] == "mapping.expression"  # its sensor stands in the topic
    assert client.send(json.dumps([["a", AT, 1]]).encode(), params={"form": "json"}).json()["accepted"] == 1


def test_the_health_of_sources_is_seen_by_who_sees_their_area(client: Client, standing: Standing) -> None:
    client.send(json.dumps([["a", AT, 1], ["b", "noon", 2]]).encode())
    seen = client.ask(AUDITOR, "GET", "sources").json()

    (one,) = seen["items"]
    assert {
        key: one[key] for key in ("id", "actor", "rows", "refused", "state", "last_at", "lag_s", "quota_per_s")
    } == {
        "id": "gateway",
        "actor": "gateway-account",
        "rows": 1,
        "refused": 1,
        "state": "flowing",
        "last_at": AT,
        "lag_s": 0.0,
        "quota_per_s": 20000.0,
    }
    assert seen["totals"]["end"] >= 1
    assert client.ask(OUTSIDER, "GET", "sources").json()["items"] == []
    assert client.ask(GATEWAY, "GET", "sources").status_code == 403


def test_letters_are_listed_shown_and_tried_again(make_standing: Callable[..., Standing], clock: SimClock) -> None:
    standing = make_standing(clock, FakeTaker(frozenset({"a"})))
    standing.register()
    client = Client(standing)
    client.send(json.dumps([["a", AT, 1], ["b", AT, 2]]).encode())
    client.send(b"\xff\xfe", "text/csv")
    listed = client.ask(AUDITOR, "GET", "dead-letters").json()["items"]

    assert [letter["refused"][0]["rule"] for letter in listed] == ["message.csv", "observation.sensor"]
    assert [letter["encoding"] for letter in listed] == ["base64", "text"]
    assert client.ask(OUTSIDER, "GET", "dead-letters").json()["items"] == []
    assert client.ask(OUTSIDER, "GET", f"dead-letters/{listed[0]['id']}").status_code == 404
    whole = client.ask(AUDITOR, "GET", f"dead-letters/{listed[0]['id']}").json()
    assert base64.b64decode(whole["payload"]) == b"\xff\xfe"

    standing.taker.known = None
    done = client.ask(OPERATOR, "POST", "dead-letters/replay", json={"source": "gateway"}).json()

    assert (done["accepted"], done["refused"], len(done["items"])) == (1, 1, 2)
    marks = [letter["mark"] for letter in client.ask(AUDITOR, "GET", "dead-letters").json()["items"]]
    assert [(mark["by"], mark["accepted"], mark["refused"]) for mark in marks] == [
        ("operator", 0, 1),
        ("operator", 1, 0),
    ]
    assert client.ask(OPERATOR, "POST", "dead-letters/replay", json={}).json()["items"] == []


def test_only_who_may_send_may_try_letters_again(client: Client) -> None:
    client.send(b"{")
    listed = client.ask(AUDITOR, "GET", "dead-letters").json()["items"]

    answer = client.ask(AUDITOR, "POST", "dead-letters/replay", json={"ids": [listed[0]["id"]]})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.verb")
    answer = client.ask(OPERATOR, "POST", "dead-letters/replay", json={"ids": ["1-999999"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "letter.unknown")


def test_a_mapping_of_the_catalog_and_one_written_out_can_be_tried(client: Client) -> None:
    asked = {"mapping": "level_frame", "payload": "9066446a0000c03f01", "encoding": "hex", "topic": "level/x/raw"}
    tried = client.ask(AUDITOR, "POST", "mappings/try", json=asked).json()

    assert tried["rows"] == [
        {"sensor": "x:water_level", "at": "2026-07-01T01:00:00Z", "value": 1.5, "quality": "suspect", "known": False}
    ]
    draft = {"each": "$.all[*]", "observations": [{"sensor": "{@.name}", "value": "@.mm", "unit": "mm", "to": "m"}]}
    asked = {"mapping": draft, "payload": json.dumps({"all": [{"name": "a", "mm": 180}, {"name": "b"}]})}
    tried = client.ask(AUDITOR, "POST", "mappings/try", json=asked).json()
    assert [(row["sensor"], row["value"]) for row in tried["rows"]] == [("a", 0.18)]
    assert [(refusal["row"], refusal["rule"]) for refusal in tried["refused"]] == [(1, "mapping.absent")]


@pytest.mark.parametrize(
    ("mapping", "code", "at"),
    [
        ("nobody", "mapping.unknown", "mapping"),
        ({"observations": []}, "mapping.invalid", "mapping.observations"),
        ({"observations": [{"sensor": "a", "value": "1 +"}]}, "mapping.invalid", "mapping.observations.0.value"),
        ({"observations": [{"sensor": "a", "value": "1.0", "unit": "m", "to": "s"}]}, "mapping.unit", "draft"),
    ],
)
def test_a_faulty_mapping_is_told_by_its_place(client: Client, mapping: object, code: str, at: str) -> None:
    answer = client.ask(AUDITOR, "POST", "mappings/try", json={"mapping": mapping, "payload": "{}"})

    assert answer.json()["code"] == code
    assert answer.json()["errors"][0]["at"] == at


def test_every_rule_that_the_doors_name_has_a_sentence() -> None:
    source = Path(__file__).parents[3] / "src" / "anlan" / "sense" / "doors"
    code = re.compile(r'"((?:message|observation|mapping|source|letter|doors|file)\.[a-z_]+)"')
    named = {found for path in source.rglob("*.py") for found in code.findall(path.read_text(encoding="utf-8"))}

    assert named - {"doors.yaml", "source.quota_per_s"} - set(texts("zh")) == set()
