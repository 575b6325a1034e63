"""Review over HTTP: the timeline, summaries, the chart of the night, and findings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from anlan.kernel.actions import Reader
from anlan.kernel.canonical import stamp
from anlan.kernel.errors import Invalid
from anlan.kernel.http import reads
from anlan.review import queries
from anlan.review.gantt import Interval, Lane
from anlan.review.queries import Compilation, FindingLine
from anlan.review.summary import Summary
from anlan.review.timeline import Item

router = APIRouter(prefix="/api/v1/review", tags=["review"])
TimelineReader = Annotated[Reader, Depends(reads("timeline"))]
SummaryReader = Annotated[Reader, Depends(reads("summary"))]


class Timeline(BaseModel):
    """Items of the timeline, oldest first; ask again after the last one's ``seq`` for what came since."""

    items: list[Item]
    after: int


class Gantt(BaseModel):
    """The night as intervals."""

    items: list[Interval]
    now: AwareDatetime


class CompilationList(BaseModel):
    """Reviews that were kept, the newest first."""

    items: list[Compilation]


class FindingList(BaseModel):
    """What was late and what was missing."""

    items: list[FindingLine]


@router.get("/timeline")
def read_timeline(
    reader: TimelineReader,
    after: int = 0,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=queries.MOST)] = 200,
    room: Annotated[list[str] | None, Query()] = None,
    area: str | None = None,
    subject: str | None = None,
    routine: bool = False,
) -> Timeline:
    """Return what happened, in words."""
    items = queries.timeline(
        reader,
        after=after,
        before=before,
        limit=limit,
        rooms=tuple(room or ()),
        area=area,
        subject=subject,
        routine=routine,
    )
    return Timeline(items=items, after=items[-1].seq if items else after)


@router.get("/summary")
def read_summary(
    reader: SummaryReader, since: AwareDatetime, until: AwareDatetime | None = None, area: str | None = None
) -> Summary:
    """Return what a stretch of time comes to; until now, where no end is given."""
    end = until or reader.now
    if since > end:
        raise Invalid("review.order", at="since", value=stamp(since))
    return queries.summary(reader, since, end, area)


@router.get("/gantt")
def read_gantt(
    reader: TimelineReader,
    since: AwareDatetime | None = None,
    area: str | None = None,
    lane: Annotated[list[Lane] | None, Query()] = None,
) -> Gantt:
    """Return alarms, warnings, activations, tasks and shelters as intervals."""
    items = queries.gantt(reader, since=since, area=area, lanes=tuple(lane or ()))
    return Gantt(items=items, now=reader.now)


@router.get("/compilations")
def list_compilations(
    reader: SummaryReader, limit: Annotated[int, Query(ge=1, le=queries.MOST)] = 20
) -> CompilationList:
    """Return the reviews that were kept."""
    return CompilationList(items=queries.compilation_list(reader, limit=limit))


@router.get("/findings")
def list_findings(
    reader: SummaryReader, compilation: str | None = None, area: str | None = None, code: str | None = None
) -> FindingList:
    """Return the findings of a review, by default of the last."""
    return FindingList(items=queries.finding_list(reader, compilation=compilation, area=area, code=code))
