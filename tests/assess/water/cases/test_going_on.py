"""Stopping and going on changes no bit, whatever takes part: structures, soil, drains, SWMM, every scheme."""

from pathlib import Path
from typing import Any

import pytest
from rasterio.transform import Affine

from anlan.assess.water.cases import check_case, run_case
from anlan.science.flood.simulation import Cancelled
from assess.water.cases.conftest import NORTH_M, WEST_M, Make, write_raster
from assess.water.cases.test_run import ALL, FLAT, SHOWER, assert_same
from assess.water.networks import CELL, FRAME, NODES, network, street

STREET, YARD = {"points": [[WEST_M + 85, NORTH_M - 65]]}, {"points": [[WEST_M + 15, NORTH_M - 15]]}
STRUCTURES: dict[str, Any] = {
    "gates": [
        {
            "name": "gate",
            "first": STREET,
            "second": YARD,
            "sill_m": 2.0,
            "height_m": 1,
            "breadth_m": 2,
            "watched": "first",
            "upper_m": 2.02,
            "lower_m": 2.01,
            "moving_s": 120,
        }
    ],
    "breaches": [
        {
            "name": "breach",
            "first": STREET,
            "outside_m": {"hours": [0, 0.5], "values": [2.0, 2.2]},
            "crest_m": 2.5,
            "bottom_m": 2.0,
            "breadth_m": 3,
            "growing_hours": 0.2,
            "start_hours": 0.1,
        }
    ],
    "pumps": [
        {
            "name": "pump",
            "intake": YARD,
            "outlet": STREET,
            "discharge_m3_s": 0.02,
            "start_m": 2.01,
            "stop_m": 2.002,
            "failures_hours": [[0.2, 0.3]],
        }
    ],
    "storages": [
        {
            "name": "garage",
            "street": STREET,
            "sill_m": 2.005,
            "sill_breadth_m": 3,
            "floor_m": -2,
            "area_m2": 20,
            "capacity_m3": 30,
            "pump_m3_s": 0.01,
        }
    ],
}
LOSSES: dict[str, Any] = {
    "infiltration": {"green_ampt": {"soil": "loam", "saturation": 0.5, "pervious": 0.3}},
    "drains": {"capacity": [{"name": "all", "capacity_mm_h": 5, "storage_mm": 1, "inlet_mm_h": 10}]},
    "evaporation_mm_day": 5.0,
}
HEAVY = {"uniform": {"hours": [0, 0.4], "mm_h": [150.0]}}


def halting(case: Path, folder: Path, *stops_s: float) -> dict[str, Any]:
    """Run with halts; return the summary."""
    for stop_s in stops_s:
        with pytest.raises(Cancelled):
            run_case(case, folder, resume=True, told=lambda second, _, stop_s=stop_s: second < stop_s)
    return run_case(case, folder, resume=True)


@pytest.mark.parametrize("scheme", ["inertial", "momentum", "subgrid"])
def test_structures_soil_and_drains_go_on_as_if_nothing_had_happened(make: Make, tmp_path: Path, scheme: str) -> None:
    outputs = ALL if scheme != "subgrid" else ALL | {"maps": ["depth"]}
    more = {"subgrid": {"factor": 2}} if scheme == "subgrid" else {}
    more |= {} if scheme == "subgrid" else {"structures": STRUCTURES}
    case = make(FLAT, rain=HEAVY, scheme=scheme, outputs=outputs, **LOSSES, **more)

    straight = run_case(case, tmp_path / "straight")
    halted = halting(case, tmp_path / "halted", 250.0, 700.0, 1300.0)

    assert_same(tmp_path / "straight", tmp_path / "halted")
    assert straight["books_m3"] == halted["books_m3"]
    for kind in ("links", "pumps", "storages", "drains"):
        assert straight.get(kind) == halted.get(kind)
    assert abs(straight["mass_error"]) < 1e-6
    if scheme != "subgrid":
        assert straight["storages"][0]["let_in_m3"] > 0
        assert all(abs(link["forward_m3"]) + abs(link["back_m3"]) > 0 for link in straight["links"])


def sewered(make: Make, folder: Path, **swmm: Any) -> Path:
    """Return a case of a street with three manholes of a SWMM file."""
    points = {"items": [{"name": "M1", "at": [FRAME.west_m + 27.5, FRAME.north_m - 27.5]}]}
    case = make(rain=SHOWER, drains={"swmm": {"inp": "street.inp", **swmm}}, outputs={"points": points})
    place = Affine(CELL, 0, FRAME.west_m, 0, -CELL, FRAME.north_m)
    write_raster(folder / "terrain.tif", street().bed_m, transform=place)
    network(folder)
    return case


def test_sewers_of_a_swmm_file_take_water_by_name_and_go_on_to_the_same_bits(make: Make, tmp_path: Path) -> None:
    case = sewered(make, tmp_path)

    straight = run_case(case, tmp_path / "straight")
    halted = halting(case, tmp_path / "halted", 600.0)

    taken = {hole["name"]: hole["down_m3"] for hole in straight["swmm"]["manholes"]}
    assert set(taken) == set(NODES)
    assert sum(taken.values()) > 0.1
    assert abs(straight["mass_error"]) < 1e-6
    assert_same(tmp_path / "straight", tmp_path / "halted")
    assert straight["swmm"] == halted["swmm"]


def test_a_network_that_swmm_or_the_ground_refuses_is_a_fault_of_the_case(make: Make, tmp_path: Path) -> None:
    case = sewered(make, tmp_path, closed=["M9"])

    (fault,) = check_case(case).faults

    assert (fault.key, fault.rule) == ("drains.swmm", "drains.swmm")
    assert "M9" in fault.say("en")
