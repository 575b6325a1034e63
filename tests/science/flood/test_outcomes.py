"""Maps of a run against the same run written down at every block and worked through in plain NumPy."""

import re
from pathlib import Path

import numpy as np
import pytest

from anlan.science.flood.grid import Grid
from anlan.science.flood.hazard import HAZARDS
from anlan.science.flood.outcomes import Outcomes
from science.flood.structure_cases import started
from science.flood.test_links import restarted

THRESHOLDS = (0.05, 0.15, 0.3)


class Diary:
    """Writes down everything after every block."""

    name = "diary"

    def __init__(self):
        self.time_s, self.depth, self.speed = [0.0], [], []

    def see(self, begin_s, end_s, solver):
        self.time_s.append(end_s)
        self.depth.append(solver.depth_m.copy())
        self.speed.append(np.hypot(*solver.velocity_m_s()))

    def next_look(self, time_s):
        return np.inf

    def kept(self):
        return {}

    def restore(self, kept):
        pass


def hill(seed=3):
    """Return rough ground with a lake on one side that runs down over it."""
    rng = np.random.default_rng(seed)
    rows, columns = 24, 30
    bed = 1.0 - 0.05 * np.arange(columns) + rng.normal(0, 0.05, (rows, columns))
    bed[rng.random(bed.shape) < 0.05] = np.nan
    depth = np.zeros(bed.shape, dtype=np.float32)
    depth[:, :6] = np.where(np.isnan(bed[:, :6]), 0, 1.2)
    return Grid(bed, 5.0, 5.0, 0.03), depth


@pytest.mark.parametrize("hazard", sorted(HAZARDS))
def test_maps_are_those_of_the_run_observed_at_every_block(hazard):
    grid, depth = hill()
    diary, outcomes = Diary(), Outcomes(grid, thresholds_m=THRESHOLDS, hazard=hazard)
    run = started(grid, depth, observers=(diary, outcomes))
    run.run(120.0)
    depths, speeds = np.array(diary.depth), np.array(diary.speed)
    speeds[depths < np.float32(0.01)] = 0
    time, since = np.array(diary.time_s[1:]), np.diff(diary.time_s)
    rule = HAZARDS[hazard]
    ratings = np.where(depths >= np.float32(0.01), rule.rating(depths, speeds), 0)

    np.testing.assert_allclose(outcomes.peak_speed_m_s, speeds.max(axis=0), rtol=1e-6)
    np.testing.assert_allclose(outcomes.peak_depth_speed_m2_s, (depths * speeds).max(axis=0), rtol=1e-6)
    np.testing.assert_allclose(outcomes.hazard_rating, ratings.max(axis=0), rtol=1e-5)
    assert (outcomes.hazard_class == rule.classify(ratings.max(axis=0))).mean() > 0.99
    for threshold in THRESHOLDS:
        over = depths >= np.float32(threshold)
        first = np.where(over.any(axis=0), time[over.argmax(axis=0)], np.nan)
        np.testing.assert_allclose(outcomes.arrival_s(threshold), first, rtol=1e-6)
        stayed = (over * since[:, None, None]).sum(axis=0)
        np.testing.assert_allclose(outcomes.duration_s(threshold), stayed, rtol=1e-4)
    arrived = outcomes.arrival_s(0.3)
    assert np.isnan(arrived).sum() > 20
    assert np.nanmax(arrived) > 10


def test_with_an_interval_looks_are_fewer_and_durations_still_add_up():
    grid, depth = hill()
    each, seldom = Outcomes(grid, thresholds_m=(0.15,), name="each"), Outcomes(grid, thresholds_m=(0.15,), every_s=15.0)
    run = started(grid, depth, observers=(each, seldom), longest_step_s=0.5)

    run.run(120.0)
    late = seldom.arrival_s(0.15) - each.arrival_s(0.15)

    assert np.nanmin(late) >= 0
    assert np.nanmax(late) <= 15.0 + 4.0
    assert (seldom.peak_speed_m_s <= each.peak_speed_m_s).all()
    assert np.abs(seldom.duration_s(0.15) - each.duration_s(0.15)).max() <= 60.0
    assert seldom.duration_s(0.15).max() == pytest.approx(120.0, abs=19.0)


def test_a_film_has_neither_speed_nor_hazard():
    grid = Grid(np.linspace(1, 0, 20).reshape(1, 20).repeat(3, axis=0), 5.0, 5.0, 0.03)
    outcomes = Outcomes(grid, hazard="defra_2006", least_m=0.05)
    run = started(grid, np.full(grid.shape, 0.01, dtype=np.float32), observers=(outcomes,))
    run.run(5.0)

    assert np.hypot(*run.solver.velocity_m_s()).max() > 0.01
    assert outcomes.peak_speed_m_s.max() == 0
    assert outcomes.hazard_class.max() == 0


def test_a_run_goes_on_from_a_checkpoint_to_the_same_bits():
    def build():
        grid, depth = hill()
        outcomes = Outcomes(grid, thresholds_m=THRESHOLDS, hazard="aidr_2017", every_s=4.0)
        return started(grid, depth, observers=(outcomes,))

    straight, resumed = restarted(build, 90.0, 31.0)

    for name, values in straight.items():
        np.testing.assert_array_equal(values, resumed[name], err_msg=name)
    assert straight["outcomes.rating"].max() > 3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda grid: Outcomes(grid, thresholds_m=(0.0,)), "above 0"),
        (lambda grid: Outcomes(grid, hazard="no_such"), "hazard"),
        (lambda grid: Outcomes(grid, hazard="aidr_2017", motion=False), "needs motion"),
        (lambda grid: Outcomes(grid, thresholds_m=(0.1,)).arrival_s(0.2), "no threshold"),
        (lambda grid: Outcomes(grid).hazard_class, "no hazard rule"),
    ],
)
def test_bad_wishes_get_a_clear_error(make, message):
    with pytest.raises(ValueError, match=message):
        make(hill()[0])


def test_the_program_in_the_how_to_runs(capsys):
    page = Path(__file__).parents[3] / "docs" / "en" / "how-to" / "read-flood-maps.md"
    program = re.search(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)

    exec(compile(program[1], str(page), "exec"), {})

    told = capsys.readouterr().out
    assert "garage first water at 600.0 s" in told
    assert "worst class: H3 by AIDR" in told
