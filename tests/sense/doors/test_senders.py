"""Who may send: read again when something changed, by many threads at once."""

import threading

from anlan.kernel.access import Scope
from anlan.sense.doors.senders import Senders, within
from sense.doors.standing import ADMIN, Standing


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


def test_a_disabled_account_sends_nothing(standing: Standing) -> None:
    standing.world.act(ADMIN, "user.disable", {"user": "gateway-account"})
    standing.doors.senders.read()

    assert standing.doors.senders.find("gateway") is None


def test_a_scope_within_an_area_is_what_both_have() -> None:
    assert within(Scope(("31",)), "310117") == Scope(("310117",))
    assert within(Scope(("310117001",)), "310117") == Scope(("310117001",))
    assert within(Scope(("310117", "310115")), "310000") == Scope(("310115", "310117"))
    assert within(Scope(("310115",)), "310117") == Scope(())
