"""What one asker may see, as arrays: computed once for each state of the registry and each scope, and then shared."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from anlan.kernel.access import Scope
from anlan.sense.sensorthings.vectors import Bools, Rows, Vector
from anlan.sense.stream.registry import Registry

_INDEXES = 3
_SIGHTS = 8


@dataclass(frozen=True, eq=False)
class Groups:
    """Members by their group: which rows of a table belong to each row of another."""

    sorted_groups: Rows
    members: Rows

    @classmethod
    def of(cls, members: Rows, group: Rows) -> "Groups":
        """Return the groups of members, of which ``group`` tells each one's."""
        order = np.argsort(group, kind="stable")
        return cls(group[order], members[order])

    def spread(self, groups: Rows) -> tuple[Rows, Rows]:
        """Return for every member of some groups the place of its group among these, and the member."""
        begin = np.searchsorted(self.sorted_groups, groups, "left")
        count = np.searchsorted(self.sorted_groups, groups, "right") - begin
        count = np.where(groups < 0, 0, count)
        origin = np.repeat(np.arange(len(groups)), count)
        first = np.repeat(begin - np.concatenate(([0], np.cumsum(count)[:-1])) if len(groups) else begin, count)
        return origin, self.members[first + np.arange(len(origin))]


@dataclass(frozen=True, eq=False)
class Index:
    """The assets of a registry, numbered in the order in which their first sensors were registered.

    Attributes
    ----------
    kept : dict
        Columns that are dear to come by, by name.
    """

    registry: Registry
    assets: tuple[str, ...]
    asset_of: Rows
    quantities: tuple[str, ...]
    quantity_of: Rows
    kept: dict[str, Vector] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Registry, quantities: tuple[str, ...]) -> "Index":
        """Return the index of a registry and the quantities of a catalog."""
        place: dict[str, int] = {}
        asset_of = np.fromiter(
            (place.setdefault(asset, len(place)) for asset in registry.asset), np.int64, len(registry)
        )
        unknown = [text for text in registry.quantity.texts if text not in quantities]
        told = (*quantities, *unknown)
        code = np.array([told.index(text) for text in registry.quantity.texts], dtype=np.int64)
        quantity_of = code[registry.quantity.code] if len(code) else np.empty(0, dtype=np.int64)
        return cls(registry, tuple(place), asset_of, told, quantity_of)

    @cached_property
    def asset_place(self) -> dict[str, int]:
        """The number of each asset."""
        return {asset: place for place, asset in enumerate(self.assets)}

    @cached_property
    def points(self) -> npt.NDArray[Any]:
        """The place of every sensor, degrees."""
        return np.asarray(shapely.points(self.registry.lon, self.registry.lat))


@dataclass(frozen=True, eq=False)
class Sight:
    """The entities that an asker may see.

    Attributes
    ----------
    seen : (n,) bool
        By the number of a sensor: whether it is in sight and in service.
    told : (n,) bool
        Whether its observations are, too.
    """

    index: Index
    seen: Bools
    told: Bools

    @classmethod
    def of(cls, index: Index, sensor_scope: Scope, observation_scope: Scope) -> "Sight":
        """Return what lies in the areas of an asker."""
        registry = index.registry
        seen = registry.within(sensor_scope) & ~registry.retired
        return cls(index, seen, seen & registry.within(observation_scope))

    @cached_property
    def datastreams(self) -> Rows:
        """The numbers of the sensors in sight, ascending."""
        return np.flatnonzero(self.seen)

    @cached_property
    def place_of(self) -> Rows:
        """The sensor in sight that tells where an asset stands: its first one; -1 if none is in sight."""
        place = np.full(len(self.index.assets), -1, dtype=np.int64)
        backwards = self.datastreams[::-1]
        place[self.index.asset_of[backwards]] = backwards
        return place

    @cached_property
    def things(self) -> Rows:
        """The numbers of the assets in sight, ascending."""
        return np.flatnonzero(self.place_of >= 0)

    @cached_property
    def by_asset(self) -> Groups:
        """The sensors in sight of each asset."""
        return Groups.of(self.datastreams, self.index.asset_of[self.datastreams])

    @cached_property
    def by_quantity(self) -> Groups:
        """The sensors in sight of each quantity."""
        return Groups.of(self.datastreams, self.index.quantity_of[self.datastreams])


class Sights:
    """The last few sights that were asked for, of the last few states of the registry."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._indexes: OrderedDict[int, Index] = OrderedDict()
        self._kept: OrderedDict[tuple[int, Scope, Scope], Sight] = OrderedDict()

    def of(self, registry: Registry, quantities: tuple[str, ...], sensor_scope: Scope, told: Scope) -> Sight:
        """Return what an asker may see of a registry."""
        with self._lock:
            index = self._index(registry, quantities)
            key = (id(index), sensor_scope, told)
            if key not in self._kept or self._kept[key].index is not index:
                self._kept[key] = Sight.of(index, sensor_scope, told)
            self._kept.move_to_end(key)
            _forget(self._kept, _SIGHTS)
            return self._kept[key]

    def _index(self, registry: Registry, quantities: tuple[str, ...]) -> Index:
        known = self._indexes.get(id(registry))
        if known is None or known.registry is not registry or known.quantities[: len(quantities)] != quantities:
            self._indexes[id(registry)] = known = Index.of(registry, quantities)
        self._indexes.move_to_end(id(registry))
        _forget(self._indexes, _INDEXES)
        return known


def _forget(kept: "OrderedDict[Any, Any]", most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
