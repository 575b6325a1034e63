"""``anlan replay``: a file of recorded observations, played into a world."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from anlan.cli.output import require_world, show_json

_TOLD = ("accepted", "refused_count", "duplicates", "late", "flagged")


def replay(
    recording: Annotated[Path, typer.Argument(help="CSV or Parquet: sensor, at, value.", exists=True, dir_okay=False)],
    data: Annotated[Path, typer.Option("--data", help="Folder of the world.", exists=True, file_okay=False)],
    user: Annotated[str, typer.Option("--as", help="User whose sensors they are.")],
    step_s: Annotated[int, typer.Option("--step", min=1, help="Seconds of observations in one batch.")] = 600,
) -> None:
    """Ingest recorded observations in order of time, and tell what became of them.

    In a drill the clock is stepped along with the recording, so that alarms and reactions come at their own time.
    """
    from anlan.kernel.clock import SimClock
    from anlan.root import open_world
    from anlan.sense.replay import batches, read_recording

    table = read_recording(recording)
    world = open_world(require_world(data))
    actor, most = world.actor(user), int(world.catalog.setting("ingest.max_batch"))
    totals: Counter[str] = Counter()
    opened: list[Any] = []
    with typer.progressbar(length=table.num_rows, label=recording.name, file=typer.get_text_stream("stderr")) as bar:
        for batch in batches(table, timedelta(seconds=step_s)):
            if isinstance(world.clock, SimClock):
                world.advance(batch.until)
            for start in range(0, len(batch.rows), most):
                rows = batch.rows[start : start + most]
                done = world.act(actor, "sense.ingest", {"source": f"replay:{recording.name}", "rows": rows})
                totals.update({name: done.data[name] for name in _TOLD})
                opened += done.data["alarms_opened"]
                bar.update(len(rows))
            world.settle()
    world.close()
    show_json({"rows": table.num_rows, **totals, "alarms_opened": opened})
