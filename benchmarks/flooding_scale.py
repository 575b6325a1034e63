"""Whole cities, three hours ahead: Songjiang and Shanghai in cells of 10 m, and Shanghai in cells of 30 m with tables.

The ground is synthetic (`anlan.science.flood.synthetic_city`), of the size of the real one: 605 and 6 340 km². 100 mm
fall in the first hour. Shanghai at 10 m is extrapolated from its first steps; with ``ANLAN_BENCH_SCALE_STEPS`` the run
of Songjiang stops after as many steps too and is extrapolated. How many steps a run of three hours takes follows from
the run of a part, whose greatest depths also tell the error of the coarse cells.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver
from anlan.science.flood.simulation import Cancelled, Case, Simulation
from anlan.science.flood.subgrid import SubgridSolver, subgrid
from anlan.science.flood.subgrid_tables import SubgridTables, subgrid_tables
from anlan.science.flood.synthetic_city import synthetic_city
from anlan.science.flood.team import Team

HOURS, RAIN_M, FILM_M, CELL_M, MANNING = 3, 0.1, 0.005, 10.0, 0.03
SONGJIANG, SHANGHAI = 2460, 7962  # cells of 10 m a side: 605 and 6 340 km²
PART, SEED = 900, 7
FACTOR, LEAST_STEP_S = 3, 15.0
FIRST_STEPS = 48
FLOODED_M = 0.15
AIMS_S = {"Songjiang": 120, "Shanghai": 1200, "Shanghai, tables": 60}
RULES = Inertia(film_m=FILM_M)


class _Shower:
    """100 mm in the first hour."""

    def depth_m(self, begin_s: float, end_s: float) -> float | None:
        return RAIN_M / 3600 * (end_s - begin_s) if begin_s < 3600 else None

    def next_bend(self, time_s: float) -> float:
        return 3600.0 if time_s < 3600 else np.inf


@dataclass(frozen=True)
class _Run:
    wall_s: float
    cpu_s: float
    steps: int
    cells: int

    def of(self, steps: int) -> "_Run":
        """Return a run of more steps at the same pace."""
        more = steps / self.steps
        return _Run(self.wall_s * more, self.cpu_s * more, steps, self.cells)

    def __str__(self) -> str:
        rate = self.cells * self.steps / 1e6
        return (
            f"{self.steps} steps of {self.cells / 1e6:.2f} M cells, {rate / self.wall_s:.0f} M cell updates/s, "
            f"{self.cpu_s:.0f} processor seconds, {rate / self.cpu_s:.0f} M a processor second"
        )


def _city(side: int) -> Grid:
    return Grid(synthetic_city(side, side, CELL_M, SEED).bed_m, CELL_M, CELL_M, MANNING)


def _timed(run: Simulation, most_steps: int | None = None) -> _Run:
    wall, cpu = time.perf_counter(), time.process_time()

    def watch(_time_s: float) -> bool:
        return most_steps is None or run.steps < most_steps

    with suppress(Cancelled):
        run.run(HOURS * 3600.0, watch)
    return _Run(time.perf_counter() - wall, time.process_time() - cpu, run.steps, run.solver.depth_m.size)


def _inertial(fine: Grid, team: Team) -> Simulation:
    return Simulation(InertialSolver(fine, RULES, team=team), Case(rain=_Shower()))


def _subgrid(tables: SubgridTables, team: Team) -> Simulation:
    case = Case(rain=_Shower(), longest_step_s=LEAST_STEP_S)
    return subgrid(tables, case, rules=RULES, team=team, least_step_s=LEAST_STEP_S)


def _case(name: str, unit: str, ours: float, note: str, aim: float | None = None) -> dict[str, Any]:
    peer, ratio = ("aim", round(aim / ours, 2)) if aim is not None and ours > 0 else (None, None)
    return {
        "case": name,
        "unit": unit,
        "ours": ours,
        "peer": peer,
        "theirs": aim,
        "ratio": ratio,
        "equal": None,
        "note": note,
    }


def _errors(truth: npt.NDArray[np.float32], found: npt.NDArray[np.float32]) -> str:
    wet, wet_found = truth > FLOODED_M, found > FLOODED_M
    csi = (wet & wet_found).sum() / (wet | wet_found).sum()
    area = wet_found.mean() / wet.mean() - 1
    rmse = np.sqrt(np.mean((found - truth) ** 2))
    return f"RMSE {1e3 * rmse:.0f} mm, CSI at {FLOODED_M} m {csi:.2f}, flooded area {area:+.0%}"


def _part(team: Team) -> tuple[int, list[dict[str, Any]]]:
    """Return the steps of three hours in cells of 10 m, and the errors of coarser cells on a part of the city."""
    fine = _city(PART)
    run = _inertial(fine, team)
    done = _timed(run)
    truth = run.solver.peak_m
    found = []
    for factor in (FACTOR, 5):
        coarse = _subgrid(subgrid_tables(fine, factor, team=team), team)
        solver = coarse.solver
        if not isinstance(solver, SubgridSolver):
            raise TypeError("a run with tables needs their solver")
        took = _timed(coarse)
        depth = solver.fine_depth_m(fine.bed_m, solver.peak_levels_m())
        side = PART // factor
        mean = fine.bed_m.reshape(side, factor, side, factor).mean(axis=(1, 3))
        plain = _inertial(Grid(mean, CELL_M * factor, CELL_M * factor, MANNING), team)
        _timed(plain)
        averaged = np.kron(plain.solver.peak_m, np.ones((factor, factor), np.float32))
        rmse = float(np.sqrt(np.mean((depth - truth) ** 2)))
        note = (
            f"greatest depth against cells of 10 m on {(PART * CELL_M / 1e3) ** 2:.0f} km²: {_errors(truth, depth)}; "
            f"with the mean of the ground instead of tables: {_errors(truth, averaged)}; {took}; mass "
            f"{coarse.mass_error():.0e}"
        )
        found.append(_case(f"error of cells of {CELL_M * factor:.0f} m with tables", "mm", round(1e3 * rmse, 1), note))
    return done.steps, found


def _warm(team: Team) -> None:
    """Compile, or read what was compiled, before time is taken."""
    small = _city(120)
    _timed(_inertial(small, team), 2000)
    _timed(_subgrid(subgrid_tables(small, FACTOR, team=team), team))


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def _songjiang(team: Team, steps: int) -> dict[str, Any]:
    most = os.environ.get("ANLAN_BENCH_SCALE_STEPS")
    done = _timed(_inertial(_city(SONGJIANG), team), None if most is None else int(most))
    whole = done if most is None else done.of(steps)
    how = f"{done}" if most is None else f"extrapolated from {done.steps} steps: {whole}"
    name = "Songjiang, 10 m, 3 h, two threads"
    return _case(name, "s", round(whole.wall_s, 1), f"{how}; {_load()}", AIMS_S["Songjiang"])


def _shanghai(team: Team, steps: int) -> list[dict[str, Any]]:
    fine = _city(SHANGHAI)
    first = _timed(_inertial(fine, team), FIRST_STEPS)
    whole = first.of(steps)
    note = f"extrapolated from {first.steps} steps: {whole}; {_load()}"
    cases = [_case("Shanghai, 10 m, 3 h, two threads", "s", round(whole.wall_s, 1), note, AIMS_S["Shanghai"])]
    began = time.perf_counter()
    tables = subgrid_tables(fine, FACTOR, team=team)
    made = time.perf_counter() - began
    run = _subgrid(tables, team)
    done = _timed(run)
    size = sum(table.nbytes for table in (tables.cells, tables.right, tables.below)) / tables.grid.bed_m.size
    note = (
        f"the run alone, {done}; steps of {LEAST_STEP_S:.0f} s that deep water does not shorten; tables made "
        f"before, in {made:.0f} s, {size:.0f} bytes a coarse cell; mass {run.mass_error():.0e}; {_load()}"
    )
    name = "Shanghai, 30 m with tables, 3 h, two threads"
    return [*cases, _case(name, "s", round(done.wall_s, 1), note, AIMS_S["Shanghai, tables"])]


def cases() -> list[dict[str, Any]]:
    """Measure error and speed."""
    team = Team(2)
    _warm(team)
    steps, errors = _part(team)
    parts: list[Callable[[], list[dict[str, Any]]]] = [
        lambda: [_songjiang(team, steps)],
        lambda: _shanghai(team, steps),
    ]
    found = [*errors, *(case for part in parts for case in part())]
    team.close()
    return found
