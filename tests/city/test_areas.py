"""The tree of areas against the census, the national code list and the map."""

import pytest

from anlan.city.city import City
from anlan.kernel.access import AreaTree
from anlan.kernel.errors import NotFound

# Seventh national census (2020), municipal bulletin no. 2: residents of each district.
CENSUS_2020 = {
    "310101": 662030, "310104": 1113078, "310105": 693051, "310106": 975707, "310107": 1239800, "310109": 757498,
    "310110": 1242548, "310112": 2653489, "310113": 2235218, "310114": 1834258, "310115": 5681512, "310116": 822776,
    "310117": 1909713, "310118": 1271424, "310120": 1140872, "310151": 637921,
}  # fmt: skip
CITY_2020 = 24870895  # the same census, bulletin no. 1


def test_the_city_has_the_counts_of_the_national_code_list(city: City) -> None:
    counts = {level: len(areas) for level, areas in city.areas.levels.items()}

    assert counts == {"city": 1, "district": 16, "town": 217, "village": 6509}


def test_towns_sum_to_the_census_of_their_district(city: City) -> None:
    sums = {
        code: sum(city.area(town).population or 0 for town in city.descendants(code, "town")) for code in CENSUS_2020
    }

    assert sums == CENSUS_2020
    assert city.area("310000").population == sum(CENSUS_2020.values()) == CITY_2020


def test_committees_sum_to_their_town(city: City) -> None:
    for town in city.areas.levels["town"]:
        below = [city.area(code).population for code in city.children(town.code)]

        assert None not in below
        assert sum(filter(None, below)) == town.population


def test_counted_and_shared_out_population_are_told_apart(city: City) -> None:
    synthetic = {area.level for area in city.areas if area.population_synthetic}

    assert synthetic == {"town", "village"}


def test_every_code_starts_with_the_prefix_of_its_parent(city: City) -> None:
    for area in city.areas:
        if area.parent is not None and area.parent != city.root:
            assert area.code.startswith(area.parent)


def test_committees_of_zones_without_boundary_hang_on_their_district(city: City) -> None:
    astray = [a for a in city.areas.levels["village"] if city.level(a.parent or "") == "district"]

    assert len(astray) == 62
    assert all(area.population is None for area in astray)


def test_a_district_has_all_below_and_nothing_beside(city: City) -> None:
    below = city.descendants("310117")

    assert len(city.descendants("310117", "town")) == 17
    assert all(code.startswith("310117") for code in below)
    assert "310117" not in below
    assert len(city.descendants("310000")) == 6742


def test_neighbours_are_mutual_and_touch_on_the_map(city: City) -> None:
    for town in city.areas.levels["town"]:
        for other in city.neighbours(town.code):
            near = city.area(other).geometry

            assert town.code in city.neighbours(other)
            assert near is not None
            assert town.geometry is not None
            assert near.distance(town.geometry) < 0.003  # degrees; some pairs face each other across a river


def test_ancestors_lead_to_the_city(city: City) -> None:
    assert city.areas.ancestors("310101002001") == ("310101002", "310101", "310000")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("310199", "310109"), ("31011700", "310117001"), ("松江", "松江区"), ("Sonjiang District", "Songjiang District")],
)
def test_an_unknown_code_or_name_gets_suggestions(city: City, word: str, meant: str) -> None:
    assert meant in city.near(word)


def test_an_unknown_area_is_refused_by_name(city: City) -> None:
    with pytest.raises(NotFound) as caught:
        city.area("310199")

    assert caught.value.code == "city.area.unknown"
    assert "310109" in caught.value.message("en")


def test_the_city_is_an_area_tree_for_the_kernel(city: City) -> None:
    tree: AreaTree = city

    assert tree.name("310117", "zh") == "松江区"
    assert tree.name("310117", "en") == "Songjiang District"
    assert tree.parent("310000") is None
