"""Policy as the browser needs it: every subject of the catalog, with names, sources and confidence."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from anlan.catalog.catalog import subjects
from anlan.catalog.texts import near
from anlan.kernel.canonical import plain
from anlan.kernel.errors import NotFound
from anlan.kernel.http import WorldDep

router = APIRouter(prefix="/api/v1/catalog", tags=["catalog"])


class SubjectList(BaseModel):
    """Names of the catalog's subjects, and the fingerprint of the whole."""

    items: list[str]
    fingerprint: str


class Subject(BaseModel):
    """All entries of one subject by identifier."""

    subject: str
    items: dict[str, Any]


@router.get("")
def list_subjects(world: WorldDep) -> SubjectList:
    """List the subjects of the catalog."""
    return SubjectList(items=list(subjects()), fingerprint=world.catalog.fingerprint)


@router.get("/{subject}")
def subject(world: WorldDep, subject: str) -> Subject:
    """Return all entries of one subject; policy is public."""
    if subject not in subjects():
        raise NotFound("catalog.no_subject", at="subject", value=subject, params={"near": near(subject, subjects())})
    return Subject(subject=subject, items=plain(getattr(world.catalog, subject)))
