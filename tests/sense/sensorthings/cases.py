"""Requests of the standard and what must be true of their answers: by requirement.

They are asked of the house of ``conftest.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sense.sensorthings.memory import MORNING_US

BASE = "http://anlan/sta/v1.1"
FIRST = f"under/1:level@{MORNING_US}"
LEVEL, GAUGE = "Datastreams('under/1:level')", "Datastreams('gauge')"
Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Case:
    """A request, the status of its answer and what must be true of it."""

    method: str
    url: str
    check: Check
    status: int = 200
    body: Any = None


def get(url: str, check: Check, status: int = 200) -> Case:
    return Case("GET", url, check, status)


def ids(body: Any) -> list[str]:
    return [one["@iot.id"] for one in body["value"]]


def has(mandatory: str, links: str) -> Check:
    """Tell whether every entity has its control information, properties and links, and no others of the standard."""
    names = {*mandatory.split(), "@iot.id", "@iot.selfLink", *(f"{link}@iot.navigationLink" for link in links.split())}

    def check(body: Any) -> bool:
        return bool(body["value"]) and all(
            names <= one.keys() and None not in _told(one, mandatory) for one in body["value"]
        )

    return check


def _told(one: Mapping[str, Any], mandatory: str) -> list[Any]:
    return [one[name] for name in mandatory.split() if name not in {"result", "resultTime"}]


def expanded(name: str, inner: Check) -> Check:
    return lambda body: all(inner(one[name]) for one in body["value"])


EVERY = ["under/1:level", "under/1:pond", "gauge", "pump", "silent"]
DEEP = (
    "Datastreams($select=id;$expand=ObservedProperty($select=id),"
    "Observations($filter=result gt 4;$select=result;$top=1))"
)
AT_ONE = (
    "Datastreams/Observations/FeatureOfInterest/id eq 'under-1' and "
    "Datastreams/Observations/phenomenonTime ge 2024-09-15T06:30:00Z"
)
BOX = "geography'POLYGON((121.25 31,121.4 31,121.4 31.2,121.25 31.2,121.25 31))'"
PUMPS = "Datastreams/any(d:d/ObservedProperty/id eq 'pump_flow')"
BOTH = f"{PUMPS} and Datastreams/any(d:d/ObservedProperty/id eq 'pumps_running')"
SAME = "Datastreams/ObservedProperty/id eq 'pump_flow' and Datastreams/ObservedProperty/id eq 'pumps_running'"
FAR = "geo.distance(Locations/location, geography'POINT(121.2 31)') gt 0.1"
HALF_PAST = "hour(phenomenonTime) eq 6 and minute(phenomenonTime) eq 50 and round(result) eq 35.0"
CASES: dict[str, list[Case]] = {
    "datamodel/thing/properties": [
        get("Things", has("name description", "")),
    ],
    "datamodel/thing/relations": [
        get("Things", has("", "Locations HistoricalLocations Datastreams")),
    ],
    "datamodel/location/properties": [
        get("Locations", has("name description encodingType location", "")),
    ],
    "datamodel/location/relations": [
        get("Locations", has("", "Things HistoricalLocations")),
    ],
    "datamodel/historical-location/properties": [
        get("HistoricalLocations", has("time", "")),
    ],
    "datamodel/historical-location/relations": [
        get("HistoricalLocations", has("", "Thing Locations")),
    ],
    "datamodel/datastream/properties": [
        get("Datastreams", has("name description unitOfMeasurement observationType", "")),
    ],
    "datamodel/datastream/relations": [
        get("Datastreams", has("", "Thing Sensor ObservedProperty Observations")),
    ],
    "datamodel/sensor/properties": [
        get("Sensors", has("name description encodingType metadata", "")),
    ],
    "datamodel/sensor/relations": [
        get("Sensors", has("", "Datastreams")),
    ],
    "datamodel/observed-property/properties": [
        get("ObservedProperties", has("name definition description", "")),
    ],
    "datamodel/observed-property/relations": [
        get("ObservedProperties", has("", "Datastreams")),
    ],
    "datamodel/observation/properties": [
        get("Observations", has("phenomenonTime result resultTime", "")),
    ],
    "datamodel/observation/relations": [
        get("Observations", has("", "Datastream FeatureOfInterest")),
    ],
    "datamodel/feature-of-interest/properties": [
        get("FeaturesOfInterest", has("name description encodingType feature", "")),
    ],
    "datamodel/feature-of-interest/relations": [
        get("FeaturesOfInterest", has("", "Observations")),
    ],
    "datamodel/entity-control-information/common-control-information": [
        get(
            "Things('under-1')",
            lambda b: b["@iot.id"] == "under-1" and b["@iot.selfLink"] == f"{BASE}/Things('under-1')",
        ),
    ],
    "resource-path/resource-path-to-entities": [
        get("", lambda b: len(b["value"]) == 8 and all(one["url"] == f"{BASE}/{one['name']}" for one in b["value"])),
        get("Datastreams", lambda b: ids(b) == EVERY),
        get("Datastreams('under/1:level')", lambda b: b["@iot.id"] == "under/1:level"),
        get(f"Observations('{FIRST}')/phenomenonTime", lambda b: b == {"phenomenonTime": "2024-09-15T06:00:00Z"}),
        get(f"Observations('{FIRST}')/resultTime", lambda b: b is None, 204),
        get("Datastreams('gauge')/unitOfMeasurement/symbol", lambda b: b == {"symbol": "m"}),
        get(f"Observations('{FIRST}')/result/$value", lambda b: b == "0.0"),
        get("Things('gauge''x')/Datastreams", lambda b: ids(b) == ["gauge"]),
        get(
            "Things('under-1')/Datastreams/$ref",
            lambda b: b["value"] == [{"@iot.selfLink": f"{BASE}/Datastreams('{id_}')"} for id_ in EVERY[:2]],
        ),
        get("Datastreams('gauge')/Thing/$ref", lambda b: b == {"@iot.selfLink": f"{BASE}/Things('gauge''x')"}),
        get(f"{LEVEL}/Observations('{FIRST}')/FeatureOfInterest/name", lambda b: b == {"name": "under-1"}),
        get(f"Datastreams('gauge')/Observations('{FIRST}')", lambda b: b["status"] == 404, 404),
        get(f"{GAUGE}/Sensor/{GAUGE}/ObservedProperty/id/$value", lambda b: b == "water_level"),
    ],
    "request-data/status-code": [
        get("Things('nowhere')", lambda b: "message" in b, 404),
        get("Things('under-1')/colour", lambda b: b["code"] == "sensorthings.path", 404),
        get("Machines", lambda b: b["code"] == "sensorthings.path", 404),
    ],
    "request-data/query-status-code": [
        get("Things?$search=pump", lambda b: b["code"] == "sensorthings.unknown_option", 501),
        get("Things?$filter=soundex(name) eq 'x'", lambda b: b["code"] == "sensorthings.function", 501),
        get("Observations?$resultFormat=CSV", lambda b: True, 501),
    ],
    "request-data/order": [
        get(
            "Observations?$top=1&$skip=1&$orderby=result desc&$count=true&$filter=result lt 10&$select=result",
            lambda b: b["@iot.count"] == 6 and b["value"] == [{"result": 4.0}],
        ),
    ],
    "request-data/expand": [
        get(
            "Datastreams?$expand=Thing,ObservedProperty",
            lambda b: (
                b["value"][2]["Thing"]["@iot.id"] == "gauge'x" and "Thing@iot.navigationLink" not in b["value"][2]
            ),
        ),
        get(
            "Things?$expand=Datastreams/ObservedProperty,Datastreams/Sensor",
            lambda b: (
                [(d["ObservedProperty"]["@iot.id"], d["Sensor"]["@iot.id"]) for d in b["value"][0]["Datastreams"]]
                == [("water_level", EVERY[0]), ("ponding_depth", EVERY[1])]
            ),
        ),
        get(
            "Datastreams('under/1:level')?$expand=Observations($filter=result eq 1)",
            lambda b: [o["result"] for o in b["Observations"]] == [1.0],
        ),
        get(
            f"Things?$select=id&$expand={DEEP}",
            lambda b: (
                b["value"][0]["Datastreams"][0]["Observations"] == [{"result": 5.0}] and "Datastreams" in b["value"][2]
            ),
        ),
        get(
            "Datastreams?$expand=Observations($count=true;$top=2)",
            lambda b: (
                [d["Observations@iot.count"] for d in b["value"]] == [6, 6, 6, 6, 0]
                and "Observations@iot.nextLink" in b["value"][0]
            ),
        ),
        get(
            "FeaturesOfInterest('under-1')?$expand=Observations($orderby=result desc;$top=1)",
            lambda b: b["Observations"][0]["result"] == 15.0,
        ),
        get(
            "Locations?$expand=Things($expand=HistoricalLocations),HistoricalLocations",
            expanded("Things", lambda things: len(things) == 1 and len(things[0]["HistoricalLocations"]) == 1),
        ),
        get("Things?$expand=Datastream", lambda b: b["code"] == "sensorthings.property", 400),
    ],
    "request-data/select": [
        get(
            "Observations?$select=result,resultTime&$top=1",
            lambda b: b["value"] == [{"result": 0.0, "resultTime": None}],
        ),
        get(
            "Datastreams('gauge')?$select=id,Observations",
            lambda b: (
                b
                == {"@iot.id": "gauge", "Observations@iot.navigationLink": f"{BASE}/Datastreams('gauge')/Observations"}
            ),
        ),
        get(
            "Datastreams('gauge')?$select=name&$expand=Thing($select=id)",
            lambda b: b == {"name": "point gauge", "Thing": {"@iot.id": "gauge'x"}},
        ),
        get("Things?$select=colour", lambda b: True, 400),
    ],
    "request-data/orderby": [
        get(
            "Datastreams?$orderby=name desc&$select=id",
            lambda b: ids(b) == ["under/1:pond", "under/1:level", "silent", "pump", "gauge"],
        ),
        get(
            "Datastreams?$orderby=Thing/id,ObservedProperty/id desc&$select=id",
            lambda b: ids(b) == ["gauge", "silent", "pump", "under/1:level", "under/1:pond"],
        ),
        get("Datastreams?$orderby=properties/cadence_s&$select=id", lambda b: ids(b)[-1] == "under/1:pond"),
        get("Datastreams?$orderby=properties/cadence_s desc&$select=id", lambda b: ids(b)[0] == "under/1:pond"),
        get(
            "Observations?$orderby=Datastream/id desc, phenomenonTime&$top=1&$select=id",
            lambda b: ids(b) == [f"under/1:pond@{MORNING_US}"],
        ),
        get("Things?$orderby=Datastreams/name", lambda b: b["code"] == "sensorthings.order", 400),
    ],
    "request-data/top": [
        get("Datastreams?$top=2", lambda b: ids(b) == EVERY[:2]),
        get("Datastreams?$top=0", lambda b: b["value"] == [] and "@iot.nextLink" not in b),
        get("Datastreams?$top=100000", lambda b: len(b["value"]) == 5),
        get("Datastreams?$top=-1", lambda b: True, 400),
    ],
    "request-data/skip": [
        get("Datastreams?$skip=3", lambda b: ids(b) == EVERY[3:]),
        get(
            "Observations?$skip=2&$top=2&$orderby=phenomenonTime&$select=result",
            lambda b: [o["result"] for o in b["value"]] == [20.0, 30.0],
        ),
        get("Datastreams?$skip=x", lambda b: True, 400),
    ],
    "request-data/count": [
        get("Datastreams?$count=true&$top=1&$skip=1", lambda b: b["@iot.count"] == 5 and next(iter(b)) == "@iot.count"),
        get("Datastreams?$count=false", lambda b: "@iot.count" not in b),
        get("Datastreams?$count=yes", lambda b: True, 400),
    ],
    "request-data/filter": [
        get("Observations?$filter=result lt 3.00 and Datastream/id eq 'under/1:level'", lambda b: len(b["value"]) == 3),
        get(f"Things?$filter={FAR}&$select=id", lambda b: ids(b) == ["gauge'x", "pump-1"]),
        get(f"Things?$filter={AT_ONE}&$select=id", lambda b: ids(b) == ["under-1"]),
        get(f"Things?$filter={BOTH}&$select=id", lambda b: ids(b) == ["pump-1"]),
        get(f"Things?$filter={SAME}", lambda b: b["value"] == []),
        get("Things?$filter=Datastreams/all(d:startswith(d/id,'under'))&$select=id", lambda b: ids(b) == ["under-1"]),
        get(
            "Observations?$filter=result eq null&$select=id",
            lambda b: [i.partition("@")[0] for i in ids(b)] == ["gauge"],
        ),
        get("Things?$filter=name eq", lambda b: b["code"] == "sensorthings.option", 400),
        get("Things?$filter=colour eq 'red'", lambda b: b["code"] == "sensorthings.property", 400),
    ],
    "request-data/built-in-filter-operations": [
        get(
            "Observations?$filter=(result sub 5) mul 2 ge 60 or not (result ne 7)&$select=result",
            lambda b: [o["result"] for o in b["value"]] == [35.0],
        ),
    ],
    "request-data/built-in-query-functions": [
        get(f"Observations?$filter={HALF_PAST}&$select=result", lambda b: b["value"] == [{"result": 35.0}]),
        get(f"Locations?$filter=st_within(location,{BOX})&$select=id", lambda b: ids(b) == ["gauge'x"]),
    ],
    "request-data/pagination": [
        get(
            "Datastreams?$top=2&$filter=length(name) gt 1",
            lambda b: b["@iot.nextLink"] == f"{BASE}/Datastreams?$top=2&$filter=length(name)%20gt%201&$skip=2",
        ),
        get("Datastreams?$top=2&$skip=4", lambda b: "@iot.nextLink" not in b),
    ],
    "data-array/data-array": [
        get(
            f"{GAUGE}/Observations?$resultFormat=dataArray&$select=phenomenonTime,result&$top=1",
            lambda b: (
                b["value"]
                == [
                    {
                        "Datastream@iot.navigationLink": f"{BASE}/Datastreams('gauge')",
                        "components": ["phenomenonTime", "result"],
                        "dataArray@iot.count": 1,
                        "dataArray": [("2024-09-15T06:00:00Z", 20.0)],
                    }
                ]
            ),
        ),
        get(
            "Observations?$resultFormat=dataArray",
            lambda b: [g["dataArray@iot.count"] for g in b["value"]] == [6, 6, 6, 6],
        ),
        get("Things?$resultFormat=dataArray", lambda b: True, 400),
        Case(
            "POST",
            "CreateObservations",
            lambda b: (
                b
                == [
                    f"{BASE}/Observations('gauge@1726390800000000')",
                    "error",
                    f"{BASE}/Observations('gauge@1726387800000000')",
                ]
            ),
            201,
            [
                {
                    "Datastream": {"@iot.id": "gauge"},
                    "components": ["phenomenonTime", "result", "FeatureOfInterest/id"],
                    "dataArray@iot.count": 3,
                    "dataArray": [
                        ["2024-09-15T09:00:00Z", 1, "gauge'x"],
                        ["long ago", 2, None],
                        ["2024-09-15T09:10:00+0100", 3, None],
                    ],
                }
            ],
        ),
    ],
    "create-update-delete/deep-insert-status-code": [
        Case(
            "POST",
            "Datastreams('gauge')/Observations",
            lambda b: b is None,
            201,
            {"result": 1, "phenomenonTime": "2024-09-15T09:00:00Z"},
        ),
    ],
    "create-update-delete/update-entity-put": [
        Case("PUT", "Datastreams('gauge')", lambda b: b["code"] == "sensorthings.text", 400, {"name": "x"}),
    ],
    "create-update-delete/update-entity-jsonpatch": [
        Case(
            "PATCH",
            "Datastreams('gauge')",
            lambda b: b is None,
            200,
            [{"op": "replace", "path": "/name", "value": "new"}],
        ),
    ],
}
