"""The tree of areas: real codes, names and boundaries; population below the district is synthetic."""

import csv
import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from shanghai.apportion import apportion
from shanghai.names import english

CITY = "310000"
DECIMALS = 8  # of a degree: about a millimetre
RESIDENTS_WEIGHT = 2.5  # people of a residents' committee for one of a village; proxy, see _town_weights
_COLUMNS: dict[str, pa.DataType] = {
    "code": pa.string(),
    "zh": pa.string(),
    "en": pa.string(),
    "level": pa.string(),
    "kind": pa.string(),
    "parent": pa.string(),
    "lon": pa.float64(),
    "lat": pa.float64(),
    "area_km2": pa.float64(),
    "quality": pa.string(),
    "population": pa.int64(),
    "population_synthetic": pa.bool_(),
    "employment_2023": pa.int64(),
    "geometry": pa.binary(),
}
SCHEMA = pa.schema(_COLUMNS)


@dataclass
class Row:
    """One area before it is written."""

    code: str
    zh: str
    en: str
    level: str
    kind: str
    parent: str | None
    lon: float | None = None
    lat: float | None = None
    area_km2: float | None = None
    quality: str | None = None
    population: int | None = None
    population_synthetic: bool = False
    employment_2023: int | None = None
    geometry: Any = field(default=None, repr=False)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return a (gzipped) CSV file as rows."""
    data = path.read_bytes()
    text = gzip.decompress(data).decode() if path.suffix == ".gz" else data.decode()
    return list(csv.DictReader(text.splitlines()))


def build_areas(raw: Path) -> list[Row]:
    """Return the city, its districts, towns and committees, each level in the order of its codes."""
    towns = _towns(raw)
    districts = _districts(raw, towns)
    villages = _villages(raw, towns)
    _populate(districts, towns, villages)
    whole = shapely.coverage_union_all([row.geometry for row in districts])
    point = whole.representative_point()
    city = Row(
        CITY, "上海市", english("上海市"), "city", "直辖市", None,
        lon=round(point.x, 5), lat=round(point.y, 5),
        area_km2=round(sum(row.area_km2 or 0.0 for row in districts), 3), quality="union_of_districts",
        population=sum(row.population or 0 for row in districts), geometry=whole,
    )  # fmt: skip
    return [city, *districts, *towns, *villages]


def _towns(raw: Path) -> list[Row]:
    table = pq.read_table(raw / "admin/shanghai_towns.parquet").to_pylist()
    table.sort(key=lambda row: row["town_code"])
    shapes = clean_coverage(shapely.from_wkb([row["geometry"] for row in table]))
    work = {row["town_code"]: row["employment_2023"] for row in read_csv(raw / "population/town_employment_2023.csv")}
    return [
        Row(
            row["town_code"], row["town_name"], english(row["town_name"]), "town", row["kind"], row["district_code"],
            lon=row["label_lon"], lat=row["label_lat"], area_km2=row["area_km2"], quality=row["quality"],
            population_synthetic=True, employment_2023=_whole(work.get(row["town_code"])), geometry=shape,
        )
        for row, shape in zip(table, shapes, strict=True)
    ]  # fmt: skip


def clean_coverage(shapes: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Return the same polygons with slivers and overlaps along shared borders removed, rounded to ``DECIMALS``.

    GEOS 3.14 ``CoverageCleaner``: neighbours then share their border vertex by vertex, so that a union has no
    gaps and a simplification moves both sides alike. No town's area changes by more than 0.01 km2.
    """
    cleaned = shapely.coverage_clean(  # type: ignore[attr-defined]  # stubs are of 2.1
        np.asarray(shapes, dtype=object)
    )
    rounded = shapely.transform(cleaned, lambda xy: np.round(xy, DECIMALS))
    if not shapely.is_valid(rounded).all():
        raise ValueError("rounding broke a polygon")
    return np.asarray([shapely.multipolygons(shapely.get_parts(shape)) for shape in rounded], dtype=object)


