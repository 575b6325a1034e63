"""Several requests in one: multipart as the standard has it (18-088 clause 11), and JSON (OData JSON 4.01 clause 19).

What is asked is done in its order; one that fails does not stop those behind it. A change set, or an atomicity group,
is done as a whole or not at all: its requests are tried on a house that only notes what shall change, and what they
come to is then carried out as one act. What a request creates can be named in those behind it by its id.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from msgspec import json

from anlan.kernel.errors import AnlanError, Invalid
from anlan.sense.sensorthings import given, multipart
from anlan.sense.sensorthings.collecting import Collecting
from anlan.sense.sensorthings.faults import status_of
from anlan.sense.sensorthings.reading import Answer
from anlan.sense.sensorthings.service import PROBLEM, Ask, Service, problem

_VERSION = "/v1.1/"
_FAILED_DEPENDENCY = 424
_ENTITY = re.compile(r"\('(?P<id>.*)'\)$")


@dataclass(frozen=True)
class Part:
    """One request of a batch; those with the same group are done together."""

    id: str
    method: str
    url: str
    body: bytes
    media: str
    group: str | None = None


@dataclass
class Run:
    """The requests of one batch as they are done: what was created is known by the ids of the requests."""

    service: Service
    created: dict[str, str] = field(default_factory=dict)

    def all(self, parts: Sequence[Part]) -> list[Answer]:
        """Do all requests, and return their answers in order."""
        answers: list[Answer] = []
        for group in _grouped(parts):
            answers += self._together(group) if group[0].group is not None else [self._one(self.service, group[0])]
        return answers

    def _one(self, service: Service, part: Part) -> Answer:
        try:
            ask = self._ask(service, part)
        except AnlanError as error:
            return self._problem(error)
        answer = service.answer(ask)
        if (link := answer.headers.get("Location")) is not None:
            self.created[part.id] = link
        return answer

    def _problem(self, error: AnlanError) -> Answer:
        status = status_of(error)
        return Answer(status, problem(error, status, self.service.lang, "$batch"), {}, PROBLEM)

    def _together(self, group: Sequence[Part]) -> list[Answer]:
        """Do requests as a whole, or none of them."""
        house = Collecting(self.service.backend)
        trying = replace(self.service, backend=house)
        answers: list[Answer] = []
        for part in group:
            answers.append(self._one(trying, part))
            if answers[-1].status >= 400:
                return self._failed(group, answers[-1], len(answers) - 1)
        try:
            house.carry_out()
        except AnlanError as error:
            return self._failed(group, self._problem(error), len(group) - 1)
        return answers

    def _failed(self, group: Sequence[Part], answer: Answer, place: int) -> list[Answer]:
        for part in group:
            self.created.pop(part.id, None)
        return [answer if other == place else Answer(_FAILED_DEPENDENCY) for other in range(len(group))]

    def _ask(self, service: Service, part: Part) -> Ask:
        path, _, query = self._named(_relative(part.url, service.base)).partition("?")
        body = part.body
        if b"$" in body and self.created:
            body = json.encode(self._linked(given.document(body)))
        return Ask(part.method, unquote(path), query, body, part.media)

    def _named(self, url: str) -> str:
        """Put in place of the ids of requests what they created: ``$1/Datastreams`` or ``Things($1)/Datastreams``."""
        for id_, link in self.created.items():
            entity = link[len(self.service.base) + 1 :]
            if url == f"${id_}" or url.startswith(f"${id_}/"):
                return entity + url[len(id_) + 1 :]
            url = url.replace(f"(${id_})", f"({entity.partition('(')[2]}")
        return url

    def _linked(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._linked(one) for one in value]
        if not isinstance(value, dict):
            return value
        made = {name: self._linked(one) for name, one in value.items()}
        told = made.get(given.ID)
        if isinstance(told, str) and told.startswith("$") and told[1:] in self.created:
            made[given.ID] = _id_of(self.created[told[1:]])
        return made


def _id_of(link: str) -> str:
    found = _ENTITY.search(link)
    return link if found is None else unquote(found["id"]).replace("''", "'")


def _relative(url: str, base: str) -> str:
    """Return an address behind the service's root, however it was written."""
    if url.startswith(base):
        return url[len(base) :].lstrip("/")
    if url.startswith("/") and _VERSION in url:
        return url.partition(_VERSION)[2]
    return url.lstrip("/")


def _grouped(parts: Sequence[Part]) -> list[list[Part]]:
    groups: list[list[Part]] = []
    for part in parts:
        if groups and part.group is not None and groups[-1][0].group == part.group:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def batch(service: Service, body: bytes, media: str) -> Answer:
    """Answer a batch.

    Raises
    ------
    Invalid
        If it cannot be read, or holds too many requests.
    """
    if media.startswith("multipart/mixed"):
        pieces = multipart.read(body, media)
        parts = [_of_piece(piece, place) for place, piece in enumerate(pieces)]
        answers = Run(service).all(_bounded(service, parts))
        told = [(part.group, piece.id, answer) for part, piece, answer in zip(parts, pieces, answers, strict=True)]
        content, kind = multipart.write(told)
        return Answer(200, content, {}, kind)
    requests = given.objects(given.an_object(given.document(body), "").get("requests"), "requests")
    parts = _bounded(service, [_of_json(one, place) for place, one in enumerate(requests)])
    answers = Run(service).all(parts)
    return Answer(body={"responses": [_as_json(part, one) for part, one in zip(parts, answers, strict=True)]})


def _bounded(service: Service, parts: list[Part]) -> list[Part]:
    most = int(service.backend.catalog.setting("sensorthings.most_batch"))
    if len(parts) > most:
        raise Invalid("sensorthings.too_many", at="requests", value=len(parts), params={"most": most})
    return parts


def _of_piece(piece: multipart.Piece, place: int) -> Part:
    return Part(piece.id or f"\0{place}", piece.method, piece.url, piece.body, piece.media, piece.group)


def _of_json(one: Mapping[str, Any], place: int) -> Part:
    at = f"requests.{place}"
    headers = {str(name).lower(): str(value) for name, value in (one.get("headers") or {}).items()}
    media = headers.get("content-type", "application/json")
    body = b"" if one.get("body") is None else json.encode(one["body"])
    group = one.get("atomicityGroup")
    id_, method, url = (given.text(one, name, at, 2000) for name in ("id", "method", "url"))
    return Part(id_, method.upper(), url, body, media, None if group is None else str(group))


def _as_json(part: Part, answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"id": part.id, "status": answer.status}
    if answer.headers:
        told["headers"] = {name.lower(): value for name, value in answer.headers.items()}
    if "Location" in answer.headers:
        told["location"] = answer.headers["Location"]
    if answer.body is not None:
        told["body"] = answer.body
    return told
