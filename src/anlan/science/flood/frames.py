"""The depth on the whole grid every so often, packed: which cells are wet, one bit each, and their depths in cm."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.compiled import Singles
from anlan.science.flood.gauges import next_multiple
from anlan.science.flood.simulation import Kept, Solver

_MOST_CM = np.iinfo(np.int16).max


@dataclass(frozen=True, eq=False)
class Frame:
    """Depths at one moment.

    Attributes
    ----------
    time_s : float
    shape : tuple of int
        Rows and columns.
    wet : (ceil(rows * columns / 8),) uint8 array
        A bit for each cell, row by row, the first the highest (`numpy.packbits`).
    depth_cm : (wet cells,) int16 array
        In the same order; deeper than 327.67 m is kept as that.
    """

    time_s: float
    shape: tuple[int, int]
    wet: npt.NDArray[np.uint8]
    depth_cm: npt.NDArray[np.int16]

    @classmethod
    def of(cls, time_s: float, depth_m: npt.NDArray[np.floating], least_m: float) -> "Frame":
        """Pack depths; what is shallower than ``least_m``, or rounds to nothing, is dry."""
        cm = np.minimum(np.rint(depth_m.astype(np.float32) * np.float32(100)), _MOST_CM).astype(np.int16)
        wet = (depth_m >= least_m) & (cm > 0)
        rows, columns = depth_m.shape
        return cls(time_s, (rows, columns), np.packbits(wet), cm[wet])

    def depth_m(self) -> Singles:
        """Return the depths, (rows, columns), to half a centimetre; 0 where it is dry."""
        wet = np.unpackbits(self.wet, count=self.shape[0] * self.shape[1]).astype(np.bool_).reshape(self.shape)
        found = np.zeros(self.shape, dtype=np.float32)
        found[wet] = self.depth_cm.astype(np.float32) / np.float32(100)
        return found

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return self.wet.nbytes + self.depth_cm.nbytes


class Frames:
    """Frames every so often: an `Observer`, and an iterable of them.

    Parameters
    ----------
    every_s
        A frame at every multiple of it; blocks end there.
    least_m
        Shallower water is left out.
    hand_over
        Takes each frame when it is made (writes it, say), and none is held here then.

    Raises
    ------
    ValueError
        If the interval is not above 0.
    """

    def __init__(
        self,
        every_s: float,
        *,
        least_m: float = 0.01,
        hand_over: Callable[[Frame], None] | None = None,
        name: str = "frames",
    ) -> None:
        """Begin without frames."""
        if not every_s > 0:
            raise ValueError(f"{name}: the interval must be above 0, not {every_s}")
        self.name, self.every_s, self.least_m, self.hand_over = name, every_s, least_m, hand_over
        self._frames: list[Frame] = []

    def see(self, begin_s: float, end_s: float, solver: Solver) -> None:
        """Take a frame, if its moment has come."""
        if end_s < self.next_look(begin_s):
            return
        frame = Frame.of(end_s, solver.depth_m, self.least_m)
        if self.hand_over is not None:
            self.hand_over(frame)
        else:
            self._frames.append(frame)

    def next_look(self, time_s: float) -> float:
        """Return the next moment of a frame."""
        return next_multiple(time_s, self.every_s)

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        frames = self._frames
        return {
            "time_s": np.array([frame.time_s for frame in frames]),
            "shape": np.array([frame.shape for frame in frames], dtype=np.int64).reshape(len(frames), 2),
            "count": np.array([len(frame.depth_cm) for frame in frames], dtype=np.int64),
            "wet": np.concatenate([np.zeros(0, np.uint8), *(frame.wet for frame in frames)]),
            "depth_cm": np.concatenate([np.zeros(0, np.int16), *(frame.depth_cm for frame in frames)]),
        }

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        bits = [-(-int(rows) * int(columns) // 8) for rows, columns in kept["shape"]]
        wet = np.split(kept["wet"], np.cumsum(bits)[:-1]) if bits else []
        depths = np.split(kept["depth_cm"], np.cumsum(kept["count"])[:-1]) if bits else []
        self._frames = [
            Frame(float(time), (int(shape[0]), int(shape[1])), one, cm)
            for time, shape, one, cm in zip(kept["time_s"], kept["shape"], wet, depths, strict=True)
        ]
