"""Blocks of steps, what happens between them, the books, and going on from a checkpoint."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import InertialSolver
from anlan.science.flood.points import Inflow, Level, Points, Series
from anlan.science.flood.simulation import STEPS, Cancelled, Case, Exchanged, Simulation, Solver, inertial
from anlan.science.flood.team import Team
from science.flood.cases import Shower, wild

FLAT = Grid(np.zeros((20, 20), np.float32), 10.0, 10.0, 0.03)


@dataclass
class Pump:
    """An exchange: takes from one cell and gives to another, from a moment on."""

    source: int
    target: int
    rate_m3_s: float
    begins_s: float = 0.0
    gives: bool = True
    name: str = "pump"
    total_m3: float = 0.0

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: Any) -> Exchanged:
        if begin_s < self.begins_s:
            return Exchanged(0.0)
        area = FLAT.cell_m2
        row, column = divmod(self.source, FLAT.shape[1])
        depth = np.float32(min(self.rate_m3_s * (end_s - begin_s) / area, float(depth_m[row, column])))
        before = float(depth_m[row, column])
        depth_m[row, column] -= depth
        taken = (before - float(depth_m[row, column])) * area
        self.total_m3 += taken
        if not self.gives:
            return Exchanged(taken)
        rate = np.array([taken / area / (end_s - begin_s)])
        return Exchanged(0.0, np.array([self.target]), rate)

    def next_bend(self, time_s: float) -> float:
        return self.begins_s if time_s < self.begins_s else np.inf

    def kept(self) -> Mapping[str, Any]:
        return {"total_m3": np.array(self.total_m3)}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self.total_m3 = float(kept["total_m3"])


@dataclass
class Looks:
    """An observer: keeps the moments at which it looked, and wants to look every so often."""

    every_s: float
    name: str = "looks"
    seen: list[tuple[float, float]] = field(default_factory=list)

    def see(self, begin_s: float, end_s: float, solver: Solver) -> None:
        self.seen.append((begin_s, end_s))

    def next_look(self, time_s: float) -> float:
        return (np.floor(time_s / self.every_s + 1e-9) + 1) * self.every_s

    def kept(self) -> Mapping[str, Any]:
        return {"seen": np.array(self.seen)}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self.seen = [tuple(row) for row in kept["seen"].tolist()]


def pond(depth_m: float = 0.5) -> InertialSolver:
    solver = InertialSolver(FLAT, team=Team(1))
    solver.depth_m[5:15, 5:15] = depth_m
    return solver


@pytest.mark.parametrize("stop_after", [1, 7, 25])
def test_a_run_that_was_stopped_goes_on_to_the_same_bits(stop_after: int) -> None:
    case = wild(np.random.default_rng(2), (40, 30))
    whole, first, second = (case.simulation() for _ in range(3))
    blocks: list[float] = []

    def stop(time_s: float) -> bool:
        blocks.append(time_s)
        return len(blocks) < stop_after

    whole.run(300.0)
    with pytest.raises(Cancelled):
        first.run(300.0, stop)
    kept = first.kept()
    first.run(300.0)
    second.restore(kept)
    second.run(300.0)

    for name, values in whole.kept().items():
        np.testing.assert_array_equal(first.kept()[name], values, err_msg=name)
        np.testing.assert_array_equal(second.kept()[name], values, err_msg=name)
    assert second.mass_error() == whole.mass_error()


def test_a_checkpoint_holds_copies_and_what_exchanges_and_observers_keep() -> None:
    pump, looks = Pump(5 * 20 + 5, 0, 0.5), Looks(30.0)
    simulation = Simulation(pond(), Case(exchanges=(pump,), observers=(looks,)))
    simulation.run(90.0)
    kept = simulation.kept()
    fresh = Pump(5 * 20 + 5, 0, 0.5), Looks(30.0)

    simulation.run(200.0)
    again = Simulation(pond(0.1), Case(exchanges=(fresh[0],), observers=(fresh[1],)))
    again.restore(kept)
    again.run(200.0)

    assert float(kept["clock"][0]) == 90.0
    assert fresh[0].total_m3 == pump.total_m3
    assert fresh[1].seen == looks.seen
    np.testing.assert_array_equal(again.solver.depth_m, simulation.solver.depth_m)


def test_blocks_end_where_rain_inflow_exchange_or_observer_bends() -> None:
    inflow = Inflow("spring", np.array([210]), Series.of([0, 33.0, 200], [0, 1, 1]))
    looks = Looks(41.0)
    case = Case(
        rain=Shower(1e-5, 17.0),
        points=Points(FLAT, (inflow,)),
        exchanges=(Pump(110, 300, 0.1, begins_s=29.0),),
        observers=(looks,),
    )
    simulation = Simulation(pond(), case)

    simulation.run(100.0)

    ends = {end for _, end in looks.seen}
    assert {17.0, 29.0, 33.0, 41.0, 82.0, 100.0} <= ends
    assert [begin for begin, _ in looks.seen[1:]] == [end for _, end in looks.seen[:-1]]
    assert simulation.steps <= STEPS * len(looks.seen)


def test_rain_is_booked_as_it_fell_on_the_ground() -> None:
    bed = np.zeros((10, 10))
    bed[2:4, 2:4] = np.nan
    simulation = inertial(Grid(bed, 10.0, 5.0, 0.03), Case(rain=Shower(36e-3 / 3600, 1800.0)), team=Team(1))

    simulation.run(3600.0)

    assert simulation.books.moved_m3["rain"] == pytest.approx(0.018 * 96 * 50.0)
    assert simulation.volume_m3() == pytest.approx(0.018 * 96 * 50.0, rel=1e-6)
    np.testing.assert_array_equal(simulation.solver.depth_m[2:4, 2:4], 0)


@pytest.mark.parametrize("gives", [True, False])
def test_what_an_exchange_moves_stays_in_the_books(gives: bool) -> None:
    pump = Pump(10 * 20 + 10, 19, 0.8, gives=gives)
    simulation = Simulation(pond(), Case(exchanges=(pump,)))

    simulation.run(600.0)

    assert pump.total_m3 > 100
    assert simulation.volume_m3() == pytest.approx(5000 - (0 if gives else pump.total_m3), rel=1e-5)
    assert abs(simulation.mass_error()) < 1e-6
    corners = simulation.solver.depth_m[0, 19], simulation.solver.depth_m[19, 0]
    assert (corners[0] > corners[1] + 1e-4) == gives


@pytest.mark.parametrize("discharge", [1.0, 20.0, 200.0])
def test_a_sudden_inflow_on_dry_ground_makes_no_tower_of_water(discharge: float) -> None:
    """The highest it stands is near what it stands at when the flow is steady, found with steps ten times shorter."""
    points = Points(FLAT, (Inflow("burst", np.array([210]), Series.steady(discharge)),))
    usual = Simulation(InertialSolver(FLAT, team=Team(1)), Case(points=points))
    careful = Simulation(InertialSolver(FLAT, team=Team(1)), Case(points=points, longest_step_s=0.05))

    usual.run(30.0)
    careful.run(30.0)

    assert float(usual.solver.peak_m.max()) < 1.4 * float(careful.solver.peak_m.max())
    assert abs(usual.mass_error()) < 1e-6


def test_water_that_is_no_number_stops_the_run() -> None:
    simulation = Simulation(pond(), Case())
    simulation.solver.depth_m[3, 3] = np.nan
    simulation.solver.touch()

    with pytest.raises(FloatingPointError, match="not a number"):
        simulation.run(10.0)


def test_an_exchange_that_writes_no_number_stops_the_run() -> None:
    @dataclass
    class Broken(Pump):
        def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: Any) -> Exchanged:
            depth_m[0, 0] = np.nan
            return Exchanged(0.0, np.array([3]), np.array([0.1]))

    with pytest.raises(FloatingPointError, match="not a number"):
        Simulation(pond(), Case(exchanges=(Broken(0, 0, 0.0),))).run(100.0)


def test_rain_that_is_no_number_stops_the_run() -> None:
    field = np.zeros(FLAT.shape, dtype=np.float32)
    field[4, 4] = np.nan
    simulation = Simulation(pond(), Case(rain=Shower(field)))

    with pytest.raises(FloatingPointError, match="rain is not a number"):
        simulation.run(10.0)


def test_dry_ground_without_rain_costs_nothing_and_stays_dry() -> None:
    simulation = inertial(FLAT, Case(longest_step_s=60.0), team=Team(1))

    simulation.run(3600.0)

    assert simulation.time_s == 3600.0
    assert simulation.volume_m3() == 0
    assert simulation.mass_error() == 0
    assert not simulation.solver.peak_m.any()


def test_the_step_is_short_enough_for_a_tide_that_comes_in_the_block() -> None:
    level = Level("sea", np.arange(20), Series.of([0.0, 60.0], [0.0, 4.0]))
    simulation = Simulation(InertialSolver(FLAT, team=Team(1)), Case(points=Points(FLAT, levels=(level,))))

    simulation.run(60.0)

    assert simulation.steps * 0.7 * 10 / np.sqrt(9.80665 * 4.0) >= 60.0 * 0.9
    assert simulation.solver.depth_m.max() == pytest.approx(4.0, abs=0.05)
    assert abs(simulation.mass_error()) < 1e-6


@pytest.mark.parametrize("members", [0, -2])
def test_a_team_has_a_member(members: int) -> None:
    with pytest.raises(ValueError, match="team"):
        Team(members)


def test_rows_are_shared_without_gaps_and_few_rows_among_few_threads() -> None:
    team = Team(3)
    shares = {rows: team.shares(4, 4 + rows) for rows in (1, 20, 40, 100)}
    team.close()

    assert {rows: len(found) for rows, found in shares.items()} == {1: 1, 20: 1, 40: 2, 100: 3}
    for rows, found in shares.items():
        assert found[0][0] == 4
        assert found[-1][1] == 4 + rows
        assert all(a[1] == b[0] for a, b in itertools.pairwise(found))
