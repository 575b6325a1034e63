"""Signed notes and checkpoints, as C2SP writes them, so that existing tools can verify our tree heads.

References
----------
C2SP signed-note v1.0.0, C2SP tlog-checkpoint v1.0.0, C2SP tlog-cosignature v1.0.0 (https://c2sp.org).
"""

import base64
import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = 0x01  # signed-note, "Signature types"
COSIGNATURE_V1 = 0x04
_DASH = "\N{EM DASH}"


class NoteError(ValueError):
    """A note is not well formed, or a signature on it does not hold."""


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: whose log, how many entries, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the note body: three lines, each ended by a newline."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, body: str) -> "Checkpoint":
        """Read a note body; lines after the third are extensions and are left alone."""
        lines = body.split("\n")
        if len(lines) < 4 or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            raise NoteError("a checkpoint has an origin, a decimal size and a root, a line each")
        return cls(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True))


@dataclass(frozen=True)
class Verifier:
    """The public half of a key: its name, kind and 32 bytes."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name || LF || kind || public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def encode(self) -> str:
        """Write the verifier key as ``name+id+key``, the form that note tools take."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read a ``name+id+key`` verifier key."""
        parts = vkey.strip().split("+", 2)
        if len(parts) != 3:
            raise NoteError("a verifier key is written name+id+key")
        blob = base64.b64decode(parts[2], validate=True)
        key = cls(parts[0], blob[1:], blob[0])
        if key.key_id.hex() != parts[1] or len(key.public) != 32:
            raise NoteError("the verifier key's id does not fit its key")
        return key

    def holds(self, body: str, signature: bytes) -> bool:
        """Tell whether ``signature`` (without the key id) is this key's over ``body``."""
        message = body.encode()
        if self.kind == COSIGNATURE_V1:
            if len(signature) != 72:
                return False
            (seconds,) = struct.unpack(">Q", signature[:8])
            message, signature = f"cosignature/v1\ntime {seconds}\n".encode() + message, signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A named Ed25519 key that signs checkpoints."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.verifier = Verifier(name, raw)

    @property
    def name(self) -> str:
        """The key's name, which is also the log's origin."""
        return self.verifier.name

    def sign(self, body: str) -> bytes:
        """Return the 64-byte signature over a note body."""
        return self._key.sign(body.encode())


def write_note(body: str, signatures: Sequence[tuple[Verifier, bytes]]) -> str:
    """Join a body and signatures into a signed note."""
    lines = [f"{_DASH} {v.name} {base64.b64encode(v.key_id + s).decode()}\n" for v, s in signatures]
    return f"{body}\n{''.join(lines)}"


def signatures_of(note: str) -> list[tuple[str, bytes]]:
    """Return name and bytes (key id and signature) of each signature line of a signed note."""
    _, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteError("a signed note has a body, an empty line and signatures")
    found = []
    for line in tail.splitlines():
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != _DASH:
            raise NoteError(f"not a signature line: {line!r}")
        found.append((parts[1], base64.b64decode(parts[2], validate=True)))
    return found


def open_note(note: str, verifiers: Sequence[Verifier]) -> tuple[str, list[Verifier]]:
    """Return the body and the known keys whose signatures hold.

    Raises
    ------
    NoteError
        If the note is not well formed, if a known key's signature does not hold, or if no known key signed it.
    """
    body, _, _ = note.rpartition("\n\n")
    body += "\n"
    known = {(v.name, v.key_id): v for v in verifiers}
    held: list[Verifier] = []
    for name, blob in signatures_of(note):
        verifier = known.get((name, blob[:4]))
        if verifier is None:
            continue
        if not verifier.holds(body, blob[4:]):
            raise NoteError(f"the signature of {verifier.name} does not hold")
        held.append(verifier)
    if not held:
        raise NoteError("no known key signed this note")
    return body, held
