"""How the sources are doing: what the doors counted, beside what the station made of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from anlan.kernel.actions import Reader
from anlan.sense.doors.doors import Doors
from anlan.sense.doors.senders import Sender
from anlan.sense.doors.tally import UNKNOWN
from anlan.sense.doors.views import DoorView, SourceHealth, Sources, Totals, moment, state_of
from anlan.sense.stream.station import FOLDER, Station


def sources_of(doors: Doors, reader: Reader) -> Sources:
    """Return the sources in the reader's areas, the doors, and how far the log has been folded."""
    station = reader.part(Station)
    totals = _totals(station, doors.world.folder / FOLDER)  # asking for the log opens the station
    known = doors.senders.all()
    items = [
        _health(doors, reader, station, name, known.get(name))
        for name in sorted({*known, *doors.intake.tally.sources()})
        if reader.scope.covers(known[name].area if name in known else doors.world.city.root)
    ]
    states = [DoorView(**vars(state)) for state in doors.states]
    return Sources(items=items, doors=states, totals=totals)


def _health(doors: Doors, reader: Reader, station: Station, name: str, sender: Sender | None) -> SourceHealth:
    count, now_us = doors.intake.tally.of(name), doors.intake.now_us()
    judged: Mapping[str, int] = station.folded.counts.get(name, {})
    quiet_s = 60.0 * float(reader.catalog.setting("ingest.stale_min"))
    return SourceHealth(
        id=name,
        actor="" if sender is None else sender.source.actor,
        area=doors.world.city.root if sender is None else sender.area,
        door=count.door,
        adapter=None if sender is None else sender.mapping,
        messages=count.messages,
        rows=count.rows,
        bytes=count.bytes,
        refused=sum(count.refused.values()),
        refused_by_rule=dict(count.refused),
        held=count.held,
        late=None if name == UNKNOWN else judged.get("late", 0),
        duplicates=None if name == UNKNOWN else judged.get("duplicate", 0) + judged.get("conflict", 0),
        last_at=moment(count.last_at_us),
        last_received_at=moment(count.last_received_us),
        rate_per_s=round(count.rate(now_us), 3),
        quota_per_s=None if sender is None else sender.quota_per_s,
        state=state_of(count, now_us, quiet_s, sender is not None and doors.intake.must_wait(sender)),
        lag_s=count.lag_s,
    )


def _totals(station: Station, folder: Path) -> Totals:
    return Totals(
        end=station.log.end,
        applied=station.folded.position,
        history=station.history.covered,
        log_bytes=sum(_sizes(folder / "log")),
    )


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the sizes of files, those left out that go away meanwhile."""
    for path in folder.glob("*"):
        try:
            yield path.stat().st_size
        except FileNotFoundError:
            continue
