"""The summary of a stretch of the journal: how much happened, how fast, and what stayed open."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict

from anlan.review import leads, tallies
from anlan.review.record import Entry, Record, at, between, room_of


class Figures(BaseModel):
    """Base of all parts of a summary: frozen values."""

    model_config = ConfigDict(frozen=True)


class Spread(Figures):
    """How some durations are spread, s: percentiles by linear interpolation."""

    count: int
    p50_s: float | None = None
    p90_s: float | None = None
    max_s: float | None = None
    mean_s: float | None = None


class LeadTimes(Figures):
    """How long each step of the loop took."""

    observation_to_alarm: Spread
    alarm_to_draft: Spread
    draft_to_issue: Spread
    activation_to_first_task: Spread
    activation_to_first_acceptance: Spread


class Alarms(Figures):
    """Alarms by grade, and what became of them."""

    opened: int
    by_grade: dict[str, int]
    acknowledged: int
    open: int


class Tasks(Figures):
    """What became of the tasks; the five fates add up to ``opened``."""

    opened: int
    closed_on_time: int = 0
    closed_late: int = 0
    overdue: int = 0
    open: int = 0
    cancelled: int = 0
    escalated: int = 0


class People(Figures):
    """People at risk at the worst moment, by the best estimate, and people in shelters at theirs."""

    at_risk_low: int
    at_risk_best: int
    at_risk_high: int
    at_risk_at: AwareDatetime | None
    sheltered: int
    sheltered_at: AwareDatetime | None
    sheltered_at_end: int


class Needs(Figures):
    """Needs that were estimated, areas that still wait for an allocation, and what nobody could supply."""

    estimated: int
    open: int
    unmet: dict[str, int]


class Reports(Figures):
    """What became of the information reports."""

    drafted: int
    sent_on_time: int = 0
    sent_late: int = 0
    overdue: int = 0
    waiting: int = 0


class Summary(Figures):
    """What a stretch of the journal comes to."""

    since: AwareDatetime
    until: AwareDatetime
    entries: int
    rooms: dict[str, int]
    verbs: dict[str, int]
    alarms: Alarms
    warnings: dict[str, int]
    relayed: int
    plans: dict[str, int]
    lead_times: LeadTimes
    tasks: Tasks
    people: People
    needs: Needs
    reports: Reports


def summarise(entries: Iterable[Entry], since: datetime, until: datetime) -> Summary:
    """Return the summary of the entries between two moments.

    What began before the first moment is not counted: its story would lack its beginning.
    """
    record = Record(between(entries, since, until), until)
    verbs = Counter(entry["verb"] for entry in record.entries)
    rooms = Counter(room_of(entry["verb"]) for entry in record.entries)
    return Summary(
        since=since,
        until=until,
        entries=len(record.entries),
        rooms=dict(sorted(rooms.items())),
        verbs=dict(sorted(verbs.items())),
        alarms=_alarms(record),
        warnings=tallies.states(record.begun("warning.draft", "warning.update")),
        relayed=sum(1 for _ in record.begun("warning.relay")),
        plans=tallies.states(run for run in record.threads.values() if run.known("activation") == run.subject),
        lead_times=_lead_times(record),
        tasks=_tasks(record),
        people=_people(record),
        needs=_needs(record),
        reports=_reports(record),
    )


def spread(values: Sequence[float]) -> Spread:
    """Return how durations are spread.

    Examples
    --------
    >>> spread([10.0, 20.0, 30.0]).p50_s
    20.0
    """
    if not values:
        return Spread(count=0)
    p50, p90 = np.percentile(values, (50, 90))
    return Spread(
        count=len(values),
        p50_s=round(float(p50), 3),
        p90_s=round(float(p90), 3),
        max_s=round(max(values), 3),
        mean_s=round(sum(values) / len(values), 3),
    )


def _lead_times(record: Record) -> LeadTimes:
    return LeadTimes(
        observation_to_alarm=spread(leads.observation_to_alarm(record)),
        alarm_to_draft=spread(leads.alarm_to_draft(record)),
        draft_to_issue=spread(leads.draft_to_issue(record)),
        activation_to_first_task=spread(leads.activation_to_first_task(record)),
        activation_to_first_acceptance=spread(leads.activation_to_first_acceptance(record)),
    )


def _alarms(record: Record) -> Alarms:
    opened = list(record.begun("alarm.open"))
    grades = Counter(str(thread.entries[0]["data"].get("grade")) for thread in opened)
    return Alarms(
        opened=len(opened),
        by_grade=dict(sorted(grades.items())),
        acknowledged=sum(thread.first("alarm.acknowledge") is not None for thread in opened),
        open=sum(not tallies.is_over(thread) for thread in opened),
    )


def _tasks(record: Record) -> Tasks:
    opened = list(record.begun("task.open"))
    fates = Counter(tallies.task_fate(task, record.until) for task in opened)
    escalated = sum(task.first("task.escalate") is not None for task in opened)
    return Tasks(opened=len(opened), escalated=escalated, **{str(fate): n for fate, n in fates.items()})


def _people(record: Record) -> People:
    risk = max(tallies.people_at_risk(record), key=lambda found: found[1]["best"], default=None)
    inside = list(tallies.sheltered(record))
    fullest = max(inside, key=lambda found: found[1], default=None)
    return People(
        **{f"at_risk_{bound}": risk[1][bound] if risk else 0 for bound in tallies.BOUNDS},
        at_risk_at=at(risk[0]) if risk else None,
        sheltered=fullest[1] if fullest else 0,
        sheltered_at=at(fullest[0]) if fullest else None,
        sheltered_at_end=inside[-1][1] if inside else 0,
    )


def _needs(record: Record) -> Needs:
    return Needs(
        estimated=sum(1 for _ in record.begun("need.estimate")),
        open=sum(shortage.answer is None for shortage in tallies.shortages(record)),
        unmet=tallies.unmet(record),
    )


def _reports(record: Record) -> Reports:
    drafted = list(record.begun("report.draft"))
    fates = Counter(tallies.report_fate(report, record.until) for report in drafted)
    return Reports(drafted=len(drafted), **{str(fate): n for fate, n in fates.items()})
