"""The Okushiri tank: a tsunami's run-up into the valley of Monai, 1 : 400, measured at three gauges.

Benchmark 2 of the Third International Workshop on Long-Wave Runup Models (2004), tank of the Central Research Institute
of Electric Power Industry, Abiko; see ``data/PROVENANCE-momentum.md``. Cells of 28 mm instead of 14 mm; n 0.01 (plywood
and mortar). The wave comes in as a level at the western edge.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anlan.science.arrays import Floats
from anlan.science.flood.grid import Grid
from anlan.science.flood.momentum import Momentum, MomentumSolver
from anlan.science.flood.points import Level, Points, Series
from anlan.science.flood.simulation import Case, Simulation, Solver
from anlan.science.flood.team import Team
from science.flood.verification import Row, record

DATA = Path(__file__).parent / "data"
CASE = "Okushiri tank: run-up of a tsunami, 28 mm"
SOURCE = "CRIEPI tank, benchmark 2 of the 2004 workshop on long-wave run-up"
SIDE_M, END_S, LOOK_S = 0.028, 22.5, 0.05
GAUGES = {"5": (4.521, 1.196), "7": (4.521, 1.696), "9": (4.521, 2.196)}  # x, y from the corner of the bathymetry, m


class Gauges:
    """Notes the level at the gauges every 0.05 s."""

    name = "gauges"

    def __init__(self, bed: Floats) -> None:
        self.cells = [(round(y / SIDE_M), round(x / SIDE_M)) for x, y in GAUGES.values()]
        self.bed, self.series = bed, [[0.0] * (1 + len(GAUGES))]

    def see(self, begin_s: float, end_s: float, solver: Solver) -> None:
        self.series.append([end_s, *(float(solver.depth_m[cell] + self.bed[cell]) for cell in self.cells)])

    def next_look(self, time_s: float) -> float:
        return (np.floor(time_s / LOOK_S + 1e-6) + 1) * LOOK_S

    def kept(self) -> dict[str, Any]:
        return {}

    def restore(self, kept: Any) -> None:
        pass


@pytest.fixture(scope="module")
def found() -> tuple[Floats, Simulation, Floats]:
    bed = np.loadtxt(DATA / "okushiri_bed.csv", delimiter=",") * 1e-5
    time, level = np.loadtxt(DATA / "okushiri_wave.csv", delimiter=",", skiprows=1).T
    grid = Grid(bed, SIDE_M, SIDE_M, 0.01)
    west = np.arange(bed.shape[0]) * bed.shape[1]
    water, gauges = MomentumSolver(grid, Momentum(film_m=1e-5), team=Team(2)), Gauges(bed)
    water.depth_m[:] = np.maximum(0, -bed)
    points = Points(grid, levels=(Level("wave", west, Series.of(time, level)),))
    simulation = Simulation(water, Case(points=points, observers=[gauges]))
    simulation.run(END_S)
    return np.array(gauges.series), simulation, bed


@pytest.mark.parametrize("gauge", GAUGES)
def test_levels_at_the_gauges(found: tuple[Floats, Simulation, Floats], gauge: str) -> None:
    series = found[0]
    time, *measured = np.loadtxt(DATA / "okushiri_gauges.csv", delimiter=",", skiprows=1).T
    number = list(GAUGES).index(gauge)
    level, seen = series[:, number + 1], np.interp(series[:, 0], time, measured[number]) / 100
    error = level - seen

    record(
        Row(CASE, "momentum", SOURCE, f"level at gauge {gauge}, RMSE", float(np.sqrt(np.mean(error**2))), 0.005, "m")
    )
    crest = float(level.max() - seen.max())
    record(Row(CASE, "momentum", SOURCE, f"level at gauge {gauge}, error of the crest", crest, 0.006, "m"))
    late = float(series[level.argmax(), 0] - series[seen.argmax(), 0])
    record(Row(CASE, "momentum", SOURCE, f"level at gauge {gauge}, crest comes late by", late, 0.6, "s"))


def test_water_runs_up_into_the_valley(found: tuple[Floats, Simulation, Floats]) -> None:
    _, simulation, bed = found
    runup = float(bed[simulation.solver.peak_m > 0.001].max())

    # The gully is a few cells wide here: with the 14 mm of the bathymetry the run-up is 0.079 m.
    source = "survey of 1993 (Shuto and Matsutomi 1995): 31.7 m in nature"
    record(Row(CASE, "momentum", source, "greatest run-up", runup - 31.7 / 400, 0.02, "m"))
    assert abs(simulation.mass_error()) < 1e-5
