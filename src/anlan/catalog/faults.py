"""What is wrong in the catalog, said so that the author can mend it.

::

    Exception
    └── CatalogError   all faults of all files at once
"""

from collections.abc import Iterable
from dataclasses import dataclass

from anlan.catalog.texts import text


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: where it stands, what stands there, which rule it breaks and what would be right.

    ``rule`` is a code (``catalog.fault.<rule>`` in ``locale``); ``advice`` holds the permitted values, the
    near names or the bound, in the language of the files themselves.
    """

    file: str
    line: int
    key: str
    value: str
    rule: str
    advice: tuple[str, ...] = ()

    def say(self, lang: str = "zh") -> str:
        """Return the fault as one sentence with its place."""
        told = text(f"catalog.fault.{self.rule}", lang, value=self.value, advice=", ".join(self.advice))
        return f"{self.file}:{self.line}: {self.key}: {told}"

    def __str__(self) -> str:
        return self.say("en")


class CatalogError(Exception):
    """The catalog has faults; nothing was loaded."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
