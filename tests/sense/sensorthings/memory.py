"""A house in memory: sensors and observations as Python objects, with nothing beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.access import Scope
from anlan.kernel.errors import AnlanError, Conflict, Forbidden
from anlan.sense.sensorthings.vectors import DAY_US, microseconds
from anlan.sense.stream.batch import Batch, Int32s, Int64s, Refusal, Rows
from anlan.sense.stream.latest import Latest
from anlan.sense.stream.registry import Coded, Registry

EVERYWHERE = Scope(("31",))
NOW = datetime(2024, 9, 15, 12, 0, tzinfo=UTC)
MORNING_US = microseconds(datetime(2024, 9, 15, 6, 0, tzinfo=UTC))


def sensor(
    id_: str,
    asset: str,
    quantity: str = "water_level",
    area: str = "310117001",
    lon: float = 121.2,
    lat: float = 31.0,
    asset_type: str = "underpass",
    **more: Any,
) -> dict[str, Any]:
    """Return a registered sensor."""
    facts = {"id": id_, "asset": asset, "quantity": quantity, "area": area, "lon": lon, "lat": lat}
    names = {"name_zh": f"测点{id_}", "name_en": f"point {id_}", "unit": "m", "asset_type": asset_type}
    rest = {"kind": None, "cadence_s": None, "low": None, "high": None, "owner": None, "calibrated_on": None}
    return {**facts, **names, **rest, "synthetic": False, "retired": False, **more}


@dataclass
class MemoryHouse:
    """What :class:`anlan.sense.sensorthings.backend.Backend` asks for."""

    catalog: Catalog
    city: City
    sensors: list[dict[str, Any]] = field(default_factory=list)
    observed: list[tuple[int, int, float, int]] = field(default_factory=list)
    sensor_scope: Scope = EVERYWHERE
    observation_scope: Scope = EVERYWHERE
    reach: Scope = EVERYWHERE
    now_us: int = microseconds(NOW)
    reads: int = 0

    def __post_init__(self) -> None:
        self.registry = self._registry()

    def _registry(self) -> Registry:
        rows = self.sensors

        def coded(name: str) -> Coded:
            texts = sorted({row[name] for row in rows if row[name] is not None})
            return Coded(tuple(texts), np.array([texts.index(r[name]) if r[name] else -1 for r in rows], np.int32))

        def floats(name: str) -> Any:
            return np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=np.float64)

        numbers = {name: floats(name) for name in ("lon", "lat", "low", "high", "cadence_s")}
        few = {name: coded(name) for name in ("area", "asset_type", "quantity", "kind")}
        flags = {name: np.array([row[name] for row in rows], dtype=np.bool_) for name in ("retired", "synthetic")}
        ids = tuple(row["id"] for row in rows)
        return Registry(ids=ids, asset=tuple(row["asset"] for row in rows), **numbers, **few, **flags)

    @property
    def latest(self) -> Latest:
        latest = Latest.of(len(self.sensors))
        for number, time_us, value, quality in sorted(self.observed):
            latest.take(Batch.of([number], [time_us], [value], [quality]))
        return latest

    @property
    def acting_scope(self) -> Scope:
        return Scope(tuple(sorted({*self.sensor_scope.prefixes, *self.reach.prefixes})))

    @property
    def ingest_scope(self) -> Scope:
        return self.reach

    @property
    def horizon_us(self) -> int:
        return self.now_us + 60_000_000

    def unreadable(self, noun: str) -> AnlanError:
        return Forbidden("access.read", at="noun", value=noun, params={"actor": "somebody"})

    def names(self, numbers: Int64s, lang: str) -> list[str]:
        return [self.sensors[number][f"name_{lang}"] for number in numbers.tolist()]

    def details(self, numbers: Int64s) -> list[Mapping[str, Any]]:
        return [self.sensors[number] for number in numbers.tolist()]

    def days(self, since_us: int, until_us: int) -> list[tuple[int, int]]:
        days = sorted({time_us // DAY_US for _, time_us, _, _ in self.observed})
        spans = [(day * DAY_US, (day + 1) * DAY_US - 1) for day in days]
        return [(first, last) for first, last in spans if last >= since_us and first <= until_us]

    def rows(self, sensors: Int32s, since_us: int, until_us: int) -> Batch:
        self.reads += 1
        wanted = set(sensors.tolist())
        rows = sorted(row for row in self.observed if row[0] in wanted and since_us <= row[1] <= until_us)
        return Batch.of(*zip(*rows, strict=True)) if rows else Batch.empty()

    def take(self, rows: Rows) -> Sequence[Refusal]:
        refused = []
        reached = self.registry.within(self.reach) & ~self.registry.retired
        for row, number in enumerate(self.registry.numbers(list(rows.sensor)).tolist()):
            if number < 0 or not reached[number]:
                refused.append(Refusal(row, "observation.sensor", "", str(rows.sensor[row])))
            elif rows.time_us[row] > self.now_us + 60_000_000:
                refused.append(Refusal(row, "observation.future", "", str(rows.sensor[row])))
            else:
                fact = (number, int(rows.time_us[row]), float(rows.value[row]), int(rows.quality[row]))
                self.observed.append(fact)
        return refused

    def register(self, items: Sequence[Mapping[str, Any]], *, dry_run: bool = False) -> None:
        known = {row["id"]: place for place, row in enumerate(self.sensors)}
        for item in items:
            if not self.reach.covers(item["area"]):
                raise Forbidden("access.area", value=item["area"], params={"verb": "sensor.register"})
            if item["id"] in known and self.sensors[known[item["id"]]]["quantity"] != item["quantity"]:
                raise Conflict("sensor.other_quantity", value=item["id"], params={"quantity": "?"})
        if not dry_run:
            for item in items:
                whole = {**sensor(item["id"], item["asset"]), **item}
                if item["id"] in known:
                    self.sensors[known[item["id"]]] = whole
                else:
                    self.sensors.append(whole)
            self.registry = self._registry()

    def retire(self, sensors: Sequence[str]) -> None:
        for row in self.sensors:
            row["retired"] = row["retired"] or row["id"] in sensors
        self.registry = self._registry()
