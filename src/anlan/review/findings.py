"""Findings: what was late and what was missing, each with the journal entries that prove it.

A finder is a pure function from the record to findings; :data:`FINDERS` lists them all. What "late" means is policy.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from anlan.catalog.catalog import Catalog
from anlan.review import leads, tallies
from anlan.review.record import Entry, Record, Thread, at, hazard_alarms, of_hazard, touches


@dataclass(frozen=True)
class Limits:
    """How long each step may take."""

    detect: timedelta
    acknowledge: timedelta
    assess: timedelta
    draft: timedelta
    issue: timedelta
    decide: timedelta
    allocate: timedelta
    severe: frozenset[str]

    @classmethod
    def of(cls, catalog: Catalog) -> "Limits":
        """Read the limits of a catalog."""

        def minutes(name: str) -> timedelta:
            return timedelta(minutes=float(catalog.setting(name)))

        return cls(
            detect=timedelta(seconds=float(catalog.setting("review.detect_s"))),
            acknowledge=minutes("review.acknowledge_min"),
            assess=minutes("review.assess_min"),
            draft=minutes("review.draft_min"),
            issue=minutes("warning.issue_limit_min"),
            decide=minutes("review.decide_min"),
            allocate=minutes("review.allocate_min"),
            severe=frozenset(str(catalog.setting("review.severe_grades")).split()),
        )


@dataclass(frozen=True)
class Finding:
    """One thing that was late or missing.

    Attributes
    ----------
    code : str
        Which kind; its words are ``finding.<code>`` in ``locale``.
    subject, area : str
        Of what, and where.
    evidence : tuple of int
        Numbers of the journal entries that prove it.
    told : mapping
        What its sentence names.
    """

    code: str
    subject: str
    area: str
    evidence: tuple[int, ...]
    told: Mapping[str, Any] = field(default_factory=dict)


Finder = Callable[[Record, Limits], Iterator[Finding]]


def findings(record: Record, limits: Limits) -> list[Finding]:
    """Return everything that was late or missing, in the order of the entries that prove it."""
    found = [finding for finder in FINDERS for finding in finder(record, limits)]
    return sorted(found, key=lambda f: (f.evidence, f.code))


def slow_detection(record: Record, limits: Limits) -> Iterator[Finding]:
    """Find alarms that opened long after the observation."""
    for alarm in hazard_alarms(record):
        latency = alarm["data"].get("latency_s") or 0
        if latency > limits.detect.total_seconds():
            yield _of("alarm_slow", alarm, minutes=latency / 60)


_ANSWERS = ("alarm.acknowledge", "alarm.shelve", "alarm.suppress", "alarm.remove")


def unacknowledged(record: Record, limits: Limits) -> Iterator[Finding]:
    """Find alarms that nobody acknowledged in time."""
    for alarm in record.begun("alarm.open"):
        start = alarm.entries[0]
        if not of_hazard(start) or start["data"].get("hidden"):
            continue
        answer = alarm.first(*_ANSWERS)
        yield from _overdue(record, "alarm_unacknowledged", start, answer, limits.acknowledge)


def unassessed(record: Record, limits: Limits) -> Iterator[Finding]:
    """Find severe alarms after which no forecast was run for their area in time."""
    for alarm in filter(of_hazard, _severe(record, "alarm.open", limits)):
        yield from _overdue(record, "alarm_unassessed", alarm, _next(record, alarm, "forecast.run"), limits.assess)


def unwarned(record: Record, limits: Limits) -> Iterator[Finding]:
    """Find severe forecasts after which no warning was drafted for their area, where none stood already."""
    for forecast in _severe(record, "forecast.run", limits):
        if forecast["data"].get("reused") or _warned(record, forecast):
            continue
        draft = _next(record, forecast, "warning.draft", "warning.update")
        yield from _overdue(record, "warning_missing", forecast, draft, limits.draft)


def slow_issue(record: Record, limits: Limits) -> Iterator[Finding]:
    """Find warnings that took long from draft to issue, or were left as drafts."""
    for warning in leads.drafted(record):
        draft = warning.entries[0]
        end = warning.first("warning.issue", "warning.cancel")
        yield from _overdue(record, "warning_slow", draft, end, limits.issue)


def slow_decision(record: Record, limits: Limits) -> Iterator[Finding]:
    """Find proposals to activate a plan that waited long for their decision."""
    for proposal in leads.proposals(record):
        decision = proposal.first("plan.activate", "plan.decline")
        yield from _overdue(record, "plan_slow", proposal.entries[0], decision, limits.decide)


def wrong_triggers(record: Record, _limits: Limits) -> Iterator[Finding]:
    """Find proposals that the commander declined: their trigger deserves a look."""
    for proposal in leads.proposals(record):
        if declined := proposal.first("plan.decline"):
            yield _of("plan_declined", declined, proof=(proposal.entries[0],))


def late_tasks(record: Record, _limits: Limits) -> Iterator[Finding]:
    """Find tasks that were handed in late, or not at all."""
    for task in record.begun("task.open"):
        fate, due = tallies.task_fate(task, record.until), tallies.due_of(task)
        if due is None or fate not in {"closed_late", "overdue"}:
            continue
        raised = sum(1 for _ in task.of("task.escalate"))
        told = {"minutes": _minutes(tallies.ended(task, record.until) - due), "escalations": raised}
        handed = task.last("task.submit")
        proof = (handed,) if fate == "closed_late" and handed else ()
        yield _of("task_late" if proof else "task_overdue", task.entries[0], proof=proof, **told)


def late_reports(record: Record, _limits: Limits) -> Iterator[Finding]:
    """Find reports that were sent late, or not at all."""
    for report in record.begun("report.draft"):
        fate, due = tallies.report_fate(report, record.until), tallies.due_of(report)
        if due is None or fate not in {"sent_late", "overdue"}:
            continue
        sent = report.first("report.send")
        end, proof = (at(sent), (sent,)) if sent else (record.until, ())
        code = "report_late" if sent else "report_overdue"
        yield _of(code, report.entries[0], proof=proof, minutes=_minutes(end - due))


def open_needs(record: Record, limits: Limits) -> Iterator[Finding]:
    """Find areas that waited long for an allocation."""
    for shortage in tallies.shortages(record):
        yield from _overdue(record, "need_open", shortage.first, shortage.answer, limits.allocate)


def unmet_needs(record: Record, _limits: Limits) -> Iterator[Finding]:
    """Find what nobody could supply to an area, at the worst, and people for whom there was no place."""
    for shortage, proposal, item, quantity in tallies.worst_unmet(record):
        yield _of("need_unmet", shortage.first, proof=(proposal,), item=item, quantity=quantity)
    for shortage in tallies.shortages(record):
        worst = max(shortage.proposals, key=lambda p: p["data"].get("unplaced", 0), default=None)
        if worst and (people := worst["data"].get("unplaced")):
            yield _of("people_unplaced", shortage.first, proof=(worst,), people=people)


def full_shelters(record: Record, _limits: Limits) -> Iterator[Finding]:
    """Find shelters that were full at some time."""
    for shelter in record.begun("shelter.open"):
        for entry in shelter.of("shelter.admit"):
            if entry["data"].get("occupants") == entry["data"].get("capacity"):
                yield _of("shelter_full", entry)
                break


def failed_reactions(record: Record, _limits: Limits) -> Iterator[Finding]:
    """Find reactions that failed for good or were halted."""
    for entry in record.of("reaction.fail", "reaction.halt"):
        yield _of("reaction_failed", entry)


FINDERS: tuple[Finder, ...] = (
    slow_detection,
    unacknowledged,
    unassessed,
    unwarned,
    slow_issue,
    slow_decision,
    wrong_triggers,
    late_tasks,
    late_reports,
    open_needs,
    unmet_needs,
    full_shelters,
    failed_reactions,
)


def _of(code: str, entry: Entry, proof: tuple[Entry, ...] = (), **told: Any) -> Finding:
    """Return a finding about the thing of an entry; the entry is its first proof."""
    known = {name: value for name, value in entry["data"].items() if not isinstance(value, list | dict)}
    evidence = (entry["seq"], *(other["seq"] for other in proof))
    return Finding(code, entry["subject"], entry["area"], evidence, known | told)


def _overdue(record: Record, code: str, start: Entry, answer: Entry | None, limit: timedelta) -> Iterator[Finding]:
    """Yield the finding that an answer came after its limit, or has not come though the limit is over."""
    end = at(answer) if answer else record.until
    if end - at(start) > limit:
        state = "late" if answer else "missing"
        proof = (answer,) if answer else ()
        told = {"minutes": _minutes(end - at(start)), "limit": _minutes(limit)}
        yield _of(f"{code}.{state}", start, proof=proof, **told)


def _severe(record: Record, verb: str, limits: Limits) -> Iterator[Entry]:
    return (entry for entry in record.of(verb) if entry["data"].get("grade") in limits.severe)


def _next(record: Record, entry: Entry, *verbs: str) -> Entry | None:
    """Return the next entry of some verbs whose area touches that of an entry."""
    later = (e for e in record.of(*verbs) if e["seq"] > entry["seq"] and touches(e["area"], entry["area"]))
    return next(later, None)


def _warned(record: Record, entry: Entry) -> bool:
    """Tell whether a warning of our own stood, drafted or issued, for the area of an entry when it was written."""

    def stands(warning: Thread) -> bool:
        end = warning.first("warning.cancel", "warning.expire")
        begun = warning.entries[0]["seq"] < entry["seq"] and (end is None or end["seq"] > entry["seq"])
        return begun and touches(warning.area, entry["area"])

    return any(stands(warning) for warning in leads.drafted(record))


def _minutes(span: timedelta) -> float:
    """Return tenths of a minute, rounded up: what is late at all is not 0 minutes late."""
    return math.ceil(round(span.total_seconds() / 6, 6)) / 10
