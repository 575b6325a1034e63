"""Spaces under the street that are smaller than a cell: basements, underpasses, metro entrances.

Each is a volume behind a sill. Water of the street falls over the sill (a weir, drowned by what stands within) until it
is full; where the street's water sinks below what stands above the sill, it runs back. What is below the sill leaves by
a pump only. The water within is not on the grid; it is reported by name, in the order in which it arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anlan.science.compiled import Singles
from anlan.science.flood.links import Pool
from anlan.science.flood.openings import Weir
from anlan.science.flood.simulation import Exchanged, Kept

_FULL = 1 - 1e-6
_NEVER = np.nan


@dataclass(frozen=True)
class StoragePump:
    """A pump in a storage: it runs while there is water above its level, and fails at a moment.

    ``to_street`` lifts the water back to the street's cells; else it leaves the grid (into a drain, say).
    """

    discharge_m3_s: float
    stop_depth_m: float = 0.0
    fails_s: float = np.inf
    to_street: bool = False


@dataclass(frozen=True, eq=False)
class Storage:
    """A space with upright walls.

    Attributes
    ----------
    name : str
    street : Pool
        The cells that its opening stands in.
    sill : Weir
        The opening: crest and breadth of the sill, or of the top of flood boards.
    floor_m : float
    area_m2, capacity_m3 : float
        Of the floor; of the whole space: its ceiling is at floor + capacity / area.
    pump : StoragePump or None

    Raises
    ------
    ValueError
        If the area or the capacity is not above 0, or the floor not below the sill.
    """

    name: str
    street: Pool
    sill: Weir
    floor_m: float
    area_m2: float
    capacity_m3: float
    pump: StoragePump | None = None

    def __post_init__(self) -> None:
        if not (self.area_m2 > 0 and self.capacity_m3 > 0):
            raise ValueError(f"{self.name}: area and capacity must be above 0")
        if not self.floor_m < self.sill.crest_m:
            raise ValueError(f"{self.name}: the floor must be below the sill")

    def level_m(self, volume_m3: float) -> float:
        """Return the level within."""
        return self.floor_m + volume_m3 / self.area_m2

    def below_m3(self, level_m: float) -> float:
        """Return the volume below a level."""
        return float(np.clip((level_m - self.floor_m) * self.area_m2, 0.0, self.capacity_m3))


@dataclass(frozen=True)
class StorageReport:
    """What happened in a storage so far; moments are NaN where it did not happen."""

    name: str
    first_water_s: float
    filled_s: float
    volume_m3: float
    depth_m: float
    peak_depth_m: float
    let_in_m3: float
    pumped_m3: float


_COLUMNS = ("volume", "first", "filled", "peak", "let_in", "pumped")


class Storages:
    """All storages of a case: an `Exchange`.

    Raises
    ------
    ValueError
        If two storages have one name.
    """

    def __init__(self, storages: Sequence[Storage], *, name: str = "storages") -> None:
        """Take the storages, all empty."""
        if len({storage.name for storage in storages}) != len(storages):
            raise ValueError(f"{name}: two storages have one name")
        self.name, self.storages = name, tuple(storages)
        self._state = {column: np.zeros(len(storages)) for column in _COLUMNS}
        self._state["first"][:] = self._state["filled"][:] = _NEVER

    @property
    def volume_m3(self) -> float:
        """Water in all storages."""
        return float(self._state["volume"].sum())

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:  # noqa: ARG002
        """Let water in, back and out for the block."""
        left, cells, rates = 0.0, [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
        for number, storage in enumerate(self.storages):
            taken, back = self._open(number, storage, begin_s, end_s, depth_m)
            lifted = self._pump(number, storage, begin_s, end_s)
            to_street = back + (lifted if storage.pump is not None and storage.pump.to_street else 0.0)
            if to_street > 0:
                level = storage.street.level_m(storage.street.volume_m3(depth_m))
                where, rate = storage.street.rates(to_street, level, end_s - begin_s)
                cells.append(where)
                rates.append(rate)
            left += taken - to_street
        return Exchanged(left, np.concatenate(cells), np.concatenate(rates))

    def _open(
        self, number: int, storage: Storage, begin_s: float, end_s: float, depth_m: Singles
    ) -> tuple[float, float]:
        """Return what ran in, taken from the depths already, and what runs back."""
        state, seconds = self._state, end_s - begin_s
        street, held = storage.street.volume_m3(depth_m), float(state["volume"][number])
        outer, inner = storage.street.level_m(street), storage.level_m(held)
        flow = storage.sill.flow_m3_s(outer, inner)
        if flow < 0:
            back = min(-flow * seconds, held - storage.below_m3(max(storage.sill.crest_m, outer)))
            back = min(back, _meeting(storage, street, held, back, sign=-1))
            state["volume"][number] = held - back
            return 0.0, back
        room = storage.capacity_m3 - held
        wanted = min(flow * seconds, room, street - storage.street.below_m3(storage.sill.crest_m))
        taken = storage.street.take(depth_m, _meeting(storage, street, held, wanted, sign=1)) if wanted > 0 else 0.0
        if taken > 0:
            self._note(number, storage, begin_s, seconds, flow, taken)
        return taken, 0.0

    def _note(self, number: int, storage: Storage, begin_s: float, seconds: float, flow: float, taken: float) -> None:
        state = self._state
        held = float(state["volume"][number])
        state["volume"][number] = held + taken
        state["let_in"][number] += taken
        state["peak"][number] = max(state["peak"][number], (held + taken) / storage.area_m2)
        if np.isnan(state["first"][number]):
            state["first"][number] = begin_s
        if np.isnan(state["filled"][number]) and held + taken >= _FULL * storage.capacity_m3:
            state["filled"][number] = begin_s + min(seconds, (storage.capacity_m3 - held) / flow)

    def _pump(self, number: int, storage: Storage, begin_s: float, end_s: float) -> float:
        pump, held = storage.pump, float(self._state["volume"][number])
        if pump is None or begin_s >= pump.fails_s:
            return 0.0
        most = max(0.0, held - pump.stop_depth_m * storage.area_m2)
        lifted = min(pump.discharge_m3_s * (end_s - begin_s), most)
        self._state["volume"][number] = held - lifted
        self._state["pumped"][number] += lifted
        return lifted

    def reports(self) -> list[StorageReport]:
        """Return what happened, in the order in which water arrived; dry ones last, by name."""
        state = self._state
        found = [
            StorageReport(
                storage.name,
                float(state["first"][k]),
                float(state["filled"][k]),
                float(state["volume"][k]),
                float(state["volume"][k]) / storage.area_m2,
                float(state["peak"][k]),
                float(state["let_in"][k]),
                float(state["pumped"][k]),
            )
            for k, storage in enumerate(self.storages)
        ]
        return sorted(found, key=lambda one: (np.nan_to_num(one.first_water_s, nan=np.inf), one.name))

    def next_bend(self, time_s: float) -> float:
        """Return when the next pump fails."""
        fails = [storage.pump.fails_s for storage in self.storages if storage.pump is not None]
        return min((moment for moment in fails if moment > time_s), default=np.inf)

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        return {column: values.copy() for column, values in self._state.items()}

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        for column, values in self._state.items():
            values[:] = kept[column]


def _meeting(storage: Storage, street_m3: float, held_m3: float, wanted_m3: float, *, sign: int) -> float:
    """Return a volume, or that at which the levels within and without are equal, by halving; -1 for the way back."""

    def crossed(volume: float) -> bool:
        outer = storage.street.level_m(street_m3 - sign * volume)
        return sign * (outer - storage.level_m(held_m3 + sign * volume)) < 0

    if not crossed(wanted_m3):
        return wanted_m3
    low, high = 0.0, wanted_m3
    for _ in range(48):
        middle = (low + high) / 2
        low, high = (low, middle) if crossed(middle) else (middle, high)
    return low
