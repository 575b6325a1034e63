"""Where is it, what is inside, what is nearest: spatial queries over arrays of points."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from anlan.city.areas import Areas
from anlan.city.assets import Assets, Floats, Rows, Texts
from anlan.city.projection import Projection
from anlan.science.scipy_parts import tree

if TYPE_CHECKING:
    from scipy.spatial import cKDTree


@dataclass(frozen=True, eq=False)
class Spatial:
    """Indexes over one city's towns and assets, each built when first asked for."""

    areas: Areas
    assets: Assets
    projection: Projection

    @cached_property
    def _towns(self) -> tuple[Texts, shapely.STRtree]:
        towns = self.areas.levels["town"]
        shapes = np.array([town.geometry for town in towns], dtype=object)
        shapely.prepare(shapes)
        return np.array([town.code for town in towns], dtype=np.str_), shapely.STRtree(shapes)

    @cached_property
    def _points(self) -> shapely.STRtree:
        return shapely.STRtree(np.asarray(shapely.points(self.assets.lon, self.assets.lat)))

    @cached_property
    def _trees(self) -> dict[str | None, "cKDTree"]:
        return {}

    def locate(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Texts:
        """Return the code of the town that each point lies in, ``""`` where there is none.

        A point on a border belongs to the town with the lower code.

        Parameters
        ----------
        lon, lat
            Degrees, shape (n,).

        Returns
        -------
        Shape (n,).
        """
        codes, tree = self._towns
        points = np.asarray(shapely.points(np.atleast_1d(lon), np.atleast_1d(lat)))
        which, hits = tree.query(points, predicate="intersects")
        first = np.full(len(points), len(codes), dtype=np.int64)
        np.minimum.at(first, which, hits)
        return np.append(codes, "")[first]

    def within(self, polygon: BaseGeometry, type_: str | None = None) -> Rows:
        """Return the rows of the assets inside a polygon (degrees) or on its border, in order."""
        rows = np.sort(self._points.query(polygon, predicate="intersects"))
        return rows if type_ is None else rows[self.assets.type[rows] == type_]

    def nearest(
        self, lon: npt.ArrayLike, lat: npt.ArrayLike, type_: str | None = None, k: int = 1
    ) -> tuple[Rows, Floats]:
        """Return the ``k`` nearest assets to each point, nearest first, and how far they are in a straight line.

        Parameters
        ----------
        lon, lat
            Degrees, shape (n,).
        type_
            Asset type, or None for any.
        k
            How many; fewer are given where there are fewer.

        Returns
        -------
        rows, distance_m
            Shape (n, min(k, number of assets of the type)). Metres in the city's metric system.
        """
        own = self.assets.of_type(type_)
        count = min(k, len(own))
        x, y = self.projection.metres(np.atleast_1d(lon), np.atleast_1d(lat))
        if count == 0:
            return np.empty((len(x), 0), dtype=np.int64), np.empty((len(x), 0))
        distance, found = self._tree(type_).query(np.column_stack([x, y]), k=np.arange(1, count + 1))
        return own[np.asarray(found)], np.asarray(distance)

    def _tree(self, type_: str | None) -> "cKDTree":
        if type_ not in self._trees:
            rows = self.assets.of_type(type_)
            x, y = self.projection.metres(self.assets.lon[rows], self.assets.lat[rows])
            self._trees[type_] = tree(np.column_stack([x, y]))
        return self._trees[type_]
