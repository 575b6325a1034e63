"""Structures of a case, from their places to `anlan.science.flood`: links, pumps, storages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from pydantic import ValidationError
from shapely.geometry import Polygon

from anlan.assess.water.cases.case import Draft, fault_of
from anlan.assess.water.cases.faults import Findings, RefusedError, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.places import cells_of
from anlan.assess.water.cases.series import quantity
from anlan.assess.water.cases.shapes import Quantity, Where
from anlan.assess.water.cases.structure_shapes import (
    BreachShape,
    CulvertShape,
    Ends,
    Features,
    GateShape,
    PumpShape,
    StorageShape,
    WeirShape,
)
from anlan.assess.water.cases.terrain import HIGHEST_M, LOWEST_M
from anlan.assess.water.cases.vectors import Feature, features
from anlan.catalog.schema.base import Model
from anlan.science.arrays import floats
from anlan.science.flood import gates
from anlan.science.flood.culverts import Box, Culvert, Pipe
from anlan.science.flood.gates import Breach, Gate, LevelRule, Schedule
from anlan.science.flood.grid import Grid
from anlan.science.flood.links import Link, Links, Operated, Pool, Watched
from anlan.science.flood.openings import BROAD_CRESTED, Flap, Opening, Slot, Weir
from anlan.science.flood.points import Series
from anlan.science.flood.pumps import Curve, Pump, Pumps
from anlan.science.flood.simulation import Exchange
from anlan.science.flood.storages import Storage, StoragePump, Storages

_SHAPES: Mapping[str, type[Model]] = {
    "culverts": CulvertShape,
    "weirs": WeirShape,
    "gates": GateShape,
    "breaches": BreachShape,
    "pumps": PumpShape,
    "storages": StorageShape,
}
_ENDS = {"pumps": ("intake", "outlet"), "storages": ("street", "")}
M = TypeVar("M", bound=Model)


class Structures:
    """Makes the exchanges of a case that are structures."""

    def __init__(self, draft: Draft, frame: Frame, grid: Grid, findings: Findings) -> None:
        """Take what the structures stand on."""
        self.draft, self.frame, self.grid, self.findings = draft, frame, grid, findings
        self._faults = Findings(notes=findings.notes)

    def read(self) -> tuple[Exchange, ...]:
        """Return links, pumps and storages, as far as there are some.

        Raises
        ------
        RefusedError
            With all faults.
        """
        listed = {kind: self._listed(kind) for kind in _SHAPES}
        made = {kind: self._all(kind, some) for kind, some in listed.items()}
        if self._faults.faults:
            raise RefusedError(*self._faults.faults)
        links = [one for kind in ("culverts", "weirs", "gates", "breaches") for one in made[kind]]
        exchanges: list[Exchange] = []
        spot = self.draft.spot / "structures"
        if links:
            exchanges.append(_made(lambda: Links(links), spot))
        if made["pumps"]:
            exchanges.append(_made(lambda: Pumps(made["pumps"]), spot / "pumps"))
        if made["storages"]:
            exchanges.append(_made(lambda: Storages(made["storages"]), spot / "storages"))
        return tuple(exchanges)

    def _listed(self, kind: str) -> list[tuple[Any, Spot]]:
        given, spot = self.draft.case.structures, self.draft.spot / "structures"
        found = [(one, spot / kind / number) for number, one in enumerate(getattr(given, kind))]
        for number, file in enumerate(given.files):
            if file.kind == kind:
                at = spot / "files" / number
                found += self._faults.attempt(lambda file=file, at=at: self._of_file(file, at)) or []  # type: ignore[misc]
        return found

    def _of_file(self, file: Features, spot: Spot) -> list[tuple[Any, Spot]]:
        kinds = ("Point", "Polygon") if file.kind == "storages" else ("LineString",)
        found = features(self.draft, file.vectors, self.frame.crs, spot / "vectors", self.findings, kinds=kinds)
        made = []
        for one in found:
            raw = _raw(one, file.kind)
            try:
                made.append((_SHAPES[file.kind].model_validate(raw), spot))
            except ValidationError as error:
                for fault in error.errors(include_url=False):
                    told = fault_of(spot.document, fault, _SHAPES[file.kind], raw)
                    words = (file.vectors.file, one.number, told.key, *told.advice)
                    self._faults.faults.append(spot.fault("structure.feature", told.value, *words))
        return made

    def _all(self, kind: str, some: Sequence[tuple[Any, Spot]]) -> list[Any]:
        make: Mapping[str, Callable[[Any, Spot], Any]] = {
            "culverts": self._culvert,
            "weirs": self._weir,
            "gates": self._gate,
            "breaches": self._breach,
            "pumps": self._pump,
            "storages": self._storage,
        }
        return self._faults.each(len(some), lambda k: _made(lambda: make[kind](*some[k]), some[k][1]))

    def _pool(self, name: str, where: Where, spot: Spot) -> Pool:
        bed = np.asarray(self.grid.bed_m)
        return Pool(name, self.grid, cells_of(self.draft, where, self.frame, bed, spot, self.findings))

    def _level(self, given: Quantity, spot: Spot) -> Series:
        return quantity(self.draft, given, (LOWEST_M, HIGHEST_M), spot, self.findings)

    def _link(self, one: Ends, spot: Spot, opening: Callable[[Pool, Watched], Opening | Operated]) -> Link:
        first = self._pool(one.name, one.first, spot / "first")
        second: Watched
        if one.second is not None:
            second = self._pool(one.name, one.second, spot / "second")
        elif one.outside_m is not None:
            second = self._level(one.outside_m, spot / "outside_m")
        else:
            raise RuntimeError("a link has two ends")
        return Link(one.name, first, second, opening(first, second))

    def _culvert(self, one: CulvertShape, spot: Spot) -> Link:
        section = Pipe(one.diameter_m) if one.diameter_m else Box(one.box_breadth_m or 0.0, one.box_height_m or 0.0)
        inverts = one.first_invert_m, one.second_invert_m
        culvert = Culvert(section, one.length_m, *inverts, one.entrance, one.manning, one.barrels)
        return self._link(one, spot, lambda *_: Flap(culvert) if one.flap else culvert)

    def _weir(self, one: WeirShape, spot: Spot) -> Link:
        weir = Weir(one.crest_m, one.breadth_m, one.slope, one.coefficient or BROAD_CRESTED)
        return self._link(one, spot, lambda *_: Flap(weir) if one.flap else weir)

    def _gate(self, one: GateShape, spot: Spot) -> Link:
        more = {} if one.coefficient is None else {"coefficient": one.coefficient}
        slot = Slot(one.sill_m, one.height_m, one.breadth_m, **more)

        def operated(first: Pool, second: Watched) -> Gate:
            if one.schedule is not None:
                openness = quantity(self.draft, one.schedule, (0.0, 1.0), spot / "schedule", self.findings)
                return Gate(slot, Schedule(openness), one.moving_s, one.openness)
            ends: Mapping[Any, Watched] = {"first": first, "second": second}
            if isinstance(one.watched, Where):
                watched: Watched = self._pool(one.name, one.watched, spot / "watched")
            else:
                watched = ends[one.watched]
            rule = LevelRule(watched, one.upper_m or 0.0, one.lower_m or 0.0, one.opens_high)
            return Gate(slot, rule, one.moving_s, one.openness)

        return self._link(one, spot, operated)

    def _breach(self, one: BreachShape, spot: Spot) -> Link:
        shape = gates.BreachShape(one.bottom_m, one.breadth_m, one.slope, one.growing_hours * 3600)
        start = np.inf if one.start_hours is None else one.start_hours * 3600

        def opened(first: Pool, _: Watched) -> Breach:
            trigger = None if one.trigger_m is None else (first, one.trigger_m)
            return Breach(one.crest_m, shape, start, trigger)

        return self._link(one, spot, opened)

    def _pump(self, one: PumpShape, spot: Spot) -> Pump:
        outlet: Watched | None = None
        if one.outlet is not None:
            outlet = self._pool(one.name, one.outlet, spot / "outlet")
        elif one.outside_m is not None:
            outlet = self._level(one.outside_m, spot / "outside_m")
        steady = one.discharge_m3_s is not None
        curve = Curve.steady(one.discharge_m3_s or 0.0) if steady else _curve(one)
        failures = [(begin * 3600, end * 3600) for begin, end in one.failures_hours]
        intake = self._pool(one.name, one.intake, spot / "intake")
        return Pump(one.name, intake, outlet, curve, one.start_m, one.stop_m, failures)

    def _storage(self, one: StorageShape, spot: Spot) -> Storage:
        pump = None
        if one.pump_m3_s is not None:
            fails = np.inf if one.pump_fails_hours is None else one.pump_fails_hours * 3600
            pump = StoragePump(one.pump_m3_s, one.pump_stop_depth_m, fails, one.pump_to_street)
        street = self._pool(one.name, one.street, spot / "street")
        sill = Weir(one.sill_m, one.sill_breadth_m)
        return Storage(one.name, street, sill, one.floor_m, one.area_m2, one.capacity_m3, pump)


def _curve(one: PumpShape) -> Curve:
    return Curve(floats(one.head_m or ()), floats(one.lifted_m3_s or ()))


def _raw(one: Feature, kind: str) -> dict[str, Any]:
    """Return a feature as a structure of the case: attributes that are empty are left out."""
    values = {name: value for name, value in one.values.items() if not _empty(value)}
    raw = {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}
    first, second = _ENDS.get(kind, ("first", "second"))
    if isinstance(one.shape, Polygon):
        ring = [tuple(float(c) for c in point[:2]) for point in one.shape.exterior.coords]
        return raw | {first: {"polygon": tuple(ring[:-1])}}
    at = [tuple(float(c) for c in point[:2]) for point in one.shape.coords]
    if second and "outside_m" not in raw:
        raw[second] = {"points": (at[-1],)}
    return raw | {first: {"points": (at[0],)}}


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float | np.floating) and bool(np.isnan(value)))


def _made(make: Callable[[], M | Any], spot: Spot) -> Any:
    try:
        return make()
    except ValueError as error:
        raise spot.refused("structure.refused", "", error) from None
