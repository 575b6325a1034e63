"""``anlan flood``: run a flood case, or check one."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from anlan.cli.output import language, say, show_json

flood = typer.Typer(no_args_is_help=True, help="Floods: cases from files.")

CaseFile = Annotated[Path, typer.Argument(help="The case, YAML.", exists=True, dir_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_INTERRUPTED = 130  # what a shell tells of a program that Ctrl-C ended


@flood.command("run")
def run(
    case: CaseFile,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the results; made if it is not there.", file_okay=False)
    ],
    threads: Annotated[
        int | None, typer.Option(min=1, max=1024, help="As many as processors if left out; results are the same.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the folder.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a flood case and write maps, series and a summary into a folder.

    Ctrl-C leaves a checkpoint; with --resume the run goes on to the same results as without the interruption.
    """
    from anlan.assess.water.cases import run_case
    from anlan.science.flood.simulation import Cancelled

    reached = 0.0
    with (
        _asked_to_stop() as stop,
        typer.progressbar(length=1000, label=case.name, file=typer.get_text_stream("stderr")) as bar,
    ):

        def told(second: float, last: float) -> bool:
            nonlocal reached
            part = 1000 * second / last
            if int(part) > int(reached):
                bar.update(int(part) - int(reached))
            reached = part
            return not stop

        try:
            summary = run_case(case, out, threads=threads, resume=resume, told=told)
        except Cancelled:
            summary = None
    if summary is None:
        typer.echo(say("flood.stopped", file=case, folder=out), err=True)
        raise typer.Exit(_INTERRUPTED)
    if as_json:
        show_json(summary)
        return
    for note in summary["notes"]:
        typer.echo(note[language()], err=True)
    rows, columns = summary["cells"]
    typer.echo(say("flood.done", rows=rows, columns=columns, folder=out, **_numbers(summary)))


def _numbers(summary: dict[str, Any]) -> dict[str, Any]:
    return {name: summary[name] for name in ("steps", "wall_s", "deepest_m", "mass_error")}


@flood.command("check")
def check(case: CaseFile, as_json: AsJson = False) -> None:
    """Check a flood case and all the files that it names: everything that is wrong, at once, without a run."""
    from anlan.assess.water.cases import check_case

    found = check_case(case)
    if as_json:
        faults, notes = (
            [{**one.__dict__, "says": one.say(language())} for one in some] for some in (found.faults, found.notes)
        )
        show_json({"faults": faults, "notes": notes, "cells": found.cells})
    else:
        for one in (*found.faults, *found.notes):
            typer.echo(one.say(language()))
        typer.echo(say("flood.checked", count=len(found.faults), notes=len(found.notes)))
    raise typer.Exit(1 if found.faults else 0)


@contextmanager
def _asked_to_stop() -> Iterator[list[int]]:
    """Yield a list that is no longer empty once Ctrl-C or a polite kill asked the run to stop."""
    asked: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        asked.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
