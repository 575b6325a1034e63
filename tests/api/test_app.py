"""Sessions, verbs, and one shape for every error."""

import base64
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from anlan.kernel import merkle
from anlan.kernel.notes import Checkpoint, Verifier, open_note
from anlan.kernel.world import World

SignIn = Callable[[str], TestClient]
NOTE = {"text": "water at the door", "area": "310117"}


def test_nobody_is_signed_in_at_first(anonymous: TestClient) -> None:
    assert anonymous.get("/api/v1/me").json()["roles"] == []
    assert anonymous.get("/api/v1/journal").status_code == 401


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(anonymous: TestClient) -> None:
    answer = anonymous.post("/api/v1/session", json={"user": "sj.duty", "password": "a river runs past the door"})

    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert anonymous.get("/api/v1/me").json()["roles"][0]["area"] == "310117"


def test_a_wrong_password_is_refused_without_saying_which_half_is_wrong(anonymous: TestClient) -> None:
    wrong = anonymous.post("/api/v1/session", json={"user": "sj.duty", "password": "x"})
    nobody = anonymous.post("/api/v1/session", json={"user": "nobody", "password": "x"})

    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json()["detail"] == nobody.json()["detail"]


def test_signing_out_ends_the_session(sign_in: SignIn) -> None:
    client = sign_in("sj.duty")
    key = client.cookies["anlan_session"]
    assert client.delete("/api/v1/session").status_code == 204

    assert client.get("/api/v1/journal", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_a_verb_runs_and_answers_with_its_entry(sign_in: SignIn) -> None:
    answer = sign_in("sj.duty").post("/api/v1/actions/duty.note", json=NOTE)

    assert answer.status_code == 200
    assert answer.json()["verb"] == "duty.note"
    assert answer.json()["seq"] > 0


def test_the_same_key_twice_is_one_act(sign_in: SignIn) -> None:
    client = sign_in("sj.duty")
    first = client.post("/api/v1/actions/duty.note", json=NOTE, headers={"Idempotency-Key": "k"}).json()
    again = client.post("/api/v1/actions/duty.note", json=NOTE, headers={"Idempotency-Key": "k"}).json()

    assert again["repeated"]
    assert again["seq"] == first["seq"]


def test_a_dry_run_leaves_no_entry(sign_in: SignIn, served: World) -> None:
    client = sign_in("sj.duty")
    answer = client.post("/api/v1/actions/duty.note?dry_run=true", json=NOTE)

    assert answer.json()["dry_run"]
    assert client.get("/api/v1/journal?verb=duty.note").json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/api/v1/actions/duty.nte", {}, 404, "verb.unknown"),
        ("POST", "/api/v1/actions/duty.note", {"text": 5, "area": "310117"}, 422, "request.invalid"),
        ("POST", "/api/v1/actions/duty.note", {"text": "x", "area": "310999"}, 422, "area.unknown"),
        ("POST", "/api/v1/actions/duty.note", {"text": "x", "area": "310115"}, 403, "access.area"),
        ("POST", "/api/v1/actions/user.create", {"user": "x.y", "name": "x", "area": "310117"}, 403, "access.verb"),
        ("GET", "/api/v1/nothing", None, 404, "status.404"),
        ("PUT", "/api/v1/me", None, 405, "status.405"),
        ("GET", "/api/v1/journal?limit=0", None, 422, "request.invalid"),
        ("GET", "/api/v1/journal/999999/proof", None, 404, "journal.no_entry"),
        ("GET", "/api/v1/catalog/colours", None, 404, "catalog.no_subject"),
    ],
)
def test_every_error_has_one_shape(
    sign_in: SignIn, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = sign_in("sj.duty").request(method, path, json=body)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert set(told) == {"type", "title", "status", "code", "detail", "instance", "errors"}
    assert (told["status"], told["code"]) == (status, code)


def test_an_error_names_place_value_and_rule_in_the_readers_language(sign_in: SignIn) -> None:
    client = sign_in("sj.duty")
    body = {"text": 5, "area": "310117"}
    english = client.post("/api/v1/actions/duty.note", json=body, headers={"Accept-Language": "en"}).json()
    chinese = client.post("/api/v1/actions/duty.note", json=body).json()

    assert english["errors"] == [{"at": "args.text", "value": "5", "rule": "should be text"}]
    assert chinese["errors"][0]["rule"] == "应为文本"


def test_another_sites_form_cannot_use_the_cookie(sign_in: SignIn) -> None:
    client = sign_in("sj.duty")
    answer = client.post("/api/v1/actions/duty.note", json=NOTE, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403


def test_a_body_that_is_too_large_is_refused(sign_in: SignIn, served: World) -> None:
    most = int(served.catalog.setting("http.max_body_bytes"))
    answer = sign_in("sj.duty").post("/api/v1/actions/duty.note", content=b"x" * (most + 1))

    assert answer.status_code == 413


def test_a_body_that_is_not_json_is_refused(sign_in: SignIn) -> None:
    headers = {"Content-Type": "application/json"}
    answer = sign_in("sj.duty").post("/api/v1/actions/duty.note", content=b"{", headers=headers)

    assert answer.status_code == 422


def test_the_openapi_document_shows_every_verb_with_its_own_schema(app: FastAPI, served: World) -> None:
    document = app.openapi()

    for verb in served.gate.actions:
        operation = document["paths"][f"/api/v1/actions/{verb}"]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert schema["$ref"].startswith("#/components/schemas/"), verb


def test_a_district_reads_only_its_own_entries(sign_in: SignIn) -> None:
    songjiang, pudong = sign_in("sj.duty"), sign_in("pd.duty")
    songjiang.post("/api/v1/actions/duty.note", json=NOTE)
    pudong.post("/api/v1/actions/duty.note", json={"text": "x", "area": "310115"})

    for client, area in ((songjiang, "310117"), (pudong, "310115")):
        areas = {e["area"] for e in client.get("/api/v1/journal").json()["items"]}
        assert areas
        assert all(a.startswith(area) for a in areas)


def test_a_proof_from_the_server_leads_to_its_head(sign_in: SignIn) -> None:
    client = sign_in("city.audit")
    entry = client.get("/api/v1/journal?limit=1").json()["items"][0]
    proof = client.get(f"/api/v1/journal/{entry['seq']}/proof").json()
    head = client.get("/api/v1/journal/head").json()
    body, _ = open_note(head["note"], [Verifier.parse(head["verifier"])])

    root = Checkpoint.parse(body).root
    path = [base64.b64decode(h) for h in proof["path"]]
    merkle.verify_inclusion(entry["seq"] - 1, proof["size"], base64.b64decode(proof["leaf"]), path, root)
    assert client.get("/api/v1/journal/verification").json()["holds"]
