"""Incidents, reports and the duty log over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.respond import queries
from anlan.respond.model import IncidentState, ReportState
from anlan.respond.queries import DutyNote, Grading, Incident, Report, ReportText

router = APIRouter(prefix="/api/v1/respond", tags=["respond"])
IncidentReader = Annotated[Reader, Depends(reads("incident"))]
ReportReader = Annotated[Reader, Depends(reads("report"))]
DutyReader = Annotated[Reader, Depends(reads("duty"))]


class IncidentList(BaseModel):
    """Incidents, the newest first."""

    items: list[Incident]


class IncidentDetail(BaseModel):
    """One incident and how it was graded."""

    incident: Incident
    gradings: list[Grading]


class ReportList(BaseModel):
    """Reports, those with the nearest limit first."""

    items: list[Report]


class ReportDetail(BaseModel):
    """One report with every wording that it had, the last one last."""

    report: Report
    texts: list[ReportText]


class DutyLog(BaseModel):
    """The duty log, the newest first."""

    items: list[DutyNote]


@router.get("/incidents")
def list_incidents(
    reader: IncidentReader,
    area: str | None = None,
    state: Annotated[list[IncidentState] | None, Query()] = None,
    event_type: str | None = None,
) -> IncidentList:
    """Return incidents."""
    return IncidentList(items=queries.find_incidents(reader, area=area, states=state, event_type=event_type))


@router.get("/incidents/{incident}")
def get_incident(reader: IncidentReader, incident: str) -> IncidentDetail:
    """Return one incident."""
    found = queries.incident(reader, incident)
    return IncidentDetail(incident=found, gradings=queries.incident_gradings(reader, incident))


@router.get("/reports")
def list_reports(
    reader: ReportReader,
    incident: str | None = None,
    area: str | None = None,
    state: Annotated[list[ReportState] | None, Query()] = None,
) -> ReportList:
    """Return reports with the minutes that are left."""
    return ReportList(items=queries.find_reports(reader, incident=incident, area=area, states=state))


@router.get("/reports/{report}")
def get_report(reader: ReportReader, report: str) -> ReportDetail:
    """Return one report with its wordings."""
    found = queries.report(reader, report)
    return ReportDetail(report=found, texts=queries.report_wordings(reader, report))


@router.get("/duty")
def get_duty_log(
    reader: DutyReader, area: str | None = None, since: AwareDatetime | None = None, until: AwareDatetime | None = None
) -> DutyLog:
    """Return the duty log."""
    return DutyLog(items=queries.duty_log(reader, area=area, since=since, until=until))
