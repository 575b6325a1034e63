"""The static flood analysis of a city's terrain, done when the package is built.

It saves the first second or so of every start. The fields are stored narrow; those that follow from others are not
stored. ``tests/city/test_bluespots.py`` holds the stored form against a fresh analysis.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.city.package import Package
from anlan.science.bluespots import Bluespots

FILE = "bluespots.npz"
_NARROW: dict[str, type[np.generic]] = {
    "catchment": np.int32,
    "label": np.int32,
    "cell": np.int32,
    "pour_cell": np.int32,
}


def pack(spots: Bluespots) -> dict[str, npt.NDArray[Any]]:
    """Return an analysis as arrays to be stored."""
    fields = {name: np.asarray(getattr(spots, name)) for name in Bluespots.__dataclass_fields__}
    return {name: values.astype(_NARROW.get(name, values.dtype)) for name, values in fields.items()}


def load_bluespots(package: Package) -> Bluespots:
    """Read the stored analysis."""
    with np.load(package.path(FILE)) as stored:
        fields: dict[str, Any] = {name: stored[name] for name in Bluespots.__dataclass_fields__}
    for name in _NARROW:
        fields[name] = fields[name].astype(np.int64)
    rows, cols = fields["shape"].tolist()
    return Bluespots(**{**fields, "shape": (rows, cols), "cell_m2": float(fields["cell_m2"])})
