"""Verbs of incidents: opened when learnt of, graded by what they did, closed."""

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import EventLevel
from anlan.catalog.texts import text
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.respond import levels
from anlan.respond.due import drop_waiting, owe_first
from anlan.respond.model import IncidentState, gradings, incidents

IncidentId = Annotated[str, StringConstraints(max_length=40)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Count = Annotated[int, Field(ge=0)]


class Consequences(Args):
    """What an incident has done so far; what is not known is left out."""

    deaths: Count | None = None
    missing: Count | None = None
    serious_injuries: Count | None = None
    minor_injuries: Count | None = None
    trapped: Count | None = None
    moved: Count | None = None
    direct_loss_cny: Annotated[float, Field(ge=0)] | None = None
    metrics: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict, description="others of a scale")

    def known(self) -> dict[str, float]:
        """Return those that are known, by the names that the catalog's scales use."""
        given = self.model_dump(exclude={"metrics"}, exclude_none=True)
        return {name: value for name, value in given.items() if name in Consequences.model_fields} | self.metrics


class OpenIncident(Consequences):
    """Open an incident from the moment that somebody learnt of it; its first report falls due from then."""

    event_type: str
    area: AreaCode
    title_zh: Title | None = None
    title_en: Title | None = None
    level: EventLevel | None = None
    occurred: AwareDatetime | None = None
    received: AwareDatetime | None = Field(default=None, description="when we learnt of it; now where not given")
    place: Annotated[str, StringConstraints(max_length=500)] = ""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    source: Annotated[str, StringConstraints(max_length=500)] = ""
    detail: str = ""
    warning: Annotated[str, StringConstraints(max_length=40)] | None = None


def open_incident(tx: Tx, args: OpenIncident) -> Effect:
    """Open it, or point to the one that is open already for the same type and area if a warning leads to it."""
    tx.require(args.area)
    level = levels.decide(tx.catalog, args.event_type, args.known(), args.level)
    received = args.received or tx.now
    _in_order(tx, args, received)
    if args.warning and (held := _held(tx, args)):
        return _effect(tx, held, changed=False)
    kept = ("event_type", "area", "place", "lon", "lat", "source", "detail", "warning", "occurred")
    row = {name: getattr(args, name) for name in kept} | {
        "id": tx.new_id("incident"),
        "seq": tx.seq,
        "title_zh": args.title_zh or _title(tx, args, "zh"),
        "title_en": args.title_en or _title(tx, args, "en"),
        "state": IncidentState.OPEN,
        "level": level,
        "consequences": args.known(),
        "received": received,
        "opened_at": tx.now,
    }
    tx.conn.execute(sa.insert(incidents).values(row))
    _note_grading(tx, row["id"], level, args.known(), "")
    report = owe_first(tx, row["id"], args.area, received)
    return _effect(tx, row, changed=True, report=report["id"], report_due=report["due"])


def _in_order(tx: Tx, args: OpenIncident, received: Any) -> None:
    """Refuse moments that cannot be: learnt of in the future, or before it happened."""
    if received > tx.now:
        raise Invalid("incident.future", at="args.received", value=received.isoformat())
    if args.occurred and args.occurred > received:
        raise Invalid("incident.before", at="args.occurred", value=args.occurred.isoformat())


def _held(tx: Tx, args: OpenIncident) -> dict[str, Any] | None:
    c = incidents.c
    same = sa.and_(c.event_type == args.event_type, c.area == args.area, c.state == IncidentState.OPEN)
    row = tx.conn.execute(sa.select(incidents).where(same).order_by(c.seq.desc()).limit(1)).mappings().one_or_none()
    return dict(row) if row else None


def _title(tx: Tx, args: OpenIncident, lang: str) -> str:
    event = tx.catalog.event_types[args.event_type]
    names = {"area": tx.city.name(args.area, lang), "event": event.en if lang == "en" else event.zh}
    return text("respond.title", lang, **names)[:200]


def _note_grading(tx: Tx, incident: str, level: str | None, consequences: dict[str, float], reason: str) -> None:
    who = {"seq": tx.seq, "incident": incident, "at": tx.now, "by": tx.actor.id}
    tx.conn.execute(sa.insert(gradings).values(who | {"level": level, "consequences": consequences, "reason": reason}))


def told(catalog: Catalog, row: dict[str, Any]) -> dict[str, Any]:
    """Return what every entry about an incident tells of it; ``grade`` is the colour that its level is shown with."""
    named = {name: row[name] for name in ("title_zh", "title_en", "event_type", "level", "state", "lon", "lat")}
    grade = catalog.event_levels[row["level"]].grade if row["level"] else None
    return {"incident": row["id"], **named, "grade": grade, "received": row["received"], "occurred": row["occurred"]}


def _effect(tx: Tx, row: dict[str, Any], **more: Any) -> Effect:
    return Effect(row["id"], row["area"], told(tx.catalog, row) | more)


def find(tx: Tx, incident: str) -> dict[str, Any]:
    """Return an incident that the actor may touch.

    Raises
    ------
    NotFound
        ``incident.unknown``.
    Forbidden
        If it lies outside the actor's areas.
    """
    row = tx.conn.execute(sa.select(incidents).where(incidents.c.id == incident)).mappings().one_or_none()
    if row is None:
        raise NotFound("incident.unknown", at="args.incident", value=incident)
    tx.require(row["area"])
    return dict(row)


def require_open(row: dict[str, Any]) -> None:
    """Refuse to act on an incident that is over."""
    if row["state"] != IncidentState.OPEN:
        raise Conflict("incident.closed", at="args.incident", value=row["id"])


class GradeIncident(Consequences):
    """Grade an incident by what it has done so far; earlier gradings stay on record."""

    incident: IncidentId
    level: EventLevel | None = None
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""


def grade_incident(tx: Tx, args: GradeIncident) -> Effect:
    """Take in what is known now and set the level that the scales, or people, give."""
    row = find(tx, args.incident)
    require_open(row)
    consequences = row["consequences"] | args.known()
    level = levels.decide(tx.catalog, row["event_type"], consequences, args.level)
    new = {"level": level, "consequences": consequences}
    tx.conn.execute(sa.update(incidents).where(incidents.c.id == args.incident).values(new))
    _note_grading(tx, args.incident, level, consequences, args.reason)
    return _effect(tx, row | new, from_level=row["level"], consequences=consequences, reason=args.reason)


class CloseIncident(Args):
    """Close an incident; reports that are still owed are no longer asked for."""

    incident: IncidentId
    reason: Reason


def close_incident(tx: Tx, args: CloseIncident) -> Effect:
    """End it."""
    row = find(tx, args.incident)
    require_open(row)
    new = {"state": IncidentState.CLOSED, "closed_at": tx.now}
    tx.conn.execute(sa.update(incidents).where(incidents.c.id == args.incident).values(new))
    dropped = drop_waiting(tx, args.incident)
    return _effect(tx, row | new, dropped=dropped, reason=args.reason)


ACTIONS = {
    "incident.open": Action("incident.open", OpenIncident, open_incident),
    "incident.grade": Action("incident.grade", GradeIncident, grade_incident),
    "incident.close": Action("incident.close", CloseIncident, close_incident),
}
