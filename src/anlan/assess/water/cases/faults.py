"""What is wrong with a case, said so that its author can mend it: the place in the file, the value, the rule.

::

    AnlanError
    └── Invalid
        └── FaultyCase   all faults of a case and of the files that it names
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from anlan.catalog.documents import Document
from anlan.catalog.faults import Fault
from anlan.catalog.texts import text, texts
from anlan.kernel.errors import Invalid

T = TypeVar("T")
_LONGEST = 120


@dataclass(frozen=True, order=True)
class CaseFault(Fault):
    """One fault; rules of form are those of the catalog, the others are ``flood.fault.<rule>`` in ``locale``."""

    @property
    def code(self) -> str:
        """The code of the sentence."""
        own = f"flood.fault.{self.rule}"
        return own if own in texts("zh") else f"catalog.fault.{self.rule}"

    def sentence(self, lang: str = "zh") -> str:
        """Return the rule as a sentence, without its place."""
        return text(self.code, lang, value=self.value, advice=", ".join(self.advice))

    def say(self, lang: str = "zh") -> str:
        """Return the fault as one sentence with its place."""
        return f"{self.file}:{self.line}: {self.key}: {self.sentence(lang)}"


class FaultyCase(Invalid):
    """The case cannot be run; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: Iterable[CaseFault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("flood.faulty", params={"count": len(self.faults)})

    def message(self, lang: str = "zh") -> str:
        """Return a line for every fault."""
        return "\n".join([super().message(lang), *(fault.say(lang) for fault in self.faults)])


class RefusedError(Exception):
    """A part of a case is refused; caught where faults are collected."""

    def __init__(self, *faults: CaseFault) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(frozen=True)
class Spot:
    """A place in the file of a case."""

    document: Document
    path: tuple[str | int, ...] = ()

    def __truediv__(self, step: str | int) -> "Spot":
        return Spot(self.document, (*self.path, step))

    @property
    def key(self) -> str:
        """The place as words with dots."""
        return ".".join(str(step) for step in self.path)

    def fault(self, rule: str, value: Any = "", *advice: Any) -> CaseFault:
        """Return a fault of what stands here."""
        shown = str(value)[:_LONGEST]
        told = tuple(str(one) for one in advice)
        return CaseFault(self.document.file, self.document.place(self.path).line, self.key, shown, rule, told)

    def refused(self, rule: str, value: Any = "", *advice: Any) -> RefusedError:
        """Return the error that refuses what stands here."""
        return RefusedError(self.fault(rule, value, *advice))


@dataclass
class Findings:
    """Faults, which stop a case, and notes, which are shown with its results."""

    faults: list[CaseFault] = field(default_factory=list)
    notes: list[CaseFault] = field(default_factory=list)

    def attempt(self, make: Callable[[], T]) -> T | None:
        """Return what ``make`` makes; None if it was refused, and then its faults are kept."""
        try:
            return make()
        except RefusedError as refused:
            self.faults += refused.faults
            return None

    def each(self, count: int, make: Callable[[int], T]) -> list[T]:
        """Return what ``make`` makes of 0, 1, 2, ..., less those that were refused."""
        made = (self.attempt(partial(make, number)) for number in range(count))
        return [one for one in made if one is not None]

    def note(self, spot: Spot, rule: str, value: Any = "", *advice: Any) -> None:
        """Keep something that the reader of the results must know."""
        self.notes.append(spot.fault(rule, value, *advice))

    def settle(self) -> None:
        """Go on only with a case without faults.

        Raises
        ------
        FaultyCase
        """
        if self.faults:
            raise FaultyCase(self.faults)
