"""Road graphs as arrays: nodes, edges and their lengths."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from anlan.city.package import Package

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Roads:
    """A road graph.

    Attributes
    ----------
    node_lon, node_lat
        Shape (n,), degrees. A node's number is its place here.
    tail, head
        Shape (m,), nodes that an edge leaves and reaches.
    length_m
        Shape (m,).
    oneway
        Shape (m,); an edge that is not one-way may be driven both ways.
    kind, name
        Shape (m,), kind of road and its name; empty where not known.
    geometry
        Shape (m,), lines in degrees.
    """

    node_lon: Floats
    node_lat: Floats
    tail: Ints
    head: Ints
    length_m: Floats
    oneway: npt.NDArray[np.bool_]
    kind: npt.NDArray[np.str_]
    name: npt.NDArray[np.str_]
    geometry: npt.NDArray[np.object_]


def load_roads(package: Package, name: str) -> Roads:
    """Read a road graph: ``"expressways"``, the city's skeleton, or ``"center"``, all streets of its middle."""
    nodes = pq.read_table(package.path(f"roads/{name}_nodes.parquet")).sort_by("node_id")
    edges = pq.read_table(package.path(f"roads/{name}_edges.parquet"))
    numbers = nodes["node_id"].to_numpy()
    return Roads(
        node_lon=nodes["lon"].to_numpy(),
        node_lat=nodes["lat"].to_numpy(),
        tail=np.searchsorted(numbers, edges["u"].to_numpy()),
        head=np.searchsorted(numbers, edges["v"].to_numpy()),
        length_m=edges["length_m"].to_numpy(),
        oneway=_column(edges, "oneway", False).astype(np.bool_),
        kind=_column(edges, "kind" if "kind" in edges.column_names else "highway", "").astype(np.str_),
        name=_column(edges, "name", "").astype(np.str_),
        geometry=np.asarray(shapely.from_wkb(edges["geometry"].to_pylist()), dtype=object),
    )


def _column(table: pa.Table, name: str, missing: str | bool) -> npt.NDArray[np.object_]:
    """Return a column, with ``missing`` for empty values; a column of it where the table has none."""
    if name not in table.column_names:
        return np.full(table.num_rows, missing, dtype=object)
    return np.array([missing if value is None else value for value in table[name].to_pylist()], dtype=object)
