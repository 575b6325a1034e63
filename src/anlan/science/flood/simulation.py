"""A flood over time: the solver's blocks of steps, what falls, flows in and is taken away between them, and the books.

Time goes in blocks of at most `STEPS` equal steps. Rain falls and exchanges (drains, infiltration, culverts, storages)
happen at the beginning of a block; sources, levels and open edges act in every step. The step is that which the deepest
water allows at the beginning of the block.

References
----------
See the module of each scheme: `anlan.science.flood.inertial`, `.momentum`, `.subgrid`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver, Sparse
from anlan.science.flood.points import Points
from anlan.science.flood.team import Team

STEPS = 8
"""Steps of a block: the study of their number found no gain beyond it."""

_SHORTER = 0.8

Kept = Mapping[str, npt.NDArray[Any]]
"""Named arrays of a checkpoint."""


class Solver(Protocol):
    """What advances the water: `anlan.science.flood.inertial`, `.momentum` or `.subgrid`."""

    grid: Grid

    @property
    def depth_m(self) -> Singles:
        """Depths, (rows, columns): a view that may be written to between blocks."""

    @property
    def peak_m(self) -> Singles:
        """Greatest depths so far."""

    def velocity_m_s(self) -> tuple[Singles, Singles]:
        """Return velocities eastwards and northwards in the middle of the cells."""

    def longest_step_s(self, most_m: float = 0.0) -> float:
        """Return the step that is stable with the water as it stands, or as deep as ``most_m``."""

    def touch(self) -> None:
        """Take note that depths were written from outside."""

    def advance(self, steps: int, step_s: float, rain_m: float | Singles | None, sparse: Sparse) -> tuple[float, float]:
        """Advance; return the volumes that levels brought and that left over open edges, m³.

        A source with a negative rate takes what there is; what it could not take counts as brought.
        """

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""


class Rain(Protocol):
    """Rain on the grid."""

    def depth_m(self, begin_s: float, end_s: float) -> float | Singles | None:
        """Return what falls between two moments, one number or (rows, columns); None where none falls anywhere."""

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which the rain changes; infinity after the last."""


@dataclass(frozen=True, eq=False)
class Exchanged:
    """What an exchange did at the beginning of a block.

    Attributes
    ----------
    left_m3
        What left the surface for good or for a store of its own; negative for what came up. It has been taken from, or
        added to, the depths already.
    cells, rate_m_s
        What flows into cells during the block (what a culvert took at its other end, say); not in ``left_m3``.
    """

    left_m3: float
    cells: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rate_m_s: Floats = field(default_factory=lambda: np.zeros(0))


