"""Verbs for users, their grants, sessions and tokens; and the check of a credential.

Passwords are hashed with Argon2id (RFC 9106) by argon2-cffi with its recommended parameters. Tokens and session keys
are 256 random bits, of which only the SHA-256 is kept.
"""

import hashlib
from datetime import timedelta
from functools import cache
from typing import Annotated

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from pydantic import Field, SecretStr, StringConstraints

from anlan.kernel.access import Actor, Grant, jurisdiction
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.entropy import secret_token
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.tables import credentials, grants, users

UserId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{1,58}$")]


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


PUBLIC = "public"
"""The role that everybody holds over the whole city."""


def actor_of(conn: sa.Connection, user: str) -> Actor:
    """Return a user as an actor with all grants.

    Raises
    ------
    NotFound
        If there is no such user, or it is disabled.
    """
    row = conn.execute(sa.select(users).where(users.c.id == user, users.c.disabled.is_(False))).one_or_none()
    if row is None:
        raise NotFound("user.unknown", at="user", value=user)
    held = conn.execute(sa.select(grants).where(grants.c.user == user).order_by(grants.c.role, grants.c.area))
    return Actor(user, tuple(Grant(g.role, g.area) for g in held), row.name)


class CreateUser(Args):
    """Create a user, who may sign in once a password is set and may do what roles are granted."""

    user: UserId
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    area: AreaCode
    password: SecretStr | None = None


def _hash_password(tx: Tx, password: SecretStr | None) -> str | None:
    if password is None:
        return None
    shortest = int(tx.catalog.setting("password.min_length"))
    if len(password.get_secret_value()) < shortest:
        raise Invalid("password.short", at="args.password", params={"shortest": shortest})
    return _hasher().hash(password.get_secret_value())


def create_user(tx: Tx, args: CreateUser) -> Effect:
    """Add a user without any role."""
    if tx.conn.execute(sa.select(users.c.id).where(users.c.id == args.user)).first():
        raise Conflict("user.exists", at="args.user", value=args.user)
    row = {"id": args.user, "name": args.name, "password_hash": _hash_password(tx, args.password)}
    tx.conn.execute(sa.insert(users).values(row | {"disabled": False, "failures": 0}))
    return Effect(f"user:{args.user}", args.area)


class GrantRole(Args):
    """Give a user a role over an area."""

    user: UserId
    role: str
    area: AreaCode


def grant_role(tx: Tx, args: GrantRole) -> Effect:
    """Add a grant; granting what is held already changes nothing."""
    if args.role not in tx.catalog.roles:
        raise Invalid("role.unknown", at="args.role", value=args.role, params={"known": ", ".join(tx.catalog.roles)})
    actor_of(tx.conn, args.user)
    held = _grant_is(args)
    if not tx.conn.execute(sa.select(grants).where(held)).first():
        tx.conn.execute(sa.insert(grants).values(user=args.user, role=args.role, area=args.area))
    return Effect(f"user:{args.user}", args.area)


def _grant_is(args: GrantRole) -> sa.ColumnElement[bool]:
    return sa.and_(grants.c.user == args.user, grants.c.role == args.role, grants.c.area == args.area)


class RevokeRole(GrantRole):
    """Take a role over an area from a user."""


def revoke_role(tx: Tx, args: RevokeRole) -> Effect:
    """Remove a grant that is held."""
    if not tx.conn.execute(sa.delete(grants).where(_grant_is(args))).rowcount:
        raise NotFound("grant.unknown", at="args.role", value=args.role)
    return Effect(f"user:{args.user}", args.area)


class UserArgs(Args):
    """An act on one user."""

    user: UserId


def _home(tx: Tx, user: str) -> str:
    """Return an area that holds all of a user's grants: one district's user is that district's affair."""
    actor = actor_of(tx.conn, user)
    areas = [g.area for g in actor.grants]
    if not areas:
        return tx.city.root
    shortest = min(areas, key=lambda a: len(jurisdiction(a)))
    inside = all(jurisdiction(a).startswith(jurisdiction(shortest)) for a in areas)
    return shortest if inside else tx.city.root


class DisableUser(UserArgs):
    """Disable a user and close all sessions and tokens."""


def disable_user(tx: Tx, args: DisableUser) -> Effect:
    """Disable the user; nothing of what the user did is removed."""
    area = _home(tx, args.user)
    tx.require(area)
    tx.conn.execute(sa.update(users).where(users.c.id == args.user).values(disabled=True))
    tx.conn.execute(sa.update(credentials).where(credentials.c.user == args.user).values(closed=True))
    return Effect(f"user:{args.user}", area)


class SetPassword(UserArgs):
    """Set a user's password; open sessions end."""

    password: SecretStr


def set_password(tx: Tx, args: SetPassword) -> Effect:
    """Replace the password's hash."""
    area = _home(tx, args.user)
    tx.require(area)
    hashed = _hash_password(tx, args.password)
    tx.conn.execute(
        sa.update(users).where(users.c.id == args.user).values(password_hash=hashed, failures=0, locked_until=None)
    )
    sessions = sa.and_(credentials.c.user == args.user, credentials.c.kind == "session")
    tx.conn.execute(sa.update(credentials).where(sessions).values(closed=True))
    return Effect(f"user:{args.user}", area)


