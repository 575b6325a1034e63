"""Larger parts of SciPy behind small functions that load them at first use.

Loading them takes half a second, which a server's start should not wait for.
"""

from typing import TYPE_CHECKING

from anlan.science.arrays import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from scipy.spatial import cKDTree


def tree(points: Floats) -> "cKDTree":
    """Return a tree of points (n, 2) for searches of the nearest."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    return cKDTree(points)


def summed(values: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> "csr_array":
    """Return the sparse array of a shape in which values at the same place are added up."""
    from scipy.sparse import coo_array, csr_array  # noqa: PLC0415

    return csr_array(coo_array((values, (rows, columns)), shape=shape))


def rows_scaled(array: "csr_array", factors: Floats) -> "csr_array":
    """Return a sparse array with each row multiplied by its factor."""
    from scipy.sparse import csr_array, diags_array  # noqa: PLC0415

    return csr_array(diags_array(factors) @ array)
