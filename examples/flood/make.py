"""Write the files of this folder's case: a town that does not exist, from a seed. ``python examples/flood/make.py``.

A plain 3 m above the sea that falls gently to a canal in the south, streets lower than their blocks, houses on the
blocks, an underpass, a hole in the data, a flood wall along the canal with a gap at the underpass's street, an hour of
heavy rain and a tide in the canal. All of it is synthetic.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.transform import Affine

SEED = 310117
ROWS, COLUMNS, CELL_M = 100, 120, 10.0
WEST_M, NORTH_M = 330_000.0, 3_437_000.0
CRS = "EPSG:32651"
STREET_EVERY, CANAL_ROWS = 12, 6
_UTM = "urn:ogc:def:crs:EPSG::32651"


def ground(rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return heights: a slope to the south, noise, streets, a canal, an underpass, a hole."""
    row, column = np.mgrid[0:ROWS, 0:COLUMNS]
    height = 3.6 - 0.006 * row + rng.normal(0, 0.02, (ROWS, COLUMNS))
    street = (row % STREET_EVERY < 2) | (column % STREET_EVERY < 2)
    height[street] -= 0.2
    height[ROWS - CANAL_ROWS :] = 1.0
    height[48:50, 58:64] -= 2.0
    height[10:13, 100:104] = np.nan
    return np.asarray(height, dtype=np.float32)


def houses(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return houses on the blocks, as features of GeoJSON."""
    found: list[dict[str, Any]] = []
    for row in range(2, ROWS - CANAL_ROWS - STREET_EVERY, STREET_EVERY):
        for column in range(2, COLUMNS - STREET_EVERY, STREET_EVERY):
            for part in range(2):
                west = WEST_M + (column + 1 + 5 * part) * CELL_M + rng.uniform(0, 5)
                north = NORTH_M - (row + 2) * CELL_M - rng.uniform(0, 10)
                east, south = west + rng.uniform(15, 35), north - rng.uniform(20, 45)
                ring = [[west, north], [east, north], [east, south], [west, south], [west, north]]
                shape = {"type": "Polygon", "coordinates": [np.round(ring, 2).tolist()]}
                height = {"height_m": round(float(rng.uniform(6, 30)), 1)}
                found.append({"type": "Feature", "properties": height, "geometry": shape})
    return found


def wall() -> list[dict[str, Any]]:
    """Return the flood wall along the canal: two pieces with a gap."""
    north = NORTH_M - (ROWS - CANAL_ROWS) * CELL_M
    pieces = [(0, 59), (61, COLUMNS)]
    return [
        {
            "type": "Feature",
            "properties": {"name": f"wall {k + 1}", "crest_m": 4.2},
            "geometry": {
                "type": "LineString",
                "coordinates": [[WEST_M + a * CELL_M, north], [WEST_M + b * CELL_M, north]],
            },
        }
        for k, (a, b) in enumerate(pieces)
    ]


def write_features(path: Path, features: list[dict[str, Any]]) -> None:
    """Write GeoJSON in the metric CRS, stated by the old ``crs`` member that GDAL reads."""
    crs = {"type": "name", "properties": {"name": _UTM}}
    table = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def write_raster(path: Path, values: npt.NDArray[np.generic], nodata: float, unit: str) -> None:
    """Write a GeoTIFF."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=values.shape[1],
        height=values.shape[0],
        count=1,
        dtype=values.dtype.name,
        crs=CRS,
        transform=Affine(CELL_M, 0, WEST_M, 0, -CELL_M, NORTH_M),
        nodata=nodata,
        compress="deflate",
    ) as held:
        held.write(values, 1)
        held.set_band_unit(1, unit)
        held.update_tags(synthetic="true", seed=str(SEED))


def write_series(folder: Path) -> None:
    """Write the tide and the rain, every 10 minutes of 2 hours."""
    minutes = np.arange(0, 121, 10)
    stamps = [f"2026-08-01T{20 + m // 60:02d}:{m % 60:02d}:00+08:00" for m in minutes]
    tide = 2.4 + 0.8 * np.sin(2 * np.pi * (minutes / 60 - 0.5) / 12.42)
    fallen = 12 * np.exp(-(((minutes - 35) / 22) ** 2))
    fallen[minutes > 90] = 0
    rows = ["time,level_m", *(f"{s},{v:.3f}" for s, v in zip(stamps, tide, strict=True))]
    (folder / "tide.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = ["time,rain_mm", *(f"{s},{v:.2f}" for s, v in zip(stamps, fallen, strict=True))]
    (folder / "rain.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def make(folder: Path) -> None:
    """Write all files of the case, besides the case itself."""
    rng = np.random.default_rng(SEED)
    heights = ground(rng)
    write_raster(folder / "terrain.tif", heights, float("nan"), "m")
    row, column = np.mgrid[0:ROWS, 0:COLUMNS]
    cover = np.where((row % STREET_EVERY < 2) | (column % STREET_EVERY < 2), 50, 30).astype(np.uint8)
    cover[ROWS - CANAL_ROWS :] = 80
    write_raster(folder / "land_cover.tif", cover, 0, "")
    write_features(folder / "buildings.geojson", houses(rng))
    write_features(folder / "wall.geojson", wall())
    write_series(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
