"""Signed notes against the example that the specification gives, and against altered text."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.notes import Checkpoint, NoteError, Signer, Verifier, open_note, write_note

# Example of golang.org/x/mod/sumdb/note, "Signing a note" (BSD-3-Clause): the key, the text and the signed note.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = GO_TEXT + (
    "\n\N{EM DASH} PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_signed_by_the_reference_implementation_opens() -> None:
    body, held = open_note(GO_NOTE, [Verifier.parse(GO_VKEY)])

    assert body == GO_TEXT
    assert [v.name for v in held] == ["PeterNeumann"]


def test_a_verifier_key_is_written_as_it_was_read() -> None:
    assert Verifier.parse(GO_VKEY).encode() == GO_VKEY


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**60), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_written_opens_to_the_same(seed: bytes, size: int, root: bytes) -> None:
    signer = Signer("anlan/test", seed)
    head = Checkpoint(signer.name, size, root)
    note = write_note(head.text(), [(signer.verifier, signer.sign(head.text()))])

    body, _ = open_note(note, [Verifier.parse(signer.verifier.encode())])

    assert Checkpoint.parse(body) == head


@pytest.mark.parametrize("change", [("10", "11"), ("anlan/test\n", "anlan/tesu\n"), ("\n\n", "\n")])
def test_an_altered_note_is_refused(change: tuple[str, str]) -> None:
    signer = Signer("anlan/test", bytes(32))
    body = Checkpoint(signer.name, 10, bytes(32)).text()
    note = write_note(body, [(signer.verifier, signer.sign(body))])

    with pytest.raises(NoteError):
        open_note(note.replace(*change, 1), [signer.verifier])


def test_a_witness_cosignature_is_checked_over_its_time() -> None:
    witness = Signer("witness.example", bytes(range(32)))
    body = Checkpoint("anlan/test", 3, bytes(32)).text()
    seconds = (1_726_400_000).to_bytes(8, "big")
    signature = seconds + witness.sign(f"cosignature/v1\ntime 1726400000\n{body}")
    verifier = Verifier("witness.example", witness.verifier.public, kind=0x04)

    assert verifier.holds(body, signature)
    assert not verifier.holds(body, bytes(8) + signature[8:])
    assert not verifier.holds(body + "x\n", signature)


def test_a_wrong_key_id_is_refused() -> None:
    blob = base64.b64encode(b"\x01" + bytes(32)).decode()
    with pytest.raises(NoteError):
        Verifier.parse(f"name+00000000+{blob}")
