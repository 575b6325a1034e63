"""A small case to begin with: a basin of 12 by 16 cells, written as a person would."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import yaml
from rasterio.transform import Affine

WEST_M, NORTH_M, CELL_M = 330_000.0, 3_437_000.0, 10.0
CRS = "EPSG:32651"


def basin(rows: int = 12, columns: int = 16) -> np.ndarray:
    """Return a bowl: 1 m in the middle, 2 m at the rim."""
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    return (1 + (x**2 + y**2) / 2).astype(np.float32)


def write_raster(path: Path, values: np.ndarray, **more: Any) -> Path:
    """Write a raster, a GeoTIFF unless another driver is named."""
    shape = {"width": values.shape[1], "height": values.shape[0], "count": 1, "dtype": values.dtype.name}
    place = {"crs": CRS, "transform": Affine(CELL_M, 0, WEST_M, 0, -CELL_M, NORTH_M)}
    with rasterio.open(path, "w", **({"driver": "GTiff", "nodata": -9999.0} | shape | place | more)) as held:
        held.write(values, 1)
    return path


Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a case with its terrain: sections given replace those of the plain one, None leaves one out."""

    def made(heights: np.ndarray | None = None, **sections: Any) -> Path:
        write_raster(tmp_path / "terrain.tif", basin() if heights is None else heights)
        case = {
            "title": "a basin",
            "synthetic": True,
            "crs": CRS,
            "terrain": {"file": "terrain.tif"},
            "manning": 0.03,
            "time": {"begin": "2026-08-01T20:00:00+08:00", "hours": 0.5},
        } | sections
        text = yaml.safe_dump({k: v for k, v in case.items() if v is not None}, sort_keys=False, allow_unicode=True)
        (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
        return tmp_path / "case.yaml"

    return made
