"""How much one message may hold; and the one error by which a message is refused as a whole."""

from dataclasses import dataclass
from typing import Self

from anlan.catalog.catalog import Catalog
from anlan.sense.stream.batch import Refusal

SHOWN = 120
"""Characters of a faulty value that are told."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one message.

    Attributes
    ----------
    message_bytes
        As it comes.
    unpacked_bytes
        After its compression is undone.
    rows
        Observations, refused ones included.
    depth
        How deeply the JSON of a device's own format may be nested.
    """

    message_bytes: int
    unpacked_bytes: int
    rows: int
    depth: int

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """Return what policy says."""
        names = ("message_bytes", "unpacked_bytes", "rows", "depth")
        return cls(**{name: int(catalog.setting(f"door.{name}")) for name in names})


class Unreadable(Exception):
    """A message that is refused as a whole; the refusal tells the rule and what was found."""

    def __init__(self, rule: str, value: object = "") -> None:
        self.refusal = Refusal(-1, rule, shown(value))
        super().__init__(f"{rule}: {self.refusal.value}")


def shown(value: object) -> str:
    """Return what is told of a faulty value: its beginning."""
    if isinstance(value, bytes):
        return value[:SHOWN].decode("utf-8", "replace")
    return value[:SHOWN] if isinstance(value, str) else _short(value)


def _short(value: object) -> str:
    if isinstance(value, int) and not -(10**SHOWN) < value < 10**SHOWN:
        return type(value).__name__  # Python refuses to write out very long numbers
    try:
        return repr(value)[:SHOWN]
    except (ValueError, RecursionError):
        return type(value).__name__
