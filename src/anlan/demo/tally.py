"""What a headless night came to, as one JSON object."""

from datetime import datetime
from typing import Any

from anlan.demo.director import Director
from anlan.demo.people import person
from anlan.demo.scenario import Scenario
from anlan.kernel import journal as log
from anlan.kernel.canonical import plain
from anlan.kernel.world import World
from anlan.review import queries


def tally(world: World, scenario: Scenario, until: datetime, director: Director) -> dict[str, Any]:
    """Return counts per room, latencies, tasks, people and the tree head at the end of a night."""
    with world.read(person("auditor", world.city.root), "summary") as reader:
        summary = queries.summary(reader, scenario.start, until)
    with world.store.read() as conn:
        state = log.tree_state(conn)
    return {
        "scenario": scenario.id,
        "synthetic": True,
        "until": until,
        "tree_head": state.root.hex(),
        "journal_length": state.size,
        "refused": len(director.refused),
        "summary": plain(summary),
    }
