"""Small networks and streets for the tests of the coupling with SWMM."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from anlan.science.flood.grid import Grid
from anlan.science.flood.points import Inflow, OpenEdge, Points, Series
from anlan.science.flood.rainfall import Frame
from anlan.science.flood.simulation import Case, Simulation, inertial

ROWS, COLUMNS, CELL = 12, 40, 5.0
SLOPE, STREET_M, DEPTH_M = 0.005, 10.0, 2.0
FRAME = Frame(1000.0, 2060.0, CELL, CELL, ROWS, COLUMNS)
NODES = ("M1", "M2", "M3")


def street() -> Grid:
    """Return a street that falls eastwards."""
    bed = STREET_M - SLOPE * CELL * np.arange(COLUMNS) + np.zeros((ROWS, 1))
    return Grid(bed.astype(np.float32), CELL, CELL, 0.02)


def network(
    folder: Path,
    *,
    diameter_m: float = 0.6,
    inflow_m3_s: float = 0.0,
    more: str = "",
    us: bool = False,
    **options: str,
) -> Path:
    """Write three manholes along the street, 50 m apart, 2 m deep, and an outfall."""
    foot, flow = (1 / 0.3048, 1 / 0.3048**3) if us else (1.0, 1.0)
    given = {
        "FLOW_UNITS": "CFS" if us else "CMS",
        "FLOW_ROUTING": "DYNWAVE",
        "START_DATE": "01/01/2024",
        "START_TIME": "00:00:00",
        "END_DATE": "01/01/2024",
        "END_TIME": "02:00:00",
        "ROUTING_STEP": "1",
        "VARIABLE_STEP": "0",
        "LINK_OFFSETS": "DEPTH",
        "MIN_SURFAREA": str(1.167 * foot**2),
    } | options
    x = [1000.0 + CELL * (column + 0.5) for column in (5, 15, 25)]
    invert = [(STREET_M - SLOPE * (at - 1002.5) - DEPTH_M) * foot for at in x]
    junctions = [f"{n} {z:.6f} {DEPTH_M * foot:.6f} 0 0 0" for n, z in zip(NODES, invert, strict=True)]
    ends = [*NODES, "OUT"]
    text = "[TITLE]\nstreet\n\n[OPTIONS]\n" + "\n".join(f"{k} {v}" for k, v in given.items())
    text += "\n\n[JUNCTIONS]\n;; comment\n" + "\n".join(junctions)
    text += f"\n\n[OUTFALLS]\nOUT {invert[-1] - 0.4 * foot:.6f} FREE NO\n\n[CONDUITS]\n"
    text += "\n".join(f"C{k} {a} {b} {50 * foot:.4f} 0.013 0 0 0" for k, (a, b) in enumerate(pairwise(ends)))
    text += "\n\n[XSECTIONS]\n" + "\n".join(f"C{k} CIRCULAR {diameter_m * foot:.6f} 0 0 0 1" for k in range(3))
    text += "\n\n[COORDINATES]\n" + "\n".join(f"{n} {at} 2032.5" for n, at in zip(NODES, x, strict=True))
    if inflow_m3_s:
        text += "\n\n[INFLOWS]\nM1 FLOW storm\n\n[TIMESERIES]\n"
        text += "\n".join(f"storm {h} {q * flow:.6f}" for h, q in ((0, 0.0), (0.2, inflow_m3_s), (0.6, 0.0)))
    path = folder / "street.inp"
    path.write_text(f"{text}\n\n{more}\n", encoding="utf-8")
    return path


def flooded(exchange: Any, grid: Grid, *, inflow_m3_s: float = 0.3) -> Simulation:
    """Return a run in which a brook floods the upper end of the street and leaves at the lower one."""
    column = np.arange(ROWS) * COLUMNS
    points = Points(
        grid,
        inflows=(Inflow("brook", column, Series.of([0, 300, 900, 1200], [0, inflow_m3_s, inflow_m3_s, 0])),),
        edges=(OpenEdge("east", column + COLUMNS - 1, SLOPE, CELL),),
    )
    return inertial(grid, Case(points=points, exchanges=[exchange]))
