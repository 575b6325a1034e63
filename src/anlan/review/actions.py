"""The verb of review: compile what a stretch of the journal comes to, and what was late or missing in it."""

from collections import Counter
from typing import Self

import sqlalchemy as sa
from pydantic import AwareDatetime, model_validator

from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.canonical import plain, stamp
from anlan.kernel.entries import all_entries
from anlan.kernel.errors import Invalid
from anlan.review.findings import Limits
from anlan.review.findings import findings as find
from anlan.review.model import compilations, findings
from anlan.review.record import Record
from anlan.review.summary import Summary, summarise


class CompileReview(Args):
    """Compile the review of a stretch of time: its summary, and findings with their proof."""

    since: AwareDatetime
    until: AwareDatetime
    area: AreaCode | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since >= self.until:
            raise ValueError("since must lie before until")
        return self


def compile_review(tx: Tx, args: CompileReview) -> Effect:
    """Read the journal of an area, by default the whole of the actor's, and keep what it comes to."""
    if args.until > tx.now:
        raise Invalid("review.future", at="args.until", value=stamp(args.until))
    area = args.area or _own_area(tx)
    tx.require(area)
    reader = tx.reader("summary")
    told = list(all_entries(reader, since=args.since, until=args.until, area=area))
    summary = summarise(told, args.since, args.until)
    found = find(Record(told, args.until), Limits.of(tx.catalog))
    compilation = tx.new_id("review")
    row = {"id": compilation, "seq": tx.seq, "area": area, "at": tx.now, "by": tx.actor.id}
    row |= {"since": args.since, "until": args.until, "summary": plain(summary)}
    tx.conn.execute(sa.insert(compilations).values(row))
    if found:
        rows = [
            {"compilation": compilation, "number": number, "area": f.area, "code": f.code, "subject": f.subject}
            | {"evidence": list(f.evidence), "told": plain(f.told)}
            for number, f in enumerate(found)
        ]
        tx.conn.execute(sa.insert(findings), rows)
    codes = Counter(finding.code for finding in found)
    headline = {"compilation": compilation, "findings": len(found), "by_code": dict(sorted(codes.items()))}
    return Effect(compilation, area, headline | _headline(summary))


def _own_area(tx: Tx) -> str:
    """Return the widest area that the actor reaches with this verb."""
    widest = min(tx.scope.prefixes, key=len)
    return tx.city.root if tx.city.root.startswith(widest) else widest


def _headline(summary: Summary) -> dict[str, int]:
    """Return the few numbers that the timeline tells."""
    tasks = summary.tasks
    return {
        "alarms": summary.alarms.opened,
        "tasks": tasks.opened,
        "late": tasks.closed_late + tasks.overdue,
        "at_risk": summary.people.at_risk_best,
        "sheltered": summary.people.sheltered,
    }


ACTIONS: dict[str, Action] = {"review.compile": Action("review.compile", CompileReview, compile_review)}
