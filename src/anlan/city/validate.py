"""Checking a city package from its files, all faults at once: what ``anlan city validate`` runs."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from anlan.city import checks, shapes
from anlan.city.findings import Columns, Finding, Findings
from anlan.city.package import MANIFEST, Package, open_package
from anlan.kernel.errors import Invalid, NotFound

NOT_DATA = frozenset({MANIFEST, "PROVENANCE.md"})
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, pa.ArrowException, NotFound)
_FACTS = ("what", "source", "licence", "date", "synthetic", "sha256")


def validate(where: str | Path) -> list[Finding]:
    """Return every fault of a package, none where it is sound.

    Parameters
    ----------
    where
        Package folder, or the name of a built-in one.
    """
    try:
        package = open_package(where)
    except Invalid as error:
        return [Finding(MANIFEST, "", error.value, "city.rule.unreadable")]
    found = list(_guarded(MANIFEST, lambda: _manifest(package)))
    for file, check in _checks(package):
        found.extend(_guarded(file, check))
    return found


def _checks(package: Package) -> Sequence[tuple[str, Callable[[], Findings]]]:
    def table(name: str) -> Columns:
        return pq.read_table(package.path(name)).to_pydict()

    return (
        ("areas.parquet", lambda: checks.area_tree(table("areas.parquet"))),
        ("areas.parquet", lambda: checks.population(table("areas.parquet"))),
        ("areas.parquet", lambda: shapes.boundaries(table("areas.parquet"))),
        ("areas.parquet", lambda: shapes.overlaps(table("areas.parquet"))),
        ("areas.parquet", lambda: shapes.unions(table("areas.parquet"))),
        ("adjacency.parquet", lambda: checks.adjacency(table("adjacency.parquet"), table("areas.parquet"))),
        ("assets.parquet", lambda: checks.assets(table("assets.parquet"), table("areas.parquet"))),
        ("assets.parquet", lambda: shapes.places(table("assets.parquet"), table("areas.parquet"))),
        ("sensors.parquet", lambda: checks.sensors(table("sensors.parquet"), table("assets.parquet"))),
        ("towns.parquet", lambda: checks.towns(table("towns.parquet"), table("areas.parquet"))),
        *((f"roads/{name}_edges.parquet", lambda name=name: _roads(table, name)) for name in ("expressways", "center")),
        *((name, lambda name=name: _layer(package, name)) for name in package.files if name.startswith("layers/")),
    )


def _guarded(file: str, check: Callable[[], Findings]) -> Findings:
    """Run a check; a file that cannot be read, or lacks what the check needs, is a finding of its own."""
    try:
        yield from check()
    except _UNREADABLE as error:
        yield Finding(file, "", f"{type(error).__name__}: {error}", "city.rule.unreadable")


def _manifest(package: Package) -> Findings:
    present = {p.relative_to(package.root).as_posix() for p in package.root.rglob("*") if p.is_file()}
    for file in sorted(present - set(package.files) - NOT_DATA):
        yield Finding(MANIFEST, "", file, "city.rule.unlisted")
    for file, entry in package.files.items():
        for fact in _FACTS:
            if entry.get(fact) in (None, ""):
                yield Finding(MANIFEST, file, fact, "city.rule.fact_missing")
        if file not in present:
            yield Finding(MANIFEST, file, file, "city.rule.file_missing")
        elif hashlib.sha256((package.root / file).read_bytes()).hexdigest() != entry.get("sha256"):
            yield Finding(MANIFEST, file, entry.get("sha256"), "city.rule.digest")


def _roads(table: Callable[[str], Columns], name: str) -> Findings:
    return checks.roads(table(f"roads/{name}_nodes.parquet"), table(f"roads/{name}_edges.parquet"), name)


def _layer(package: Package, name: str) -> Findings:
    content = json.loads(package.path(name).read_bytes())
    if content.get("type") != "FeatureCollection" or not content.get("features"):
        yield Finding(name, "", content.get("type"), "city.rule.not_geojson")
