"""Witnesses: other levels and outsiders who sign the tree heads that they have seen (C2SP tlog-cosignature v1).

What a witness has signed can no longer be rewritten without its cosignature telling of it.
"""

from typing import Annotated

import sqlalchemy as sa
from pydantic import Field, StringConstraints

from anlan.kernel import journal as log
from anlan.kernel.actions import Action, Args, Effect, Tx
from anlan.kernel.errors import Invalid
from anlan.kernel.notes import Checkpoint, NoteError, Verifier, open_note, signatures_of
from anlan.kernel.tables import cosignatures

Note = Annotated[str, StringConstraints(max_length=10_000)]
Key = Annotated[str, StringConstraints(max_length=400)]


class Cosign(Args):
    """Keep a witness's cosignature of a tree head of this journal."""

    note: Note = Field(description="the signed note that the witness gives back")
    vkey: Key = Field(description="the witness's verifier key, name+id+key")


def cosign(tx: Tx, args: Cosign) -> Effect:
    """Check the cosignature and that the head is one of ours, and keep it."""
    try:
        witness = Verifier.parse(args.vkey)
        body, held = open_note(args.note, [witness])
        head = Checkpoint.parse(body)
    except (NoteError, ValueError) as error:
        raise Invalid("journal.cosignature", at="args.note", params={"error": str(error)}) from None
    if not 0 < head.size <= log.tree_state(tx.conn).size or head.root != log.root_at(tx.conn, head.size):
        raise Invalid("journal.not_our_head", at="args.note", value=head.size)
    row = {"size": head.size, "witness": held[0].name, "vkey": args.vkey, "signature": _signature(args.note, witness)}
    same = sa.and_(cosignatures.c.size == head.size, cosignatures.c.witness == held[0].name)
    tx.conn.execute(sa.delete(cosignatures).where(same))
    tx.conn.execute(sa.insert(cosignatures).values(row))
    return Effect(f"journal:{head.size}", tx.city.root, {"size": head.size, "witness": held[0].name})


def _signature(note: str, witness: Verifier) -> bytes:
    """Return the witness's signature on a note, without its key id."""
    return next(blob[4:] for name, blob in signatures_of(note) if (name, blob[:4]) == (witness.name, witness.key_id))


ACTIONS = {"journal.cosign": Action("journal.cosign", Cosign, cosign)}
