"""The process that SWMM runs in, as the one sees it who asks: see `anlan.assess.water.pipes`."""

import json
import subprocess
import sys
import weakref
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from anlan.assess.water.inp import Hydrology, Network, SwmmError, write
from anlan.science.arrays import Floats

_PATIENCE_S = 1.0  # for a process to end by itself


class Process:
    """SWMM's process, and the folder with its files."""

    def __init__(self, network: Network, hydrology: Hydrology | None, what: Mapping[str, Any]) -> None:
        """Start it, and ask for the network to be opened: ``what`` are the other arguments of `Pipes`."""
        self._folder = TemporaryDirectory(prefix="anlan-swmm-")
        folder = Path(self._folder.name)
        try:
            write(network, folder / "run.inp", hydrology)
        except SwmmError:
            self._folder.cleanup()
            raise
        self._report, self._said, self._name = folder / "run.rpt", folder / "said", network.path.name
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "anlan.assess.water.pipes"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=folder,
                start_new_session=True,  # Ctrl-C is for the one who asks
            )
        self._end = weakref.finalize(self, _ended, self._process, self._folder)
        self.ask({"inp": str(folder / "run.inp"), "report": str(self._report), **what})

    def ask(self, what: Mapping[str, Any], *arrays: Floats) -> None:
        """Ask for something; it is done while the caller goes on."""
        stream = self._process.stdin
        try:
            if stream is not None:
                stream.write(json.dumps(what).encode() + b"\n" + b"".join(array.tobytes() for array in arrays))
                stream.flush()
        except BrokenPipeError as fault:
            raise SwmmError(self._why("")) from fault

    def answer(self, *sizes: int) -> tuple[dict[str, Any], list[Floats]]:
        """Wait for the answer: its words, and arrays of these sizes."""
        stream = self._process.stdout
        line = b"" if stream is None else stream.readline()
        head: dict[str, Any] = json.loads(line) if line else {"fault": ""}
        if stream is None or "fault" in head:
            raise SwmmError(self._why(head["fault"]))
        return head, [np.frombuffer(stream.read(8 * size)) for size in sizes]

    def _why(self, fault: str) -> str:
        """Return what went wrong, with what SWMM's report and the process itself said of it."""
        report = self._report.read_text(errors="replace").splitlines() if self._report.exists() else []
        errors = [line.strip() for at, line in enumerate(report) if "ERROR" in "".join(report[max(at - 1, 0) : at + 1])]
        said = self._said.read_text(errors="replace").splitlines()[-1:]
        ended = [] if fault else [f"its process ended with {self._process.wait(_PATIENCE_S)}", *said]
        return f"{self._name}: SWMM cannot go on: " + "; ".join(part for part in (fault, *errors, *ended) if part)

    def end(self) -> None:
        """End the process and remove its files."""
        self._end()


def _ended(process: "subprocess.Popen[bytes]", folder: "TemporaryDirectory[str]") -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):  # what it was still to be told it need not hear any more
                stream.close()
    try:
        process.wait(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    folder.cleanup()
