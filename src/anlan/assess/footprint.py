"""A forecast's footprint as it is stored: wet cells of the city's grid, in whole centimetres, per cents and minutes."""

import io
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.assess.water.flooding import Flooding
from anlan.science.arrays import Floats, Ints

_FAST = 1  # of zlib: a third larger than its best, and ten times faster
_NEVER = -1
_LARGEST_CM = 32_767


@dataclass(frozen=True, eq=False)
class Footprint:
    """What is kept of a `Flooding`; see there for the names. ``depth_m`` is (3, n), ``frames_m`` (f, n).

    ``arrival_min`` counts from ``begin_s``; -1 stands for never. ``chance`` is in per cent.
    """

    begin_s: float
    cell: Ints
    depth_m: Floats
    thresholds_m: tuple[float, ...]
    chance: npt.NDArray[np.uint8]
    arrival_min: npt.NDArray[np.int16]
    frames_s: Floats
    frames_m: Floats
    watched: Ints
    looks_s: Floats
    series_m: Floats


def pack(flooding: Flooding, begin_s: float) -> bytes:
    """Return the bytes that are stored."""
    stored = io.BytesIO()
    minutes = np.where(np.isnan(flooding.arrival_s), _NEVER, np.ceil((flooding.arrival_s - begin_s) / 60))
    np.savez(
        stored,
        begin_s=begin_s,
        cell=flooding.cell.astype(np.int32),
        depth_cm=_centimetres(flooding.depth_m),
        thresholds_m=np.array(flooding.thresholds_m),
        chance=np.round(flooding.chance * 100).astype(np.uint8),
        arrival_min=minutes.astype(np.int16),
        frames_s=flooding.frames_s,
        frames_cm=_centimetres(flooding.frames_m),
        watched=flooding.watched.astype(np.int32),
        looks_s=flooding.looks_s,
        series_cm=_centimetres(flooding.series_m),
    )
    return zlib.compress(stored.getvalue(), _FAST)


def unpack(packed: bytes) -> Footprint:
    """Return what was stored."""
    with np.load(io.BytesIO(zlib.decompress(packed))) as kept:
        return Footprint(
            begin_s=float(kept["begin_s"]),
            cell=kept["cell"].astype(np.int64),
            depth_m=kept["depth_cm"] / 100.0,
            thresholds_m=tuple(kept["thresholds_m"].tolist()),
            chance=kept["chance"],
            arrival_min=kept["arrival_min"],
            frames_s=kept["frames_s"],
            frames_m=kept["frames_cm"] / 100.0,
            watched=kept["watched"].astype(np.int64),
            looks_s=kept["looks_s"],
            series_m=kept["series_cm"] / 100.0,
        )


def _centimetres(depth_m: npt.NDArray[np.floating]) -> npt.NDArray[np.int16]:
    return np.minimum(np.round(depth_m * 100), _LARGEST_CM).astype(np.int16)
