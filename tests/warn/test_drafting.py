"""What a draft says, and where it comes from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anlan.kernel.errors import Conflict, Forbidden, Invalid

WORDS = {"headline": "下立交封闭", "description": "三处下立交积水。", "instruction": "请绕行。"}


def test_a_draft_speaks_both_languages_with_the_numbers_of_the_forecast(office: Any) -> None:
    seen = office.see(office.draft())

    assert seen.texts["zh"].headline == "松江区应急管理局发布岳阳街道、中山街道积水内涝橙色预警"
    # The town with most people comes first; times are the city's own.
    for part in ("2140（1600至2900）人", "0.8米", "5处重要设施", "中山街道、岳阳街道", "9月15日17时00分"):
        assert part in seen.texts["zh"].description
    assert "about 2140 (1600 to 2900) people" in seen.texts["en"].description
    assert "Songjiang District Emergency Management Bureau" in seen.texts["en"].headline
    assert "（待核）" in seen.texts["zh"].description  # no peak was given


def test_type_grade_and_areas_left_out_come_from_the_forecast(office: Any) -> None:
    done = office.world.act(office.wang, "warning.draft", {"facts": office.orange()["facts"], "forecast": "forecast-7"})

    assert done.area == "310117"
    assert (done.data["event_type"], done.data["grade"]) == ("11A02", "orange")
    assert done.data["areas"] == ["310117001", "310117004"]
    assert done.data["forecast"] == "forecast-7"
    kept = office.see(done.subject).facts
    assert (kept["maturity"], kept["synthetic"]) == ("screening", True)


def test_times_left_out_come_from_the_forecast_and_the_catalog(office: Any, catalog: Any) -> None:
    seen = office.see(office.draft())

    valid = timedelta(hours=catalog.warning_templates["waterlogging"].valid_h["orange"])
    assert seen.onset == datetime(2024, 9, 15, 9, tzinfo=UTC)
    assert seen.expires == seen.onset + valid


def test_words_of_a_person_stand_before_the_templates(office: Any) -> None:
    seen = office.see(office.draft(zh=WORDS))

    assert seen.texts["zh"].headline == "下立交封闭"
    assert "orange warning" in seen.texts["en"].headline


def test_a_type_without_template_needs_words_and_an_end(office: Any) -> None:
    explosion = {"event_type": "12D00", "grade": "red"}
    with pytest.raises(Invalid) as caught:
        office.draft(**explosion)
    assert (caught.value.code, caught.value.at) == ("warning.expires_missing", "args.expires")
    with pytest.raises(Invalid) as caught:
        office.draft(**explosion, expires="2024-09-15T12:00:00Z")
    assert (caught.value.code, caught.value.at) == ("warning.text_missing", "args.zh")

    seen = office.see(office.draft(**explosion, expires="2024-09-15T12:00:00Z", zh=WORDS))
    assert set(seen.texts) == {"zh"}


@pytest.mark.parametrize(
    ("wrong", "code", "at"),
    [
        ({"event_type": "11A98"}, "warning.event_type", "args.event_type"),
        ({"event_type": None, "facts": None}, "warning.needed", "args.event_type"),
        ({"grade": None, "facts": None}, "warning.needed", "args.grade"),
        ({"areas": [], "facts": None}, "warning.needed", "args.areas"),
        ({"areas": ["310199001"]}, "area.unknown", "args.areas.0"),
        ({"grade": "purple"}, "args.invalid", None),
        ({"expires": "2024-09-15T07:00:00Z"}, "warning.expires_early", "args.expires"),
        ({"onset": "2024-09-15T12:00:00Z", "expires": "2024-09-15T11:00:00Z"}, "warning.expires_early", "args.expires"),
        ({"expires": "2024-09-15T12:00:00"}, "args.invalid", None),
    ],
)
def test_a_faulty_draft_is_refused_with_its_place(office: Any, wrong: Any, code: str, at: str) -> None:
    with pytest.raises(Invalid) as caught:
        office.draft(**wrong)
    assert (caught.value.code, caught.value.at) == (code, at)


@pytest.mark.parametrize(
    ("areas", "home"),
    [
        (["310117001"], "310117"),
        (["310117001", "310117001001"], "310117"),
        (["310117"], "310117"),
        (["310117001", "310115"], "310000"),
        (["310000", "310117"], "310000"),
    ],
)
def test_a_warning_belongs_to_the_district_of_all_its_areas_or_to_the_city(
    office: Any, areas: list[str], home: str
) -> None:
    done = office.world.act(office.city_duty, "warning.draft", office.orange(areas=areas))

    assert done.area == home


def test_areas_inside_others_are_left_out(office: Any) -> None:
    done = office.world.act(office.city_duty, "warning.draft", office.orange(areas=["310117001001", "310117001"]))

    assert done.data["areas"] == ["310117001"]


@pytest.mark.parametrize("areas", [["310115"], ["310000"], ["310117001", "310115"]])
def test_nobody_drafts_beyond_the_own_areas(office: Any, areas: list[str]) -> None:
    with pytest.raises(Forbidden):
        office.draft(areas=areas)


def test_an_edit_fills_texts_anew_and_makes_the_editor_an_author(office: Any) -> None:
    warning = office.draft(en=WORDS)
    office.act(office.li, "edit", warning, grade="red")

    seen = office.see(warning)
    assert "红色预警" in seen.texts["zh"].headline
    assert seen.texts["en"].headline == WORDS["headline"]
    assert seen.authors == ["wang", "li"]


def test_only_a_draft_is_edited(office: Any) -> None:
    warning = office.draft("submit")
    with pytest.raises(Conflict):
        office.act(office.wang, "edit", warning, grade="red")


def test_weather_is_marked_as_a_candidate(office: Any) -> None:
    assert not office.see(office.draft()).candidate
    # Rainstorm has a signal of the station in the catalog; intense rain has none, and is weather all the same.
    assert office.see(office.draft(event_type="11B03", zh=WORDS, expires="2024-09-15T12:00:00Z")).candidate
    assert office.see(office.draft(event_type="11B38", zh=WORDS, expires="2024-09-15T12:00:00Z")).candidate


def test_a_program_keeps_one_draft_up_to_date(office: Any) -> None:
    first = office.world.act(office.machine, "warning.draft", office.orange(grade="yellow"))
    second = office.world.act(office.machine, "warning.draft", office.orange())

    assert second.subject == first.subject
    assert office.see(first.subject).grade == "orange"
    assert second.data["refreshed"]


def test_a_program_leaves_alone_what_people_work_on(office: Any) -> None:
    warning = office.draft("submit", grade="yellow")
    again = office.world.act(office.machine, "warning.draft", office.orange())

    assert (again.subject, again.data["reused"]) == (warning, True)
    assert office.see(warning).grade == "yellow"


def test_a_program_says_no_more_than_what_is_issued_and_updates_what_says_too_little(office: Any) -> None:
    warning = office.issued()
    milder = office.world.act(office.machine, "warning.draft", office.orange(grade="yellow"))
    worse = office.world.act(office.machine, "warning.draft", office.orange(grade="red"))

    assert (milder.subject, milder.data["reused"]) == (warning, True)
    assert (worse.data["supersedes"], worse.data["state"]) == (warning, "draft")
    assert office.world.act(office.machine, "warning.draft", office.orange(grade="red")).subject == worse.subject
