"""Run a flood case from its file to maps, series and a summary.

``run_case`` is what ``anlan flood run`` does; `anlan.science.flood` runs the same models on arrays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from anlan.assess.water.cases.build import Parts, fingerprint, read_parts, simulation
from anlan.assess.water.cases.durable import CHECKPOINT, Kept, clear_checkpoint, read_checkpoint, write_checkpoint
from anlan.assess.water.cases.faults import CaseFault, FaultyCase
from anlan.assess.water.cases.layers import Results
from anlan.assess.water.cases.reports import reports
from anlan.assess.water.cases.watched import Watch, layers_of, series_of, watch_of
from anlan.assess.water.cases.writing import write
from anlan.assess.water.inp import SwmmError
from anlan.kernel.clock import Clock, RealClock
from anlan.kernel.errors import Conflict, Invalid
from anlan.science.flood.simulation import Cancelled, Simulation
from anlan.science.flood.team import Team

Told = Callable[[float, float], bool]
"""Told the second that a run has reached and its last one; by False it stops the run."""


@dataclass(frozen=True)
class Checked:
    """What ``check_case`` found: everything that is wrong, and what must be known of a case that is sound."""

    faults: tuple[CaseFault, ...]
    notes: tuple[CaseFault, ...]
    cells: tuple[int, int] | None


def check_case(path: Path | str) -> Checked:
    """Read a case and all of its files, and run nothing."""
    parts, findings = read_parts(Path(path))
    if parts is not None:
        parts.close()
    return Checked(
        tuple(sorted(findings.faults)), tuple(sorted(findings.notes)), None if parts is None else parts.frame.shape
    )


def run_case(
    path: Path | str,
    out: Path | str,
    *,
    threads: int | None = None,
    resume: bool = False,
    told: Told | None = None,
    clock: Clock | None = None,
) -> dict[str, Any]:
    """Run a case and write its results into a folder.

    Parameters
    ----------
    threads
        As many as there are processors if None; the results are the same.
    resume
        Go on from the checkpoint in the folder; from the beginning where there is none. The results are those of a run
        that was never interrupted.
    told
        Told how far the run is, after every block of steps.
    clock
        The clock on the wall, for checkpoints and the time taken.

    Returns
    -------
    The summary, as in ``summary.json``.

    Raises
    ------
    FaultyCase
        With everything that is wrong; nothing was run.
    Conflict
        If the checkpoint is of another case, or of files that changed since, or cannot be read.
    Invalid
        If the water became infinite, or SWMM failed on the way.
    anlan.science.flood.simulation.Cancelled
        If ``told`` stopped the run; a checkpoint was left.
    """
    clock, folder = clock or RealClock(), Path(out)
    begun = clock.now()
    parts, findings = read_parts(Path(path))
    if parts is None:
        raise FaultyCase(findings.faults)
    folder.mkdir(parents=True, exist_ok=True)
    mark = fingerprint(Path(path), parts.draft)
    watch, team = watch_of(parts, folder), Team(threads)
    try:
        run = simulation(parts, watch.observers, team)
        if not (resume and _resumed(run, folder, mark)):
            watch.begin(run.solver)
        _advance(run, parts, folder, mark, told, clock)
    finally:
        team.close()
        parts.close()
    summary = _summary(run, parts, team, (clock.now() - begun).total_seconds())
    results = _results(run, parts, watch, summary, clock.now())
    files = write(folder, results, parts.draft.case.outputs.formats)
    clear_checkpoint(folder)
    if watch.frames is not None:
        watch.frames.clear()
    return {**summary, "files": files}


def _resumed(run: Simulation, folder: Path, mark: str) -> bool:
    kept = read_checkpoint(folder)
    if kept is None:
        return False
    if kept.case != mark:
        raise Conflict("flood.checkpoint_of_another", at=str(folder / CHECKPOINT))
    run.restore(kept.arrays)
    return True


def _advance(run: Simulation, parts: Parts, folder: Path, mark: str, told: Told | None, clock: Clock) -> None:
    every_s, last = parts.draft.case.checkpoint.every_s, clock.now()

    def watch(time_s: float) -> bool:
        nonlocal last
        if (clock.now() - last).total_seconds() >= every_s:
            write_checkpoint(folder, Kept(mark, run.kept()))
            last = clock.now()
        return told is None or told(time_s, parts.length_s)

    try:
        run.run(parts.length_s, watch)
    except Cancelled:
        write_checkpoint(folder, Kept(mark, run.kept()))
        raise
    except SwmmError as error:
        raise Invalid("flood.swmm", value=str(error), params={"second": run.time_s}) from None
    except FloatingPointError as error:
        raise Invalid("flood.infinite", value=str(error), params={"second": run.time_s}) from None
    if not np.isfinite(run.solver.depth_m).all():
        raise Invalid("flood.infinite", value="depth", params={"second": run.time_s})


def _summary(run: Simulation, parts: Parts, team: Team, seconds: float) -> dict[str, Any]:
    case = parts.draft.case
    return {
        "title": case.title,
        "source": case.source,
        "synthetic": case.synthetic,
        "model": f"anlan.flood.{case.scheme}",
        "version": version("anlan"),
        "crs": parts.frame.crs.to_string(),
        "cells": list(parts.frame.shape),
        "cell_m": [parts.frame.dx_m, parts.frame.dy_m],
        "ground_cells": int(parts.grid.ground.sum()),
        "begin": None if case.time is None else case.time.begin,
        "seconds": run.time_s,
        "steps": run.steps,
        "wall_s": round(seconds, 3),
        "threads": team.members,
        "books_m3": {"begin": run.books.begin_m3, **run.books.moved_m3, "end": run.volume_m3()},
        "mass_error": run.mass_error(),
        "deepest_m": float(parts.ground.peaks(run.solver)[parts.ground.fine.ground].max()),
        "design_storm": None if case.rain is None or case.rain.design is None else case.rain.design.model_dump(),
        **reports(parts.exchanges),
        "notes": [_note(note) for note in parts.findings.notes],
    }


def _note(note: CaseFault) -> dict[str, str]:
    return {"key": note.key, "value": note.value, "rule": note.rule, "zh": note.say("zh"), "en": note.say("en")}


def _results(run: Simulation, parts: Parts, watch: Watch, summary: dict[str, Any], now: datetime) -> Results:
    case = parts.draft.case
    if case.time is None:
        raise RuntimeError("a sound case has a time")
    about = {
        "title": case.title or "",
        "source": "; ".join(
            [f"{summary['model']} of anlan {version('anlan')}", *([case.source] if case.source else [])]
        ),
        "history": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} anlan {version('anlan')} flood run, {case.scheme}",
        "synthetic": "true" if case.synthetic else "false",
        "model": str(summary["model"]),
    }
    return Results(
        parts.ground.fine_frame,
        case.time.begin.astimezone(UTC),
        parts.bed_m,
        layers_of(case.outputs, parts.ground.peaks(run.solver), parts.bed_m, watch.outcomes),
        watch.frames,
        series_of(parts, watch.gauges),
        about,
        summary,
    )
