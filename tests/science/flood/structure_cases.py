"""Small grounds and runs that the tests of structures share."""

import numpy as np

from anlan.science.flood.grid import Grid
from anlan.science.flood.links import Pool
from anlan.science.flood.simulation import Case, Simulation, inertial
from anlan.science.flood.team import Team

ALONE = Team(1)


def ponds(left_m=2.0, right_m=0.0, *, rows=3, columns=4, bed=(0.0, 0.0), side_m=10.0):
    """Return a grid of two ponds without ground between them, depths on it, and their cells."""
    ground = np.full((rows, 2 * columns + 1), np.nan)
    ground[:, :columns], ground[:, columns + 1 :] = bed
    depth = np.zeros(ground.shape, dtype=np.float32)
    depth[:, :columns], depth[:, columns + 1 :] = left_m, right_m
    numbers = np.arange(ground.size).reshape(ground.shape)
    return Grid(ground, side_m, side_m, 0.03), depth, numbers[:, :columns].ravel(), numbers[:, columns + 1 :].ravel()


def pools(grid, *groups):
    """Return pools of groups of cells."""
    return [Pool(f"pool {k}", grid, cells) for k, cells in enumerate(groups)]


def started(grid, depth, *exchanges, observers=(), **case):
    """Return a simulation of a grid with depths on it."""
    run = inertial(grid, Case(exchanges=exchanges, observers=observers, **case), team=ALONE)
    run.solver.depth_m[:] = depth
    return Simulation(run.solver, run.case)


def total_m3(run):
    """Return the water on the surface in double precision."""
    return float(run.solver.depth_m.sum(dtype=np.float64)) * run.solver.grid.cell_m2
