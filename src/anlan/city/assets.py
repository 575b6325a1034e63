"""Assets, whatever has a place and can be harmed or can help, and the sensors that instruments carry."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.kernel.access import jurisdiction
from anlan.kernel.errors import NotFound

Texts = npt.NDArray[np.str_]
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Asset:
    """One asset; ``area`` is the town that it stands in, ``type`` an asset type of the catalog."""

    id: str
    type: str
    zh: str
    en: str
    lon: float
    lat: float
    area: str
    attributes: Mapping[str, Any]
    synthetic: bool
    source: str

    def name(self, lang: str) -> str:
        """Return the name in one language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, eq=False)
class Assets:
    """All assets of a city as columns of one length; a row number means the same asset in each."""

    id: Texts
    type: Texts
    zh: Texts
    en: Texts
    lon: Floats
    lat: Floats
    area: Texts
    attributes: npt.NDArray[np.object_]
    synthetic: npt.NDArray[np.bool_]
    source: Texts

    @cached_property
    def _row_by_id(self) -> Mapping[str, int]:
        return {id_: row for row, id_ in enumerate(self.id.tolist())}

    @cached_property
    def _rows_by_type(self) -> Mapping[str, Rows]:
        return {str(kind): np.flatnonzero(self.type == kind) for kind in np.unique(self.type)}

    @cached_property
    def types(self) -> tuple[str, ...]:
        """Asset types that occur, in alphabetical order."""
        return tuple(self._rows_by_type)

    def __len__(self) -> int:
        return len(self.id)

    def __iter__(self) -> Iterator[Asset]:
        return (self.at(row) for row in range(len(self)))

    def __contains__(self, id_: object) -> bool:
        return id_ in self._row_by_id

    def row(self, id_: str) -> int:
        """Return the row of an asset.

        Raises
        ------
        NotFound
            ``city.asset.unknown``.
        """
        if id_ not in self._row_by_id:
            raise NotFound("city.asset.unknown", value=id_)
        return self._row_by_id[id_]

    def asset(self, id_: str) -> Asset:
        """Return one asset by id; :class:`NotFound` ``city.asset.unknown`` where there is none."""
        return self.at(self.row(id_))

    def at(self, row: int) -> Asset:
        """Return the asset in one row."""
        return Asset(
            id=str(self.id[row]),
            type=str(self.type[row]),
            zh=str(self.zh[row]),
            en=str(self.en[row]),
            lon=float(self.lon[row]),
            lat=float(self.lat[row]),
            area=str(self.area[row]),
            attributes=json.loads(self.attributes[row]),
            synthetic=bool(self.synthetic[row]),
            source=str(self.source[row]),
        )

    def of_type(self, type_: str | None = None) -> Rows:
        """Return the rows of one type, in order; all rows for None, none for a type that does not occur."""
        if type_ is None:
            return np.arange(len(self))
        return self._rows_by_type.get(type_, np.empty(0, dtype=np.int64))

    def by_area(self, code: str, type_: str | None = None) -> Rows:
        """Return the rows of everything within an area's jurisdiction, of one type or all."""
        rows = self.of_type(type_)
        return rows[np.strings.startswith(self.area[rows], jurisdiction(code))]

    def values(self, rows: Rows, attribute: str, missing: float = 0.0) -> Floats:
        """Return one numeric attribute of some rows; ``missing`` where an asset has none."""
        return np.array([json.loads(text).get(attribute, missing) for text in self.attributes[rows]], dtype=np.float64)


@dataclass(frozen=True)
class Sensor:
    """One quantity measured by one asset; ``unit`` is a unit of the catalog, ``period_s`` the usual interval."""

    id: str
    asset: str
    quantity: str
    unit: str
    period_s: int
    area: str
    lon: float
    lat: float


@dataclass(frozen=True, eq=False)
class Sensors:
    """All sensors of a city as columns of one length."""

    id: Texts
    asset: Texts
    quantity: Texts
    unit: Texts
    period_s: Rows
    area: Texts
    lon: Floats
    lat: Floats

    @cached_property
    def _row_by_id(self) -> Mapping[str, int]:
        return {id_: row for row, id_ in enumerate(self.id.tolist())}

    def __len__(self) -> int:
        return len(self.id)

    def __iter__(self) -> Iterator[Sensor]:
        return (self.at(row) for row in range(len(self)))

    def __contains__(self, id_: object) -> bool:
        return id_ in self._row_by_id

    def sensor(self, id_: str) -> Sensor:
        """Return one sensor by id.

        Raises
        ------
        NotFound
            ``city.sensor.unknown``.
        """
        if id_ not in self._row_by_id:
            raise NotFound("city.sensor.unknown", value=id_)
        return self.at(self._row_by_id[id_])

    def at(self, row: int) -> Sensor:
        """Return the sensor in one row."""
        return Sensor(
            id=str(self.id[row]),
            asset=str(self.asset[row]),
            quantity=str(self.quantity[row]),
            unit=str(self.unit[row]),
            period_s=int(self.period_s[row]),
            area=str(self.area[row]),
            lon=float(self.lon[row]),
            lat=float(self.lat[row]),
        )

    def measuring(self, quantity: str) -> Rows:
        """Return the rows of the sensors that measure one quantity."""
        return np.flatnonzero(self.quantity == quantity)
