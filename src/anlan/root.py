"""The composition root: one function builds a world from all rooms."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from anlan import migrations
from anlan.assess import actions as assess
from anlan.catalog.catalog import Catalog, builtin_layers, load_catalog
from anlan.city.city import City
from anlan.city.load import load_city
from anlan.kernel import accounts, personal, reactions, witness
from anlan.kernel.actions import Action
from anlan.kernel.clock import Clock, RealClock, SimClock
from anlan.kernel.entropy import Entropy, SeededEntropy, SystemEntropy
from anlan.kernel.keys import journal_signer
from anlan.kernel.store import Store
from anlan.kernel.tables import journal
from anlan.kernel.world import World
from anlan.plan import actions as plan
from anlan.respond import actions as respond
from anlan.review import actions as review
from anlan.sense import actions as sense
from anlan.sense.doors.doors import Doors
from anlan.sense.stream.station import Station
from anlan.supply import actions as supply
from anlan.task import actions as task
from anlan.warn import actions as warn

ROOMS = (accounts, personal, reactions, witness, task, sense, assess, warn, supply, plan, respond, review)


def all_actions() -> dict[str, Action]:
    """Return every verb of every room by name."""
    found: dict[str, Action] = {}
    for room in ROOMS:
        for verb, action in room.ACTIONS.items():
            if verb in found or action.verb != verb:
                raise AssertionError(f"the verb {verb} stands twice, or under another name")
            found[verb] = action
    return found


@dataclass(frozen=True)
class WorldFile:
    """What a data folder says of its world (``world.json``): made once, by ``anlan init`` or the demo.

    Attributes
    ----------
    city, policy : str
        Names of the city package and of the catalog's lowest overlay.
    store : str or None
        URL of the database; None is SQLite in the folder.
    seed : int or None
        A seeded world is a drill: its clock is simulated and its salts can be repeated.
    start : str or None
        Where a drill's clock begins.
    """

    city: str = "shanghai"
    policy: str = "songjiang"
    store: str | None = None
    seed: int | None = None
    start: str | None = None

    @classmethod
    def read(cls, folder: Path) -> "WorldFile":
        """Read the description of a data folder's world."""
        return cls(**json.loads((folder / "world.json").read_text(encoding="utf-8")))

    def write(self, folder: Path) -> None:
        """Write the description, making the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "world.json").write_text(json.dumps(self.__dict__, indent=2), encoding="utf-8")


def open_world(folder: Path, *, clock: Clock | None = None) -> World:
    """Open the world of a data folder, bringing its store to the present form.

    Raises
    ------
    FileNotFoundError
        If the folder holds no world.
    CatalogError
        If the policy has faults.
    """
    described = WorldFile.read(folder)
    store = Store(described.store) if described.store else Store.at(folder)
    migrations.upgrade(store)
    catalog = load_catalog(*builtin_layers(described.policy))
    entropy = SystemEntropy() if described.seed is None else SeededEntropy(described.seed)
    if clock is None:
        clock = RealClock() if described.start is None else SimClock(_resumed(store, described.start))
    return build_world(
        folder=folder,
        store=store,
        catalog=catalog,
        city=load_city(described.city),
        clock=clock,
        entropy=entropy,
    )


def _resumed(store: Store, start: str) -> datetime:
    """Return where a drill's clock stood when its last act was done, or where it begins."""
    with store.read() as conn:
        last: datetime | None = conn.scalar(sa.select(journal.c.at).order_by(journal.c.seq.desc()).limit(1))
    return last or datetime.fromisoformat(start)


def build_world(
    *,
    folder: Path,
    store: Store,
    catalog: Catalog,
    city: City,
    clock: Clock,
    entropy: Entropy,
    actions: Mapping[str, Action] | None = None,
) -> World:
    """Put a world together from its parts."""
    world = World(
        folder=folder,
        store=store,
        catalog=catalog,
        city=city,
        clock=clock,
        signer=journal_signer(folder, entropy),
        entropy=entropy,
        actions=all_actions() if actions is None else actions,
    )
    station = Station(world)
    world.gate.parts.add(station)
    world.gate.parts.add(Doors(world, station))
    world.workers.append(station)
    return world
