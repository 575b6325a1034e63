"""What is wrong in a city package: file, row, value and the rule that it breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anlan.catalog.texts import text


@dataclass(frozen=True)
class Finding:
    """One fault; ``rule`` is the code of a sentence in ``locale``, ``row`` a row's number or key."""

    file: str
    row: str
    value: Any
    rule: str

    def message(self, lang: str = "zh") -> str:
        """Return the finding as one line for people."""
        where = f"{self.file}[{self.row}]" if self.row else self.file
        return f"{where}: {text(self.rule, lang, value=self.value)}"


Findings = Iterator[Finding]
Columns = dict[str, list[Any]]
