"""The verb by which observations come in.

Each row is accepted, or refused with its reason; what is refused does not hold up the rest. The key of an observation
is (sensor, at): the same value again is a duplicate, another value for the same key is refused. A row that is not newer
than what its sensor sent before is late: it is stored and not evaluated, so that the result does not depend on how the
stream is cut into batches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, FiniteFloat, StringConstraints

from anlan.kernel.actions import Action, Args, BulkMark, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Invalid
from anlan.sense.alarms import RULE_VERBS
from anlan.sense.areas import act_area
from anlan.sense.model import latest, observations, sensors
from anlan.sense.watch import Sample, chunks, watch

Quality = Literal["good", "suspect"]
"""What the sender says of a value; this house adds ``missing`` and ``out_of_range``."""

_REFUSALS_TOLD = 100


class Row(NamedTuple):
    """One observation: sensor, moment, value (None: the instrument has none), quality."""

    sensor: Annotated[str, StringConstraints(max_length=120)]
    at: AwareDatetime
    value: FiniteFloat | None
    quality: Quality = "good"


class Ingest(Args):
    """Take in a batch of observations; each row is [sensor, at, value] or [sensor, at, value, quality]."""

    source: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    rows: Annotated[list[Row], Field(min_length=1), BulkMark()]


@dataclass
class _Sifted:
    """What became of the rows of a batch, in order of arrival."""

    new: dict[tuple[str, datetime], dict[str, Any]] = field(default_factory=dict)
    newest: dict[str, dict[str, Any]] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    refused: list[dict[str, JSON]] = field(default_factory=list)
    duplicates: int = 0
    late: int = 0
    flagged: int = 0


@dataclass(frozen=True)
class _Known:
    """What is known before a batch: the sensors in reach, their newest observations, what is stored already."""

    sensors: Mapping[str, Any]
    last: Mapping[str, datetime]
    stored: Mapping[tuple[str, datetime], float | None]
    valid: Mapping[str, tuple[float, float]]
    horizon: datetime


def ingest(tx: Tx, args: Ingest) -> Effect:
    """Store what is new, evaluate the rules on it, and tell what became of every row."""
    most = int(tx.catalog.setting("ingest.max_batch"))
    if len(args.rows) > most:
        raise Invalid("observation.batch", at="args.rows", value=len(args.rows), params={"most": most})
    known = _known(tx, args.rows)
    sifted = _Sifted()
    for number, row in enumerate(args.rows):
        rule = _sift(row, known, sifted)
        if rule is not None:
            sifted.refused.append({"row": number, "sensor": row.sensor, "rule": rule})
    _store(tx.conn, known, sifted)
    opened = watch(tx, sifted.samples, known.sensors) if sifted.samples else []
    touched = {known.sensors[name].area for name, _ in sifted.new}
    data: dict[str, JSON] = {
        "source": args.source,
        "accepted": len(sifted.new),
        "refused": sifted.refused[:_REFUSALS_TOLD],
        "refused_count": len(sifted.refused),
        "duplicates": sifted.duplicates,
        "late": sifted.late,
        "flagged": sifted.flagged,
        "alarms_opened": opened,
    }
    return Effect(f"source:{args.source}", act_area(tx, touched), data)


def _sift(row: Row, known: _Known, sifted: _Sifted) -> str | None:
    """Put one row where it belongs; return the rule that it breaks, if any."""
    sensor = known.sensors.get(row.sensor)
    if sensor is None:
        return "observation.sensor"
    if row.at > known.horizon:
        return "observation.future"
    key = (row.sensor, row.at)
    if key in sifted.new or key in known.stored:
        before = sifted.new[key]["value"] if key in sifted.new else known.stored[key]
        if before != row.value:
            return "observation.conflict"
        sifted.duplicates += 1
        return None
    quality = _quality(row, known.valid[sensor.quantity])
    kept = {"sensor": row.sensor, "at": row.at, "value": row.value, "quality": quality}
    sifted.new[key] = kept
    sifted.flagged += quality != "good"
    newest = sifted.newest.get(row.sensor)
    last = newest["at"] if newest else known.last.get(row.sensor)
    if last is not None and row.at <= last:
        sifted.late += 1
        return None
    sifted.newest[row.sensor] = kept
    if quality == "good" and row.value is not None:
        sifted.samples.append(Sample(row.sensor, row.at, row.value))
    return None


def _quality(row: Row, valid: tuple[float, float]) -> str:
    if row.value is None:
        return "missing"
    low, high = valid
    return row.quality if low <= row.value <= high else "out_of_range"


def _known(tx: Tx, rows: Sequence[Row]) -> _Known:
    names = dict.fromkeys(row.sensor for row in rows)
    found: dict[str, Any] = {}
    last: dict[str, datetime] = {}
    told = (sensors.c.id, sensors.c.asset, sensors.c.asset_type, sensors.c.quantity, sensors.c.area)
    last_at = sa.type_coerce(latest.c.at, sa.String).label("last")  # thousands of moments: read as text, parsed once
    for some in chunks(names):
        query = sa.select(*told, last_at).join_from(sensors, latest, latest.c.sensor == sensors.c.id, isouter=True)
        for row in tx.conn.execute(query.where(sensors.c.id.in_(some))):
            if tx.scope.covers(row.area):
                found[row.id] = row
                if row.last is not None:
                    last[row.id] = datetime.fromisoformat(row.last)
    old = [row for row in rows if row.sensor in last and row.at <= last[row.sensor]]
    ahead = timedelta(seconds=float(tx.catalog.setting("ingest.max_future_s")))
    valid = {name: quantity.valid for name, quantity in tx.catalog.quantities.items()}
    return _Known(found, last, _stored(tx.conn, old), valid, tx.now + ahead)


def _stored(conn: sa.Connection, rows: Sequence[Row]) -> dict[tuple[str, datetime], float | None]:
    """Return the stored values of some keys; only a row that is not newer than its sensor's last can have one."""
    wanted = {(row.sensor, row.at) for row in rows}
    found: dict[tuple[str, datetime], float | None] = {}
    for some in chunks({name for name, _ in wanted}):
        times = [at for name, at in wanted if name in set(some)]
        query = sa.select(observations.c.sensor, observations.c.at, observations.c.value).where(
            observations.c.sensor.in_(some), observations.c.at.between(min(times), max(times))
        )
        for row in conn.execute(query):
            if (row.sensor, row.at) in wanted:
                found[row.sensor, row.at] = row.value
    return found


def _store(conn: sa.Connection, known: _Known, sifted: _Sifted) -> None:
    if sifted.new:
        conn.execute(sa.insert(observations), list(sifted.new.values()))
    first = [row for name, row in sifted.newest.items() if name not in known.last]
    again = [row | {"key": name} for name, row in sifted.newest.items() if name in known.last]
    if first:
        conn.execute(sa.insert(latest), first)
    if again:
        columns: dict[str, Any] = {name: sa.bindparam(name) for name in ("at", "value", "quality")}
        conn.execute(sa.update(latest).where(latest.c.sensor == sa.bindparam("key")).values(columns), again)


ACTIONS = {"sense.ingest": Action("sense.ingest", Ingest, ingest, uses=frozenset(RULE_VERBS))}
