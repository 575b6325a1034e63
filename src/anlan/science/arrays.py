"""Names for the array types that cross the functions of this package."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def floats(values: npt.ArrayLike) -> Floats:
    """Return ``values`` as a float64 array; no copy is made where none is needed."""
    return np.asarray(values, dtype=np.float64)
