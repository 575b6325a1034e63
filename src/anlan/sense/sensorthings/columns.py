"""The properties of each entity as columns: one table serves filters, orders and answers.

A column is asked for some rows: numbers of sensors, numbers of assets, places in the list of quantities, or places in
a batch of observations.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np

from anlan.sense.sensorthings.entities import Set
from anlan.sense.sensorthings.expressions import Path
from anlan.sense.sensorthings.vectors import (
    TEXT,
    Kind,
    Rows,
    Vector,
    geometries,
    missing,
    numbers,
    texts,
    times,
    truths,
)
from anlan.sense.sensorthings.view import View
from anlan.sense.stream.batch import QUALITIES, Batch
from anlan.sense.stream.registry import Coded

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
"""Type of an observation whose result is a number with a unit (OGC 10-004r3)."""

GEOJSON = "application/geo+json"
"""Encoding of places (18-088 table of encodingType codes; RFC 7946)."""

_UCUM = "http://www.opengis.net/def/uom/UCUM/0/"
_CF = "http://vocab.nerc.ac.uk/standard_name/"
_NO_OBSERVATIONS = Batch.empty()

Column = Callable[[View, Rows, Batch], Vector]


@dataclass(frozen=True)
class Shown:
    """A property: its place in the answer, its column, and whether an answer has it where it is missing."""

    path: Path
    column: Column
    always: bool = True


def observation_id(sensor: str, time_us: int) -> str:
    """Return the id of an observation: a sensor has one at a time."""
    return f"{sensor}@{time_us}"


def column(view: View, entity_set: Set, path: Path, rows: Rows, batch: Batch = _NO_OBSERVATIONS) -> Vector | None:
    """Return a property of some rows, missing where a row is -1; None if the entities have no such property."""
    known = _BY_PATH[entity_set].get(path)
    if known is None:
        return missing(Kind.TEXT, len(rows)) if path[0] == "properties" and len(path) > 1 else None
    there = rows >= 0
    if there.all():
        return known(view, rows, batch)
    some = known(view, rows[there], batch)
    back = np.where(there, np.cumsum(there) - 1, -1)
    return some.taken(back)


def _same(text: str) -> Column:
    return lambda _view, rows, _batch: Vector(
        Kind.TEXT, np.full(len(rows), text, dtype=TEXT), np.ones(len(rows), dtype=np.bool_)
    )


def _null(kind: Kind) -> Column:
    return lambda _view, rows, _batch: missing(kind, len(rows))


def _coded(coded: Coded, rows: Rows, table: Sequence[str] | None = None) -> Vector:
    """Return a column of few texts, or of what stands for them in a table."""
    told = np.array([*(coded.texts if table is None else table), ""], dtype=TEXT)
    code = coded.code[rows]
    return Vector(Kind.TEXT, told[code], code >= 0)


def _floats(name: str) -> Column:
    def take(view: View, rows: Rows, _batch: Batch) -> Vector:
        values = getattr(view.sight.index.registry, name)[rows]
        return numbers(np.where(np.isfinite(values), values, np.nan))

    return take


# -- sensors ----------------------------------------------------------------------------------------------------


def _sensor_id(view: View, rows: Rows, _batch: Batch) -> Vector:
    ids = view.sight.index.registry.ids
    return texts([ids[row] for row in rows.tolist()])


def _sensor_name(view: View, rows: Rows, _batch: Batch) -> Vector:
    return view.named(rows, view.lang)


def _name_in(lang: str) -> Column:
    return lambda view, rows, _batch: view.named(rows, lang)


def _of_registry(name: str) -> Column:
    return lambda view, rows, _batch: _coded(getattr(view.sight.index.registry, name), rows)


def _synthetic(view: View, rows: Rows, _batch: Batch) -> Vector:
    return truths(view.sight.index.registry.synthetic[rows])


def _place(view: View, rows: Rows, _batch: Batch) -> Vector:
    return geometries(view.sight.index.points[rows])


def _detail(name: str) -> Column:
    def take(view: View, rows: Rows, _batch: Batch) -> Vector:
        return texts([found.get(name) for found in view.backend.details(rows)])

    return take


def _kind_label(view: View, rows: Rows, batch: Batch) -> Vector:
    """Tell what sort of instrument it is: its kind's name, or else that of what it measures."""
    kinds = view.sight.index.registry.kind
    known = view.catalog.sensor_kinds
    table = [getattr(known[text], view.lang) if text in known else text for text in kinds.texts]
    told, measured = _coded(kinds, rows, table), _of_quantity(_quantity_name)(view, rows, batch)
    return Vector(Kind.TEXT, np.where(told.valid, told.data, measured.data), told.valid | measured.valid)


