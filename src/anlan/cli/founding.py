"""The first acts of a new world: its first administrator."""

from pathlib import Path

from anlan.kernel.access import Actor, Grant
from anlan.root import WorldFile, open_world

FOUNDER = "system:founder"


def found_world(folder: Path, store: str | None, admin: str, password: str) -> None:
    """Make a world in a folder and its first administrator over the whole city."""
    WorldFile(store=store).write(folder)
    world = open_world(folder)
    root = world.city.root
    founder = Actor(FOUNDER, (Grant("administrator", root),))
    world.act(founder, "user.create", {"user": admin, "name": admin, "area": root, "password": password})
    world.act(founder, "user.grant", {"user": admin, "role": "administrator", "area": root})
    world.close()
