"""Exchange at manholes against hand-worked flows, Torricelli's emptying of a shaft, and bounds that physics sets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.flood.manholes import Opening, exchange_m3_s, settled_m3_s

ROUND = Opening(area_m2=np.pi / 4, perimeter_m=np.pi)  # a manhole of one metre
depths, heads = st.floats(0, 3), st.floats(-5, 5)


@pytest.mark.parametrize(
    ("depth", "head", "flow"),
    [
        (0.05, -1.0, 0.05600),  # free weir: 2/3 * 0.54 * 3.14159 * 4.42869 * 0.05^1.5 = 5.0087 * 0.0111803
        (0.05, 0.02, 0.006748),  # drowned weir: 0.056 * 3.14159 * 4.42869 * 0.05 * sqrt(0.03) = 0.779139 * 0.00866025
        (0.50, 0.25, 0.290437),  # orifice: 0.167 * 0.785398 * 4.42869 * sqrt(0.25) = 0.580875 * 0.5
        (0.10, 1.10, -0.580875),  # and up, under one metre
        (0.0, -1.0, 0.0),
    ],
)
def test_flows_worked_by_hand(depth, head, flow):
    assert exchange_m3_s(depth, head, ROUND) == pytest.approx(flow, rel=2e-4)


@given(depths, heads)
def test_water_runs_downhill_and_no_faster_than_it_falls(depth, head):
    flow = float(exchange_m3_s(depth, head, ROUND))

    assert flow >= 0 if head <= depth else flow <= 0
    assert abs(flow) <= np.pi / 4 * np.sqrt(2 * 9.80665 * abs(depth - head)) + 1e-12 or head <= 0


@given(depths, heads, st.floats(-2, 2), st.floats(0.01, 5))
def test_a_step_never_carries_the_head_past_the_street(depth, head, net, seconds):
    flow = float(settled_m3_s(depth, head, net, seconds, ROUND))
    after = head + (net + flow) * seconds / (np.pi / 4)
    alone = head + net * seconds / (np.pi / 4)

    if flow > 0:
        assert after <= depth + 1e-9
    if flow < 0:
        assert after >= depth - 1e-9
    assert flow >= 0 if head <= depth else flow <= 0
    assert flow == 0 or (alone > depth) == (flow < 0)


def test_short_steps_empty_a_shaft_as_torricelli_says():
    """The root of the head falls evenly: sqrt(s) = sqrt(s0) - Co sqrt(2g) t / 2; 2 m are gone after 3.824 s."""
    opening, head, seconds = ROUND, 2.0, 1e-3
    for _ in range(2000):
        head += float(settled_m3_s(0.0, head, 0.0, seconds, opening)) * seconds / (np.pi / 4)

    assert np.sqrt(head) == pytest.approx(np.sqrt(2) - 0.167 * np.sqrt(2 * 9.80665), rel=2e-3)


def test_in_one_long_step_what_the_sewer_brings_goes_up():
    """In balance the flow up is the flow that comes: no storage is left to take it."""
    head = 1.0
    for _ in range(50):
        flow = float(settled_m3_s(0.1, head, 0.3, 10.0, ROUND))
        head += (0.3 + flow) * 10.0 / (np.pi / 4)

    assert flow == pytest.approx(-0.3, rel=1e-3)
    assert exchange_m3_s(0.1, head, ROUND) == pytest.approx(-0.3, rel=1e-3)


def test_an_opening_must_be_one():
    with pytest.raises(ValueError, match=r"area_m2 must be above zero, not 0"):
        Opening(area_m2=0.0)
