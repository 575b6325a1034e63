"""The verb by which observations come in.

Each row is accepted, or refused with its reason; what is refused does not hold up the rest. The key of an observation
is (sensor, at): the same value again is a duplicate, another value for the same key is refused. A row that is not newer
than what its sensor sent before is late: it is stored and not evaluated, so that the result does not depend on how the
stream is cut into batches.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, FiniteFloat, StringConstraints

from anlan.kernel.actions import Action, Args, BulkMark, Effect, Tx
from anlan.kernel.canonical import JSON, stamp
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
    """What became of the rows of a batch, in order of arrival; moments are text as the store keeps them."""

    new: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    newest: dict[str, dict[str, Any]] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    refused: list[dict[str, JSON]] = field(default_factory=list)
    duplicates: int = 0
    late: int = 0
    flagged: int = 0


@dataclass(frozen=True)
class _Known:
    """What is known before a batch: the sensors in reach with their newest observations, and what is stored already."""

    sensors: Mapping[str, Any]
    stored: Mapping[tuple[str, str], float | None]
    valid: Mapping[str, tuple[float, float]]
    horizon: datetime


def ingest(tx: Tx, args: Ingest) -> Effect:
    """Store what is new, evaluate the rules on it, and tell what became of every row."""
    most = int(tx.catalog.setting("ingest.max_batch"))
    if len(args.rows) > most:
        raise Invalid("observation.batch", at="args.rows", value=len(args.rows), params={"most": most})
    times = {at: stamp(at) for at in {row.at for row in args.rows}}
    known = _known(tx, args.rows, times)
    sifted = _Sifted()
    for number, row in enumerate(args.rows):
        rule = _sift(row, times[row.at], known, sifted)
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


def _sift(row: Row, at: str, known: _Known, sifted: _Sifted) -> str | None:
    """Put one row where it belongs; return the rule that it breaks, if any."""
    sensor = known.sensors.get(row.sensor)
    if sensor is None:
        return "observation.sensor"
    if row.at > known.horizon:
        return "observation.future"
    key = (row.sensor, at)
    if key in sifted.new or key in known.stored:
        before = sifted.new[key]["value"] if key in sifted.new else known.stored[key]
        if before != row.value:
            return "observation.conflict"
        sifted.duplicates += 1
        return None
    quality = _quality(row, known.valid[sensor.quantity])
    kept = {"sensor": row.sensor, "quantity": sensor.quantity, "at": at, "value": row.value, "quality": quality}
    sifted.new[key] = kept
    sifted.flagged += quality != "good"
    newest = sifted.newest.get(row.sensor)
    last, evaluated = (newest["at"], newest["evaluated_at"]) if newest else (sensor.last, sensor.evaluated)
    if last is not None and at <= last:
        sifted.late += 1
        return None
    if quality == "good" and row.value is not None:
        sifted.samples.append(Sample(row.sensor, row.at, row.value))
        evaluated = at
    sifted.newest[row.sensor] = kept | {"evaluated_at": evaluated}
    return None


def _quality(row: Row, valid: tuple[float, float]) -> str:
    if row.value is None:
        return "missing"
    low, high = valid
    return row.quality if low <= row.value <= high else "out_of_range"


def _text(column: sa.Column[Any]) -> sa.ColumnElement[str]:
    """Return a column of moments as the text it is: thousands of them need not be parsed and written again."""
    return sa.type_coerce(column, sa.String)


def _known(tx: Tx, rows: Sequence[Row], times: Mapping[datetime, str]) -> _Known:
    found: dict[str, Any] = {}
    told = (sensors.c.id, sensors.c.asset, sensors.c.asset_type, sensors.c.quantity, sensors.c.area)
    last, evaluated = _text(latest.c.at).label("last"), _text(latest.c.evaluated_at).label("evaluated")
    query = sa.select(*told, last, evaluated).join_from(sensors, latest, latest.c.sensor == sensors.c.id, isouter=True)
    for some in chunks(dict.fromkeys(row.sensor for row in rows)):
        reached = query.where(sensors.c.id.in_(some), tx.scope.where(sensors.c.area))
        found.update({row.id: row for row in tx.conn.execute(reached).all()})
    keys = ((row.sensor, times[row.at]) for row in rows if row.sensor in found)
    old = {(name, at) for name, at in keys if found[name].last is not None and at <= found[name].last}
    ahead = timedelta(seconds=float(tx.catalog.setting("ingest.max_future_s")))
    valid = {name: quantity.valid for name, quantity in tx.catalog.quantities.items()}
    return _Known(found, _stored(tx.conn, found, old), valid, tx.now + ahead)


def _stored(
    conn: sa.Connection, known: Mapping[str, Any], wanted: AbstractSet[tuple[str, str]]
) -> dict[tuple[str, str], float | None]:
    """Return the stored values of some keys; only a row that is not newer than its sensor's last can have one."""
    found: dict[tuple[str, str], float | None] = {}
    at, own = _text(observations.c.at), observations.c
    for quantity in {known[name].quantity for name, _ in wanted}:
        times = [moment for name, moment in wanted if known[name].quantity == quantity]
        span = (own.quantity == quantity, at.between(min(times), max(times)))
        for row in conn.execute(sa.select(own.sensor, at.label("at"), own.value).where(*span)):
            if (row.sensor, row.at) in wanted:
                found[row.sensor, row.at] = row.value
    return found


def _store(conn: sa.Connection, known: _Known, sifted: _Sifted) -> None:
    moment = sa.bindparam("at", type_=sa.String)
    if sifted.new:
        conn.execute(sa.insert(observations).values(at=moment), list(sifted.new.values()))
    columns: dict[str, Any] = {"at": moment, "evaluated_at": sa.bindparam("evaluated_at", type_=sa.String)}
    first = [row for name, row in sifted.newest.items() if known.sensors[name].last is None]
    again = [row | {"key": name} for name, row in sifted.newest.items() if known.sensors[name].last is not None]
    if first:
        conn.execute(sa.insert(latest).values(columns), first)
    if again:
        columns |= {name: sa.bindparam(name) for name in ("value", "quality")}
        conn.execute(sa.update(latest).where(latest.c.sensor == sa.bindparam("key")).values(columns), again)


ACTIONS = {"sense.ingest": Action("sense.ingest", Ingest, ingest, uses=frozenset(RULE_VERBS))}
