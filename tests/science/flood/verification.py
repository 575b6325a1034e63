"""The table of what the flood solvers were compared with: tests write its rows, the documents show them.

A test calls `record` with what it measured. With ``ANLAN_WRITE_VERIFICATION=1`` in the environment the row takes the
place of the row of the same case, solver and quantity in ``verification.json``, and the tables in the documents are
written anew; without it nothing is written. Write with one process (``-n0``). ``verification_zh.json`` has the Chinese
of cases, sources and quantities; what is not in it is shown in English.
"""

import json
import math
import os
from dataclasses import asdict, dataclass
from pathlib import Path

ROWS = Path(__file__).with_name("verification.json")
CHINESE = Path(__file__).with_name("verification_zh.json")
DOCS = Path(__file__).parents[3] / "docs"
PAGE = "explanation/flood-verification.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
HEADS = {
    "zh": ("算例", "求解器", "与什么比", "比什么", "误差", "允许", "单位"),
    "en": ("case", "solver", "compared with", "what is compared", "error", "allowed", "unit"),
}
NOT_RUN = {"zh": "没有做", "en": "not run"}


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes
    ----------
    case, solver
        What was run, and by which solver (``inertial``, ``momentum``, ``subgrid``).
    source
        Where the answer is from: paper with equation or table, report, or program with its version.
    compared
        The quantity that is compared, and how: "depth, RMSE over the profile".
    error
        What was measured, in ``unit``; None for a case that was not run, and then ``compared`` says why.
    tolerance
        The greatest error that the test lets pass.
    unit
        Of both; "1" for a part of the whole, or a number without unit.
    """

    case: str
    solver: str
    source: str
    compared: str
    error: float | None
    tolerance: float | None
    unit: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two rows the same row."""
        return self.case, self.solver, self.compared


LEFT_OUT = (
    Row(
        "UK EA 2D test 1: flooding of a disconnected water body",
        "inertial",
        "Néelz and Pender 2013 (SC120002), section 4.2",
        "its terrain and level series are not to be had here; filling and draining over a sill are in other rows",
        None,
        None,
        "m",
    ),
    Row(
        "UK EA 2D test 8A: rain and a point source on an urban street network",
        "inertial",
        "Néelz and Pender 2013 (SC120002), section 4.9",
        "its terrain, roads and buildings are not to be had here; a street network of our own has no published answer",
        None,
        None,
        "m",
    ),
)
"""Cases of the field's list that were not run, and why."""


def record(row: Row) -> None:
    """Check a row against its tolerance, and write it where that is asked for.

    Raises
    ------
    AssertionError
        If the error is above its tolerance, or no number.
    """
    if row.error is not None:
        assert row.tolerance is not None, f"{row.case}: needs a tolerance"
        assert math.isfinite(row.error), f"{row.case}: {row.compared}: {row.error}"
        assert abs(row.error) <= row.tolerance, f"{row.case}: {row.compared}: {row.error} > {row.tolerance} {row.unit}"
    if os.environ.get("ANLAN_WRITE_VERIFICATION") == "1":
        _write(sorted({**{old.key: old for old in rows()}, row.key: row}.values(), key=lambda one: one.key))


def rows() -> list[Row]:
    """Return the rows that are kept."""
    return [Row(**kept) for kept in json.loads(ROWS.read_text(encoding="utf-8"))]


def table(language: str) -> str:
    """Return the kept rows as a Markdown table."""
    heads = HEADS[language]
    words = json.loads(CHINESE.read_text(encoding="utf-8")) if language == "zh" else {}
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for row in sorted([*rows(), *LEFT_OUT], key=lambda one: one.key):
        error = NOT_RUN[language] if row.error is None else _number(row.error)
        allowed = "–" if row.tolerance is None else _number(row.tolerance)
        case, source, compared = (words.get(text, text) for text in (row.case, row.source, row.compared))
        cells = (case, f"`{row.solver}`", source, compared, error, allowed, row.unit)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def page(language: str) -> Path:
    """Return the document that holds the table."""
    return DOCS / language / PAGE


def with_table(text: str, language: str) -> str:
    """Return a document with the table between its marks."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{table(language)}\n{END}{rest.split(END)[1]}"


def _number(value: float) -> str:
    return "0" if value == 0 else f"{value:.2g}" if abs(value) < 1 else f"{value:.3g}"


def _write(kept: list[Row]) -> None:
    text = json.dumps([asdict(row) for row in kept], ensure_ascii=False, indent=1)
    ROWS.write_text(f"{text}\n", encoding="utf-8")
    for language in HEADS:
        document = page(language)
        document.write_text(with_table(document.read_text(encoding="utf-8"), language), encoding="utf-8")
