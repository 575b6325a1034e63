"""A night as a command: as fast as the machine allows, or live in the browser."""

import shutil
import tempfile
import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from anlan.catalog.texts import text
from anlan.city.city import city_of
from anlan.demo import founding
from anlan.demo.controls import Controls
from anlan.demo.director import Director, lived, stepped
from anlan.demo.scenario import Scenario, load_scenario
from anlan.demo.tally import tally
from anlan.kernel.clock import SimClock, stopwatch
from anlan.kernel.world import World
from anlan.root import WorldFile, open_world


def prepare(scenario: Scenario, folder: Path, seed: int, speed: float = 0.0) -> World:
    """Make a fresh world at the dusk of a night, in an empty folder."""
    WorldFile(seed=seed, start=scenario.start.isoformat()).write(folder)
    world = open_world(folder, clock=SimClock(scenario.start))
    founding.add_users(world)
    founding.add_sensors(world)
    founding.add_stock(world)
    world.settle()
    clock = world.clock
    if isinstance(clock, SimClock) and speed:
        clock.set_speed(speed)
    return world


def headless(name: str, *, folder: Path | None, seed: int, until: str | None) -> dict[str, Any]:
    """Play a night as fast as the machine allows and return what it came to.

    The same seed gives the same journal, to the last bit: all moments come from the simulated clock.
    """
    began = stopwatch()
    scenario = load_scenario(name)
    with tempfile.TemporaryDirectory() as scratch:
        kept = _empty(folder) if folder else Path(scratch)
        world = prepare(scenario, kept, seed)
        director = Director(world, scenario, seed)
        end = _end(scenario, world, until)
        director.run(end, stepped(world))
        result = tally(world, scenario, end, director)
        result["wall_seconds"] = round(stopwatch() - began, 2)
        world.close()
    return result


def live(
    name: str,
    *,
    folder: Path | None,
    seed: int,
    until: str | None,
    speed: float,
    host: str,
    port: int,
    autopilot: bool,
) -> None:
    """Serve a night to a browser until it is interrupted."""
    import uvicorn

    from anlan.api.app import create_app

    scenario = load_scenario(name)
    with tempfile.TemporaryDirectory() as scratch:
        world = prepare(scenario, _empty(folder) if folder else Path(scratch), seed, speed)
        director = Director(world, scenario, seed, autopilot=autopilot)
        stop = threading.Event()
        end = _end(scenario, world, until)
        player = threading.Thread(target=director.run, args=(end, lived(world, stop)), name="night", daemon=True)
        app = create_app(world, extra=(Controls(world, director, scenario, end).router,))
        server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning"))
        _announce(host, port, scenario)
        player.start()
        try:
            server.run()
        finally:
            stop.set()
            player.join()
            world.close()


def _end(scenario: Scenario, world: World, until: str | None) -> datetime:
    return scenario.until(until, ZoneInfo(city_of(world).package.manifest["timezone"]))


def _empty(folder: Path) -> Path:
    """Return a folder for a fresh night; an older night in it is removed, anything else is left and refused."""
    if (folder / "world.json").exists():
        shutil.rmtree(folder)
    if folder.exists() and any(folder.iterdir()):
        typer.echo(text("demo.folder_in_use", "en", folder=folder), err=True)
        raise typer.Exit(2)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _announce(host: str, port: int, scenario: Scenario) -> None:
    url = f"http://{host}:{port}/"
    for lang, name in (("zh", scenario.zh), ("en", scenario.en)):
        typer.echo(text("demo.serving", lang, name=name, url=url))
