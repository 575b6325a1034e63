"""Rain and tide that drive a forecast, against values worked out by hand."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from anlan.assess.forcing import HOUR_S, forcing, hours_of
from anlan.assess.ground import ground_of

only_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def driven(assessing: Any) -> tuple[Any, Any]:
    with assessing.reader() as reader:
        hours = hours_of(reader.catalog, reader.now)
        return hours, forcing(reader, assessing.city, ground_of(assessing.city), hours)


@only_sqlite
@pytest.mark.parametrize("minutes", [0, 20, 59])
def test_hours_reach_from_the_lookback_to_the_horizon_and_none_counts_twice(
    assessing: Any, clock: Any, minutes: int
) -> None:
    clock.advance_to(assessing.start + timedelta(minutes=minutes))
    hours, _ = driven(assessing)

    assert np.all(np.diff(hours.starts_s) == HOUR_S)
    assert hours.elapsed.sum() == pytest.approx(24 + minutes / 60)
    assert hours.ahead.sum() == pytest.approx(6.0)
    assert np.all(hours.elapsed + hours.ahead <= 1 + 1e-12)


@only_sqlite
def test_a_narrow_outlook_stands_over_a_broad_one(assessing: Any) -> None:
    rain = [{"area": "310117", "hours": [7.0] * 6}, {"area": "310000", "hours": [1.0] * 6}]
    assessing.outlook(0, rain=rain)
    _, found = driven(assessing)
    rows = ground_of(assessing.city).town_row

    total = found.expected_mm.sum(axis=0)
    assert total[rows["310117001"]] == pytest.approx(42.0)
    assert total[rows["310115004"]] == pytest.approx(6.0)


@only_sqlite
def test_an_old_outlook_is_read_from_where_now_is_and_ends_where_it_ends(assessing: Any, clock: Any) -> None:
    assessing.outlook(0, rain=[{"area": "310000", "hours": [1.0, 2.0, 4.0, 8.0]}])
    clock.advance_to(assessing.start + timedelta(hours=2))
    _, found = driven(assessing)

    assert found.expected_mm.sum(axis=0) == pytest.approx(12.0)


@only_sqlite
def test_a_gauge_that_is_alone_speaks_for_all_towns(assessing: Any) -> None:
    assessing.rain(12, 1, prefix="310117001")
    _, found = driven(assessing)

    assert found.fallen_mm.sum(axis=0) == pytest.approx(12.0)
    assert (found.inputs["rain_gauges"], found.inputs["rain_hours"]) == (1, 1)


@only_sqlite
def test_between_towns_of_wet_and_dry_gauges_rain_falls_off(assessing: Any) -> None:
    assessing.rain(30, 1, prefix="310117")
    assessing.rain(0, 1, prefix="310151")
    _, found = driven(assessing)
    rows = ground_of(assessing.city).town_row

    fallen = found.fallen_mm.sum(axis=0)
    assert fallen[rows["310117001"]] > 25
    assert max(fallen[row] for code, row in rows.items() if code.startswith("310151")) < 10
    assert np.all((fallen >= 0) & (fallen <= 30 + 1e-9))


@only_sqlite
def test_tide_is_observed_then_told_then_held(assessing: Any) -> None:
    sensor = next(s.id for s in assessing.city.sensors if s.asset == "tide_gauge-wusong")
    at = assessing.start - timedelta(minutes=30)
    rows = [[sensor, at, 3.0], [sensor, at - timedelta(minutes=10), 2.5]]
    assessing.act("sense.ingest", {"source": "t", "rows": rows}, "instrument")
    assessing.world.settle()
    assessing.outlook(0, tide=[{"station": "tide_gauge-wusong", "levels": [3.5, 4.0, 4.5]}])
    hours, found = driven(assessing)

    series = found.outfall_m[:, 0]
    assert np.all(found.outfall_m == series[:, None])  # the only station of which anything is known
    assert series[hours.counts].tolist() == [3.5, 4.0, 4.5, 4.5, 4.5, 4.5]
    assert series[~hours.counts][-1] == 3.0
    assert found.inputs["tide_max_m"] == 4.5


@only_sqlite
def test_without_any_gauge_nothing_is_known_of_the_outfalls(assessing: Any) -> None:
    _, found = driven(assessing)

    assert np.isnan(found.outfall_m).all()
    assert found.inputs["tide_stations"] == 0
