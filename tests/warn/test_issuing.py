"""From review to the end of a warning's validity, at the gate, on both stores."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.tables import timers
from anlan.warn import queries


def test_the_whole_story_stands_in_the_steps(office: Any) -> None:
    warning = office.draft("submit")
    office.act(office.li, "return", warning, reason="人数不对")
    office.steps(warning, "submit", "approve", "issue")

    seen = office.see(warning)
    assert [(s.by, s.step, s.state) for s in seen.steps] == [
        ("wang", "draft", "draft"),
        ("wang", "submit", "in_review"),
        ("li", "return", "draft"),
        ("wang", "submit", "in_review"),
        ("li", "approve", "approved"),
        ("li", "issue", "issued"),
    ]
    assert seen.steps[2].reason == "人数不对"
    assert (seen.authors, seen.approver, seen.issuer) == (["wang"], "li", "li")


def test_the_entry_of_an_issue_holds_the_digest_of_the_message_as_kept(office: Any) -> None:
    warning = office.draft("submit", "approve")
    done = office.act(office.li, "issue", warning)

    with office.world.read(office.public, "issued_warning") as reader:
        xml = queries.cap_message(reader, warning)
    assert done.data["sha256"] == hashlib.sha256(xml).hexdigest()
    assert (done.data["msg_type"], done.data["status"], done.data["references"]) == ("Alert", "Exercise", [])


@pytest.mark.parametrize("steps", [(), ("submit",)])
def test_nothing_is_issued_without_approval(office: Any, steps: tuple[str, ...]) -> None:
    warning = office.draft(*steps)
    with pytest.raises(Conflict):
        office.act(office.li, "issue", warning)


@pytest.mark.parametrize("author", ["li", "city_leader"])
def test_an_author_cannot_approve_the_own_warning(office: Any, author: str) -> None:
    who = getattr(office, author)
    warning = office.draft("submit", by=who)
    with pytest.raises(Forbidden) as caught:
        office.act(who, "approve", warning)
    assert caught.value.code == "warning.own"


def test_whoever_submits_a_programs_draft_is_its_author(office: Any) -> None:
    warning = office.draft(by=office.machine)
    office.act(office.li, "submit", warning)
    with pytest.raises(Forbidden) as caught:
        office.act(office.li, "approve", warning)
    assert caught.value.code == "warning.own"

    office.act(office.zhao, "approve", warning)
    assert office.see(warning).authors == ["system:reaction", "li"]


def test_an_approval_is_void_after_a_return(office: Any) -> None:
    warning = office.draft("submit", "approve")
    office.act(office.zhao, "return", warning, reason="区域不全")
    office.act(office.wang, "edit", warning, areas=["310117"])
    office.act(office.li, "submit", warning)
    with pytest.raises(Forbidden):  # she approved it before, and is an author now
        office.act(office.li, "approve", warning)
    assert office.see(warning).approver is None


def test_red_is_approved_by_the_role_that_the_catalog_names(office: Any) -> None:
    words = {"headline": "危险化学品泄漏"}
    leak = {"event_type": "12D00", "grade": "red", "zh": words, "expires": "2024-09-15T12:00:00Z"}
    warning = office.draft("submit", **leak)
    with pytest.raises(Forbidden) as caught:
        office.act(office.li, "approve", warning)
    assert (caught.value.code, caught.value.params["roles"]) == ("warning.approver", "commander")

    assert office.act(office.zhao, "approve", warning).data["approver"] == "zhao"


def test_another_district_can_do_nothing(office: Any) -> None:
    warning = office.draft("submit")
    for step, more in (("approve", {}), ("return", {"reason": "x"}), ("edit", {}), ("issue", {}), ("update", {})):
        with pytest.raises(Forbidden) as caught:
            office.act(office.chen, step, warning, **more)
        assert caught.value.code == "access.area"


def test_a_district_cannot_touch_a_city_wide_warning(office: Any) -> None:
    warning = office.draft("submit", by=office.city_duty, areas=["310117", "310115"])
    with pytest.raises(Forbidden):
        office.act(office.zhao, "approve", warning)

    assert office.act(office.city_leader, "approve", warning).area == "310000"


@pytest.mark.parametrize("event_type", ["11B01", "11B03", "11B38", "11B29"])
def test_an_official_signal_is_never_issued_as_our_own(office: Any, event_type: str) -> None:
    words = {"headline": "建议发布信号"}
    args = {"event_type": event_type, "zh": words, "expires": "2024-09-15T12:00:00Z"}
    warning = office.draft("submit", **args)
    office.act(office.zhao, "approve", warning)
    with pytest.raises(Invalid) as caught:
        office.act(office.zhao, "issue", warning)

    assert caught.value.code == "warning.not_ours"
    assert "alone" in caught.value.message("en")
    assert office.see(warning).state == "approved"


def test_a_warning_expires_by_the_clock(office: Any) -> None:
    warning = office.issued()
    expires = office.see(warning).expires
    with pytest.raises(Conflict):
        office.act(office.machine, "expire", warning)

    office.world.advance(expires - timedelta(seconds=1))
    assert office.see(warning).state == "issued"
    office.world.advance(expires)
    assert (office.see(warning).state, office.see(warning).ended) == ("expired", expires)


def test_a_warning_whose_time_has_passed_is_not_issued(office: Any) -> None:
    warning = office.draft("submit", "approve")
    office.world.advance(office.see(warning).expires)
    with pytest.raises(Conflict) as caught:
        office.act(office.li, "issue", warning)
    assert caught.value.code == "warning.over"


def test_an_update_supersedes_when_it_is_issued(office: Any) -> None:
    old = office.issued()
    new = office.act(office.li, "update", old, grade="red", reason="水位继续上涨").subject
    assert office.see(old).state == "issued"
    office.steps(new, "submit", "approve", "issue", by=office.li, second=office.zhao)

    before, after = office.cap(old), office.cap(new)
    assert (office.see(old).state, office.see(old).superseded_by) == ("updated", [new])
    assert after.msg_type == "Update"
    assert [r.identifier for r in after.references] == [before.identifier]
    assert "红色" in office.see(new).texts["zh"].headline
    with office.world.store.read() as conn:
        assert conn.scalars(sa.select(timers.c.key)).all() == [f"warning-expire:{new}"]


def test_a_warning_has_one_waiting_update(office: Any) -> None:
    old = office.issued()
    office.act(office.li, "update", old)
    with pytest.raises(Conflict) as caught:
        office.act(office.li, "update", old)
    assert caught.value.code == "warning.update_waits"


def test_an_update_of_what_has_expired_stands_alone(office: Any) -> None:
    old = office.issued()
    new = office.act(office.li, "update", old, expires="2024-09-16T08:00:00Z").subject
    office.world.advance(office.see(old).expires)
    office.steps(new, "submit", "approve", "issue", by=office.li, second=office.zhao)

    assert (office.cap(new).msg_type, office.cap(new).references) == ("Alert", ())
    assert office.see(old).state == "expired"


def test_an_update_of_what_was_cancelled_is_refused(office: Any) -> None:
    old = office.issued()
    new = office.act(office.li, "update", old).subject
    office.act(office.li, "cancel", old, reason="退水")
    office.steps(new, "submit", "approve", by=office.li, second=office.zhao)
    with pytest.raises(Conflict):
        office.act(office.li, "issue", new)


def test_a_cancellation_refers_to_the_first_message_and_to_all_earlier_ones(office: Any) -> None:
    first = office.issued()
    second = office.act(office.li, "update", first, grade="red").subject
    office.world.advance(datetime(2024, 9, 15, 8, 30, tzinfo=UTC))
    office.steps(second, "submit", "approve", "issue", by=office.li, second=office.zhao)
    sent = [office.cap(first), office.cap(second)]
    done = office.act(office.li, "cancel", second, reason="积水已退")

    lifted = office.cap(second)
    assert lifted.msg_type == "Cancel"
    assert [(r.sender, r.identifier, r.sent) for r in lifted.references] == [
        (a.sender, a.identifier, a.sent) for a in sent
    ]
    assert done.data["first"] == sent[0].identifier
    assert "解除" in lifted.infos[0].headline
    assert lifted.infos[0].description == "积水已退"
    assert lifted.infos[0].response_types == ("AllClear",)
    assert office.see(second).state == "cancelled"


def test_whoever_may_not_approve_may_not_lift(office: Any) -> None:
    leak = {"event_type": "12D00", "grade": "red", "zh": {"headline": "泄漏"}, "expires": "2024-09-15T12:00:00Z"}
    warning = office.issued(**leak, second=office.zhao)
    with pytest.raises(Forbidden):
        office.act(office.li, "cancel", warning, reason="x")


def test_an_unknown_warning_is_not_found(office: Any) -> None:
    with pytest.raises(NotFound):
        office.act(office.li, "approve", "warning-99")
