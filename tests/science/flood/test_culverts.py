"""Culverts against the examples of HDS-5, and against the water surface in the barrel, integrated from its outlet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from anlan.science.arrays import floats
from anlan.science.flood.culverts import ENTRANCES, Box, Culvert, Pipe
from anlan.science.flood.openings import Together, Weir
from science.flood.verification import Row, record

G = 9.80665
EXAMPLE_4 = Culvert(Box(2.134, 2.134), 60.96, 30.480, 30.480 - 0.05 * 60.96, "box_wingwalls_15_90")


def test_headwater_under_inlet_control_is_that_of_hds_5():
    """HDS-5, 2nd edition, chapter III, example problem 4 (SI), read from chart 8A: discharges and headwater levels."""
    published = {11.327: 32.96, 16.990: 33.93, 19.822: 34.71, 22.654: 35.52, 24.069: 35.81}
    errors = [EXAMPLE_4.headwater_m(q, control="inlet") / (level - 30.48) - 1 for q, level in published.items()]

    error = float(np.abs(errors).max())

    record(
        Row(
            "culvert under inlet control",
            "links",
            "FHWA HDS-5 (2001), chapter III, example 4",
            "headwater, greatest error of 5 discharges",
            error,
            0.05,
            "1",
        )
    )


def test_it_is_under_inlet_control_as_in_hds_5():
    for flow in (11.327, 16.990, 24.069):
        level = 30.48 + EXAMPLE_4.headwater_m(flow, control="inlet")
        assert EXAMPLE_4.flow_m3_s(level, 27.432 + 1.25) == pytest.approx(flow, rel=1e-3)


@pytest.mark.parametrize(("level", "total"), [(35.52, 28.454), (35.81, 53.769)])
def test_a_culvert_and_the_road_over_it_pass_together_what_hds_5_has(level, total):
    """The same example: culvert and 60.96 m of gravel road, crest 35.357 m, with its coefficients of overtopping."""
    coefficient = {35.52: 2.70, 35.81: 2.92}[level] * 0.552
    bridge = Together((EXAMPLE_4, Weir(35.357, 60.96, coefficient=coefficient)))

    assert bridge.flow_m3_s(level, 27.432 + 1.25) == pytest.approx(total, rel=0.03)


@pytest.mark.parametrize(
    ("entrance", "k", "m", "c", "y"),
    [
        ("concrete_pipe_square_edge", 0.0098, 2.0, 0.0398, 0.67),
        ("metal_pipe_mitred", 0.0210, 1.33, 0.0463, 0.75),
        ("pipe_bevelled_45", 0.0018, 2.50, 0.0300, 0.74),
        ("box_wingwalls_30_75", 0.026, 1.0, 0.0347, 0.81),
    ],
)
def test_the_inlet_obeys_the_equations_of_hds_5_in_feet(entrance, k, m, c, y):
    """Appendix A, in the units that its constants are for; but never less than the energy of critical flow."""
    diameter, slope, foot = 4.0, 0.01, 0.3048
    section = Pipe(diameter * foot) if "pipe" in entrance else Box(diameter * foot, diameter * foot)
    area = float(section.area_m2(floats([diameter * foot]))[0]) / foot**2
    culvert = Culvert(section, 30.0, 0.3, 0.0, entrance)
    tilt = 0.7 * slope if "mitred" in entrance else -0.5 * slope

    def critical_energy(flow):
        def over(depth):
            wet, top = (float(f(floats([depth]))[0]) for f in (section.area_m2, section.top_m))
            return flow**2 * top - G * wet**3

        depth = brentq(over, 1e-6, diameter * foot * (1 - 1e-9))
        return (depth + (flow / float(section.area_m2(floats([depth]))[0])) ** 2 / (2 * G)) / (diameter * foot)

    for x in (1.0, 2.0, 3.3):
        flow = x * area * diameter**0.5 * foot**3
        expected = critical_energy(flow) + max(k * x**m + tilt, 0.0)
        assert culvert.headwater_m(flow, control="inlet") / (diameter * foot) == pytest.approx(expected, rel=3e-3)
    for x in (4.2, 6.0, 9.0):
        flow = x * area * diameter**0.5 * foot**3
        expected = c * x**2 + y + tilt
        assert culvert.headwater_m(flow, control="inlet") / (diameter * foot) == pytest.approx(expected, rel=3e-3)


def profile_headwater_m(section, length, slope, manning, loss, flow):
    """Return the headwater of a barrel with free outfall: its surface from critical depth at the outlet upstream."""
    height = section.height_m

    def of(name, depth):
        return float(getattr(section, name)(floats([min(depth, height)]))[0])

    def speed_head(depth):
        return (flow / of("area_m2", depth)) ** 2 / (2 * G)

    def friction(depth):
        area = of("area_m2", depth)
        return (flow * manning) ** 2 / (area**2 * (area / of("perimeter_m", depth)) ** (4 / 3))

    def rise(_, y):
        """Depth upstream; above the top it is the pressure line of a full barrel."""
        depth = y[0]
        full = depth >= height
        froude2 = 0.0 if full else flow**2 * of("top_m", depth) / (G * of("area_m2", depth) ** 3)
        return [(friction(depth) - slope) / max(1 - froude2, 1e-3)]

    def over(depth):
        return flow**2 * of("top_m", depth) - G * of("area_m2", depth) ** 3

    critical = brentq(over, 1e-6, height * (1 - 1e-9)) if over(height * (1 - 1e-9)) < 0 else height
    done = solve_ivp(rise, (0, length), [min(critical * 1.002, height)], method="LSODA", rtol=1e-7, max_step=0.1)
    depth = done.y[0, -1]
    return depth + (1 + loss) * speed_head(depth)


def test_headwater_under_outlet_control_is_near_that_of_the_surface_in_the_barrel():
    errors = []
    for section in (Pipe(1.2), Box(2.0, 1.5)):
        height = section.height_m
        for length in (30.0, 100.0):
            culvert = Culvert(section, length, 5.0, 5.0, "concrete_pipe_square_edge", manning=0.015)
            for head in (0.3, 0.5, 0.75, 0.9, 1.1, 1.4, 2.0):
                flow = float(np.interp(head * height, *culvert._forward.free))
                expected = profile_headwater_m(section, length, 0.0, 0.015, 0.5, flow)
                errors.append(head * height / expected - 1)

    error = float(np.abs(errors).max())

    record(
        Row(
            "culvert under outlet control",
            "links",
            "gradually varied flow, integrated from critical depth at the outlet",
            "headwater from 0.3 of the height up, greatest error of 28",
            error,
            0.1,
            "1",
        )
    )


def test_a_drowned_full_barrel_loses_what_darcy_and_weisbach_say():
    pipe = Culvert(Pipe(1.0), 80.0, 0.0, 0.0, "concrete_pipe_groove_headwall", manning=0.013)
    factor = 8 * G * 0.013**2 / 0.25 ** (1 / 3)  # of a full pipe: R = D / 4

    flow = pipe.flow_m3_s(3.0, 2.2)

    lost = (flow / (np.pi / 4)) ** 2 / (2 * G) * (1 + 0.2 + factor * 80.0 / 1.0)
    assert lost == pytest.approx(0.8, rel=2e-3)


SOME = st.builds(
    Culvert,
    st.one_of(st.builds(Pipe, st.floats(0.3, 3)), st.builds(Box, st.floats(0.3, 5), st.floats(0.3, 3))),
    st.floats(5, 200),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(sorted(ENTRANCES)),
    st.floats(0.01, 0.03),
    st.integers(1, 3),
)
LEVELS = st.floats(-1, 8)


@given(SOME, LEVELS, LEVELS, st.floats(0, 1))
@settings(max_examples=60)
def test_more_head_never_passes_less(culvert, first, second, more):
    flow = culvert.flow_m3_s(first, second)

    assert flow == 0 or (flow > 0) == (first > second)
    assert culvert.flow_m3_s(first + more, second) >= flow - 1e-9
    assert culvert.flow_m3_s(first, second + more) <= flow + 1e-9
    if max(first, second) <= culvert.sill_m:
        assert flow == 0


def test_barrels_add_up():
    one, three = (Culvert(Pipe(1.0), 20.0, 0.1, 0.0, "metal_pipe_headwall", 0.024, n) for n in (1, 3))

    assert three.flow_m3_s(2.0, 0.5) == pytest.approx(3 * one.flow_m3_s(2.0, 0.5))


@pytest.mark.parametrize(
    "wrong",
    [
        {"entrance": "no_such"},
        {"entrance": "box_wingwalls_15_90", "manning": 0.0},
        {"entrance": "box_wingwalls_15_90", "barrels": 0},
    ],
)
def test_bad_culverts_get_a_clear_error(wrong):
    with pytest.raises(ValueError, match="culvert"):
        Culvert(Pipe(1.0), 20.0, 0.0, 0.0, **wrong)
