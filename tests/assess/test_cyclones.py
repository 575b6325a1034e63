"""Cyclones: an advice in, wind over the towns and circles on the map out."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.assess import queries
from anlan.kernel.errors import Forbidden, Invalid

only_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # numbers, not storage


def advice(assessing: Any, **more: Any) -> dict[str, Any]:
    """Return a strong storm that passes east of the city northwards within twelve hours."""
    start = assessing.start - timedelta(hours=3)
    points = [
        {
            "at": start + timedelta(hours=3 * i),
            "lon": 122.3,
            "lat": 30.0 + 0.5 * i,
            "pressure_hpa": 960.0,
            "wind_m_s": 40.0,
            "kind": "observed" if i < 2 else "forecast",
        }
        for i in range(5)
    ]
    base = {"storm": "2413", "name_zh": "贝碧嘉", "name_en": "Bebinca", "issued": assessing.start}
    return base | {"source": "a test", "synthetic": True, "points": points} | more


@only_sqlite
def test_an_advice_gives_every_town_its_wind(assessing: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing), "duty_officer")
    told = [assessing.forecast(area).data for area in ("310151", "310117")]
    with assessing.reader() as reader:
        towns = {town["area"]: town for one in told for town in queries.impact_towns(reader, one["forecast"])}

    east, west = (
        next(own for code, own in towns.items() if code.startswith("310151")),
        towns["310117001"],
    )  # Chongming in the estuary and Songjiang inland
    assert east["gust_m_s"] > west["gust_m_s"] > 10
    assert max(one["wind"]["gust_m_s"] for one in told) == max(town["gust_m_s"] for town in towns.values())
    gusts = assessing.world.catalog.grades["impact_wind_gust"]
    assert all(town["wind_grade"] == gusts.grade(town["gust_m_s"]) for town in towns.values())
    people = sum(sum(one["wind"]["people"].values()) for one in told)
    assert people <= sum(area.population or 0 for area in assessing.city.areas.levels["town"])


@only_sqlite
def test_without_an_advice_there_is_no_wind(assessing: Any) -> None:
    assert assessing.forecast().data["wind"] is None


@only_sqlite
def test_the_map_is_told_where_the_storm_is_and_how_far_it_reaches(assessing: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing))
    with assessing.reader("310117") as reader:
        found = queries.cyclone(reader)

    assert (found["now"]["lon"], found["now"]["lat"]) == (122.3, 30.5)
    radii = found["now"]["radii_km"]
    assert set(radii) <= {"7", "10", "12"}
    assert radii["7"] > radii["10"] > 0


def test_the_newest_advice_issued_so_far_is_in_force(assessing: Any, clock: Any) -> None:
    later = assessing.start + timedelta(hours=1)
    assessing.act("cyclone.advise", advice(assessing))
    assessing.act("cyclone.advise", advice(assessing, name_en="Later", issued=later))
    with assessing.reader() as reader:
        assert queries.cyclone(reader)["name_en"] == "Bebinca"
    clock.advance_to(later)
    with assessing.reader() as reader:
        assert queries.cyclone(reader)["name_en"] == "Later"


@only_sqlite
def test_a_storm_long_gone_has_a_track_and_no_place(assessing: Any, clock: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing))
    clock.advance_to(assessing.start + timedelta(days=3))
    with assessing.reader() as reader:
        assert queries.cyclone(reader)["now"] is None
    assert assessing.forecast().data["wind"] is None


@only_sqlite
def test_fixes_out_of_order_are_refused(assessing: Any) -> None:
    points = advice(assessing)["points"]
    with pytest.raises(Invalid):
        assessing.act("cyclone.advise", advice(assessing, points=points[::-1]))


def test_a_district_does_not_speak_for_the_forecasters(assessing: Any) -> None:
    with pytest.raises(Forbidden):
        assessing.act("cyclone.advise", advice(assessing), at="310117")
    with pytest.raises(Forbidden):
        assessing.act("outlook.record", {"issued": assessing.start, "source": "x", "rain": []}, at="310117")


def test_an_outlook_for_a_station_that_is_not_there_is_refused(assessing: Any) -> None:
    with pytest.raises(Invalid):
        assessing.outlook(10, tide=[{"station": "tide_gauge-atlantis", "levels": [1.0]}])
