"""Rows of entities with all that they are linked to: where the paths of a filter lead.

A path through a link to many entities joins: a condition on ``Datastreams/Observations/result`` holds for a Thing if
it holds for any of the observations, and several such conditions in one filter speak of the same one (18-088 clause
9.3.3.5.1, example 4). What has no linked entity is joined once with nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings import expressions as ex
from anlan.sense.sensorthings.backend import NEVER_US
from anlan.sense.sensorthings.columns import column
from anlan.sense.sensorthings.entities import AT_ASSETS, AT_SENSORS, LINKS, Link, Set
from anlan.sense.sensorthings.evaluate import condition
from anlan.sense.sensorthings.vectors import Bools, Kind, Rows, Vector
from anlan.sense.sensorthings.view import View
from anlan.sense.stream.batch import Batch

Span = tuple[int, int]

ALWAYS: Span = (-(2**62), 2**62)
"""A span that holds every moment, microseconds since 1970."""


@dataclass(frozen=True, eq=False)
class Entities:
    """Entities of one set, in an order; -1 stands for none.

    Attributes
    ----------
    batch : Batch
        The observations of which the rows tell the places, in the set of observations.
    """

    set: Set
    rows: Rows
    batch: Batch = field(default_factory=Batch.empty)

    def taken(self, places: Rows) -> "Entities":
        """Return those at some places."""
        return replace(self, rows=self.rows[places])


def one_to_one(link: Link, source: Set) -> bool:
    """Tell whether a link leads from each entity to at most one, whatever it is called."""
    if not link.many:
        return True
    return {source, link.target} <= AT_ASSETS or {source, link.target} <= AT_SENSORS


def follow(view: View, source: Entities, link: Link) -> Entities:
    """Return for each entity the one that a one-to-one link leads to."""
    sight, rows = view.sight, source.rows
    if source.set is Set.OBSERVATIONS:
        rows = np.where(rows >= 0, source.batch.sensor[rows], -1) if len(source.batch) else np.full(len(rows), -1)
    if source.set in AT_ASSETS or {source.set, link.target} <= AT_SENSORS or link.target is Set.DATASTREAMS:
        return Entities(link.target, rows.astype(np.int64))
    table = sight.index.quantity_of if link.target is Set.OBSERVED_PROPERTIES else sight.index.asset_of
    found = np.where(rows >= 0, table[rows], -1) if len(table) else np.full(len(rows), -1)
    return Entities(link.target, found.astype(np.int64))


def spread(view: View, source: Entities, link: Link, span: Span = ALWAYS) -> tuple[Rows, Entities]:
    """Return all entities that a link leads to, and for each the place of the one that it came from.

    Parameters
    ----------
    span
        The time of the observations, where it leads to those.
    """
    if one_to_one(link, source.set):
        found = follow(view, source, link)
        there = np.flatnonzero(found.rows >= 0)
        return there, found.taken(there)
    if link.target is Set.OBSERVATIONS:
        return _observations(view, source, span)
    groups = view.sight.by_quantity if source.set is Set.OBSERVED_PROPERTIES else view.sight.by_asset
    origin, members = groups.spread(source.rows)
    view.budget.spend(max(0, len(members) - len(view.sight.datastreams)))
    return origin, Entities(link.target, members)


def sensors_of(view: View, source: Entities) -> tuple[Rows, Rows]:
    """Return the sensors whose observations belong to Datastreams or FeaturesOfInterest, and where each came from."""
    view.require_observations()
    if source.set is Set.FEATURES:
        origin, sensors = view.sight.by_asset.spread(source.rows)
    else:
        origin, sensors = np.arange(len(source.rows)), source.rows
    told = (sensors >= 0) & (view.newest_us[sensors] != NEVER_US) if len(sensors) else np.zeros(0, dtype=np.bool_)
    return origin[told], sensors[told]


def _observations(view: View, source: Entities, span: Span) -> tuple[Rows, Entities]:
    origin, sensors = sensors_of(view, source)
    wanted = np.unique(sensors)
    parts = [view.observed(wanted, *day) for day in view.backend.days(*span)] if len(wanted) else []
    batch = Batch.joined(parts)
    order = np.argsort(batch.sensor, kind="stable")
    begin = np.searchsorted(batch.sensor[order], sensors, "left")
    count = np.searchsorted(batch.sensor[order], sensors, "right") - begin
    first = np.repeat(begin - (np.cumsum(count) - count), count)
    rows = order[first + np.arange(len(first))]
    return np.repeat(origin, count), Entities(Set.OBSERVATIONS, rows, batch)


@dataclass(frozen=True, eq=False)
class Frame:
    """Rows, each a combination of an entity with one of each kind of linked entities that a condition speaks of.

    Attributes
    ----------
    bound : mapping
        By the path that leads there: the entity itself at ``()``, and those joined.
    variables : mapping
        What a quantifier gave names to.
    spans : mapping
        By the path that leads to observations: the only times of which the condition speaks.
    """

    view: View
    n: int
    bound: dict[ex.Path, Entities]
    variables: dict[str, Entities] = field(default_factory=dict)
    spans: Mapping[ex.Path, Span] = field(default_factory=dict)

    @classmethod
    def of(cls, view: View, entities: Entities, spans: Mapping[ex.Path, Span] | None = None) -> "Frame":
        """Return the rows of some entities alone."""
        return cls(view, len(entities.rows), {(): entities}, {}, spans or {})

    @property
    def now_us(self) -> int:
        """The present moment, microseconds since 1970."""
        return self.view.backend.now_us

    def column(self, path: ex.Path) -> Vector:
        """Return a property of every row.

        Raises
        ------
        Invalid
            ``sensorthings.property`` if there is none of that name.
        """
        place, rest = self._bound(path)
        while rest and rest[0] in LINKS[place.set]:
            link = LINKS[place.set][rest[0]]
            place, rest = follow(self.view, place, link), rest[1:]
        if not rest:
            rest = ("id",)
        found = column(self.view, place.set, rest, place.rows, place.batch)
        if found is None:
            raise unknown_property(place.set, rest)
        return found

    def _bound(self, path: ex.Path) -> tuple[Entities, ex.Path]:
        """Return the entities from which a path goes on, and what is left of it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.bound:
                return self.bound[path[:length]], path[length:]
        if path[0] in self.variables:
            return self.variables[path[0]], path[1:]
        return self.bound[()], path

    def joined(self, expression: ex.Expression) -> tuple["Frame", Rows]:
        """Return a frame in which all paths of a condition lead to one entity a row, and each row's place in this."""
        frame, origin = self, np.arange(self.n)
        prefixes = {prefix for path in ex.properties(expression) for prefix in self.crossings(path)}
        for prefix in sorted(prefixes, key=len):
            place, rest = frame._bound(prefix)
            for name in rest[:-1]:
                place = follow(self.view, place, LINKS[place.set][name])
            inner, found = spread(self.view, place, LINKS[place.set][rest[-1]], self.spans.get(prefix, ALWAYS))
            alone = np.setdiff1d(np.arange(frame.n), inner)
            came_from = np.concatenate([inner, alone])
            rows = np.concatenate([found.rows, np.full(len(alone), -1)])
            frame = frame._bind(came_from, prefix, replace(found, rows=rows))
            origin = origin[came_from]
        return frame, origin

    def crossings(self, path: ex.Path) -> list[ex.Path]:
        """Return the beginnings of a path that end with a link to many entities."""
        place, rest = self._bound(path)
        done, at = path[: len(path) - len(rest)], place.set
        found: list[ex.Path] = []
        for name in rest:
            link = LINKS[at].get(name)
            if link is None:
                break
            done, source, at = (*done, name), at, link.target
            if not one_to_one(link, source):
                found.append(done)
        return found

    def _bind(self, origin: Rows, path: ex.Path, entities: Entities) -> "Frame":
        bound = {known: place.taken(origin) for known, place in self.bound.items()}
        variables = {known: place.taken(origin) for known, place in self.variables.items()}
        return Frame(self.view, len(origin), {**bound, path: entities}, variables, self.spans)

    def quantified(self, expression: ex.Quantified) -> Vector:
        """Return for every row whether any or all of the entities linked fulfil a condition."""
        place, rest = self._bound(expression.path)
        for name in rest[:-1]:
            place = follow(self.view, place, self._link(place.set, name))
        origin, found = spread(self.view, place, self._link(place.set, rest[-1] if rest else ""))
        if expression.body is None:
            return _truth(np.isin(np.arange(self.n), origin))
        bound = {known: one.taken(origin) for known, one in self.bound.items()}
        variables = {known: one.taken(origin) for known, one in self.variables.items()}
        inner = Frame(self.view, len(origin), bound, {**variables, expression.variable: found})
        good = matching(inner, expression.body)
        chosen = origin[good if expression.operator == "any" else ~good]
        among = np.isin(np.arange(self.n), chosen)
        return _truth(among if expression.operator == "any" else ~among)

    def _link(self, at: Set, name: str) -> Link:
        if name not in LINKS[at]:
            raise unknown_property(at, (name,))
        return LINKS[at][name]


def matching(frame: Frame, expression: ex.Expression) -> Bools:
    """Return for which rows a condition certainly holds, for any combination with what it speaks of."""
    joined, origin = frame.joined(expression)
    good = condition(expression, joined).truths(joined.n)
    if joined is frame:
        return good
    found = np.zeros(frame.n, dtype=np.bool_)
    found[origin[good]] = True
    return found


def unknown_property(entity_set: Set, path: ex.Path) -> Invalid:
    """Return the error for a property that the entities of a set do not have."""
    return Invalid("sensorthings.property", value="/".join(path), params={"set": entity_set})


def _truth(data: Bools) -> Vector:
    return Vector(Kind.TRUTH, data, np.ones(len(data), dtype=np.bool_))
