"""Build the Shanghai city package: ``python tools/build_shanghai.py --raw DIR [--out DIR] [--seed N]``.

``DIR`` holds the open data listed in the package's PROVENANCE.md. The same data and seed give the same bytes.
"""

import argparse
from dataclasses import asdict, replace
from pathlib import Path

from shanghai import areas, assets, gauges, layers, networks, origins, provenance, terrain, waters
from shanghai.package import Writer

from anlan.city import bluespots

OUT = Path(__file__).parents[1] / "src/anlan/city/packages/shanghai"


def build(raw: Path, out: Path, seed: int) -> None:
    """Write the whole package."""
    writer = Writer(out, seed)
    rows = areas.build_areas(raw)
    districts = [row for row in rows if row.level == "district"]
    towns = [row for row in rows if row.level == "town"]
    _areas(writer, raw, rows)
    grid = _assets_and_ground(writer, raw, districts, towns, seed)
    _roads(writer, raw)
    _layers(writer, raw, districts, towns)
    for name, sid in networks.STORMS.items():
        track = networks.track(raw, sid)
        writer.text(f"hazards/track_{name}.csv", track, origins.TRACKS, track.count("\n") - 1)
    writer.finish({**origins.ABOUT, "grid": asdict(grid), "bluespots": {"least_depth_m": terrain.LEAST_DEPTH_M}})
    provenance.write(out, writer)


def _areas(writer: Writer, raw: Path, rows: list[areas.Row]) -> None:
    writer.table("areas.parquet", areas.to_table(rows), origins.AREAS)
    writer.table("adjacency.parquet", areas.adjacency(raw), origins.ADJACENCY)
    zones = areas.zones(raw)
    writer.json("zones.json", {"zones": zones}, origins.ZONES, len(zones))


def _assets_and_ground(
    writer: Writer, raw: Path, districts: list[areas.Row], towns: list[areas.Row], seed: int
) -> terrain.Grid:
    made = assets.facilities(towns, districts, seed)
    lows = [asset for asset in made if asset.type == "underpass"]
    ground = terrain.build(towns, networks.streets(raw), lows, seed)
    terrain.low_points(ground, lows)
    made += [*assets.metro_stations(raw, towns), *assets.elevators(made), *gauges.gauges(towns, seed)]
    writer.table("assets.parquet", assets.to_table(made), origins.ASSETS)
    writer.table("sensors.parquet", gauges.sensors(made), origins.SENSORS)
    writer.arrays("terrain.npz", terrain.arrays(ground), origins.TERRAIN)
    writer.arrays(bluespots.FILE, bluespots.pack(terrain.bluespots(ground)), origins.BLUESPOTS)
    writer.table("towns.parquet", terrain.hydrology(towns, ground, seed), origins.TOWNS)
    return ground.grid


def _roads(writer: Writer, raw: Path) -> None:
    sources = {"expressway_skeleton": ("expressways", origins.EXPRESSWAYS), "center": ("center", origins.CENTER)}
    for given, (name, origin) in sources.items():
        nodes, edges = networks.graph(raw, given)
        writer.table(f"roads/{name}_nodes.parquet", nodes, origin)
        writer.table(f"roads/{name}_edges.parquet", edges, origin)


def _layers(writer: Writer, raw: Path, districts: list[areas.Row], towns: list[areas.Row]) -> None:
    roads = replace(origins.EXPRESSWAYS, what="expressways and elevated roads for the map, simplified")
    made = (
        ("districts", layers.districts(districts, towns), origins.BORDERS_LAYER),
        ("towns", layers.towns(towns), origins.BORDERS_LAYER),
        ("city_land", layers.city_land(raw), origins.LAND_LAYER),
        ("metro_lines", layers.metro_lines(raw), origins.METRO_LAYER),
        ("expressways", layers.expressways(raw), roads),
        ("waterways", waters.features(), origins.WATER_LAYER),
    )
    for name, content, origin in made:
        writer.json(f"layers/{name}.geojson", content, origin, len(content["features"]))


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
