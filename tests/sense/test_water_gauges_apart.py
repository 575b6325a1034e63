"""A gauge that drifts against its neighbours, by the detector of the catalog: simulated towns whose truth is known."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import lfilter

from anlan.catalog.catalog import Catalog
from anlan.sense.detectors import Detectors
from anlan.sense.stream.batch import TICK_SENSOR, Batch
from anlan.sense.stream.plan import Places
from anlan.sense.stream.registry import Coded, Registry

STEPS_A_DAY, STEP_US = 96, 900_000_000
GAUGES, TOWN = 5, "310117001"
LEARNED_DAYS = 90
PLACES = Places({"town": {TOWN: TOWN}}, {})


def registry(asset_type: str = "water_gauge") -> Registry:
    numbers = np.zeros(GAUGES)

    def one(text: str) -> Coded:
        return Coded((text,), np.zeros(GAUGES, np.int32))

    return Registry(
        ids=tuple(f"gauge-{n}" for n in range(GAUGES)),
        asset=tuple(f"river-{n}" for n in range(GAUGES)),
        lon=numbers,
        lat=numbers,
        low=numbers - 5,
        high=numbers + 12,
        cadence_s=numbers + 900,
        area=one(TOWN),
        asset_type=one(asset_type),
        quantity=one("water_level"),
        kind=one("water_level_gauge"),
        retired=np.zeros(GAUGES, bool),
        synthetic=np.ones(GAUGES, bool),
    )


def wander(rng: np.random.Generator, steps: int, sd: float, steps_of_memory: float) -> npt.NDArray[np.float64]:
    """Return a first-order autoregressive course of this standard deviation."""
    kept = np.exp(-1 / steps_of_memory)
    return np.asarray(lfilter([1.0], [1.0, -kept], sd * np.sqrt(1 - kept**2) * rng.normal(size=steps)))


def levels(rng: np.random.Generator, days: int) -> npt.NDArray[np.float64]:
    """Return what the gauges of a town tell each quarter of an hour, m: one river, at each in its way."""
    steps, ahead = days * STEPS_A_DAY, 2
    weather = wander(rng, steps + ahead, 0.06, 48)
    rain = np.zeros(steps + ahead)
    for begin in rng.integers(0, steps, rng.poisson(0.4 * days)):
        rain[begin : begin + 6] += rng.exponential(0.5)
    risen = np.asarray(lfilter([0.02], [1.0, -np.exp(-1 / 24)], rain))
    told = []
    for _ in range(GAUGES):
        lag, gain = int(rng.integers(0, ahead + 1)), rng.uniform(0.85, 1.15)
        own = slice(ahead - lag, steps + ahead - lag)
        tide = 0.08 * np.sin(2 * np.pi * (np.arange(steps) - lag) * 900 / 44_712)
        shared = tide + weather[own] + risen[own] * rng.uniform(0.7, 1.3)
        told.append(2.6 + gain * shared + wander(rng, steps, 0.01, 96) + 0.003 * rng.normal(size=steps))
    return np.round(np.stack(told, axis=1), 3)


def stream(level: npt.NDArray[np.float64]) -> Batch:
    """Return the rows as they come, and a tick after those of each step."""
    steps = len(level)
    time_us = np.repeat(np.arange(1, steps + 1) * STEP_US, GAUGES + 1)
    values = np.concatenate([level, np.full((steps, 1), np.nan)], axis=1).ravel()
    return Batch.of(np.tile([*range(GAUGES), TICK_SENSOR], steps), time_us, values)


def found(catalog: Catalog, level: npt.NDArray[np.float64], **other: Any) -> list[tuple[float, Any]]:
    """Return when, in days, which findings were made."""
    chosen = {"water_gauges_apart": catalog.detectors["water_gauges_apart"]}
    told = Detectors.build(chosen, registry(**other), PLACES).take(stream(level))
    return [(one.row / (GAUGES + 1) / STEPS_A_DAY, one.finding) for one in told]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_gauge_that_drifts_a_centimetre_a_day_is_found_within_two_weeks(catalog: Catalog, seed: int) -> None:
    begin, days = LEARNED_DAYS + 5, LEARNED_DAYS + 19
    level = levels(np.random.default_rng(seed), days)
    level[begin * STEPS_A_DAY :, 2] += np.arange((days - begin) * STEPS_A_DAY) / STEPS_A_DAY * 0.01
    (at, first), *_ = [one for one in found(catalog, level) if one[0] >= begin]

    assert at <= begin + 14
    assert (first.kind, first.subject, first.rule, first.grade) == ("area", TOWN, "water_gauges_apart", "blue")


def test_a_river_that_rises_at_all_gauges_is_no_drift(catalog: Catalog) -> None:
    days = LEARNED_DAYS + 15
    level = levels(np.random.default_rng(3), days)
    level[LEARNED_DAYS * STEPS_A_DAY :] += np.arange(15 * STEPS_A_DAY)[:, None] / STEPS_A_DAY * 0.01

    assert found(catalog, level) == []


def test_it_is_about_the_instrument_and_no_hazard(catalog: Catalog) -> None:
    assert catalog.detectors["water_gauges_apart"].about == "instrument"


def test_other_assets_are_not_watched(catalog: Catalog) -> None:
    assert found(catalog, levels(np.random.default_rng(1), 2), asset_type="pump_station") == []