def _districts(raw: Path, towns: list[Row]) -> list[Row]:
    facts = {row["district_code"]: row for row in read_csv(raw / "population/district_population.csv")}
    features = json.loads((raw / "admin/shanghai_districts.geojson").read_text())["features"]
    rows = []
    for feature in sorted(features, key=lambda feature: feature["properties"]["district_code"]):
        given = feature["properties"]
        own = [row.geometry for row in towns if row.parent == given["district_code"]]
        fact = facts[given["district_code"]]
        rows.append(
            Row(
                given["district_code"], given["district"], given["district_en"], "district", "区", CITY,
                lon=given["label_lon"], lat=given["label_lat"], area_km2=given["area_km2"],
                quality="union_of_towns", population=int(fact["pop_census_2020"]),
                employment_2023=_whole(fact["employment_2023"]), geometry=shapely.coverage_union_all(own),
            )
        )  # fmt: skip
    return rows


def _villages(raw: Path, towns: list[Row]) -> list[Row]:
    known = {row.code for row in towns}
    rows = []
    for row in sorted(read_csv(raw / "admin/shanghai_villages.csv.gz"), key=lambda row: row["code"]):
        # 62 committees belong to 17 development zones and farms that have no boundary; they hang on the district.
        parent = row["town_code"] if row["town_code"] in known else row["district_code"]
        rows.append(Row(row["code"], row["name"], english(row["name"]), "village", row["kind"], parent))
    return rows


def _populate(districts: list[Row], towns: list[Row], villages: list[Row]) -> None:
    """Share each district's census among its towns, and each town's among its committees."""
    for district in districts:
        own = [row for row in towns if row.parent == district.code]
        for row, people in zip(own, apportion(district.population or 0, _town_weights(own, villages)), strict=True):
            row.population = int(people)
    for town in towns:
        own = [row for row in villages if row.parent == town.code]
        weights = [_village_weight(row) for row in own]
        for row, people in zip(own, apportion(town.population or 0, weights), strict=True):
            row.population, row.population_synthetic = int(people), True


def _town_weights(towns: list[Row], villages: list[Row]) -> npt.NDArray[np.float64]:
    """Weigh towns by their committees, a residents' one counting ``RESIDENTS_WEIGHT`` times a villagers', and by area.

    A residents' committee serves 1 000 to 3 000 households by rule, a village about a third of that; the area
    (power 0.15) leans towards the larger where the counts are equal. Proxy of the package's maker, not a statistic.
    """
    weights = []
    for town in towns:
        committees = sum(_village_weight(row) for row in villages if row.parent == town.code)
        weights.append(committees * (town.area_km2 or 1.0) ** 0.15)
    return np.asarray(weights)


def _village_weight(row: Row) -> float:
    return 1.0 if row.kind == "村委会" else RESIDENTS_WEIGHT


def zones(raw: Path) -> list[dict[str, str | int]]:
    """Return the development zones and farms that have a town code and no boundary."""
    table = read_csv(raw / "admin/shanghai_town_codes.csv")
    return [
        {
            "code": row["town_code"],
            "zh": row["town_name"],
            "en": english(row["town_name"]),
            "district": row["district_code"],
            "villages": int(row["n_villages"]),
        }
        for row in table
        if row["has_polygon"] != "True"
    ]


def to_table(rows: list[Row]) -> pa.Table:
    """Return the areas as the package's table."""
    columns: dict[str, list[Any]] = {name: [getattr(row, name) for row in rows] for name in SCHEMA.names}
    columns["geometry"] = [None if shape is None else shapely.to_wkb(shape) for shape in columns["geometry"]]
    return pa.table(columns, schema=SCHEMA)


def _whole(text: str | None) -> int | None:
    return int(float(text)) if text else None


def adjacency(raw: Path) -> pa.Table:
    """Return the pairs of towns that share a border, with its length in metres."""
    pairs = read_csv(raw / "admin/town_adjacency.csv")
    rows = sorted((*sorted((row["town_a"], row["town_b"])), float(row["shared_border_m"])) for row in pairs)
    return pa.table({"a": [r[0] for r in rows], "b": [r[1] for r in rows], "border_m": [r[2] for r in rows]})
