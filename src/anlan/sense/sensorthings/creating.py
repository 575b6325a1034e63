"""POST: observations through the door, Things and Datastreams through the gate (18-088 clause 10.2)."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.sense.sensorthings import given
from anlan.sense.sensorthings.addresses import Address, Step, read_address
from anlan.sense.sensorthings.backend import Backend
from anlan.sense.sensorthings.columns import observation_id
from anlan.sense.sensorthings.entities import Set
from anlan.sense.sensorthings.faults import NotAllowed
from anlan.sense.sensorthings.given import Json
from anlan.sense.sensorthings.mapping import Item, item_of, known_spot, quantity_of, spot_of
from anlan.sense.sensorthings.places import nowhere, place_of, sensor_of
from anlan.sense.sensorthings.reading import Answer
from anlan.sense.sensorthings.view import View
from anlan.sense.stream.batch import Refusal, Rows

_OBSERVED = ("phenomenonTime", "result", "resultTime", "resultQuality", "Datastream", "FeatureOfInterest")
_registering = threading.Lock()  # an id that is free must still be so when it is given


@dataclass
class Draft:
    """Observations that are to be handed in, as columns."""

    sensor: list[str] = field(default_factory=list)
    time_us: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)

    def add(self, view: View, sensor: str, told: Json, at: str) -> None:
        """Add one; without a time it is of now."""
        given.only(told, _OBSERVED, at)
        if "result" not in told:
            raise Invalid("sensorthings.result", at=f"{at}.result", value="")
        time = told.get("phenomenonTime") or told.get("resultTime")
        time_us = view.backend.now_us if time is None else given.moment(time, f"{at}.phenomenonTime")
        value = given.result(told["result"], f"{at}.result")
        quality = given.quality(told.get("resultQuality"), f"{at}.resultQuality")
        self.sensor.append(sensor)
        self.time_us.append(time_us)
        self.value.append(value)
        self.quality.append(quality)

    def rows(self) -> Rows:
        """Return them as a door hands them on."""
        columns = np.array(self.time_us, np.int64), np.array(self.value, np.float64), np.array(self.quality, np.uint8)
        return Rows(self.sensor, *columns)

    def links(self, view: View) -> list[str]:
        """Return their addresses."""
        pairs = zip(self.sensor, self.time_us, strict=True)
        return [view.link(Set.OBSERVATIONS, observation_id(*pair)) for pair in pairs]


def create(view: View, path: str, body: bytes) -> Answer:
    """Answer a POST to a collection.

    Raises
    ------
    AnlanError
        If what is described cannot be kept, or may not be by this actor; nothing was changed.
    """
    if path.strip("/") == "CreateObservations":
        return _create_observations(view, given.document(body))
    address = read_address(path)
    if address.single or address.told or address.ending:
        raise NotAllowed("sensorthings.not_created", at="path", value=path)
    told = given.an_object(given.document(body), "")
    if len(address.steps) > 1:
        place_of(view, Address(address.steps[:-1]))  # what the address goes through must be there
    making = _MAKING.get(address.set)
    if making is None:
        raise NotAllowed("sensorthings.not_created", at="path", value=address.set)
    return making(view, told, address.steps[:-1])


def _above(steps: Sequence[Step], target: Set) -> str | None:
    """Return the id of the entity of a set to which an address goes before it comes to the collection."""
    return steps[-1].id if steps and steps[-1].link.target is target else None


# -- observations -------------------------------------------------------------------------------------------------


def drafted(view: View, path: str, told: Json) -> Draft:
    """Return the one observation that is described for the collection at an address.

    Raises
    ------
    AnlanError
        If there is no such collection of observations, or what is described is none.
    """
    address = read_address(path)
    if address.set is not Set.OBSERVATIONS or address.single or address.told or address.ending:
        raise NotAllowed("sensorthings.not_created", at="path", value=path)
    return _draft(view, told, address.steps[:-1])


def _draft(view: View, told: Json, steps: Sequence[Step]) -> Draft:
    sensor = _datastream(view, told.get("Datastream"), _above(steps, Set.DATASTREAMS), "Datastream")
    feature = _above(steps, Set.FEATURES)
    _check_feature(view, sensor, told.get("FeatureOfInterest") if feature is None else {given.ID: feature})
    draft = Draft()
    draft.add(view, sensor, told, "")
    return draft


def _make_observation(view: View, told: Json, steps: Sequence[Step]) -> Answer:
    draft = _draft(view, told, steps)
    _raise_first(view.backend.take(draft.rows()))
    return Answer(201, None, {"Location": draft.links(view)[0]})


def _datastream(view: View, told: Any, above: str | None, at: str) -> str:
    """Return the Datastream that an observation is linked to, by the address or by itself."""
    id_ = given.linked(told) if told is not None else above
    if id_ is None:
        raise Invalid("sensorthings.link", at=at, value=given.shortened(told))
    if above is not None and id_ != above:
        raise Invalid("sensorthings.unknown_link", at=at, value=id_)
    if sensor_of(view, Set.DATASTREAMS, id_) < 0:
        raise nowhere(Set.DATASTREAMS, id_)
    return id_


def _check_feature(view: View, sensor: str, told: Any) -> None:
    """Refuse another feature than the place of the Datastream's Thing."""
    if told in (None, {}):
        return
    index = view.sight.index
    own = index.assets[int(index.asset_of[index.registry.number(sensor)])]
    if given.linked(told) != own:
        raise Invalid("sensorthings.feature", at="FeatureOfInterest", value=given.shortened(told), params={"own": own})


