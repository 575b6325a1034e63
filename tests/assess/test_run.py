"""Forecasts: more rain is never less harm, what is told is what is kept, and nobody sees beyond their areas."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from anlan.assess import queries
from anlan.assess.compute import compute
from anlan.assess.footprint import pack
from anlan.assess.ground import ground_of
from anlan.assess.model import surfaces
from anlan.assess.telling import told_of
from anlan.assess.water import members
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
def test_rain_on_one_district_floods_no_other(assessing: Any) -> None:
    assessing.outlook(90, areas=("310117",))
    own, other = assessing.forecast("310117").subject, assessing.forecast("310104").subject
    with assessing.reader() as reader:
        wet, dry = (queries.impact_towns(reader, forecast) for forecast in (own, other))

    assert max(town["max_depth_m"] for town in wet) > 0.15
    assert {town["rain_mm"] for town in wet} == {540.0}
    assert {(town["max_depth_m"], town["rain_mm"], town["high"]) for town in dry} == {(0.0, 0.0, 0)}


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
def test_the_same_inputs_give_the_same_forecast(assessing: Any) -> None:
    assessing.outlook(70, hours=3)
    city, ground = assessing.city, ground_of(assessing.city)
    with assessing.reader() as reader:
        one, two = (compute(reader, city, ground, "310104") for _ in range(2))

    assert pack(one.water, 0.0) == pack(two.water, 0.0)
    assert told_of(assessing.world.catalog, city, one) == told_of(assessing.world.catalog, city, two)


@only_sqlite
def test_the_water_is_carried_on_from_forecast_to_forecast(assessing: Any, clock: Any) -> None:
    """Forecasts every twenty minutes end with nearly the water that one long run under the same rain has."""
    assessing.rain(60, 1)
    assessing.forecast("310104")
    clock.advance_to(clock.now() + timedelta(minutes=30))
    assessing.rain(60, 1)
    found = []
    with assessing.reader() as reader:
        city = assessing.city
        carried = compute(reader, city, ground_of(city), "310104")
        reader.conn.execute(sa.delete(surfaces))
        anew = compute(reader, city, ground_of(city), "310104")
        found = [float(result.now.depth_m.sum(dtype=float)) for result in (carried, anew)]

    assert carried.begun.at_s > anew.begun.at_s
    assert found[0] == pytest.approx(found[1], rel=0.05)


@only_sqlite
def test_while_rain_lasts_the_next_forecast_is_on_the_clock(assessing: Any, clock: Any) -> None:
    assessing.outlook(90, hours=1)
    first = assessing.forecast("310104")
    world, refresh = assessing.world, float(assessing.world.catalog.setting("forecast.refresh_min"))
    world.advance(clock.now() + timedelta(minutes=refresh))
    with assessing.reader() as reader:
        ids = [row["id"] for row in queries.forecast_list(reader, area="310104")]
    assert len(ids) == 2
    assert ids[1] == first.subject
    world.advance(clock.now() + timedelta(hours=3))  # the rain is over long before
    with assessing.reader() as reader:
        assert 2 < len(queries.forecast_list(reader, area="310104")) < 8


@only_sqlite
def test_one_member_that_fails_is_told_and_the_rest_is_used(assessing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = members.run_member

    def fragile(job: members.Job) -> members.Run:
        if job.member.number == 3:
            raise FloatingPointError("the water is not a number")
        return whole(job)

    monkeypatch.setattr(members, "run_member", fragile)
    assessing.outlook(60)
    done = assessing.forecast("310104")
    with assessing.reader() as reader:
        inputs = queries.forecast(reader, done.subject)["inputs"]
    count = int(assessing.world.catalog.setting("forecast.members"))
    assert (done.data["members"], done.data["failed_members"]) == (count - 1, 1)
    assert inputs["failed_members"] == ["3: FloatingPointError: the water is not a number"]


@only_sqlite
def test_without_its_control_there_is_no_forecast(assessing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: members.Job) -> members.Run:
        if job.member.number == 0:
            raise FloatingPointError("nothing")
        raise AssertionError(job)

    assessing.outlook(60)
    monkeypatch.setattr(members, "run_member", broken)
    with pytest.raises(members.NoMember, match="nothing"):
        assessing.forecast("310104")
    with assessing.reader() as reader:
        assert queries.forecast_list(reader) == []


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
