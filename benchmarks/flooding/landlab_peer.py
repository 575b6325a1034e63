"""landlab's OverlandFlow on the standard case, where it is installed: de Almeida et al. 2012, without a film."""

import importlib.util
import time

import numpy as np

from anlan.science.compiled import Singles
from flooding.standard import Done, Standard


def installed() -> bool:
    """Return whether it is there."""
    return importlib.util.find_spec("landlab") is not None


def landlab(case: Standard) -> Done:
    """Return its run; a closed rim of nodes is put around.

    Its own defaults stay (theta 0.8, Courant number 0.7) but for ``steep_slopes``: without it, depths beside buildings
    become negative and then no numbers.
    """
    from landlab import RasterModelGrid
    from landlab.components import OverlandFlow

    rows, columns = case.bed_m.shape
    grid = RasterModelGrid((rows + 2, columns + 2), xy_spacing=case.cell_m)
    bed = np.pad(case.bed_m[::-1].astype(np.float64), 1, mode="edge")
    grid.add_field("topographic__elevation", bed.ravel(), at="node")
    grid.add_zeros("surface_water__depth", at="node")
    grid.set_closed_boundaries_at_grid_edges(True, True, True, True)
    flow = OverlandFlow(grid, mannings_n=case.manning, steep_slopes=True)
    depth = grid.at_node["surface_water__depth"]
    peak: Singles = np.zeros(bed.shape, dtype=np.float32)
    now, steps = 0.0, 0
    wall, cpu = time.perf_counter(), time.process_time()
    while now < case.until_s:
        flow.rainfall_intensity = case.rain_m_s if now < case.rain_until_s else 0.0
        step = min(flow.calc_time_step(), 10.0, case.until_s - now, max(case.rain_until_s - now, 0.0) or np.inf)
        flow.overland_flow(dt=step)
        now, steps = now + step, steps + 1
        np.maximum(peak, depth.reshape(bed.shape), out=peak)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if not np.isfinite(peak).all():
        raise FloatingPointError("landlab's depths are no numbers")
    return Done(peak[1:-1, 1:-1][::-1], wall, cpu, steps)
