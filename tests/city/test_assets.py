"""Assets and sensors against public totals, the catalog and themselves."""

import numpy as np
import pytest

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.errors import NotFound


def test_totals_are_the_public_ones(city: City) -> None:
    classed = [
        a
        for a in map(city.assets.at, city.assets.of_type("shelter"))
        if a.attributes["shelter_class"] in ("I", "II", "III")
    ]

    assert len(city.assets.of_type("metro_station")) == 408  # stations of lines 1 to 18 and Pujiang
    assert len(city.assets.of_type("fire_station")) == 174  # city plan, 2020
    assert len(classed) == 117  # city plan, 2020
    assert len(city.assets.of_type("underpass")) == 700  # 700+ ponding-prone points


def test_depots_stand_in_four_layers(city: City) -> None:
    layers = [city.assets.at(row).attributes["layer"] for row in city.assets.of_type("warehouse")]

    assert {layer: layers.count(layer) for layer in set(layers)} == {"5": 5, "8": 8, "11": 11, "N": 217}


def test_only_metro_and_tide_stations_are_real(city: City) -> None:
    real = set(city.assets.type[~city.assets.synthetic].tolist())

    assert real == {"metro_station", "tide_gauge"}
    assert city.assets.synthetic[np.isin(city.assets.type, list(real))].sum() == 0


def test_every_asset_stands_in_its_own_town(city: City) -> None:
    inside = city.assets.area != city.root
    found = city.locate(city.assets.lon[inside], city.assets.lat[inside])

    assert (found == city.assets.area[inside]).all()


def test_the_stations_beyond_the_border_are_the_three_in_kunshan(city: City) -> None:
    outside = [city.assets.at(int(row)) for row in np.flatnonzero(city.assets.area == city.root)]

    assert {asset.zh for asset in outside} == {"花桥", "光明路", "兆丰路"}
    assert all(asset.attributes["outside_city"] for asset in outside)


def test_every_type_of_the_city_stands_in_the_catalog(city: City, catalog: Catalog) -> None:
    assert set(city.assets.types) <= set(catalog.asset_types)


def test_required_attributes_of_the_catalog_are_there(city: City, catalog: Catalog) -> None:
    for kind in city.assets.types:
        required = [name for name, field in catalog.asset_types[kind].attributes.items() if field.required]
        for asset in map(city.assets.at, city.assets.of_type(kind)):
            assert [name for name in required if name not in asset.attributes] == []


def test_sensors_measure_what_the_catalog_says_their_asset_measures(city: City, catalog: Catalog) -> None:
    for sensor in city.sensors:
        asset = city.assets.asset(sensor.asset)

        assert sensor.quantity in catalog.asset_types[asset.type].measures
        assert sensor.unit == catalog.quantities[sensor.quantity].unit
        assert sensor.area == asset.area


def test_every_town_has_a_rain_gauge_and_every_low_spot_a_ponding_sensor(city: City) -> None:
    towns = {town.code for town in city.areas.levels["town"]}
    rain = city.sensors.measuring("rain_1h")
    ponding = city.sensors.measuring("ponding_depth")

    assert set(city.sensors.area[rain].tolist()) == towns
    assert set(city.sensors.asset[ponding].tolist()) == set(city.assets.id[city.assets.of_type("underpass")].tolist())


def test_columns_and_rows_say_the_same(city: City) -> None:
    asset = city.assets.asset("tide_gauge-huangpu_park")

    assert (asset.name("en"), asset.type, asset.synthetic) == ("Huangpu Park Tide Station", "tide_gauge", False)
    assert asset.attributes["datum"] == "Wusong"
    assert city.name(asset.area[:6]) == "黄浦区"


def test_numeric_attributes_come_as_an_array(city: City) -> None:
    rows = city.by_area("310117", "shelter")
    capacity = city.assets.values(rows, "capacity_people")

    assert capacity.shape == rows.shape
    assert (capacity > 0).all()
    assert (city.assets.values(rows, "nonsense") == 0).all()


@pytest.mark.parametrize("what", ["asset", "sensor"])
def test_an_unknown_id_is_refused(city: City, what: str) -> None:
    with pytest.raises(NotFound):
        city.assets.asset("x") if what == "asset" else city.sensors.sensor("x")
