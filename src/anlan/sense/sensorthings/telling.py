"""What subscribers are told over MQTT: topics and what stands in their messages (18-088 clause 14.2).

Rows that were accepted are read from the log, behind which they can fall; then of each sensor the newest is told, and
those passed over are counted. Nothing is lost by that but the telling.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from msgspec import json

from anlan.sense.sensorthings.entities import AT_SENSORS, Set
from anlan.sense.sensorthings.frames import Entities
from anlan.sense.sensorthings.options import Options, Reading
from anlan.sense.sensorthings.rendering import rendered
from anlan.sense.sensorthings.view import View
from anlan.sense.stream.batch import Batch

Message = tuple[str, bytes]


def as_topic(id_: str) -> str | None:
    """Return an id as it stands in a topic; None if a topic cannot hold it (MQTT 3.1.1, 4.7)."""
    return None if any(mark in id_ for mark in "+#\0") else f"('{id_.replace(chr(39), chr(39) * 2)}')"


@dataclass
class Teller:
    """Turns what happened into messages.

    Parameters
    ----------
    root
        What topics begin with: ``v1.1``.
    selections
        Topics with a ``$select`` that are told, too, such as ``v1.1/Observations?$select=result``: a broker does not
        say what its clients have subscribed to.
    most
        Rows that are told one by one; of more, the newest of each sensor.
    """

    root: str
    selections: Sequence[str]
    most: int
    passed_over: int = 0
    _known: dict[tuple[Set, str], dict[str, Any]] = field(default_factory=dict)

    def observed(self, view: View, batch: Batch) -> Iterator[Message]:
        """Yield messages of observations that were accepted, of those that the teller may see."""
        inside = batch.sensor < len(view.sight.told)
        batch = batch.where(inside)
        batch = batch.where(view.sight.told[batch.sensor])
        if len(batch) > self.most:
            kept = newest_of_each(batch)
            self.passed_over += len(batch) - len(kept)
            batch = kept
        if not len(batch):
            return
        entities = Entities(Set.OBSERVATIONS, np.arange(len(batch)), batch)
        whole = rendered(view, entities, Options())
        chosen = [(topic, rendered(view, entities, options)) for topic, options in self._chosen(view)]
        index = view.sight.index
        for place, sensor in enumerate(batch.sensor.tolist()):
            paths = self._paths(index.registry.ids[sensor], index.assets[int(index.asset_of[sensor])])
            body = json.encode(whole[place])
            yield from ((f"{self.root}/{path}", body) for path in paths)
            for topic, told in chosen:
                if topic.partition("?")[0].removeprefix(f"{self.root}/") in paths:
                    yield topic, json.encode(told[place])

    @staticmethod
    def _paths(sensor: str, asset: str) -> list[str]:
        found = ["Observations"]
        for entity_set, id_ in ((Set.DATASTREAMS, sensor), (Set.FEATURES, asset)):
            if (told := as_topic(id_)) is not None:
                found.append(f"{entity_set}{told}/Observations")
        return found

    def _chosen(self, view: View) -> list[tuple[str, Options]]:
        return [
            (topic, Reading(Set.OBSERVATIONS, view.setting("most_terms"), 0).read([("$select", names)]))
            for topic in self.selections
            for names in [topic.partition("?$select=")[2]]
        ]

    def changed(self, view: View, sensors: Sequence[str]) -> Iterator[Message]:
        """Yield messages of what sensors are, and the assets that carry them: what is new or other than told before."""
        index = view.sight.index
        numbers = [index.registry.number(id_) for id_ in sensors]
        there = np.array([number for number in numbers if number >= 0 and view.sight.seen[number]], dtype=np.int64)
        assets = np.unique(index.asset_of[there]) if len(there) else there
        for entity_set in (Set.DATASTREAMS, Set.SENSORS, Set.THINGS, Set.LOCATIONS):
            rows = there if entity_set in AT_SENSORS else assets
            for entity in rendered(view, Entities(entity_set, rows), Options()) if len(rows) else ():
                yield from self._entity(entity_set, entity)

    def _entity(self, entity_set: Set, entity: dict[str, Any]) -> Iterator[Message]:
        """Yield the messages of one entity: the whole for its set and for itself, and each property that is another."""
        id_ = str(entity["@iot.id"])
        topic, before = as_topic(id_), self._known.get((entity_set, id_), {})
        if topic is None or before == entity:
            return
        self._known[entity_set, id_] = entity
        body = json.encode(entity)
        yield f"{self.root}/{entity_set}", body
        yield f"{self.root}/{entity_set}{topic}", body
        for name, value in entity.items():
            if "@iot." not in name and before.get(name) != value:
                yield f"{self.root}/{entity_set}{topic}/{name}", json.encode({name: value})


def newest_of_each(batch: Batch) -> Batch:
    """Return the last row of each sensor, in the order of the rows."""
    _, last = np.unique(batch.sensor[::-1], return_index=True)
    return batch.where(np.sort(len(batch) - 1 - last))
