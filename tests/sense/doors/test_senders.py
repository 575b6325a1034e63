"""Who may send: read again when something changed, by many threads at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from anlan import root
from anlan.kernel.access import Scope
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store
from anlan.kernel.world import World
from anlan.sense.doors.senders import Senders, within
from sense.doors.standing import ADMIN, Standing


class Watch:
    """A stopwatch that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@contextmanager
def beside(standing: Standing) -> Iterator[World]:
    """Open the same world a second time, as another process does."""
    world, store = standing.world, Store.at(standing.world.folder)
    yield root.build_world(
        folder=world.folder,
        store=store,
        catalog=world.catalog,
        city=world.city,
        clock=world.clock,
        entropy=SeededEntropy(8),
    )
    store.close()


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """Gather what is asked of a world's store."""
    told: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        told.append(statement)

    sa.event.listen(world.store.engine, "before_cursor_execute", note)
    yield told
    sa.event.remove(world.store.engine, "before_cursor_execute", note)


def test_many_threads_that_ask_at_once_all_find_the_source(standing: Standing) -> None:
    senders = Senders(standing.world)
    start, found = threading.Barrier(8), list[bool]()

    def asking() -> None:
        start.wait()
        found.append(senders.find("gateway") is not None)

    threads = [threading.Thread(target=asking) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [True] * 8


def test_a_source_is_found_as_soon_as_it_is_registered(standing: Standing) -> None:
    assert standing.doors.senders.find("new") is None
    act = {"id": "new", "user": "gateway-account", "area": "310117"}
    standing.world.act(ADMIN, "source.register", act)

    assert standing.doors.senders.find("new") is not None


def test_what_another_process_registers_is_found_by_a_quiet_server(standing: Standing) -> None:
    watch = Watch()
    senders = Senders(standing.world, watch)
    assert senders.find("new") is None
    with beside(standing) as other:
        other.act(ADMIN, "source.register", {"id": "new", "user": "gateway-account", "area": "310117"})
    soon = senders.find("new")
    watch.now_s += 1.0

    assert soon is None, "strangers are looked up once a second at most"
    assert senders.find("new") is not None


def test_what_another_process_takes_away_ends_on_a_quiet_server(standing: Standing) -> None:
    watch = Watch()
    senders = Senders(standing.world, watch)
    assert senders.find("gateway") is not None
    with beside(standing) as other:
        other.act(ADMIN, "user.disable", {"user": "gateway-account"})
    watch.now_s += 2.0

    assert senders.find("gateway") is None
    assert dict(senders.all()) == {}


def test_strangers_do_not_keep_the_store_busy(standing: Standing) -> None:
    watch = Watch()
    senders = Senders(standing.world, watch)
    senders.find("gateway")
    with statements(standing.world) as told:
        for second in range(10):
            watch.now_s += 1.0
            for number in range(100):
                assert senders.find(f"stranger-{second}-{number}") is None

    assert len(told) <= 2 * 10  # a look each second: a transaction, and the length of the journal
    assert not any("FROM source" in statement for statement in told), "nothing was committed: nothing is read"


def test_known_sources_go_on_while_the_store_does_not_answer(standing: Standing) -> None:
    watch = Watch()
    senders = Senders(standing.world, watch)
    before = senders.find("gateway")

    def broken(*_given: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("no answer"))

    sa.event.listen(standing.world.store.engine, "before_cursor_execute", broken)
    watch.now_s += 60.0
    found, stranger = senders.find("gateway"), senders.find("stranger")
    with pytest.raises(OperationalError):
        Senders(standing.world, watch).find("gateway")  # who never read it knows nobody, and must not say so
    sa.event.remove(standing.world.store.engine, "before_cursor_execute", broken)

    assert before is not None
    assert (found, stranger) == (before, None)


def test_a_disabled_account_sends_nothing(standing: Standing) -> None:
    standing.world.act(ADMIN, "user.disable", {"user": "gateway-account"})
    standing.doors.senders.read()

    assert standing.doors.senders.find("gateway") is None


def test_a_scope_within_an_area_is_what_both_have() -> None:
    assert within(Scope(("31",)), "310117") == Scope(("310117",))
    assert within(Scope(("310117001",)), "310117") == Scope(("310117001",))
    assert within(Scope(("310117", "310115")), "310000") == Scope(("310115", "310117"))
    assert within(Scope(("310115",)), "310117") == Scope(())
