"""A client nobody here wrote: Fraunhofer's frost_sta_client, against a server on the loopback.

The client itself uses a property of furl that is deprecated; that is its affair.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sense.sensorthings.served import Served, serving

pytestmark = pytest.mark.filterwarnings("ignore:furl.pathstr is deprecated:DeprecationWarning")

sta = pytest.importorskip("frost_sta_client")
geojson = pytest.importorskip("geojson")

Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A world that no test changes."""
    with serving(tmp_path_factory.mktemp("world")) as one:
        yield one


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as one:
        yield one


class Bearer(sta.AuthHandler):  # type: ignore[misc]
    """Signs in with a token, where the client knows passwords only."""

    def add_auth_header(self) -> Any:
        def authorize(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {self.password}"
            request.headers["Accept-Language"] = "en"
            return request

        return authorize


def of(served: Served) -> Client:
    return lambda user: sta.SensorThingsService(served.url, auth_handler=Bearer(user, served.keys[user]))


@pytest.fixture
def client(served: Served) -> Client:
    return of(served)


def observe(service: Any, datastream: Any, minute: int, value: float) -> Any:
    observation = sta.Observation(
        phenomenon_time=f"2024-09-15T07:{minute:02}:00Z", result=value, datastream=sta.Datastream(id=datastream)
    )
    service.create(observation)
    return observation


def test_the_client_lists_and_follows_links(still: Served) -> None:
    service = of(still)("city")
    things = service.things().query().list()

    assert {thing.id: thing.name for thing in things} == {"under-1": "under-1", "pump-1": "pump-1"}
    found = service.things().find("under-1").get_datastreams().query().orderby("id", "asc").list()
    assert [datastream.id for datastream in found] == ["under-1/level", "under-1/pond"]
    assert found.get(0).unit_of_measurement.symbol == "m"
    assert found.get(0).observed_area == geojson.Point((121.22, 31.01))


def test_the_client_pages_through_everything(still: Served) -> None:
    listed = of(still)("city").datastreams().query().top(1).list()

    assert [datastream.id for datastream in listed] == ["under-1/level", "under-1/pond", "pump-1/flow"]


def test_the_client_filters_and_expands(still: Served) -> None:
    query = of(still)("city").datastreams().query()
    found = query.filter("ObservedProperty/name eq 'ponding depth'").expand("Thing($expand=Locations),Sensor").list()

    (one,) = found
    assert one.thing.id == "under-1"
    assert one.thing.locations.get(0).location == geojson.Point((121.22, 31.01))
    assert one.sensor.name == "point under-1/pond"


def test_the_client_creates_observations_and_reads_them_back(client: Client, served: Served) -> None:
    service = client("city")
    sent = [observe(service, "under-1/level", minute, minute / 10) for minute in (10, 20, 30)]
    served.world.settle()

    assert sent[0].id == "under-1/level@1726384200000000"
    assert service.observations().find(sent[0].id).result == 1.0
    datastream = service.datastreams().find("under-1/level")
    found = datastream.get_observations().query().filter("result gt 1.5").orderby("phenomenonTime", "desc").list()
    assert [one.result for one in found] == [3.0, 2.0]
    newest = service.datastreams().query().expand("Observations($top=1;$orderby=phenomenonTime desc)").list()
    assert [one.observations.entities[0].result for one in newest if one.observations.entities] == [3.0]


def test_the_client_sends_a_data_array(client: Client, served: Served) -> None:
    service = client("city")
    value = sta.model.ext.data_array_value.DataArrayValue()
    kinds = sta.model.ext.data_array_value.DataArrayValue.Property
    value.datastream = sta.Datastream(id="under-1/pond")
    value.components = [kinds.PHENOMENON_TIME, kinds.RESULT]
    for minute in (1, 2):
        value.add_observation(
            sta.Observation(
                phenomenon_time=f"2024-09-15T07:0{minute}:00Z",
                result=minute,
                datastream=sta.Datastream(id="under-1/pond"),
            )
        )
    document = sta.model.ext.data_array_document.DataArrayDocument()
    document.add_data_array_value(value)
    links = service.observations().create(document)
    served.world.settle()

    assert [link.self_link.rpartition("/")[2] for link in links] == [
        "pond@1726383660000000')",
        "pond@1726383720000000')",
    ]
    assert [one.result for one in service.observations().query().list()] == [1.0, 2.0]


def test_the_client_makes_a_thing_with_a_datastream_known(client: Client, served: Served) -> None:
    service = client("city")
    unit = sta.UnitOfMeasurement(name="metre", symbol="m", definition="http://www.opengis.net/def/uom/UCUM/0/m")
    datastream = sta.Datastream(
        name="water level at the mill",
        description="as a foreign client describes it",
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unit_of_measurement=unit,
        observed_property=sta.ObservedProperty(
            name="river level", definition="https://example.org/river_level", description="of a river"
        ),
        sensor=sta.Sensor(name="radar", description="a radar", encoding_type="application/pdf", metadata="a.pdf"),
    )
    place = sta.Location(
        name="mill",
        description="a mill",
        encoding_type="application/geo+json",
        location=geojson.Point((121.23, 31.03)),
    )
    thing = sta.Thing(name="Mill", description="a mill", locations=[place], datastreams=[datastream])
    service.create(thing)

    assert thing.id == "mill"
    (found,) = service.things().find("mill").get_datastreams().query().list()
    assert (found.id, found.name) == ("mill/water_level", "water level at the mill")
    observe(service, found.id, 5, 2.5)
    served.world.settle()
    assert [one.result for one in found.get_observations().query().list()] == [2.5]


def test_the_client_changes_what_is_known_and_retires_it(client: Client) -> None:
    service = client("city")
    datastream = service.datastreams().find("under-1/pond")
    datastream.name = "ponding at the underpass"
    service.update(datastream)
    assert service.datastreams().find("under-1/pond").name == "ponding at the underpass"

    service.patch(datastream, [{"op": "add", "path": "/properties/cadence_s", "value": 60.0}])
    assert service.datastreams().find("under-1/pond").properties["cadence_s"] == 60.0

    service.delete(datastream)
    with pytest.raises(requests.HTTPError) as refused:
        service.datastreams().find("under-1/pond")
    assert refused.value.response.status_code == 410


def test_a_client_sees_and_reaches_its_own_areas_only(still: Served) -> None:
    sj = of(still)("sj")
    assert [one.id for one in sj.things().query().list()] == ["under-1"]
    with pytest.raises(requests.HTTPError) as hidden:
        sj.datastreams().find("pump-1/flow")
    assert hidden.value.response.status_code == 404
    with pytest.raises(requests.HTTPError) as refused:
        observe(sj, "under-1/level", 1, 1.0)
    assert refused.value.response.status_code == 403


def test_an_instrument_may_send_what_it_may_not_read(client: Client, served: Served) -> None:
    observe(client("gauge"), "under-1/level", 1, 1.0)
    served.world.settle()

    with pytest.raises(requests.HTTPError) as refused:
        client("gauge").things().query().list()
    assert refused.value.response.status_code == 403
    with pytest.raises(requests.HTTPError) as elsewhere:
        observe(client("pd.gauge"), "under-1/level", 1, 1.0)
    assert elsewhere.value.response.status_code == 404
    assert [one.result for one in client("city").observations().query().list()] == [1.0]
