"""Matching: people to shelters and goods to where they are needed, both by the same transport problem.

Nearest first by great-circle distance, within places and stock, the worse grade served before the milder. Streets
under water are not looked at: distances are straight lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anlan.catalog.schema.base import GRADES
from anlan.science.allocate import allocate
from anlan.science.arrays import Floats
from anlan.science.geodesy import distance_m


@dataclass(frozen=True)
class Place:
    """Something with a place: a town by its label, a site where it stands."""

    id: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Way:
    """So much from here to there."""

    source: str
    target: str
    amount: int
    distance_m: int


@dataclass(frozen=True)
class Match:
    """Ways, and what was left without one, by the id of who needed it."""

    ways: tuple[Way, ...]
    left: Mapping[str, int]

    @property
    def missing(self) -> int:
        """All that was left."""
        return sum(self.left.values())


def rank(grade: str | None) -> int:
    """Return the priority of a grade: 1 for none, one more for each colour from blue to red."""
    return 1 + len(GRADES) - GRADES.index(grade) if grade in GRADES else 1


def shelter_people(
    towns: Sequence[Place],
    people: Sequence[int],
    grades: Sequence[str | None],
    shelters: Sequence[Place],
    places: Sequence[int],
    reach_m: float,
) -> Match:
    """Assign the people of towns to shelters.

    Parameters
    ----------
    towns, people, grades
        Who must go, from where, and how bad it is there.
    shelters, places
        Where to, and how many each takes.
    reach_m
        No farther than this.

    Returns
    -------
    Match
        Ways from towns to shelters; ``left`` by town.
    """
    # The depots of the transport problem are the shelters with their places, the needs are the towns.
    ways = _distances(shelters, towns)
    cost = np.where(ways <= reach_m, ways, np.inf)
    found = allocate(places, people, cost, priority=[rank(g) for g in grades])
    return Match(
        tuple(Way(w.target, w.source, w.amount, w.distance_m) for w in _ways(found.flow, ways, shelters, towns)),
        _left(found.unmet, towns),
    )


def send_goods(
    depots: Sequence[Place],
    stock: Sequence[int],
    targets: Sequence[Place],
    need: Sequence[int],
    grades: Sequence[str | None],
    own_use_only: frozenset[str] = frozenset(),
) -> Match:
    """Send one item from depots to where it is needed.

    A target that is a depot itself uses its own stock first: that way has no length and is not among the ways.

    Parameters
    ----------
    depots, stock
        What lies where.
    targets, need, grades
        What is needed where, and how bad it is there.
    own_use_only
        Depots that give nothing away: shelters, whose stock is for their own people.
    """
    ways = _distances(depots, targets)
    same = np.array([[d.id == t.id for t in targets] for d in depots], dtype=bool).reshape(ways.shape)
    keep = np.array([d.id in own_use_only for d in depots], dtype=bool)
    cost = np.where(keep[:, None] & ~same, np.inf, np.where(same, 0.0, ways))
    found = allocate(stock, need, cost, priority=[rank(g) for g in grades])
    return Match(_ways(np.where(same, 0, found.flow), ways, depots, targets), _left(found.unmet, targets))


def _distances(sources: Sequence[Place], targets: Sequence[Place]) -> Floats:
    """Return distances, (sources, targets), in whole metres, so that the same ways win on every machine."""
    lon, lat = np.array([[s.lon, s.lat] for s in sources]).reshape(-1, 2).T
    to_lon, to_lat = np.array([[t.lon, t.lat] for t in targets]).reshape(-1, 2).T
    return np.rint(distance_m(lon[:, None], lat[:, None], to_lon, to_lat))


def _ways(flow: Floats, distance: Floats, sources: Sequence[Place], targets: Sequence[Place]) -> tuple[Way, ...]:
    amounts = np.rint(flow).astype(int)
    return tuple(
        Way(sources[i].id, targets[j].id, int(amounts[i, j]), int(distance[i, j]))
        for i, j in zip(*np.nonzero(amounts), strict=True)
    )


def _left(unmet: Floats, targets: Sequence[Place]) -> dict[str, int]:
    amounts = np.rint(unmet).astype(int)
    return {target.id: int(n) for target, n in zip(targets, amounts, strict=True) if n}
