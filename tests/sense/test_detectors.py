"""Detectors on the stream: the same findings however it is cut, stored or re-planned; groups at ticks; alarms end."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.detectors import PARAMETERS, Detector
from anlan.science.anomalies import bank, relations
from anlan.sense.detector_rules import rule_of
from anlan.sense.detectors import Detectors
from anlan.sense.stream.batch import SUSPECT, TICK_SENSOR, Batch
from anlan.sense.stream.plan import Places
from anlan.sense.stream.registry import Coded, Registry

HOUR_US = 3_600_000_000
SOURCED = {"source": "a test", "confidence": "P", "from": None}
QUICK = {"warm": 120, "rate": 0.05, "kept": 30, "rest": 12}
PLACES = Places({"district": {"310117001": "310117", "310115004": "310115"}}, {})


def detector(**more: Any) -> Detector:
    told = {
        "id": "unusual",
        "zh": "异常",
        "en": "unusual",
        **SOURCED,
        "method": "season",
        "quantities": ("water_level",),
        "parameters": {**QUICK, "bins": 24},
        "grades": {"blue": {"value": 0.3}, "yellow": {"value": 0.6}},
        "clear": 0.2,
        "clear_hold_s": 7200.0,
        "max_gap_s": 7200.0,
    }
    return Detector.model_validate(told | more)


def together(**more: Any) -> Detector:
    known = {"lags": 1, "explained": 0.9, "learn": 300, "warm": 300, "smooth": 3, "rate": 0.05, "kept": 30, "rest": 10}
    given = {"method": "relations", "over": "area", "level": "district", "step_s": 3600.0, "parameters": known}
    return detector(**({"id": "together", **given} | more))


def coded(values: list[str]) -> Coded:
    texts = tuple(sorted(set(values)))
    return Coded(texts, np.array([texts.index(value) for value in values], np.int32))


def registry(n: int = 6, quantity: str = "water_level") -> Registry:
    numbers = np.zeros(n)
    return Registry(
        ids=tuple(f"s{i}" for i in range(n)),
        asset=tuple(f"gauge-{i}" for i in range(n)),
        lon=numbers,
        lat=numbers,
        low=numbers - np.inf,
        high=numbers + np.inf,
        cadence_s=numbers + 3600,
        area=coded(["310117001" if i < 4 else "310115004" for i in range(n)]),
        asset_type=coded(["water_gauge"] * n),
        quantity=coded([quantity] * n),
        kind=coded(["gauge"] * n),
        retired=np.zeros(n, bool),
        synthetic=np.ones(n, bool),
    )


def stream(n_hours: int = 1200, sensors: int = 6, seed: int = 4) -> Batch:
    """Return hourly rows of sensors with a daily course, a tick after each hour, an odd hour and a broken relation."""
    rng = np.random.default_rng(seed)
    hours = np.arange(n_hours)
    wave = np.stack([np.sin(2 * np.pi * (hours + 5 * i) / 24) for i in range(sensors)], axis=1)
    value = wave + 0.03 * rng.normal(size=(n_hours, sensors))
    value[900:901, 0] += 1.0
    value[1000:, 1] = value[1000 - 7 : -7, 1][: max(n_hours - 1000, 0)]
    sensor = np.tile([*range(sensors), TICK_SENSOR], n_hours)
    time_us = np.repeat(hours * HOUR_US, sensors + 1) + HOUR_US * 100
    time_us[sensors :: sensors + 1] += 60_000_000
    return Batch.of(sensor, time_us, np.concatenate([value, np.full((n_hours, 1), np.nan)], axis=1).ravel())


def watching(held: Any = None, known: Registry | None = None, *chosen: Detector) -> Detectors:
    some = chosen or (detector(), together())
    return Detectors.build({one.id: one for one in some}, known or registry(), PLACES, held)


def parts(batch: Batch, cuts: list[int]) -> list[Batch]:
    return [batch.where(rows) for rows in np.split(np.arange(len(batch)), sorted(cuts))]


def test_what_is_unusual_is_found_at_its_sample_and_ends_after_its_hold() -> None:
    batch = stream()
    found = watching(None, None, detector()).take(batch)
    first, *others = [(one.row, one.finding) for one in found if one.finding.subject == "s0"]

    assert first[0] == 900 * 7
    assert first[1][:3] == ("sensor", "s0", "unusual")
    assert first[1].at == datetime(1970, 1, 1, tzinfo=UTC) + (batch.time_us[first[0]] * np.timedelta64(1, "us")).item()
    assert first[1].grade == "yellow"
    assert first[1].value >= 0.6
    assert others[0][1].grade is None
    assert others[0][0] <= (900 + 1 + 24 + 3) * 7  # the odd hour moved what is usual at this hour of the next day


def test_a_group_is_found_at_a_tick_in_its_own_area_only() -> None:
    found = watching(None, None, together()).take(stream())
    after = [one for one in found if one.row >= 1000 * 7]

    assert after
    assert {one.finding.subject for one in after} == {"310117"}
    assert {one.finding.kind for one in after} == {"area"}
    assert all((one.row + 1) % 7 == 0 for one in after)
    assert after[0].row < (1000 + 12) * 7


@given(cuts=st.lists(st.integers(0, 1200 * 7), max_size=6), stored=st.booleans())
@settings(max_examples=12, deadline=None)
def test_findings_do_not_depend_on_how_the_stream_was_cut_or_stored(cuts: list[int], stored: bool) -> None:
    batch = stream()
    whole = watching()
    expected = [one.finding for one in whole.take(batch)]

    some, found = watching(), []
    for part in parts(batch, cuts):
        found += [one.finding for one in some.take(part)]
        if stored:
            some = watching(some.arrays())

    assert found == expected
    later = some.arrays()
    for name, array in whole.arrays().items():
        np.testing.assert_array_equal(array, later[name], err_msg=name)


def test_another_plan_keeps_what_is_known_of_the_sensors_that_stay() -> None:
    first, second = parts(stream(sensors=6), [850 * 7])
    before = watching(None, registry(), detector())
    before.take(first)
    grown = watching(before.arrays(), registry(9), detector())
    found = [one.finding for one in grown.take(second)]
    whole = watching(None, registry(), detector())
    whole.take(first)

    assert found == [one.finding for one in whole.take(second)]
    assert grown.arrays()["unusual|place"].shape == (9,)


def test_what_was_learned_under_other_parameters_is_forgotten() -> None:
    (first, _) = parts(stream(), [850 * 7])
    before = watching()
    before.take(first)
    other = watching(before.arrays(), None, detector(clear_hold_s=60.0), together(clear=0.1))

    assert not other.arrays()["unusual|seen"].any()
    assert not other.arrays()["together|310117|learned"].any()


def test_rows_that_are_not_good_are_not_judged_and_not_learned_from() -> None:
    batch = stream()
    soiled = Batch(batch.sensor, batch.time_us, batch.value.copy(), batch.quality.copy())
    odd = np.flatnonzero(batch.sensor == 2)[500:505]
    soiled.value[odd], soiled.quality[odd] = 99.0, SUSPECT
    found = watching(None, None, detector()).take(soiled)

    assert not [one for one in found if one.row in odd]


def test_a_silent_sensor_leaves_a_hole_in_its_group() -> None:
    batch = stream(700)
    silent = watching(None, None, together())
    silent.take(batch.where((batch.sensor != 3) | (batch.time_us < 200 * HOUR_US)))

    assert silent.arrays()["together|310117|learned"][0] < 200
    assert silent.arrays()["together|310115|learned"][0] == 300


def test_places_with_too_many_sensors_are_left_out_and_named() -> None:
    made = watching(None, None, together(most=3))

    assert made.left_out == (("together", "310117"),)
    assert {name.split("|")[1] for name in made.arrays()} == {"310115"}


def test_stations_and_types_narrow_what_is_watched() -> None:
    made = watching(None, None, detector(stations=("s1", "gauge-4")))

    assert made.arrays()["unusual|numbers"].tolist() == [1, 4]
    assert not len(watching(None, None, detector(quantities=("rain_1h",))).arrays()["unusual|numbers"])


def test_alarms_know_a_detector_as_a_rule() -> None:
    rule = rule_of(detector())

    assert rule.id == "unusual"
    assert rule.levels == (("blue", 0.3), ("yellow", 0.6))
    assert (rule.op, rule.unit, rule.quantity) == (">=", "1", "water_level")
    assert rule.grades["blue"].source == "a test"


def test_the_catalogs_detectors_are_sound(catalog: Catalog) -> None:
    made = Detectors.build(catalog.detectors, registry(), PLACES)

    assert not set(catalog.detectors) & set(catalog.sensor_rules)
    assert made.take(stream(30)) == []
    for one in catalog.detectors.values():
        assert rule_of(one).levels == one.levels


def test_parameters_in_the_catalog_are_those_of_science() -> None:
    own = {"views", "max_gap_s"}
    singles = set(bank.Setup.__dataclass_fields__) - own
    assert set().union(*(PARAMETERS[method] for method in bank.METHODS)) == singles  # type: ignore[index]
    assert PARAMETERS["relations"] == set(relations.Setup.__dataclass_fields__)


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"grades": {"blue": {"value": 0.7}, "yellow": {"value": 0.6}}}, "grades.not_monotonic"),
        ({"clear": 0.4}, "grades.not_monotonic"),
        ({"parameters": {"lags": 2}}, "detector.parameter"),
        ({"parameters": {"warm": 0}}, "detector.parameter_value"),
        ({"over": "asset"}, "detector.group"),
        ({"level": "city"}, "detector.group"),
        ({"method": "relations", "parameters": {}}, "detector.group"),
    ],
)
def test_a_detector_that_makes_no_sense_is_refused(more: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        detector(**more)
