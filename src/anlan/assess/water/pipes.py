"""The process in which SWMM runs: it is told depths on the streets, and tells what went in and what came up.

SWMM knows one network in a process, and holds the interpreter while it works; so each network has a process of its own,
``python -m anlan.assess.water.pipes``, that a `anlan.assess.water.swmm.SwmmExchange` speaks to over its standard input
and output: a line of JSON each way, arrays of float64 behind it.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np
from swmm.toolkit import solver
from swmm.toolkit.shared_enum import NodeProperty, NodeResult, NodeType, ObjectType, SimSetting, UnitProperty

from anlan.science.arrays import Floats
from anlan.science.flood.manholes import Opening, exchange_m3_s, settled_m3_s

FOOT_M = 0.3048
FLOW_M3_S = (FOOT_M**3, 3.785411784e-3 / 60, 3785.411784 / 86400, 1.0, 1e-3, 1000 / 86400)
"""Of SWMM's flow units in their order: CFS, GPM, MGD, CMS, LPS, MLD."""

_LEAST_M3_S = 1e-6  # SWMM takes flows below 1e-5 cubic feet a second for none
_DAY_S = 86400.0


class Pipes:
    """A network that runs, and the exchange at its open manholes in every step of SWMM."""

    def __init__(
        self, inp: str, report: str, nodes: list[str], openings: list[list[float]], outfalls: list[str], alone_s: float
    ) -> None:
        """Open the network."""
        solver.swmm_open(inp, report, f"{report}.out")
        metric = int(solver.simulation_get_unit(UnitProperty.SYSTEM_UNIT))
        self._metre = 1.0 if metric else FOOT_M
        self._flow = FLOW_M3_S[int(solver.simulation_get_unit(UnitProperty.FLOW_UNIT))]
        self.step_s = float(solver.simulation_get_parameter(SimSetting.ROUTE_STEP))
        self._nodes, self._outfalls = (
            [solver.project_get_index(ObjectType.NODE, name) for name in names] for names in (nodes, outfalls)
        )
        self._opening = Opening(*np.array(openings).T)
        self._area = np.array(openings)[:, 0]
        self._full = self._parameter(NodeProperty.FULL_DEPTH)
        self.rim_m = self._parameter(NodeProperty.INVERT_ELEVATION) + self._full
        for node, area in zip(self._nodes, self._area, strict=True):
            solver.node_set_parameter(node, NodeProperty.SURCHARGE_DEPTH, 0.0)
            solver.node_set_parameter(node, NodeProperty.POND_AREA, float(area) / self._metre**2)
        self._given = np.zeros(len(nodes))
        count = solver.project_get_count(ObjectType.NODE)
        self._ends = [node for node in range(count) if solver.node_get_type(node) == NodeType.OUTFALL]
        self._left_m3 = 0.0
        self._now_s, self._origin_s = 0.0, alone_s

    def start(self, stage_m: Floats) -> None:
        """Begin with these levels at the outfalls, so that what stands in them is there from the beginning."""
        self._stand(stage_m)
        solver.swmm_start(False)
        while self._now_s < self._origin_s:
            self._step()

    def _stand(self, stage_m: Floats) -> None:
        for outfall, stage in zip(self._outfalls, stage_m, strict=True):
            solver.outfall_set_stage(outfall, float(stage) / self._metre)

    def _parameter(self, which: NodeProperty) -> Floats:
        return np.array([solver.node_get_parameter(node, which) for node in self._nodes]) * self._metre

    def head_m(self) -> Floats:
        """Return the head in each manhole above its rim."""
        depth = np.array([solver.node_get_result(node, NodeResult.DEPTH) for node in self._nodes])
        return depth * self._metre - self._full

    def _leaving(self, outfall: int) -> float:
        """Return what leaves an outfall, m³/s; where water enters there, SWMM tells it as inflow and outflow both."""
        entering = solver.node_get_result(outfall, NodeResult.TOTAL_OUTFLOW)
        leaving = -entering if entering > 0 else solver.node_get_result(outfall, NodeResult.TOTAL_INFLOW)
        return float(leaving) * self._flow

    def _net_m3_s(self, depth_m: Floats, head: Floats) -> Floats:
        """Return what the sewers bring to each manhole, less what they take.

        Only where it tells: where the head is above the street, or what falls in could fill half of the shaft.
        """
        net = np.zeros(len(self._nodes))
        falling = exchange_m3_s(depth_m, head, self._opening) * self.step_s
        for number in np.flatnonzero((head > 0) | (2 * falling > (depth_m - head) * self._area)):
            net[number] = self._passing(self._nodes[number]) - self._given[number]
        return net

    def _step(self) -> float:
        before = self._now_s
        elapsed = solver.swmm_step() * _DAY_S
        if elapsed <= 0:
            raise RuntimeError(f"SWMM came to its end after {before} s")
        self._now_s = elapsed
        self._left_m3 += sum(map(self._leaving, self._ends)) * (elapsed - before)
        return float(elapsed - before)

    def advance(
        self, until_s: float, depth_m: Floats, reserve_m3: Floats, stage_m: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Run to a moment.

        Parameters
        ----------
        depth_m
            On the street at each manhole: it stands for the whole of this time.
        reserve_m3
            What the street has set aside for each manhole: no more goes down.
        stage_m
            Level of the water at each outfall that ends on the grid, for the whole of this time.

        Returns
        -------
        What went down and what came up at each manhole, and what left each outfall (negative: entered it), m³.
        """
        down, up = np.zeros((2, len(self._nodes)))
        left = np.zeros(len(self._outfalls))
        self._stand(stage_m)
        while self._now_s < self._origin_s + until_s - 1e-6:
            head = self.head_m()
            flow = settled_m3_s(depth_m, head, self._net_m3_s(depth_m, head), self.step_s, self._opening)
            flow = np.minimum(flow, (reserve_m3 - down) / self.step_s)  # a step is never longer than this
            flow[np.abs(flow) < _LEAST_M3_S] = 0.0
            for number in np.flatnonzero(flow != self._given):
                solver.node_set_total_inflow(self._nodes[number], float(flow[number]) / self._flow)
            self._given = flow
            seconds = self._step()
            down += np.maximum(flow, 0) * seconds
            up -= np.minimum(flow, 0) * seconds
            left += [self._leaving(outfall) * seconds for outfall in self._outfalls]
        return down, up, left

    def _passing(self, node: int) -> float:
        """Return what flows into a node less what flows out of it, m³/s."""
        into = solver.node_get_result(node, NodeResult.TOTAL_INFLOW)
        return float(into - solver.node_get_result(node, NodeResult.TOTAL_OUTFLOW)) * self._flow

    def totals(self) -> dict[str, float]:
        """Return what left through outfalls, what flooded at closed nodes, and what stands in the pipes, m³.

        SWMM's own total of outflow has in it what comes up, at manholes with no inflow of their own.
        """
        totals = solver.system_get_routing_totals()
        cubic = self._metre**3
        return {
            "outflow_m3": self._left_m3,
            "flooded_m3": totals.flooding * cubic,
            "stored_m3": totals.finalStorage * FOOT_M**3,  # the one that is told in cubic feet whatever the units
            "error_percent": totals.pctError,
            "at_first_m3": totals.initStorage * FOOT_M**3,
        }


def _answer(stream: BinaryIO, head: dict[str, Any], *arrays: Floats) -> None:
    stream.write(json.dumps(head).encode() + b"\n")
    stream.writelines(np.ascontiguousarray(array, dtype=np.float64).tobytes() for array in arrays)
    stream.flush()


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Do what is asked until the asking ends."""
    pipes: Pipes | None = None
    for line in iter(source.readline, b""):
        asked = json.loads(line)
        try:
            if pipes is None:
                pipes = Pipes(**asked)
                _answer(target, {"step_s": pipes.step_s}, pipes.rim_m)
                continue
            count, told = len(pipes.rim_m), np.frombuffer(source.read(8 * asked["numbers"]))
            if "until_s" not in asked:
                pipes.start(told)
                _answer(target, {}, pipes.head_m())
                continue
            done = pipes.advance(asked["until_s"], told[:count], told[count : 2 * count], told[2 * count :])
            _answer(target, pipes.totals(), pipes.head_m(), *done)
        except Exception as fault:  # noqa: BLE001  # whatever SWMM says is told to the one who asked
            with suppress(Exception):
                solver.swmm_close()  # so that its report is written
            _answer(target, {"fault": str(fault).strip()})
            return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks: he ends this by ending his asking
    talk = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what SWMM prints must not get between the answers
    serve(sys.stdin.buffer, talk)
