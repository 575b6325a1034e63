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
from anlan.assess.water.cases.losses import Losses, swmm_of
from anlan.assess.water.cases.places import Places, check_amounts, read_places
from anlan.assess.water.cases.points import check_series, read_initial, read_points
from anlan.assess.water.cases.rain import read_rain
from anlan.assess.water.cases.structures import Structures
from anlan.assess.water.cases.tables import Ground, ground_of
from anlan.assess.water.cases.terrain import read_terrain
from anlan.assess.water.swmm import SwmmExchange
from anlan.science.arrays import Floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver
from anlan.science.flood.momentum import Momentum, MomentumSolver
from anlan.science.flood.points import Points
from anlan.science.flood.rainfall import Rainfall
from anlan.science.flood.simulation import Case as Driven
from anlan.science.flood.simulation import Exchange, Observer, Simulation, Solver
from anlan.science.flood.subgrid import SubgridSolver
from anlan.science.flood.team import Team

_CHUNK = 1 << 20
_NUMBERS: dict[str, Any] = {"inertial": Inertia, "subgrid": Inertia, "momentum": Momentum}
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Parts:
    """What a sound case is made of."""

    draft: Draft
    ground: Ground
    rain: Rainfall | None
    points: Points | None
    depth_m: Singles | None
    exchanges: tuple[Exchange, ...]
    places: Places | None
    findings: Findings

    @property
    def frame(self) -> Frame:
        """Where the cells of the water lie."""
        return self.ground.frame

    @property
    def grid(self) -> Grid:
        """The grid of the water."""
        return self.ground.grid

    @property
    def bed_m(self) -> Floats:
        """Height of the terrain's cells, NaN where there is no ground."""
        return np.asarray(self.ground.fine.bed_m, dtype=np.float64)

    def close(self) -> None:
        """End the processes of the exchanges."""
        for one in self.exchanges:
            if isinstance(one, SwmmExchange):
                one.close()

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
    terrain = None
    if case.crs is not None and case.terrain is not None:
        terrain = findings.attempt(lambda: read_terrain(draft, findings))
    if terrain is None:
        _without_ground(draft, findings)
        return None, findings
    frame, bed = terrain
    fine = _grid(draft, frame, bed, findings)
    ground = findings.attempt(lambda: ground_of(draft, frame, fine)) or Ground(frame, fine, frame, fine)
    frame, grid = ground.frame, ground.grid
    rain = findings.attempt(lambda: read_rain(draft, frame, findings))
    points = findings.attempt(lambda: read_points(draft, frame, grid, findings))
    depth = findings.attempt(lambda: read_initial(draft, frame, grid, ground.depth_below, findings))
    places = findings.attempt(lambda: read_places(draft, frame, grid.bed_m, findings))
    findings.attempt(lambda: check_amounts(draft))
    _check_scheme(draft, findings)
    losses = findings.attempt(lambda: Losses(draft, frame, grid, findings).read()) or ()
    structures = findings.attempt(lambda: Structures(draft, frame, grid, findings).read()) or ()
    if findings.faults:
        return None, findings
    exchanges = _with_swmm(draft, frame, grid, (*losses, *structures), findings)
    if exchanges is None:
        return None, findings
    return Parts(draft, ground, rain, points, depth, exchanges, places, findings), findings


def _with_swmm(
    draft: Draft, frame: Frame, grid: Grid, exchanges: tuple[Exchange, ...], findings: Findings
) -> tuple[Exchange, ...] | None:
    """Return the exchanges with SWMM, which is started only for a case that is sound without it."""
    given = None if draft.case.drains is None else draft.case.drains.swmm
    if given is None:
        return exchanges
    swmm = findings.attempt(lambda: swmm_of(draft, given, frame, grid))
    return None if swmm is None else (*exchanges, swmm)


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


def _grid(draft: Draft, frame: Frame, bed: Floats, findings: Findings) -> Grid:
    """Return the grid; where a part is faulty, one without it, on which the other parts can be checked."""
    given = draft.case.manning
    manning = None if given is None else findings.attempt(lambda: read_manning(draft, frame, bed, findings))
    built = findings.attempt(lambda: with_buildings(draft, frame, bed, findings))
    plain = grid_of(frame, bed if built is None else built, 1.0 if manning is None else manning)
    return findings.attempt(lambda: with_walls_of(draft, frame, plain, findings)) or plain


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
        "subgrid": lambda: _subgrid(parts, team),
        "momentum": lambda: MomentumSolver(parts.grid, _rules(Momentum, case.rules), team=team),
    }
    return schemes[case.scheme]()


def _check_scheme(draft: Draft, findings: Findings) -> None:
    """Refuse numbers that the scheme does not have: they would change nothing, and their author thinks they do."""
    case = draft.case
    own = {*(_NUMBERS[case.scheme].__dataclass_fields__), "longest_step_s"}
    for name in sorted(case.rules.model_fields_set - own):
        findings.faults.append((draft.spot / "rules" / name).fault("scheme.number", name, case.scheme, *sorted(own)))
    if "subgrid" in case.model_fields_set and case.scheme != "subgrid":
        findings.faults.append((draft.spot / "subgrid").fault("scheme.number", "subgrid", case.scheme, *sorted(own)))


def _subgrid(parts: Parts, team: Team) -> Solver:
    case, tables = parts.draft.case, parts.ground.tables
    if tables is None:
        raise RuntimeError("a case with sub-grid tables has them")
    return SubgridSolver(tables, _rules(Inertia, case.rules), team=team, least_step_s=case.subgrid.least_step_s)


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
