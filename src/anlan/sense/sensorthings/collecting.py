"""A house that only notes what shall be changed, so that several requests are done together or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from anlan.kernel.errors import Forbidden, Invalid
from anlan.sense.sensorthings.backend import Backend
from anlan.sense.sensorthings.creating import Draft, refusals
from anlan.sense.sensorthings.faults import NotOffered
from anlan.sense.stream.batch import Batch, Int32s, Int64s, Refusal, Rows
from anlan.sense.stream.registry import Coded, Registry

_TEXTS = ("area", "asset_type", "quantity", "kind")
_NUMBERS = ("lon", "lat", "low", "high", "cadence_s")


@dataclass
class Collecting:
    """Behaves like another house in which the changes noted so far have been made.

    What reads goes to the other house; what it does not know yet is answered from the notes.
    """

    behind: Backend
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)
    draft: Draft = field(default_factory=Draft)

    def __post_init__(self) -> None:
        self.registry = self.behind.registry
        self.latest, self.catalog, self.city = self.behind.latest, self.behind.catalog, self.behind.city
        self.sensor_scope, self.observation_scope = self.behind.sensor_scope, self.behind.observation_scope
        self.acting_scope, self.ingest_scope = self.behind.acting_scope, self.behind.ingest_scope
        self.now_us, self.horizon_us = self.behind.now_us, self.behind.horizon_us
        self.unreadable, self.days = self.behind.unreadable, self.behind.days

    def names(self, numbers: Int64s, lang: str) -> list[str]:
        """Return the names of sensors in one language."""
        return [str(one[f"name_{lang}"]) for one in self.details(numbers)]

    def details(self, numbers: Int64s) -> list[Mapping[str, Any]]:
        """Return what is registered of sensors, or noted."""
        ids = [self.registry.ids[number] for number in numbers.tolist()]
        known = np.array([number for number, id_ in zip(numbers.tolist(), ids, strict=True) if id_ not in self.items])
        told = iter(self.behind.details(known.astype(np.int64)))
        return [self.items[id_] if id_ in self.items else next(told) for id_ in ids]

    def rows(self, sensors: Int32s, since_us: int, until_us: int) -> Batch:
        """Return observations of the sensors that are known behind."""
        return self.behind.rows(sensors[sensors < len(self.behind.registry)], since_us, until_us)

    def take(self, rows: Rows) -> Sequence[Refusal]:
        """Note observations."""
        refused = refusals(self, rows)
        if not refused:
            self.draft.sensor += [str(sensor) for sensor in rows.sensor]
            self.draft.time_us += rows.time_us.tolist()
            self.draft.value += rows.value.tolist()
            self.draft.quality += rows.quality.tolist()
        return refused

    def register(self, items: Sequence[Mapping[str, Any]], *, dry_run: bool = False) -> None:
        """Note sensors, if the gate would take them with all that was noted before."""
        wanted = {**self.items, **{str(item["id"]): dict(item) for item in items}}
        self.behind.register(list(wanted.values()), dry_run=True)
        if not dry_run:
            self.items = wanted
            self.registry = extended(self.behind.registry, list(wanted.values()))

    def retire(self, sensors: Sequence[str]) -> None:
        """Note sensors that go out of service."""
        self.retired += sensors
        mask = self.registry.retired | np.isin(np.array(self.registry.ids), np.array(sensors))
        self.registry = replace(self.registry, retired=mask)

    def carry_out(self) -> None:
        """Do what was noted: one act, then the observations.

        Raises
        ------
        NotOffered
            ``sensorthings.group`` for what cannot be one act.
        """
        if self.items and self.retired:
            raise NotOffered("sensorthings.group")
        if self.items:
            self.behind.register(list(self.items.values()))
        if self.retired:
            self.behind.retire(self.retired)
        if self.draft.sensor:
            for refusal in self.behind.take(self.draft.rows()):
                kind = Forbidden if refusal.rule == "observation.sensor" else Invalid
                raise kind(refusal.rule, at=refusal.sensor, value=refusal.value or refusal.sensor)


def extended(registry: Registry, items: Sequence[Mapping[str, Any]]) -> Registry:
    """Return a registry as it will be once some sensors are registered, or corrected."""
    places = [registry.number(str(item["id"])) for item in items]
    new = [item for item, place in zip(items, places, strict=True) if place < 0]
    old = [(item, place) for item, place in zip(items, places, strict=True) if place >= 0]
    changed: dict[str, Any] = {}
    for name in _NUMBERS:
        column = np.concatenate([getattr(registry, name), [_number(item.get(name)) for item in new]])
        column[[place for _, place in old]] = [_number(item.get(name)) for item, _ in old]
        changed[name] = column
    for name in _TEXTS:
        changed[name] = _recoded(getattr(registry, name), new, old, name)
    asset = [*registry.asset, *(str(item["asset"]) for item in new)]
    for item, place in old:
        asset[place] = str(item["asset"])
    none = np.zeros(len(new), dtype=np.bool_)
    return Registry(
        ids=(*registry.ids, *(str(item["id"]) for item in new)),
        asset=tuple(asset),
        retired=np.concatenate([registry.retired, none]),
        synthetic=np.concatenate([registry.synthetic, np.array([bool(i.get("synthetic")) for i in new], dtype=bool)]),
        **changed,
    )


def _number(value: Any) -> float:
    return np.nan if value is None else float(value)


def _recoded(
    coded: Coded, new: Sequence[Mapping[str, Any]], old: Sequence[tuple[Mapping[str, Any], int]], name: str
) -> Coded:
    texts = list(coded.texts)
    place = {text: code for code, text in enumerate(texts)}

    def code_of(item: Mapping[str, Any]) -> int:
        value = item.get(name)
        if value is None:
            return -1
        if value not in place:
            place[value] = len(texts)
            texts.append(str(value))
        return place[value]

    code = np.concatenate([coded.code, np.array([code_of(item) for item in new], dtype=np.int32)])
    for item, at in old:
        code[at] = code_of(item)
    return Coded(tuple(texts), code.astype(np.int32))
