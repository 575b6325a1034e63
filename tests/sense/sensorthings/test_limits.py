"""What a request may not do: get more than the service gives, or make it fail in another way than by saying so."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import json

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings.reading import get
from anlan.sense.sensorthings.service import Ask, Service
from anlan.sense.sensorthings.sight import Sights
from sense.sensorthings.memory import MemoryHouse

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def service(house: MemoryHouse) -> Service:
    return Service(house, Sights(), "en", "http://anlan/sta/v1.1")


def ask(service: Service, url: str, method: str = "GET", body: Any = None) -> tuple[int, Any]:
    path, _, query = url.partition("?")
    sent = b"" if body is None else json.encode(body)
    answer = service.answer(Ask(method, path, quote(query, safe="$=&;,/()':+"), sent))
    return answer.status, answer.body


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("Datastreams?$filter=substring(name,properties/cadence_s) eq 'x'", 200),
        ("Datastreams?$filter=substring(name,1 div 0.0) eq ''", 200),
        ("Datastreams?$filter=substring(name,-5,3) eq 'poi'", 200),
        ("Datastreams?$filter=st_relate(observedArea,observedArea,'nonsense')", 400),
        ("Datastreams?$filter=geo.intersects(observedArea,geography'POLYGON((0 0,1')", 400),
        ("Datastreams?$filter=geo.intersects(observedArea,geography'SRID=4326;POINT(121.2 31)')", 200),
        ("Datastreams?$filter=observedArea lt observedArea", 400),
        ("Datastreams?$filter=name add 1 eq 2", 400),
        ("Datastreams?$filter=name", 400),
        ("Datastreams?$filter=name eq true", 400),
        ("Datastreams?$filter=substring(name) eq 'x'", 400),
        ("Datastreams?$filter=properties/cadence_s eq 99999999999999999999999999", 200),
        ("Datastreams?$filter=Observations/phenomenonTime gt now() add duration'P9999999999D'", 400),
        ("Datastreams?$filter=Observations/phenomenonTime gt 2024-02-30T00:00:00Z", 400),
        ("Datastreams?$filter=" + " and ".join(["name eq 'x'"] * 60), 200),
        ("Datastreams?$filter=" + " and ".join(["name eq 'x'"] * 200), 400),
        ("Datastreams?$filter=" + "(" * 190 + "1 eq 1" + ")" * 190, 200),
        ("Datastreams?$filter=1 eq 1" + " add 1" * 190, 200),
        ("Datastreams?$filter=nothing/any(d:d/name eq 'x')", 400),
        ("Datastreams?$filter=Observations/any(d:d/nothing eq 'x')", 400),
        ("Datastreams?$filter=Thing/Datastreams/any(d:d/id eq id)", 200),
        ("Datastreams?$orderby=observedArea", 400),
        ("Datastreams?$orderby=1 add 1 desc,name", 200),
        ("Datastreams?$orderby=", 400),
        ("Datastreams?$top=1&$top=2", 400),
        ("Datastreams?$top=999999999999999999", 200),
        ("Datastreams?$top=9999999999999999999999", 400),
        ("Datastreams?$skip=999999999999999999", 200),
        ("Observations?$skip=999999999999999999&$orderby=phenomenonTime desc", 200),
        ("Observations?$skiptoken=nobody@1", 400),
        ("Observations?$skiptoken=gauge@99999999999999999999999", 400),
        ("Datastreams('gauge')?$filter=1 eq 1", 400),
        ("Datastreams?$expand=Thing(", 400),
        ("Datastreams?$expand=Thing($top=x)", 400),
        ("Datastreams?$expand=Thing/Datastreams/Thing/Datastreams/Thing/Datastreams/Thing", 400),
        ("Datastreams('gauge", 404),
        ("Observations('gauge@99999999999999999999')", 404),
        ("Observations('gauge')", 404),
        ("Things()", 404),
        ("Things/$ref/$value", 404),
        ("Datastreams/$count", 200),
        ("Datastreams?custom=1&other", 200),
    ],
)
def test_an_odd_request_is_answered_with_what_is_odd(service: Service, url: str, status: int) -> None:
    assert ask(service, url)[0] == status


@given(text=st.text(alphabet="andorteq() '12.,/:$=;-+@#%\\\"namegeographyPOINT", max_size=40))
@FEW
def test_no_text_makes_the_service_fail(service: Service, text: str) -> None:
    for url in ("Datastreams?$filter=", "Observations?$orderby=", "Things?$expand=", "Things?$select="):
        path, _, option = url.partition("?")
        answer = service.answer(Ask("GET", path, option + quote(text)))
        assert answer.status in {200, 400, 501}
    assert service.answer(Ask("GET", text)).status in {200, 204, 404}


@given(
    told=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    ["name", "result", "Datastream", "@iot.id", "Locations", "location", "Datastreams", "properties",
                     "phenomenonTime", "Sensor", "ObservedProperty", "unitOfMeasurement", "components", "dataArray"]
                ),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=12,
    )
)  # fmt: skip
@FEW
def test_no_body_makes_the_service_fail(service: Service, told: Any) -> None:
    paths = ("Observations", "Datastreams('gauge')/Observations", "Things", "Datastreams", "CreateObservations")
    for path in paths:
        assert ask(service, path, "POST", told)[0] in {201, 400, 404, 409}
    for method in ("PATCH", "PUT"):
        assert ask(service, "Datastreams('gauge')", method, told)[0] in {200, 400, 404}


@pytest.mark.parametrize(
    ("url", "entities"),
    [
        ("Datastreams", 5),
        ("Datastreams?$expand=Thing", 5 + 3),  # the same Thing within several is one
        ("Datastreams?$expand=Thing($expand=Datastreams)", 5 + 5 + 9),  # but not if there is something within it
        ("Things?$expand=Datastreams($top=1),Locations", 3 + 3 + 3),
        ("Datastreams?$expand=Observations($top=2)", 5 + 8),
    ],
)
def test_an_answer_holds_no_more_than_it_may(service: Service, url: str, entities: int) -> None:
    path, _, query = url.partition("?")
    pairs = [tuple(query.split("=", 1))] if query else []
    enough, short = service.view(), service.view()
    enough.budget.most_answered, short.budget.most_answered = entities, entities - 1
    get(enough, path, pairs)
    with pytest.raises(Invalid) as refused:
        get(short, path, pairs)

    assert refused.value.code == "sensorthings.too_large"
