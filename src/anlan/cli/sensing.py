"""``anlan sense``: observations from files and into files, and rules tried on what was observed."""

from collections import Counter
from datetime import datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from anlan.cli.output import language, require_world, say, show_json
from anlan.cli.replays import KINDS, entries, opened_after
from anlan.cli.simulating import at, simulate

if TYPE_CHECKING:
    from anlan.kernel.actions import Reader
    from anlan.sense.sensor_sheet import Fault
    from anlan.sense.trial import Trial

sense = typer.Typer(no_args_is_help=True, help="Observations, and rules tried on them.")
rules = typer.Typer(no_args_is_help=True, help="Rules that open alarms.")
sense.add_typer(rules, name="rules")
sense.command("simulate")(simulate)

Data = Annotated[Path, typer.Option("--data", help="Folder of the world.", exists=True, file_okay=False)]
User = Annotated[str, typer.Option("--as", help="User who acts or reads.")]
Since = Annotated[datetime, typer.Option(parser=at, metavar="MOMENT", help="ISO 8601 with a zone.")]
Until = Annotated[datetime, typer.Option(parser=at, metavar="MOMENT", help="ISO 8601 with a zone.")]
Area = Annotated[str | None, typer.Option(help="Code of an area; all that the user may see if left out.")]

_DAY_S = 86400
_TRIES = 3


class Form(StrEnum):
    """Forms in which the history is handed out."""

    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


@sense.command("ingest")
def ingest(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet with sensor, at, value.", exists=True, dir_okay=False)],
    data: Data,
    user: User,
    source: Annotated[str, typer.Option("--source", help="Under which name they are counted.")],
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Records of the past: kept in the history, seen by no rule.")
    ] = False,
) -> None:
    """Take a file of observations, or an export of the history, and tell what became of it.

    While a server has the same folder, what is taken waits in the inbox until the server moves it, and alarms are the
    server's. A clock of a drill is not stepped: see `anlan replay` for that.
    """
    import tempfile

    from anlan.cli.exported import as_doors_read
    from anlan.cli.handing import ByAct, Telling, sender_of
    from anlan.root import open_world
    from anlan.sense.doors.doors import Doors
    from anlan.sense.doors.files import take_file
    from anlan.sense.doors.intake import Intake
    from anlan.sense.doors.taker import Taker
    from anlan.sense.stream.station import Station

    world = open_world(require_world(data))
    actor, station, doors = world.actor(user), world.part(Station), world.part(Doors)
    sender, own = sender_of(world, actor, source), station.owner
    taker: Taker = station if own and not backfill else ByAct(world, actor, backfill=backfill)
    before = entries(world)
    with (
        tempfile.TemporaryDirectory() as folder,
        typer.progressbar(length=_rows_in(file), label=file.name, file=typer.get_text_stream("stderr")) as bar,
    ):

        def after(items: int) -> None:
            bar.update(items)
            if own:
                world.settle()

        intake = Intake(world.catalog, Telling(taker, after), world.clock, doors.letters)
        report = take_file(as_doors_read(file, Path(folder)), sender, intake)
    told: dict[str, Any] = {**report.plain(), "file": file.name, "refused_count": report.refused.total(), "folded": own}
    if own:
        counts = station.folded.counts.get(source, Counter())
        told |= {**{kind: counts[kind] for kind in KINDS}, "alarms_opened": opened_after(world, before)}
    world.close()
    show_json(told)
    if report.fault is not None:
        typer.echo(say("cli.sense.broken", file=file, fault=say(f"cli.sense.fault.{report.fault}")), err=True)
        raise typer.Exit(1)


