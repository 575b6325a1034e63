"""Streets and sewers together: the flood's grid and SWMM 5 exchange water at manholes.

Time goes in intervals of a few seconds. At the beginning of each

1. what SWMM did in the last interval is taken up: water that came up flows into the cells of its manholes during this
   interval, and so does what was set aside for the sewers and did not go down;
2. from the depth in each manhole's cell and the head under it follows what goes down (`anlan.science.flood.manholes`);
   so much is taken from the cell and set aside, at most what stands there;
3. SWMM begins the interval in its own process while the surface goes on. Depths on the street stand still for it;
   heads in the manholes are as of each of SWMM's steps, so that a short sewer does not swing.

Outfalls that end on the grid (`Coupling.outfalls`) work the same way: the level in their cell stands at them for an
interval, what left them flows into the cell in the next, and what entered them is taken from it, if need be later.
Other outfalls lead out of the model.

So nothing depends on which of the two is faster, and every drop is in one place: on the street, in the hand-over, or in
SWMM. At coupled manholes SWMM's own ponding is only the shaft above the rim: water on the street stands on the grid.
The rim of a manhole is taken to be at the ground of its cell; a rim that differs from it by more than is allowed is
refused, since one of the two is then wrong.

A checkpoint keeps what SWMM was told in every interval; a resumed run tells SWMM again from its beginning and waits
until it has caught up: SWMM's own hot start files are in single precision, forget part of the state, and would go on to
another result.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from anlan.assess.water.inp import Hydrology, Network, SwmmError, read
from anlan.assess.water.street import Street
from anlan.assess.water.swmm_process import Process
from anlan.science.arrays import Floats, Ints
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.manholes import Opening, exchange_m3_s
from anlan.science.flood.rainfall import Frame
from anlan.science.flood.simulation import Exchanged, Kept
from anlan.science.flood.subgrid_tables import SubgridTables

_SAME = 1e-6  # of an interval: moments nearer than this are the same


@dataclass(frozen=True)
class Coupling:
    """How the two meet.

    Attributes
    ----------
    every_s
        Length of the intervals; not below SWMM's routing step.
    opening, openings
        Of every manhole, and of those that differ, by name.
    closed
        Junctions with lids that hold: they are not coupled.
    outfalls
        Outfalls that end on the grid.
    hydrology
        Where the rain falls, if the network has catchments and gauges of its own: see `anlan.assess.water.inp`.
    rim_off_m
        By how much a rim may differ from the ground of its cell.
    alone_s
        How long SWMM runs alone before the surface begins: its dry weather flow fills the sewers.
    """

    every_s: float = 5.0
    opening: Opening = field(default_factory=Opening)
    openings: Mapping[str, Opening] | None = None
    closed: Collection[str] = ()
    outfalls: Collection[str] = ()
    hydrology: Hydrology | None = None
    rim_off_m: float = 1.0
    alone_s: float = 0.0

    def __post_init__(self) -> None:
        if not (self.every_s > 0 and self.rim_off_m > 0 and self.alone_s >= 0):
            raise ValueError("coupling: every_s and rim_off_m must be above zero, alone_s not below")


@dataclass(frozen=True)
class Manholes:
    """The coupled manholes and outfalls: names and cells (counted row by row); and the junctions not coupled."""

    names: tuple[str, ...]
    cells: Ints
    outfalls: tuple[str, ...]
    mouths: Ints
    outside: tuple[str, ...]
    unplaced: tuple[str, ...]


class SwmmExchange:
    """SWMM 5 under a flood's grid; an exchange of `anlan.science.flood.simulation`.

    Raises
    ------
    SwmmError
        If SWMM refuses the network, none of its junctions lies on the grid, a rim is not at the ground, or SWMM fails
        while it runs.
    """

    def __init__(
        self,
        inp: Path,
        grid: Grid,
        frame: Frame,
        coupling: Coupling | None = None,
        *,
        tables: SubgridTables | None = None,
        begin_s: float = 0.0,
        name: str = "swmm",
    ) -> None:
        """Read the network and start SWMM at the moment ``begin_s`` of the flood.

        Parameters
        ----------
        grid, frame
            The terrain, and where it stands in the coordinate system of the network's coordinates.
        tables
            Of the coarse grid that the water is computed on, if it is another.
        """
        self.name, self.coupling = name, coupling or Coupling()
        self.network = read(inp)
        self.manholes = placed(self.network, grid, frame, self.coupling)
        self._begin_s = begin_s
        self._street, self._banks = (Street(grid, at, tables) for at in (self.manholes.cells, self.manholes.mouths))
        self._shape, self._cell_m2 = self._street.water.shape, self._street.water.cell_m2
        opened = [(self.coupling.openings or {}).get(one, self.coupling.opening) for one in self.manholes.names]
        fields = ("area_m2", "perimeter_m", "weir", "drowned_weir", "orifice")
        self._opening = Opening(*(np.array([getattr(one, field) for one in opened]) for field in fields))
        self._cells = np.concatenate([self._street.cells, self._banks.cells])
        self._unique, self._place = np.unique(self._street.cells, return_inverse=True)
        self._start()

    def _start(self) -> None:
        count = len(self.manholes.names)
        self._process = self._spawned()
        try:
            told, (rim,) = self._process.answer(count)
            self._check(float(told["step_s"]), rim)
        except SwmmError:
            self.close()
            raise
        self.head_m = np.full(count, np.nan)
        self._told: list[Singles] = []
        self._reserve_m3 = np.zeros(count)
        self._flow_m3_s = np.zeros(count + len(self.manholes.mouths))
        self.down_m3, self.up_m3 = np.zeros((2, count))
        self.left_m3, self._owed_m3 = np.zeros((2, len(self.manholes.mouths)))
        self.totals: Mapping[str, float] = {}

    def _spawned(self) -> Process:
        openings = [(self.coupling.openings or {}).get(name, self.coupling.opening) for name in self.manholes.names]
        return Process(
            self.network,
            self.coupling.hydrology,
            {
                "nodes": list(self.manholes.names),
                "openings": [[o.area_m2, o.perimeter_m, o.weir, o.drowned_weir, o.orifice] for o in openings],
                "outfalls": list(self.manholes.outfalls),
                "alone_s": self.coupling.alone_s,
            },
        )

    def _check(self, step_s: float, rim_m: Floats) -> None:
        name, coupling = self.network.path.name, self.coupling
        if step_s > coupling.every_s:
            raise SwmmError(
                f"{name}: ROUTING_STEP is {step_s:g} s, longer than the exchange every {coupling.every_s:g} s"
            )
        off = rim_m - self._street.ground_m
        wrong = np.flatnonzero(np.abs(off) > coupling.rim_off_m)
        if len(wrong):
            worst = wrong[np.argsort(-np.abs(off[wrong]))][:5]
            listed = ", ".join(f"{self.manholes.names[k]} by {off[k]:+.2f} m" for k in worst)
            raise SwmmError(
                f"{name}: {len(wrong)} rims are off the ground by more than {coupling.rim_off_m:g} m: {listed}. "
                "The heights must have one datum; a rim is the invert plus the maximum depth"
            )

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:  # noqa: ARG002
        """Exchange water, where an interval begins, and let what came up flow in."""
        taken = 0.0
        if begin_s >= self._boundary(len(self._told)) - _SAME * self.coupling.every_s:
            taken = self._turn(begin_s, depth_m)
        rate = self._flow_m3_s / self._cell_m2
        flows = np.flatnonzero(rate)
        given = float(self._flow_m3_s.sum()) * (end_s - begin_s)
        return Exchanged(taken - given, self._cells[flows], rate[flows])

    @property
    def _places(self) -> int:
        return len(self._unique) + len(self.manholes.mouths)

    def _boundary(self, number: int) -> float:
        return self._begin_s + number * self.coupling.every_s

    def _turn(self, begin_s: float, depth_m: Singles) -> float:
        """Take up the last interval and begin the next; return what was taken from the street."""
        if abs(begin_s - self._boundary(len(self._told))) > _SAME * self.coupling.every_s:
            raise SwmmError(
                f"{self.name}: SWMM stands at {self._boundary(len(self._told))} s, the flood at {begin_s} s"
            )
        self._take_up()
        mouths = self._paid(depth_m)
        self._begin(mouths)
        rows, columns = np.divmod(self._unique, self._shape[1])
        before = depth_m[rows, columns]
        most = np.bincount(self._place, self._wanted_m3(before), len(before)) / self._cell_m2
        after = before - np.minimum(most.astype(np.float32), before)
        depth_m[rows, columns] = after
        return self._tell(np.concatenate([[before, after], mouths], axis=1))

    def _paid(self, depth_m: Singles) -> Singles:
        """Take from the cells of outfalls what entered there; return their depths before and after."""
        found = np.zeros((2, len(self.manholes.mouths)), dtype=np.float32)
        for number, cell in enumerate(self._banks.cells):
            place = np.unravel_index(cell, self._shape)
            before = depth_m[place]
            depth_m[place] = np.maximum(before - np.float32(self._owed_m3[number] / self._cell_m2), 0)
            found[:, number] = before, depth_m[place]
        return found

    def _begin(self, mouths_m: Singles) -> None:
        """Let SWMM start under the first levels at its outfalls, and run alone as long as it is to."""
        if self._told:
            return
        stage = self._banks.level_m(mouths_m[1])
        self._process.ask({"numbers": len(stage)}, stage)
        _, (self.head_m,) = self._process.answer(len(self.manholes.cells))

    def _wanted_m3(self, before_m: Singles) -> Floats:
        """Return what each manhole would let down in an interval."""
        flow = exchange_m3_s(self._street.depth_m(before_m[self._place]), self.head_m, self._opening)
        return np.asarray(np.maximum(flow, 0) * self.coupling.every_s)

    def _tell(self, cells_m: Singles) -> float:
        """Begin an interval, given the depths of all cells before and after; return what was taken, m³."""
        gone = (cells_m[0].astype(np.float64) - cells_m[1]) * self._cell_m2
        before, count = cells_m[0, : len(self._unique)], len(self._unique)
        wanted = self._wanted_m3(before)
        in_cell = np.bincount(self._place, wanted, count)[self._place]
        self._reserve_m3 = gone[self._place] * wanted / np.where(in_cell > 0, in_cell, 1)
        self._owed_m3 = self._owed_m3 - gone[count:]
        self._told.append(cells_m)
        depth, stage = self._street.depth_m(before[self._place]), self._banks.level_m(cells_m[1, count:])
        told = np.concatenate([depth, self._reserve_m3, stage])
        self._process.ask({"until_s": len(self._told) * self.coupling.every_s, "numbers": len(told)}, told)
        return float(self._reserve_m3.sum() + gone[count:].sum())

    def _take_up(self) -> None:
        """Wait for the interval that SWMM is in, and note what comes up in the next."""
        if not self._told:
            return
        count, mouths = len(self.manholes.cells), len(self.manholes.mouths)
        self.totals, (self.head_m, down, up, left) = self._process.answer(count, count, count, mouths)
        back = np.concatenate([self._reserve_m3 - down + up, np.maximum(left, 0)])
        self._flow_m3_s = back / self.coupling.every_s
        self._owed_m3 = self._owed_m3 - np.minimum(left, 0)
        self.down_m3, self.up_m3, self.left_m3 = self.down_m3 + down, self.up_m3 + up, self.left_m3 + left

    def next_bend(self, time_s: float) -> float:
        """Return when the next interval begins."""
        return self._boundary(int(np.floor((time_s - self._begin_s) / self.coupling.every_s + _SAME)) + 1)

    def kept(self) -> Kept:
        """Return what a checkpoint keeps: the depths at the manholes in every interval, 8 bytes each."""
        told = np.array(self._told, dtype=np.float32)
        return {"told": told.reshape(len(self._told), 2, self._places)}

    def restore(self, kept: Kept) -> None:
        """Tell SWMM again what it was told, from its beginning."""
        if kept["told"].shape[2] != self._places:
            raise SwmmError(f"{self.name}: the checkpoint has {kept['told'].shape[2]} manholes, not {self._places}")
        self.close()
        self._start()
        for told in kept["told"]:
            self._take_up()
            self._begin(told[:, len(self._unique) :])
            self._tell(told)

    def close(self) -> None:
        """End SWMM."""
        self._process.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def placed(network: Network, grid: Grid, frame: Frame, coupling: Coupling) -> Manholes:
    """Return the manholes and outfalls on the grid's ground.

    Raises
    ------
    SwmmError
        If there is no manhole, a closed one is not in the network, or an outfall that is to end on the grid does not.
    """
    for kind, named, known in (
        ("closed junctions", coupling.closed, network.junctions),
        ("outfalls", coupling.outfalls, network.outfalls),
    ):
        strangers = sorted(set(named) - set(known))
        if strangers:
            raise SwmmError(f"{network.path.name}: {kind} that are not in it: {', '.join(strangers[:5])}")
    open_ones = [one for one in network.junctions if one not in coupling.closed and one in network.places]
    cells = {one: cell for one in open_ones if (cell := _cell(network.places[one], grid, frame)) is not None}
    if not cells:
        raise SwmmError(_nowhere(network, frame))
    mouths = {one: _cell(network.places.get(one, (np.inf, np.inf)), grid, frame) for one in sorted(coupling.outfalls)}
    astray = [one for one, cell in mouths.items() if cell is None]
    if astray:
        raise SwmmError(f"{network.path.name}: outfalls that do not end on the grid's ground: {', '.join(astray[:5])}")
    return Manholes(
        tuple(cells),
        np.array(list(cells.values()), dtype=np.int64),
        tuple(mouths),
        np.array(list(mouths.values()), dtype=np.int64),
        tuple(one for one in open_ones if one not in cells),
        tuple(one for one in network.junctions if one not in network.places),
    )


def _cell(place: tuple[float, float], grid: Grid, frame: Frame) -> int | None:
    """Return the cell with ground that a place lies in."""
    row, column = np.floor([(frame.north_m - place[1]) / frame.dy_m, (place[0] - frame.west_m) / frame.dx_m])
    if not (0 <= row < frame.rows and 0 <= column < frame.columns and grid.ground[int(row), int(column)]):
        return None
    return int(row) * frame.columns + int(column)


def _nowhere(network: Network, frame: Frame) -> str:
    xy = np.array([network.places[one] for one in network.junctions if one in network.places])
    if len(xy) == 0:
        return f"{network.path.name}: no junction has coordinates"
    (x0, y0), (x1, y1) = xy.min(axis=0), xy.max(axis=0)
    east, south = frame.west_m + frame.columns * frame.dx_m, frame.north_m - frame.rows * frame.dy_m
    degrees = " They look like degrees: they must be metres." if np.all(np.abs(xy) <= [180, 90]) else ""
    return (
        f"{network.path.name}: no open junction lies on the grid's ground: they span {x0:.0f} to {x1:.0f} and {y0:.0f} "
        f"to {y1:.0f}, the grid {frame.west_m:.0f} to {east:.0f} and {south:.0f} to {frame.north_m:.0f}. The network's "
        f"coordinates must be in the grid's coordinate system.{degrees}"
    )
