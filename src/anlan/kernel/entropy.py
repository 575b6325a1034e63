"""Where randomness comes from: the system in a real world, a seed in a simulated one.

Only salts of personal data and keys need it. A seeded world must give the same journal twice.
"""

import hashlib
import secrets
from typing import Protocol


class Entropy(Protocol):
    """A source of bytes that nobody can guess (or, in a drill, that anybody can repeat)."""

    def take(self, count: int, purpose: str) -> bytes:
        """Return ``count`` bytes; ``purpose`` keeps streams of a seeded source apart."""
        ...


class SystemEntropy:
    """The operating system's random numbers."""

    def take(self, count: int, purpose: str) -> bytes:
        """Return ``count`` unpredictable bytes, whatever the purpose."""
        del purpose
        return secrets.token_bytes(count)


class SeededEntropy:
    """Bytes derived from a seed and a purpose, the same in every run; never for real secrets."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def take(self, count: int, purpose: str) -> bytes:
        """Return the bytes that this seed has for this purpose."""
        return hashlib.shake_256(f"anlan drill {self._seed} {purpose}".encode()).digest(count)


def secret_token() -> str:
    """Return a new secret for a session or a token: 256 bits, URL-safe; always unpredictable, in a drill too."""
    return secrets.token_urlsafe(32)
