"""What the station remembers, written down from time to time, so that a restart need not fold the whole log."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

NAME = "checkpoint.npz"
_HEAD = "head"


@dataclass(frozen=True)
class Checkpoint:
    """The state after all records below a position.

    Attributes
    ----------
    position : int
        The next record to fold.
    facts : mapping
        Plain values: the plan change it knows, the newest tick, the newest inbox entry.
    arrays : mapping of arrays
    """

    position: int
    facts: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[Any]]


def write(folder: Path, checkpoint: Checkpoint) -> None:
    """Write it beside the old one, make it durable, and put it in the old one's place."""
    fresh = folder / f"{NAME}.new"
    head = json.dumps({"position": checkpoint.position, **checkpoint.facts}).encode()
    with fresh.open("wb") as file:
        np.savez(file, allow_pickle=False, **{_HEAD: np.frombuffer(head, np.uint8)}, **checkpoint.arrays)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def read(folder: Path) -> Checkpoint | None:
    """Return the last one; None if there is none, or one that cannot be read: the log tells it all again."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
    except (OSError, ValueError, BadZipFile):
        return None
    head = json.loads(arrays.pop(_HEAD).tobytes())
    return Checkpoint(int(head.pop("position")), head, arrays)
