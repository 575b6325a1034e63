"""Road graphs and storm tracks, taken over from open data with their columns narrowed."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

STORMS = {"bebinca_2024": "2024254N10148", "in_fa_2021": "2021197N17135"}
_TRACK = (
    "time_utc,lon,lat,wmo_wind_kt,wmo_pressure_hpa,storm_speed_kt,storm_dir_deg,jtwc_wind_kt,jtwc_pressure_hpa,dist_km"
)


def graph(raw: Path, name: str) -> tuple[pa.Table, pa.Table]:
    """Return nodes and edges of a road graph, without what pandas wrote beside them."""
    nodes = pq.read_table(raw / f"roads/{name}_nodes.parquet").replace_schema_metadata(None)
    edges = pq.read_table(raw / f"roads/{name}_edges.parquet").replace_schema_metadata(None)
    return _plain(nodes), _plain(edges)


def _plain(table: pa.Table) -> pa.Table:
    fields = [pa.field(f.name, pa.string() if pa.types.is_large_string(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))


def streets(raw: Path) -> list[Any]:
    """Return the lines of both road graphs."""
    lines: list[Any] = []
    for name in ("expressway_skeleton", "center"):
        table = pq.read_table(raw / f"roads/{name}_edges.parquet", columns=["geometry"])
        lines.extend(shapely.from_wkb(table["geometry"].to_pylist()))
    return lines


def track(raw: Path, sid: str) -> str:
    """Return one storm's 6-hourly track as CSV; an unknown value is an empty field."""
    table = pq.read_table(raw / "hazards/typhoon_tracks_300km_1949_2025.parquet")
    rows = table.filter(pc.field("sid") == sid).sort_by("time").to_pylist()
    lines = [_TRACK]
    for row in rows:
        values = (
            row["time"].strftime("%Y-%m-%dT%H:%M:%SZ"), row["lon"], row["lat"], row["wmo_wind_kt"], row["wmo_pres_hpa"],
            row["storm_speed_kt"], row["storm_dir_deg"], row["jtwc_wind_kt"], row["jtwc_slp_hpa"], row["dist_km"],
        )  # fmt: skip
        lines.append(",".join("" if value is None else str(value) for value in values))
    return "\n".join(lines) + "\n"
