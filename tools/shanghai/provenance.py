"""PROVENANCE.md: the manifest for people, with how the synthetic parts were made."""

from pathlib import Path

from shanghai.facilities import FACILITIES
from shanghai.gauges import WIND_STATIONS
from shanghai.package import Writer

_HEAD = """# Provenance of the Shanghai city package

Written by `tools/build_shanghai.py` (seed {seed}); do not edit by hand. `manifest.json` says the same for machines,
with sizes and SHA-256 digests. All coordinates are WGS 84 longitude and latitude. Confidence: V the text was read,
S secondary, G general knowledge of the author, P a proposal of Anlan.

Files marked ODbL-1.0 contain information from OpenStreetMap, © OpenStreetMap contributors, made available under the
Open Database License; a database derived from them must stay under it. The code of Anlan is not affected.

**Synthetic** means: made by a script with a seed so that the city can be tried as a whole. It must not be used to
protect anybody. Before real use, replace it with the city's own registers.

## Files

| file | rows | bytes | licence | synthetic | confidence | what | source | date |
|---|---|---|---|---|---|---|---|---|
"""

_HOW = """
## Boundaries

The towns' polygons were cleaned as one coverage (GEOS `CoverageCleaner`), so that neighbours share their borders
vertex by vertex; no area changed by more than 0.01 km². Districts are unions of their towns, the city of its
districts. Column `quality` keeps how each boundary was obtained; `approx_voronoi` (36 towns) is a guess inside a
true outer boundary. 62 committees belong to 17 zones and farms that have a code and no boundary (`zones.json`);
they hang on their district and have no population of their own, because the zones' residents are inside the
polygons of the towns around them.

## Population

District figures are the census of 2020. Towns share their district's figure by the number of committees, a
residents' committee counting 2.5 times a villagers', times area to the power 0.15; committees share their town's
figure by the same 2.5 to 1. Largest remainder, so that every level sums exactly. Column `population_synthetic` is
true for both.

## Assets

Totals are shared among towns by the weight named (people: residents; area; mixed: geometric mean of both; central:
workplace employment times its density to the power 0.3) and placed evenly inside the town. Names are the town's
name with a number. An elevator bank stands at each high-rise; a low spot carries its own ponding sensor. There are one
rain gauge and one water gauge to a town, {wind} wind stations in towns chosen by the root of their area. Three metro
stations of line 11 stand in Kunshan, outside the city; they belong to the city as a whole (`outside_city`).

| type | what | total | weight | anchor |
|---|---|---|---|---|
"""

_GROUND = """
## Terrain

`terrain.npz` holds `elevation_cm` (int16, north up, -32768 outside), `town` (int16, index into the towns in the
order of their codes, -1 outside) and `water` (one bit a cell, packed along rows); the grid stands in
`manifest.json`, cells of 100 m in EPSG:32651. The base is a spline through 29 hand-placed heights (G: 2.2 to 3.2 m
above Wusong datum in the west, 4 to 4.5 m along the eastern ridges), with noise of 0.20, 0.12 and 0.05 m at scales
of 2.5 km, 600 m and 150 m, streets 0.10 m lower, 16 waterways drawn by hand cut in by 1.8 m, low spots lowered by
0.25 to 0.9 m. Drain capacity of a town lies between 36 mm/h (one-year storm, old standard) and 58 mm/h (five-year
storm, present standard).
"""


def write(out: Path, writer: Writer) -> None:
    """Write the page beside the manifest."""
    files = [
        f"| {f['file']} | {f.get('rows', '')} | {f['bytes']} | {f['licence']} | {'yes' if f['synthetic'] else 'no'} | "
        f"{f['confidence']} | {f['what']}{'. ' + f['note'] if f.get('note') else ''} | {f['source']} | {f['date']} |\n"
        for f in sorted(writer.files, key=lambda f: str(f["file"]))
    ]
    kinds = [f"| {f.type} | {f.zh} {f.en} | {f.total} | {f.weight} | {f.anchor} |\n" for f in FACILITIES]
    parts = [_HEAD.format(seed=writer.seed), *files, _HOW.format(wind=WIND_STATIONS), *kinds, _GROUND]
    (out / "PROVENANCE.md").write_text("".join(parts), encoding="utf-8", newline="\n")
