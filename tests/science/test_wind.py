"""The wind field against CLIMADA's for the hurricane of 1951, and against what every cyclone does."""

import json
from pathlib import Path

import numpy as np
import pytest

from anlan.science.track import Track
from anlan.science.wind import wind_field

BRB = json.loads((Path(__file__).parent / "tables" / "climada_brb1951.json").read_text())
KNOT_M_S = 1852 / 3600


def brb_track():
    t = {name: np.array(values, float) for name, values in BRB["track_1h"].items()}
    pressure = np.minimum(t["central_pressure"], t["environmental_pressure"])
    # CLIMADA's fit to IBTrACS of radius (nautical miles) to pressure, where the track has none
    rmax_nmi = np.interp(pressure, [872, 940, 980, 1021], [14.907318, 15.726927, 25.742142, 56.856522])
    return Track(
        np.arange(len(pressure)) * 3600.0,
        t["lon"],
        t["lat"],
        pressure,
        t["environmental_pressure"],
        t["max_sustained_wind"] * KNOT_M_S,
        rmax_nmi * 1.852,
    )


@pytest.mark.parametrize(
    ("profile", "name"), [("holland_1980", "H1980"), ("holland_2008", "H08"), ("holland_2010", "H10")]
)
def test_greatest_winds_of_1951_are_those_of_climada(profile, name):
    """CLIMADA measures on the plane and drops winds under 17.5 m/s; so 0.5 %, and zeros are left out."""
    track = brb_track()
    field = wind_field(track, track.time_s, BRB["lon"], BRB["lat"], profile=profile, inflow="none")
    expected = np.array(BRB["ref_ms"][name])

    np.testing.assert_allclose(field.sustained_m_s.max(axis=0)[expected > 0], expected[expected > 0], rtol=5e-3)
    assert np.all(field.sustained_m_s.max(axis=0)[expected == 0] < 17.5)


def storm(north_km_h=0.0, lat=28.0):
    hours = np.array([0.0, 1.0])
    return Track(
        hours * 3600,
        np.full(2, 122.0),
        lat + hours * north_km_h / 111.195,
        np.full(2, 950.0),
        np.full(2, 1008.0),
        np.full(2, 45.0),
        np.full(2, 40.0),
    )


@pytest.mark.parametrize("profile", ["holland_1980", "holland_2008", "holland_2010"])
def test_wind_turns_against_the_clock_in_the_north_and_with_it_in_the_south(profile):
    for lat, turn in ((28.0, 0.0), (-28.0, 180.0)):
        # east of the centre: the wind comes from the south in the northern hemisphere
        field = wind_field(storm(lat=lat), [3600], [123.0], [lat], profile=profile, inflow="none")
        miss = (field.direction_deg[0, 0] - 180 - turn + 180) % 360 - 180

        assert abs(miss) < 1


def test_inflow_turns_the_wind_towards_the_centre():
    field = wind_field(storm(), [3600], [123.0], [28.0])

    assert field.direction_deg[0, 0] == pytest.approx(180 - 25, abs=1)


def test_the_right_hand_side_is_stronger_by_twice_the_motion_at_most():
    field = wind_field(storm(north_km_h=36), [3600], [121.6, 122.4], [28.32, 28.32], inflow="none")
    left, right = field.sustained_m_s[0]

    assert 10 < right - left < 21


def test_pressure_falls_to_the_centre_and_gusts_exceed_means():
    field = wind_field(storm(), [3600], [122.0, 123.0, 130.0], [28.0, 28.0, 28.0])

    assert field.pressure_hpa[0, 0] == pytest.approx(950, abs=0.01)
    assert np.all(np.diff(field.pressure_hpa[0]) > 0)
    assert np.all(field.gust_m_s >= field.sustained_m_s)
    assert np.all(field.sustained_m_s >= field.speed_m_s)


def test_land_slows_the_wind():
    sea = wind_field(storm(), [3600], [123.0, 123.0], [28.0, 28.0], land_ratio=[1.0, 0.5]).speed_m_s[0]

    assert sea[1] == sea[0] / 2


def test_after_the_track_there_is_no_wind_known():
    assert np.all(np.isnan(wind_field(storm(), [7200], [123.0], [28.0]).speed_m_s))
