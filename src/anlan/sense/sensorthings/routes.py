"""HTTP of SensorThings: every address behind /sta/v1.1 is read by the service itself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from msgspec import json

from anlan.kernel.errors import AnlanError
from anlan.kernel.http import ActorDep, WorldDep, language
from anlan.sense.sensorthings.batches import batch
from anlan.sense.sensorthings.faults import status_of
from anlan.sense.sensorthings.house import house_of
from anlan.sense.sensorthings.reading import Answer
from anlan.sense.sensorthings.service import PROBLEM, Ask, Service, problem
from anlan.sense.sensorthings.sight import Sights

PREFIX = "/sta/v1.1"
router = APIRouter(prefix=PREFIX, tags=["sensorthings"], include_in_schema=False)

_sights = Sights()


async def whole_body(request: Request) -> bytes:
    """Return the body of a request; its size is bounded before it comes here."""
    return await request.body()


Body = Annotated[bytes, Depends(whole_body)]


@router.api_route("", methods=["GET"])
@router.api_route("/{path:path}", methods=["GET", "POST", "PATCH", "PUT", "DELETE"])
def serve(request: Request, world: WorldDep, actor: ActorDep, body: Body, path: str = "") -> Response:
    """Answer whatever the standard knows."""
    lang = language(request)
    media = request.headers.get("content-type", "application/json")
    ask = Ask(request.method, path, request.url.query, body, media)
    with world.read(actor, "sensor") as reader, house_of(world, reader, lang) as house:
        service = Service(house, _sights, lang, f"{str(request.base_url).rstrip('/')}{PREFIX}")
        if path.strip("/") != "$batch" or request.method != "POST":
            return _told(service.answer(ask))
        try:
            return _told(batch(service, body, media))
        except AnlanError as error:
            return _told(_problem(error, service, path))


def _problem(error: AnlanError, service: Service, path: str) -> Answer:
    status = status_of(error)
    return Answer(status, problem(error, status, service.lang, path), {}, PROBLEM)


def _told(answer: Answer) -> Response:
    """Return an answer as HTTP has it."""
    headers = dict(answer.headers)
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    content = answer.body if isinstance(answer.body, str) else json.encode(answer.body)
    return Response(content, answer.status, headers, media_type=answer.media)
