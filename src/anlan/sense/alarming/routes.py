"""HTTP of alarms: the list, and one alarm with why it stands and what happened to it."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import Grade
from anlan.catalog.texts import text
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.sense import queries
from anlan.sense.alarming.queries import LONGEST_LIST, Filter, alarms_like
from anlan.sense.alarming.states import State
from anlan.sense.alarming.subjects import SubjectKind
from anlan.sense.neighbours import Neighbour, neighbours_of
from anlan.sense.rules import rule_in_force
from anlan.sense.views import RuleView, Series, rule_view, series_of

router = APIRouter(prefix="/api/v1/sense", tags=["sense"])

AlarmReader = Annotated[Reader, Depends(reads("alarm"))]

_AROUND = timedelta(hours=3)


class AlarmView(BaseModel):
    """One alarm with what it is about."""

    id: str
    subject: str
    subject_kind: SubjectKind
    sensor: str | None
    rule: str
    about: str
    area: str
    asset: str | None
    asset_type: str | None
    quantity: str
    unit: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    synthetic: bool
    state: State
    active: bool
    open: bool
    grade: Grade
    worst: Grade
    value: float | None
    threshold: float
    cause: str | None
    members: int
    comments: int
    assigned_to: str | None
    incidents: list[str]
    observed_at: datetime
    opened_at: datetime
    changed_at: datetime
    returned_at: datetime | None
    acknowledged_by: str | None
    shelved_until: datetime | None


class AlarmList(BaseModel):
    """Alarms, the newest first."""

    items: list[AlarmView]


def view_of(row: Any) -> AlarmView:
    """Return an alarm as it is shown; ``row`` is one of :func:`alarms_like`."""
    sensor = row["subject"] if row["subject_kind"] == "sensor" else None
    return AlarmView(**dict(row) | {"sensor": sensor})


@router.get("/alarms")
def list_alarms(
    reader: AlarmReader,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    area: str | None = None,
    since: AwareDatetime | None = None,
    grade: str | None = None,
    state: str | None = None,
    quantity: str | None = None,
    about: str | None = None,
    rule: str | None = None,
    assigned: str | None = None,
    cause: str | None = None,
    subject: str | None = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_LIST)] = LONGEST_LIST,
) -> AlarmList:
    """List alarms that pass a filter."""
    wanted = Filter(is_open, area, since, grade, state, quantity, about, rule, assigned, cause, subject)
    return AlarmList(items=[view_of(row) for row in alarms_like(reader, wanted, limit)])


class Happened(BaseModel):
    """One line of an alarm's history."""

    seq: int
    at: datetime
    by: str
    event: str
    state: State
    grade: Grade
    value: float | None
    note: str


class AlarmWhy(BaseModel):
    """Why an alarm stands: the rule in words and numbers, and who says so."""

    zh: str
    en: str
    rule: RuleView | None


class AlarmDetail(BaseModel):
    """One alarm, why it stands, what happened to it, and what its sensor and its neighbours observed around it."""

    alarm: AlarmView
    why: AlarmWhy
    history: list[Happened]
    members: list[AlarmView]
    series: Series | None
    neighbours: list[Neighbour]


@router.get("/alarms/{alarm_id}")
def show_alarm(reader: AlarmReader, alarm_id: str) -> AlarmDetail:
    """Show one alarm."""
    row = dict(queries.alarm(reader, alarm_id))
    members = alarms_like(reader, Filter(cause=alarm_id))
    history = queries.history(reader, alarm_id)
    counts = {"members": len(members), "comments": sum(line["event"] == "comment" for line in history)}
    sensor = row["subject"] if row["subject_kind"] == "sensor" else None
    until = min(reader.now, row["changed_at"] + _AROUND)
    return AlarmDetail(
        alarm=view_of(row | counts),
        why=_why(reader, row),
        history=[Happened(**line) for line in history],
        members=[view_of(member) for member in members],
        series=None if sensor is None else series_of(reader, sensor, row["opened_at"] - _AROUND, until),
        neighbours=[] if sensor is None else neighbours_of(reader, sensor),
    )


def _why(reader: Reader, row: Any) -> AlarmWhy:
    rule = rule_in_force(reader.conn, reader.catalog, row["rule"])
    if rule is None:  # the rules have changed since; what was found then stands in the journal
        return AlarmWhy(zh=row["rule"], en=row["rule"], rule=None)
    known = {"op": rule.op, "threshold": f"{row['threshold']:g}", "unit": rule.unit, "hold_s": f"{rule.hold_s:g}"}
    told = {
        lang: text(
            "alarm.why.detector" if rule.id in reader.catalog.detectors else f"alarm.why.{rule.kind}",
            lang,
            rule=getattr(rule, lang),
            quantity=_quantity(reader.catalog, row["quantity"], lang),
            **known,
        )
        for lang in ("zh", "en")
    }
    return AlarmWhy(**told, rule=rule_view(rule))


def _quantity(catalog: Catalog, name: str, lang: str) -> str:
    quantity = catalog.quantities.get(name)
    return name if quantity is None else str(getattr(quantity, lang))
