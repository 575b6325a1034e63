"""The page of HTTP routes, from the OpenAPI document."""

import inspect
import tempfile
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute

from anlan.api import journal
from anlan.api.app import create_app
from anlan.api.rooms import ROUTERS
from anlan.root import WorldFile, open_world
from pages import schema
from pages.markdown import code, page, section, table

Enums = Mapping[str, Mapping[str, Any]]
Rows = list[tuple[str, str, Mapping[str, Any]]]


def write() -> str:
    """Return the page."""
    document = _read()
    nouns, enums = _nouns_by_path(), _enums(document)
    rows: Rows = [(path, method, op) for path, ops in document["paths"].items() for method, op in ops.items()]
    rows.sort(key=lambda row: (row[2].get("tags", [""])[0] == "actions", row[2].get("tags", [""])[0], row[0]))
    groups = groupby(rows, key=lambda row: str(row[2].get("tags", [""])[0]))
    return page(
        "HTTP 接口",
        "由 OpenAPI 文档生成；完整文档在 `/api/v1/openapi.json`，或用 `anlan openapi` 打印。",
        "Made from the OpenAPI document, which is served at `/api/v1/openapi.json` and printed by `anlan openapi`. "
        "Sign in with `POST /api/v1/session` (a cookie) or send `Authorization: Bearer <token>`. The language of "
        "sentences follows `Accept-Language`. Column *reads* names the noun that a role must be allowed to read; "
        "answers hold only what lies in the reader's areas.",
        *(_group(tag, list(group), nouns, enums) for tag, group in groups),
    )


def _read() -> dict[str, Any]:
    """Return the OpenAPI document of a scratch world."""
    with tempfile.TemporaryDirectory() as name:
        WorldFile(seed=0, start="2024-09-15T00:00:00+00:00").write(Path(name))
        world = open_world(Path(name))
        document = create_app(world, pump=False).openapi()
        world.close()
    return document


def _nouns_by_path() -> dict[str, str]:
    """Return the noun that each path reads."""
    routes = [route for router in (journal.router, *ROUTERS) for route in router.routes if isinstance(route, APIRoute)]
    return {route.path: noun for route in routes for noun in _nouns(route.dependant)}


def _nouns(dependant: Any) -> Iterator[str]:
    """Yield the nouns of the readers that a route depends on."""
    for inner in dependant.dependencies:
        if getattr(inner.call, "__qualname__", "") == "reads.<locals>.dependency":
            yield inspect.getclosurevars(inner.call).nonlocals["noun"]
        yield from _nouns(inner)


def _group(tag: str, rows: Rows, nouns: Mapping[str, str], enums: Enums) -> str:
    if tag == "actions":
        return _actions(rows)
    heads = ("route", "does", "reads", "parameters", "answers")
    listed = (
        (code(f"{method.upper()} {path}"), _does(op), code(nouns.get(path)), _parameters(op, enums), _answer(op))
        for path, method, op in rows
    )
    return section(tag, table(heads, listed))


def _actions(rows: Rows) -> str:
    told = (
        "Body: the verb's arguments as a JSON object, see [verbs](verbs.md). Header `Idempotency-Key`: the same key "
        "gives the first outcome again. Query `dry_run=true`: tell the outcome and change nothing. Query `why`: the "
        "reason, kept in the journal. Answer: `verb`, `seq`, `subject`, `area`, `at`, `data`, `dry_run`, "
        "`repeated`, `secret`."
    )
    listed = ((code(f"{method.upper()} {path}"), _does(op)) for path, method, op in rows)
    return section("actions", told, table(("route", "does"), listed))


def _does(operation: Mapping[str, Any]) -> str:
    told = str(operation.get("description") or operation.get("summary", ""))
    return told.strip().splitlines()[0] if told.strip() else ""


def _parameters(operation: Mapping[str, Any], enums: Enums) -> str:
    return ", ".join(
        f"`{p['name']}`{'' if p.get('required') else '?'} {schema.kind(_with_enums(p['schema'], enums))}"
        for p in operation.get("parameters", ())
    )


def _enums(document: Mapping[str, Any]) -> Enums:
    """Return the named lists of values, by the reference that leads to them."""
    named = document["components"]["schemas"].items()
    return {f"#/components/schemas/{name}": found for name, found in named if "enum" in found}


def _with_enums(given: Any, enums: Enums) -> Any:
    """Return a schema with its named lists of values written out."""
    if isinstance(given, dict):
        return enums.get(given.get("$ref", ""), {key: _with_enums(value, enums) for key, value in given.items()})
    return [_with_enums(one, enums) for one in given] if isinstance(given, list) else given


def _answer(operation: Mapping[str, Any]) -> str:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            kinds = response.get("content", {})
            shape = next((c["schema"] for c in kinds.values() if c.get("schema")), None)
            return schema.kind(shape) if shape else (", ".join(k for k in kinds) or status)
    return ""
