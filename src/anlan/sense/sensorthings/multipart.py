"""Requests and answers as parts of a MIME message (RFC 2046; OData 4.0 protocol clause 11.7)."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from itertools import groupby

from msgspec import json

from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings.given import shortened
from anlan.sense.sensorthings.reading import Answer

_END = "\r\n"
Told = tuple[str | None, str | None, Answer]
"""The change set that an answer belongs to, the Content-ID of its request, and itself."""


@dataclass(frozen=True)
class Piece:
    """A request as it stands in a part."""

    id: str | None
    method: str
    url: str
    body: bytes
    media: str
    group: str | None


def read(body: bytes, media: str) -> list[Piece]:
    """Return the requests of a multipart body.

    Raises
    ------
    Invalid
        ``sensorthings.multipart``.
    """
    message = BytesParser().parsebytes(b"Content-Type: " + media.encode("latin-1", "replace") + b"\r\n\r\n" + body)
    if not message.is_multipart() or message.defects:
        raise Invalid("sensorthings.multipart", at="body", value=shortened(media))
    return list(_pieces(message, None))


def _pieces(message: Message, group: str | None) -> Iterator[Piece]:
    for place, part in enumerate(message.get_payload()):
        if not isinstance(part, Message):
            raise Invalid("sensorthings.multipart", at="body", value=shortened(part))
        if part.is_multipart() and group is None:
            yield from _pieces(part, str(place))
        elif part.get_content_type() == "application/http":
            yield _piece(part, group)
        else:
            raise Invalid("sensorthings.multipart", at="body", value=part.get_content_type())


def _piece(part: Message, group: str | None) -> Piece:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *rest = head.decode("utf-8", "replace").strip().split("\n")
    words = first.split()
    if len(words) < 2:
        raise Invalid("sensorthings.multipart", at="body", value=shortened(first))
    url = " ".join(words[1:-1]) if words[-1].upper().startswith("HTTP/") else " ".join(words[1:])
    headers = dict(line.lower().split(":", 1) for line in rest if ":" in line)
    media = headers.get("content-type", "application/json").strip()
    return Piece(part.get("Content-ID"), words[0].upper(), url, body.strip(), media, group)


def write(told: Sequence[Told]) -> tuple[str, str]:
    """Return answers as a multipart body, and its type; a change set that failed has one answer."""
    parts: list[tuple[str, str]] = []
    for group, some in groupby(told, key=lambda one: one[0]):
        answers = list(some)
        if group is None:
            parts += [(_head(id_), _http(answer)) for _, id_, answer in answers]
            continue
        failed = next((one for one in answers if one[2].status >= 400 and one[2].body is not None), None)
        if failed is not None:
            parts.append((_head(failed[1]), _http(failed[2])))
            continue
        content, kind = _mixed([(_head(id_), _http(answer)) for _, id_, answer in answers], "changeset")
        parts.append((f"Content-Type: {kind}{_END}", content))
    return _mixed(parts, "batch")


def _mixed(parts: Sequence[tuple[str, str]], name: str) -> tuple[str, str]:
    digest = hashlib.sha256("".join(head + content for head, content in parts).encode()).hexdigest()
    boundary = f"{name}_{digest[:32]}"
    told = "".join(f"--{boundary}{_END}{head}{_END}{content}{_END}" for head, content in parts)
    return f"{told}--{boundary}--{_END}", f"multipart/mixed; boundary={boundary}"


def _head(id_: str | None) -> str:
    return f"Content-Type: application/http{_END}" + (f"Content-ID: {id_}{_END}" if id_ else "")


def _http(answer: Answer) -> str:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if answer.body is None:
        return _END.join([*lines, "", ""])
    body = answer.body if isinstance(answer.body, str) else json.encode(answer.body).decode()
    return _END.join([*lines, f"Content-Type: {answer.media}; charset=UTF-8", "", body])
