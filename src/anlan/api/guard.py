"""What every request meets first: a bound on its size, and a refusal of other sites' forms."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anlan.kernel.errors import AnlanError, Forbidden
from anlan.kernel.http import COOKIE, problem

_SAFE = {"GET", "HEAD", "OPTIONS"}


class _TooLarge(Exception):
    pass


class Guard:
    """ASGI middleware: bodies are bounded; a cookie acts only for pages of this very host."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app, self._max = app, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] not in _SAFE and COOKIE in headers.get("cookie", "") and not _same_site(headers):
            await problem(Request(scope), Forbidden("request.other_site"))(scope, receive, send)
            return
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > self._max:
            await self._refuse(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max:
                raise _TooLarge
            return message

        try:
            await self._app(scope, counted, send)
        except _TooLarge:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = AnlanError("request.too_large", params={"most": self._max})
        await problem(Request(scope), error, status=413)(scope, receive, send)


def _same_site(headers: Headers) -> bool:
    """Tell whether the request comes from a page of this host, or from no page at all."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
