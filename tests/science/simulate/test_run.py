"""Runs of a profile: the same again by the same seed, events where they are put, faults as they are described."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.science.simulate import Event, Fault, Level, Occurrence, Profile, Pulses, Simulation, Wander, simulate
from anlan.science.simulate.happenings import course

T0 = 1_700_000_000_000_000
HOUR_US = 3_600_000_000
STEADY = Profile(60.0, (Level(10.0),), low=0.0, high=100.0)
LIVELY = Profile(60.0, (Level(10.0, 1.0), Wander(0.5, 600), Pulses(5, 2.0, 300)), noise=0.05, resolution=0.01, low=0.0)
FLOOD = Event("flood", 5.0, rise_s=1800, hold_s=3600, fall_s=1800)


def run(profile: Profile, n: int = 3, hours: float = 6, seed: int = 1, **more: object) -> Simulation:
    return simulate(profile, n, T0, hours * 3600, np.random.default_rng(seed), **more)  # type: ignore[arg-type]


def of(found: Simulation, sensor: int) -> tuple[np.ndarray, np.ndarray]:
    own = found.sensor == sensor
    return (found.time_us[own] - T0) / 1e6, found.value[own]


def faulty(kind: str, **more: float) -> Simulation:
    """Return a run in which one fault befalls sensor 1 after two hours."""
    fault = Fault(kind, **more)  # type: ignore[arg-type]
    return run(replace(LIVELY, faults=(fault,)), inject=[Occurrence(kind, 1, T0 + 2 * HOUR_US)])


def test_a_seed_gives_the_same_series_again_and_another_another() -> None:
    one, same, other = run(LIVELY), run(LIVELY), run(LIVELY, seed=2)

    assert np.array_equal(one.value, same.value)
    assert np.array_equal(one.time_us, same.time_us)
    assert not np.array_equal(one.value, other.value)


def test_every_sensor_tells_at_its_cadence_inside_the_span() -> None:
    found = run(LIVELY, n=5)

    assert np.bincount(found.sensor).tolist() == [360] * 5
    assert found.time_us.min() >= T0
    assert found.time_us.max() < T0 + 6 * HOUR_US
    for sensor in range(5):
        times, _ = of(found, sensor)
        assert {round(b - a, 3) for a, b in pairwise(times.tolist())} == {60.0}


def test_values_are_multiples_of_the_resolution_within_what_can_be() -> None:
    found = run(replace(LIVELY, high=11.0))

    assert found.value.max() <= 11.0
    assert np.allclose(found.value * 100, np.round(found.value * 100))


def test_an_event_is_there_with_its_height_and_leaves_nothing_behind() -> None:
    found = run(replace(STEADY, events=(FLOOD,)), inject=[Occurrence("flood", 1, T0 + HOUR_US)])
    times, values = of(found, 1)
    (label,) = found.labels

    assert (label.name, label.is_fault, label.sensor) == ("flood", False, 1)
    assert (label.begin_us, label.end_us) == (T0 + HOUR_US, T0 + 3 * HOUR_US)
    assert values[(times > 5400) & (times < 9000)] == pytest.approx(15.0)
    assert values[(times < 3600) | (times > 10_800)] == pytest.approx(10.0)
    assert of(found, 0)[1] == pytest.approx(10.0)


def test_an_event_can_strike_several_neighbours_one_after_another() -> None:
    wave = replace(FLOOD, sensors=3, delay_s=600)
    found = run(replace(STEADY, events=(wave,)), n=4, inject=[Occurrence("flood", 3, T0 + HOUR_US)])

    assert [(one.sensor, (one.begin_us - T0) / 1e6) for one in found.labels] == [(3, 3600), (0, 4200), (1, 4800)]
    assert of(found, 2)[1].max() == pytest.approx(10.0)


def test_gas_spreads_as_the_error_function_says_and_is_aired_out() -> None:
    gas = Event("gas", 40.0, rise_s=600, hold_s=1200, fall_s=300, shape="diffusion")

    # erfc(0.4769 sqrt(600 / t)): one half at 600 s; 0.63... at 1200 s, from tables of the error function
    assert course(gas, np.array([0.0, 600.0, 1200.0])) == pytest.approx([0.0, 0.5, 0.63347], abs=1e-3)
    assert course(gas, np.array([1800.0 + 300.0])) / course(gas, np.array([1800.0])) == pytest.approx(np.exp(-1))


@given(
    rise=st.floats(0, 1e4), hold=st.floats(0, 1e4), fall=st.floats(0, 1e4), shape=st.sampled_from(["ramp", "diffusion"])
)
def test_the_course_of_an_event_stays_between_nothing_and_all(
    rise: float, hold: float, fall: float, shape: str
) -> None:
    event = Event("e", 1.0, rise, hold, fall, shape)  # type: ignore[arg-type]
    share = course(event, np.linspace(-100, event.length_s + 100, 200))

    assert ((share >= 0) & (share <= 1)).all()
    assert share[0] == 0
    assert share[-1] == 0


@pytest.mark.parametrize("kind", ["dropout", "silence"])
def test_an_instrument_that_is_silent_sends_nothing(kind: str) -> None:
    found = faulty(kind, length_s=3600)
    times, _ = of(found, 1)

    assert not ((times > 7200) & (times < 10_800)).any()
    assert np.bincount(found.sensor).tolist() == [360, 300, 360]


def test_a_stuck_instrument_repeats_itself_and_then_goes_on() -> None:
    times, values = of(faulty("stuck", length_s=3600), 1)
    during = (times >= 7200) & (times < 10_800)

    assert len(set(values[during])) == 1
    assert len(set(values[times >= 10_800])) > 10


def test_drift_grows_to_its_size() -> None:
    plain, drifted = of(run(LIVELY), 1), of(faulty("drift", length_s=3600, size=4.0), 1)
    off = drifted[1] - plain[1]

    assert off[(plain[0] < 7200) | (plain[0] >= 10_800)] == pytest.approx(0)
    assert off[np.argmin(abs(plain[0] - 9000))] == pytest.approx(2.0, abs=0.04)


def test_a_spike_is_one_value() -> None:
    off = of(faulty("spike", length_s=600, size=30.0), 1)[1] - of(run(LIVELY), 1)[1]

    assert sorted(abs(off).round(6))[-2:] == [0.0, 30.0]


def test_noise_adds_its_spread() -> None:
    off = of(faulty("noise", length_s=3 * 3600, size=2.0), 1)[1] - of(run(LIVELY), 1)[1]

    assert off[off != 0].std() == pytest.approx(2.0, rel=0.2)


def test_a_clock_that_jumps_tells_another_time_but_arrives_in_order() -> None:
    found = faulty("clock", length_s=3600, size=7200.0)

    assert (np.diff(found.arrival_us) >= 0).all()
    assert (found.time_us - found.arrival_us).max() == 7200 * 1_000_000


def test_a_missing_value_says_so() -> None:
    found = faulty("missing", length_s=600)

    assert np.isnan(found.value).sum() == 10
    assert (found.quality == 2).tolist() == np.isnan(found.value).tolist()


def test_a_value_out_of_range_lies_beyond_what_can_be() -> None:
    found = run(
        replace(STEADY, faults=(Fault("range", 600, size=900.0),)), inject=[Occurrence("range", 0, T0 + HOUR_US)]
    )

    assert (found.value > 100).sum() == 10
    assert found.value.max() == pytest.approx(1000.0)


def test_what_is_late_arrives_after_what_was_measured_after_it() -> None:
    found = faulty("late", length_s=600, size=3600.0)
    times, _ = of(found, 1)

    assert (np.diff(times) < 0).any()
    assert sorted(times.tolist()) == of(run(LIVELY), 1)[0].tolist()


def test_what_is_sent_again_is_the_same_twice() -> None:
    times, values = of(faulty("again", length_s=600), 1)

    assert len(times) == 370
    assert len(set(zip(times.tolist(), values.tolist(), strict=True))) == 360


def test_faults_and_events_come_at_their_rates() -> None:
    profile = replace(
        STEADY, cadence_s=3600.0, events=(replace(FLOOD, per_month=2.0),), faults=(Fault("spike", 60, 5, 6.0),)
    )
    found = run(profile, n=200, hours=30 * 24)
    names = [one.name for one in found.labels]

    assert names.count("flood") == pytest.approx(400, abs=4 * 20)  # Poisson: 4 standard deviations
    assert names.count("spike") == pytest.approx(1200, abs=4 * 35)


def test_nothing_befalls_where_it_is_switched_off() -> None:
    profile = replace(STEADY, events=(replace(FLOOD, per_month=500.0),), faults=(Fault("spike", 60, 5, 500.0),))

    assert run(profile, hazards=False, faults=False).labels == ()


def test_what_is_put_in_must_be_known() -> None:
    with pytest.raises(ValueError, match="quake"):
        run(STEADY, inject=[Occurrence("quake", 0, T0)])
    with pytest.raises(ValueError, match="sensor 9"):
        run(replace(STEADY, events=(FLOOD,)), inject=[Occurrence("flood", 9, T0)])


@settings(max_examples=30)
@given(n=st.integers(0, 4), minutes=st.integers(0, 90), seed=st.integers(0, 99))
def test_columns_have_one_length_and_arrivals_rise(n: int, minutes: int, seed: int) -> None:
    profile = replace(LIVELY, faults=tuple(Fault(k, 300, 60, 500.0) for k in ("dropout", "late", "again", "clock")))
    found = simulate(profile, n, T0, minutes * 60.0, np.random.default_rng(seed))

    assert (
        len({len(found.sensor), len(found.time_us), len(found.value), len(found.quality), len(found.arrival_us)}) == 1
    )
    assert (np.diff(found.arrival_us) >= 0).all()
