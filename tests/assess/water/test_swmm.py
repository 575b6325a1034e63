"""Streets and sewers together against SWMM alone, in their books, and whatever the two processes' pace."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from swmm.toolkit import solver
from swmm.toolkit.shared_enum import ObjectType

from anlan.assess.water.inp import SwmmError, read, write
from anlan.assess.water.swmm import Coupling, SwmmExchange
from anlan.science.flood.grid import Grid
from anlan.science.flood.manholes import Opening
from anlan.science.flood.simulation import Case, Simulation, inertial
from assess.water.networks import FRAME, NODES, flooded, network, street
from science.flood.verification import Row, record


def alone(inp: Path, folder: Path, until_s: float, flows: Any = None) -> tuple[np.ndarray, Any]:
    """Run SWMM by itself; ``flows(time_s)`` flow into the manholes. Return what has left by when, and its totals."""
    target = folder / "alone.inp"
    write(read(inp), target, None)
    solver.swmm_open(str(target), str(folder / "alone.rpt"), str(folder / "alone.out"))
    nodes = [solver.project_get_index(ObjectType.NODE, name) for name in NODES]
    solver.swmm_start(False)
    left, now = [], 0.0
    while now < until_s - 1e-6:
        for node, flow in zip(nodes, [0.0] * 3 if flows is None else flows(now), strict=True):
            solver.node_set_total_inflow(node, float(flow))
        now = solver.swmm_step() * 86400
        left.append((now, solver.system_get_routing_totals().outflow))
    totals = solver.system_get_routing_totals()
    solver.swmm_end()
    solver.swmm_close()
    return np.array(left), totals


def test_under_a_dry_street_swmm_gives_what_it_gives_alone(tmp_path):
    inp, grid = network(tmp_path, inflow_m3_s=0.25), street()
    with SwmmExchange(inp, grid, FRAME) as exchange:
        flooded(exchange, grid, inflow_m3_s=0.0).run(3605.0)
        coupled = exchange.totals["outflow_m3"]
    left, _ = alone(inp, tmp_path, 3600.0)

    assert coupled == pytest.approx(left[-1, 1], rel=1e-4)
    assert coupled > 100
    assert exchange.down_m3.sum() == exchange.up_m3.sum() == 0


def test_water_from_the_street_leaves_as_if_swmm_were_given_it(tmp_path):
    """No surcharge: the outflow is that of SWMM alone with the same inflow at the same manholes."""
    inp, grid = network(tmp_path, diameter_m=0.8), street()
    down, left = [np.zeros(3)], []
    with SwmmExchange(inp, grid, FRAME) as exchange:
        run = flooded(exchange, grid, inflow_m3_s=0.3)
        for end in np.arange(5.0, 1806.0, 5.0):
            run.run(end)
            down.append(exchange.down_m3)
            left.append(exchange.totals.get("outflow_m3", 0.0))
    assert exchange.up_m3.sum() == 0
    rates = np.diff(down, axis=0)[1:] / 5.0  # an interval's answer is taken up at the beginning of the next
    by_second, totals = alone(inp, tmp_path, 1800.0, lambda now: rates[min(int(now // 5), len(rates) - 1)])
    times = np.arange(5.0, 1801.0, 5.0)
    reference = np.interp(times, by_second[:, 0], by_second[:, 1])
    rmse = float(np.sqrt(np.mean((np.array(left)[1:] - reference) ** 2))) / totals.outflow

    assert totals.outflow > 20
    record(
        Row("Street over a sewer without surcharge", "SWMM coupling", "SWMM 5.2.4 alone with the same inflows",
            "volume through the outfall, RMSE over 30 minutes as a part of all", rmse, 2e-3, "1")
    )  # fmt: skip


@pytest.mark.parametrize(("diameter", "brook"), [(0.8, 0.3), (0.25, 0.5)])
def test_no_drop_is_lost_between_street_and_sewer(tmp_path, diameter, brook):
    inp, grid = network(tmp_path, diameter_m=diameter, inflow_m3_s=0.1 if diameter < 0.5 else 0.0), street()
    with SwmmExchange(inp, grid, FRAME) as exchange:
        run = flooded(exchange, grid, inflow_m3_s=brook)
        run.run(2400.0)
        run.run(2400.0 + 1e-3)  # SWMM's last answer is taken up
        totals, swmm = exchange.totals, -run.books.moved_m3["swmm"]
        brought = 0.1 * 0.6 * 3600 / 2 if diameter < 0.5 else 0.0
    in_hand = exchange._reserve_m3.sum() + exchange._flow_m3_s.sum() * (5.0 - 1e-3)
    down, up = exchange.down_m3.sum(), exchange.up_m3.sum()

    assert abs(run.mass_error()) < 1e-6
    assert swmm == pytest.approx(down - up + in_hand, rel=1e-6, abs=1e-5)
    entered = down - up + brought
    missing = (entered - totals["stored_m3"] - totals["outflow_m3"]) / entered
    assert missing == pytest.approx(totals["error_percent"] / 100, abs=1e-4)  # what SWMM says that it loses itself
    assert abs(missing) < 0.02
    assert (up > 1) == (diameter < 0.5)


def test_the_pace_of_the_processes_changes_nothing(tmp_path):
    inp, grid, results = network(tmp_path, diameter_m=0.3, inflow_m3_s=0.2), street(), []
    for pause in (0.0, 0.01):
        with SwmmExchange(inp, grid, FRAME) as exchange:
            run = flooded(exchange, grid)
            run.run(900.0, lambda _, pause=pause: time.sleep(pause) is None)
            results.append((run.solver.depth_m.copy(), run.books, exchange.head_m))

    np.testing.assert_array_equal(results[0][0], results[1][0])
    np.testing.assert_array_equal(results[0][2], results[1][2])
    assert results[0][1] == results[1][1]


def test_a_run_resumes_from_its_checkpoint_to_the_same_bits(tmp_path):
    inp, grid = network(tmp_path, diameter_m=0.3, inflow_m3_s=0.2), street()
    with SwmmExchange(inp, grid, FRAME) as first:
        straight = flooded(first, grid)
        straight.run(603.0)  # in the middle of an interval
        kept = straight.kept()
        straight.run(1000.0)
    with SwmmExchange(inp, grid, FRAME) as second:
        resumed = flooded(second, grid)
        resumed.restore(kept)
        resumed.run(1000.0)

    np.testing.assert_array_equal(resumed.solver.depth_m, straight.solver.depth_m)
    np.testing.assert_array_equal(second.head_m, first.head_m)
    assert resumed.books == straight.books
    assert first.up_m3.sum() > 1


def test_two_networks_run_at_once(tmp_path):
    grid, (a, b) = street(), (tmp_path / "a", tmp_path / "b")
    a.mkdir(), b.mkdir()
    with (
        SwmmExchange(network(a, diameter_m=0.3), grid, FRAME, name="north") as north,
        SwmmExchange(network(b, diameter_m=0.8), grid, FRAME, name="south") as south,
    ):
        flooded(north, grid).run(600.0)
        flooded(south, grid).run(600.0)

    assert min(south.down_m3.sum(), north.down_m3.sum()) > 1


def test_a_network_in_feet_is_the_same_network(tmp_path):
    grid, found = street(), []
    for us in (False, True):
        inp = network(tmp_path, diameter_m=0.4, inflow_m3_s=0.2, us=us)
        with SwmmExchange(inp, grid, FRAME) as exchange:
            flooded(exchange, grid).run(1500.0)
            found.append((exchange.down_m3, exchange.totals["outflow_m3"]))

    np.testing.assert_allclose(found[0][0], found[1][0], rtol=0.01)
    assert found[0][1] == pytest.approx(found[1][1], rel=0.01)


def test_manholes_that_share_a_cell_share_its_water(tmp_path):
    inp, grid = network(tmp_path), street()
    text = inp.read_text().replace("M2 1077.5", "M2 1027.6")
    inp.write_text(text)
    wide = Coupling(opening=Opening(area_m2=50.0, perimeter_m=100.0), rim_off_m=2.0)
    with SwmmExchange(inp, grid, FRAME, wide) as exchange:
        run = flooded(exchange, grid)
        run.run(600.0)

        assert run.solver.depth_m.min() >= 0
        assert abs(run.mass_error()) < 1e-6
        assert np.count_nonzero(exchange.down_m3) >= 2


def test_a_closed_lid_is_not_coupled(tmp_path):
    with SwmmExchange(network(tmp_path), street(), FRAME, Coupling(closed=("M2",))) as exchange:
        assert exchange.manholes.names == ("M1", "M3")


CANAL, BOTTOM_M = slice(30, 33), 6.0


def beside_a_canal(folder, level_m, coupling):
    """Return a street whose sewer ends in a canal across it, with water in the canal up to a level."""
    inp, bed = network(folder, diameter_m=0.6), street().bed_m
    inp.write_text(inp.read_text().replace("M3 1127.5 2032.5", "M3 1127.5 2032.5\nOUT 1157.5 2032.5"))
    bed[:, CANAL] = BOTTOM_M
    grid = Grid(bed, 5.0, 5.0, 0.02)
    run = inertial(grid, Case(exchanges=[exchange := SwmmExchange(inp, grid, FRAME, coupling)]))
    run.solver.depth_m[:, CANAL] = level_m - BOTTOM_M
    return exchange, Simulation(run.solver, run.case)


def test_what_leaves_an_outfall_on_the_grid_is_in_the_canal(tmp_path):
    exchange, run = beside_a_canal(tmp_path, 6.5, Coupling(outfalls=("OUT",)))
    with exchange:
        run.solver.depth_m[:, :20] = 0.1
        run = Simulation(run.solver, run.case)
        run.run(900.0)
        down, in_hand = exchange.down_m3.sum(), exchange._reserve_m3.sum()
        out = exchange.totals["outflow_m3"]

    assert exchange.left_m3[0] == pytest.approx(out, rel=1e-3)
    assert out > 10
    assert abs(run.mass_error()) < 1e-6
    assert -run.books.moved_m3["swmm"] == pytest.approx(down - exchange.left_m3[0] + in_hand, abs=0.1)


def test_a_high_canal_runs_back_into_the_sewer(tmp_path):
    exchange, run = beside_a_canal(tmp_path, 8.5, Coupling(outfalls=("OUT",)))
    with exchange:
        before = run.volume_m3()
        run.run(900.0)
        kept, entered = run.kept(), -exchange.left_m3[0] + exchange.down_m3.sum() - exchange.up_m3.sum()
        gone, stored = before - run.volume_m3(), exchange.totals["stored_m3"] - exchange.totals["at_first_m3"]
        run.run(1200.0)
    again, resumed = beside_a_canal(tmp_path, 8.5, Coupling(outfalls=("OUT",)))
    with again:
        resumed.restore(kept)
        resumed.run(1200.0)

    assert entered > 20
    assert gone == pytest.approx(entered, abs=0.05)  # but for what is set aside
    assert stored == pytest.approx(entered, rel=0.02)
    assert abs(run.mass_error()) < 1e-6
    np.testing.assert_array_equal(resumed.solver.depth_m, run.solver.depth_m)


def test_an_outfall_that_is_not_on_the_grid_is_refused(tmp_path):
    with pytest.raises(SwmmError, match="outfalls that do not end on the grid's ground: OUT"):
        SwmmExchange(network(tmp_path), street(), FRAME, Coupling(outfalls=("OUT",)))
    with pytest.raises(SwmmError, match="outfalls that are not in it: SEA"):
        SwmmExchange(network(tmp_path), street(), FRAME, Coupling(outfalls=("SEA",)))


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_ctrl_c_does_not_end_swmm(tmp_path):
    grid = street()
    with SwmmExchange(network(tmp_path), grid, FRAME) as exchange:
        run = flooded(exchange, grid)
        run.run(30.0)
        os.kill(exchange._process._process.pid, signal.SIGINT)
        run.run(60.0)

    assert run.time_s == 60.0
