"""HTTP of rules: those in force, those that people proposed, and a rule tried on the history."""

from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel

from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.sense.model import own_rules
from anlan.sense.rules import rules_in_force
from anlan.sense.trial import try_rule
from anlan.sense.views import RuleView, rule_view

router = APIRouter(prefix="/api/v1/sense", tags=["sense"])

RuleReader = Annotated[Reader, Depends(reads("alarm"))]
SeriesReader = Annotated[Reader, Depends(reads("observation"))]

_ALARMS_TOLD = 1000
_DAY_S = 86400


class OwnRule(BaseModel):
    """One version of a rule that people made."""

    id: str
    version: int
    state: str
    area: str
    body: dict[str, Any]
    reason: str
    proposed_by: str
    proposed_at: datetime
    switched_by: str | None
    switched_at: datetime | None


class RuleList(BaseModel):
    """Rules in force, and the versions that people made of them."""

    items: list[RuleView]
    own: list[OwnRule]


@router.get("/rules")
def list_rules(reader: RuleReader) -> RuleList:
    """List the rules that open alarms, and what people proposed."""
    rules = rules_in_force(reader.conn, reader.catalog)
    query = sa.select(own_rules).where(reader.scope.where(own_rules.c.area))
    rows = reader.conn.execute(query.order_by(own_rules.c.id, own_rules.c.version.desc())).mappings().all()
    return RuleList(items=[rule_view(rule) for rule in rules.values()], own=[OwnRule(**row) for row in rows])


class TryRule(BaseModel):
    """A rule in the form of the catalog's, and the span and area to try it on."""

    rule: dict[str, Any]
    since: AwareDatetime
    until: AwareDatetime
    area: str | None = None


class TriedAlarmView(BaseModel):
    """An alarm that the rule would have opened; ``until`` is null if it would still stand."""

    subject: str
    grade: str
    since: datetime
    until: datetime | None
    worst: str
    value: float


class Tried(BaseModel):
    """What the rule would have done; at most a thousand alarms are told."""

    alarms: list[TriedAlarmView]
    count: int
    per_day: float
    sensors: int
    samples: int
    truncated: bool


@router.post("/rules/try")
def try_on_history(reader: SeriesReader, tried: TryRule) -> Tried:
    """Try a rule on what was observed; nothing is changed."""
    trial = try_rule(reader, tried.rule, tried.since, tried.until, tried.area)
    days = (tried.until - tried.since).total_seconds() / _DAY_S
    return Tried(
        alarms=[TriedAlarmView(**vars(alarm)) for alarm in trial.alarms[:_ALARMS_TOLD]],
        count=len(trial.alarms),
        per_day=round(len(trial.alarms) / days, 3),
        sensors=trial.sensors,
        samples=trial.samples,
        truncated=trial.truncated,
    )
