"""Answering what is asked for with GET."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from msgspec import json

from anlan.kernel.errors import Invalid, NotFound
from anlan.sense.sensorthings.addresses import Address, read_address
from anlan.sense.sensorthings.columns import PROPERTIES
from anlan.sense.sensorthings.conformance import landing_page
from anlan.sense.sensorthings.entities import Set
from anlan.sense.sensorthings.faults import bad_option
from anlan.sense.sensorthings.frames import Entities
from anlan.sense.sensorthings.options import Options, Reading
from anlan.sense.sensorthings.ordering import ordered, wanted
from anlan.sense.sensorthings.places import Place, place_of
from anlan.sense.sensorthings.rendering import Json, ids_of, next_link, page_of, rendered, values
from anlan.sense.sensorthings.searching import search
from anlan.sense.sensorthings.view import View

Pairs = Sequence[tuple[str, str]]
_OF_SETS = {"$filter", "$orderby", "$top", "$skip", "$skiptoken", "$count", "$resultFormat"}
_COMPONENTS = ("id", "phenomenonTime", "resultTime", "result", "resultQuality")


@dataclass(frozen=True)
class Answer:
    """What is answered: a body that becomes JSON, or a text as it is."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = "application/json"


@dataclass(frozen=True)
class _Page:
    """Some entities of a collection, with where those behind them are."""

    entities: Entities
    count: int | None
    link: str | None


def get(view: View, path: str, pairs: Pairs) -> Answer:
    """Answer a request for data.

    Parameters
    ----------
    path
        Behind the service's root, decoded.
    pairs
        The query options in their order, decoded.

    Raises
    ------
    AnlanError
        What is wrong with the request, or who may not see what it asks for.
    """
    if not path.strip("/"):
        return Answer(body=landing_page(view.base, view.catalog))
    address = read_address(path)
    place = place_of(view, address)
    if address.told:
        return _property(view, address, place)
    options = Reading(place.set, view.setting("most_terms"), view.setting("most_depth")).read(pairs)
    if place.single:
        return _single(view, address, place, options, pairs)
    page = _paged(view, place, options, f"{view.base}/{path.strip('/')}")
    if address.ending == "$count":
        return Answer(body=str(page.count), media="text/plain")
    if address.ending == "$ref":
        return Answer(body=_collection(page, _references(view, page.entities)))
    if options.array:
        return Answer(body=_arrays(view, place, page, options))
    return Answer(body=_collection(page, rendered(view, page.entities, options)))


def _single(view: View, address: Address, place: Place, options: Options, pairs: Pairs) -> Answer:
    assert place.entities is not None  # noqa: S101  # a single entity has been looked up
    for name, value in pairs:
        if name in _OF_SETS:
            raise bad_option(name, value)
    if address.ending == "$ref":
        return Answer(body=_references(view, place.entities)[0])
    return Answer(body=rendered(view, place.entities, options)[0])


def _references(view: View, entities: Entities) -> list[Json]:
    return [{"@iot.selfLink": view.link(entities.set, id_)} for id_ in ids_of(view, entities)]


def _collection(page: _Page, value: list[Json]) -> Json:
    body: Json = {} if page.count is None else {"@iot.count": page.count}
    body["value"] = value
    if page.link is not None:
        body["@iot.nextLink"] = page.link
    return body


def _paged(view: View, place: Place, options: Options, address: str) -> _Page:
    top = page_of(view, options)
    if place.entities is None:
        found = search(view, place.sensors, options, top)
        entities = Entities(Set.OBSERVATIONS, np.arange(len(found.batch)), found.batch)
        after = ids_of(view, entities)[-1] if len(found.batch) and not options.order else None
        link = next_link(address, options, top, after) if found.more and top else None
        return _Page(entities, found.count, link)
    chosen = place.entities.taken(wanted(view, place.entities, options.filter))
    if options.order:
        chosen = chosen.taken(ordered(view, chosen, options.order))
    n = len(chosen.rows)
    link = next_link(address, options, top) if n > options.skip + top and top else None
    on_page = chosen.taken(np.arange(options.skip, max(options.skip, min(n, options.skip + top))))
    return _Page(on_page, n if options.count else None, link)


def _property(view: View, address: Address, place: Place) -> Answer:
    """Answer with one property of one entity, or with its raw value."""
    assert place.entities is not None  # noqa: S101  # only single entities have properties in an address
    value = _told(view, place.entities, address.told)
    if value is None:
        return Answer(204)
    if address.ending == "$value":
        text = value if isinstance(value, str) else json.encode(value).decode()
        return Answer(body=text, media="text/plain")
    return Answer(body={address.told[-1]: value})


def _told(view: View, entities: Entities, path: tuple[str, ...]) -> Any:
    if path == ("id",):
        return ids_of(view, entities)[0]
    if not any(shown.path[0] == path[0] for shown in PROPERTIES[entities.set]):
        raise NotFound("sensorthings.path", at="path", value="/".join(path))
    value: Any = rendered(view, entities, Options(select=(path[0],)))[0].get(path[0])
    for name in path[1:]:
        value = None if value is None else value.get(name)
    return value


def _arrays(view: View, place: Place, page: _Page, options: Options) -> Json:
    """Return observations as arrays, by their Datastreams (18-088 clause 13.1)."""
    if place.set is not Set.OBSERVATIONS or options.expand:
        raise Invalid("sensorthings.array", at="$resultFormat")
    known = {shown.path[0]: shown.column for shown in PROPERTIES[Set.OBSERVATIONS]}
    components = [name for name in options.select or _COMPONENTS if name in known]
    batch = page.entities.batch
    columns = [values(known[name](view, page.entities.rows, batch)) for name in components]
    rows = list(zip(*columns, strict=True)) if columns else [()] * len(batch)
    places: dict[int, list[Any]] = {}
    for sensor, row in zip(batch.sensor.tolist(), rows, strict=True):
        places.setdefault(sensor, []).append(row)
    ids = view.sight.index.registry.ids
    value = [
        {
            "Datastream@iot.navigationLink": view.link(Set.DATASTREAMS, ids[sensor]),
            "components": components,
            "dataArray@iot.count": len(some),
            "dataArray": some,
        }
        for sensor, some in places.items()
    ]
    return _collection(page, value)
