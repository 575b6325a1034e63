"""At which desks an action of a plan must be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anlan.catalog.schema.base import GRADES, Grade
from anlan.catalog.schema.plans import PlanAction
from anlan.city.areas import LEVELS
from anlan.city.city import City
from anlan.kernel.access import jurisdiction


@dataclass(frozen=True)
class Hit:
    """How hard a town is hit: its grade, and people at risk by the best estimate."""

    area: str
    grade: Grade
    people: int = 0

    def at_least(self, grade: Grade | None) -> bool:
        """Tell whether the town stands at a grade or a worse one; any grade will do for None."""
        return grade is None or GRADES.index(self.grade) <= GRADES.index(grade)


@dataclass(frozen=True)
class Field:
    """Where a plan runs: its area, the towns hit there, and how far down orders to committees go.

    Attributes
    ----------
    village_towns : int
        In how many towns, the worst hit first, committees get tasks.
    village_desks : int
        How many committees at most get a task of one action.
    """

    city: City
    area: str
    hits: Sequence[Hit]
    village_towns: int
    village_desks: int

    def desks(self, action: PlanAction) -> tuple[str, ...]:
        """Return the areas whose desks do an action; none for one that lies above the area itself."""
        own = self.city.level(self.area)
        if action.level == own:
            return (self.area,)
        if LEVELS.index(action.level) < LEVELS.index(own):
            return ()
        if action.level == "village":
            return self._villages(action)
        below = self.city.descendants(self.area, action.level)
        if action.targets == "all_in_scope" and action.at_grade is None:
            return below
        hit = {jurisdiction(h.area) for h in self._hits(action)}
        return tuple(a for a in below if any(h.startswith(jurisdiction(a)) for h in hit))

    def _hits(self, action: PlanAction) -> list[Hit]:
        inside = jurisdiction(self.area)
        hit = [h for h in self.hits if h.area.startswith(inside) and h.at_least(action.at_grade)]
        return sorted(hit, key=lambda h: (GRADES.index(h.grade), -h.people, h.area))

    def _villages(self, action: PlanAction) -> tuple[str, ...]:
        """Return the committees of the towns that are hit worst: thousands of committees are not called at once."""
        towns = [h.area for h in self._hits(action)[: self.village_towns]]
        if self.city.level(self.area) == "town" and action.targets == "all_in_scope":
            towns = [self.area]
        found = [village for town in towns for village in self.city.descendants(town, "village")]
        return tuple(found[: self.village_desks])


def nearest(tree: City, area: str, placed: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tasks at an area, else at the nearest area above that has one, else all those inside it.

    Parameters
    ----------
    area
        Where the waiting task is.
    placed
        Task by area, of the action that is waited for.
    """
    here: str | None = area
    while here is not None:
        if here in placed:
            return (placed[here],)
        here = tree.parent(here)
    inside = jurisdiction(area)
    return tuple(task for other, task in placed.items() if other.startswith(inside))
