"""The HTTP application around one world."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from anlan.api import catalog, clock, journal, rooms, session, stream, verbs
from anlan.api.guard import Guard
from anlan.api.stream import Bell
from anlan.kernel.arguments import places_of
from anlan.kernel.errors import AnlanError, Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from anlan.kernel.http import problem
from anlan.kernel.world import Pump, World
from anlan.sense.doors.doors import Doors
from anlan.sense.sensorthings.bridges import Bridges
from anlan.sense.stream.driver import Driver
from anlan.web.pages import mount_pages

_BY_STATUS: dict[int, type[AnlanError]] = {401: Unauthenticated, 403: Forbidden, 404: NotFound, 409: Conflict}


def create_app(world: World, *, extra: Sequence[APIRouter] = (), pump: bool = True) -> FastAPI:
    """Return the application that serves a world.

    Parameters
    ----------
    world
        What is served.
    extra
        Routers of other faces (the demo's controls).
    pump
        Whether this process runs reactions and timers; one process of a world does.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        movers = (Driver(world), world.part(Doors), Bridges(world), Pump(world)) if pump else ()
        for mover in movers:
            mover.start()
        yield
        for mover in reversed(movers):
            mover.stop()

    app = FastAPI(
        title="Anlan",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        responses={422: {"model": verbs.Problem}, 403: {"model": verbs.Problem}},
    )
    app.state.world = world
    app.state.bell = Bell()
    app.state.demo = bool(extra)
    world.gate.after_commit.append(lambda _state: app.state.bell.ring())
    for router in (session.router, clock.router, journal.router, stream.router, catalog.router, *rooms.ROUTERS, *extra):
        app.include_router(router)
    app.include_router(verbs.router_for(world.gate.actions))
    app.add_middleware(Guard, max_bytes=int(world.catalog.setting("http.max_body_bytes")))
    _one_shape_for_errors(app)
    mount_pages(app)
    return app


def _one_shape_for_errors(app: FastAPI) -> None:
    """Answer every error as problem details."""

    @app.exception_handler(AnlanError)
    def anlan_error(request: Request, error: AnlanError) -> JSONResponse:
        return problem(request, error)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem(request, Invalid("request.invalid", places=places_of(error.errors())))

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> JSONResponse:
        kind = _BY_STATUS.get(error.status_code, AnlanError)
        raised = kind(f"status.{error.status_code}")
        return problem(request, raised, status=error.status_code)
