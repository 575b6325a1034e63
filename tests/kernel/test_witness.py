"""Witnesses' cosignatures: kept if they hold over a head of this journal, refused if not."""

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.errors import Invalid
from anlan.kernel.notes import Checkpoint, Signer, Verifier, open_note, write_note
from anlan.kernel.world import World

ADMIN = Actor("admin", (Grant("administrator", "310000"),))
DUTY = Actor("duty", (Grant("duty_officer", "310000"),))
WITNESS = Signer("witness.example", bytes(range(32)))
KEY = Verifier("witness.example", WITNESS.verifier.public, kind=0x04)
SECONDS = (1_726_400_000).to_bytes(8, "big")


def cosigned(body: str) -> str:
    signature = SECONDS + WITNESS.sign(f"cosignature/v1\ntime 1726400000\n{body}")
    return write_note(body, [(KEY, signature)])


def noted(world: World, count: int) -> str:
    """Return the body of the head after some acts."""
    for number in range(count):
        world.act(DUTY, "duty.note", {"text": str(number), "area": "310000"})
    body, _ = open_note(world.head(), [world.signer.verifier])
    return body


def test_a_cosignature_of_our_head_is_kept_and_checked_ever_after(world: World) -> None:
    body = noted(world, 3)
    done = world.act(ADMIN, "journal.cosign", {"note": cosigned(body), "vkey": KEY.encode()})

    assert done.data == {"size": 3, "witness": "witness.example"}
    assert world.verify_journal().holds


def test_a_cosignature_of_another_tree_is_refused(world: World) -> None:
    head = Checkpoint.parse(noted(world, 3))
    other = Checkpoint(head.origin, head.size, bytes(32)).text()

    with pytest.raises(Invalid):
        world.act(ADMIN, "journal.cosign", {"note": cosigned(other), "vkey": KEY.encode()})


def test_a_cosignature_that_does_not_hold_is_refused(world: World) -> None:
    body = noted(world, 3)
    wrong = write_note(body, [(KEY, SECONDS + bytes(64))])

    with pytest.raises(Invalid):
        world.act(ADMIN, "journal.cosign", {"note": wrong, "vkey": KEY.encode()})
