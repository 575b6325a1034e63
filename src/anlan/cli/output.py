"""What the commands share: the language of the terminal, JSON on standard output, a folder that holds a world."""

import json
import os
from pathlib import Path
from typing import Any

import typer

from anlan.catalog.texts import text
from anlan.kernel.canonical import plain


def language() -> str:
    """Return the terminal's language, Chinese unless the locale says English."""
    wanted = os.environ.get("ANLAN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if wanted.lower().startswith("zh") else "en"


def say(code: str, **params: Any) -> str:
    """Return a sentence of ``locale`` in the terminal's language."""
    return text(code, language(), **params)


def show_json(value: Any) -> None:
    """Print one JSON value on standard output."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def require_world(folder: Path) -> Path:
    """Return a folder that holds a world, or end with the reason."""
    if not (folder / "world.json").exists():
        typer.echo(say("cli.no_world", folder=folder), err=True)
        raise typer.Exit(2)
    return folder
