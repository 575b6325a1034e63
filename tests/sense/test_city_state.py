"""Vital signs, the quality of data, coverage: counted on a handful of instruments where the answer can be seen."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.catalog import Catalog
from anlan.catalog.expressions import evaluate
from anlan.catalog.schema.vital_signs import VitalSign
from anlan.sense.city_state import CityState, OpenAlarm, sectors_of
from anlan.sense.coverage import Cells, Reach, blocks, by_town, gaps, hazards_of
from anlan.sense.data_catalogue import quality_of, resource_of_sensors, resources
from anlan.sense.history.quality import DayQuality
from anlan.sense.stream.latest import NEVER_US, Latest
from anlan.sense.stream.registry import Coded, Registry
from anlan.sense.vital_signs import aggregates, grade_of, readings

NOW = 1_700_000_000_000_000
MINUTE = 60_000_000
SOURCE = {"source": "Proposal of this project", "confidence": "P", "from": None}

# Sensors: (area, asset type, quantity, cadence, minutes since heard or None, value).
SENSORS = [
    ("310117001", "underpass", "ponding_depth", 300.0, 1, 0.10),
    ("310117001", "underpass", "ponding_depth", 300.0, 1, 0.30),
    ("310117002", "underpass", "ponding_depth", 300.0, None, np.nan),
    ("310117002", "underground_space", "gas_concentration", 600.0, 1, 2.0),
    ("310115004", "chemical_tank", "gas_concentration", 600.0, 9999, 4.0),
]


def coded(values: list[str]) -> Coded:
    texts = sorted(set(values))
    return Coded(tuple(texts), np.array([texts.index(value) for value in values], np.int32))


@pytest.fixture
def state(catalog: Catalog) -> CityState:
    area, kind, quantity, cadence, heard, value = zip(*SENSORS, strict=True)
    n = len(SENSORS)
    registry = Registry(
        ids=tuple(f"s{i}" for i in range(n)),
        asset=tuple(f"a{i}" for i in range(n)),
        lon=np.full(n, 121.2),
        lat=np.full(n, 31.0),
        low=np.full(n, -np.inf),
        high=np.full(n, np.inf),
        cadence_s=np.array(cadence),
        area=coded(list(area)),
        asset_type=coded(list(kind)),
        quantity=coded(list(quantity)),
        kind=Coded((), np.full(n, -1, np.int32)),
        retired=np.zeros(n, np.bool_),
        synthetic=np.ones(n, np.bool_),
    )
    times = np.array([NEVER_US if m is None else NOW - m * MINUTE for m in heard], np.int64)
    alarms = [
        OpenAlarm("ponding", "hazard", "ponding_depth", "underpass", "310117001", "orange"),
        OpenAlarm("ponding_cluster", "hazard", "*", None, "310117001", "yellow"),
        OpenAlarm("gas_concentration", "hazard", "gas_concentration", "chemical_tank", "310115004", "red"),
        OpenAlarm("instrument_silent", "instrument", "ponding_depth", "underpass", "310117002", "blue"),
    ]
    return CityState(catalog, registry, Latest(times, np.array(value), np.zeros(n, np.uint8)), alarms, NOW)


def test_instruments_are_counted_by_sector_and_area(state: CityState) -> None:
    city, songjiang, town = (aggregates(state, area, 1e5, 60.0) for area in ("310000", "310117", "310117002"))

    assert [seen["sensors"]["all"] for seen in (city, songjiang, town)] == [5, 4, 2]
    assert [seen["sensors"]["gas"] for seen in (city, songjiang, town)] == [1, 1, 1]
    assert city["sensors"]["chemical_tanks"] == 1
    assert [seen["silent"]["all"] for seen in (city, songjiang, town)] == [2, 1, 1]
    assert songjiang["silent"]["water_level"] == 1


def test_values_are_of_those_that_are_heard(state: CityState) -> None:
    value = aggregates(state, "310000", 1e5, 60.0)["value"]

    assert value["ponding_depth"] == {
        "count": 2.0, "total": 0.4, "mean": pytest.approx(0.2), "median": pytest.approx(0.2), "low": 0.1, "high": 0.3,
    }  # fmt: skip
    assert value["gas_concentration"]["high"] == 2.0
    assert value["visibility"] == {"count": 0.0}


def test_alarms_count_in_the_sectors_of_their_rules(state: CityState) -> None:
    alarms = aggregates(state, "310000", 1e5, 60.0)["alarms"]

    assert alarms["all"] == {"red": 1, "orange": 1, "yellow": 1, "blue": 0, "total": 3}
    assert alarms["water_level"]["total"] == 2
    assert (alarms["gas"]["total"], alarms["chemical_tanks"]["total"]) == (0, 1)
    assert alarms["instrument"] == {"red": 0, "orange": 0, "yellow": 0, "blue": 1, "total": 1}
    assert aggregates(state, "310117002", 1e5, 60.0)["alarms"]["all"]["total"] == 0


def test_a_rule_of_a_citys_own_counts_by_its_quantity(catalog: Catalog) -> None:
    own = OpenAlarm("level_mishidu", "hazard", "tide_level", "tide_gauge", "310117", "blue")

    assert sectors_of(catalog, own) == {"water_level"}


def test_signs_come_out_with_grades_and_without_a_value_where_nobody_measures(state: CityState) -> None:
    found = {one.sign: one for one in readings(state, "310117", 1e5, 60.0)}

    assert (found["deepest_ponding"].value, found["deepest_ponding"].grade) == (0.3, "orange")
    assert (found["instruments_heard"].value, found["instruments_heard"].grade) == (75.0, "orange")
    assert found["hazard_alarms_per_100k"].value == 2.0
    assert (found["visibility_lowest"].value, found["visibility_lowest"].grade) == (None, None)


def test_an_area_without_anything_has_no_shares(state: CityState) -> None:
    found = {one.sign: one for one in readings(state, "310120", float("nan"), float("nan"))}

    assert found["instruments_heard"].value is None
    assert found["hazard_alarms_per_100k"].value is None
    assert found["gravest_alarms"].value == 0.0


def test_every_formula_of_the_catalog_comes_out_where_everything_is_measured(state: CityState) -> None:
    seen = aggregates(state, "310000", 1e5, 60.0)
    told = dict.fromkeys(("count", "total", "mean", "median", "low", "high"), 1.0)
    full = dict.fromkeys(seen["value"], told)
    for sign in state.catalog.vital_signs.values():
        assert isinstance(evaluate(sign.formula, seen | {"value": full}), float), sign.id


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [(">=", 5.0, "yellow"), (">=", 4.9, None), (">=", 99.0, "red"), ("<", -10.0, "red"), ("<", -5.0, None)],
)
def test_the_gravest_grade_that_is_met_counts(op: str, value: float, expected: str | None) -> None:
    sign = 1 if op == ">=" else -1
    grades = {"yellow": {"value": 5 * sign, **SOURCE}, "red": {"value": 9 * sign, **SOURCE}}
    known = {"id": "x", "zh": "一", "en": "one", **SOURCE, "formula": "1.0", "unit": "1", "direction": "down"}

    assert grade_of(VitalSign.model_validate({**known, "op": op, "grades": grades}), value) == expected


DAYS = [DayQuality(NOW, "ponding", 1, 6, 4, 1, 1, 0, 0), DayQuality(NOW, "ponding", 1, 2, 1, 0, 0, 1, 2)]


def test_quality_is_told_as_shares_of_what_came(state: CityState) -> None:
    found = quality_of(state, np.array([0], np.int32), DAYS, 3000.0)

    assert (found.rows, found.expected, found.complete) == (8, 10, 0.8)
    shares = (found.good, found.suspect, found.missing, found.out_of_range, found.late)
    assert shares == (0.625, 0.125, 0.125, 0.125, 0.25)
    assert (found.sensors, found.heard, found.newest_us) == (1, 1, NOW - MINUTE)


def test_nothing_that_came_has_no_shares(state: CityState) -> None:
    found = quality_of(state, np.array([2], np.int32), [], 3000.0)

    assert (found.rows, found.good, found.late, found.newest_us) == (0, None, None, None)
    assert found.complete == 0.0


def test_every_sensor_belongs_to_the_resource_of_its_quantity_if_it_may_be_seen(state: CityState) -> None:
    inside = np.array([True, True, False, True, True])

    assert resource_of_sensors(state, inside) == ["ponding", "ponding", "", "gas_network", "gas_network"]


def test_a_resource_that_no_instrument_observes_has_no_quality(state: CityState) -> None:
    names = resource_of_sensors(state, np.ones(len(SENSORS), np.bool_))
    found = {resource.id: quality for resource, quality in resources(state, names, DAYS, 86400.0)}

    assert found["alarms"] is None
    assert found["ponding"] is not None
    assert (found["ponding"].sensors, found["ponding"].rows) == (3, 8)
    assert found["gas_network"] is not None
    assert (found["gas_network"].sensors, found["gas_network"].rows) == (2, 0)


def test_towns_count_what_sees_a_hazard_and_what_of_it_is_heard(state: CityState) -> None:
    found = by_town(state, ["310117001", "310117002"])

    assert [count.tolist() for count in found["waterlogging"]] == [[2, 1], [2, 0]]
    assert [count.tolist() for count in found["leak"]] == [[0, 1], [0, 1]]
    assert set(found) == set(hazards_of(state.catalog))


def cells(x: list[float], people: list[float]) -> Cells:
    zeros = np.zeros(len(x))
    return Cells(zeros, zeros, np.array(x), zeros, np.array(people), np.ones(len(x)))


def test_a_cell_is_covered_within_the_reach_of_any_sector() -> None:
    near, far = Reach(np.array([0.0]), np.array([0.0]), 100.0), Reach(np.array([5000.0]), np.array([0.0]), 3000.0)
    found = gaps(cells([50.0, 1000.0, 2500.0, 9000.0], [1, 1, 1, 1]), [near, far])

    assert found.covered.tolist() == [True, False, True, False]
    assert found.nearest_m.tolist() == [50.0, 1000.0, 2500.0, 4000.0]


def test_without_instruments_nothing_is_covered() -> None:
    found = gaps(cells([0.0], [1]), [Reach(np.zeros(0), np.zeros(0), 100.0)])

    assert (found.covered.tolist(), found.nearest_m.tolist()) == ([False], [np.inf])


@given(rows=st.integers(1, 12), columns=st.integers(1, 12), size=st.integers(1, 5), seed=st.integers(0, 99))
def test_blocks_lose_nobody_and_no_land(rows: int, columns: int, size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    people, land = rng.random((rows, columns)), rng.random((rows, columns)) < 0.5

    summed, count = blocks(people, land, size)

    assert summed.shape == (-(-rows // size), -(-columns // size))
    assert summed.sum() == pytest.approx(people.sum())
    assert count.sum() == land.sum()
    assert summed[0, 0] == pytest.approx(people[:size, :size].sum())


def test_a_sensor_that_is_retired_belongs_to_no_sector(state: CityState) -> None:
    gone = replace(state, registry=replace(state.registry, retired=np.ones(len(SENSORS), np.bool_)))

    assert aggregates(gone, "310000", 1.0, 1.0)["sensors"]["all"] == 0
    assert not any(own.any() for own in gone.sector_sensors.values())


def test_a_catalog_without_sectors_counts_all_the_same(state: CityState) -> None:
    bare = replace(state, catalog=replace(state.catalog, sectors=MappingProxyType({})))

    assert aggregates(bare, "310000", 1.0, 1.0)["alarms"]["all"]["total"] == 3
