"""Sector kits at work: a usual week of 940 instruments is silent, and what befalls city or instruments is found."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from anlan.catalog import Catalog, builtin_layers, load_catalog
from anlan.catalog.schema.base import Hazard
from anlan.catalog.schema.rule_parts import EVERY
from anlan.catalog.schema.sectors import Sector
from anlan.catalog.schema.simulation import SensorProfile
from anlan.science.simulate import Occurrence, Simulation, simulate
from anlan.sense.simulation import profile_of, simulate_sector
from catalog.ruling import MONDAY_S, Instrument, Setting, standings

POLICY = load_catalog(*builtin_layers("songjiang"))
SENSORS, DAYS = 20, 7.0
WEEK_S = DAYS * 86400
PROFILES = [
    pytest.param(sector, profile, id=f"{sector.id}: {profile.kind}")
    for sector in POLICY.sectors.values()
    for profile in sector.profiles
]
STATIONS = {"water_level_gauge": "level_inner_river", "tide_level_gauge": "tide_huangpu_park"}


def setting(profile: SensorProfile) -> Setting:
    """Return sensors of one kind, all at one asset of its first type, under all rules of the catalog."""
    kind = POLICY.sensor_kinds[profile.kind]
    station = POLICY.sensor_rules[STATIONS[kind.id]].stations[0] if kind.id in STATIONS else "asset"
    one = Instrument(kind.quantity, station, kind.asset_types[0], "310117001", kind.cadence_s, kind.valid)
    rules = {name: rule for name, rule in POLICY.sensor_rules.items() if rule.quantity in {kind.quantity, EVERY}}
    rules = {name: rule for name, rule in rules.items() if all(term.rule in rules for term in rule.terms)}
    edges = [("asset", "asset")]
    return Setting(rules, {str(n): one for n in range(SENSORS)}, {"water_supply": edges})


def found(profile: SensorProfile, run: Simulation, until_s: float = WEEK_S) -> list[Any]:
    """Return what the rules find, with ticks every five minutes."""
    ticks_us = (MONDAY_S * 1_000_000 + np.arange(300, until_s, 300) * 1e6).astype(np.int64)
    arrival = np.concatenate([run.arrival_us, ticks_us])
    order = np.argsort(arrival, kind="stable")
    n = len(ticks_us)
    columns = (
        np.concatenate([run.sensor, np.full(n, -1, np.int32)])[order],
        np.concatenate([run.time_us, ticks_us])[order],
        np.concatenate([run.value, np.full(n, np.nan)])[order],
        np.concatenate([run.quality, np.full(n, 2, np.uint8)])[order],
    )
    return standings(setting(profile), *columns)


def usual(profile: SensorProfile, days: float = DAYS, inject: list[Occurrence] | None = None) -> Simulation:
    """Return a run in which nothing befalls anybody but what is put in."""
    rng = np.random.default_rng(20240915)
    own = profile_of(POLICY, profile)
    return simulate(
        own, SENSORS, MONDAY_S * 1_000_000, days * 86400, rng, inject=inject or (), hazards=False, faults=False
    )


@pytest.mark.parametrize(("sector", "profile"), PROFILES)
def test_a_usual_week_is_silent(sector: Sector, profile: SensorProfile) -> None:
    assert Counter(one.rule for one in found(profile, usual(profile))) == {}


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        pytest.param(profile, name, id=f"{profile.kind}: {name}")
        for sector in POLICY.sectors.values()
        for profile in sector.profiles
        for name in profile.events
    ],
)
def test_an_event_is_found_by_the_rules_that_the_kit_names(profile: SensorProfile, name: str) -> None:
    event = profile.events[name]
    begin = MONDAY_S * 1_000_000 + round(6.1 * 86400e6)
    days = 6.1 + (event.rise_s + event.hold_s + event.fall_s + 7200) / 86400
    run = usual(profile, days, [Occurrence(name, 3, begin)])
    alarms = [one for one in found(profile, run, days * 86400) if one.opened_at_s > 6.1 * 86400]
    expected = {*event.finds, *([STATIONS[profile.kind]] if profile.kind in STATIONS else [])}

    assert expected <= {one.rule for one in alarms}


@pytest.mark.parametrize(
    ("profile", "number"),
    [
        pytest.param(profile, number, id=f"{profile.kind}: {fault.kind}")
        for sector in POLICY.sectors.values()
        for profile in sector.profiles
        for number, fault in enumerate(profile.faults)
    ],
)
def test_a_fault_is_found_by_the_rules_that_the_kit_names_and_by_no_others(profile: SensorProfile, number: int) -> None:
    fault = profile.faults[number]
    warm_s = 6.1 * 86400 if fault.kind != "drift" else 20 * 86400
    begin = MONDAY_S * 1_000_000 + round(warm_s * 1e6)
    until_s = warm_s + 2 * fault.length_s + 7200
    run = usual(profile, until_s / 86400, [Occurrence(fault.kind, 3, begin)])
    rules = {one.rule for one in found(profile, run, until_s) if one.opened_at_s > warm_s}
    hazards = {name for name in rules if POLICY.sensor_rules[name].about == "hazard"}

    assert set(fault.finds) <= rules
    assert not hazards or fault.kind in {"drift", "stuck"}, hazards


def test_every_hazard_that_instruments_can_see_has_a_sector() -> None:
    seen: set[Hazard] = {hazard for sector in POLICY.sectors.values() for hazard in sector.hazards}

    assert {"waterlogging", "flood", "surge", "rainstorm", "wind", "leak", "explosion", "fire", "outage"} <= seen
    assert {"quake", "crowd", "heat"} <= seen


def test_every_kind_of_instrument_and_every_new_rule_belongs_to_a_sector(catalog: Catalog, nation: Catalog) -> None:
    kinds = {kind for sector in nation.sectors.values() for kind in sector.sensor_kinds}
    rules = {rule for sector in nation.sectors.values() for rule in sector.rules}

    assert kinds == set(nation.sensor_kinds)
    assert rules == set(nation.sensor_rules)


def test_a_sector_is_simulated_as_a_whole(catalog: Catalog) -> None:
    runs = list(simulate_sector(catalog, "gas", 3, MONDAY_S * 1_000_000, 86400, np.random.default_rng(1)))

    assert [(run.kind, run.quantity) for run in runs] == [
        ("methane_detector", "gas_concentration"),
        ("gas_pressure_gauge", "gas_pressure"),
    ]
    assert all(len(run.run) > 300 for run in runs)
    assert runs[0].names[2] == "sim-methane_detector-00002"