def _raise_first(refused: Sequence[Refusal]) -> None:
    if refused:
        first = refused[0]
        kind = Forbidden if first.rule == "observation.sensor" else Invalid
        raise kind(first.rule, at=first.sensor, value=first.value or first.sensor)


def refusals(backend: Backend, rows: Rows, areas: Mapping[str, str] | None = None) -> list[Refusal]:
    """Return which observations the station would refuse, and why.

    Parameters
    ----------
    areas : mapping
        The areas of sensors that are not registered yet.
    """
    registry, scope, found = backend.registry, backend.ingest_scope, []
    for row, (sensor, time_us) in enumerate(zip(rows.sensor, rows.time_us.tolist(), strict=True)):
        number = registry.number(str(sensor))
        area = (areas or {}).get(str(sensor)) if number < 0 else registry.area.at(number)
        if area is None or not scope.covers(area) or (number >= 0 and registry.retired[number]):
            found.append(Refusal(row, "observation.sensor", "", str(sensor)))
        elif time_us > backend.horizon_us:
            found.append(Refusal(row, "observation.future", str(time_us), str(sensor)))
    return found


def _create_observations(view: View, told: Any) -> Answer:
    """Take observations by Datastreams as arrays; each that is not taken is answered with "error"."""
    answers: list[str] = []
    draft, places = Draft(), list[int]()
    for number, group in enumerate(given.objects(told, "")):
        sensor = _quietly(_datastream, view, group.get("Datastream"), None, f"{number}.Datastream")
        names = group.get("components")
        rows = group.get("dataArray")
        if not isinstance(names, list) or not isinstance(rows, list):
            raise Invalid("sensorthings.components", at=f"{number}.components", value=given.shortened(names))
        for row in rows:
            answers.append("error")
            if sensor is not None and _added(view, draft, sensor, names, row):
                places.append(len(answers) - 1)
    refused = {refusal.row for refusal in view.backend.take(draft.rows())} if places else set()
    for row, (place, link) in enumerate(zip(places, draft.links(view), strict=True)):
        if row not in refused:
            answers[place] = link
    return Answer(201, answers)


def _quietly(function: Any, *arguments: Any) -> Any:
    """Return what a function gives, or None if what it was given is refused."""
    try:
        return function(*arguments)
    except (Invalid, NotFound):
        return None


def _added(view: View, draft: Draft, sensor: str, names: Sequence[Any], row: Any) -> bool:
    if not isinstance(row, list) or len(row) != len(names):
        return False
    told = dict(zip(map(str, names), row, strict=True))
    feature = told.pop("FeatureOfInterest/id", None)
    try:
        _check_feature(view, sensor, None if feature is None else {given.ID: feature})
        draft.add(view, sensor, told, "")
    except Invalid:
        return False
    return True


# -- what is registered -------------------------------------------------------------------------------------------


def _make_thing(view: View, told: Json, steps: Sequence[Step]) -> Answer:
    if steps:
        raise NotAllowed("sensorthings.not_created", at="path", value=Set.THINGS)
    datastreams = given.objects(told.get("Datastreams"), "Datastreams")
    if not datastreams:
        raise Invalid("sensorthings.bare_thing", at="Datastreams")
    with _registering:
        spot = spot_of(view, told, "Thing")
        asset, _ = _register(view, [(one, spot, f"Datastreams.{place}") for place, one in enumerate(datastreams)])
    return Answer(201, None, {"Location": view.link(Set.THINGS, asset)})


def _make_datastream(view: View, told: Json, steps: Sequence[Step]) -> Answer:
    above = _above(steps, Set.THINGS)
    quantity = _above(steps, Set.OBSERVED_PROPERTIES)
    if quantity is not None:
        told = {**told, "ObservedProperty": {given.ID: quantity}}
    with _registering:
        spot = spot_of(view, told.get("Thing"), "Thing") if above is None else known_spot(view, above, "Thing")
        _, sensor = _register(view, [(told, spot, "Datastream")])
    return Answer(201, None, {"Location": view.link(Set.DATASTREAMS, sensor)})


def _register(view: View, described: Sequence[tuple[Json, Any, str]]) -> tuple[str, str]:
    """Register sensors and hand in the observations that come with them; all is checked before anything is done."""
    registry = view.sight.index.registry
    items: list[Item] = []
    draft = Draft()

    def taken(id_: str) -> bool:
        return registry.number(id_) >= 0 or any(item["id"] == id_ for item in items)

    for datastream, spot, at in described:
        item = item_of(view, datastream, spot, taken, at)
        items.append(item)
        for place, told in enumerate(given.objects(datastream.get("Observations"), f"{at}.Observations")):
            draft.add(view, item["id"], told, f"{at}.Observations.{place}")
    areas = {item["id"]: str(item["area"]) for item in items}
    _raise_first(refusals(view.backend, draft.rows(), areas))
    view.backend.register(items)
    if draft.sensor:
        _raise_first(view.backend.take(draft.rows()))
    return items[0]["asset"], items[0]["id"]


def _name_quantity(view: View, told: Json, _steps: Sequence[Step]) -> Answer:
    """Lead to the quantity that is meant: they stand in the catalog, and no client makes a new one."""
    quantity = quantity_of(view, told, "ObservedProperty")
    return Answer(204, None, {"Location": view.link(Set.OBSERVED_PROPERTIES, quantity)})


_MAKING = {
    Set.OBSERVATIONS: _make_observation,
    Set.THINGS: _make_thing,
    Set.DATASTREAMS: _make_datastream,
    Set.OBSERVED_PROPERTIES: _name_quantity,
}