class IssueToken(UserArgs):
    """Issue an API token for a user; it is shown once."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    days: int = Field(default=90, ge=1, le=730)


def issue_token(tx: Tx, args: IssueToken) -> Effect:
    """Make a token and keep its hash."""
    area = _home(tx, args.user)
    tx.require(area)
    secret = _credential(tx, "token", args.user, args.label, timedelta(days=args.days))
    return Effect(tx.new_id("token"), area, {"user": args.user, "label": args.label}, {"token": secret})


def _credential(tx: Tx, kind: str, user: str, label: str, life: timedelta) -> str:
    secret = secret_token()
    row = {"id": tx.new_id(kind), "kind": kind, "user": user, "hash": hash_credential(secret), "label": label}
    tx.conn.execute(sa.insert(credentials).values(row | {"expires": tx.now + life, "closed": False}))
    return secret


def hash_credential(secret: str) -> str:
    """Return what is kept of a token or session key."""
    return hashlib.sha256(secret.encode()).hexdigest()


class CloseCredential(Args):
    """End a token or a session by its id."""

    id: Annotated[str, StringConstraints(max_length=80)]


def revoke_token(tx: Tx, args: CloseCredential) -> Effect:
    """Close a token that is open."""
    row = tx.conn.execute(sa.select(credentials).where(credentials.c.id == args.id)).one_or_none()
    if row is None or row.closed:
        raise NotFound("credential.unknown", at="args.id", value=args.id)
    area = _home(tx, row.user)
    tx.require(area)
    tx.conn.execute(sa.update(credentials).where(credentials.c.id == args.id).values(closed=True))
    return Effect(args.id, area, {"user": row.user})


class OpenSession(UserArgs):
    """Sign in with a password."""

    password: SecretStr


def open_session(tx: Tx, args: OpenSession) -> Effect:
    """Check the password; count failures, and lock the door for a while after too many.

    A wrong password is a committed act with ``opened: false``, so that the count survives and the journal tells of it.
    """
    row = tx.conn.execute(sa.select(users).where(users.c.id == args.user)).one_or_none()
    root = tx.city.root
    if row is None or row.disabled or row.password_hash is None:
        return Effect(f"user:{args.user}", root, {"opened": False})
    if row.locked_until is not None and row.locked_until > tx.now:
        return Effect(f"user:{args.user}", root, {"opened": False, "locked": True})
    if not _password_holds(row.password_hash, args.password.get_secret_value()):
        return Effect(f"user:{args.user}", root, _count_failure(tx, args.user, row.failures + 1))
    tx.conn.execute(sa.update(users).where(users.c.id == args.user).values(failures=0, locked_until=None))
    # A drill's hours pass in minutes: what ends a session in real life would end it in the middle of the night.
    life = timedelta(hours=float(tx.catalog.setting("session.drill_hours" if tx.simulated else "session.hours")))
    secret = _credential(tx, "session", args.user, "", life)
    data: dict[str, JSON] = {"opened": True, "session": tx.new_id("session")}
    return Effect(f"user:{args.user}", root, data, {"key": secret})


def _password_holds(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except VerificationError:
        return False


def _count_failure(tx: Tx, user: str, failures: int) -> dict[str, JSON]:
    most = int(tx.catalog.setting("login.max_failures"))
    locked = failures >= most
    until = tx.now + timedelta(minutes=float(tx.catalog.setting("login.lock_min"))) if locked else None
    row = {"failures": 0 if locked else failures, "locked_until": until}
    tx.conn.execute(sa.update(users).where(users.c.id == user).values(row))
    return {"opened": False, "locked": locked}


def close_session(tx: Tx, args: CloseCredential) -> Effect:
    """End the actor's own session."""
    row = tx.conn.execute(sa.select(credentials).where(credentials.c.id == args.id)).one_or_none()
    if row is None or row.kind != "session" or row.user != tx.actor.id:
        raise Forbidden("credential.not_own", at="args.id", value=args.id)
    tx.conn.execute(sa.update(credentials).where(credentials.c.id == args.id).values(closed=True))
    return Effect(args.id, tx.city.root)


ACTIONS = {
    "user.create": Action("user.create", CreateUser, create_user),
    "user.grant": Action("user.grant", GrantRole, grant_role),
    "user.revoke": Action("user.revoke", RevokeRole, revoke_role),
    "user.disable": Action("user.disable", DisableUser, disable_user),
    "user.password": Action("user.password", SetPassword, set_password),
    "token.issue": Action("token.issue", IssueToken, issue_token),
    "token.revoke": Action("token.revoke", CloseCredential, revoke_token),
    "session.open": Action("session.open", OpenSession, open_session),
    "session.close": Action("session.close", CloseCredential, close_session),
}
