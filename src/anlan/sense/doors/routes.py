"""HTTP of the doors: observations in, how the sources are doing, what was refused, and mappings tried out."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from anlan.kernel.access import Actor
from anlan.kernel.actions import Reader
from anlan.kernel.errors import AnlanError, Forbidden, Invalid, NotFound
from anlan.kernel.http import ActorDep, WorldDep, language, problem, reads, secret_of, world_of
from anlan.kernel.world import World
from anlan.sense.doors.decode.forms import FORMS, MEDIA_TYPES
from anlan.sense.doors.decode.packing import unpacked
from anlan.sense.doors.doors import Doors
from anlan.sense.doors.health import sources_of
from anlan.sense.doors.intake import Busy
from anlan.sense.doors.letters import Letter
from anlan.sense.doors.limits import Unreadable
from anlan.sense.doors.message import Message
from anlan.sense.doors.replaying import replay
from anlan.sense.doors.senders import VERB, Sender
from anlan.sense.doors.trying import try_mapping
from anlan.sense.doors.views import (
    Letters,
    LetterView,
    Replay,
    ReplayedAll,
    ReplayedView,
    Sources,
    Taken,
    TriedMapping,
    TryMapping,
    refusals,
)
from anlan.sense.stream.admission import Source

router = APIRouter(prefix="/api/v1/sense", tags=["sense"])

SensorReader = Annotated[Reader, Depends(reads("sensor"))]
ObservationReader = Annotated[Reader, Depends(reads("observation"))]

_TOLD = 100
_STATUS = {"message.size": 413, "message.form": 415, "message.encoding": 415}
_BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {}},
            "text/csv": {"schema": {"type": "string"}},
            **{name: {"schema": {"type": "string", "format": "binary"}} for name in list(MEDIA_TYPES)[2:]},
        },
    }
}


def doors_of(world: WorldDep) -> Doors:
    """Return the doors of the world that is served."""
    return world.part(Doors)


DoorsDep = Annotated[Doors, Depends(doors_of)]


@router.post("/observations", response_model=Taken, openapi_extra=_BODIES)
async def post_observations(
    request: Request,
    source: Annotated[str | None, Query(description="a source registered for this account")] = None,
    form: Annotated[str | None, Query(description="in place of the content type")] = None,
) -> Response:
    """Take observations: JSON (rows, objects, columns), CSV, Arrow or the compact form; compressed or not.

    Faulty items are refused one by one, and the rest is taken. What is accepted is durable when this answers. Over
    the source's quota the answer is 429 with ``Retry-After``, and nothing was taken.
    """
    body = await request.body()
    # One thread for all of it: a dependency for each thing that is needed would cost more than the message.
    return await run_in_threadpool(_taken, request, body, source, form)


def _taken(request: Request, body: bytes, source: str | None, form: str | None) -> Response:
    """Return the answer to a message."""
    doors = world_of(request).part(Doors)
    try:
        sender = _sender(doors, doors.senders.actor(secret_of(request)), source)
    except AnlanError as error:
        return problem(request, error)
    try:
        payload = unpacked(body, request.headers.get("content-encoding", ""), doors.intake.limits)
        named = _form(request, form, sender)
        message = Message(sender.source.id, "http", payload, doors.intake.now_us(), named)
        receipt = doors.intake.take(message, sender)
    except Unreadable as error:
        refusal = error.refusal
        status = _STATUS.get(refusal.rule, Invalid.status)
        return problem(request, Invalid(refusal.rule, at="body", value=refusal.value), status=status)
    except Busy as busy:
        params = {"source": sender.source.id, "quota": f"{sender.quota_per_s:g}", "wait": f"{busy.wait_s:.0f}"}
        answer = problem(request, AnlanError("source.quota", params=params), status=429)
        answer.headers["Retry-After"] = str(max(1, int(busy.wait_s + 1)))
        return answer
    except AnlanError as error:
        return problem(request, error)
    told = Taken(
        accepted=receipt.accepted,
        refused=refusals(receipt.refused[:_TOLD], language(request)),
        refused_count=len(receipt.refused),
        position=receipt.position,
    )
    return JSONResponse(told.model_dump())


def _form(request: Request, form: str | None, sender: Sender) -> str:
    """Return the form of the body: named, by the source's mapping (empty), or by the content type.

    Raises
    ------
    Unreadable
        ``message.form`` if nobody knows it.
    """
    if form is not None:
        if form not in FORMS:
            raise Unreadable("message.form", form)
        return form
    if sender.mapping is not None:
        return ""
    media = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media not in MEDIA_TYPES:
        raise Unreadable("message.form", media)
    return MEDIA_TYPES[media]


def _sender(doors: Doors, actor: Actor, source: str | None) -> Sender:
    """Return as whom an account sends: the source that it names, its only one, or simply itself.

    Raises
    ------
    Forbidden
        If the account may send nowhere, or the source is another's.
    NotFound
        If the source is not registered.
    Invalid
        If the account has several sources and names none.
    """
    scope = actor.reach(doors.world.catalog.roles, VERB)
    if not scope:
        raise Forbidden("access.verb", at="verb", value=VERB, params={"actor": actor.id})
    known = doors.senders.all()
    if source is not None:
        found = doors.senders.find(source)
        if found is None:
            raise NotFound("source.unknown", at="source", value=source)
        if found.source.actor != actor.id:
            raise Forbidden("source.of_another", at="source", value=source)
        return found
    own = [sender for sender in known.values() if sender.source.actor == actor.id]
    if len(own) > 1:
        names = ", ".join(sender.source.id for sender in own)
        raise Invalid("source.which", at="source", params={"known": names})
    if own:
        return own[0]
    quota = float(doors.world.catalog.setting("source.quota_per_s"))
    return Sender(Source(f"user:{actor.id}", scope, actor.id), doors.world.city.root, quota)


@router.get("/sources")
def list_sources(reader: ObservationReader, doors: DoorsDep) -> Sources:
    """List the sources and how they are doing since the server started."""
    return sources_of(doors, reader)


@router.get("/dead-letters")
def list_letters(
    request: Request,
    reader: ObservationReader,
    doors: DoorsDep,
    source: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Letters:
    """List messages of which something was refused, newest first."""
    found = islice(_in_sight(doors, reader, source), limit)
    lang = language(request)
    return Letters(items=[LetterView.of(letter, lang, whole=False) for letter in found])


@router.get("/dead-letters/{letter_id}")
def show_letter(request: Request, reader: ObservationReader, doors: DoorsDep, letter_id: str) -> LetterView:
    """Show one message of which something was refused, with all of it that was kept."""
    letter = doors.letters.find(letter_id)
    if letter is None or not _sees(doors.world, reader, letter):
        raise NotFound("letter.unknown", at="id", value=letter_id)
    return LetterView.of(letter, language(request), whole=True)


def _in_sight(doors: Doors, reader: Reader, source: str | None) -> Iterator[Letter]:
    return (letter for letter in doors.letters.newest(source) if _sees(doors.world, reader, letter))


def _sees(world: World, reader: Reader, letter: Letter) -> bool:
    """Tell whether a reader may see a letter; those of strangers belong to the whole city."""
    return reader.scope.covers(letter.area or world.city.root)


@router.post("/dead-letters/replay")
def replay_letters(
    request: Request, reader: ObservationReader, doors: DoorsDep, actor: ActorDep, asked: Replay
) -> ReplayedAll:
    """Try letters again through the mapping, the registry and the rights as they are now, and mark them."""
    scope = actor.reach(doors.world.catalog.roles, VERB)
    if not scope:
        raise Forbidden("access.verb", at="verb", value=VERB, params={"actor": actor.id})
    lang, policy = language(request), doors.world.catalog.fingerprint
    items: list[ReplayedView] = []
    for letter in _asked(doors, reader, asked):
        try:
            if not scope.covers(letter.area or doors.world.city.root):
                raise Forbidden("access.area", value=letter.area, params={"verb": VERB})
            done = replay(doors.intake, doors.senders, letter, actor.id, policy)
        except AnlanError as error:
            items.append(ReplayedView(id=letter.id, accepted=0, refused=[], refused_count=0, error=error.message(lang)))
        else:
            items.append(ReplayedView.of(done, lang))
    return ReplayedAll(
        items=items, accepted=sum(item.accepted for item in items), refused=sum(item.refused_count for item in items)
    )


def _asked(doors: Doors, reader: Reader, asked: Replay) -> list[Letter]:
    """Return the letters that are meant, oldest first: what came first goes in first."""
    if asked.ids:
        found = [doors.letters.find(letter_id) for letter_id in asked.ids]
        pairs = zip(asked.ids, found, strict=True)
        missing = [name for name, one in pairs if one is None or not _sees(doors.world, reader, one)]
        if missing:
            raise NotFound("letter.unknown", at="ids", value=missing[0])
        return sorted((letter for letter in found if letter is not None), key=lambda letter: letter.received_us)
    waiting = (letter for letter in _in_sight(doors, reader, asked.source) if letter.mark is None and not letter.cut)
    return list(islice(waiting, asked.limit))[::-1]


@router.post("/mappings/try")
def try_out(request: Request, reader: SensorReader, doors: DoorsDep, asked: TryMapping) -> TriedMapping:
    """Try a payload mapping on a message; nothing is taken."""
    return try_mapping(doors, reader, asked, language(request))
