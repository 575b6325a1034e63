"""The page of the command line, from its own definition."""

from collections.abc import Iterator
from typing import Any

import typer

from anlan.cli.main import app
from pages.markdown import block, code, page, section, table


def write() -> str:
    """Return the page."""
    return page(
        "Command line 命令行",
        "`anlan` 的全部命令。句子的语言取自 `ANLAN_LANG`、`LC_ALL` 或 `LANG`。",
        "All commands of `anlan`. Sentences are in the language of `ANLAN_LANG`, `LC_ALL` or `LANG`.",
        *(_command(name, command) for name, command in commands()),
    )


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name."""
    yield from _walk("anlan", typer.main.get_command(app))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word in sorted(inner):
        yield from _walk(f"{name} {word}", inner[word])


def _command(name: str, command: Any) -> str:
    params = [p for p in command.params if p.name != "help"]
    usage = [name, *(_usage(p) for p in params if p.param_type_name == "argument")]
    usage += ["[OPTIONS]"] if any(p.param_type_name == "option" for p in params) else []
    rows = ((_names(p), _default(p), p.help) for p in params)
    told = " ".join((command.help or "").split())
    return section(f"`{name}`", told, block(" ".join(usage)), table(("", "", "says"), rows))


def _usage(param: Any) -> str:
    word = str(param.name).upper() + ("..." if param.nargs == -1 else "")
    return word if param.required else f"[{word}]"


def _names(param: Any) -> str:
    if param.param_type_name == "argument":
        return code(str(param.name).upper())
    return " / ".join(code(name) for name in (*param.opts, *param.secondary_opts))


def _default(param: Any) -> str:
    if param.required:
        return "required"
    value = param.default
    if value is None or value is False or value == "":
        return "optional"
    return f"default `{value}`"
