"""Serves the built page: hashed assets for good, the page itself always fresh, and every screen's address."""

import os
from html import escape
from pathlib import Path, PurePosixPath
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from anlan.catalog.texts import text
from anlan.web.headers import SecurityHeaders

STATIC: Final = Path(__file__).parent / "static"
INDEX: Final = "index.html"
HASHED: Final = "assets"
"""Folder of the files whose names change with their content."""

FOR_GOOD: Final = "public, max-age=31536000, immutable"
ALWAYS_ASK: Final = "no-cache"


class Pages(StaticFiles):
    """Static files, where the address of a screen answers with the one page that draws all screens."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or the page for an address without a file ending."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not is_screen(path):
                raise
            path = INDEX
            response = await super().get_response(INDEX, scope)
        response.headers["Cache-Control"] = lifetime(path)
        return response


def is_screen(path: str) -> bool:
    """Tell whether an address is one of the app's screens, not a file and not the API's."""
    parts = PurePosixPath(path.replace(os.sep, "/"))
    return not parts.suffix and parts.parts[:1] != ("api",)


def lifetime(path: str) -> str:
    """Return how long a browser may keep a file without asking again."""
    hashed = PurePosixPath(path.replace(os.sep, "/")).parts[:1] == (HASHED,)
    return FOR_GOOD if hashed else ALWAYS_ASK


class NotBuilt:
    """Says plainly that the page has not been built yet, and how to build it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer every address of a screen with the same plain page."""
        lang = "en" if prefers_english(Request(scope)) else "zh"
        title, advice = escape(text("web.not_built", lang)), escape(text("web.how_to_build", lang))
        body = (
            f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Anlan</title>'
            f'<body style="font: 16px/1.6 sans-serif; max-width: 40em; margin: 4em auto; padding: 0 1em">'
            f"<h1>{title}</h1><p>{advice}</p><pre>make page</pre></body></html>"
        )
        response = HTMLResponse(body, status_code=503, headers={"Cache-Control": "no-store"})
        await response(scope, receive, send)


def prefers_english(request: Request) -> bool:
    """Tell whether the browser asks for English first; Chinese is the default."""
    return request.headers.get("accept-language", "").strip().lower().startswith("en")


def pages(folder: Path = STATIC) -> ASGIApp:
    """Return the application that serves the page, to be mounted at ``/`` after the API.

    Parameters
    ----------
    folder : Path
        Where the build wrote the page.
    """
    built = (folder / INDEX).is_file()
    files: ASGIApp = GZipMiddleware(Pages(directory=folder, html=True)) if built else NotBuilt()
    return SecurityHeaders(files)


def mount_pages(app: Starlette, folder: Path = STATIC) -> None:
    """Serve the page on all addresses that the application does not answer otherwise; call it last."""
    app.mount("/", pages(folder), name="pages")
