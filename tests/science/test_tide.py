"""The tide against UTide (tables/PROVENANCE.md); pressure and wind against closed forms."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from anlan.science import tide

TABLE = json.loads((Path(__file__).parent / "tables" / "tide_utide.json").read_text())
PORT = {name: tide.Harmonic(TABLE["amplitude_m"][name], TABLE["lag_deg"][name]) for name in TABLE["amplitude_m"]}


@pytest.mark.parametrize("name", tide.CONSTITUENTS)
def test_speeds_are_those_of_utide(name):
    assert tide.speed_deg_h(name) == pytest.approx(TABLE["speed_deg_h"][name], abs=2e-6)


def test_heights_are_those_of_utide():
    """UTide has the nodal modulation from satellite lines, Pugh's table from one term each: so some centimetres."""
    got = tide.tide_m(TABLE["time_unix_s"], PORT)
    miss = got - np.array(TABLE["height_m"])

    assert np.sqrt(np.mean(miss**2)) < 0.02
    assert np.max(np.abs(miss)) < 0.06


@pytest.mark.parametrize("name", tide.CONSTITUENTS)
def test_each_constituent_turns_with_utides(name):
    times = np.array(TABLE["time_unix_s"][::40])
    table = TABLE["nodal"][name]
    for lag in (0.0, 90.0):  # cosine and sine part
        got = tide.tide_m(times, {name: tide.Harmonic(1.0, lag)})
        angle = np.radians(np.array(table["V_deg"]) + table["u_deg"] - lag)

        np.testing.assert_allclose(got, table["f"] * np.cos(angle), atol=0.06)


def test_the_mean_is_added():
    assert tide.tide_m(0.0, {}, mean_m=2.1) == 2.1


def test_a_hectopascal_is_a_centimetre():
    assert tide.inverse_barometer_m(1012.25) == pytest.approx(0.00995, abs=1e-5)
    assert tide.inverse_barometer_m(1013.25) == 0


def test_set_up_solves_the_balance_of_stress_and_slope():
    wind, depth, shelf = 25.0, 12.0, 40e3
    stress = tide.AIR_KG_M3 * tide.drag(wind) * wind**2
    exact = solve_ivp(
        lambda _, eta: stress / (tide.SEA_KG_M3 * tide.GRAVITY_M_S2 * (depth + eta)), (0, shelf), [0.0], rtol=1e-9
    ).y[0, -1]
    args = {"shore_normal_deg": 90.0, "shelf_m": shelf, "depth_m": depth}

    assert tide.set_up_m(wind, 90.0, **args) == pytest.approx(exact, rel=1e-6)
    assert tide.set_up_m(wind, 270.0, **args) < 0
    assert tide.set_up_m(wind, 0.0, **args) == pytest.approx(0, abs=1e-12)


def test_drag_levels_off_in_hurricanes():
    assert tide.drag(10.0) == pytest.approx(1.42e-3)
    assert tide.drag(33.0) == tide.drag(60.0)


def test_a_shelf_without_depth_is_refused():
    with pytest.raises(ValueError, match="depth_m"):
        tide.set_up_m(10.0, 0.0, shore_normal_deg=0.0, shelf_m=1.0, depth_m=0.0)
