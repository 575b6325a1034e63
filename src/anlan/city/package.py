"""A city package: a folder of data files with a manifest that names each file's source, licence and digest."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from anlan.kernel.errors import Invalid, NotFound

MANIFEST = "manifest.json"
BUILTIN = Path(__file__).with_name("packages")


@dataclass(frozen=True)
class Package:
    """A package folder and its manifest."""

    root: Path
    manifest: Mapping[str, Any]

    @cached_property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """Manifest entries by file name."""
        return MappingProxyType({entry["file"]: entry for entry in self.manifest["files"]})

    @property
    def root_code(self) -> str:
        """Code of the whole city."""
        return str(self.manifest["city"])

    @property
    def crs(self) -> str:
        """Metric coordinate reference system that lengths and grids use."""
        return str(self.manifest["crs"])

    @property
    def timezone(self) -> str:
        """IANA name of the city's zone."""
        return str(self.manifest["timezone"])

    def path(self, name: str) -> Path:
        """Return the path of a file that the manifest lists.

        Raises
        ------
        NotFound
            ``city.file.unknown`` where the manifest does not list it.
        """
        if name not in self.files:
            raise NotFound("city.file.unknown", value=name)
        return self.root / name

    def json(self, name: str) -> Any:
        """Return a JSON file's content."""
        return json.loads(self.path(name).read_bytes())

    def credits(self) -> Sequence[str]:
        """Return the notices that a map made from this package must show."""
        return sorted({entry["attribution"] for entry in self.manifest["files"] if "attribution" in entry})


def open_package(where: str | Path) -> Package:
    """Open a package by folder, or a built-in one by name (``"shanghai"``).

    Raises
    ------
    Invalid
        ``city.package.unreadable`` where there is no folder with a readable manifest.
    """
    root = BUILTIN / where if isinstance(where, str) and (BUILTIN / where).is_dir() else Path(where)
    try:
        manifest = _checked(json.loads((root / MANIFEST).read_bytes()))
    except (OSError, ValueError) as error:
        raise Invalid("city.package.unreadable", value=str(root), params={"reason": str(error)}) from error
    return Package(root, MappingProxyType(manifest))


_NEEDED = ("city", "crs", "timezone", "files")


def _checked(manifest: Any) -> dict[str, Any]:
    """Return a manifest that has the form of one; each of its files lies in the package's folder."""
    if not isinstance(manifest, dict) or any(key not in manifest for key in _NEEDED):
        raise ValueError(f"not an object with {', '.join(_NEEDED)}")
    if not isinstance(manifest["files"], list):
        raise ValueError("files: not a list")  # a fault of the data, not of the program
    for entry in manifest["files"]:
        name = entry.get("file") if isinstance(entry, dict) else None
        if not isinstance(name, str) or Path(name).is_absolute() or ".." in Path(name).parts:
            raise ValueError(f"files: {name!r} names no file of the folder")
    return manifest
