"""Who am I, sign in, sign out."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, SecretStr, StringConstraints

from anlan.kernel.errors import Unauthenticated
from anlan.kernel.http import COOKIE, ActorDep, WorldDep, secret_of

router = APIRouter(prefix="/api/v1", tags=["session"])


class HeldRole(BaseModel):
    """One role over one area."""

    role: str
    role_zh: str
    role_en: str
    level: str | None
    area: str
    area_zh: str
    area_en: str


class Me(BaseModel):
    """Who is signed in, and what they may do."""

    user: str
    name: str
    roles: list[HeldRole]
    verbs: list[str]
    demo: bool


class SignIn(BaseModel):
    """User name and password."""

    user: Annotated[str, StringConstraints(max_length=60)]
    password: SecretStr


@router.get("/me")
def me(request: Request, world: WorldDep, actor: ActorDep) -> Me:
    """Tell who is asking."""
    roles = world.catalog.roles
    held = [
        HeldRole(
            role=g.role,
            role_zh=roles[g.role].zh,
            role_en=roles[g.role].en,
            level=roles[g.role].level,
            area=g.area,
            area_zh=world.city.name(g.area, "zh"),
            area_en=world.city.name(g.area, "en"),
        )
        for g in actor.grants
        if g.role in roles and g.role != "public"
    ]
    allowed = [verb for verb in sorted(world.gate.actions) if actor.reach(roles, verb)]
    return Me(user=actor.id, name=actor.name, roles=held, verbs=allowed, demo=request.app.state.demo)


@router.post("/session")
def sign_in(request: Request, response: Response, world: WorldDep, body: SignIn) -> Me:
    """Open a session and set its cookie."""
    args = {"user": body.user, "password": body.password}
    done = world.act(world.anonymous(), "session.open", args)
    if not done.data.get("opened"):
        raise Unauthenticated("session.locked" if done.data.get("locked") else "session.refused")
    key = str(done.secret["key"])
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, key, httponly=True, samesite="strict", secure=secure, path="/")
    return me(request, world, world.holder(key)[0])


@router.delete("/session", status_code=204)
def sign_out(request: Request, response: Response, world: WorldDep) -> None:
    """Close the session of this cookie."""
    secret = secret_of(request)
    if secret:
        actor, credential = world.holder(secret)
        world.act(actor, "session.close", {"id": credential})
    response.delete_cookie(COOKIE, path="/")
