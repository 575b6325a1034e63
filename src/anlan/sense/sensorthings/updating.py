"""PATCH, PUT, JSON Patch and DELETE: what is registered of a sensor changes through the gate (18-088 clause 10.3)."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings import given
from anlan.sense.sensorthings.addresses import Address, read_address
from anlan.sense.sensorthings.columns import names
from anlan.sense.sensorthings.entities import AT_ASSETS, AT_SENSORS, LINKS, Set
from anlan.sense.sensorthings.faults import NotAllowed
from anlan.sense.sensorthings.frames import Entities
from anlan.sense.sensorthings.given import Json
from anlan.sense.sensorthings.mapping import FIELDS, Item, area_of, known_spot
from anlan.sense.sensorthings.options import Options
from anlan.sense.sensorthings.places import place_of
from anlan.sense.sensorthings.reading import Answer
from anlan.sense.sensorthings.rendering import rendered
from anlan.sense.sensorthings.vectors import Rows
from anlan.sense.sensorthings.view import View

JSON_PATCH = "application/json-patch+json"
Change = Callable[[View, Any], Item]
_COMPUTED = {Set.DATASTREAMS: {"phenomenonTime", "resultTime"}}


def _as(field: str) -> Change:
    return lambda _view, value: {field: value}


def _moved(view: View, value: Any) -> Item:
    lon, lat = given.point(value, "location")
    return {"lon": lon, "lat": lat, "area": area_of(view, lon, lat, "location")}


_OF_PLACES: Mapping[tuple[str, ...], Change] = {("location",): _moved, ("feature",): _moved}

CHANGEABLE: Mapping[Set, Mapping[tuple[str, ...], Change]] = {
    Set.DATASTREAMS: {
        ("name",): lambda view, value: {f"name_{view.lang}": value},
        ("observedArea",): _moved,
        **{("properties", name): _as(name) for name in ("name_zh", "name_en", "cadence_s", "synthetic")},
    },
    Set.SENSORS: {
        ("name",): lambda view, value: {f"name_{view.lang}": value},
        **{("metadata", name): _as(name) for name in ("kind", "low", "high", "owner", "calibrated_on")},
    },
    Set.THINGS: {("properties", name): _as(name) for name in ("asset_type", "synthetic")},
    Set.LOCATIONS: _OF_PLACES,
    Set.FEATURES: _OF_PLACES,
}
"""What may be changed of the entities of each set, and what that changes of the registered sensors."""


def update(view: View, method: str, path: str, body: bytes, media: str) -> Answer:
    """Answer a PATCH or PUT to an entity.

    Raises
    ------
    AnlanError
        If there is no such entity, or what is asked cannot be kept; nothing was changed.
    """
    entities = _entity(view, path)
    told = given.document(body)
    own = rendered(view, entities, Options())[0]
    if media.startswith(JSON_PATCH):
        wanted = patched(own, told)
        told = {name: wanted.get(name) for name in names(entities.set) if wanted.get(name) != own.get(name)}
    asked = given.an_object(told, "")
    relinked = _relinked(view, entities.set, asked)
    if method == "PUT":
        asked = _whole(entities.set, own, asked)
    changes = relinked | _changes(view, entities.set, own, asked)
    if changes:
        view.backend.register([_item(view, number) | changes for number in _sensors(view, entities).tolist()])
    return Answer(200)


def delete(view: View, path: str) -> Answer:
    """Answer a DELETE of an entity: its sensors are retired; what they observed stays (nothing accepted is lost).

    Raises
    ------
    NotAllowed
        For entities that are no sensors, and carry none.
    """
    entities = _entity(view, path)
    if entities.set not in AT_SENSORS and entities.set is not Set.THINGS:
        raise NotAllowed("sensorthings.not_deleted", at="path", value=entities.set)
    ids = view.sight.index.registry.ids
    view.backend.retire([ids[number] for number in _sensors(view, entities).tolist()])
    return Answer(200)


def _entity(view: View, path: str) -> Entities:
    address: Address = read_address(path)
    if not address.single or address.told or address.ending:
        raise NotAllowed("sensorthings.not_changed", at="path", value=path)
    found = place_of(view, address).entities
    assert found is not None  # noqa: S101  # a single entity has been looked up
    return found


def _sensors(view: View, entities: Entities) -> Rows:
    """Return the sensors that an entity is, or all those in sight of an asset."""
    if entities.set in AT_SENSORS:
        return entities.rows
    if entities.set in AT_ASSETS:
        return view.sight.by_asset.spread(entities.rows)[1]
    raise NotAllowed("sensorthings.not_changed", at="path", value=entities.set)


def _item(view: View, number: int) -> Item:
    """Return what is registered of a sensor."""
    told = view.backend.details(np.array([number]))[0]
    return {field: told.get(field) for field in FIELDS}


def _relinked(view: View, entity_set: Set, asked: Json) -> Item:
    """Return what the links of an update change: a Datastream may go to another Thing; entities inside are refused."""
    found: Item = {}
    for name in LINKS[entity_set]:
        value = asked.get(name)
        if not value:
            continue
        id_ = given.linked(value)
        if id_ is None or (entity_set, name) != (Set.DATASTREAMS, "Thing"):
            raise Invalid("sensorthings.inline", at=name, value=given.shortened(value))
        spot = known_spot(view, id_, name)
        found = {"asset": spot.asset, "asset_type": spot.asset_type}
    return found


def _whole(entity_set: Set, own: Json, asked: Json) -> Json:
    """Return an update in which everything that may be left out, and is, is taken away."""
    optional = {"properties", "metadata", "observedArea"}
    computed = {"id", *_COMPUTED.get(entity_set, ())}
    for name in names(entity_set):
        if name not in asked and name not in optional | computed and own.get(name) is not None:
            raise Invalid("sensorthings.text", at=name, value="")
    whole = dict(asked)
    for outer in {path[0] for path in CHANGEABLE.get(entity_set, {}) if len(path) > 1}:
        told = given.an_object(asked.get(outer) or {}, outer)
        nulls = {path[1]: None for path in CHANGEABLE[entity_set] if path[0] == outer and path[1] in _MAY_BE_NULL}
        whole[outer] = nulls | dict(told)
    return whole


_MAY_BE_NULL = {"cadence_s", "kind", "low", "high", "owner", "calibrated_on"}


def _changes(view: View, entity_set: Set, own: Json, asked: Json) -> Item:
    """Return what an update changes of the registered sensors; what stays the same changes nothing."""
    known = CHANGEABLE.get(entity_set, {})
    found: Item = {}
    for path, value in _leaves(asked):
        if "@iot." in path[0] or path[0] in {*LINKS[entity_set], "id", "selfLink", *_COMPUTED.get(entity_set, ())}:
            continue
        if path not in known and _within(own, path) == value:
            continue
        if path not in known:
            at = "/".join(path)
            raise Invalid("sensorthings.unchangeable", at=at, value=given.shortened(value), params={"set": entity_set})
        if _within(own, path) != value:
            found |= known[path](view, value)
    return found


def _leaves(asked: Json) -> list[tuple[tuple[str, ...], Any]]:
    """Return what is asked for by its path; only properties and metadata are looked into."""
    found: list[tuple[tuple[str, ...], Any]] = []
    for name, value in asked.items():
        if name in {"properties", "metadata"} and isinstance(value, dict):
            found += [((name, inner), one) for inner, one in value.items()]
        else:
            found.append(((name,), value))
    return found


def _within(own: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        own = own.get(name) if isinstance(own, Mapping) else None
    return own


def patched(own: Json, operations: Any) -> dict[str, Any]:
    """Return an object as a JSON Patch leaves it (RFC 6902, on the members of objects).

    Raises
    ------
    Invalid
        ``sensorthings.patch`` for an operation that is not known, or a test that fails.
    """
    made: dict[str, Any] = deepcopy(dict(own))
    for number, operation in enumerate(given.objects(operations, "")):
        doing = _OPERATIONS.get(str(operation.get("op")))
        try:
            if doing is None:
                raise KeyError("op")
            doing(made, operation)
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid("sensorthings.patch", at=str(number), value=given.shortened(operation)) from error
    return made


def _member(made: dict[str, Any], pointer: Any) -> tuple[dict[str, Any], str]:
    """Return the object in which a pointer's last name stands (RFC 6901)."""
    if not isinstance(pointer, str) or not pointer.startswith("/"):
        raise ValueError(pointer)
    *outer, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))
    for name in outer:
        made = made[name]
    if not isinstance(made, dict):
        raise TypeError(pointer)
    return made, last


