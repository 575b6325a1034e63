"""Writing the package: every file with its source, licence, date, size and digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

OSM = "ODbL-1.0"
OWN = "Apache-2.0"


@dataclass(frozen=True)
class Origin:
    """Where a file's content came from."""

    what: str
    source: str
    licence: str
    date: str
    synthetic: bool
    confidence: str = "S"
    attribution: str = ""
    note: str = ""


@dataclass
class Writer:
    """Writes files into a package folder and remembers what it wrote."""

    out: Path
    seed: int
    files: list[dict[str, Any]] = field(default_factory=list)

    def table(self, name: str, table: pa.Table, origin: Origin) -> None:
        """Write a table as Parquet (zstd), with nothing in it that changes from run to run."""
        path = self._path(name)
        pq.write_table(table, path, compression="zstd", compression_level=19, write_statistics=False)
        self._record(name, origin, table.num_rows)

    def text(self, name: str, text: str, origin: Origin, rows: int | None = None) -> None:
        """Write a text file."""
        self._path(name).write_text(text, encoding="utf-8", newline="\n")
        self._record(name, origin, rows)

    def json(self, name: str, value: Any, origin: Origin, rows: int | None = None) -> None:
        """Write a JSON file without spaces."""
        self.text(name, json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", origin, rows)

    def arrays(self, name: str, arrays: Mapping[str, npt.NDArray[Any]], origin: Origin) -> None:
        """Write NumPy arrays, compressed; the archive carries no times."""
        np.savez_compressed(self._path(name), **arrays)  # type: ignore[arg-type]  # the stub takes any name for allow_pickle
        self._record(name, origin, None)

    def finish(self, about: dict[str, Any]) -> None:
        """Write ``manifest.json``."""
        manifest = {**about, "seed": self.seed, "files": sorted(self.files, key=lambda file: file["file"])}
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        (self.out / "manifest.json").write_text(text, encoding="utf-8", newline="\n")

    def _path(self, name: str) -> Path:
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _record(self, name: str, origin: Origin, rows: int | None) -> None:
        data = (self.out / name).read_bytes()
        entry: dict[str, Any] = {"file": name, **{k: v for k, v in asdict(origin).items() if v != ""}}
        if rows is not None:
            entry["rows"] = rows
        self.files.append({**entry, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
