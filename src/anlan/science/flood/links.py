"""Links: water that passes between two ends of the grid through an opening, or between the grid and a level outside.

At the beginning of a block each link takes what its law lets through in that time (by the mean of its discharges before
and after, a step of Heun), and gives it to the other end during the block. It never takes more than stands there above
its sill, nor so much that the two levels would cross: links that share an end see what those before them gave. Where
the law would move a level by much in one block, the next blocks are made shorter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.kernels.subgrid import FAR_M
from anlan.science.flood.openings import Opening
from anlan.science.flood.points import Series
from anlan.science.flood.simulation import Exchanged, Kept
from anlan.science.flood.subgrid_tables import SubgridTables

_TALL_M = 1e4
_HALVINGS = 48
_NOTHING_M3_S = 1e-12


class Pool:
    """Some cells that are one end of a structure: their water as one body at rest.

    Raises
    ------
    ValueError
        If there is no cell, one is outside the grid or stands where there is no ground.
    """

    def __init__(self, name: str, grid: Grid, cells: Ints, tables: SubgridTables | None = None) -> None:
        """Take the cells, counted row by row, and the tables of what is finer than a cell where the solver has them."""
        self.cells = np.unique(np.asarray(cells, dtype=np.int64))
        if len(self.cells) == 0 or self.cells[0] < 0 or self.cells[-1] >= grid.shape[0] * grid.shape[1]:
            raise ValueError(f"{name}: needs cells within the grid of {grid.shape[0]} by {grid.shape[1]} cells")
        self._at = np.divmod(self.cells, grid.shape[1])
        bed = floats(grid.bed_m[self._at])
        if np.isnan(bed).any():
            raise ValueError(f"{name}: stands where there is no ground")
        self.cell_m2, self.lowest_m = grid.cell_m2, float(bed.min())
        self._bed_m = bed
        steps_m, parts = (bed, np.ones(len(bed))) if tables is None else _steps(tables, self._at)
        order = np.argsort(steps_m, kind="stable")
        self._levels = np.append(steps_m[order], steps_m[order[-1]] + _TALL_M)
        self._wet_m2 = np.cumsum(parts[order]) * self.cell_m2
        self._volumes = np.concatenate([[0.0], np.cumsum(np.diff(self._levels) * self._wet_m2)])

    def volume_m3(self, depth_m: Singles) -> float:
        """Return the water in the cells."""
        return float(depth_m[self._at].sum(dtype=np.float64)) * self.cell_m2

    def level_m(self, volume_m3: float) -> float:
        """Return the level at which a volume is at rest; the lowest bed where there is none."""
        return float(np.interp(volume_m3, self._volumes, self._levels))

    def below_m3(self, level_m: float) -> float:
        """Return the volume below a level."""
        return float(np.interp(level_m, self._levels, self._volumes))

    def wet_m2(self, level_m: float) -> float:
        """Return the area of the surface just below a level; where it is dry, that of its lowest place."""
        return float(self._wet_m2[max(0, int(np.searchsorted(self._levels, level_m)) - 1)])

    def take(self, depth_m: Singles, volume_m3: float) -> float:
        """Take a volume, from each cell in proportion to its depth; return what was taken once depths are rounded.

        What rounding leaves over in all cells is taken from the deepest one.
        """
        before = depth_m[self._at]
        there = float(before.sum(dtype=np.float64)) * self.cell_m2
        if volume_m3 <= 0 or there <= 0:
            return 0.0
        after = (before * max(0.0, 1 - volume_m3 / there)).astype(np.float32)
        rest_m = volume_m3 / self.cell_m2 - float((before.astype(np.float64) - after).sum())
        deepest = int(np.argmax(before))
        after[deepest] = min(max(float(after[deepest]) - rest_m, 0.0), float(before[deepest]))
        depth_m[self._at] = after
        return float((before.astype(np.float64) - after).sum()) * self.cell_m2

    def rates(self, volume_m3: float, level_m: float, seconds: float) -> tuple[Ints, Floats]:
        """Return the cells that stand below a level, and the rate (m/s) that brings them a volume in some seconds."""
        low = self._bed_m < max(level_m, np.nextafter(self.lowest_m, np.inf))
        cells = self.cells[low]
        return cells, np.full(len(cells), volume_m3 / (self.cell_m2 * len(cells) * seconds))


def _steps(tables: SubgridTables, at: tuple[Ints, Ints]) -> tuple[Floats, Floats]:
    """Return the levels at which cells become wider, and by which part of a cell."""
    levels, parts = floats(tables.cells[at][:, 0]), floats(tables.cells[at][:, 1])
    wider = np.diff(parts, axis=1, prepend=0.0)
    real = (levels < FAR_M) & (wider > 0)
    return levels[real] + tables.datum_m, wider[real]


Watched = Pool | Series
"""What a rule looks at: the level of a pool, or a level against time."""


@runtime_checkable
class Operated(Protocol):
    """An opening that changes: by a schedule, by a rule, by breaking. See `anlan.science.flood.gates`."""

    def opening_at(self, begin_s: float, end_s: float, depth_m: Singles) -> Opening:
        """Return how it stands for the block between two moments."""

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which a block must end for it."""

    def kept(self) -> Floats:
        """Return its state, numbers always of the same count."""

    def restore(self, kept: Floats) -> None:
        """Take up its state."""


