"""Who sees which warning, and what is in force where and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anlan.kernel.errors import Forbidden, NotFound
from anlan.warn import queries

SIGNAL = {
    "identifier": "31000041600000_20240915153000",
    "issuer_zh": "上海中心气象台",
    "issuer_en": "Shanghai Meteorological Centre",
    "event_type": "11B03",
    "grade": "orange",
    "areas": ["310000"],
    "zh": {"headline": "上海中心气象台发布暴雨橙色预警信号"},
    "sent": "2024-09-15T07:30:00Z",
}


def listed(office: Any, who: Any, **how: Any) -> set[str]:
    with office.world.read(who, "warning") as reader:
        return {w.id for w in queries.warned(reader, **how)}


def in_force(office: Any, who: Any = None, **how: Any) -> list[str]:
    with office.world.read(who or office.public, "issued_warning") as reader:
        return [f.id for f in queries.effective(reader, **how)]


def test_a_draft_is_seen_in_its_own_home_only(office: Any) -> None:
    own = office.draft()
    city_wide = office.draft(by=office.city_duty, areas=["310000"])

    assert listed(office, office.wang) == {own}
    assert listed(office, office.chen) == set()
    assert listed(office, office.street) == set()
    assert listed(office, office.city_duty) == {own, city_wide}
    with pytest.raises(NotFound):
        office.see(city_wide, by=office.wang)


def test_what_is_told_to_the_whole_city_is_seen_in_its_districts_and_towns(office: Any) -> None:
    warning = office.issued(by=office.city_duty, second=office.city_leader, areas=["310000"])

    for who in (office.wang, office.chen, office.street, office.city_duty):
        assert listed(office, who) == {warning}


def test_what_is_told_to_one_town_is_seen_there_and_above_and_nowhere_else(office: Any) -> None:
    warning = office.issued(areas=["310117002"])

    assert listed(office, office.wang) == listed(office, office.city_duty) == {warning}
    assert listed(office, office.street) == listed(office, office.chen) == set()


def test_lists_narrow_by_state_area_and_time(office: Any) -> None:
    told, kept = office.issued(areas=["310117001"]), office.draft(areas=["310117002"])
    now = office.world.clock.now()

    assert listed(office, office.wang, state="draft") == {kept}
    assert listed(office, office.wang, area="310117001") == listed(office, office.wang, area="310117001001") == {told}
    assert listed(office, office.wang, area="310117") == {told, kept}
    assert listed(office, office.wang, since=now) == {told, kept}
    assert listed(office, office.wang, until=now) == set()


def test_the_public_role_reads_no_office_lists(office: Any) -> None:
    with office.world.read(office.public, "warning") as reader:
        assert not reader.scope


def test_what_is_in_force_follows_time_and_place(office: Any) -> None:
    start = office.world.clock.now()
    warning = office.issued()
    expires = office.see(warning).expires
    office.world.advance(start + timedelta(hours=1))
    office.act(office.li, "cancel", warning, reason="退水")

    assert in_force(office) == []
    assert in_force(office, at=start) == [warning]
    assert in_force(office, at=start, place="310117001001") == in_force(office, at=start, place="310000") == [warning]
    assert in_force(office, at=start, place="310115") == []
    assert in_force(office, at=start - timedelta(seconds=1)) == in_force(office, at=expires) == []


def test_a_warning_past_its_end_is_not_in_force_even_before_the_clock_notes_it(office: Any) -> None:
    warning = office.issued()

    assert in_force(office, at=office.see(warning).expires - timedelta(seconds=1)) == [warning]
    assert in_force(office, at=office.see(warning).expires) == []


def test_an_official_signal_is_relayed_with_its_issuer_and_is_no_warning_of_ours(office: Any) -> None:
    done = office.world.act(office.city_duty, "warning.relay", SIGNAL)
    again = office.world.act(office.city_duty, "warning.relay", SIGNAL)

    assert (again.subject, again.data["repeated"]) == (done.subject, True)
    assert listed(office, office.city_duty) == set()
    with office.world.read(office.public, "issued_warning") as reader:
        (signal,) = queries.effective(reader)
        assert queries.messages(reader) == []
    assert (signal.origin, signal.issuer_zh, signal.event_zh) == ("relayed", "上海中心气象台", "暴雨")


def test_a_signal_ends_when_it_is_replaced_or_lifted(office: Any) -> None:
    office.world.act(office.city_duty, "warning.relay", SIGNAL)
    red = SIGNAL | {"identifier": "b", "grade": "red", "replaces": SIGNAL["identifier"]}
    second = office.world.act(office.city_duty, "warning.relay", red).subject
    assert in_force(office) == [second]
    gone = SIGNAL | {"identifier": "c", "replaces": "b", "lifts": True}
    office.world.act(office.city_duty, "warning.relay", gone)
    assert in_force(office) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"sent": "2024-09-15T08:00:01Z"}, "warning.sent_later"),
        ({"expires": "2024-09-15T07:00:00Z"}, "warning.expires_early"),
        ({"lifts": True}, "warning.lifts_what"),
        ({"replaces": "nobody-sent-it"}, "warning.signal_unknown"),
        ({"event_type": "99Z99"}, "warning.event_type"),
    ],
)
def test_a_faulty_relay_is_refused(office: Any, more: Any, code: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # the code tells
        office.world.act(office.city_duty, "warning.relay", SIGNAL | more)
    assert caught.value.code == code


def test_a_district_relays_for_itself_alone(office: Any) -> None:
    with pytest.raises(Forbidden):
        office.world.act(office.wang, "warning.relay", SIGNAL)
    own = office.world.act(office.wang, "warning.relay", SIGNAL | {"areas": ["310117"]})

    assert own.area == "310117"
    assert in_force(office, place="310115") == []
    assert in_force(office, at=datetime(2024, 9, 20, tzinfo=UTC)) == [own.subject]
