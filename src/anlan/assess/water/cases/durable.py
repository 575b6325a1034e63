"""Files that are whole or not there: written beside their place, made durable, and put into it in one step."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from anlan.kernel.errors import Conflict

CHECKPOINT = "checkpoint.npz"
_HEAD = "head"


def replaced(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` make a file beside its place, and put it there."""
    fresh = fresh_of(path)
    write(fresh)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def fresh_of(path: Path) -> Path:
    """Return where a file is written before it is put into its place."""
    return path.with_name(f"{path.stem}.new{path.suffix}")


@dataclass(frozen=True)
class Kept:
    """A checkpoint: of which case it is, and the arrays of the simulation."""

    case: str
    arrays: Mapping[str, npt.NDArray[Any]]


def write_checkpoint(folder: Path, kept: Kept) -> None:
    """Put a checkpoint in the place of the one before."""
    head = np.frombuffer(json.dumps({"case": kept.case}).encode(), np.uint8)

    def write(path: Path) -> None:
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, **{_HEAD: head}, **kept.arrays)

    replaced(folder / CHECKPOINT, write)


def clear_checkpoint(folder: Path) -> None:
    """Let the checkpoint go, and what a killed process left of its next one."""
    for path in (folder / CHECKPOINT, fresh_of(folder / CHECKPOINT)):
        path.unlink(missing_ok=True)


def read_checkpoint(folder: Path) -> Kept | None:
    """Return the last checkpoint; None if there is none.

    Raises
    ------
    Conflict
        If it cannot be read.
    """
    path = folder / CHECKPOINT
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        head = json.loads(arrays.pop(_HEAD).tobytes())
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise Conflict("flood.checkpoint_unreadable", at=str(path), value=str(error)) from None
    return Kept(str(head["case"]), arrays)
