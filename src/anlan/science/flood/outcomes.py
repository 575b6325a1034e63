"""What a flood did to every cell: speed, depth times speed, hazard, when it came and how long it stayed.

The greatest depth is the solver's own, `peak_m`. The rest is brought up to date at the ends of blocks: a moment of
arrival is late by at most the block in which it fell, and with ``every_s`` by at most that and a block. So is a
duration, at each of its two ends.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.hazard import HAZARDS, Rated
from anlan.science.flood.kernels.outcomes import look_at_depth, look_at_motion
from anlan.science.flood.simulation import Kept, Solver


class Outcomes:
    """Maps of a run: an `Observer`.

    Parameters
    ----------
    thresholds_m
        Depths whose first moment and duration are kept, 8 bytes a cell each.
    hazard
        A name of `anlan.science.flood.hazard.HAZARDS`, or None.
    motion
        Whether speeds are looked at; a hazard needs them.
    least_m
        Shallower water has no speed and no hazard: a film on a roof is no stream.
    every_s
        Looks at the end of the first block that ends so long after the last look; 0 for every block.

    Raises
    ------
    ValueError
        If a threshold is not above 0, the hazard is not known, or speeds are left out and a hazard is asked for.
    """

    def __init__(
        self,
        grid: Grid,
        *,
        thresholds_m: Sequence[float] = (),
        hazard: str | None = None,
        motion: bool = True,
        least_m: float = 0.01,
        every_s: float = 0.0,
        name: str = "outcomes",
        begin_s: float = 0.0,
    ) -> None:
        """Begin with dry ground at ``begin_s``."""
        if any(not threshold > 0 for threshold in thresholds_m):
            raise ValueError(f"{name}: thresholds must be above 0")
        if hazard is not None and (hazard not in HAZARDS or not motion):
            raise ValueError(f"{name}: a hazard needs motion, and one of {', '.join(HAZARDS)}, not {hazard!r}")
        self.name, self.hazard, self.every_s = name, None if hazard is None else HAZARDS[hazard], every_s
        self.thresholds_m = tuple(float(threshold) for threshold in thresholds_m)
        self._least, self._seen_s = np.float32(least_m), begin_s
        rows, columns = grid.shape
        count, kept = len(self.thresholds_m), (rows, columns) if motion else (0, 0)
        self._arrival = np.full((count, rows, columns), -1, dtype=np.float32)
        self._duration = np.zeros((count, rows, columns), dtype=np.float32)
        self._speed, self._product = (np.zeros(kept, dtype=np.float32) for _ in range(2))
        self._rating = np.zeros(kept if hazard else (0, 0), dtype=np.float32)
        self._motion = motion

    def see(self, begin_s: float, end_s: float, solver: Solver) -> None:  # noqa: ARG002
        """Look at the water as it stands at the end of a block."""
        since = end_s - self._seen_s
        if since <= 0 or since < self.every_s:
            return
        self._seen_s = end_s
        depth = solver.depth_m
        if self.thresholds_m:
            thresholds = np.array(self.thresholds_m, dtype=np.float32)
            look_at_depth(depth, self._arrival, self._duration, thresholds, np.float32(end_s), np.float32(since))
        if self._motion:
            east, north = solver.velocity_m_s()
            rule = int(self.hazard.rated if self.hazard else Rated.NOTHING)
            scratch = np.zeros(depth.shape[1], dtype=np.float32)
            look_at_motion(depth, east, north, self._least, self._speed, self._product, rule, self._rating, scratch)

    def next_look(self, time_s: float) -> float:  # noqa: ARG002
        """Return infinity: it takes blocks as they come."""
        return np.inf

    @property
    def peak_speed_m_s(self) -> Singles:
        """Greatest speed, (rows, columns)."""
        return self._speed.copy()

    @property
    def peak_depth_speed_m2_s(self) -> Singles:
        """Greatest product of depth and speed at one moment, (rows, columns)."""
        return self._product.copy()

    def arrival_s(self, threshold_m: float) -> Singles:
        """Return when the depth first reached one of the thresholds, (rows, columns); NaN where it never did."""
        found: Singles = self._arrival[self._place(threshold_m)].copy()
        found[found < 0] = np.nan
        return found

    def duration_s(self, threshold_m: float) -> Singles:
        """Return how long the depth was at or above one of the thresholds, (rows, columns)."""
        found: Singles = self._duration[self._place(threshold_m)].copy()
        return found

    def _place(self, threshold_m: float) -> int:
        if threshold_m not in self.thresholds_m:
            raise ValueError(f"{self.name}: no threshold of {threshold_m} m is kept, but {self.thresholds_m}")
        return self.thresholds_m.index(threshold_m)

    @property
    def hazard_rating(self) -> Singles:
        """Greatest rating by the rule, (rows, columns)."""
        return self._rating.copy()

    @property
    def hazard_class(self) -> npt.NDArray[np.int8]:
        """Worst class by the rule, (rows, columns), a number within the rule's ``classes``.

        Raises
        ------
        ValueError
            If no rule was chosen.
        """
        if self.hazard is None:
            raise ValueError(f"{self.name}: no hazard rule was chosen")
        return self.hazard.classify(self._rating)

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        parts = {name: values.copy() for name, values in self._parts().items()}
        return parts | {"seen_s": np.array([self._seen_s])}

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        for name, values in self._parts().items():
            values[:] = kept[name]
        self._seen_s = float(kept["seen_s"][0])

    def _parts(self) -> dict[str, Singles]:
        return {
            "arrival": self._arrival,
            "duration": self._duration,
            "speed": self._speed,
            "product": self._product,
            "rating": self._rating,
        }
