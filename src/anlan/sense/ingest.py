"""The verb by which people and drills hand in observations.

Instruments come through the doors (:mod:`anlan.sense.doors`), where an observation is a fact and not an act. What an
act hands in stands in the inbox, in the act's own transaction, until the station moves it to the log; from there on
both go the same way.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import sqlalchemy as sa
from pydantic import AwareDatetime, Field, FiniteFloat, StringConstraints

from anlan.kernel.actions import Action, Args, BulkMark, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Invalid
from anlan.sense.areas import act_area
from anlan.sense.model import inbox, sensors
from anlan.sense.sensors import chunks
from anlan.sense.stream.batch import GOOD, MISSING, SUSPECT, Batch
from anlan.sense.stream.moments import micros

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
    """Hand in a batch of observations; each row is [sensor, at, value] or [sensor, at, value, quality].

    With ``backfill`` they are kept in the history and no rule looks at them: for records of the past.
    """

    source: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    rows: Annotated[list[Row], Field(min_length=1), BulkMark()]
    backfill: bool = False


def ingest(tx: Tx, args: Ingest) -> Effect:
    """Take what can be taken, and tell what was refused and why, row by row."""
    most = int(tx.catalog.setting("ingest.max_batch"))
    if len(args.rows) > most:
        raise Invalid("observation.batch", at="args.rows", value=len(args.rows), params={"most": most})
    known = _known(tx, args.rows)
    horizon = tx.now + timedelta(seconds=float(tx.catalog.setting("ingest.max_future_s")))
    taken: list[Row] = []
    refused: list[dict[str, JSON]] = []
    for number, row in enumerate(args.rows):
        rule = _refusal(row, known, horizon)
        if rule is None:
            taken.append(row)
        else:
            refused.append({"row": number, "sensor": row.sensor, "rule": rule})
    if taken:
        batch = _batch(taken, known)
        row_ = {"seq": tx.seq, "source": args.source, "backfill": args.backfill, "packed": batch.packed()}
        tx.conn.execute(sa.insert(inbox).values(row_))
    data: dict[str, JSON] = {
        "source": args.source,
        "backfill": args.backfill,
        "accepted": len(taken),
        "refused": refused[:_REFUSALS_TOLD],
        "refused_count": len(refused),
    }
    return Effect(f"source:{args.source}", act_area(tx, {known[row.sensor].area for row in taken}), data)


def _refusal(row: Row, known: Mapping[str, Any], horizon: datetime) -> str | None:
    """Return the rule that a row breaks, if any."""
    if row.sensor not in known:
        return "observation.sensor"
    return "observation.future" if row.at > horizon else None


def _known(tx: Tx, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the sensors in reach, by name: number and area."""
    found: dict[str, Any] = {}
    query = sa.select(sensors.c.id, sensors.c.number, sensors.c.area).where(sensors.c.retired_at.is_(None))
    for some in chunks(dict.fromkeys(row.sensor for row in rows)):
        reached = query.where(sensors.c.id.in_(some), tx.scope.where(sensors.c.area))
        found.update({row.id: row for row in tx.conn.execute(reached).all()})
    return found


def _batch(rows: Sequence[Row], known: Mapping[str, Any]) -> Batch:
    codes = [MISSING if row.value is None else (GOOD if row.quality == "good" else SUSPECT) for row in rows]
    return Batch.of(
        [known[row.sensor].number for row in rows],
        [micros(row.at) for row in rows],
        [np.nan if row.value is None else row.value for row in rows],
        codes,
    )


ACTIONS = {"sense.ingest": Action("sense.ingest", Ingest, ingest)}
