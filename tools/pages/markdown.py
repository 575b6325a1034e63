"""Markdown out of values: tables, code, the head of a generated page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NOTE = "<!-- Written by tools/reference.py from the code; change the code and run it again. -->\n"


def page(title: str, zh: str, en: str, *parts: str) -> str:
    """Return a page: its title, what it lists in both languages, its parts."""
    body = "\n".join(part.rstrip("\n") + "\n" for part in parts if part)
    return f"{NOTE}\n# {title}\n\n{zh}\n\n{en}\n\n{body}"


def section(title: str, *parts: str, level: int = 2) -> str:
    """Return a section with its heading."""
    body = "\n".join(part.rstrip("\n") + "\n" for part in parts if part)
    return f"{'#' * level} {title}\n\n{body}"


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table, or nothing if there is no row."""
    lines = ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    if not lines:
        return ""
    top = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*top, *lines]) + "\n"


def cell(value: Any) -> str:
    """Return a value as text that cannot break out of its cell."""
    if value is None:
        return ""
    if isinstance(value, float):
        value = f"{value:g}"
    return " ".join(str(value).replace("|", "\\|").split()).replace("<", "&lt;")


def code(value: Any) -> str:
    """Return a value set as code; nothing stays nothing."""
    if value is None or value == "":
        return ""
    return f"`{value}`"


def codes(values: Iterable[Any]) -> str:
    """Return several values set as code, with commas."""
    return ", ".join(code(value) for value in values)


def block(text: str, language: str = "") -> str:
    """Return a block of code."""
    return f"```{language}\n{text.strip()}\n```\n"


def facts(values: Mapping[str, Any]) -> str:
    """Return names and values as a list, leaving out what is empty."""
    return "\n".join(f"- {name}: {value}" for name, value in values.items() if value not in (None, "")) + "\n"
