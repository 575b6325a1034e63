"""Loading a city package into memory."""

from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import shapely

from anlan.city.areas import Area, Areas
from anlan.city.assets import Assets, Sensors
from anlan.city.city import City
from anlan.city.package import Package, open_package


def load_city(where: str | Path = "shanghai") -> City:
    """Load a city from a package folder, or a built-in one by name.

    Raises
    ------
    Invalid
        ``city.package.unreadable`` where there is no package.
    """
    package = open_package(where)
    return City(package, load_areas(package), load_assets(package), load_sensors(package))


def load_areas(package: Package) -> Areas:
    """Read the tree of areas and the borders between towns."""
    columns = pq.read_table(package.path("areas.parquet")).to_pydict()
    columns["geometry"] = list(shapely.from_wkb(np.asarray(columns["geometry"], dtype=object)))
    names = list(columns)
    rows = (Area(**dict(zip(names, values, strict=True))) for values in zip(*columns.values(), strict=True))
    return Areas(MappingProxyType({area.code: area for area in rows}), _borders(package))


def load_assets(package: Package) -> Assets:
    """Read the table of assets."""
    columns = _columns(package, "assets.parquet")
    return Assets(**{**columns, "attributes": columns["attributes"].astype(object)})


def load_sensors(package: Package) -> Sensors:
    """Read the table of sensors."""
    return Sensors(**_columns(package, "sensors.parquet"))


def _columns(package: Package, name: str) -> dict[str, Any]:
    """Read a table as arrays; texts become NumPy texts, whose comparisons are vectorised."""
    table = pq.read_table(package.path(name))
    columns = {column: table[column].to_numpy(zero_copy_only=False) for column in table.column_names}
    return {name: column.astype(np.str_) if column.dtype == object else column for name, column in columns.items()}


def _borders(package: Package) -> MappingProxyType[str, tuple[str, ...]]:
    pairs = pq.read_table(package.path("adjacency.parquet"), columns=["a", "b"]).to_pydict()
    found: dict[str, list[str]] = {}
    for a, b in zip(pairs["a"], pairs["b"], strict=True):
        found.setdefault(a, []).append(b)
        found.setdefault(b, []).append(a)
    return MappingProxyType({code: tuple(sorted(others)) for code, others in found.items()})
