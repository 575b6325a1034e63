"""From a case to a simulation: every part is read and checked, and all faults are told at once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from anlan.assess.water.cases.case import Draft, files_of, read_case
from anlan.assess.water.cases.faults import Findings
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.ground import grid_of, read_manning, with_buildings, with_walls_of
from anlan.assess.water.cases.places import Places, read_places
from anlan.assess.water.cases.points import check_series, read_initial, read_points
from anlan.assess.water.cases.rain import read_rain
from anlan.assess.water.cases.terrain import read_terrain
from anlan.science.arrays import Floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver
from anlan.science.flood.momentum import Momentum, MomentumSolver
from anlan.science.flood.points import Points
from anlan.science.flood.rainfall import Rainfall
from anlan.science.flood.simulation import Case as Driven
from anlan.science.flood.simulation import Exchange, Observer, Simulation, Solver
from anlan.science.flood.team import Team

_CHUNK = 1 << 20
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Parts:
    """What a sound case is made of."""

    draft: Draft
    frame: Frame
    grid: Grid
    rain: Rainfall | None
    points: Points | None
    depth_m: Singles | None
    exchanges: tuple[Exchange, ...]
    places: Places | None
    findings: Findings

    @property
    def bed_m(self) -> Floats:
        """Height of the ground, NaN where there is none."""
        return np.asarray(self.grid.bed_m, dtype=np.float64)

    @property
    def length_s(self) -> float:
        """Seconds from the beginning to the end."""
        return 0.0 if self.draft.case.time is None else self.draft.case.time.length_s


def read_parts(path: Path) -> tuple[Parts | None, Findings]:
    """Read a case and all of its files.

    Returns
    -------
    The parts, None if something is wrong; and everything that is wrong or must be known.
    """
    findings = Findings()
    draft = read_case(path, findings)
    case = draft.case
    ground = None
    if case.crs is not None and case.terrain is not None:
        ground = findings.attempt(lambda: read_terrain(draft, findings))
    if ground is None:
        _without_ground(draft, findings)
        return None, findings
    frame, bed = ground
    grid = _grid(draft, frame, bed, findings)
    rain = findings.attempt(lambda: read_rain(draft, frame, findings))
    points = None if grid is None else findings.attempt(lambda: read_points(draft, frame, grid, findings))
    depth = None if grid is None else findings.attempt(lambda: read_initial(draft, frame, grid, findings))
    places = None if grid is None else findings.attempt(lambda: read_places(draft, frame, grid.bed_m, findings))
    if grid is None or findings.faults:
        return None, findings
    return Parts(draft, frame, grid, rain, points, depth, (), places, findings), findings


def _without_ground(draft: Draft, findings: Findings) -> None:
    """Check what can be checked of a case whose ground is not known."""
    told = {fault.key for fault in findings.faults}
    for path, name in files_of(draft.case):
        spot = draft.spot
        for step in path:
            spot /= step
        if not draft.file(name).exists() and spot.key not in told:
            findings.faults.append(spot.fault("file.missing", name))
    findings.attempt(lambda: read_rain(draft, None, findings))
    findings.attempt(lambda: check_series(draft, findings))


def _grid(draft: Draft, frame: Frame, bed: Floats, findings: Findings) -> Grid | None:
    given = draft.case.manning
    manning = None if given is None else findings.attempt(lambda: read_manning(draft, frame, bed, findings))
    built = findings.attempt(lambda: with_buildings(draft, frame, bed, findings))
    if built is None:
        return None
    plain = grid_of(frame, built, 1.0 if manning is None else manning)
    grid = findings.attempt(lambda: with_walls_of(draft, frame, plain, findings))
    return None if manning is None else grid


def simulation(parts: Parts, observers: tuple[Observer, ...], team: Team) -> Simulation:
    """Return the simulation of a case at its beginning."""
    solver = _solver(parts, team)
    if parts.depth_m is not None:
        solver.depth_m[:] = parts.depth_m
    longest = parts.draft.case.rules.longest_step_s
    driven = Driven(
        parts.rain, parts.points, parts.exchanges, observers, **({} if longest is None else {"longest_step_s": longest})
    )
    return Simulation(solver, driven)


def _solver(parts: Parts, team: Team) -> Solver:
    case = parts.draft.case
    schemes: dict[str, Callable[[], Solver]] = {
        "inertial": lambda: InertialSolver(parts.grid, _rules(Inertia, case.rules), team=team),
        "momentum": lambda: MomentumSolver(parts.grid, _rules(Momentum, case.rules), team=team),
    }
    return schemes[case.scheme]()


def _rules(kind: type[T], given: Any) -> T:
    """Return the numbers of a scheme: those given that it has, and its own for the rest."""
    own = kind.__dataclass_fields__  # type: ignore[attr-defined]  # a dataclass
    return kind(**{name: value for name in own if (value := getattr(given, name, None)) is not None})


def fingerprint(path: Path, draft: Draft) -> str:
    """Return a number of all that a result depends on: the case, its files, the version of the program."""
    digest = hashlib.sha256(f"anlan {version('anlan')}\n".encode())
    for file in [path, *(draft.file(name) for _, name in files_of(draft.case))]:
        with file.open("rb") as held:
            while chunk := held.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()
