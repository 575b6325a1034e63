"""What a run leaves behind, before it is written: maps with their names and units, frames, series, books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.frames import Frames
from anlan.science.arrays import Floats
from anlan.science.compiled import Singles

FILL = np.float32(np.nan)


@dataclass(frozen=True, eq=False)
class Layer:
    """One map.

    Attributes
    ----------
    values : (rows, columns) array
        NaN where there is no ground; for arrival also where water never came.
    standard : str or None
        Standard name of the CF conventions.
    methods : str or None
        Its cell methods.
    threshold_m : float or None
        Depth that arrival and duration are about.
    flags : mapping or None
        Meanings of whole numbers.
    """

    name: str
    values: npt.NDArray[np.float32]
    unit: str
    title: str
    standard: str | None = None
    methods: str | None = None
    threshold_m: float | None = None
    flags: Mapping[int, str] | None = None
    source: str | None = None


@dataclass(frozen=True, eq=False)
class PointSeries:
    """Depths (times, points) at places, and the bed there, which makes levels of them."""

    names: Sequence[str]
    x_m: Floats
    y_m: Floats
    bed_m: Floats
    time_s: Floats
    depth_m: Floats


@dataclass(frozen=True, eq=False)
class Results:
    """All that is written."""

    frame: Frame
    begin: datetime
    bed_m: Floats
    layers: Sequence[Layer]
    frames: Frames | None
    points: PointSeries | None
    about: Mapping[str, str]
    summary: dict[str, Any] = field(default_factory=dict)


def masked(values: npt.NDArray[Any], bed_m: Floats) -> Singles:
    """Return values as float32, NaN where there is no ground."""
    return np.where(np.isnan(bed_m), FILL, values).astype(np.float32)
