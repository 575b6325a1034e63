"""Packed frames: to half a centimetre, small, in time, and the same after a checkpoint."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.science.flood.frames import Frame, Frames
from science.flood.structure_cases import started
from science.flood.test_links import restarted
from science.flood.test_outcomes import hill

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
DEPTHS = SHAPES.flatmap(lambda shape: arrays(np.float32, shape, elements=st.floats(0, 300, width=32)))


@given(DEPTHS, st.floats(0, 0.5))
def test_a_frame_keeps_depths_to_half_a_centimetre(depth, least):
    frame = Frame.of(5.0, depth, least)

    found = frame.depth_m()

    wet = depth >= max(least, 0.0051)
    np.testing.assert_allclose(found[wet], depth[wet], atol=0.00502, rtol=1e-6)
    assert (found[depth < least] == 0).all()
    assert frame.bytes == -(-depth.size // 8) + 2 * np.count_nonzero(found)


def test_the_deepest_depth_that_fits_is_kept_for_deeper_ones():
    assert Frame.of(0.0, np.array([[1000.0]]), 0.0).depth_m()[0, 0] == pytest.approx(327.67)


def test_frames_come_at_their_moments_and_are_those_of_the_water():
    grid, depth = hill()
    frames = Frames(10.0)
    run = started(grid, depth, observers=(frames,))
    seen = []
    for end in (10.0, 20.0, 25.0, 30.0):
        run.run(end)
        seen.append(run.solver.depth_m.copy())

    assert [frame.time_s for frame in frames] == [10.0, 20.0, 30.0]
    for frame, water in zip(frames, (seen[0], seen[1], seen[3]), strict=True):
        np.testing.assert_allclose(frame.depth_m(), np.where(water >= 0.01, water, 0), atol=0.00501)
    assert len(frames) == 3


def test_frames_can_be_handed_over_and_are_not_held_then():
    grid, depth = hill()
    taken = []
    frames = Frames(10.0, hand_over=taken.append)

    started(grid, depth, observers=(frames,)).run(30.0)

    assert [frame.time_s for frame in taken] == [10.0, 20.0, 30.0]
    assert len(frames) == 0


@pytest.mark.parametrize("stop_s", [3.0, 17.0])
def test_a_run_goes_on_from_a_checkpoint_to_the_same_bits(stop_s):
    def build():
        grid, depth = hill()
        return started(grid, depth, observers=(Frames(5.0),))

    straight, resumed = restarted(build, 30.0, stop_s)

    for name, values in straight.items():
        np.testing.assert_array_equal(values, resumed[name], err_msg=name)
    assert straight["frames.time_s"].tolist() == [5.0, 10.0, 15.0, 20.0, 25.0, 30.0]


def test_an_interval_must_be_above_0():
    with pytest.raises(ValueError, match="interval"):
        Frames(0.0)
