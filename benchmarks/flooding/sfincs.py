"""SFINCS (Deltares) on the standard case, where ``SFINCS_EXE`` names the program: local inertia, film 5 mm.

Its own defaults stay (Courant number 0.5, theta 1, friction in two directions) but for what the case asks: no
advection, no viscosity, no Coriolis force, ``huthresh`` 5 mm instead of 5 cm.
"""

import os
import re
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import netCDF4
import numpy as np

from anlan.science.compiled import Singles
from flooding.standard import Done, Standard

_INPUT = """\
mmax = {columns}
nmax = {rows}
dx = {cell}
dy = {cell}
x0 = 0
y0 = 0
rotation = 0
epsg = 32651
tref = 20240101 000000
tstart = 20240101 000000
tstop = {stop}
dtout = {until}
dtmaxout = {until}
dthisout = 0
inputformat = asc
outputformat = net
depfile = sfincs.dep
mskfile = sfincs.msk
precipfile = sfincs.prcp
manning = {manning}
manning_land = {manning}
manning_sea = {manning}
huthresh = {film}
zsini = -99
advection = 0
viscosity = 0
coriolis = 0
"""


def program() -> str | None:
    """Return the program that the user built."""
    return os.environ.get("SFINCS_EXE")


def sfincs(case: Standard, threads: int) -> Done:
    """Return its run; steps follow from its own mean of the time step."""
    exe = program()
    if exe is None:
        raise RuntimeError("SFINCS_EXE names no program")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(case, folder)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        run = subprocess.run(
            [exe],
            cwd=folder,
            env=os.environ | {"OMP_NUM_THREADS": str(threads)},
            capture_output=True,
            text=True,
            check=True,
        )
        whole = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        log = run.stdout
        wall, step = _number(log, "Total simulation time"), _number(log, "Average time step (s)")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        reading = _number(log, "Time in input")  # text is slow to read: no part of a run
        return Done(_peak(case, folder), wall, cpu * max(0.0, 1 - reading / whole), round(case.until_s / step))


def _write(case: Standard, folder: Path) -> None:
    rows, columns = case.bed_m.shape
    hours, rest = divmod(int(case.until_s), 3600)
    text = _INPUT.format(
        rows=rows,
        columns=columns,
        cell=case.cell_m,
        stop=f"20240101 {hours:02d}{rest // 60:02d}{rest % 60:02d}",
        until=case.until_s,
        manning=case.manning,
        film=case.film_m,
    )
    (folder / "sfincs.inp").write_text(text, encoding="ascii")
    np.savetxt(folder / "sfincs.dep", case.bed_m[::-1], fmt="%.5f")  # its first row is the southernmost
    np.savetxt(folder / "sfincs.msk", np.ones(case.bed_m.shape, dtype=np.int64), fmt="%d")
    rain = case.rain_m_s * 3.6e6
    stop = case.rain_until_s
    series = [(0.0, rain), (stop, rain), (stop + 0.01, 0.0), (max(stop, case.until_s) + 3600, 0.0)]
    np.savetxt(folder / "sfincs.prcp", series, fmt="%.3f")


def _number(log: str, name: str) -> float:
    found = re.search(rf"{re.escape(name)}\s*:\s*([0-9.]+)", log)
    if found is None:
        raise RuntimeError(f"SFINCS did not say its {name}: {log[-500:]}")
    return float(found[1])


def _peak(case: Standard, folder: Path) -> Singles:
    with netCDF4.Dataset(folder / "sfincs_map.nc") as data:
        level = np.ma.filled(np.ma.max(data["zsmax"][:], axis=0), np.nan)
    if level.shape != case.bed_m.shape:
        level = level.T
    depth: Singles = np.nan_to_num(level[::-1] - case.bed_m, nan=0.0).astype(np.float32)
    return np.maximum(depth, 0)