class _Still:
    """An opening that does not change, as one that does."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening

    def opening_at(self, begin_s: float, end_s: float, depth_m: Singles) -> Opening:  # noqa: ARG002
        return self.opening

    def next_bend(self, time_s: float) -> float:  # noqa: ARG002
        return np.inf

    def kept(self) -> Floats:
        return np.zeros(0)

    def restore(self, kept: Floats) -> None:
        pass


@dataclass(frozen=True, eq=False)
class Link:
    """An opening between two ends; the second may be a level outside the grid (a river, the tide)."""

    name: str
    first: Pool
    second: Watched
    opening: Opening | Operated


@dataclass(frozen=True)
class Pace:
    """How far a link may move a level in a block before the next blocks become shorter.

    A strong link on one small cell stirs up waves there when it acts in long blocks. Shorter ones cost time: it is
    better to let its ends stand in as many cells as the water at them takes up.

    Attributes
    ----------
    change_m
        Sum of what it may move the levels of its two ends.
    shortest_s
        No block is made shorter than this.
    """

    change_m: float = 0.05
    shortest_s: float = 1.0


class _Given:
    """What links gave to cells in a block, m³: it comes during the block and counts at once for later links."""

    def __init__(self, pools: Sequence[Pool]) -> None:
        self._cells = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(pool.cells for pool in pools)]))
        self._slots = {pool: np.searchsorted(self._cells, pool.cells) for pool in pools}
        self._given_m3 = np.zeros(len(self._cells))

    def clear(self) -> None:
        self._given_m3[:] = 0.0

    def to(self, pool: Pool) -> float:
        return float(self._given_m3[self._slots[pool]].sum())

    def give(self, cells: Ints, volume_m3: float) -> None:
        self._given_m3[np.searchsorted(self._cells, cells)] += volume_m3 / len(cells)


class Links:
    """All links of a case, in their order: an `Exchange`.

    Raises
    ------
    ValueError
        If two links have one name, or the ends of one a cell in common.
    """

    def __init__(self, links: Sequence[Link], *, name: str = "links", pace: Pace | None = None) -> None:
        """Take the links."""
        if len({link.name for link in links}) != len(links):
            raise ValueError(f"{name}: two links have one name")
        for link in links:
            if isinstance(link.second, Pool) and len(np.intersect1d(link.first.cells, link.second.cells)):
                raise ValueError(f"{link.name}: both ends stand in one cell")
        self.name, self.links, self.pace = name, tuple(links), pace or Pace()
        self.passed_m3 = np.zeros((len(links), 2))
        """What passed from the first to the second end and back so far, (links, 2)."""
        self.flow_m3_s = np.zeros(len(links))
        """Mean discharge of the last block, from first to second."""
        self._longest_s = np.inf
        openings = (link.opening for link in links)
        self._worked = [one if isinstance(one, Operated) else _Still(one) for one in openings]
        pools = [end for link in links for end in (link.first, link.second) if isinstance(end, Pool)]
        self._given = _Given(list(dict.fromkeys(pools)))

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:  # noqa: ARG002
        """Let every link pass what it passes in the block."""
        self._given.clear()
        self._longest_s = np.inf
        left, cells, rates = 0.0, [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
        for number, link in enumerate(self.links):
            outside, where, rate = self._pass(number, link, begin_s, end_s, depth_m)
            left += outside
            cells.append(where)
            rates.append(rate)
        return Exchanged(left, np.concatenate(cells), np.concatenate(rates))

    def _stands(self, end: Watched, depth_m: Singles, time_s: float) -> tuple[float, float]:
        """Return volume (0 outside the grid) and level of an end."""
        if isinstance(end, Series):
            return 0.0, end.at(time_s)
        volume = end.volume_m3(depth_m) + self._given.to(end)
        return volume, end.level_m(volume)

    def _pass(
        self, number: int, link: Link, begin_s: float, end_s: float, depth_m: Singles
    ) -> tuple[float, Ints, Floats]:
        """Let one link pass its water; return what left the grid, and cells and rates of what comes in the block."""
        law = self._worked[number].opening_at(begin_s, end_s, depth_m)
        middle, seconds = (begin_s + end_s) / 2, end_s - begin_s
        (volume_1, first), (volume_2, second) = (
            self._stands(end, depth_m, middle) for end in (link.first, link.second)
        )
        volumes = [volume_1, volume_2]
        flow = law.flow_m3_s(first, second)
        self.flow_m3_s[number] = 0.0
        if abs(flow) < _NOTHING_M3_S:
            return 0.0, np.zeros(0, dtype=np.int64), np.zeros(0)
        back = flow < 0
        source, target = (link.second, link.first) if back else (link.first, link.second)
        if back:
            volumes.reverse()
        levels = max(first, second), min(first, second)
        self._note_pace(source, target, levels, abs(flow))
        volume = _passable(abs(flow) * seconds, source, target, volumes, levels, law.sill_m)
        after = _level_m(source, volumes[0] - volume, levels[0]), _level_m(target, volumes[1] + volume, levels[1])
        later = law.flow_m3_s(*(reversed(after) if back else after))
        volume = min(volume, abs(flow + later) / 2 * seconds)
        if isinstance(source, Pool):
            volume = source.take(depth_m, volume)
        self.passed_m3[number, int(back)] += volume
        self.flow_m3_s[number] = (-volume if back else volume) / seconds
        outside = (volume if isinstance(target, Series) else 0.0) - (volume if isinstance(source, Series) else 0.0)
        if isinstance(target, Series):
            return outside, np.zeros(0, dtype=np.int64), np.zeros(0)
        where, rate = target.rates(volume, levels[1], seconds)
        self._given.give(where, volume)
        return outside, where, rate

    def _note_pace(self, source: Watched, target: Watched, levels: tuple[float, float], flow_m3_s: float) -> None:
        ends = zip((source, target), levels, strict=True)
        per_m2 = sum(1 / pool.wet_m2(level) for pool, level in ends if isinstance(pool, Pool))
        seconds = self.pace.change_m / (per_m2 * flow_m3_s)
        self._longest_s = min(self._longest_s, max(seconds, self.pace.shortest_s))

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which a block must end for a link."""
        bends = [time_s + self._longest_s]
        bends += [one.next_bend(time_s) for one in self._worked]
        bends += [link.second.next_bend(time_s) for link in self.links if isinstance(link.second, Series)]
        return min(bends)

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        states = [one.kept() for one in self._worked]
        return {
            "passed_m3": self.passed_m3.copy(),
            "flow_m3_s": self.flow_m3_s.copy(),
            "longest_s": np.array([self._longest_s]),
            "states": np.concatenate(states) if states else np.zeros(0),
        }

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        self.passed_m3[:] = kept["passed_m3"]
        self.flow_m3_s[:] = kept["flow_m3_s"]
        self._longest_s = float(kept["longest_s"][0])
        states, place = floats(kept["states"]), 0
        for one in self._worked:
            count = len(one.kept())
            one.restore(states[place : place + count])
            place += count