def _taken(made: dict[str, Any], pointer: Any) -> Any:
    place, name = _member(made, pointer)
    return place[name]


def _put(made: dict[str, Any], operation: Json) -> None:
    place, name = _member(made, operation["path"])
    place[name] = operation["value"]


def _replace(made: dict[str, Any], operation: Json) -> None:
    _taken(made, operation["path"])
    _put(made, operation)


def _remove(made: dict[str, Any], operation: Json) -> None:
    place, name = _member(made, operation["path"])
    _ = place[name]
    place[name] = None


def _test(made: dict[str, Any], operation: Json) -> None:
    if _taken(made, operation["path"]) != operation["value"]:
        raise ValueError(operation["path"])


def _copy(made: dict[str, Any], operation: Json) -> None:
    place, name = _member(made, operation["path"])
    place[name] = deepcopy(_taken(made, operation["from"]))


def _move(made: dict[str, Any], operation: Json) -> None:
    value = _taken(made, operation["from"])
    _remove(made, {"path": operation["from"]})
    _put(made, {"path": operation["path"], "value": value})


_OPERATIONS: Mapping[str, Callable[[dict[str, Any], Json], None]] = {
    "add": _put,
    "replace": _replace,
    "remove": _remove,
    "test": _test,
    "copy": _copy,
    "move": _move,
}
