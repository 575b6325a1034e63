"""Queries keep to the reader's areas."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.city import queries
from anlan.city.city import City, city_of
from anlan.kernel.access import Actor, Scope
from anlan.kernel.actions import Reader
from anlan.kernel.errors import Forbidden, Invalid, NotFound

PUDONG_ASSET = "school-310115005-1"


@pytest.fixture(scope="module")
def songjiang(city: City, catalog: Catalog) -> Iterator[Reader]:
    """Somebody who sees Songjiang and nothing else."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as conn:
        yield Reader(conn, Scope(("310117",)), catalog, city, datetime(2024, 9, 15, tzinfo=UTC), Actor("x", ()))
    engine.dispose()


def test_lists_hold_the_readers_subtree_and_nothing_else(songjiang: Reader) -> None:
    codes = [line.code for line in queries.list_areas(songjiang)]

    assert codes[0] == "310117"
    assert all(code.startswith("310117") for code in codes)
    assert len(queries.list_areas(songjiang, level="town")) == 17
    assert [line.code for line in queries.list_areas(songjiang, parent="310000")] == ["310117"]
    assert queries.list_areas(songjiang, parent="310115") == []


def test_a_page_of_an_area_in_sight_tells_what_is_in_it(songjiang: Reader) -> None:
    page = queries.area_page(songjiang, "310117001")

    assert [line.code for line in page.ancestors] == ["310117", "310000"]
    assert sum(line.population or 0 for line in page.children) == page.area.population
    assert page.assets["rain_gauge"] == 1
    assert page.bounds is not None
    assert page.bounds[0] < (page.area.lon or 0) < page.bounds[2]


@pytest.mark.parametrize("code", ["310115", "310115005", "310000"])
def test_an_area_out_of_sight_is_refused(songjiang: Reader, code: str) -> None:
    for query in (queries.area_page, queries.boundary):
        with pytest.raises(Forbidden):
            query(songjiang, code)
    with pytest.raises(Forbidden):
        queries.find_assets(songjiang, area=code)


def test_assets_are_those_in_sight(songjiang: Reader) -> None:
    found, total = queries.find_assets(songjiang)

    assert len(found) == total == len(city_of(songjiang).by_area("310117"))
    assert {asset.area[:6] for asset in found} == {"310117"}


def test_assets_can_be_narrowed_by_type_area_bounds_and_number(songjiang: Reader) -> None:
    schools, total = queries.find_assets(songjiang, type_="school", area="310117001", limit=3)
    west, south, east, north = bounds = (121.20, 31.00, 121.25, 31.05)
    inside, _ = queries.find_assets(songjiang, bounds=bounds)

    assert len(schools) == 3 < total
    assert {(asset.type, asset.area) for asset in schools} == {("school", "310117001")}
    assert inside
    assert all(west <= asset.lon <= east and south <= asset.lat <= north for asset in inside)


def test_an_asset_out_of_sight_is_as_unknown_as_one_that_does_not_exist(songjiang: Reader) -> None:
    assert PUDONG_ASSET in city_of(songjiang).assets
    for id_ in (PUDONG_ASSET, "school-0"):
        with pytest.raises(NotFound) as caught:
            queries.one_asset(songjiang, id_)
        assert caught.value.code == "city.asset.unknown"


def test_nonsense_is_refused_with_its_place(songjiang: Reader) -> None:
    with pytest.raises(Invalid) as kind:
        queries.find_assets(songjiang, type_="volcano")
    with pytest.raises(Invalid) as bounds:
        queries.find_assets(songjiang, bounds=(122, 31, 121, 32))
    with pytest.raises(NotFound):
        queries.list_areas(songjiang, parent="990000")

    assert (kind.value.at, bounds.value.at) == ("type", "bbox")


def test_a_boundary_is_geojson_and_a_committee_has_none(songjiang: Reader) -> None:
    town = queries.boundary(songjiang, "310117001")
    committee = queries.boundary(songjiang, city_of(songjiang).children("310117001")[0])

    assert town["geometry"]["type"] == "MultiPolygon"
    assert committee["geometry"] is None
    assert committee["properties"]["population_synthetic"]
