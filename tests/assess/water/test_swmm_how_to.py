"""The how-tos of design storms and of SWMM run as they stand."""

import re
import runpy
from pathlib import Path

import pytest

from anlan.assess.water.cases import check_case, run_case

DOCS = Path(__file__).parents[3] / "docs" / "zh" / "how-to"
FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("page", "makes", "shows"),
    [
        ("run-a-design-storm.md", "make_terrain.py", "members.py"),
        ("couple-your-swmm-model.md", "make_street.py", "couple.py"),
    ],
)
def test_the_files_of_a_how_to_make_a_run(page, makes, shows, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    blocks = [(m[1], m[2], m[3]) for m in FENCE.finditer((DOCS / page).read_text(encoding="utf-8"))]
    scripts = {title: content for language, title, content in blocks if language == "python"}
    (cases,) = [content for language, _, content in blocks if language == "yaml"]
    (tmp_path / "case.yaml").write_text(cases, encoding="utf-8")
    for name in (makes, shows):
        (tmp_path / name).write_text(scripts[name], encoding="utf-8")
    runpy.run_path(makes)

    assert check_case(Path("case.yaml")).faults == ()
    summary = run_case(Path("case.yaml"), Path("results"), threads=1)
    runpy.run_path(shows)

    assert abs(summary["mass_error"]) < 1e-6
    assert summary["deepest_m"] > 0.01
    assert "m3 up" in (said := capsys.readouterr().out) or "1.0 76.4 mm" in said