class Exchange(Protocol):
    """What takes water from the surface or gives it back: infiltration, drains, pumps, culverts, basements.

    It must never take more from a cell than stands in it. What it gives by ``rate_m_s`` it has taken elsewhere in the
    same call, or counts in ``left_m3`` with the other sign.
    """

    name: str

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:
        """Change depths for the block between two moments. ``rain_m``: what falls in it, after this call."""

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which a block must end for this exchange; infinity for none."""

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""


class Observer(Protocol):
    """What looks at the water after every block: series at points, arrival, duration, frames."""

    name: str

    def see(self, begin_s: float, end_s: float, solver: Solver) -> None:
        """Look at the water as it stands at the end of a block."""

    def next_look(self, time_s: float) -> float:
        """Return the next moment at which a block must end for this observer; infinity for none."""

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""


@dataclass
class Books:
    """Where the water came from and went, m³, by name; what came in is positive."""

    begin_m3: float = 0.0
    moved_m3: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, volume_m3: float) -> None:
        """Note what came in (positive) or left."""
        self.moved_m3[name] = self.moved_m3.get(name, 0.0) + volume_m3

    def error(self, end_m3: float) -> float:
        """Return what the books miss, as a part of all water that was ever on the grid."""
        expected = self.begin_m3 + sum(self.moved_m3.values())
        handled = self.begin_m3 + sum(v for v in self.moved_m3.values() if v > 0)
        return (end_m3 - expected) / handled if handled > 0 else 0.0


class Cancelled(Exception):
    """The one who watches a run asked it to stop; the simulation stands at the end of a block and can go on."""


@dataclass(frozen=True, eq=False)
class Case:
    """All that drives a run besides the ground."""

    rain: Rain | None = None
    points: Points | None = None
    exchanges: Sequence[Exchange] = ()
    observers: Sequence[Observer] = ()
    longest_step_s: float = 10.0


class Simulation:
    """A solver, what drives it, and the time."""

    def __init__(self, solver: Solver, case: Case, *, begin_s: float = 0.0) -> None:
        """Start at ``begin_s`` with the water that stands on the solver's grid."""
        self.solver, self.case, self.time_s = solver, case, begin_s
        self.points = case.points or Points(solver.grid)
        self._ground = solver.grid.ground
        self.books = Books(self.volume_m3())
        self.steps = 0
        solver.touch()

    def volume_m3(self) -> float:
        """Return the water on the surface."""
        return float(self.solver.depth_m.sum(dtype=np.float64)) * self.solver.grid.cell_m2

    def run(self, until_s: float, watch: Callable[[float], bool] | None = None) -> None:
        """Advance to a moment.

        Parameters
        ----------
        watch
            Told the time after every block; by returning False it stops the run.

        Raises
        ------
        Cancelled
        FloatingPointError
            If the water or the rain became NaN or infinite.
        """
        while self.time_s < until_s:
            self._block(until_s)
            if watch is not None and not watch(self.time_s):
                raise Cancelled

    def _block(self, until_s: float) -> None:
        begin = self.time_s
        stop = min(until_s, self._next_bend(begin))
        _, low, high = self.points.held(begin, stop)
        held = self.points.held(begin, stop)[0]
        deepest = float(np.max(np.maximum(low, high) - self.solver.grid.bed_m.ravel()[held], initial=0.0))
        step = self._step(begin, stop, deepest)
        steps = min(STEPS, max(1, int(np.ceil((stop - begin) / step - 1e-9))))
        end = stop if steps * step >= (stop - begin) * (1 - 1e-9) else begin + steps * step
        rain = None if self.case.rain is None else self.case.rain.depth_m(begin, end)
        sparse = self._before(begin, end, rain)
        if self.case.exchanges:  # they may have let in more water than the steps allow
            shortest = self._fitted((end - begin) / steps, deepest, sparse.source, sparse.rate_m_s)
            steps = int(np.ceil((end - begin) / shortest - 1e-9))
        brought, left = self.solver.advance(steps, (end - begin) / steps, rain, sparse)
        self._book(rain, brought, left)
        self.time_s, self.steps = end, self.steps + steps
        for observer in self.case.observers:
            observer.see(begin, end, self.solver)

    def _step(self, begin: float, stop: float, deepest: float) -> float:
        source, first, _ = self.points.rates(begin, begin)
        last = self.points.rates(stop, stop)[1]
        return self._fitted(self.case.longest_step_s, deepest, source, np.maximum(first, last))

    def _fitted(self, step: float, deepest: float, source: Ints, rate_m_s: Floats) -> float:
        """Return a step, shorter where the water, with what sources bring in the step, does not allow it."""
        stands = self.solver.depth_m.ravel()[source]
        while True:
            most = max(deepest, float(np.max(stands + rate_m_s * step, initial=0.0)))
            allowed = self.solver.longest_step_s(most)
            if not allowed > 0:
                raise FloatingPointError(f"the water is not a number at {self.time_s} s")
            if allowed >= step:
                return step
            step = allowed if allowed > _SHORTER * step or len(source) == 0 else _SHORTER * step

    def _next_bend(self, time_s: float) -> float:
        bends = [self.points.next_bend(time_s)]
        bends += [] if self.case.rain is None else [self.case.rain.next_bend(time_s)]
        bends += [exchange.next_bend(time_s) for exchange in self.case.exchanges]
        bends += [observer.next_look(time_s) for observer in self.case.observers]
        return min(bends)

    def _before(self, begin: float, end: float, rain: float | Singles | None) -> Sparse:
        """Let the exchanges happen, and return what flows in and out at single cells during the block."""
        source, rate, volumes = self.points.rates(begin, end)
        for name, volume in volumes.items():
            self.books.add(name, volume)
        sources, rates = [source], [rate]
        for exchange in self.case.exchanges:
            done = exchange.apply(begin, end, self.solver.depth_m, rain)
            self.books.add(exchange.name, -done.left_m3)
            sources.append(done.cells)
            rates.append(done.rate_m_s)
        if self.case.exchanges:
            self.solver.touch()
        return Sparse(
            np.concatenate(sources), np.concatenate(rates), *self.points.held(begin, end), *self.points.outlets()
        )

    def _book(self, rain: float | Singles | None, brought: float, left: float) -> None:
        cell_m2 = self.solver.grid.cell_m2
        if rain is not None:
            if isinstance(rain, np.ndarray):
                depth = float(rain.sum(dtype=np.float64, where=self._ground))
            else:
                depth = rain * float(self._ground.sum())
            if not np.isfinite(depth):
                raise FloatingPointError(f"the rain is not a number in the block that begins at {self.time_s} s")
            self.books.add("rain", depth * cell_m2)
        if self.points.levels or brought != 0:
            self.books.add("levels" if self.points.levels else "shortage", brought)
        if self.points.edges:
            self.books.add("edges", -left)

    def mass_error(self) -> float:
        """Return what the books miss of the water, as a part of all that was ever on the grid."""
        return self.books.error(self.volume_m3())

    def kept(self) -> dict[str, npt.NDArray[Any]]:
        """Return a checkpoint: arrays by name, from which `restore` goes on to the same bits."""
        found = {f"solver.{name}": values for name, values in self.solver.kept().items()}
        for part in self._parts():
            found |= {f"{part.name}.{name}": values for name, values in part.kept().items()}
        names = sorted(self.books.moved_m3)
        found["clock"] = np.array([self.time_s, self.steps, self.books.begin_m3])
        found["books.names"] = np.array(names, dtype=np.str_)
        found["books.moved_m3"] = np.array([self.books.moved_m3[name] for name in names], dtype=np.float64)
        return found

    def restore(self, kept: Kept) -> None:
        """Go on from a checkpoint of the same case."""
        self.solver.restore(_of("solver", kept))
        for part in self._parts():
            part.restore(_of(part.name, kept))
        time_s, steps, begin_m3 = kept["clock"]
        self.time_s, self.steps = float(time_s), int(steps)
        moved = zip(kept["books.names"].tolist(), kept["books.moved_m3"].tolist(), strict=True)
        self.books = Books(float(begin_m3), dict(moved))

    def _parts(self) -> list[Exchange | Observer]:
        return [*self.case.exchanges, *self.case.observers]


def _of(name: str, kept: Kept) -> Kept:
    prefix = f"{name}."
    return {key.removeprefix(prefix): values for key, values in kept.items() if key.startswith(prefix)}


def inertial(grid: Grid, case: Case, *, rules: Inertia | None = None, team: Team | None = None) -> Simulation:
    """Return a simulation of a grid by the scheme of local inertia, dry at the beginning."""
    return Simulation(InertialSolver(grid, rules, team=team), case)
