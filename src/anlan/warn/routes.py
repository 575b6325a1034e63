"""Warnings over HTTP: the office's lists, and what is public: what is in force, CAP messages, Atom feeds."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from anlan.catalog.texts import text
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.kernel.http import language, reads
from anlan.warn import queries, views
from anlan.warn.cap_xml import MEDIA_TYPE
from anlan.warn.feed import FEED_TYPE, atom
from anlan.warn.states import State

router = APIRouter(prefix="/api/v1/warn", tags=["warn"])

ReaderDep = Annotated[Reader, Depends(reads("warning"))]
PublicDep = Annotated[Reader, Depends(reads("issued_warning"))]


class WarnedList(BaseModel):
    """Warnings."""

    items: list[views.Warned]


class InForceList(BaseModel):
    """What is in force."""

    items: list[views.InForce]


@router.get("/warnings")
def list_warnings(
    reader: ReaderDep,
    state: State | None = None,
    area: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> WarnedList:
    """List the warnings that the reader may see, newest first."""
    return WarnedList(items=queries.warned(reader, state=state, area=area, limit=limit))


@router.get("/warnings/{id}")
def get_warning(reader: ReaderDep, id: str) -> views.WarnedInFull:  # noqa: A002
    """Tell one warning's whole story."""
    return queries.warning(reader, id)


@router.get("/effective")
def list_effective(reader: PublicDep, at: AwareDatetime | None = None, place: str | None = None) -> InForceList:
    """List what is in force now or was at a moment, everywhere or in one area."""
    return InForceList(items=queries.effective(reader, at, place))


@router.get("/warnings/{id}/cap.xml", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
def get_cap(reader: PublicDep, id: str, identifier: str | None = None) -> Response:  # noqa: A002
    """Give the CAP message of an issued warning as it was sent: the last one, or the one named."""
    return Response(queries.cap_message(reader, id, identifier), media_type=MEDIA_TYPE)


@router.get("/feed.atom", response_class=Response, responses={200: {"content": {FEED_TYPE: {}}}})
def get_feed(request: Request, reader: PublicDep) -> Response:
    """Give the Atom feed of all messages."""
    return _feed(request, reader, None)


@router.get("/feed/{area}.atom", response_class=Response, responses={200: {"content": {FEED_TYPE: {}}}})
def get_area_feed(request: Request, reader: PublicDep, area: str) -> Response:
    """Give the Atom feed of the messages that touch one area."""
    if not reader.city.contains(area):
        raise NotFound("area.unknown", at="area", value=area, params={"near": ", ".join(reader.city.near(area))})
    return _feed(request, reader, area)


def _feed(request: Request, reader: Reader, area: str | None) -> Response:
    lang = language(request)
    title = text("warning.feed_title", lang, area=reader.city.name(area or reader.city.root, lang))
    address = str(request.url.replace(query=""))
    base = f"{str(request.base_url).rstrip('/')}{router.prefix}/warnings"
    shown = queries.messages(reader, area=area)
    feed = atom(shown, title=title, lang=lang, address=address, base=base, now=reader.now)
    return Response(feed, media_type=FEED_TYPE)
