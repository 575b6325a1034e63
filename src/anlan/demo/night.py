"""A night as a command: as fast as the machine allows, or live in the browser."""

import gc
import io
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
from anlan.demo.director import Director, Reach, lived, stepped
from anlan.demo.scenario import Scenario, load_scenario
from anlan.demo.tally import tally
from anlan.kernel.clock import SimClock, stopwatch
from anlan.kernel.errors import Conflict
from anlan.kernel.world import World
from anlan.root import WorldFile, open_world


def dusk(scenario: Scenario, folder: Path, seed: int) -> World:
    """Make an empty world in a folder, its clock standing at the beginning of a night."""
    WorldFile(policy="demo", seed=seed, start=scenario.start.isoformat()).write(folder)
    world = open_world(folder, clock=SimClock(scenario.start))
    # City and catalog stay to the end, and a night makes many things that live briefly: no need to look so often.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return world


def people_the_city(world: World) -> None:
    """Add those who can sign in, the sensors and the opening stock."""
    founding.add_users(world)
    founding.add_sensors(world)
    founding.add_stock(world)
    world.settle()


def headless(
    name: str,
    *,
    folder: Path | None,
    seed: int,
    until: str | None,
    autopilot: bool = True,
    progress: bool = False,
) -> dict[str, Any]:
    """Play a night as fast as the machine allows and return what it came to.

    The same seed gives the same journal, to the last bit: all moments come from the simulated clock.
    """
    began = stopwatch()
    scenario = load_scenario(name)
    with tempfile.TemporaryDirectory() as scratch:
        kept = _empty(folder) if folder else Path(scratch)
        world = dusk(scenario, kept, seed)
        people_the_city(world)
        director = Director(world, scenario, seed, autopilot=autopilot)
        end = _end(scenario, world, until)
        with typer.progressbar(
            length=int((end - scenario.start).total_seconds()),
            label=scenario.en,
            file=typer.get_text_stream("stderr") if progress else io.StringIO(),
        ) as bar:
            director.run(end, _shown(stepped(world), bar, scenario.start))
        result = tally(world, scenario, end, director)
        result["wall_seconds"] = round(stopwatch() - began, 2)
        world.close()
    return result


def _shown(reach: Reach, bar: Any, start: datetime) -> Reach:
    """Return a way to reach moments that moves a progress bar along."""

    def moved(moment: datetime) -> bool:
        bar.update(int((moment - start).total_seconds()) - bar.pos)
        return reach(moment)

    return moved


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
    from anlan.api.app import create_app
    from anlan.api.server import Server

    scenario = load_scenario(name)
    with tempfile.TemporaryDirectory() as scratch:
        world = dusk(scenario, _empty(folder) if folder else Path(scratch), seed)
        director = Director(world, scenario, seed, autopilot=autopilot)
        stop = threading.Event()
        end = _end(scenario, world, until)

        def play() -> None:
            people_the_city(world)
            clock = world.clock
            if isinstance(clock, SimClock):
                clock.set_speed(speed)
                director.run(end, lived(world, stop))
                clock.pause()  # the night is over: its morning can be looked at in peace

        player = threading.Thread(target=play, name="night", daemon=True)
        app = create_app(world, extra=(Controls(world, director, scenario, end).router,))
        server = Server(app, host, port)
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
    """Return a folder for a fresh night; an older drill in it is removed, anything else is left alone and refused."""
    if (folder / "world.json").exists() and WorldFile.read(folder).seed is not None:
        shutil.rmtree(folder)
    if folder.exists() and any(folder.iterdir()):
        raise Conflict("demo.folder_in_use", at="--data", value=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _announce(host: str, port: int, scenario: Scenario) -> None:
    url = f"http://{host}:{port}/"
    for lang, name in (("zh", scenario.zh), ("en", scenario.en)):
        typer.echo(text("demo.serving", lang, name=name, url=url))
