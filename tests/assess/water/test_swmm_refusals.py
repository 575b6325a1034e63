"""Networks that cannot be coupled are refused in words that tell what is wrong and where."""

import os
import signal
from pathlib import Path

import pytest

from anlan.assess.water.inp import SwmmError, read, write
from anlan.assess.water.swmm import Coupling, SwmmExchange
from anlan.science.flood.rainfall import Frame
from assess.water.networks import CELL, COLUMNS, FRAME, ROWS, flooded, network, street

CATCHMENT = "[RAINGAGES]\nG1 INTENSITY 0:05 1.0 TIMESERIES s\n\n[SUBCATCHMENTS]\nS1 G1 M1 1 50 100 1 0\n"


def refused(inp: Path, told: str, coupling: Coupling | None = None, frame: Frame = FRAME) -> None:
    with pytest.raises(SwmmError, match=told):
        SwmmExchange(inp, street(), frame, coupling).close()


def test_a_file_that_is_not_there(tmp_path):
    refused(tmp_path / "none.inp", r"none\.inp: cannot be read: No such file")


def test_an_error_of_swmm_is_told_with_its_line(tmp_path):
    inp = network(tmp_path)
    inp.write_text(inp.read_text().replace("C1 M2 M3", "C1 M2 M9"))
    refused(inp, r"street\.inp: SWMM cannot go on: .*ERROR 209: undefined object M9 .*C1 M2 M9")


def test_only_dynamic_waves_will_do(tmp_path):
    refused(network(tmp_path, FLOW_ROUTING="KINWAVE"), r"FLOW_ROUTING must be DYNWAVE")


def test_where_the_rain_falls_must_be_said(tmp_path):
    inp = network(tmp_path, more=CATCHMENT)
    refused(inp, r"counted twice")
    write(read(inp), tmp_path / "out.inp", "surface")

    assert "IGNORE_RAINFALL YES" in (tmp_path / "out.inp").read_text()
    write(read(inp), tmp_path / "out.inp", "pipes")

    assert "IGNORE_RAINFALL" not in (tmp_path / "out.inp").read_text()


def test_rims_must_be_at_the_ground(tmp_path):
    inp = network(tmp_path)
    inp.write_text(inp.read_text().replace("M2 7.625", "M2 17.625"))
    refused(inp, r"1 rims are off the ground by more than 1 m: M2 by \+10\.00 m")


def test_the_network_must_lie_on_the_grid(tmp_path):
    refused(network(tmp_path), r"they span 1028 to 1128 and 2032 to 2032, the grid 5000 to 5200", frame=Frame(
        5000.0, 2060.0, CELL, CELL, ROWS, COLUMNS))  # fmt: skip
    inp = network(tmp_path)
    inp.write_text(inp.read_text().replace(" 2032.5", " 31.02").replace("1027.5", "121.2").replace("1077.5", "121.21")
                   .replace("1127.5", "121.22"))  # fmt: skip
    refused(inp, r"They look like degrees")


def test_a_coordinate_must_be_a_number(tmp_path):
    inp = network(tmp_path)
    inp.write_text(inp.read_text().replace("1027.5 2032.5", "1027.5 north"))
    refused(inp, r"line \d+: \[COORDINATES\] needs a node, x and y, not 'M1 1027\.5 north'")


def test_the_exchange_is_not_faster_than_swmms_steps(tmp_path):
    refused(network(tmp_path, ROUTING_STEP="10"), r"ROUTING_STEP is 10 s, longer than the exchange every 5 s")


def test_closed_junctions_must_be_in_the_network(tmp_path):
    refused(network(tmp_path), r"closed junctions that are not in it: M7", Coupling(closed=("M7",)))


def test_the_end_of_its_process_is_told(tmp_path):
    grid = street()
    with SwmmExchange(network(tmp_path), grid, FRAME) as exchange:
        run = flooded(exchange, grid)
        run.run(60.0)
        os.kill(exchange._process._process.pid, signal.SIGKILL)
        with pytest.raises(SwmmError, match=r"its process ended with -9"):
            run.run(120.0)


def test_a_checkpoint_of_another_network_is_refused(tmp_path):
    grid = street()
    with SwmmExchange(network(tmp_path), grid, FRAME) as exchange:
        flooded(exchange, grid).run(20.0)
        kept = exchange.kept()
    with (
        SwmmExchange(network(tmp_path), grid, FRAME, Coupling(closed=("M2",))) as other,
        pytest.raises(SwmmError, match="the checkpoint has 3 manholes, not 2"),
    ):
        other.restore(kept)


def test_files_beside_the_network_are_found_from_anywhere(tmp_path):
    (tmp_path / "storm 1.dat").write_text("0 0.1\n")
    inp = network(tmp_path, more='[TIMESERIES]\ns FILE "storm 1.dat"\n')
    write(read(inp), tmp_path / "out.inp", None)

    assert f's FILE "{(tmp_path / "storm 1.dat").resolve()}"' in (tmp_path / "out.inp").read_text().replace('"s"', "s")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_names_may_be_chinese_and_spelt_in_any_case(tmp_path, encoding):
    inp = network(tmp_path)
    text = inp.read_text().replace("M1", "人民路井1").replace("M2 1077.5", "m2 1077.5")
    inp.write_bytes(text.encode(encoding))
    with SwmmExchange(inp, street(), FRAME) as exchange:
        flooded(exchange, street()).run(120.0)

        assert exchange.manholes.names == ("人民路井1", "M2", "M3")
    inp.write_bytes(b"\xff\xff")
    refused(inp, "neither in UTF-8 nor in GB 18030")
