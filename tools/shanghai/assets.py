"""Assets: real metro stations and tide gauges; all else synthetic, placed inside its town by a seed."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from shanghai.apportion import apportion
from shanghai.areas import CITY, Row, read_csv
from shanghai.facilities import FACILITIES, Facility, Weight
from shanghai.names import english

SCRIPT = "script"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asset:
    """One asset before it is written."""

    id: str
    type: str
    zh: str
    en: str
    lon: float
    lat: float
    area: str
    attributes: dict[str, Any]
    synthetic: bool
    source: str


def rng_of(seed: int, what: str) -> np.random.Generator:
    """Return a stream of its own for one kind of thing, so that adding another kind changes nothing here."""
    return np.random.default_rng([seed, zlib.crc32(what.encode())])


def points_inside(shape: Any, n: int, rng: np.random.Generator) -> Floats:
    """Return ``n`` points (lon, lat), evenly spread over a polygon, rounded to 5 decimals and still inside."""
    west, south, east, north = shape.bounds
    found: list[Floats] = []
    missing = n
    while missing > 0:
        tries = np.round(rng.uniform((west, south), (east, north), (missing * 4 + 8, 2)), 5)
        kept = tries[shapely.contains_xy(shape, tries[:, 0], tries[:, 1])][:missing]
        found.append(kept)
        missing -= len(kept)
    return np.concatenate(found) if found else np.empty((0, 2))


def metro_stations(raw: Path, towns: list[Row]) -> list[Asset]:
    """Return the real stations; those beyond the city's border belong to the city as a whole."""
    rows = read_csv(raw / "transport/metro_stations.csv")
    rows.sort(key=lambda row: (row["name_latin"], row["lon"]))
    codes = locate(towns, [float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows])
    made = []
    for number, (row, code) in enumerate(zip(rows, codes, strict=True), start=1):
        attributes: dict[str, Any] = {"lines": row["lines"].replace("/", ",").replace("|", ",")}
        attributes |= {"interchange": row["interchange"] == "True"} | ({} if code else {"outside_city": True})
        made.append(
            Asset(
                f"metro_station-{number:03d}", "metro_station", row["name_zh"], f"{english(row['name_zh'])} Station",
                float(row["lon"]), float(row["lat"]), code or CITY, attributes, False, "MetroMapOpenMiniProgram",
            )
        )  # fmt: skip
    return made


def locate(towns: list[Row], lon: list[float], lat: list[float]) -> list[str | None]:
    """Return the town of each point, None where there is none."""
    tree = shapely.STRtree([town.geometry for town in towns])
    points, hits = tree.query(shapely.points(lon, lat), predicate="intersects")
    found: list[str | None] = [None] * len(lon)
    for point, hit in zip(points[::-1], hits[::-1], strict=True):
        found[point] = towns[hit].code
    return found


def weights(towns: list[Row], districts: list[Row], weight: Weight) -> Floats:
    """Return what each town counts for when facilities are shared out."""
    people = np.array([town.population or 0 for town in towns], dtype=float)
    area = np.array([town.area_km2 or 0 for town in towns])
    work = _work(towns, districts, people)
    formulas: dict[Weight, Floats] = {
        "people": people,
        "work": work,
        "area": area,
        "mixed": np.sqrt(people / people.sum() * area / area.sum()),
        "central": work * (work / area) ** 0.3,
    }
    return formulas[weight]


def _work(towns: list[Row], districts: list[Row], people: Floats) -> Floats:
    """Workplace employment; where a district publishes none by town, its own shared out by people."""
    whole = {row.code: (row.employment_2023 or 0, row.population or 1) for row in districts}
    shared = [whole[town.parent or ""][0] / whole[town.parent or ""][1] for town in towns]
    given = [town.employment_2023 for town in towns]
    return np.array([g or s * p for g, s, p in zip(given, shared, people, strict=True)], dtype=float)


def facilities(towns: list[Row], districts: list[Row], seed: int) -> list[Asset]:
    """Return all synthetic facilities."""
    made: list[Asset] = []
    numbers: dict[tuple[str, str], int] = {}
    for facility in FACILITIES:
        rng = rng_of(seed, f"{facility.type}/{facility.en}")
        share = weights(towns, districts, facility.weight)
        for town, count in zip(towns, _counts(facility, share, rng), strict=True):
            made.extend(_in_town(facility, town, int(count), rng, numbers))
    return made


def _counts(facility: Facility, share: Floats, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    if facility.total >= 100:
        return apportion(facility.total, share, facility.least)
    counts = np.zeros(len(share), dtype=np.int64)
    counts[rng.choice(len(share), facility.total, replace=False, p=share / share.sum())] = 1
    return counts


def _in_town(
    facility: Facility, town: Row, count: int, rng: np.random.Generator, numbers: dict[tuple[str, str], int]
) -> Iterable[Asset]:
    for name, (lon, lat), attributes in zip(
        range(1, count + 1), points_inside(town.geometry, count, rng), facility.attributes(rng, count), strict=True
    ):
        key = (facility.type, town.code)
        numbers[key] = numbers.get(key, 0) + 1
        yield Asset(
            f"{facility.type}-{town.code}-{numbers[key]}", facility.type, f"{town.zh}{facility.zh}{name}",
            f"{town.en} {facility.en} {name}", float(lon), float(lat), town.code, attributes, True, SCRIPT,
        )  # fmt: skip


def elevators(assets: list[Asset]) -> list[Asset]:
    """Return one elevator bank for each high-rise."""
    return [
        Asset(
            tower.id.replace("high_rise", "elevator"), "elevator", f"{tower.zh}电梯", f"{tower.en} Elevators",
            tower.lon, tower.lat, tower.area,
            {
                "registration": f"SYN-{tower.id[10:]}",
                "building": tower.id,
                "cars": 2 + tower.attributes["floors"] // 10,
            },
            True, SCRIPT,
        )
        for tower in assets
        if tower.type == "high_rise"
    ]  # fmt: skip


def to_table(assets: list[Asset]) -> pa.Table:
    """Return the assets as the package's table, in the order of type and id."""
    rows = sorted(assets, key=lambda asset: (asset.type, asset.area, asset.id))
    return pa.table(
        {
            "id": [a.id for a in rows],
            "type": pa.array([a.type for a in rows]).dictionary_encode(),
            "zh": [a.zh for a in rows],
            "en": [a.en for a in rows],
            "lon": [a.lon for a in rows],
            "lat": [a.lat for a in rows],
            "area": [a.area for a in rows],
            "attributes": [json.dumps(a.attributes, ensure_ascii=False, separators=(",", ":")) for a in rows],
            "synthetic": [a.synthetic for a in rows],
            "source": pa.array([a.source for a in rows]).dictionary_encode(),
        }
    )
