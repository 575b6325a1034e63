"""``anlan verbs`` and ``anlan act``: the verbs from a terminal."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from anlan.cli.output import require_world, say, show_json

Data = Annotated[Path, typer.Option("--data", help="Folder of the world.", exists=True, file_okay=False)]


def verbs(as_json: Annotated[bool, typer.Option("--json", help="With the schemas of the arguments.")] = False) -> None:
    """List all verbs."""
    from anlan.root import all_actions

    actions = [action for _, action in sorted(all_actions().items())]
    if as_json:
        items = [{"verb": a.verb, "summary": a.summary, "arguments": a.args.model_json_schema()} for a in actions]
        show_json({"items": items})
        return
    for action in actions:
        typer.echo(f"{action.verb:24} {action.summary}")


def act(
    verb: Annotated[str, typer.Argument(help="Such as task.open; see `anlan verbs`.")],
    args: Annotated[str, typer.Argument(help="Arguments as a JSON object, or - for standard input.")],
    data: Data,
    user: Annotated[str, typer.Option("--as", help="User who acts.")],
    key: Annotated[str | None, typer.Option("--key", help="Idempotency key.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would happen and change nothing.")] = False,
    why: Annotated[str, typer.Option("--why", help="Reason, kept in the journal.")] = "",
) -> None:
    """Run one verb in a world on this machine and print its outcome.

    Whoever can write the data folder can act as any of its users: access to the folder is access to the world.
    """
    from anlan.root import open_world

    try:
        given = json.loads(sys.stdin.read() if args == "-" else args)
    except json.JSONDecodeError as error:
        typer.echo(say("cli.not_json", line=error.lineno, column=error.colno, error=error.msg), err=True)
        raise typer.Exit(2) from None
    world = open_world(require_world(data))
    outcome = world.act(world.actor(user), verb, given, key=key, dry_run=dry_run, why=why)
    world.close()
    shown = ("verb", "seq", "subject", "area", "at", "data", "dry_run", "repeated", "secret")
    show_json({name: getattr(outcome, name) for name in shown})
