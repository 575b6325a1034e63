"""A manhole in a walled yard against SWMM's own ponding, which is a yard of that area over the manhole."""

import re
from pathlib import Path

import numpy as np
import pytest
from swmm.toolkit import solver
from swmm.toolkit.shared_enum import NodeResult, ObjectType

from anlan.assess.water.inp import read, write
from anlan.assess.water.swmm import Coupling, SwmmExchange
from anlan.science.flood.grid import Grid
from anlan.science.flood.manholes import Opening
from anlan.science.flood.rainfall import Frame
from anlan.science.flood.simulation import Case, inertial
from assess.water.networks import network
from science.flood.verification import Row, record

SIDE_M, RIM_M, UNTIL_S = 30.0, 9.625, 3000.0
YARD = Frame(1077.5 - SIDE_M / 2, 2032.5 + SIDE_M / 2, 5.0, 5.0, 6, 6)


def bottleneck(folder: Path, ponded_m2: float) -> Path:
    """Write a wide sewer that goes on narrow behind M2; the lids of M1 and M3 hold."""
    inp = network(folder, diameter_m=0.6, inflow_m3_s=0.3)
    text = re.sub(r"(C[12] CIRCULAR) 0\.600000", r"\1 0.25", inp.read_text())
    text = re.sub(r"(M[13] \S+ 2\.000000 0) 0 0", r"\1 50 0", text)
    inp.write_text(re.sub(r"(M2 \S+ 2\.000000 0) 0 0", rf"\1 0 {ponded_m2:g}", text))
    return inp


def ponded_by_swmm(folder: Path, times: np.ndarray) -> np.ndarray:
    """Return the water above the rim of M2 in SWMM alone, m³."""
    target = folder / "alone.inp"
    write(read(bottleneck(folder, SIDE_M**2)), target, None)
    solver.swmm_open(str(target), str(folder / "alone.rpt"), str(folder / "alone.out"))
    node, found, now = solver.project_get_index(ObjectType.NODE, "M2"), [(0.0, 0.0)], 0.0
    solver.swmm_start(False)
    while now < UNTIL_S:
        now = solver.swmm_step() * 86400
        above = solver.node_get_result(node, NodeResult.DEPTH) - 2.0
        found.append((now, max(above, 0.0) * SIDE_M**2))
    solver.swmm_end()
    solver.swmm_close()
    return np.interp(times, *np.array(found).T)


def test_a_yard_ponds_as_swmms_ponded_area_does(tmp_path):
    times = np.arange(60.0, UNTIL_S + 1, 60.0)
    reference = ponded_by_swmm(tmp_path, times)
    grid = Grid(np.full((6, 6), RIM_M, dtype=np.float32), 5.0, 5.0, 0.02)
    wide = Coupling(closed=("M1", "M3"), opening=Opening(4.0, 8.0, orifice=0.6))
    with SwmmExchange(bottleneck(tmp_path, 0.0), grid, YARD, wide) as exchange:
        run, found = inertial(grid, Case(exchanges=[exchange])), []
        for end in times:
            run.run(end)
            found.append(run.volume_m3())
        left = exchange.totals["outflow_m3"]
    ponded = np.array(found)
    rows = ("volume on the yard, RMSE over 50 minutes", np.sqrt(np.mean((ponded - reference) ** 2)), 3.0), (
        "greatest volume on the yard", ponded.max() - reference.max(), 3.0,
    )  # fmt: skip

    assert reference.max() == pytest.approx(145, abs=5)
    for compared, error, allowed in rows:
        record(
            Row("Surcharge into a walled yard of 900 m²", "SWMM coupling", "SWMM 5.2.4 alone, ponded area 900 m²",
                compared, float(error), allowed, "m³")
        )  # fmt: skip
    assert abs(run.mass_error()) < 1e-6
    # What flowed in by then (324 m³ until 2 160 s) is on the yard, in the pipes, or gone; SWMM loses a little.
    assert left + ponded[-1] + exchange.totals["stored_m3"] == pytest.approx(324, rel=0.02)
