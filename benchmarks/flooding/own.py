"""The standard case by the solver of this house: how fast, and how much memory a process takes for it."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team
from flooding.standard import Done, Standard, standard


def own(case: Standard, threads: int) -> tuple[Done, float]:
    """Return a run and its error of mass."""
    grid = Grid(case.bed_m, case.cell_m, case.cell_m, case.manning)
    team = Team(threads)
    _warm(case, team)
    simulation = Simulation(InertialSolver(grid, Inertia(film_m=case.film_m), team=team), Case(rain=case))
    wall, cpu = time.perf_counter(), time.process_time()
    simulation.run(case.until_s)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    team.close()
    return Done(simulation.solver.peak_m, wall, cpu, simulation.steps), simulation.mass_error()


def _warm(case: Standard, team: Team) -> None:
    """Compile, or read what was compiled, before time is taken: the same arguments with and without rain."""
    grid = Grid(np.zeros((64, 64), dtype=np.float32), case.cell_m, case.cell_m, case.manning)
    simulation = Simulation(InertialSolver(grid, Inertia(film_m=case.film_m), team=team), Case(rain=case))
    simulation.run(case.rain_until_s + 60)


_ALONE = """
import resource, sys
from pathlib import Path
import numpy as np
sys.path.insert(0, sys.argv[1])
from flooding.own import own
from flooding.standard import Standard, standard
own(standard(64).until(60.0), 2)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
case = Standard(np.load(sys.argv[2]), until_s=120.0)
own(case, 2)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / case.cells)
"""


def bytes_a_cell(side: int) -> float:
    """Return what the greatest memory of a process grows by for a run, with the ground that it reads."""
    with tempfile.TemporaryDirectory() as name:
        ground = Path(name) / "bed.npy"
        np.save(ground, standard(side).bed_m)
        run = subprocess.run(
            [sys.executable, "-c", _ALONE, str(Path(__file__).parents[1]), str(ground)],
            capture_output=True,
            text=True,
            check=True,
        )
    return float(run.stdout)
