"""Weirs and slots against published numbers, SWMM, and Torricelli's law summed strip by strip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyswmm import Links, Simulation
from scipy.integrate import quad

from anlan.science.flood.openings import BREACH_SIDES, BROAD_CRESTED, Flap, Slot, Together, Weir
from science.flood.verification import Row, record

LEVELS = st.floats(-1, 6, allow_nan=False)
OPENINGS = st.one_of(
    st.builds(Weir, st.floats(0, 3), st.floats(0.1, 9), st.floats(0, 2)),
    st.builds(Slot, st.floats(0, 3), st.floats(0, 2), st.floats(0.1, 9)),
    st.builds(Together, st.tuples(st.builds(Weir, st.floats(0, 3), st.floats(0.1, 9)), st.just(Slot(0.0, 0.5, 1.0)))),
)

SWMM = """
[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
START_DATE 01/01/2000
END_DATE 01/01/2000
START_TIME 00:00:00
END_TIME 00:01:00
ROUTING_STEP 1
REPORT_STEP 00:00:10
[STORAGE]
Lake 0 9 {head} FUNCTIONAL 0 0 1e9 0 0
[OUTFALLS]
Sea 0 FIXED {tail} NO
[WEIRS]
Crest Lake Sea TRANSVERSE 1.0 1.7 NO 0 0 NO
[XSECTIONS]
Crest RECT_OPEN 5 4 0 0
"""


def test_a_drowned_weir_is_that_of_swmm(tmp_path):
    errors = []
    for head, tail in [(2.0, 0.5), (2.0, 1.25), (2.0, 1.5), (2.0, 1.75), (2.0, 1.95), (4.0, 3.0)]:
        path = tmp_path / "weir.inp"
        path.write_text(SWMM.format(head=head, tail=tail), encoding="utf-8")
        with Simulation(str(path)) as swmm:
            for _ in swmm:
                flow = Links(swmm)["Crest"].flow
        errors.append(Weir(1.0, 4.0, coefficient=1.7).flow_m3_s(head, tail) / flow - 1)

    error = float(np.abs(errors).max())

    record(Row("drowned weir", "links", "SWMM 5.2", "discharge, greatest error of 6 heads", error, 1e-3, "1"))


def test_a_road_under_water_is_that_of_hds_5():
    """HDS-5, 2nd edition, chapter III, example problem 4 (SI): overtopping of 60.96 m of road."""
    published = [(0.16, 2.70 * 0.552, 5.8), (0.45, 2.92 * 0.552, 29.7)]
    road = [Weir(35.357, 60.96, coefficient=c).flow_m3_s(35.357 + head, 31.73) / q - 1 for head, c, q in published]

    source, error = "FHWA HDS-5 (2001), chapter III, example 4", float(np.abs(road).max())
    record(Row("road under water", "links", source, "discharge, greatest error of 2 heads", error, 5e-3, "1"))


def test_broad_crests_and_breaches_have_the_numbers_of_the_weather_service():
    foot = 0.3048**0.5

    assert pytest.approx(3.1 * foot, rel=0.01) == BROAD_CRESTED
    assert pytest.approx(2.45 * foot, rel=0.005) == BREACH_SIDES
    assert Weir(0.0, 10.0, slope=2.0).flow_m3_s(3.0, 0.0) == pytest.approx(
        (3.1 * 10 * 3**1.5 + 2.45 * 2 * 3**2.5) * foot, rel=0.01
    )


def test_a_tall_orifice_gives_less_than_its_middle_would():
    """Unwin, Hydraulics, Encyclopaedia Britannica 11th edition (1911), volume 14, section 44: heads H1 and H2 = 1 m."""
    published = {0.0: 0.943, 0.2: 0.979, 0.5: 0.995, 0.7: 0.998, 0.8: 0.999, 0.9: 0.999}
    errors = []
    for sigma, ratio in published.items():
        by_middle = 0.6 * 2.0 * (1 - sigma) * np.sqrt(2 * 9.80665 * (1 + sigma) / 2)
        errors.append(Slot(0.0, 1 - sigma, 2.0, 0.6).flow_m3_s(1.0, -1.0) / by_middle - ratio)

    source, error = "Unwin (1911), Encyclopaedia Britannica 14", float(np.abs(errors).max())
    record(Row("tall orifice", "links", source, "ratio to that of the middle, greatest error of 6", error, 1e-3, "1"))


@given(st.floats(0.05, 5), st.floats(-1, 5), st.floats(0.05, 3))
def test_a_slot_is_torricellis_law_at_every_height(upper, lower, height):
    lower = min(lower, upper)
    top = min(height, upper)

    def speed(y):
        return np.sqrt(2 * 9.80665 * (upper - max(y, lower)))

    bend = [min(max(lower, 0.0), top)]
    expected = 0.6 * 2.0 * quad(speed, 0, top, points=bend, limit=200)[0]

    assert Slot(0.0, height, 2.0).flow_m3_s(upper, lower) == pytest.approx(expected, rel=1e-5, abs=1e-9)


@given(OPENINGS, LEVELS, LEVELS, st.floats(0, 1))
def test_more_head_never_passes_less_and_the_way_back_is_the_same(opening, first, second, more):
    flow = opening.flow_m3_s(first, second)

    assert opening.flow_m3_s(second, first) == pytest.approx(-flow)
    assert opening.flow_m3_s(first + more, second) >= flow - 1e-12
    assert opening.flow_m3_s(first, second + more) <= flow + 1e-12
    assert (flow > 0) <= (first > max(second, opening.sill_m))


def test_a_flap_lets_water_one_way_only():
    flap = Flap(Slot(0.0, 1.0, 1.0))

    assert flap.flow_m3_s(2.0, 1.0) == Slot(0.0, 1.0, 1.0).flow_m3_s(2.0, 1.0)
    assert flap.flow_m3_s(1.0, 2.0) == 0.0


@pytest.mark.parametrize("make", [lambda: Weir(0, -1), lambda: Slot(0, 1, 1, 0), lambda: Together(())])
def test_bad_openings_get_a_clear_error(make):
    with pytest.raises(ValueError, match=r"weir|slot|together"):
        make()
