"""The timeline: every verb has its words, and they say what the entry says."""

from typing import Any

import pytest

from anlan import root
from anlan.catalog.texts import texts
from anlan.review.record import KERNEL, ROOMS, room_of
from anlan.review.timeline import is_routine, item_of, timeline
from anlan.review.wording import UNKNOWN, Names, sentence, spoken


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_verb_of_every_room_has_its_words(lang: str) -> None:
    missing = [verb for verb in sorted(root.all_actions()) if f"timeline.{verb}" not in texts(lang)]

    assert missing == []


def test_every_verb_belongs_to_the_room_that_lists_it() -> None:
    for room in root.ROOMS:
        own = room.__name__.split(".")[1]
        assert {room_of(verb) for verb in room.ACTIONS} <= {own}
    assert set(ROOMS.values()) | {KERNEL} == {room.__name__.split(".")[1] for room in root.ROOMS}


@pytest.mark.parametrize(
    ("verb", "zh", "en"),
    [
        (
            "alarm.open",
            "人民路下立交报警：积水深度 0.31 m，超过橙色阈值 0.25 m",
            "Alarm at Renmin Road Underpass: ponding depth 0.31 m, beyond the orange threshold of 0.25 m",
        ),
        ("task.escalate", "任务到时未交（逾期 12 分钟），升级到", "Task not handed in (12 min overdue)"),
        (
            "plan.activate",
            "启动《防汛预案》Ⅲ级响应，下达任务 3 项",
            "Flood plan activated at level III, 3 tasks opened",
        ),
        ("shelter.admit", "人民路下立交人数变化 70，现有 70/70 人", "Renmin Road Underpass: 70 people, now 70 of 70"),
        (
            "forecast.run",
            "松江区研判：橙色，1 个街镇受影响，受影响人口 100～900（最可能 400），最大积水 0.6 m",
            "Songjiang District: orange, 1 towns hit, 100 to 900 people at risk (best 400), water up to 0.6 m",
        ),
    ],
)
def test_an_entry_is_told_in_both_languages(night: Any, names: Names, verb: str, zh: str, en: str) -> None:
    entry = next(e for e in night.entries if e["verb"] == verb)
    item = item_of(entry, names)

    assert item.zh.startswith(zh)
    assert en in item.en or item.en.startswith(en)


def test_times_are_told_by_the_city_s_clock(night: Any, names: Names) -> None:
    entry = next(e for e in night.entries if e["verb"] == "task.open")

    assert "09-16 00:50" in sentence(entry, "zh", names)  # 16:50 UTC in Shanghai


def test_what_is_not_told_is_a_dash_and_never_a_brace(empty: Any, names: Names) -> None:
    empty.note(0, "alarm.open", "alarm-1")
    (item,) = timeline(empty.entries, names)

    assert UNKNOWN in item.zh
    assert "{" not in item.zh + item.en


def test_a_verb_without_words_is_told_by_its_name(empty: Any, names: Names) -> None:
    empty.note(0, "gate.paint", "gate-1")

    assert sentence(empty.entries[0], "en", names) == "gate.paint: gate-1"


def test_braces_in_what_people_wrote_do_no_harm(empty: Any, names: Names) -> None:
    empty.note(0, "duty.note", "duty-1", text="{by} {0} 100% {{")

    assert sentence(empty.entries[0], "en", names) == "Duty note: {by} {0} 100% {{"


def test_what_only_repeats_is_routine(night: Any, empty: Any) -> None:
    assert [e["seq"] for e in night.entries if is_routine(e)] == [
        e["seq"] for e in night.entries if e["data"].get("reused")
    ]
    empty.note(0, "sense.ingest", "source:gauges")
    assert is_routine(empty.entries[0])


def test_units_are_told_by_their_sign(empty: Any, names: Names) -> None:
    empty.note(
        0, "alarm.open", "alarm-1", value=17.2, unit="m_s", threshold=17.2, name_zh="a", name_en="a", grade="blue"
    )

    assert "17.2 m/s" in sentence(empty.entries[0], "en", names)


def test_numbers_are_told_without_noise(names: Names) -> None:
    told = {"capacity": 1234567, "occupants": 0, "people": -3, "name_zh": "甲", "name_en": "A"}

    assert spoken("timeline.shelter.admit", told, "en", names) == "A: -3 people, now 0 of 1,234,567"
