"""Live updates: the journal as server-sent events (WHATWG HTML, section 9.2)."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from anlan.kernel.entries import entries
from anlan.kernel.errors import Unauthenticated
from anlan.kernel.http import ActorDep, WorldDep, actor_of, not_readable

router = APIRouter(prefix="/api/v1/journal", tags=["journal"])
_HEARTBEAT_S = 5.0  # also how often acts of other processes on the same store are looked for
_BATCH = 500


class Bell:
    """Wakes every open stream after a commit; may be rung from any thread."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self.closed = False

    def ring(self) -> None:
        """Wake all."""
        for event, loop in list(self._waiting.items()):
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        """End every open stream: the server is about to stop."""
        self.closed = True
        self.ring()

    def hang(self, event: asyncio.Event) -> None:
        """Begin to wake this one."""
        self._waiting[event] = asyncio.get_running_loop()

    def unhang(self, event: asyncio.Event) -> None:
        """Stop waking this one."""
        self._waiting.pop(event, None)


@router.get("/stream")
async def stream(
    request: Request,
    world: WorldDep,
    actor: ActorDep,
    after: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[int | None, Header(alias="Last-Event-ID")] = None,
) -> StreamingResponse:
    """Stream the entries of the reader's areas, first those after a number, then each as it comes."""
    if not actor.sight(world.catalog.roles, "journal"):
        raise not_readable(actor, "journal")
    start = max(after, last_event_id or 0)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request, start), media_type="text/event-stream", headers=headers)


async def _events(request: Request, seen: int) -> AsyncIterator[str]:
    bell: Bell = request.app.state.bell
    event = asyncio.Event()
    bell.hang(event)
    try:
        while not bell.closed and not await request.is_disconnected():
            event.clear()
            try:
                found = await run_in_threadpool(_read, request, seen)
            except Unauthenticated:
                yield "event: signed_out\ndata: {}\n\n"
                return
            for entry in found:
                seen = entry["seq"]
                yield f"id: {seen}\nevent: entry\ndata: {json.dumps(entry, ensure_ascii=False)}\n\n"
            if len(found) < _BATCH:
                yield await _pause(event)
    finally:
        bell.unhang(event)


async def _pause(event: asyncio.Event) -> str:
    """Wait for the bell, or send a comment that keeps the connection alive."""
    try:
        await asyncio.wait_for(event.wait(), _HEARTBEAT_S)
    except TimeoutError:
        return ": still here\n\n"
    return ""


def _read(request: Request, after: int) -> Sequence[dict[str, Any]]:
    """Read on; who is signed out meanwhile reads no further."""
    with request.app.state.world.read(actor_of(request), "journal") as reader:
        return entries(reader, after=after, limit=_BATCH)
