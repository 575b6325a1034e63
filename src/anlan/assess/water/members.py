"""The members of a forecast: each a run of the flood on a district from one state of the water.

A job and its result are plain arrays: they go to a thread, a process or another machine alike.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from anlan.assess.water.district import District
from anlan.assess.water.drainage import Drainage, Rivers, town_drains
from anlan.assess.water.rain import Intervals, TownRain
from anlan.science.arrays import Floats, Ints
from anlan.science.compiled import Singles
from anlan.science.flood.drains import Drains
from anlan.science.flood.ensemble import Failure, Member, Spread, attempt
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver
from anlan.science.flood.simulation import Case, Exchange, Simulation, Solver
from anlan.science.flood.team import Team


@dataclass(frozen=True, eq=False)
class Surface:
    """The state that runs begin from: water on the ground, m, (rows, columns), and in the drains of each town, m³."""

    at_s: float
    depth_m: Singles
    held_m3: Mapping[str, float]


@dataclass(frozen=True)
class Physics:
    """What policy says of the surface: Manning's n, the film that does not flow, the longest step."""

    manning: float
    film_m: float
    longest_step_s: float


@dataclass(frozen=True, eq=False)
class Job:
    """One member's run.

    Attributes
    ----------
    frames_s
        Moments at which the whole field is wanted.
    watched
        Cells (of the cut, row by row) whose depth is wanted at every one of ``looks_s``.
    arrival_m
        Depth whose first coming is wanted; infinite where neither that nor the time of most water is.
    """

    district: District
    drainage: Drainage
    physics: Physics
    surface: Surface
    rain: Intervals
    member: Member
    frames_s: Floats
    watched: Ints
    looks_s: Floats
    arrival_m: float


@dataclass(frozen=True, eq=False)
class Run:
    """What a member found: arrays on the cut's grid, and series at watched cells.

    ``arrival_s`` is NaN where the depth never came; ``most_at_s`` is when most water stood on the district's land.
    """

    number: int
    end: Surface
    peak_m: Singles
    arrival_s: Floats
    frames_m: Singles
    series_m: Singles
    most_at_s: float
    mass_error: float
    steps: int


class _Watch:
    """Observes one run: frames, series, first arrival, most water."""

    name = "watch"

    def __init__(self, job: Job) -> None:
        self._job = job
        self._looks = np.unique(np.concatenate([job.frames_s, job.looks_s]))
        self.frames: list[Singles] = []
        self.series: list[Singles] = []
        self.arrival_s = np.full(job.district.shape, np.nan)
        self._came = np.zeros(job.district.shape, dtype=np.bool_)
        self.most = (-1.0, job.surface.at_s)

    def see(self, _begin_s: float, end_s: float, solver: Solver) -> None:
        """Look at the water at the end of a block."""
        depth, job = solver.depth_m, self._job
        if np.isfinite(job.arrival_m):
            self._note(depth, end_s)
        if end_s in job.frames_s:
            self.frames.append(depth.copy())
        if end_s in job.looks_s:
            self.series.append(depth.ravel()[job.watched])

    def _note(self, depth: Singles, end_s: float) -> None:
        """Note where the water comes to the depth asked for, and when most of it stands on the district's land."""
        come = depth >= np.float32(self._job.arrival_m)
        come &= ~self._came
        self.arrival_s[come] = end_s
        self._came |= come
        volume = float(depth.sum(dtype=np.float64, where=self._job.district.own))
        if volume > self.most[0]:
            self.most = (volume, end_s)

    def next_look(self, time_s: float) -> float:
        """Return the next moment at which something is wanted."""
        later = self._looks[self._looks > time_s]
        return float(later[0]) if len(later) else np.inf

    def kept(self) -> dict[str, Singles]:
        """Nothing: a member is run in one go."""
        return {}

    def restore(self, kept: object) -> None:
        """Nothing to take up."""


def run_member(job: Job) -> Run:
    """Run one member from the job's surface to the end of its rain, in the thread that calls."""
    district, member = job.district, job.member
    grid = Grid(district.bed_m, district.cell_m, district.cell_m, job.physics.manning * member.roughness)
    team = Team(1)
    solver = InertialSolver(grid, Inertia(film_m=job.physics.film_m), team=team)
    solver.depth_m[:] = job.surface.depth_m
    drains = town_drains(grid, district, job.drainage, member)
    held = drains.books.held_m3
    held[:] = [job.surface.held_m3.get(name, 0.0) for name in drains.books.names]
    watch = _Watch(job)
    rain = TownRain(district, job.rain, factor=member.rain, shift_m=member.shift_m)
    exchanges: list[Exchange] = [Rivers(district), drains]
    case = Case(rain, exchanges=exchanges, observers=[watch], longest_step_s=job.physics.longest_step_s)
    run = Simulation(solver, case, begin_s=job.surface.at_s)
    run.run(float(job.rain.edges_s[-1]))
    peak = np.maximum(solver.peak_m, job.surface.depth_m)
    return Run(
        number=member.number,
        end=Surface(run.time_s, solver.depth_m.copy(), _held(drains)),
        peak_m=np.where(district.water, np.float32(0), peak),
        arrival_s=watch.arrival_s,
        frames_m=_stacked(watch.frames, district.shape),
        series_m=_stacked(watch.series, (len(job.watched),)),
        most_at_s=watch.most[1],
        mass_error=run.mass_error(),
        steps=run.steps,
    )


def _stacked(fields: Sequence[Singles], shape: tuple[int, ...]) -> Singles:
    return np.array(fields, dtype=np.float32).reshape(len(fields), *shape)


def _held(drains: Drains) -> dict[str, float]:
    return dict(zip(drains.books.names, drains.books.held_m3.tolist(), strict=True))


def on_threads(function: Callable[[Job], Run | Failure], jobs: Sequence[Job]) -> list[Run | Failure]:
    """Spread jobs over this machine's processors."""
    with ThreadPoolExecutor(min(len(jobs), os.cpu_count() or 1)) as pool:
        return list(pool.map(function, jobs))


class NoMember(RuntimeError):
    """The control, or most members, failed: there is no forecast."""


def run_members(
    jobs: Sequence[Job], spread: Spread[Job, Run | Failure] = on_threads
) -> tuple[list[Run], list[Failure]]:
    """Run all members; those that fail are told, and the rest is used.

    Raises
    ------
    NoMember
        If the control failed, or more than half of all.
    """
    done = spread(_guarded, jobs)
    runs = [one for one in done if isinstance(one, Run)]
    failures = [one for one in done if isinstance(one, Failure)]
    if 2 * len(failures) > len(jobs) or any(one.number == jobs[0].member.number for one in failures):
        raise NoMember("; ".join(f"{one.number}: {one.error}" for one in failures))
    return runs, failures


def _guarded(job: Job) -> Run | Failure:
    return attempt(partial(run_member), job, job.member.number)
