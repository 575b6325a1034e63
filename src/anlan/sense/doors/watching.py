"""The watched folder: ``<folder>/<source>/*.csv`` and ``*.parquet`` are taken, then moved.

A file counts as complete when it has its proper name (a sender writes ``readings.csv.part`` and renames it), and its
size and time have not changed since the last look. What was read goes to ``done/``, what could not be read to its end
to ``refused/``, each with a report beside it. A file is moved only after all of it is durable: after a crash it is
taken again from its beginning, and what was there already is dropped as duplicates.
"""

import json
import os
import threading
from pathlib import Path

from anlan.sense.doors.config import Watch
from anlan.sense.doors.files import ENDINGS, Report, take_file
from anlan.sense.doors.intake import Intake
from anlan.sense.doors.senders import Senders
from anlan.sense.doors.state import DoorState

DONE, REFUSED = "done", "refused"

_Seen = tuple[int, int]


class Watcher:
    """Looks into a folder again and again, in a thread of its own."""

    def __init__(self, config: Watch, intake: Intake, senders: Senders, folder: Path) -> None:
        self.config, self.state = config, DoorState(config.name, "watch")
        self._intake, self._senders = intake, senders
        self._folder = folder / config.folder
        self._seen: dict[Path, _Seen] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"anlan-{config.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the piece in progress."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if not self.state.open:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    self.state.opened()
                self.look()
            except Exception as error:  # noqa: BLE001  # a disk that is full now may have room in a while
                self.state.failed(error)
            self._stop.wait(self.config.every_s)

    def look(self) -> list[Report]:
        """Take every file that is complete, in order of their names; return what became of them."""
        reports: list[Report] = []
        present = self._complete_or_not()
        for path, seen in present.items():
            if self._seen.get(path) == seen and not self._stop.is_set():
                reports += self._take(path)
        self._seen = {path: seen for path, seen in present.items() if path.exists()}
        return reports

    def _complete_or_not(self) -> dict[Path, _Seen]:
        """Return the files that may be complete, with what would change if they were not."""
        found: dict[Path, _Seen] = {}
        for path in sorted(self._folder.glob("*/*")):
            if path.suffix.lower() in ENDINGS and not path.name.startswith(".") and not path.is_symlink():
                try:
                    stat = path.stat()
                except FileNotFoundError:
                    continue
                found[path] = (stat.st_size, stat.st_mtime_ns)
        return found

    def _take(self, path: Path) -> list[Report]:
        sender = self._senders.find(path.parent.name)
        if sender is None:  # it may yet be registered: the file stays where it is
            self.state.error = f"source.unknown: {path.parent.name}"
            return []
        report = take_file(path, sender, self._intake, self._stop)
        if report.fault == "file.stopped":
            return []
        self._move(path, DONE if report.taken else REFUSED, report)
        return [report]

    def _move(self, path: Path, where: str, report: Report) -> None:
        """Put the report there first, then the file: a file that was moved has its report."""
        folder = path.parent / where
        folder.mkdir(exist_ok=True)
        target, number = folder / path.name, 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem}-{number}{path.suffix}"
        text = json.dumps(report.plain(), ensure_ascii=False, indent=2)
        beside = target.with_name(f"{target.name}.report.json")
        fresh = beside.with_name(f".{beside.name}.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(beside)
        path.replace(target)
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