# -- quantities -------------------------------------------------------------------------------------------------


def _quantities(tell: Callable[[View, str], str | float | None]) -> Column:
    """Return a column over the list of quantities; each is asked once, however many rows there are."""

    def take(view: View, rows: Rows, _batch: Batch) -> Vector:
        told = [tell(view, quantity) for quantity in view.sight.index.quantities]
        some = numbers([np.nan if value is None else value for value in told]) if _are_numbers(told) else texts(told)  # type: ignore[arg-type]
        return some.taken(rows)

    return take


def _are_numbers(told: Sequence[Any]) -> bool:
    return any(isinstance(value, float) for value in told)


def _quantity_name(view: View, quantity: str) -> str:
    known = view.catalog.quantities.get(quantity)
    return quantity if known is None else str(getattr(known, view.lang))


def _quantity_note(view: View, quantity: str) -> str:
    known = view.catalog.quantities.get(quantity)
    return known.note if known is not None and known.note else _quantity_name(view, quantity)


def definition(view: View, quantity: str) -> str:
    """Return the URI of a quantity: that of the CF conventions' standard name, or its own address here."""
    known = view.catalog.quantities.get(quantity)
    if known is None or known.standard_name is None:
        return view.link(Set.OBSERVED_PROPERTIES, quantity)
    return f"{_CF}{known.standard_name}/"


def _unit(name: str) -> Callable[[View, str], str | None]:
    def tell(view: View, quantity: str) -> str | None:
        known = view.catalog.quantities.get(quantity)
        unit = None if known is None else view.catalog.units.get(known.unit)
        if unit is None:
            return None
        told = {"name": str(getattr(unit, view.lang)), "symbol": unit.sign, "definition": unit_definition(unit.ucum)}
        return told[name]

    return tell


def unit_definition(ucum: str) -> str:
    """Return the URI of a unit by its UCUM code, in the register of OGC."""
    return _UCUM + quote(ucum, safe="")


def _valid_range(end: int) -> Callable[[View, str], float | None]:
    def tell(view: View, quantity: str) -> float | None:
        known = view.catalog.quantities.get(quantity)
        return None if known is None else float(known.valid[end])

    return tell


def _of_quantity(tell: Callable[[View, str], Any]) -> Column:
    """Return a column over sensors of what is said of their quantities."""
    return lambda view, rows, batch: _quantities(tell)(view, view.sight.index.quantity_of[rows], batch)


# -- assets -----------------------------------------------------------------------------------------------------


def _asset_id(view: View, rows: Rows, _batch: Batch) -> Vector:
    assets = view.sight.index.assets
    return texts([assets[row] for row in rows.tolist()])


def _asset_name(view: View, rows: Rows, _batch: Batch) -> Vector:
    names = view.asset_names
    return texts([names[row] for row in rows.tolist()])


def _at(sensor_column: Column) -> Column:
    """Return a column over assets of what is said of the sensor that tells where they stand."""
    return lambda view, rows, batch: sensor_column(view, view.sight.place_of[rows], batch)


def _asset_type(view: View, rows: Rows, _batch: Batch) -> Vector:
    coded = view.sight.index.registry.asset_type
    known = view.catalog.asset_types
    table = [getattr(known[text], view.lang) if text in known else text for text in coded.texts]
    return _coded(coded, rows, table)


def _area_name(view: View, rows: Rows, _batch: Batch) -> Vector:
    coded, city = view.sight.index.registry.area, view.backend.city
    table = [city.name(code, view.lang) if city.contains(code) else code for code in coded.texts]
    return _coded(coded, rows, table)


def _ever(_view: View, rows: Rows, _batch: Batch) -> Vector:
    """Return since when an asset stands where it stands: since ever, for no other place was ever kept."""
    return times(np.zeros(len(rows), dtype=np.int64))


