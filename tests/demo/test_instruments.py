"""What the instruments report: within their ranges, with the faults that the scenario says, the same for a seed."""

from itertools import islice

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.demo.instruments import Instruments
from anlan.demo.scenario import load_scenario
from anlan.demo.weather import Weather, read_track

SCENARIO = load_scenario("bebinca")


def instruments(city: City, seed: int) -> Instruments:
    text = city.package.path(f"hazards/{SCENARIO.track}").read_text(encoding="utf-8")
    return Instruments(city, SCENARIO, Weather(SCENARIO, read_track(text, SCENARIO.outer_hpa), seed), seed)


def test_the_same_seed_reports_the_same(city: City) -> None:
    first = list(islice(instruments(city, 5).steps(), 3))
    again = list(islice(instruments(city, 5).steps(), 3))
    other = list(islice(instruments(city, 6).steps(), 3))

    assert first == again
    assert first != other


def test_nearly_all_sensors_report_some_twice_and_some_not_at_all(city: City) -> None:
    rows = [row for _, step in islice(instruments(city, 5).steps(), 10) for row in step]
    keys = [(row[0], row[1]) for row in rows]
    sensors = {row[0] for row in rows}

    assert len(set(keys)) < len(keys)
    assert len(sensors) == len(city.sensors.id) - SCENARIO.instruments.silent


def test_every_reading_lies_in_the_range_of_its_quantity(city: City, catalog: Catalog) -> None:
    quantity = dict(zip(city.sensors.id.tolist(), city.sensors.quantity.tolist(), strict=True))
    for _, rows in islice(instruments(city, 5).steps(), 0, 130, 26):
        for name, _, value in rows:
            low, high = catalog.quantities[quantity[name]].valid
            assert low <= value <= high, name
