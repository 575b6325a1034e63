"""Radial profiles against the values asserted in CLIMADA's unit tests (tables/PROVENANCE.md)."""

import json
from pathlib import Path

import numpy as np
import pytest

from anlan.science import vortex

TABLE = json.loads((Path(__file__).parent / "tables" / "holland_profiles.json").read_text())


def column(values):
    return np.array(values, float)[:, None]


def test_holland_1980_gradient_and_cyclostrophic_wind():
    t = TABLE["holland1980"]
    ring = {"deficit_hpa": column(t["dp_hpa"]), "rmax_m": column(t["rmw_km"]) * 1e3, "b": column(t["b"])}
    radius = np.array(t["d_km"], float) * 1e3
    given = np.isfinite(radius)
    for lat, name in ((column(t["lat"]), "v"), (None, "v_cyclostrophic")):
        got = vortex.wind_holland_1980_m_s(radius, **ring, lat=lat)

        np.testing.assert_allclose(got[given], np.array(t[name], float)[given], atol=t["atol"])


def test_holland_2010_exponent_and_wind():
    t = TABLE["holland2010"]
    ring = {"vmax_m_s": column(t["vmax"]), "rmax_m": column(t["rmw_km"]) * 1e3, "b": column(t["b"])}
    radius = np.array(t["d_km"], float) * 1e3
    given = np.ones_like(radius, bool)
    given[tuple(np.transpose(t["masked"]))] = False
    x = vortex.exponent_holland_2010(radius, **ring)
    v = vortex.wind_holland_2010_m_s(radius, **ring, x=x)

    np.testing.assert_allclose(x[given], np.array(t["x"])[given], atol=1e-5)
    np.testing.assert_allclose(v[given], np.array(t["v"])[given], atol=1e-4)


def test_b_of_1980_from_wind():
    for row in TABLE["B_holland1980"]:
        assert vortex.b_holland_1980(row["v"], row["dp_hpa"], air_kg_m3=row["rho"]) == pytest.approx(row["B"], abs=1e-6)


def test_greatest_wind_of_2008_from_pressure():
    for row in TABLE["vmax_holland2008"]:
        assert vortex.vmax_holland_2008_m_s(row["dp_hpa"], row["b"], air_kg_m3=row["rho"]) == pytest.approx(
            row["vmax"], abs=1e-5
        )


def test_wind_is_greatest_at_its_radius_and_balances_the_pressure_there():
    """At rmax the cyclostrophic wind of H80 is sqrt(B dp / (rho e)), and r/rho dp/dr is its square."""
    ring = {"rmax_m": 40e3, "b": 1.5}
    radius = np.linspace(1e3, 300e3, 5981)
    wind = vortex.wind_holland_1980_m_s(radius, deficit_hpa=50, lat=None, **ring)
    pressure = vortex.pressure_hpa(radius, centre_hpa=960, outer_hpa=1010, **ring) * 100

    assert radius[np.argmax(wind)] == pytest.approx(40e3, abs=50)
    balance = np.sqrt(radius / vortex.AIR_KG_M3 * np.gradient(pressure, radius))
    np.testing.assert_allclose(wind[200:-200], balance[200:-200], rtol=1e-3)


def test_the_equator_has_no_coriolis_force():
    ring = {"deficit_hpa": 50, "rmax_m": 40e3, "b": 1.5}

    assert vortex.wind_holland_1980_m_s(1e5, **ring, lat=0) == vortex.wind_holland_1980_m_s(1e5, **ring, lat=None)
