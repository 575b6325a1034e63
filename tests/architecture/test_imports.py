"""Imports go down only; the contract in pyproject.toml says how, and this runs it."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_import_contracts_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout


def test_the_contracts_are_exhaustive_and_know_no_exceptions() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

    assert all("ignore_imports" not in contract for contract in contracts)
    assert any(contract["type"] == "layers" and contract["exhaustive"] for contract in contracts)
