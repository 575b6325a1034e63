"""The gate's owner in a city of partitions: tells the workers the plan, and brings the alarms to where they found them.

How far the findings of a part were followed stands in the transaction that followed them, under the part's number plus
one (0 is the station's own log): whatever dies when, each finding is followed once.
"""

from collections.abc import Iterator

from anlan.kernel.reactions import automaton
from anlan.kernel.world import World
from anlan.sense.partition.blueprint import Blueprint
from anlan.sense.partition.link import Link
from anlan.sense.partition.told import findings
from anlan.sense.partition.worker import Layout
from anlan.sense.stream.follow import Finding, followed
from anlan.sense.stream.planning import last_change, planned, utc_offset_s

_AT_ONCE = 500


class Owner:
    """What the process that owns the gate does for the workers; a worker of its world by :class:`Worker`'s protocol.

    A world whose log is folded by partitions has no station that folds it as well.
    """

    def __init__(self, world: World, layout: Layout, link: Link) -> None:
        self._world, self._layout = world, layout
        self._plans = layout.plans(link)
        self._findings = [layout.findings(link, part) for part in range(layout.partitions + 1)]
        self._rules = automaton(world.gate, "rules")
        with world.store.read() as conn:
            self._applied = [followed(conn, part + 1) for part in range(len(self._findings))]
        self._seen = [0] * len(self._findings)
        self._told = ""

    def tell_plan(self) -> str:
        """Put the plan that is in force where workers find it, and return its name."""
        world = self._world
        with world.store.read() as conn:
            name = str(last_change(conn))
            if name != self._told:
                plan = planned(conn, world.catalog, world.city, utc_offset_s(world.city, world.clock.now()))
                self._plans.put(name, Blueprint.of(plan.watched, plan.registry, self._layout.partitions))
                self._told = name
        return name

    def waits(self) -> bool:
        """Tell in one look whether there is something to do now."""
        return any(log.end > seen for log, seen in zip(self._findings, self._seen, strict=True))

    def run(self) -> int:
        """Follow all that has been found; return the number of acts."""
        self.tell_plan()
        return sum(self._follow(part) for part in range(len(self._findings)))

    def _follow(self, part: int) -> int:
        acts, end = 0, self._findings[part].end
        waiting = list(self._waiting(part))
        while waiting:
            some, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
            position, before = some[-1][0], self._applied[part]
            taken = (before[1] if before[0] == position else 0) + sum(at == position for at, _ in some)
            args = {"partition": part + 1, "position": position, "taken": taken}
            self._world.act(self._rules, "sense.follow", args | {"findings": [tuple(one) for _, one in some]})
            self._applied[part] = (position, taken)
            acts += 1
        self._seen[part] = end
        return acts

    def _waiting(self, part: int) -> Iterator[tuple[int, Finding]]:
        """Yield what was not followed yet, each with its position."""
        position, taken = self._applied[part]
        for found in findings(self._findings[part], part, max(position - 1, 0)):
            rest = found.findings[taken:] if found.position == position else found.findings
            yield from ((found.position, one) for one in rest)

    def close(self) -> None:
        """Let go of the streams."""
        for log in self._findings:
            log.close()
