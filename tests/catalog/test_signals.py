"""Warning thresholds against the published vectors, and the rule that a candidate is never the signal itself."""

from typing import Any

import pytest

from anlan.catalog import Catalog
from anlan.catalog.schema.signals import candidates

FOG = {"visibility": 180, "weather": "fog"}
# Scheme, values, signal, colour: the eleven vectors that came with the thresholds.
VECTORS: list[tuple[str, dict[str, Any], str, str]] = [
    ("nation", {"rain_3h": 100}, "11B03", "red"),
    ("nation", {"rain_3h": 50}, "11B03", "orange"),
    ("nation", {"rain_12h": 50}, "11B03", "blue"),
    ("catalog", {"rain_1h": 35}, "11B03", "blue"),
    ("catalog", {"rain_1h": 79.9, "rain_6h": 79.9}, "11B03", "yellow"),
    ("catalog", {"rain_6h": 100}, "11B03", "orange"),
    ("nation", {"wind_mean_beaufort": 10, "tropical_cyclone": True}, "11B01", "orange"),
    ("nation", FOG, "11B17", "orange"),
    ("catalog", {"station": "HPGY", "level": 4.91}, "high_tide_huangpu_park", "yellow"),
    ("nation", {"aqi_daily": [210, 220, 310]}, "heavy_pollution", "orange"),
    ("nation", {"tmax": 40.0}, "11B09", "red"),
]
# Further boundaries, hand-worked from the texts.
MORE: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("catalog", {"rain_1h": 34.9, "rain_6h": 49.9}, {}),
    ("catalog", {"rain_3h": 100}, {}),  # Shanghai's criteria replace the national ones
    ("catalog", {"rain_1h": 100}, {"11B03": "red"}),
    ("catalog", {"rain_6h": 150}, {"11B03": "red"}),
    ("catalog", {"station": "WSK", "level": 5.5}, {}),
    ("catalog", {"station": "HPGY", "level": 5.29}, {"high_tide_huangpu_park": "red"}),
    ("catalog", {"station": "HPGY", "level": 4.549}, {}),
    ("nation", {"wind_mean_beaufort": 10}, {}),  # neither a cyclone nor known to be none
    ("nation", {"wind_mean_beaufort": 12, "tropical_cyclone": False}, {"11B06": "red"}),
    ("nation", {"wind_gust_beaufort": 14, "tropical_cyclone": True}, {"11B01": "red"}),
    ("nation", {"visibility": 180, "weather": "haze"}, {"11B19": "orange"}),
    ("nation", {"visibility": 500, "weather": "fog"}, {}),  # "below" does not include the number
    ("nation", {"tmax_daily": [35, 35, 34.9, 35, 35]}, {}),
    ("nation", {"tmax_daily": [34, 35, 35, 35]}, {"11B09": "yellow"}),
    ("nation", {"aqi_daily": [201]}, {"heavy_pollution": "blue"}),
    ("nation", {"aqi_daily": [200, 200]}, {}),
    ("nation", {"aqi_daily": [500]}, {"heavy_pollution": "red"}),
    ("nation", {"aqi_daily": [301, 301, 250, 250]}, {"heavy_pollution": "red"}),
    ("nation", {"lightning_probability_class": "likely"}, {"11B14": "orange"}),
    ("nation", {"drought_index_class": "moderate", "crop_drought_share": 0.6}, {"11B22": "red"}),
    ("nation", {"road_surface_temp": -0.1, "precipitation": True}, {"11B21": "red"}),
    ("nation", {"tmin_drop_48h": 8, "tmin": 4, "wind_mean_beaufort": 5}, {"11B05": "blue"}),
    ("nation", {}, {}),
]


@pytest.mark.parametrize(("scheme", "values", "signal", "colour"), VECTORS)
def test_a_published_vector_comes_out(
    request: pytest.FixtureRequest, scheme: str, values: dict[str, Any], signal: str, colour: str
) -> None:
    policy: Catalog = request.getfixturevalue(scheme)

    assert candidates(policy.warning_signals.values(), values) == {signal: colour}


@pytest.mark.parametrize(("scheme", "values", "found"), MORE)
def test_a_boundary_falls_on_its_side(
    request: pytest.FixtureRequest, scheme: str, values: dict[str, Any], found: dict[str, str]
) -> None:
    policy: Catalog = request.getfixturevalue(scheme)

    assert candidates(policy.warning_signals.values(), values) == found


def test_weather_signals_belong_to_the_meteorological_station(catalog: Catalog) -> None:
    weather = [s for s in catalog.warning_signals.values() if s.id.startswith("11B")]

    assert len(weather) == 14
    assert {(s.issuer, s.use) for s in weather} == {("meteorological_station", "candidate")}


def test_every_signal_is_of_a_type_that_warnings_are_issued_for(catalog: Catalog) -> None:
    for signal in catalog.warning_signals.values():
        assert signal.event_type is not None
        assert "warning" in catalog.event_types[signal.event_type].uses
