"""Build the Shanghai city package: ``python tools/build_shanghai.py --raw DIR [--out DIR] [--seed N]``.

``DIR`` holds the open data listed in the package's PROVENANCE.md. The same data and seed give the same bytes.
"""

import argparse
from pathlib import Path

from shanghai import areas, origins
from shanghai.package import Writer

OUT = Path(__file__).parents[1] / "src/anlan/city/packages/shanghai"


def build(raw: Path, out: Path, seed: int) -> None:
    """Write the whole package."""
    writer = Writer(out, seed)
    rows = areas.build_areas(raw)
    writer.table("areas.parquet", areas.to_table(rows), origins.AREAS)
    writer.table("adjacency.parquet", areas.adjacency(raw), origins.ADJACENCY)
    writer.json("zones.json", {"zones": areas.zones(raw)}, origins.ZONES)
    writer.finish(origins.ABOUT)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder with the open data")
    parser.add_argument("--out", type=Path, default=OUT, help="package folder to write")
    parser.add_argument("--seed", type=int, default=2024, help="seed of everything synthetic")
    given = parser.parse_args()
    build(given.raw, given.out, given.seed)


if __name__ == "__main__":
    main()
