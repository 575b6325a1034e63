"""Members of an ensemble: even draws, the control first, nothing that depends on the run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.flood.ensemble import Failure, Uncertain, attempt, exceedance, members, quantiles

WIDE = Uncertain(rain=(0.7, 1.4), shift_m=3000.0, roughness=(0.7, 1.4), drains=(0.6, 0.8, 0.95), pump_failure=0.1)


def test_the_control_changes_nothing_and_the_rest_depends_on_the_seed_only() -> None:
    one, again, other = (members(9, WIDE, seed=seed) for seed in (1, 1, 2))

    assert one == again
    assert one[1:] != other[1:]
    assert (one[0].rain, one[0].shift_m, one[0].roughness, one[0].drains) == (1.0, (0.0, 0.0), 1.0, 0.8)
    assert not one[0].failed(100).any()


def test_many_members_have_the_percentiles_asked_for() -> None:
    drawn = members(4097, WIDE, seed=5)[1:]
    for values, (low, high) in (([m.rain for m in drawn], WIDE.rain), ([m.roughness for m in drawn], WIDE.roughness)):
        np.testing.assert_allclose(np.quantile(values, [0.1, 0.9]), [low, high], rtol=0.01)
    shifts = np.array([m.shift_m for m in drawn])
    np.testing.assert_allclose(shifts.std(axis=0), WIDE.shift_m, rtol=0.02)
    worst, mode, best = WIDE.drains
    drains = np.array([m.drains for m in drawn])
    assert worst <= drains.min() <= drains.max() <= best
    np.testing.assert_allclose(drains.mean(), (worst + mode + best) / 3, rtol=0.002)  # mean of a triangle
    failing = np.mean([m.failed(50).mean() for m in drawn])
    np.testing.assert_allclose(failing, WIDE.pump_failure, rtol=0.03)


@given(st.integers(2, 40))
def test_few_members_lie_on_both_sides(count: int) -> None:
    drawn = members(count + 2, WIDE, seed=3)[1:]
    assert any(m.rain > 1 for m in drawn)
    assert any(m.rain < 1 for m in drawn)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rain": (1.4, 0.7)},
        {"rain": (0.0, 1.0)},
        {"roughness": (2.0, 1.0)},
        {"drains": (0.9, 0.8, 1.0)},
        {"shift_m": -1.0},
        {"pump_failure": 1.5},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    right = {"rain": (0.7, 1.4), "shift_m": 0.0, "roughness": (1.0, 1.0), "drains": (1.0, 1.0, 1.0), "pump_failure": 0}
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Uncertain(**right | wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="count"):
        members(0, WIDE, seed=1)


def test_a_member_that_fails_is_told_and_the_rest_goes_on() -> None:
    def job(number: int) -> int:
        return 10 // number

    found = [attempt(job, number, number) for number in (1, 0, 2)]
    assert (found[0], found[2]) == (10, 5)
    assert isinstance(found[1], Failure)
    assert "ZeroDivisionError" in found[1].error


def test_what_members_say_together() -> None:
    depth = np.array([[0.0, 0.2], [0.1, 0.4], [0.3, 0.6], [0.5, 0.8]], dtype=np.float32)

    np.testing.assert_allclose(exceedance(depth, [0.3, 0.5]), [[0.5, 0.75], [0.25, 0.5]])
    np.testing.assert_allclose(quantiles(depth, [0.0, 0.5, 1.0]), [[0.0, 0.2], [0.2, 0.5], [0.5, 0.8]], rtol=1e-6)
