"""Between longitude and latitude at the doors and the city's metric system inside."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """WGS 84 longitude and latitude to a metric system and back; all functions take arrays."""

    crs: str

    @cached_property
    def _there(self) -> pyproj.Transformer:
        return pyproj.Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)

    def metres(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return x (east) and y (north) in metres."""
        x, y = self._there.transform(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
        return x, y

    def degrees(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return longitude and latitude."""
        lon, lat = self._there.transform(
            np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), direction="INVERSE"
        )
        return lon, lat

    def project(self, shapes: Any) -> Any:
        """Return geometries in metres."""
        return shapely.transform(shapes, lambda xy: np.column_stack(self.metres(xy[:, 0], xy[:, 1])))
