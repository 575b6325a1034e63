"""Drains of a city that has no data of its pipes: capacity, storage and outfall of each sub-catchment.

The drains of a sub-catchment are one store. In each block

1. its inlets let in what stands at them, each cell at most the rate of its inlets, all together at most what the
   outfalls carry off in the block and the room that is left in the pipes; if they would let in more, every cell lets in
   the same part of what it would. When the pipes are full and the outfalls shut, nothing more enters;
2. the outfalls carry off the store at the design capacity: the pumped share always, the rest as far as the level of the
   receiving water lets it (`anlan.science.ponding.outfall_blocked`: by the root of the head);
3. where the receiving water stands above the street and no flap keeps it out, it comes up at the inlets below its level
   through the gravity share of the pipes, which passes its capacity under the head between street and outfall and so
   much more or less by the root of the head (Torricelli). The pipes are full then.

What entered is what was carried off and what is held, for each sub-catchment, to rounding; what came up is booked
apart. What the model does not know: pipes between sub-catchments, and water that comes up at low inlets because it
stands high in the pipes above. Where pipe data exist, use SWMM (`anlan.assess.water.swmm`).
Maturity: `screening`: capacities of standards are not those of the pipes in the ground.

References
----------
Design capacity as rain of a return period: GB 50014-2021, Standard for design of outdoor wastewater engineering.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.kernels.losses import ask, give, take
from anlan.science.flood.points import Series
from anlan.science.flood.rainfall import MM_H
from anlan.science.flood.simulation import Exchanged, Kept
from anlan.science.ponding import outfall_blocked


@dataclass(frozen=True, eq=False)
class Outfall:
    """Where the drains of a sub-catchment end.

    Attributes
    ----------
    level_m
        Level of the receiving water against time, the datum of the bed.
    outfall_m, street_m
        Heights of the outfall, and of the street that it drains; at this level gravity carries nothing off.
    flap
        Whether a flap keeps the receiving water out of the pipes. Without one the depths must be those over the bed:
        not of a coarse grid with sub-grid tables.
    """

    level_m: Series
    outfall_m: float
    street_m: float
    flap: bool = True

    def __post_init__(self) -> None:
        if not self.street_m > self.outfall_m:
            raise ValueError(f"outfall: the street ({self.street_m} m) must lie above it ({self.outfall_m} m)")


@dataclass(frozen=True, eq=False)
class Subcatchment:
    """The drains of one sub-catchment.

    Attributes
    ----------
    name
        For the books.
    cells
        Its cells, counted row by row.
    capacity_mm_h
        Rain that free outfalls carry off its whole area: the intensity of the design return period.
    storage_mm
        Rain over its area that the pipes hold when full.
    inlet_mm_h
        What the inlets of a cell let in, as water off that cell. Above the capacity, so that low places get more than
        their share as long as other inlets are dry.
    pumped
        Part of the capacity that pumps lift over any level.
    outfall
        None for outfalls that are always free.
    inlets
        Those of its cells that have inlets (streets, say); None for all.
    """

    name: str
    cells: Ints
    capacity_mm_h: float
    storage_mm: float
    inlet_mm_h: float
    pumped: float = 0.0
    outfall: Outfall | None = None
    inlets: Ints | None = None

    def __post_init__(self) -> None:
        for name in ("capacity_mm_h", "storage_mm", "inlet_mm_h"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise ValueError(f"{self.name}: {name} must not be negative, not {value}")
        if not 0 <= self.pumped <= 1:
            raise ValueError(f"{self.name}: pumped must be within 0 and 1, not {self.pumped}")
        if len(self.cells) == 0 or (self.inlets is not None and not np.isin(self.inlets, self.cells).all()):
            raise ValueError(f"{self.name}: needs cells, and its inlets must be among them")


@dataclass(frozen=True, eq=False)
class _Ends:
    """The outfalls of sub-catchments as arrays: of which one each is, and by which receiving water it stands."""

    of: Ints
    which: Ints
    outfall_m: Floats
    street_m: Floats
    series: tuple[Series, ...]

    @classmethod
    def of_all(cls, subcatchments: Sequence[Subcatchment]) -> "_Ends":
        ends = [(number, one.outfall) for number, one in enumerate(subcatchments) if one.outfall is not None]
        waters = {id(end.level_m): end.level_m for _, end in ends}
        places = {key: place for place, key in enumerate(waters)}
        return cls(
            np.array([number for number, _ in ends], dtype=np.int64),
            np.array([places[id(end.level_m)] for _, end in ends], dtype=np.int64),
            floats([end.outfall_m for _, end in ends]),
            floats([end.street_m for _, end in ends]),
            tuple(waters.values()),
        )


@dataclass(eq=False)
class DrainBooks:
    """By sub-catchment, m³ since the beginning: entered = carried off + held; and what came up from outside."""

    names: tuple[str, ...]
    entered_m3: Floats
    carried_m3: Floats
    came_up_m3: Floats
    held_m3: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.held_m3 = np.zeros(len(self.names))


class Drains:
    """The drains of a grid; an exchange of `anlan.science.flood.simulation`."""

    def __init__(self, grid: Grid, subcatchments: Sequence[Subcatchment], name: str = "drains") -> None:
        """Begin with empty pipes.

        Raises
        ------
        ValueError
            If a cell has no ground, is not on the grid, or is drained by two.
        """
        self.name, self.subcatchments, self.cell_m2 = name, tuple(subcatchments), grid.cell_m2
        inlets = [one.cells if one.inlets is None else one.inlets for one in self.subcatchments]
        for one in self.subcatchments:
            if one.cells.min() < 0 or one.cells.max() >= grid.bed_m.size:
                raise ValueError(f"{one.name}: has cells that are not on the grid of {grid.bed_m.size} cells")
            if not grid.ground.ravel()[one.cells].all():
                raise ValueError(f"{one.name}: has cells where there is no ground")
        cells = np.concatenate(inlets) if inlets else np.zeros(0, dtype=np.int64)
        times = np.bincount(cells, minlength=1)
        if times.max() > 1:
            raise ValueError(f"{name}: cell {int(np.argmax(times > 1))} is drained twice")
        rows, columns = np.divmod(cells, grid.shape[1])
        self._at = rows.astype(np.int32), columns.astype(np.int32)
        self._first = np.concatenate([[0], np.cumsum([len(one) for one in inlets])]).astype(np.int64)
        self._bed = grid.bed_m.ravel()[cells].astype(np.float32)
        area = floats([len(one.cells) * grid.cell_m2 for one in self.subcatchments])
        self._capacity_m3_s = floats([one.capacity_mm_h for one in self.subcatchments]) * MM_H * area
        self._storage_m3 = floats([one.storage_mm for one in self.subcatchments]) * 1e-3 * area
        self._inlet_m_s = floats([one.inlet_mm_h for one in self.subcatchments]) * MM_H
        self._pumped = floats([one.pumped for one in self.subcatchments])
        self._ends = _Ends.of_all(self.subcatchments)
        count = len(self.subcatchments)
        self.books = DrainBooks(tuple(one.name for one in self.subcatchments), *np.zeros((3, count)))

    def _free(self, begin_s: float, end_s: float) -> Floats:
        """Return the part of its capacity that each can carry off."""
        blocked = np.zeros(len(self.subcatchments))
        if self._ends.series:
            level = floats([series.mean(begin_s, end_s) for series in self._ends.series])[self._ends.which]
            heights = {"outfall_m": self._ends.outfall_m, "street_m": self._ends.street_m}
            blocked[self._ends.of] = outfall_blocked(level, **heights)
        return self._pumped + (1 - self._pumped) * (1 - blocked)

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:  # noqa: ARG002
        """Let water in, carry it off, and let it up."""
        seconds, books = end_s - begin_s, self.books
        carry = self._capacity_m3_s * self._free(begin_s, end_s) * seconds
        most = (self._inlet_m_s * seconds).astype(np.float32)
        wanted, taken, given = np.zeros((3, len(most)))
        ask(depth_m, *self._at, self._first, most, wanted)
        room = np.maximum(self._storage_m3 - books.held_m3, 0) + carry
        part = np.minimum(1, room / np.maximum(wanted * self.cell_m2, 1e-30))
        take(depth_m, *self._at, self._first, most, part.astype(np.float32), taken)
        entered = taken * self.cell_m2
        held = books.held_m3 + entered
        carried = np.minimum(held, carry)
        came_up = self._come_up(begin_s, end_s, depth_m, given)
        books.entered_m3 += entered
        books.carried_m3 += carried
        books.came_up_m3 += came_up
        books.held_m3 = held - carried
        return Exchanged(float(entered.sum() - came_up.sum()))

    def _come_up(self, begin_s: float, end_s: float, depth_m: Singles, given: Floats) -> Floats:
        """Let receiving water up through pipes without a flap; return the volumes."""
        level, most = np.zeros((2, len(given)), dtype=np.float32)
        for number, one in enumerate(self.subcatchments):
            outfall = one.outfall
            if outfall is None or outfall.flap:
                continue
            level[number] = outfall.level_m.mean(begin_s, end_s)
            inlets = int(self._first[number + 1] - self._first[number])
            if level[number] > outfall.street_m and inlets:
                gravity = self._capacity_m3_s[number] * (1 - one.pumped) / np.sqrt(outfall.street_m - outfall.outfall_m)
                most[number] = gravity * (end_s - begin_s) / (inlets * self.cell_m2)
        if most.any():
            give(depth_m, self._bed, *self._at, self._first, level, most, given)
        return given * self.cell_m2

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which a receiving water's level bends."""
        return min((level.next_bend(time_s) for level in self._ends.series), default=np.inf)

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        books = self.books
        return {"books": np.array([books.entered_m3, books.carried_m3, books.came_up_m3, books.held_m3])}

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        books = self.books
        books.entered_m3, books.carried_m3, books.came_up_m3, books.held_m3 = (row.copy() for row in kept["books"])
