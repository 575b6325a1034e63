"""Entities as JSON objects: control information, properties, links, and what is expanded (18-088 clause 8.1)."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
import shapely

from anlan.sense.sensorthings.columns import PROPERTIES, Shown
from anlan.sense.sensorthings.entities import LINKS, Link, Set
from anlan.sense.sensorthings.frames import Entities, follow, one_to_one, sensors_of, spread
from anlan.sense.sensorthings.options import Options
from anlan.sense.sensorthings.ordering import ordered, wanted
from anlan.sense.sensorthings.searching import is_newest, newest, search
from anlan.sense.sensorthings.vectors import DAY_US, Kind, Rows, Vector, isos
from anlan.sense.sensorthings.view import View, quoted

Json = dict[str, Any]


def rendered(view: View, entities: Entities, options: Options) -> list[Json]:
    """Return entities as objects, with what is expanded."""
    view.budget.answer(len(entities.rows))
    shown = [one for one in PROPERTIES[entities.set] if one.path != ("id",) and options.selects(one.path[0])]
    ids = ids_of(view, entities)
    made = _controlled(view, entities.set, ids, options)
    for one in shown:
        _put(made, one, values(one.column(view, entities.rows, entities.batch)))
    for name, inner in options.expand:
        _expand(view, entities, LINKS[entities.set][name], inner, made, ids)
    return made


def ids_of(view: View, entities: Entities) -> list[str]:
    """Return the ids of entities."""
    column = next(one.column for one in PROPERTIES[entities.set] if one.path == ("id",))
    return [str(id_) for id_ in column(view, entities.rows, entities.batch).data.tolist()]


def values(vector: Vector) -> list[Any]:
    """Return a column as values of JSON; None where one is missing."""
    told = _PLAIN.get(vector.kind, _listed)(vector.data)
    if vector.valid.all():
        return told
    return [value if there else None for value, there in zip(told, vector.valid.tolist(), strict=True)]


def _listed(data: Any) -> list[Any]:
    return list(data.tolist())


def _points(data: Any) -> list[Any]:
    pairs = shapely.get_coordinates(data).tolist()
    return [{"type": "Point", "coordinates": pair} for pair in pairs]


_PLAIN: dict[Kind, Callable[[Any], list[Any]]] = {
    Kind.INSTANT: isos,
    Kind.DATE: lambda data: [text[:10] for text in isos(data * DAY_US)],
    Kind.GEOMETRY: _points,
}


def _controlled(view: View, entity_set: Set, ids: Sequence[str], options: Options) -> list[Json]:
    """Return objects that have nothing but their control information."""
    expanded = {name for name, _ in options.expand}
    links = [name for name in LINKS[entity_set] if options.selects(name) and name not in expanded]
    named = [(f"{name}@iot.navigationLink", f"/{name}") for name in links]
    told_id, told_self = options.selects("id"), options.selects("selfLink")
    prefix = f"{view.base}/{entity_set}('"
    made: list[Json] = []
    for id_ in ids:
        link = f"{prefix}{quoted(id_)}')"
        one: Json = {"@iot.id": id_} if told_id else {}
        if told_self:
            one["@iot.selfLink"] = link
        for name, tail in named:
            one[name] = link + tail
        made.append(one)
    return made


def _put(made: Sequence[Json], shown: Shown, column: Sequence[Any]) -> None:
    """Put a property into objects."""
    *outer, name = shown.path
    for one, value in zip(made, column, strict=True):
        if value is None and not shown.always:
            continue
        if not outer:
            one[name] = value
            continue
        inner = one.setdefault(outer[0], {})
        if value is not None or outer[0] == "unitOfMeasurement":
            inner[name] = value


# -- expansions ---------------------------------------------------------------------------------------------------


def _expand(view: View, source: Entities, link: Link, options: Options, made: list[Json], ids: Sequence[str]) -> None:
    """Put the entities that a link leads to into objects."""
    if link.target is Set.OBSERVATIONS:
        _expand_observations(view, source, link, options, made, ids)
    elif one_to_one(link, source.set):
        _expand_single(view, source, link, options, made)
    else:
        _expand_many(view, source, link, options, made, ids)


def _expand_single(view: View, source: Entities, link: Link, options: Options, made: list[Json]) -> None:
    target = follow(view, source, link)
    if options.expand:  # each object by itself, so that what stands within it is counted each time
        distinct, place = target.rows, np.arange(len(target.rows))
        order = np.argsort(distinct >= 0, kind="stable")
        distinct, place = distinct[order], np.argsort(order)
    else:
        distinct, place = np.unique(target.rows, return_inverse=True)
    there = distinct >= 0
    kept = Entities(link.target, distinct[there])
    good = set(wanted(view, kept, options.filter).tolist()) if link.many else None
    objects: list[Any] = [None] * int((~there).sum()) + rendered(view, kept, options)
    first = len(objects) - len(kept.rows)
    for one, at in zip(made, place.reshape(-1).tolist(), strict=True):
        if not link.many:
            one[link.name] = objects[at]
            continue
        passes = at >= first and good is not None and at - first in good
        shown = passes and options.skip == 0 and options.top != 0
        one[link.name] = [objects[at]] if shown else []
        if options.count:
            one[f"{link.name}@iot.count"] = int(passes)


def _expand_many(
    view: View, source: Entities, link: Link, options: Options, made: list[Json], ids: Sequence[str]
) -> None:
    origin, found = spread(view, source, link)
    chosen = wanted(view, found, options.filter)
    origin, found = origin[chosen], found.taken(chosen)
    order = ordered(view, found, options.order, origin)
    origin, found = origin[order], found.taken(order)
    begin = np.searchsorted(origin, np.arange(len(made)), "left")
    count = np.searchsorted(origin, np.arange(len(made)), "right") - begin
    top = page_of(view, options)
    rank = np.arange(len(origin)) - begin[origin]
    on_page = (rank >= options.skip) & (rank < options.skip + top)
    objects = rendered(view, found.taken(np.flatnonzero(on_page)), options)
    for one in made:
        one[link.name] = []
    for place, entity in zip(origin[on_page].tolist(), objects, strict=True):
        made[place][link.name].append(entity)
    for place, (one, of_all) in enumerate(zip(made, count.tolist(), strict=True)):
        address = f"{view.link(source.set, ids[place])}/{link.name}"
        _tell_rest(one, f"{link.name}@", options, of_all, of_all > options.skip + top, address, top)


def _expand_observations(
    view: View, source: Entities, link: Link, options: Options, made: list[Json], ids: Sequence[str]
) -> None:
    origin, sensors = sensors_of(view, source)
    for one in made:
        one[link.name] = []
    if source.set is not Set.FEATURES and is_newest(options):
        _give_newest(view, link, options, made, sensors, [ids[place] for place in origin.tolist()], origin)
        return
    top = page_of(view, options)
    for place in np.unique(origin).tolist() if not options.count else range(len(made)):
        found = search(view, sensors[origin == place], options, top)
        one, batch = made[place], found.batch
        one[link.name] = rendered(view, Entities(Set.OBSERVATIONS, np.arange(len(batch)), batch), options)
        address = f"{view.link(source.set, ids[place])}/{link.name}"
        _tell_rest(one, f"{link.name}@", options, found.count or 0, found.more, address, top)


def _give_newest(
    view: View, link: Link, options: Options, made: list[Json], sensors: Rows, ids: Sequence[str], origin: Rows
) -> None:
    """Give each Datastream its newest observation; that there are others behind it is taken for granted."""
    batch = newest(view, sensors)
    objects = rendered(view, Entities(Set.OBSERVATIONS, np.arange(len(batch)), batch), options)
    for place, id_, entity in zip(origin.tolist(), ids, objects, strict=True):
        address = f"{view.link(Set.DATASTREAMS, id_)}/{link.name}"
        made[place][link.name] = [entity]
        made[place][f"{link.name}@iot.nextLink"] = next_link(address, options, 1)


def page_of(view: View, options: Options) -> int:
    """Return how many entities a page has: as many as are asked for, or as the service gives at most."""
    most = view.setting("most_page")
    return min(view.setting("page") if options.top is None else options.top, most)


def _tell_rest(one: Json, prefix: str, options: Options, count: int, more: bool, address: str, top: int) -> None:
    """Tell how many there are, and where those behind this page are."""
    if options.count:
        one[f"{prefix}iot.count"] = count
    if more and top:
        one[f"{prefix}iot.nextLink"] = next_link(address, options, top)


def next_link(address: str, options: Options, top: int, after: str | None = None) -> str:
    """Return the address of the page behind one."""
    place = ("$skip", str(options.skip + top)) if after is None else ("$skiptoken", after)
    return f"{address}?{urlencode([*options.raw, place], quote_via=quote, safe='$,/:@()' + chr(39))}"
