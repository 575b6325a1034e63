"""The night's weather against what is known of it, and against the formulas that it is made of."""

import numpy as np
import pytest

from anlan.city.city import City
from anlan.demo.scenario import load_scenario
from anlan.demo.weather import Weather, read_track
from anlan.science.geodesy import distance_m
from anlan.science.track import interpolate

LINGANG = (121.93, 30.90)  # where Bebinca came ashore at 07:30 on 16 September 2024, local time
LANDFALL = np.datetime64("2024-09-15T23:30").astype("datetime64[s]").astype(float)
SCENARIO = load_scenario("bebinca")


@pytest.fixture
def weather(city: City) -> Weather:
    text = city.package.path(f"hazards/{SCENARIO.track}").read_text(encoding="utf-8")
    return Weather(SCENARIO, read_track(text, SCENARIO.outer_hpa), seed=1)


def test_the_track_passes_lingang_when_the_storm_came_ashore(weather: Weather) -> None:
    now = interpolate(weather.track, [LANDFALL])

    assert distance_m(now.lon[0], now.lat[0], *LINGANG) < 25_000


def test_the_wind_is_strongest_when_the_storm_is_near_and_of_typhoon_strength(weather: Weather) -> None:
    hours = LANDFALL + np.arange(-14 * 6, 7 * 6) * 600
    gusts = weather.wind(hours, [LINGANG[0]], [LINGANG[1]]).gust_m_s[:, 0]

    assert 32.7 < gusts.max() < 60  # Beaufort 12 begins at 32.7 m/s; nothing in the city's records exceeds 60
    assert abs(hours[gusts.argmax()] - LANDFALL) <= 4 * 3600


def test_a_cell_drops_the_depth_of_its_design_storm_at_its_centre(weather: Weather) -> None:
    cell = SCENARIO.rain.cells[0]
    times = cell.at.timestamp() + np.arange(0, cell.minutes * 60, SCENARIO.step_s)
    alone = weather._cell_mm_h(cell, times, np.array([cell.lon]), np.array([cell.lat]))[:, 0]
    own = SCENARIO.rain.formula
    depth_mm = 0.36 * own.a * (1 + own.c * np.log10(cell.years)) / (cell.minutes + own.b) ** own.n * cell.minutes / 60

    assert alone.sum() * SCENARIO.step_s / 3600 == pytest.approx(depth_mm, rel=1e-6)


def test_bands_move_rain_about_without_making_any(weather: Weather) -> None:
    ring = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    now = interpolate(weather.track, [LANDFALL])
    lon = now.lon[0] + 0.8 * np.cos(ring)
    lat = now.lat[0] + 0.7 * np.sin(ring)

    assert weather._bands(np.array([LANDFALL]), lon, lat).mean() == pytest.approx(1, abs=0.12)


def test_the_tide_at_the_park_rises_past_its_blue_line_in_the_morning(weather: Weather) -> None:
    hours = np.arange(SCENARIO.start.timestamp(), SCENARIO.end.timestamp(), 600)
    level = weather.tide_m(hours, "tide_gauge-huangpu_park")

    assert 4.55 <= level.max() <= 5.29  # between the blue and the red line of the station
    assert abs(hours[level.argmax()] - LANDFALL) < 3 * 3600


def test_rain_is_never_negative(weather: Weather) -> None:
    hours = np.arange(SCENARIO.start.timestamp(), SCENARIO.end.timestamp(), 3600)

    assert weather.rain_mm_h(hours, np.linspace(121, 122, 30), np.linspace(30.8, 31.8, 30)).min() >= 0
