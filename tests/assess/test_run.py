"""Forecasts: more rain is never less harm, what is told is what is kept, and nobody sees beyond their areas."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.assess import queries
from anlan.catalog.schema.base import GRADES
from anlan.kernel.errors import Forbidden, NotFound

only_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # numbers, not storage


@only_sqlite
def test_dry_weather_harms_nobody(assessing: Any) -> None:
    data = assessing.forecast().data

    assert (data["grade"], data["people"], data["towns"], data["assets_hit"]) == (
        None,
        {"low": 0, "best": 0, "high": 0},
        [],
        0,
    )
    assert (data["maturity"], data["synthetic"], data["reused"]) == ("screening", True, False)


@only_sqlite
def test_low_best_and_high_stand_in_that_order_everywhere(assessing: Any) -> None:
    assessing.rain(40, 2)
    assessing.outlook(45)
    forecast = assessing.forecast().data

    assert forecast["people"]["low"] <= forecast["people"]["best"] <= forecast["people"]["high"]
    assert forecast["people"]["high"] > 0
    with assessing.reader() as reader:
        towns = queries.impact_towns(reader, forecast["forecast"])
        assets = queries.impact_assets(reader, forecast["forecast"])
    assert all(town["low"] <= town["best"] <= town["high"] for town in towns)
    assert all(a["low"] <= a["best"] <= a["high"] for a in assets if a["best"] is not None)


@only_sqlite
def test_more_rain_is_never_less_harm(assessing: Any) -> None:
    found = []
    for mm_h in (20, 50, 80, 120):
        assessing.outlook(mm_h)
        found.append(assessing.forecast().data)
        assessing.world.clock.advance_to(assessing.world.clock.now() + timedelta(hours=1))

    people = [data["people"]["best"] for data in found]
    depth = [data["max_depth_m"] for data in found]
    assert people == sorted(people)
    assert depth == sorted(depth)
    assert people[0] < people[-1]
    assert found[-1]["grade"] in GRADES


def test_what_is_told_is_what_is_kept(assessing: Any) -> None:
    assessing.outlook(80)
    data = assessing.forecast().data
    with assessing.reader() as reader:
        row = queries.forecast(reader, data["forecast"])
        towns = queries.impact_towns(reader, data["forecast"])
        assets = queries.impact_assets(reader, data["forecast"])

    assert row["grade"] == data["grade"]
    graded = {town["area"]: town["grade"] for town in towns if town["grade"]}
    assert graded == {town["area"]: town["grade"] for town in data["towns"]}
    assert abs(sum(town["best"] for town in towns) - data["people"]["best"]) <= len(towns)
    assert sum(asset["critical"] for asset in assets) == data["critical_assets"]
    assert sum(a["critical"] and a["type"] == "underpass" for a in assets) == data["underpasses"]
    assert max(town["max_depth_m"] for town in towns) == data["max_depth_m"]


@only_sqlite
def test_a_towns_grade_is_the_catalogs_for_its_people_and_critical_assets(assessing: Any) -> None:
    assessing.outlook(80)
    forecast = assessing.forecast().subject
    grading = assessing.world.catalog.grades
    with assessing.reader() as reader:
        towns = queries.impact_towns(reader, forecast)

    ranks = {None: 4} | {grade: rank for rank, grade in enumerate(GRADES)}
    for town in towns:
        by_assets = ranks[grading["impact_critical_assets"].grade(town["critical_assets"])]
        near = {ranks[grading["impact_people"].grade(town["best"] + off)] for off in (-0.5, 0.5)}
        assert ranks[town["grade"]] in {min(by_assets, rank) for rank in near}


@only_sqlite
def test_rain_on_one_district_floods_no_far_one(assessing: Any) -> None:
    assessing.outlook(90, areas=("310117",))
    forecast = assessing.forecast().subject
    with assessing.reader() as reader:
        towns = queries.impact_towns(reader, forecast)

    wet = {town["area"][:6] for town in towns if town["max_depth_m"] > 0}
    assert "310117" in wet
    assert not wet & {"310115", "310151", "310110"}
    assert {t["rain_mm"] for t in towns if t["area"].startswith("310117")} == {540.0}
    assert {t["rain_mm"] for t in towns if t["area"].startswith("310151")} == {0.0}


@only_sqlite
def test_rain_that_fell_counts_hour_by_hour_and_the_hour_under_way_in_part(assessing: Any, clock: Any) -> None:
    assessing.rain(10, 3)
    clock.advance_to(assessing.start + timedelta(minutes=30))
    assessing.rain(10, 1)
    assessing.outlook(20, hours=24)
    forecast = assessing.forecast().subject
    with assessing.reader() as reader:
        (row,) = queries.forecast_list(reader)
        towns = queries.impact_towns(reader, forecast)

    # three hours and a half at 10 mm/h have fallen; six hours at 20 mm/h are to come
    assert {town["rain_mm"] for town in towns} == {155.0}
    assert (row["inputs"]["rain_fallen_mm"], row["inputs"]["rain_expected_mm"]) == (35.0, 120.0)


@only_sqlite
def test_without_an_outlook_the_last_rain_goes_on(assessing: Any) -> None:
    assessing.rain(10, 2)
    assessing.forecast()
    with assessing.reader() as reader:
        (row,) = queries.forecast_list(reader)

    assert row["inputs"]["outlook_source"] == "persistence"
    assert row["inputs"]["rain_expected_mm"] == 60.0


@only_sqlite
def test_a_high_tide_makes_it_worse(assessing: Any) -> None:
    def people(level: float) -> int:
        tide = [{"station": "tide_gauge-wusong", "levels": [level] * 6}]
        assessing.outlook(45, tide=tide)
        done = assessing.forecast().data["people"]["best"]
        assessing.world.clock.advance_to(assessing.world.clock.now() + timedelta(hours=1))
        return int(done)

    assert people(1.0) < people(5.5)


def test_a_fresh_forecast_is_told_again_and_an_old_one_is_not(assessing: Any, clock: Any) -> None:
    first = assessing.forecast()
    again = assessing.forecast()
    assert (again.subject, again.data["reused"], again.data["forecast"]) == (first.subject, True, first.subject)

    interval = timedelta(minutes=float(assessing.world.catalog.setting("forecast.min_interval_min")))
    clock.advance_to(clock.now() + interval)
    later = assessing.forecast()
    assert (later.subject == first.subject, later.data["reused"]) == (False, False)


def test_a_town_is_assessed_with_its_district_by_whoever_reaches_it(assessing: Any) -> None:
    assert assessing.forecast("310117001").area == "310117"
    assert assessing.forecast("310115004", "duty_officer", "310115").area == "310115"


def test_a_town_is_assessed_alone_by_who_reaches_no_further(assessing: Any) -> None:
    assert assessing.forecast("310117001", at="310117001").area == "310117001"


@only_sqlite
def test_the_same_inputs_give_the_same_forecast(assessing: Any, clock: Any) -> None:
    assessing.outlook(70, hours=3, areas=("310117", "310115"))
    one = assessing.forecast("310117").data
    city = assessing.forecast().data

    own = [town for town in city["towns"] if town["area"].startswith("310117")]
    assert one["towns"] == own
    assert one["people"]["best"] <= city["people"]["best"]


def test_one_district_sees_and_runs_its_own_forecasts_only(assessing: Any) -> None:
    assessing.outlook(80)
    city, pudong, own = (assessing.forecast(area).subject for area in ("310000", "310115", "310117"))
    with assessing.reader("310117") as reader:
        assert [row["id"] for row in queries.forecast_list(reader)] == [own]
        for hidden in (city, pudong):
            for ask in (queries.forecast, queries.impact_towns, queries.impact_assets, queries.depth_png):
                with pytest.raises(NotFound):
                    ask(reader, hidden)
    with pytest.raises(Forbidden):
        assessing.forecast("310115", at="310117")


def test_the_latest_forecast_of_a_town_is_that_of_what_holds_it(assessing: Any) -> None:
    district = assessing.forecast("310117").subject
    with assessing.reader() as reader:
        assert queries.latest(reader, "310117001")["id"] == district
        assert queries.latest(reader, "310115004") is None
