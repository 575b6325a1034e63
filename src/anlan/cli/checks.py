"""Commands that check: policy, the city package, the journal. Exit 0 only if all holds."""

from pathlib import Path
from typing import Annotated

import typer

from anlan.cli.output import language, require_world, say, show_json

catalog = typer.Typer(no_args_is_help=True, help="Policy: the catalog.")
city = typer.Typer(no_args_is_help=True, help="The city package.")
journal = typer.Typer(no_args_is_help=True, help="The journal and its proofs.")

Data = Annotated[Path, typer.Option("--data", help="Folder of the world.", exists=True, file_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@catalog.command("check")
def catalog_check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders to lay over the base.")] = None,
    base: Annotated[
        str, typer.Option("--over", help="Built-in content below: cn, shanghai, songjiang or none.")
    ] = "cn",
    as_json: AsJson = False,
) -> None:
    """Check policy: every fault with its file, line, key, value and what would be right."""
    from anlan.catalog.catalog import builtin_layers, check

    layers = () if base == "none" else builtin_layers(base)
    given = paths or []
    missing = [path for path in given if not path.exists()]
    if missing:
        typer.echo(say("cli.no_file", file=missing[0]), err=True)
        raise typer.Exit(2)
    faults = check(given, base=layers)
    if as_json:
        show_json({"faults": [fault.__dict__ for fault in faults]})
    else:
        for fault in faults:
            typer.echo(fault.say(language()))
        typer.echo(say("cli.catalog_checked", count=len(faults)))
    raise typer.Exit(1 if faults else 0)


@city.command("validate")
def city_validate(
    package: Annotated[Path | None, typer.Argument(help="Folder of a city package; Shanghai if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a city package: codes, sums, places, checksums, each finding with its file, row, value and rule."""
    from anlan.city.validate import validate

    findings = validate(package or "shanghai")
    if as_json:
        show_json({"findings": [finding.__dict__ for finding in findings]})
    else:
        for finding in findings:
            typer.echo(finding.message(language()))
        typer.echo(say("cli.city_checked", count=len(findings)))
    raise typer.Exit(1 if findings else 0)


@journal.command("verify")
def journal_verify(
    data: Data,
    head: Annotated[list[Path] | None, typer.Option("--head", help="Signed head kept elsewhere; may repeat.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read the whole journal and check it; name the first entry that does not hold."""
    from anlan.root import open_world

    world = open_world(require_world(data))
    verdict = world.verify_journal([path.read_text(encoding="utf-8") for path in head or []])
    world.close()
    if as_json:
        show_json({"holds": verdict.holds, **verdict.__dict__})
    elif verdict.holds:
        typer.echo(say("cli.journal_holds", size=verdict.size, root=verdict.root))
    else:
        typer.echo(say(str(verdict.fault), seq=verdict.seq), err=True)
    raise typer.Exit(0 if verdict.holds else 1)


@journal.command("head")
def journal_head(data: Data) -> None:
    """Print the signed tree head (C2SP checkpoint) and, on standard error, the key that verifies it."""
    from anlan.root import open_world

    world = open_world(require_world(data))
    typer.echo(world.head(), nl=False)
    typer.echo(world.signer.verifier.encode(), err=True)
    world.close()
