"""What can be asked of the city; each answer stays within the reader's areas."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from anlan.city.areas import Area, Level
from anlan.city.assets import Asset, Assets, Rows, Texts
from anlan.city.city import city_of
from anlan.kernel.actions import Reader
from anlan.kernel.errors import Invalid, NotFound

MOST = 20_000
"""Assets in one answer."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class AreaLine:
    """One area in a list, without its boundary."""

    code: str
    zh: str
    en: str
    level: Level
    kind: str
    parent: str | None
    lon: float | None
    lat: float | None
    area_km2: float | None
    quality: str | None
    population: int | None
    population_synthetic: bool


@dataclass(frozen=True)
class AreaPage:
    """One area with what is around and in it; ``assets`` counts the assets of each type."""

    area: AreaLine
    ancestors: tuple[AreaLine, ...]
    children: tuple[AreaLine, ...]
    neighbours: tuple[str, ...]
    assets: Mapping[str, int]
    bounds: Bounds | None


def list_areas(reader: Reader, *, level: Level | None = None, parent: str | None = None) -> list[AreaLine]:
    """Return the areas in sight, of one level or right below one area."""
    areas = city_of(reader).areas
    codes = areas.by_code if parent is None else areas.children(parent)
    found = (areas.area(code) for code in codes)
    return [_line(area) for area in found if reader.scope.covers(area.code) and level in (None, area.level)]


def area_page(reader: Reader, code: str) -> AreaPage:
    """Return one area.

    Raises
    ------
    NotFound
        ``city.area.unknown``.
    Forbidden
        If it lies outside the reader's areas.
    """
    city = city_of(reader)
    area = city.area(code)
    reader.require(code)
    counts = Counter(city.assets.type[city.by_area(code)].tolist())
    west, south, east, north = area.geometry.bounds if area.geometry is not None else (0.0, 0.0, 0.0, 0.0)
    return AreaPage(
        area=_line(area),
        ancestors=tuple(_line(city.area(above)) for above in city.areas.ancestors(code)),
        children=tuple(_line(city.area(below)) for below in city.children(code)),
        neighbours=city.neighbours(code),
        assets=dict(sorted(counts.items())),
        bounds=None if area.geometry is None else (west, south, east, north),
    )


def find_assets(
    reader: Reader,
    *,
    type_: str | None = None,
    area: str | None = None,
    bounds: Bounds | None = None,
    limit: int = MOST,
) -> tuple[list[Asset], int]:
    """Return the assets in sight, in the order of type and area, and how many there are without the limit.

    Raises
    ------
    Invalid
        ``city.asset.type_unknown``, ``city.bounds.empty``.
    NotFound
        ``city.area.unknown``.
    """
    city = city_of(reader)
    assets = city.assets
    if type_ is not None and type_ not in reader.catalog.asset_types and type_ not in assets.types:
        raise Invalid("city.asset.type_unknown", at="type", value=type_, params={"known": ", ".join(assets.types)})
    if area is not None:
        city.area(area)
        reader.require(area)
    rows = assets.of_type(type_) if area is None else city.by_area(area, type_)
    rows = rows[_in_sight(reader, assets.area[rows])]
    if bounds is not None:
        rows = rows[_inside(assets, rows, bounds)]
    return [assets.at(int(row)) for row in rows[:limit]], len(rows)


def one_asset(reader: Reader, id_: str) -> Asset:
    """Return one asset; one out of sight is not found, so that its id tells nothing.

    Raises
    ------
    NotFound
        ``city.asset.unknown``.
    """
    asset = city_of(reader).assets.asset(id_)
    if not reader.scope.covers(asset.area):
        raise NotFound("city.asset.unknown", value=id_)
    return asset


def boundary(reader: Reader, code: str) -> Mapping[str, Any]:
    """Return an area's boundary as GeoJSON properties and geometry; the geometry is None for a committee."""
    area = city_of(reader).area(code)
    reader.require(code)
    return {
        "properties": _line(area).__dict__,
        "geometry": shapely.geometry.mapping(area.geometry) if area.geometry else None,
    }


def _in_sight(reader: Reader, codes: Texts) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell for each area code whether it lies in the reader's scope, as :meth:`Scope.covers` does for one."""
    seen = np.zeros(len(codes), dtype=np.bool_)
    for prefix in reader.scope.prefixes:
        seen |= np.strings.startswith(codes, prefix)
    return seen


def _inside(assets: Assets, rows: Rows, bounds: Bounds) -> np.ndarray[Any, np.dtype[np.bool_]]:
    west, south, east, north = bounds
    if not (west <= east and south <= north):
        raise Invalid("city.bounds.empty", at="bbox", value=",".join(map(str, bounds)))
    lon, lat = assets.lon[rows], assets.lat[rows]
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _line(area: Area) -> AreaLine:
    return AreaLine(**{name: getattr(area, name) for name in AreaLine.__dataclass_fields__})
