"""Asking one room's routes as one actor, without a server or a session."""

import asyncio
from typing import Any

import httpx2
from fastapi import APIRouter, FastAPI

from anlan.kernel.access import Actor
from anlan.kernel.errors import AnlanError
from anlan.kernel.http import actor_of, problem
from anlan.kernel.world import World


class RoomClient:
    """Asks a room's routes."""

    def __init__(self, world: World, router: APIRouter) -> None:
        self.prefix = router.prefix
        self.app = FastAPI()
        self.app.state.world = world
        self.app.include_router(router)
        self.app.add_exception_handler(AnlanError, problem)  # type: ignore[arg-type]

    def get(self, actor: Actor, path: str, **params: Any) -> httpx2.Response:
        """Return the answer to one actor."""

        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://anlan") as client:
                return await client.get(f"{self.prefix}/{path}", params=params)

        self.app.dependency_overrides[actor_of] = lambda: actor
        return asyncio.run(ask())
