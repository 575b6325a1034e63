"""EA test 8B: a culvert surcharges through a manhole; discharge against XPSTORM's (Néelz and Pender 2013)."""

from pathlib import Path

import numpy as np
import pytest

from anlan.assess.water.swmm import Coupling, SwmmExchange
from anlan.science.flood.grid import Grid
from anlan.science.flood.manholes import Opening
from anlan.science.flood.points import OpenEdge, Points
from anlan.science.flood.rainfall import Frame
from anlan.science.flood.simulation import Case, inertial
from science.flood.verification import Row, record

DATA = Path(__file__).parent / "data" / "ea_test8b"
CASE = "UK EA 2D test 8B: surcharging sewer, on a street of one slope in place of the terrain of the test"
SOURCE = "XPSTORM in Néelz and Pender 2013 (SC120002), section 4.10"
ROWS, COLUMNS, SLOPE, RIM_M, ALONE_S, UNTIL_S = 20, 60, 0.02, 31.46, 4500.0, 6000.0


def discharge() -> tuple[np.ndarray, np.ndarray]:
    """Return minutes and the discharge out of the manhole in each, m³/s."""
    bed = np.tile(RIM_M - SLOPE * 2.0 * (np.arange(COLUMNS) - 10), (ROWS, 1)).astype(np.float32)
    grid = Grid(bed, 2.0, 2.0, 0.02)
    frame = Frame(264895 - 21.0, 664747 + 21.0, 2.0, 2.0, ROWS, COLUMNS)
    low = OpenEdge("low", np.arange(ROWS) * COLUMNS + COLUMNS - 1, SLOPE, 2.0)
    # 1 m² as in the specification, which gives no coefficient: that of a sharp-edged orifice, 0.62.
    coupling = Coupling(opening=Opening(1.0, 4.0, orifice=0.62), alone_s=ALONE_S)
    with SwmmExchange(DATA / "test8b_drainage_ponding.inp", grid, frame, coupling) as exchange:
        run = inertial(grid, Case(points=Points(grid, edges=(low,)), exchanges=[exchange]))
        out = []
        for end in np.arange(0.0, UNTIL_S + 1, 60.0):
            run.run(end)
            out.append(float((exchange.up_m3 - exchange.down_m3)[0]))
    assert abs(run.mass_error()) < 1e-6
    return np.arange(1, len(out)) - 0.5 + ALONE_S / 60, np.diff(out) / 60


def test_the_manhole_discharges_as_in_xpstorm():
    minutes, flow = discharge()
    told, read_off = np.loadtxt(DATA / "xpstorm.csv", delimiter=",").T
    reference = np.maximum(np.interp(minutes, told, read_off), 0)
    peak, volume = reference.max(), reference.sum() * 60

    for what, error, allowed, unit in (
        ("peak discharge out of the manhole", flow.max() - peak, 0.15, "m³/s"),
        ("time of the peak", minutes[np.argmax(flow)] - minutes[np.argmax(reference)], 3.0, "min"),
        ("discharge, RMSE", float(np.sqrt(np.mean((flow - reference) ** 2))), 0.15, "m³/s"),
        ("volume, as a part", (flow.sum() * 60 - volume) / volume, 0.12, "1"),
    ):
        record(Row(CASE, "SWMM coupling", SOURCE, what, float(error), allowed, unit))
    assert volume == pytest.approx(4965, rel=0.02)  # the reference itself was read right
