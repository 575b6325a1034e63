"""``anlan sense simulate``: what the instruments of a sector would tell, as a file."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anlan.catalog.texts import LANGUAGES, text
from anlan.cli.output import say, show_json
from anlan.kernel.canonical import plain

if TYPE_CHECKING:
    import pyarrow as pa

    from anlan.catalog.catalog import Catalog
    from anlan.city.city import City
    from anlan.sense.simulation import SectorRun

_AT_ONE_ASSET = 5  # neighbours, so that rules that count the sensors of one asset have something to count
_APART_DEG = 0.0005
_IN_A_LINE = 20


def at(given: str) -> datetime:
    """Return a moment of an option; it needs a zone."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(say("cli.sense.moment", value=given)) from None
    if moment.tzinfo is None:
        raise typer.BadParameter(say("cli.sense.moment", value=given))
    return moment


def simulate(
    sector: Annotated[str, typer.Argument(help="As in the catalog, such as gas.")],
    out: Annotated[Path, typer.Option("--out", help="CSV or Parquet to write.", dir_okay=False)],
    sensors: Annotated[int, typer.Option(min=1, help="Instruments of each kind of the sector.")] = 20,
    hours: Annotated[float, typer.Option(min=0.01, help="How long.")] = 24.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same file.")] = 1,
    start: Annotated[
        datetime | None,
        typer.Option(parser=at, metavar="MOMENT", help="ISO 8601 with a zone; so that it ends now if left out."),
    ] = None,
    events: Annotated[bool, typer.Option(help="Whether events befall them, as often as the kit says.")] = True,
    faults: Annotated[bool, typer.Option(help="Whether instruments fail, as often as the kit says.")] = True,
    over: Annotated[str, typer.Option("--over", help="Built-in content: cn, shanghai or songjiang.")] = "songjiang",
    registry: Annotated[
        Path | None, typer.Option(help="Also write the arguments of sensor.register for them.", dir_okay=False)
    ] = None,
    area: Annotated[str | None, typer.Option(help="Where they stand, for --registry.")] = None,
) -> None:
    """Write what the instruments of a sector would tell, in order of arrival; all of it is synthetic.

    Beside the file stands OUT.json: that it is synthetic, how it was made, and what befell which instrument when.
    """
    import numpy as np

    from anlan.catalog.catalog import builtin_layers, load_catalog
    from anlan.city.load import load_city
    from anlan.kernel.clock import RealClock
    from anlan.sense.simulation import simulate_sector
    from anlan.sense.stream.moments import micros
    from anlan.sense.stream.planning import utc_offset_s

    if out.suffix.lower() not in {".csv", ".parquet"}:
        raise typer.BadParameter(say("cli.sense.form", file=out, known="csv, parquet"), param_hint="--out")
    if registry is not None and area is None:
        raise typer.BadParameter(say("cli.sense.area"), param_hint="--area")
    catalog, city = load_catalog(*builtin_layers(over)), load_city()
    now = RealClock().now().replace(minute=0, second=0, microsecond=0)
    begin = start or now - timedelta(hours=hours)
    offset_s, rng = utc_offset_s(city, begin), np.random.default_rng(seed)
    given = (catalog, sector, sensors, micros(begin), hours * 3600, rng)
    runs = list(simulate_sector(*given, hazards=events, faults=faults, offset_s=offset_s))
    made = {"sector": sector, "seed": seed, "start": begin, "hours": hours, "sensors": sensors}
    told = {"synthetic": True, "made_by": "anlan sense simulate", **made, "events": events, "faults": faults}
    told |= {"policy": catalog.fingerprint, "kinds": {run.kind: len(run.run) for run in runs}}
    _write(runs, out, {name: str(value) for name, value in told.items()})
    labels = [_label(run, one) for run in runs for one in run.run.labels]
    _write_json(out.with_name(f"{out.name}.json"), {**told, "labels": labels})
    if registry is not None and area is not None:
        _write_json(registry, {"items": _registered(runs, catalog, city, area)})
    show_json({**told, "file": str(out), "rows": sum(len(run.run) for run in runs)})


def _write(runs: list["SectorRun"], out: Path, told: dict[str, str]) -> None:
    import pyarrow.csv as pacsv
    import pyarrow.parquet as pq

    table = _table(runs)
    if out.suffix.lower() == ".csv":
        pacsv.write_csv(table, out)
    else:
        pq.write_table(table.replace_schema_metadata(told), out, compression="zstd")


def _table(runs: list["SectorRun"]) -> "pa.Table":
    """Return all runs as one table in order of arrival: sensor, at, value."""
    import numpy as np
    import pyarrow as pa

    names = [name for run in runs for name in run.names]
    begins = np.cumsum([0, *(len(run.names) for run in runs)])
    sensor = np.concatenate([run.run.sensor + begin for run, begin in zip(runs, begins, strict=False)])
    order = np.argsort(np.concatenate([run.run.arrival_us for run in runs]), kind="stable")
    at_us = np.concatenate([run.run.time_us for run in runs])[order]
    value = np.concatenate([run.run.value for run in runs])[order]
    columns = {
        "sensor": pa.array(names, pa.string()).take(pa.array(sensor[order])),
        "at": pa.array(at_us, pa.timestamp("us", "UTC")),
        "value": pa.array(value, from_pandas=True),
    }
    return pa.table(columns)


def _label(run: "SectorRun", label: Any) -> dict[str, Any]:
    from anlan.sense.stream.moments import moment

    span = {"begins": moment(label.begin_us), "ends": moment(label.end_us)}
    return {"sensor": run.names[label.sensor], "name": label.name, "fault": label.is_fault, **span}


def _registered(runs: list["SectorRun"], catalog: "Catalog", city: "City", area: str) -> list[dict[str, Any]]:
    """Return the instruments as the registry wants them, side by side around the middle of an area."""
    lon, lat = _middle(city, area)
    items = []
    for line, run in enumerate(runs):
        kind = catalog.sensor_kinds[run.kind]
        quantity = catalog.quantities[run.quantity]
        for number, name in enumerate(run.names):
            place, row = number % _IN_A_LINE, line + len(runs) * (number // _IN_A_LINE)
            names = {
                f"name_{lang}": text("cli.sense.simulated", lang, kind=getattr(kind, lang), number=number)
                for lang in LANGUAGES
            }
            asset = f"sim-{kind.asset_types[0]}-{number // _AT_ONE_ASSET:05d}"
            known: dict[str, Any] = {"id": name, "asset": asset, "asset_type": kind.asset_types[0], "kind": run.kind}
            known |= {"quantity": run.quantity, "unit": quantity.unit, "area": area, "cadence_s": kind.cadence_s}
            known |= {"low": kind.valid[0], "high": kind.valid[1]}
            spot = {"lon": round(lon + place * _APART_DEG, 6), "lat": round(lat + row * _APART_DEG, 6)}
            items.append({**known, **spot, **names, "synthetic": True})
    return items


def _middle(city: "City", area: str) -> tuple[float, float]:
    """Return where the label of an area stands, or of the one above it that has a label."""
    found = city.area(area)
    while found.lon is None or found.lat is None:
        if found.parent is None:
            raise typer.BadParameter(area, param_hint="--area")
        found = city.area(found.parent)
    return found.lon, found.lat


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(plain(value), ensure_ascii=False, indent=1), encoding="utf-8")