def _level_m(end: Watched, volume_m3: float, level_m: float) -> float:
    """Return the level of an end with a volume in it; outside the grid it stays."""
    return end.level_m(volume_m3) if isinstance(end, Pool) else level_m


def _passable(
    wanted_m3: float,
    source: Watched,
    target: Watched,
    volumes: Sequence[float],
    levels: tuple[float, float],
    sill_m: float,
) -> float:
    """Return the part of a volume after which the source is not below the sill, and the levels have not crossed."""
    upper, lower = levels
    most = wanted_m3
    if isinstance(source, Pool):
        most = min(most, volumes[0] - source.below_m3(sill_m))
    if isinstance(source, Pool) and isinstance(target, Pool):
        return _until_level(most, source, target, volumes)
    if isinstance(source, Pool):
        return min(most, volumes[0] - source.below_m3(lower))
    return min(most, target.below_m3(upper) - volumes[1]) if isinstance(target, Pool) else 0.0


def _until_level(most_m3: float, source: Pool, target: Pool, volumes: Sequence[float]) -> float:
    """Return a volume, or where the levels would cross that at which they meet, by halving."""
    low, high = 0.0, most_m3
    if source.level_m(volumes[0] - high) >= target.level_m(volumes[1] + high):
        return high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if source.level_m(volumes[0] - middle) >= target.level_m(volumes[1] + middle):
            low = middle
        else:
            high = middle
    return low
