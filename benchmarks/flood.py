"""The flood solver on the standard case, beside SFINCS (named by ``SFINCS_EXE``) and landlab.

``ANLAN_BENCH_PARTS`` names some of the parts; ``ANLAN_BENCH_SIDES`` the sizes of the case, in cells a side.
"""

import os
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import flooding_scale
from flooding import landlab_peer, sfincs
from flooding.own import bytes_a_cell, own
from flooding.standard import Done, Standard, difference, standard

RUNS = int(os.environ.get("ANLAN_BENCH_RUNS", "3"))
SIDES = tuple(int(side) for side in os.environ.get("ANLAN_BENCH_SIDES", "400,1000,2000").split(","))
BESIDE = ((400, 3 * 3600.0), (1000, 3600.0))  # SFINCS: cells a side, and how long
LANDLAB = (120, 3600.0)
PARTS = ("speed", "memory", "sfincs", "landlab")


def run() -> list[dict[str, Any]]:
    """Return the cases of all parts chosen."""
    chosen = os.environ.get("ANLAN_BENCH_PARTS", ",".join(PARTS)).split(",")
    parts = {"speed": _speed, "memory": _memory, "sfincs": _sfincs, "landlab": _landlab, "scale": flooding_scale.cases}
    return [{"part": part, **case} for part in chosen for case in parts[part]()]


def _case(name: str, unit: str, ours: float, **more: Any) -> dict[str, Any]:
    return {"case": name, "unit": unit, "ours": ours, "peer": None, "theirs": None, "ratio": None, "equal": None,
            "note": "", **more}  # fmt: skip


def _speed() -> list[dict[str, Any]]:
    found = []
    for side in SIDES:
        for threads in (1, 2):
            runs = [own(standard(side), threads) for _ in range(RUNS if side <= 1000 else 1)]
            walls, cpus = [done.wall_s for done, _ in runs], [done.cpu_s for done, _ in runs]
            done, mass = runs[walls.index(min(walls))]
            note = (
                f"{statistics.median(walls):.2f} s the median of {len(runs)} runs, greatest {max(walls):.2f}; "
                f"{min(cpus):.2f} processor seconds; {done.steps} steps, {done.per_wall_s() / 1e6:.0f} M cells/s, "
                f"{done.per_cpu_s() / 1e6:.0f} M a processor second; mass {mass:.0e}; load {os.getloadavg()[0]:.1f}"
            )
            name = f"{side} x {side} cells, 3 h, threads: {threads}"
            found.append(_case(name, "s", round(min(walls), 2), note=note))
    return found


def _memory() -> list[dict[str, Any]]:
    side = max(SIDES)
    note = f"{side} x {side} cells, two threads; growth of the greatest memory of a process, with the ground it reads"
    return [_case("memory", "bytes/cell", round(bytes_a_cell(side), 1), peer="aim", theirs=40, note=note)]


def _sfincs() -> list[dict[str, Any]]:
    if sfincs.program() is None:
        return [_case("beside SFINCS", "cells/processor-s", 0, note="left out: SFINCS_EXE names no program")]
    return [
        _beside("SFINCS", standard(side).until(until), lambda case: sfincs.sfincs(case, 1)) for side, until in BESIDE
    ]


def _landlab() -> list[dict[str, Any]]:
    if not landlab_peer.installed():
        return [_case("beside landlab", "cells/processor-s", 0, note="left out: landlab is not installed")]
    side, until = LANDLAB
    return [_beside("landlab OverlandFlow", standard(side).until(until), landlab_peer.landlab)]


def _beside(peer: str, case: Standard, theirs: Any) -> dict[str, Any]:
    """Compare on one thread each, by processor seconds: a busy machine blurs the wall clock."""
    other: Done = theirs(case)
    runs = [own(case, 1)[0] for _ in range(RUNS)]
    cpus = [done.cpu_s for done in runs]
    gap = difference(runs[0].peak_m, other.peak_m)
    side = case.bed_m.shape[0]
    note = (
        f"{runs[0].steps} and {other.steps} steps, {runs[0].per_cpu_s() / 1e6:.0f} and {other.per_cpu_s() / 1e6:.1f} M "
        f"cells a processor second; ours {min(cpus):.2f} to {max(cpus):.2f}; greatest depth RMSE {gap['rmse_mm']} mm, "
        f"bias {gap['bias_mm']} mm, CSI at 0.15 m {gap['csi']}"
    )
    mine = statistics.median(cpus)
    return _case(
        f"beside {peer}: {side} x {side} cells, {case.until_s / 3600:.2g} h, one thread",
        "processor s",
        round(mine, 2),
        peer=peer,
        theirs=round(other.cpu_s, 1),
        ratio=round(other.cpu_s / mine, 1),
        note=note,
    )
