"""Gates by schedule and rule, breaches by the sums of their own weir, Froehlich's numbers."""

import numpy as np
import pytest

from anlan.science.flood.gates import Breach, BreachShape, Gate, LevelRule, Schedule, froehlich_2008
from anlan.science.flood.links import Link, Links
from anlan.science.flood.openings import BREACH_SIDES, BROAD_CRESTED, Slot
from anlan.science.flood.points import Series
from science.flood.structure_cases import ponds, pools, started
from science.flood.verification import Row, record

NO_WATER = np.zeros((3, 9), dtype=np.float32)
SLOT = Slot(0.0, 2.0, 3.0)


def test_a_schedule_moves_the_lintel_as_fast_as_it_can_move():
    gate = Gate(SLOT, Schedule(Series.of([100.0, 100.1], [1.0, 0.0])), moving_s=60.0)

    heights = [gate.opening_at(t, t + 10.0, NO_WATER).height_m for t in (90.0, 110.0, 120.0, 160.0)]

    assert heights == pytest.approx([2.0, 2.0 - 2 / 6, 2.0 - 4 / 6, 2.0 - 6 / 6])
    assert gate.next_bend(0.0) == 100.0


def test_a_rule_closes_high_opens_low_and_leaves_it_between():
    tide = Series.of([0.0, 100.0, 200.0], [0.0, 4.0, 0.0])
    gate = Gate(SLOT, LevelRule(tide, upper_m=3.0, lower_m=1.0))

    opened = {t: gate.opening_at(t, t + 10.0, NO_WATER).height_m > 0 for t in range(0, 200, 10)}

    assert [t for t, is_open in opened.items() if not is_open] == list(range(80, 180, 10))


def test_a_relief_gate_works_the_other_way_round():
    gate = Gate(SLOT, LevelRule(Series.of([0.0, 100.0], [0.0, 4.0]), 3.0, 1.0, opens_high=True), openness=0.0)

    assert [gate.opening_at(t, t + 1.0, NO_WATER).height_m for t in (0.0, 70.0, 90.0)] == [0.0, 0.0, 2.0]


def test_a_rule_on_a_pool_sees_its_water():
    grid, depth, left, right = ponds(2.0, 0.0)
    first, second = pools(grid, left, right)
    gate = Gate(Slot(0.0, 1.0, 20.0), LevelRule(second, 0.5, 0.1))
    run = started(grid, depth, Links([Link("gate", first, second, gate)]))

    run.run(3600.0)

    assert gate.openness == 0.0
    assert 0.5 < second.level_m(second.volume_m3(run.solver.depth_m)) < 0.75


@pytest.mark.parametrize(
    ("volume", "height", "overtopped", "breadth", "hours"),
    [(1e6, 5.0, True, 31.0, 1.12), (10e6, 20.0, False, 52.9, 0.886), (0.1e6, 3.0, True, 14.6, 0.590)],
)
def test_froehlichs_breach_is_his_formula_worked_by_hand(volume, height, overtopped, breadth, hours):
    """Mean breadth and time worked with logarithms from the two equations of the paper's abstract."""
    shape = froehlich_2008(volume, height, 0.0, overtopped=overtopped)

    assert shape.breadth_m + shape.slope * height == pytest.approx(breadth, rel=5e-3)
    assert shape.growing_s / 3600 == pytest.approx(hours, rel=5e-3)
    assert shape.slope == (1.0 if overtopped else 0.7)


def test_the_outflow_of_a_breach_is_that_of_its_weir():
    """A river that does not fall, before land far below: the hydrograph is known at every moment."""
    grid, depth, left, _ = ponds(0.0, 0.0, bed=(-50.0, -50.0), side_m=100.0)
    shape = BreachShape(bottom_m=1.0, breadth_m=30.0, slope=1.0, growing_s=600.0)
    breach = Breach(5.0, shape, start_s=300.0)
    links = Links([Link("breach", pools(grid, left)[0], Series.steady(4.0), breach)])
    run = started(grid, depth, links, longest_step_s=1.0)
    errors = []
    for end in range(60, 1500, 60):
        before = links.passed_m3[0, 1]
        run.run(float(end))
        t = np.linspace(end - 60, end, 601)
        part = np.clip((t - 300) / 600, 0, 1)
        head = np.maximum(4.0 - (5.0 - 4.0 * part), 0)
        flow = BROAD_CRESTED * 30 * part * head**1.5 + BREACH_SIDES * head**2.5
        expected = np.trapezoid(np.where(part > 0, flow, 0), t)
        errors.append((links.passed_m3[0, 1] - before - expected) / 60)

    error = float(np.abs(errors).max())
    peak = BROAD_CRESTED * 30 * 3**1.5 + BREACH_SIDES * 3**2.5

    record(
        Row(
            "breach of a levee, 30 m in 10 min",
            "links",
            "trapezoidal weir of Fread (1988), integrated",
            "discharge, greatest error of 24 min, of the peak",
            error / peak,
            0.01,
            "1",
        )
    )
    assert links.flow_m3_s[0] == pytest.approx(-peak, rel=1e-3)


def test_a_breach_starts_at_its_level_and_not_before():
    grid, depth, left, right = ponds(0.0, 0.0)
    first, second = pools(grid, left, right)
    river = Series.of([0.0, 1000.0], [0.0, 5.0])
    breach = Breach(4.0, BreachShape(0.0, 10.0, 0.0, 60.0), trigger=(river, 3.0))
    run = started(grid, depth, Links([Link("breach", first, river, breach)]), longest_step_s=5.0)

    run.run(595.0)
    assert np.isnan(breach.broken_s)
    run.run(1000.0)

    assert 600.0 <= breach.broken_s <= 645.0
    assert second.volume_m3(run.solver.depth_m) == 0
    assert first.volume_m3(run.solver.depth_m) > 100


def test_state_is_kept():
    gate = Gate(SLOT, Schedule(Series.of([0.0, 1.0], [0.0, 1.0])), moving_s=60.0, openness=0.5)
    gate.opening_at(0.0, 10.0, NO_WATER)
    other = Gate(SLOT, gate.rule, moving_s=60.0)
    other.restore(gate.kept())
    breach = Breach(4.0, BreachShape(0.0, 10.0, 0.0, 60.0), start_s=5.0)
    breach.opening_at(5.0, 6.0, NO_WATER)
    again = Breach(4.0, breach.shape, start_s=5.0)
    again.restore(breach.kept())

    assert other.opening_at(10.0, 15.0, NO_WATER) == gate.opening_at(10.0, 15.0, NO_WATER)
    assert again.part_at(35.0) == breach.part_at(35.0) == 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Schedule(Series.of([0.0], [1.5])), "within 0 and 1"),
        (lambda: LevelRule(Series.steady(0.0), 1.0, 2.0), "lower mark"),
        (lambda: Gate(SLOT, Schedule(Series.steady(0.0)), moving_s=-1.0), "gate"),
        (lambda: froehlich_2008(0.0, 1.0, 0.0, overtopped=True), "volume"),
        (lambda: Breach(1.0, BreachShape(2.0, 1.0, 0.0, 1.0), start_s=0.0), "below the crest"),
        (lambda: Breach(3.0, BreachShape(2.0, 1.0, 0.0, 1.0)), "moment or a level"),
    ],
)
def test_bad_gates_and_breaches_get_a_clear_error(make, message):
    with pytest.raises(ValueError, match=message):
        make()
