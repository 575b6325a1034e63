"""``anlan flood`` as a stranger types it: the how-to's own commands, faults, Ctrl-C and going on."""

import json
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
import yaml
from rasterio.transform import Affine

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "flood"
HOW_TO = ROOT / "docs" / "en" / "how-to" / "build-a-flood-case.md"
ENVIRONMENT = {"ANLAN_LANG": "en", "PATH": "/usr/bin:/bin"}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "anlan.cli", "flood", *words]


def anlan(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=cwd)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example; the case in it."""
    shutil.copytree(EXAMPLE, tmp_path / "examples" / "flood")
    return tmp_path / "examples" / "flood" / "case.yaml"


def changed(case: Path, **sections: object) -> Path:
    held = yaml.safe_load(case.read_text(encoding="utf-8"))
    held["time"] = {"begin": "2026-08-01T20:00:00+08:00", "hours": 2}
    held |= sections
    case.write_text(yaml.safe_dump({k: v for k, v in held.items() if v is not None}, sort_keys=False))
    return case


def test_the_commands_of_the_how_to_run_on_the_example_and_its_files_are_those_told(example: Path) -> None:
    page = HOW_TO.read_text(encoding="utf-8")
    told = [line for line in page.splitlines() if line.startswith(("anlan flood ", "python examples/flood/make.py"))]
    folder = example.parents[2]
    for line in told:
        if "examples/flood" not in line:
            continue
        words = shlex.split(line)
        call = command(*words[2:]) if words[0] == "anlan" else [sys.executable, *words[1:]]
        done = subprocess.run(call, capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=folder)

        assert done.returncode == 0, (line, done.stderr)
    (out,) = {
        Path(shlex.split(line)[shlex.split(line).index("--out") + 1])
        for line in told
        if "examples" in line and "--out" in line
    }
    files = {path.name for path in (folder / out).iterdir()}

    assert len([line for line in told if "examples/flood" in line]) >= 4
    assert files == {name for name in files if f"`{name}`" in page}
    assert {"flood.nc", "max_depth.tif", "points.csv", "summary.json"} <= files


def test_the_script_of_the_example_writes_the_files_that_lie_beside_it(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(EXAMPLE / "make.py"), str(tmp_path)], check=True)

    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in EXAMPLE.iterdir() if path.suffix in {".tif", ".csv", ".geojson"}}
    for name in made:
        if not name.endswith(".tif"):
            assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes()
            continue
        with rasterio.open(tmp_path / name) as one, rasterio.open(EXAMPLE / name) as other:
            np.testing.assert_array_equal(one.read(1), other.read(1))
            assert one.tags()["synthetic"] == other.tags()["synthetic"] == "true"


def test_the_warp_of_the_how_to_makes_a_terrain_of_a_dem_in_degrees(tmp_path: Path) -> None:
    shape = {"width": 40, "height": 40, "count": 1, "dtype": "float32", "nodata": -9999.0, "crs": "EPSG:4326"}
    place = Affine(1 / 3600, 0, 121.2, 0, -1 / 3600, 31.05)
    with rasterio.open(tmp_path / "dem.tif", "w", driver="GTiff", transform=place, **shape) as held:
        held.write(np.full((40, 40), 3.5, dtype=np.float32), 1)
    case = (
        "title: t\ncrs: EPSG:32651\nmanning: 0.03\nterrain: {file: %s}\ntime: {begin: 2026-08-01T00:00:00Z, hours: 1}\n"
    )
    (line,) = [line for line in HOW_TO.read_text(encoding="utf-8").splitlines() if line.startswith("rio warp ")]
    (tmp_path / "case.yaml").write_text(case % "dem.tif")
    before = anlan("check", "case.yaml", cwd=tmp_path)

    subprocess.run([Path(sys.executable).with_name("rio"), *shlex.split(line)[1:]], check=True, cwd=tmp_path)
    (tmp_path / "case.yaml").write_text(case % "terrain.tif")
    after = json.loads(anlan("check", "case.yaml", "--json", cwd=tmp_path).stdout)

    assert before.returncode == 1
    assert "--dst-crs EPSG:32651" in before.stdout
    assert after["faults"] == []
    assert [note["rule"] for note in after["notes"]] == ["terrain.walls"]  # the corners of a turned sheet
    assert 110 < after["cells"][0] < 140  # 40 seconds of latitude are 1 232 m


def test_a_check_tells_every_fault_with_file_line_key_and_value(example: Path) -> None:
    case = changed(example, crs="EPSG:4326", manning=9, buildings={"file": "none.gpkg", "treat": "block"})

    told = anlan("check", str(case))
    as_json = json.loads(anlan("check", str(case), "--json").stdout)

    assert told.returncode == 1
    assert told.stdout.splitlines()[-1].startswith("checked: 3 faults")
    lines = case.read_text(encoding="utf-8").splitlines()
    line = next(k for k, text in enumerate(lines, 1) if text.startswith("crs:"))
    assert f"case.yaml:{line}: crs: the CRS EPSG:4326 is in degrees" in told.stdout
    assert {fault["key"] for fault in as_json["faults"]} == {"crs", "manning", "buildings.file"}
    assert all(fault["says"] for fault in as_json["faults"])


def test_a_faulty_case_is_not_run(example: Path, tmp_path: Path) -> None:
    told = anlan("run", str(changed(example, manning=9)), "--out", str(tmp_path / "out"))

    assert told.returncode == 1
    assert "manning" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "out").exists()


def test_ctrl_c_leaves_a_checkpoint_and_resume_goes_on_to_the_same_result(example: Path, tmp_path: Path) -> None:
    case = changed(example, checkpoint={"every_s": 0}, outputs={"frames_every_s": 600, "formats": ["cog"]})
    halted, straight = tmp_path / "halted", tmp_path / "straight"
    process = subprocess.Popen(
        command("run", str(case), "--out", str(halted)), stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    while not (halted / "checkpoint.npz").exists() and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()

    assert process.returncode == 130
    assert "--resume" in said
    assert not (halted / "summary.json").exists()
    went_on = anlan("run", str(case), "--out", str(halted), "--resume", "--json", "--threads", "1")
    assert went_on.returncode == 0, went_on.stderr
    summary = json.loads(went_on.stdout)
    changed(case, checkpoint=None, outputs={"frames_every_s": 600, "formats": ["cog"]})
    assert anlan("run", str(case), "--out", str(straight)).returncode == 0
    other = json.loads((straight / "summary.json").read_text(encoding="utf-8"))

    assert summary["synthetic"] is True
    assert {k: v for k, v in summary.items() if k not in {"wall_s", "threads"}} == {
        k: v for k, v in other.items() if k not in {"wall_s", "threads"}
    }
    with rasterio.open(halted / "max_depth.tif") as one, rasterio.open(straight / "max_depth.tif") as two:
        assert one.read(1).tobytes() == two.read(1).tobytes()
