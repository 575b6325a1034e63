"""Reading the journal: entries, the signed head, proofs."""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse
from pydantic import AwareDatetime, BaseModel

from anlan.kernel import journal as log
from anlan.kernel.actions import Reader
from anlan.kernel.entries import entries
from anlan.kernel.errors import NotFound
from anlan.kernel.http import WorldDep, reads
from anlan.kernel.notes import Checkpoint

router = APIRouter(prefix="/api/v1/journal", tags=["journal"])
ReaderDep = Annotated[Reader, Depends(reads("journal"))]


class JournalEntry(BaseModel):
    """One act as the journal keeps it."""

    seq: int
    at: AwareDatetime
    by: str
    verb: str
    subject: str
    area: str
    args: dict[str, Any]
    data: dict[str, Any]
    because: int | None
    depth: int
    why: str


class JournalPage(BaseModel):
    """Entries in order, and where to go on."""

    items: list[JournalEntry]
    next: int | None


class Head(BaseModel):
    """The signed tree head."""

    size: int
    root: str
    note: str
    verifier: str


class Proof(BaseModel):
    """The path from an entry to the root of the present tree, hashes in base64 (RFC 9162, section 2.1.3)."""

    seq: int
    size: int
    leaf: str
    root: str
    path: list[str]


class Verification(BaseModel):
    """The outcome of reading and checking the whole journal."""

    holds: bool
    size: int
    root: str
    fault: str | None
    seq: int | None


@router.get("")
def page(
    reader: ReaderDep,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    verb: Annotated[list[str], Query()] = [],  # noqa: B006  # FastAPI copies it
    subject: str | None = None,
) -> JournalPage:
    """List entries of the reader's areas."""
    found = entries(reader, after=after, limit=limit, verbs=tuple(verb), subject=subject)
    last = found[-1]["seq"] if len(found) == limit else None
    return JournalPage(items=[JournalEntry.model_validate(entry) for entry in found], next=last)


@router.get("/head")
def head(world: WorldDep, reader: ReaderDep) -> Head:
    """Return the signed tree head and the key that verifies it."""
    state = log.tree_state(reader.conn)
    note = log.head_note(reader.conn, world.signer)
    return Head(size=state.size, root=state.root.hex(), note=note, verifier=world.signer.verifier.encode())


@router.get("/checkpoint")
def checkpoint(world: WorldDep, reader: ReaderDep) -> PlainTextResponse:
    """Return the signed tree head as the note itself, for witnesses."""
    return PlainTextResponse(log.head_note(reader.conn, world.signer))


@router.get("/verification")
def verification(world: WorldDep, reader: ReaderDep) -> Verification:
    """Read the whole journal and check it."""
    reader.require(world.city.root)
    verdict = world.verify_journal()
    return Verification(holds=verdict.holds, size=verdict.size, root=verdict.root, fault=verdict.fault, seq=verdict.seq)


@router.get("/{seq}/proof")
def proof(world: WorldDep, reader: ReaderDep, seq: int) -> Proof:
    """Prove that an entry is in the present tree."""
    state = log.tree_state(reader.conn)
    found = entries(reader, after=seq - 1, limit=1) if seq > 0 else []
    if not found or found[0]["seq"] != seq:
        raise NotFound("journal.no_entry", at="seq", value=seq)
    leaf = log.leaves(reader.conn, seq - 1, seq)[0]
    path = log.inclusion_proof(reader.conn, seq, state.size)
    body = Checkpoint(world.signer.name, state.size, state.root)
    return Proof(seq=seq, size=body.size, leaf=_text(leaf), root=_text(body.root), path=[_text(h) for h in path])


def _text(hash_: bytes) -> str:
    return base64.b64encode(hash_).decode()
