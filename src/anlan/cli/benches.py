"""``anlan bench``: measure beside a named peer and print JSON."""

import importlib.util
import os
import platform
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from anlan.cli.output import say, show_json


def bench(
    name: Annotated[str, typer.Argument(help="Name of a benchmark; `list` names them all.")],
    folder: Annotated[Path, typer.Option("--from", help="Folder of the benchmarks.")] = Path("benchmarks"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object (always so; kept for scripts).")
    ] = True,
) -> None:
    """Run a benchmark of the checkout: same input, same machine, same run beside a peer."""
    del as_json
    known = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    if name == "list":
        show_json({"items": known})
        return
    if name not in known:
        typer.echo(say("cli.no_bench", name=name, known=", ".join(known)), err=True)
        raise typer.Exit(2)
    cases: list[dict[str, Any]] = _module(folder / f"{name}.py").run()
    show_json({"bench": name, "machine": _machine(), "cases": cases})


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"anlan_bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _machine() -> dict[str, Any]:
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.processor(),
    )
    return {"cpu": model, "cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
