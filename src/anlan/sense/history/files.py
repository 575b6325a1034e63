"""Where the history's files stand: a folder of this machine, or any file system of Arrow's, object storage among them.

A file is written once, under a name that no other ever bears, and read by its name alone. One file, the manifest, is
put in place of its older self at once; it names the others, so that a file counts from the moment the manifest says so.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.fs as pafs

Write = Callable[[pa.NativeFile], None]


class Files(Protocol):
    """A place for files; names have ``/`` between their parts.

    ``far`` tells that each request takes long, so that pieces to read are asked for together.
    """

    far: bool

    def put(self, names: Iterable[tuple[str, Write]]) -> None:
        """Write new files; they are durable on return."""

    def open(self, name: str) -> pa.NativeFile:
        """Return a file to read from any place; FileNotFoundError if there is none."""

    def replace(self, name: str, content: bytes) -> None:
        """Put the whole of a small file in place of its older self, at once and durably."""

    def read(self, name: str) -> bytes | None:
        """Return the whole of a small file; None if there is none."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; those that are not there are passed over."""

    def names(self) -> list[str]:
        """Return the names of all files."""


class Folder:
    """A folder of this machine; what is written is forced to the disk, its entry in the folder too."""

    far = False

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: set[Path] = set()

    def put(self, names: Iterable[tuple[str, Write]]) -> None:
        """Write new files and force them and their folders to the disk."""
        touched: dict[Path, None] = {}
        for name, write in names:
            path = self._root / name
            self._make(path.parent)
            with pa.OSFile(str(path), "wb") as sink:
                write(sink)
            _force(path)
            touched[path.parent] = None
        for folder in touched:
            _force(folder)

    def _make(self, folder: Path) -> None:
        """Make a folder and those above it, each entry forced to the disk."""
        if folder in self._known:
            return
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)
            _force(folder.parent)
        self._known.add(folder)

    def open(self, name: str) -> pa.NativeFile:
        """Return a file to read from any place."""
        return pa.OSFile(str(self._root / name), "rb")

    def replace(self, name: str, content: bytes) -> None:
        """Write beside, force to the disk, rename over the old."""
        path = self._root / name
        self._make(path.parent)
        beside = path.with_name(path.name + ".new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _force(path.parent)

    def read(self, name: str) -> bytes | None:
        """Return the whole of a small file."""
        path = self._root / name
        return path.read_bytes() if path.exists() else None

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; folders stay."""
        for name in names:
            (self._root / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Return the names of all files."""
        found = (path for path in self._root.rglob("*") if path.is_file())
        return sorted(path.relative_to(self._root).as_posix() for path in found)


def _force(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Objects:
    """A file system of Arrow's, for object storage: a put is durable and seen at once when it returns.

    Amazon S3 promises both (strong read-after-write consistency since December 2020). A local file system given here is
    not forced to the disk: use :class:`Folder` for that.
    """

    far = True

    def __init__(self, system: pafs.FileSystem) -> None:
        self._system = system

    def put(self, names: Iterable[tuple[str, Write]]) -> None:
        """Write new objects."""
        for name, write in names:
            with self._sink(name) as sink:
                write(sink)

    def _sink(self, name: str) -> pa.NativeFile:
        """Return where to write an object; a folder is made only where the file system wants one."""
        try:
            return self._system.open_output_stream(name)
        except FileNotFoundError:
            self._system.create_dir(name.rpartition("/")[0], recursive=True)
            return self._system.open_output_stream(name)

    def open(self, name: str) -> pa.NativeFile:
        """Return an object to read from any place."""
        return self._system.open_input_file(name)

    def replace(self, name: str, content: bytes) -> None:
        """Put an object over its older self."""
        self.put([(name, lambda sink: _ignore(sink.write(content)))])

    def read(self, name: str) -> bytes | None:
        """Return the whole of a small object."""
        try:
            with self._system.open_input_file(name) as source:
                return bytes(source.read())
        except FileNotFoundError:
            return None

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects."""
        for name in names:
            try:
                self._system.delete_file(name)
            except FileNotFoundError:
                continue

    def names(self) -> list[str]:
        """Return the names of all objects."""
        infos = self._system.get_file_info(pafs.FileSelector("", recursive=True, allow_not_found=True))
        return sorted(info.path for info in infos if info.is_file)


def _ignore(_: object) -> None:
    return None
