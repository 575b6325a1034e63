"""From an address to the entities that stand there."""

from dataclasses import dataclass

import numpy as np

from anlan.kernel.errors import NotFound
from anlan.sense.sensorthings.addresses import Address, Step
from anlan.sense.sensorthings.backend import NEVER_US
from anlan.sense.sensorthings.entities import AT_ASSETS, Set
from anlan.sense.sensorthings.faults import Gone
from anlan.sense.sensorthings.frames import Entities, follow, one_to_one, sensors_of, spread
from anlan.sense.sensorthings.searching import one
from anlan.sense.sensorthings.vectors import Rows
from anlan.sense.sensorthings.view import View


@dataclass(frozen=True)
class Place:
    """What stands at an address: one entity, some entities, or the observations of some sensors.

    Attributes
    ----------
    entities : Entities or None
        None for observations that are not looked up yet.
    sensors : (n,) int64
        Whose observations are meant.
    """

    set: Set
    single: bool
    entities: Entities | None
    sensors: Rows


_NOBODY: Rows = np.empty(0, dtype=np.int64)


def place_of(view: View, address: Address) -> Place:
    """Return what stands at an address.

    Raises
    ------
    NotFound
        ``sensorthings.entity``: it is not there, or out of sight.
    Gone
        It is there no more.
    """
    place = _first(view, address.steps[0])
    for step in address.steps[1:]:
        place = _next(view, place, step)
    return place


def one_entity(view: View, entity_set: Set, id_: str) -> Entities:
    """Return the entity of an id."""
    if entity_set is Set.OBSERVATIONS:
        return _observation(view, id_)
    if entity_set is Set.OBSERVED_PROPERTIES:
        quantities = view.sight.index.quantities
        row = quantities.index(id_) if id_ in quantities else -1
    elif entity_set in AT_ASSETS:
        row = view.sight.index.asset_place.get(id_, -1)
        row = row if row >= 0 and view.sight.place_of[row] >= 0 else -1
    else:
        row = sensor_of(view, entity_set, id_)
    if row < 0:
        raise nowhere(entity_set, id_)
    return Entities(entity_set, np.array([row], dtype=np.int64))


def sensor_of(view: View, entity_set: Set, id_: str) -> int:
    """Return the number of a sensor that is in sight, or -1."""
    registry = view.sight.index.registry
    number = registry.number(id_)
    if number < 0:
        return -1
    area = registry.area.at(number)
    if area is None or not view.scope.covers(area):
        return -1
    if registry.retired[number]:
        raise Gone("sensorthings.gone", value=id_, params={"set": entity_set})
    return number


def nowhere(entity_set: Set, id_: str) -> NotFound:
    """Return the error for an entity that is not there, or not for this asker."""
    return NotFound("sensorthings.entity", value=id_, params={"set": entity_set})


def _observation(view: View, id_: str) -> Entities:
    view.require_observations()
    name, _, moment = id_.rpartition("@")
    number = view.sight.index.registry.number(name)
    if number < 0 or not view.sight.told[number] or not moment.removeprefix("-").isdecimal() or len(moment) > 18:
        raise nowhere(Set.OBSERVATIONS, id_)
    batch = one(view, number, int(moment))
    if not len(batch):
        raise nowhere(Set.OBSERVATIONS, id_)
    return Entities(Set.OBSERVATIONS, np.zeros(1, dtype=np.int64), batch)


def _first(view: View, step: Step) -> Place:
    target = step.link.target
    if step.id is not None:
        return Place(target, True, one_entity(view, target, step.id), _NOBODY)
    if target is Set.OBSERVATIONS:
        view.require_observations()
        return Place(target, False, None, np.flatnonzero(view.newest_us != NEVER_US))
    if target is Set.OBSERVED_PROPERTIES:
        rows = np.arange(len(view.sight.index.quantities))
    else:
        rows = view.sight.things if target in AT_ASSETS else view.sight.datastreams
    return Place(target, False, Entities(target, rows), _NOBODY)


def _next(view: View, place: Place, step: Step) -> Place:
    assert place.entities is not None  # noqa: S101  # an address goes on from single entities only
    link, source = step.link, place.entities
    if link.target is Set.OBSERVATIONS:
        _, sensors = sensors_of(view, source)
        if step.id is None:
            return Place(link.target, False, None, sensors)
        found = one_entity(view, link.target, step.id)
        return _checked(
            Place(link.target, True, found, _NOBODY), found.batch.sensor[:1].astype(np.int64), sensors, step
        )
    reached = follow(view, source, link) if one_to_one(link, source.set) else spread(view, source, link)[1]
    reached = reached.taken(np.flatnonzero(reached.rows >= 0))
    if step.id is None:
        if not link.many and not len(reached.rows):
            raise nowhere(link.target, link.name)
        return Place(link.target, not link.many, reached, _NOBODY)
    found = one_entity(view, link.target, step.id)
    return _checked(Place(link.target, True, found, _NOBODY), found.rows, reached.rows, step)


def _checked(place: Place, rows: Rows, among: Rows, step: Step) -> Place:
    """Return a place, if the entity named is among those that the path leads to."""
    if not np.isin(rows, among).all():
        raise nowhere(place.set, step.id or "")
    return place
