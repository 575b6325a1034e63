"""The service as one function of a request, whichever way it came: over HTTP alone, or as a part of a batch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from anlan.catalog.texts import text
from anlan.kernel.canonical import plain
from anlan.kernel.errors import AnlanError
from anlan.sense.sensorthings.backend import Backend
from anlan.sense.sensorthings.creating import create
from anlan.sense.sensorthings.faults import NotAllowed, status_of
from anlan.sense.sensorthings.reading import Answer, get
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.sensorthings.updating import delete, update
from anlan.sense.sensorthings.view import View

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Ask:
    """A request.

    Attributes
    ----------
    path : str
        Behind the service's root, decoded.
    query : str
        Behind the question mark, as it stands in the address.
    media : str
        The type of the body.
    """

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    media: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Service:
    """Answers requests of one asker, for one backend.

    Attributes
    ----------
    lang : str
        Language of names and of what is said of errors.
    base : str
        Address of the service's root, without a slash at its end.
    """

    backend: Backend
    sights: Sights
    lang: str
    base: str

    def answer(self, ask: Ask) -> Answer:
        """Answer a request; an error is an answer, too."""
        try:
            return self._answered(ask)
        except AnlanError as error:
            status = status_of(error)
            headers = {"Allow": "GET"} if isinstance(error, NotAllowed) else {}
            return Answer(status, problem(error, status, self.lang, ask.path), headers, PROBLEM)

    def view(self, *, acting: bool = False) -> View:
        """Return a fresh look at the house; who acts sees what may be acted on, too."""
        return View.of(self.backend, self.sights, self.lang, self.base, acting=acting)

    def _answered(self, ask: Ask) -> Answer:
        doing = _METHODS.get(ask.method.upper())
        if doing is None:
            raise NotAllowed("sensorthings.method", at="method", value=ask.method)
        view = self.view(acting=doing is not _get)
        if ask.path.strip("/") and not view.scope:
            raise self.backend.unreadable("sensor")
        return doing(view, ask)


def _get(view: View, ask: Ask) -> Answer:
    return get(view, ask.path, parse_qsl(ask.query, keep_blank_values=True))


_METHODS: Mapping[str, Callable[[View, Ask], Answer]] = {
    "GET": _get,
    "POST": lambda view, ask: create(view, ask.path, ask.body),
    "PATCH": lambda view, ask: update(view, "PATCH", ask.path, ask.body, ask.media),
    "PUT": lambda view, ask: update(view, "PUT", ask.path, ask.body, ask.media),
    "DELETE": lambda view, ask: delete(view, ask.path),
}


def problem(error: AnlanError, status: int, lang: str, path: str) -> dict[str, Any]:
    """Return an error as RFC 9457 problem details, with the member ``message`` that SensorThings clients look for."""
    places = [{"at": one.at, "value": one.value, "rule": text(one.rule, lang, value=one.value)} for one in error.places]
    if error.at and not places:
        places = [{"at": error.at, "value": error.value, "rule": error.message(lang)}]
    body = {
        "type": f"about:blank#{error.code}",
        "title": text(f"status.{status}", lang),
        "status": status,
        "code": error.code,
        "detail": error.message(lang),
        "message": error.message(lang),
        "instance": f"/{path}",
        "errors": places,
    }
    told: dict[str, Any] = plain(body)
    return told
