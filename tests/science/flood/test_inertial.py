"""The compiled scheme of local inertia against the same scheme written out, and against what must hold of any scheme."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver, Sparse
from anlan.science.flood.points import Inflow, OpenEdge, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team
from science.flood.cases import Shower, Wild, turned, wild
from science.flood.reference import Reference
from science.flood.verification import Row, record

NOTHING = Sparse(*(np.zeros(0, dtype=kind) for kind in (int, float, int, float, float, int, float)))
TURNS: dict[str, tuple[Any, bool]] = {
    "left for right": (np.fliplr, False),
    "north for south": (np.flipud, False),
    "a quarter turn": (np.rot90, True),
    "a half turn": (lambda a: np.rot90(a, 2), False),
    "rows for columns": (np.transpose, True),
}


def both(case: Wild, until_s: float, **rules: Any) -> tuple[Simulation, Simulation]:
    ours, plain = case.simulation(**rules), case.simulation(Reference(case.grid, Inertia(**rules)))
    ours.run(until_s)
    plain.run(until_s)
    return ours, plain


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_scheme_is_the_written_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = wild(rng, walls=bool(seed % 2), rough=seed < 2, cell=(7.0, 11.0) if seed else (10.0, 10.0))
    ours, plain = both(case, 400.0)

    gap = float(np.abs(ours.solver.depth_m - plain.solver.depth_m).max())
    peaks = float(np.abs(ours.solver.peak_m - plain.solver.peak_m).max())

    assert ours.steps == plain.steps
    for name, volume in plain.books.moved_m3.items():
        assert ours.books.moved_m3[name] == pytest.approx(volume, rel=1e-3, abs=1e-3), name
    if seed == 1:
        record(
            Row(
                "random ground with walls, holes, rain, inflows, tide and an open edge, 400 s",
                "inertial",
                "the scheme in NumPy and double precision (`tests/science/flood/reference.py`)",
                "depth, greatest difference",
                max(gap, peaks),
                1e-3,
                "m",
            )
        )
    assert max(gap, peaks) < 1e-3