def _rows_in(file: Path) -> int:
    """Return how many observations a file may hold, for the bar."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if file.suffix.lower() != ".parquet":
        with file.open("rb") as lines:
            return sum(block.count(b"\n") for block in iter(lambda: lines.read(1 << 22), b""))
    try:
        return pq.read_metadata(file).num_rows
    except pa.ArrowException:
        return 0


@sense.command("import-sensors")
def import_sensors(
    file: Annotated[Path, typer.Argument(help="CSV; the head line names the columns.", exists=True, dir_okay=False)],
    data: Data,
    user: User,
    check: Annotated[bool, typer.Option("--check", help="Tell what would be refused, and change nothing.")] = False,
    why: Annotated[str, typer.Option("--why", help="Reason, kept in the journal.")] = "",
) -> None:
    """Register the sensors of a file, or correct what is known of them; a line that does not hold is refused alone.

    Needed are id, asset, quantity, unit, area, lon, lat, name_zh and name_en; asset_type where the city does not know
    the asset; synthetic, kind, cadence_s, low, high, owner and calibrated_on may be there. A refusal tells its line,
    column, value and rule.
    """
    from anlan.cli.handing import register_sensors
    from anlan.root import open_world
    from anlan.sense.sensor_sheet import read_sheet

    world = open_world(require_world(data))
    sheet = read_sheet(file.read_bytes())
    told = register_sensors(world, world.actor(user), sheet, check=check, why=why)
    world.close()
    show_json({"file": str(file), "check": check, **told, "refused": [_fault(one) for one in sheet.faults]})
    if sheet.faults:
        raise typer.Exit(1)


def _fault(fault: "Fault") -> dict[str, Any]:
    told = say(fault.rule, value=fault.value, **fault.params)
    return {"line": fault.line, "column": fault.column, "value": fault.value, "rule": fault.rule, "detail": told}


@sense.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="File to write; what stands there is replaced.", dir_okay=False)],
    data: Data,
    user: User,
    since: Since,
    until: Until,
    form: Annotated[Form | None, typer.Option("--form", help="By the file's ending if left out.")] = None,
    area: Area = None,
    sensor: Annotated[list[str] | None, typer.Option("--sensor", help="Only this one; may repeat.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Observations at most.")] = None,
) -> None:
    """Write the history of a span, both ends included, into a file: sensor, at, value, quality, late."""
    from anlan.root import open_world

    chosen = form or next((one for one in Form if out.suffix.lower() == f".{one}"), None)
    if chosen is None:
        raise typer.BadParameter(say("cli.sense.form", file=out, known=", ".join(Form)), param_hint="--form")
    beside = out.with_name(f".{out.name}.new")
    for left in reversed(range(_TRIES)):
        world = open_world(require_world(data))
        try:
            with world.read(world.actor(user), "observation") as reader:
                size = _export(reader, beside, chosen.value, (since, until), area, sensor, limit)
            break
        except FileNotFoundError:  # the server that has this folder put other files in the place of those read
            if not left:
                raise
        finally:
            world.close()
    beside.replace(out)
    show_json({"file": str(out), "form": chosen.value, "bytes": size})


def _export(
    reader: "Reader",
    beside: Path,
    form: Literal["csv", "parquet", "arrow"],
    span: tuple[datetime, datetime],
    area: str | None,
    names: list[str] | None,
    limit: int | None,
) -> int:
    """Write what the reader may see, and return how many bytes that was."""
    import numpy as np

    from anlan.kernel.http import not_readable
    from anlan.sense import queries
    from anlan.sense.stream.moments import micros
    from anlan.sense.stream.station import Station

    if not reader.scope:
        raise not_readable(reader.actor, "observation")
    station = reader.part(Station)
    if names is None:
        numbers = np.flatnonzero(queries.in_reach(reader, area))
    else:
        numbers = np.array([queries.sensor(reader, name)["number"] for name in names])
    since, until = map(micros, span)
    pieces = station.history.export(form, station.registry.names, since, until, sensors=numbers, limit=limit)
    with beside.open("wb") as file:
        return sum(file.write(piece) for piece in pieces)


@sense.command("latest")
def latest(
    data: Data,
    user: User,
    area: Area = None,
    quantity: Annotated[str | None, typer.Option(help="Only sensors of this quantity.")] = None,
) -> None:
    """Print the newest observation of every sensor."""
    from anlan.kernel.http import not_readable
    from anlan.root import open_world
    from anlan.sense import queries

    world = open_world(require_world(data))
    with world.read(world.actor(user), "sensor") as reader:
        if not reader.scope:
            raise not_readable(reader.actor, "sensor")
        shown = ("quantity", "at", "value", "unit", "quality", "synthetic")
        rows = queries.sensor_list(reader, quantity=quantity, area=area)
        items = [{"sensor": row["id"], **{name: row[name] for name in shown}} for row in rows]
    world.close()
    show_json({"items": items})


@rules.command("try")
def try_rules(
    file: Annotated[Path, typer.Argument(help="Policy with sensor_rules.", exists=True, dir_okay=False)],
    data: Data,
    user: User,
    since: Since,
    until: Until,
    area: Area = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Lay a file over the world's policy, and tell which alarms its rules would have opened; nothing is changed."""
    from anlan.kernel.http import not_readable
    from anlan.root import WorldFile, open_world
    from anlan.sense.stream.planning import utc_offset_s
    from anlan.sense.trial import try_rule

    bodies = _bodies(file, WorldFile.read(require_world(data)).policy)
    world = open_world(data)
    with world.read(world.actor(user), "observation") as reader:
        if not reader.scope:
            raise not_readable(reader.actor, "observation")
        trials = {name: try_rule(reader, body, since, until, area) for name, body in bodies.items()}
    zone = timezone(timedelta(seconds=utc_offset_s(world.city, until)))
    world.close()
    days = (until - since).total_seconds() / _DAY_S
    if as_json:
        show_json({"items": [_plain(name, trial, days) for name, trial in trials.items()]})
        return
    for name, trial in trials.items():
        _print(name, trial, days, zone)


def _bodies(file: Path, policy: str) -> dict[str, dict[str, Any]]:
    """Return the rules that a file makes or changes, as they are over the policy; end with its faults, if any."""
    from anlan.catalog.catalog import builtin_layers, check
    from anlan.catalog.layers import gather

    base = builtin_layers(policy)
    if faults := check([file], base=base):
        for fault in faults:
            typer.echo(fault.say(language()), err=True)
        raise typer.Exit(1)
    named = gather((file,))[0]["sensor_rules"]
    drafts = gather((*base, file))[0]["sensor_rules"]
    if not named:
        typer.echo(say("cli.sense.no_rule", file=file), err=True)
        raise typer.Exit(2)
    return {name: drafts[name].value() for name in named}


def _plain(name: str, trial: "Trial", days: float) -> dict[str, Any]:
    told = {"rule": name, "count": len(trial.alarms), "per_day": round(len(trial.alarms) / days, 3)}
    shown = {"sensors": trial.sensors, "samples": trial.samples, "truncated": trial.truncated}
    return {**told, **shown, "alarms": [vars(alarm) for alarm in trial.alarms]}


def _print(name: str, trial: "Trial", days: float, zone: tzinfo) -> None:
    count = len(trial.alarms)
    counts = {"count": count, "sensors": trial.sensors, "samples": trial.samples, "days": f"{days:g}"}
    typer.echo(say("cli.sense.tried", rule=name, per_day=f"{count / days:.2f}", **counts))
    for alarm in trial.alarms:
        since, until = (
            "…" if one is None else one.astimezone(zone).isoformat(timespec="seconds")
            for one in (alarm.since, alarm.until)
        )
        typer.echo(f"  {since}  {until:25}  {alarm.worst:6}  {alarm.value:10.4g}  {alarm.subject}")
    if trial.truncated:
        typer.echo(say("cli.sense.truncated"))
