"""Signing in, tokens, and who may manage whom."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from anlan.kernel.tables import credentials, journal, users
from anlan.kernel.world import World

CITY_ADMIN = Actor("city.admin", (Grant("administrator", "310000"),))
SONGJIANG_ADMIN = Actor("sj.admin", (Grant("administrator", "310117"),))
PASSWORD = "a river runs past the door"


@pytest.fixture
def peopled(world: World) -> World:
    world.act(CITY_ADMIN, "user.create", {"user": "li.wei", "name": "Li Wei", "area": "310117", "password": PASSWORD})
    world.act(CITY_ADMIN, "user.grant", {"user": "li.wei", "role": "duty_officer", "area": "310117"})
    return world


def sign_in(world: World, password: str = PASSWORD) -> dict[str, object]:
    done = world.act(world.anonymous(), "session.open", {"user": "li.wei", "password": password})
    return {**done.data, **done.secret}


def test_a_right_password_opens_a_session_that_expires(peopled: World) -> None:
    key = str(sign_in(peopled)["key"])

    assert peopled.holder(key)[0].id == "li.wei"
    peopled.advance(
        peopled.clock.now() + timedelta(hours=float(peopled.catalog.setting("session.drill_hours")), seconds=1)
    )
    with pytest.raises(Unauthenticated):
        peopled.holder(key)


def test_a_closed_session_is_no_longer_held(peopled: World) -> None:
    done = sign_in(peopled)
    actor, session = peopled.holder(str(done["key"]))
    peopled.act(actor, "session.close", {"id": session})

    with pytest.raises(Unauthenticated):
        peopled.holder(str(done["key"]))


def test_too_many_wrong_passwords_lock_the_door_for_a_while(peopled: World) -> None:
    most = int(peopled.catalog.setting("login.max_failures"))
    for _ in range(most):
        assert sign_in(peopled, "wrong and wrong again")["opened"] is False

    assert sign_in(peopled) == {"opened": False, "locked": True}
    peopled.advance(
        peopled.clock.now() + timedelta(minutes=float(peopled.catalog.setting("login.lock_min")), seconds=1)
    )
    assert sign_in(peopled)["opened"] is True


def test_an_unknown_user_is_told_no_more_than_a_wrong_password(peopled: World) -> None:
    done = peopled.act(peopled.anonymous(), "session.open", {"user": "nobody", "password": "x"})

    assert done.data == {"opened": False}


def test_no_password_and_no_key_stands_in_the_journal_or_in_clear_in_the_store(peopled: World) -> None:
    key = str(sign_in(peopled)["key"])
    with peopled.store.read() as conn:
        told = " ".join(conn.scalars(sa.select(journal.c.entry)))
        stored = " ".join(conn.scalars(sa.select(users.c.password_hash))) + " ".join(
            conn.scalars(sa.select(credentials.c.hash))
        )

    assert PASSWORD not in told + stored
    assert key not in told + stored


def test_a_short_password_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        world.act(CITY_ADMIN, "user.create", {"user": "x.y", "name": "x", "area": "310117", "password": "short"})


def test_a_token_is_shown_once_and_can_be_revoked(peopled: World) -> None:
    done = peopled.act(CITY_ADMIN, "token.issue", {"user": "li.wei", "label": "gauge gateway"})
    token = str(done.secret["token"])
    assert peopled.holder(token)[0].id == "li.wei"

    peopled.act(CITY_ADMIN, "token.revoke", {"id": done.subject})
    with pytest.raises(Unauthenticated):
        peopled.holder(token)


def test_a_disabled_user_is_out_at_once(peopled: World) -> None:
    key = str(sign_in(peopled)["key"])
    peopled.act(SONGJIANG_ADMIN, "user.disable", {"user": "li.wei"})

    with pytest.raises((Unauthenticated, NotFound)):
        peopled.holder(key)
    assert sign_in(peopled)["opened"] is False


def test_a_district_administrator_cannot_reach_beyond_the_district(peopled: World) -> None:
    peopled.act(CITY_ADMIN, "user.create", {"user": "city.chief", "name": "Chief", "area": "310000"})
    peopled.act(CITY_ADMIN, "user.grant", {"user": "city.chief", "role": "commander", "area": "310000"})
    refused = [
        ("user.grant", {"user": "li.wei", "role": "commander", "area": "310000"}),
        ("user.grant", {"user": "li.wei", "role": "commander", "area": "310115"}),
        ("user.disable", {"user": "city.chief"}),
        ("user.password", {"user": "city.chief", "password": PASSWORD}),
        ("token.issue", {"user": "city.chief", "label": "mine"}),
    ]
    for verb, args in refused:
        with pytest.raises(Forbidden):
            peopled.act(SONGJIANG_ADMIN, verb, args)


def test_a_user_exists_once_and_a_role_must_be_known(peopled: World) -> None:
    with pytest.raises(Conflict):
        peopled.act(CITY_ADMIN, "user.create", {"user": "li.wei", "name": "Other", "area": "310117"})
    with pytest.raises(Invalid):
        peopled.act(CITY_ADMIN, "user.grant", {"user": "li.wei", "role": "king", "area": "310117"})


def test_a_session_outlasts_a_night_that_passes_in_minutes(peopled: World) -> None:
    key = str(sign_in(peopled)["key"])
    peopled.advance(peopled.clock.now() + timedelta(hours=24))

    assert peopled.holder(key)[0].id == "li.wei"
