"""The thin adapter between HTTP and a world: who is asking, a reader for a query, one shape for every error."""

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import JSONResponse

from anlan.catalog.texts import text
from anlan.kernel.access import Actor
from anlan.kernel.actions import Reader
from anlan.kernel.canonical import plain
from anlan.kernel.errors import AnlanError, Forbidden, Unauthenticated
from anlan.kernel.world import World

COOKIE = "anlan_session"


def world_of(request: Request) -> World:
    """Return the world that this server serves."""
    world: World = request.app.state.world
    return world


def secret_of(request: Request) -> str | None:
    """Return the bearer token or session key of a request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.cookies.get(COOKIE)


def actor_of(request: Request) -> Actor:
    """Return who is asking; without a credential, the public."""
    secret = secret_of(request)
    return world_of(request).holder(secret)[0] if secret else world_of(request).anonymous()


ActorDep = Annotated[Actor, Depends(actor_of)]
WorldDep = Annotated[World, Depends(world_of)]


def reads(noun: str) -> Callable[..., Iterator[Reader]]:
    """Return a dependency that gives a reader of one noun, or refuses who may read it nowhere."""

    def dependency(world: WorldDep, actor: ActorDep) -> Iterator[Reader]:
        with world.read(actor, noun) as reader:
            if not reader.scope:
                raise not_readable(actor, noun)
            yield reader

    return dependency


def not_readable(actor: Actor, noun: str) -> AnlanError:
    """Return the error for somebody who may not read a noun anywhere: sign in first, or ask for a role."""
    if actor.id == "public":
        return Unauthenticated("access.sign_in")
    return Forbidden("access.read", at="noun", value=noun, params={"actor": actor.id})


def language(request: Request) -> str:
    """Return the language that the client prefers, Chinese first."""
    wanted = request.headers.get("accept-language", "zh").lower()
    first = wanted.split(",")[0].strip()
    return "en" if first.startswith("en") else "zh"


def problem(request: Request, error: AnlanError, status: int | None = None) -> JSONResponse:
    """Return an error as RFC 9457 problem details in the client's language."""
    status = status or error.status
    lang = language(request)
    places = error.places or ()
    body = {
        "type": f"about:blank#{error.code}",
        "title": text(f"status.{status}", lang),
        "status": status,
        "code": error.code,
        "detail": error.message(lang),
        "instance": request.url.path,
        "errors": [{"at": p.at, "value": p.value, "rule": text(p.rule, lang, value=p.value)} for p in places],
    }
    if error.at and not places:
        body["errors"] = [{"at": error.at, "value": error.value, "rule": error.message(lang)}]
    return JSONResponse(plain(body), status_code=status, media_type="application/problem+json")
