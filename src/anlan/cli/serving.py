"""Commands that make and serve a world."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from anlan.cli.output import require_world, say, show_json

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")]
Host = Annotated[str, typer.Option(help="Address to listen on; this machine only unless you say otherwise.")]


def init(
    data: Annotated[Path, typer.Option("--data", help="Folder of the new world.")],
    store: Annotated[
        str | None, typer.Option(help="URL of a PostgreSQL database; SQLite in the folder if left out.")
    ] = None,
    admin: Annotated[str, typer.Option(help="Name of the first administrator.")] = "admin",
) -> None:
    """Make a new world with one administrator, whose password is asked for."""
    from anlan.cli.founding import found_world

    if (data / "world.json").exists():
        typer.echo(say("cli.world_exists", folder=data), err=True)
        raise typer.Exit(2)
    password = typer.prompt(say("cli.password"), hide_input=True, confirmation_prompt=True)
    found_world(data, store, admin, password)
    typer.echo(say("cli.world_made", folder=data))


def serve(
    data: Annotated[Path, typer.Option("--data", help="Folder of the world.", exists=True, file_okay=False)],
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Serve a world: page, HTTP and live stream."""
    from anlan.api.app import create_app
    from anlan.api.server import Server
    from anlan.root import open_world

    world = open_world(require_world(data))
    Server(create_app(world), host, port).run()


def openapi() -> None:
    """Print the OpenAPI document."""
    import tempfile

    from anlan.api.app import create_app
    from anlan.root import WorldFile, open_world

    with tempfile.TemporaryDirectory() as name:
        WorldFile(seed=0, start="2024-09-15T00:00:00+00:00").write(Path(name))
        world = open_world(Path(name))
        typer.echo(json.dumps(create_app(world, pump=False).openapi(), ensure_ascii=False, indent=1))
        world.close()


def demo(
    data: Annotated[Path | None, typer.Option("--data", help="Folder in which the night's world is kept.")] = None,
    scenario: Annotated[str, typer.Option(help="Which night: bebinca or infa.")] = "bebinca",
    headless: Annotated[
        bool, typer.Option("--headless", help="As fast as the machine allows, without a browser.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object at the end of a headless night.")
    ] = False,
    speed: Annotated[float, typer.Option(min=0.1, max=3600, help="Simulated seconds in a second.")] = 60.0,
    until: Annotated[
        str | None, typer.Option(help="End earlier: a time of the night, such as 2024-09-16T02:00.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all that is synthetic.")] = 2024,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    watch: Annotated[bool, typer.Option("--watch/--act", help="Let the night act for people, or act yourself.")] = True,
) -> None:
    """Replay a typhoon night over Shanghai."""
    from anlan.demo import night

    if headless:
        result = night.headless(scenario, folder=data, seed=seed, until=until, progress=sys.stderr.isatty())
        if as_json:
            show_json(result)
        else:
            typer.echo(say("cli.night_over", **{k: result[k] for k in ("wall_seconds", "tree_head", "journal_length")}))
        return
    night.live(scenario, folder=data, seed=seed, until=until, speed=speed, host=host, port=port, autopilot=watch)