# -- observations -----------------------------------------------------------------------------------------------


def _observed_id(view: View, rows: Rows, batch: Batch) -> Vector:
    ids = view.sight.index.registry.ids
    pairs = zip(batch.sensor[rows].tolist(), batch.time_us[rows].tolist(), strict=True)
    return texts([observation_id(ids[sensor], time_us) for sensor, time_us in pairs])


def _phenomenon_time(_view: View, rows: Rows, batch: Batch) -> Vector:
    return times(batch.time_us[rows])


def _result(_view: View, rows: Rows, batch: Batch) -> Vector:
    return numbers(batch.value[rows])


def _quality(_view: View, rows: Rows, batch: Batch) -> Vector:
    return Vector(Kind.TEXT, np.array(QUALITIES, dtype=TEXT)[batch.quality[rows]], np.ones(len(rows), dtype=np.bool_))


def _shown(*prefix: str, **columns: Column) -> list[Shown]:
    return [Shown((*prefix, name), take) for name, take in columns.items()]


_ASSET_FACTS = _shown(
    "properties",
    asset_type=_at(_of_registry("asset_type")),
    area=_at(_of_registry("area")),
    synthetic=_at(_synthetic),
)
_PLACE = _shown(name=_asset_name, description=_at(_area_name), encodingType=_same(GEOJSON))

PROPERTIES: Mapping[Set, Sequence[Shown]] = {
    Set.THINGS: [*_shown(id=_asset_id, name=_asset_name, description=_at(_asset_type)), *_ASSET_FACTS],
    Set.LOCATIONS: [*_shown(id=_asset_id), *_PLACE, *_shown(location=_at(_place)), *_ASSET_FACTS],
    Set.HISTORICAL_LOCATIONS: _shown(id=_asset_id, time=_ever),
    Set.FEATURES: [*_shown(id=_asset_id), *_PLACE, *_shown(feature=_at(_place)), *_ASSET_FACTS],
    Set.DATASTREAMS: [
        *_shown(id=_sensor_id, name=_sensor_name, description=_of_quantity(_quantity_name)),
        *_shown(observationType=_same(MEASUREMENT)),
        *_shown("unitOfMeasurement", **{name: _of_quantity(_unit(name)) for name in ("name", "symbol", "definition")}),
        *_shown(observedArea=_place),
        *_shown("properties", name_zh=_name_in("zh"), name_en=_name_in("en"), area=_of_registry("area")),
        *_shown("properties", quantity=_of_registry("quantity"), cadence_s=_floats("cadence_s"), synthetic=_synthetic),
    ],
    Set.SENSORS: [
        *_shown(id=_sensor_id, name=_sensor_name, description=_kind_label, encodingType=_same("application/json")),
        *_shown("metadata", kind=_of_registry("kind"), low=_floats("low"), high=_floats("high")),
        *_shown("metadata", owner=_detail("owner"), calibrated_on=_detail("calibrated_on")),
    ],
    Set.OBSERVED_PROPERTIES: [
        *_shown(id=_quantities(lambda _view, quantity: quantity), name=_quantities(_quantity_name)),
        *_shown(definition=_quantities(definition), description=_quantities(_quantity_note)),
        *_shown("properties", unit=_quantities(_unit("symbol"))),
        *_shown("properties", low=_quantities(_valid_range(0)), high=_quantities(_valid_range(1))),
    ],
    Set.OBSERVATIONS: [
        *_shown(id=_observed_id, phenomenonTime=_phenomenon_time, result=_result, resultTime=_null(Kind.INSTANT)),
        *_shown(resultQuality=_quality),
        Shown(("validTime",), _null(Kind.INSTANT), always=False),
        Shown(("parameters",), _null(Kind.TEXT), always=False),
    ],
}
"""The properties of each set in the order of an answer; ``id`` is control information."""

_BY_PATH: dict[Set, dict[Path, Column]] = {
    entity_set: {one.path: one.column for one in shown} for entity_set, shown in PROPERTIES.items()
}


def names(entity_set: Set) -> tuple[str, ...]:
    """Return the names of the properties of a set, ``id`` left out."""
    return tuple(dict.fromkeys(one.path[0] for one in PROPERTIES[entity_set] if one.path != ("id",)))
