"""``anlan replay``: a file of recorded observations, played into a world."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anlan.cli.output import require_world, show_json

if TYPE_CHECKING:
    from anlan.kernel.access import Actor
    from anlan.kernel.actions import Outcome
    from anlan.kernel.world import World

_TOLD = ("accepted", "refused_count")
KINDS = ("late", "duplicate", "conflict", "unusable")
"""What the station counts of what it was handed, by source."""


def replay(
    recording: Annotated[Path, typer.Argument(help="CSV or Parquet: sensor, at, value.", exists=True, dir_okay=False)],
    data: Annotated[Path, typer.Option("--data", help="Folder of the world.", exists=True, file_okay=False)],
    user: Annotated[str, typer.Option("--as", help="User whose sensors they are.")],
    step_s: Annotated[int, typer.Option("--step", min=1, help="Seconds of observations in one batch.")] = 600,
) -> None:
    """Hand in recorded observations in order of time, and tell what became of them.

    In a drill the clock is stepped along with the recording, so that alarms and reactions come at their own time.
    """
    from anlan.kernel.clock import SimClock
    from anlan.root import open_world
    from anlan.sense.replay import batches, read_recording
    from anlan.sense.stream.station import Station

    table = read_recording(recording)
    world = open_world(require_world(data))
    actor = world.actor(user)
    totals: Counter[str] = Counter()
    source = f"replay:{recording.name}"
    before = entries(world)
    with typer.progressbar(length=table.num_rows, label=recording.name, file=typer.get_text_stream("stderr")) as bar:
        for batch in batches(table, timedelta(seconds=step_s)):
            if isinstance(world.clock, SimClock):
                world.advance(batch.until)
            for done in hand_in(world, actor, source, batch.rows):
                told = {name: int(str(done.data[name])) for name in _TOLD}
                totals.update(told)
                bar.update(sum(told.values()))
            world.settle()
    counts = world.part(Station).folded.counts.get(source, Counter())
    opened = opened_after(world, before)
    world.close()
    show_json({"rows": table.num_rows, **totals, **{kind: counts[kind] for kind in KINDS}, "alarms_opened": opened})


def hand_in(
    world: "World", actor: "Actor", source: str, rows: Sequence[Any], *, backfill: bool = False
) -> Iterator["Outcome"]:
    """Hand in rows by the verb, in as many acts as policy asks for, and yield what came of each."""
    most = int(world.catalog.setting("ingest.max_batch"))
    for start in range(0, len(rows), most):
        args = {"source": source, "rows": rows[start : start + most], "backfill": backfill}
        yield world.act(actor, "sense.ingest", args)


def entries(world: "World") -> int:
    """Return how many entries the journal has."""
    from anlan.kernel.journal import tree_state

    with world.store.read() as conn:
        return tree_state(conn).size


def opened_after(world: "World", after: int) -> list[str]:
    """Return the alarms that were opened behind an entry of the journal."""
    import sqlalchemy as sa

    from anlan.kernel.tables import journal

    with world.store.read() as conn:
        query = sa.select(journal.c.subject).where(journal.c.seq > after, journal.c.verb == "alarm.open")
        return list(conn.scalars(query.order_by(journal.c.seq)))
