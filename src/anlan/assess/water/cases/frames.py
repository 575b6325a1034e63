"""Depths at regular moments, each in a file of its own, so that a run that was killed goes on with what it has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.assess.water.cases.durable import replaced
from anlan.kernel.errors import Conflict
from anlan.science.arrays import Floats, floats
from anlan.science.compiled import Singles
from anlan.science.flood.simulation import Kept, Solver

_NOISE = 1e-6


class Frames:
    """An observer that writes the water down every so many seconds, from the beginning on.

    A frame is on the disk before any checkpoint that comes after it.
    """

    name = "frames"

    def __init__(self, folder: Path, every_s: float, depths: Callable[[Solver], npt.NDArray[Any]]) -> None:
        """Write into a folder, which is made if it is not there; ``depths`` gives what is written."""
        self.folder, self.every_s, self.count, self._depths = folder, every_s, 0, depths

    def begin(self, solver: Solver) -> None:
        """Write the water at the beginning."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write(0, self._depths(solver))

    def see(self, begin_s: float, end_s: float, solver: Solver) -> None:  # noqa: ARG002
        """Write the water down if it is time."""
        number = round(end_s / self.every_s)
        if abs(end_s - number * self.every_s) <= _NOISE * self.every_s and number == self.count:
            self._write(number, self._depths(solver))

    def next_look(self, time_s: float) -> float:
        """Return the moment of the next frame."""
        return float(np.floor(time_s / self.every_s + _NOISE) + 1) * self.every_s

    def kept(self) -> Kept:
        """Return how many frames there are."""
        return {"count": np.array([self.count])}

    def restore(self, kept: Kept) -> None:
        """Go on behind the frames that there were.

        Raises
        ------
        Conflict
            If one of them is gone.
        """
        self.count = int(kept["count"][0])
        gone = [number for number in range(self.count) if not self._path(number).exists()]
        if gone:
            raise Conflict("flood.frame_gone", at=str(self._path(gone[0])), value=gone[0])

    def times_s(self) -> Floats:
        """Return the moments of the frames."""
        return floats(np.arange(self.count) * self.every_s)

    def read(self, number: int) -> Singles:
        """Return one frame, (rows, columns)."""
        frame: Singles = np.load(self._path(number), allow_pickle=False)
        return frame

    def clear(self) -> None:
        """Let the files go."""
        for path in self.folder.glob("*.npy"):
            path.unlink()
        self.folder.rmdir()

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06d}.npy"

    def _write(self, number: int, depth_m: npt.NDArray[Any]) -> None:
        replaced(self._path(number), lambda path: np.save(path, depth_m, allow_pickle=False))
        self.count = number + 1
