"""Levels of the sea: the tide by its constants, held to what stations told, and the surge of an advice on top."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from anlan.assess import sea
from anlan.assess.cyclones import track_of
from anlan.assess.forcing import HOUR_S, forcing, hours_of
from anlan.assess.ground import ground_of
from anlan.science.tide import Harmonic, inverse_barometer_m, tide_m
from anlan.science.wind import wind_field

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # numbers, not storage

WUSONG = "tide_gauge-wusong"
# as written in the catalog's settings of the sea
PORT = {
    "M2": Harmonic(0.98, 355),
    "S2": Harmonic(0.42, 40),
    "N2": Harmonic(0.17, 335),
    "K1": Harmonic(0.23, 200),
    "O1": Harmonic(0.14, 160),
    "M4": Harmonic(0.14, 280),
}
MEAN_M = 2.80


def advice(assessing: Any, lon: float = 122.2, **more: Any) -> dict[str, Any]:
    """Return a strong storm that runs ashore south of the mouth within a day, at a longitude to begin with."""
    points = [
        {
            "at": assessing.start + timedelta(hours=6 * (i - 2)),
            "lon": lon + 4 - i,
            "lat": 29.0 + 0.35 * i,
            "pressure_hpa": 950.0,
            "wind_m_s": 42.0,
            "kind": "observed" if i < 3 else "forecast",
        }
        for i in range(7)
    ]
    base = {"storm": "2413", "name_zh": "贝碧嘉", "name_en": "Bebinca", "issued": assessing.start}
    return base | {"source": "a test", "synthetic": True, "points": points} | more


def tell(assessing: Any, level: Any, hours: int = 24) -> None:
    """Let the gauge of Wusong tell levels every twenty minutes up to now."""
    sensor = next(s.id for s in assessing.city.sensors if s.asset == WUSONG)
    now = assessing.world.clock.now()
    ats = [now - timedelta(minutes=20 * k) for k in range(3 * hours)]
    rows = [[sensor, at, round(float(level(at)), 4)] for at in ats]
    assessing.act("sense.ingest", {"source": "t", "rows": rows}, "instrument")
    assessing.world.settle()


def by_constants(at: datetime) -> float:
    return float(tide_m([at.timestamp()], PORT, mean_m=MEAN_M)[0])


def told(assessing: Any, hours: int = 24) -> sea.Levels:
    with assessing.reader() as reader:
        storm = sea.surge(reader.catalog, sea.newest_advice(reader), spread=True)
        own = next(s for s in sea.stations(reader.catalog) if s.asset == WUSONG)
        starts, seen = sea.heard(reader, [WUSONG])
        times = reader.now.timestamp() + np.arange(0, hours * 3 + 1) * 1200.0
        return sea.levels(reader.catalog, own, storm, times, starts, seen[WUSONG])


def test_without_a_storm_and_readings_the_level_is_the_tide_of_the_constants(assessing: Any) -> None:
    found = told(assessing)

    expected = tide_m(found.time_s, PORT, mean_m=MEAN_M)
    for series in (found.tide_m, found.low_m, found.best_m, found.high_m):
        np.testing.assert_allclose(series, expected, atol=1e-12)
    assert (found.fit, found.moved_m, found.heard_h) == ("unheard", 0.0, 0)


def test_a_station_further_up_the_river_has_the_tide_later_and_smaller(assessing: Any) -> None:
    with assessing.reader() as reader:
        park = next(s for s in sea.stations(reader.catalog) if s.asset == "tide_gauge-huangpu_park")
        times = reader.now.timestamp() + np.arange(0, 100) * 600.0
        found = sea.harmonic_m(reader.catalog, park, times)

    np.testing.assert_allclose(found, 2.97 + 0.92 * tide_m(times - 45 * 60, PORT), atol=1e-12)


def test_the_tide_is_held_to_the_readings(assessing: Any) -> None:
    tell(assessing, lambda at: by_constants(at) + 0.3)
    found = told(assessing)

    assert (found.fit, found.heard_h) == ("held", 24)
    assert found.moved_m == pytest.approx(0.3, abs=1e-3)
    np.testing.assert_allclose(found.best_m, tide_m(found.time_s, PORT, mean_m=MEAN_M + 0.3), atol=1e-3)


def test_a_few_readings_hold_nothing(assessing: Any) -> None:
    tell(assessing, lambda at: by_constants(at) + 0.3, hours=8)

    assert (told(assessing).fit, told(assessing).moved_m) == ("unheard", 0.0)


def test_constants_that_explain_nothing_are_said_to_be_poor(assessing: Any) -> None:
    tell(assessing, lambda at: 2 * MEAN_M - by_constants(at))  # high water where the constants have low

    assert (told(assessing).fit, told(assessing).moved_m) == ("poor", 0.0)


def test_a_storm_raises_the_sea_and_its_other_tracks_give_a_spread(assessing: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing), "duty_officer")
    found = told(assessing)

    raised = found.best_m - found.tide_m
    assert 0.5 < raised.max() < 8
    assert np.all(found.low_m <= found.best_m)
    assert np.all(found.best_m <= found.high_m)
    assert np.max(found.high_m - found.low_m) > 0.3


def test_a_surge_goes_up_the_river_as_the_tide_does(assessing: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing), "duty_officer")
    with assessing.reader() as reader:
        storm = sea.surge(reader.catalog, sea.newest_advice(reader), spread=False)
        park = next(s for s in sea.stations(reader.catalog) if s.asset == "tide_gauge-huangpu_park")
        nothing = np.zeros(0)
        found = sea.levels(reader.catalog, park, storm, storm.time_s + 45 * 60, nothing, nothing)

    np.testing.assert_allclose(found.best_m - found.tide_m, 0.92 * storm.best_m, atol=1e-12)


def test_the_sea_begins_at_rest_under_the_first_pressure(assessing: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing, lon=119.0), "duty_officer")
    with assessing.reader() as reader:
        storm = sea.surge(reader.catalog, sea.newest_advice(reader), spread=False)
        track = track_of(reader.catalog, sea.newest_advice(reader))
        shore = wind_field(track, storm.time_s[:1], [121.92], [31.2]).pressure_hpa[0, 0]

    assert storm.best_m[0] == pytest.approx(float(inverse_barometer_m(shore, normal_hpa=1008.0)), abs=2e-3)
    assert storm.best_m[0] > 0.03


def test_beyond_the_end_of_the_track_nothing_is_told(assessing: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing), "duty_officer")
    found = told(assessing, hours=36)

    ends = (assessing.start + timedelta(hours=24)).timestamp()
    np.testing.assert_array_equal(np.isnan(found.best_m), found.time_s > ends)
    assert not np.isnan(found.tide_m).any()


def test_a_storm_far_out_barely_moves_the_sea(assessing: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing, lon=145.0), "duty_officer")
    found = told(assessing)

    assert np.nanmax(np.abs(found.best_m - found.tide_m)) < 0.1


def test_the_best_level_is_the_same_with_and_without_the_spread(assessing: Any) -> None:
    assessing.act("cyclone.advise", advice(assessing), "duty_officer")
    with assessing.reader() as reader:
        one, many = (sea.surge(reader.catalog, sea.newest_advice(reader), spread=s) for s in (False, True))

    np.testing.assert_array_equal(one.best_m, many.best_m)
    assert many.members_m.shape == (int(assessing.world.catalog.setting("sea.members")), len(one.time_s))


def outfalls(assessing: Any) -> tuple[Any, Any]:
    with assessing.reader() as reader:
        hours = hours_of(reader.catalog, reader.now)
        return hours, forcing(reader, assessing.city, ground_of(assessing.city), hours).outfall_m[:, 0]


def test_without_an_outlook_the_outfalls_follow_the_tide_and_not_the_last_level(assessing: Any) -> None:
    tell(assessing, lambda at: by_constants(at) + 0.3)
    hours, level = outfalls(assessing)

    ends = hours.starts_s[hours.counts, None] + np.arange(1, 4) * HOUR_S / 3
    expected = tide_m(ends.ravel(), PORT, mean_m=MEAN_M + 0.3).reshape(-1, 3).max(axis=1)
    np.testing.assert_allclose(level[hours.counts], expected, atol=2e-3)
    assert np.ptp(expected) > 0.5


def test_a_tide_that_explains_nothing_leaves_the_outfalls_as_they_were_last(assessing: Any) -> None:
    tell(assessing, lambda at: 2 * MEAN_M - by_constants(at))
    hours, level = outfalls(assessing)

    assert set(level[hours.counts]) == {level[~hours.counts][-1]}


def test_what_the_outlook_tells_stands_over_the_tide(assessing: Any) -> None:
    tell(assessing, lambda at: by_constants(at) + 0.3)
    assessing.outlook(0, tide=[{"station": WUSONG, "levels": [4.0] * 6}])
    hours, level = outfalls(assessing)

    assert level[hours.counts].tolist() == [4.0] * 6
