"""Synthetic ground of a flat delta city, from a seed: no survey of any city, for measurements and tests only.

The numbers are those of this project's standard case, so that runs of different programs and sizes compare: ground at
4 m with waves of 4 km and 600 m and noise, streets 0.20 m below it, buildings 3 m above, canals 2.2 m deep, pits of
underpasses 2.5 m deep. Positions are in metres, so the same seed at another cell size gives the same plan of the city,
as far as its cells can show it, with other noise.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.compiled import Singles

_GROUND_M, _NOISE_M = 4.0, 0.02
_WAVES = ((4000.0, 0.55), (600.0, 0.18))  # length and height, m
_STREET_M, _STREET_DEPTH_M = 10.0, 0.20
_BLOCK_M = (74.0, 122.0)  # between streets; with streets of 10 m they cover 18 % of the ground
_LOT_M, _BUILT = 40.0, 0.94  # a lot, and how many of them have a building
_SIDES_M = (10.0, 20.0, 30.0)  # of buildings
_BUILDING_M = 3.0
_CANAL_M, _CANAL_DEPTH_M = 50.0, 2.2
_CANAL_EVERY_M = 1225.0  # in both directions: 8 % of the ground
_BENDS_M = (150.0, 2500.0)  # how far a canal swings, and the length of its bends
_PITS_PER_KM2, _PIT_DEPTH_M, _PIT_M = 0.3, 2.5, 30.0


class Kind(IntEnum):
    """What a cell is."""

    OPEN = 0
    BUILDING = 1
    STREET = 2
    CANAL = 3
    PIT = 4


@dataclass(frozen=True, eq=False)
class SyntheticCity:
    """Heights (m, float32) and kinds (`Kind`) of cells, (rows, columns)."""

    bed_m: Singles
    kind: npt.NDArray[np.uint8]
    cell_m: float


def synthetic_city(rows: int, columns: int, cell_m: float, seed: int) -> SyntheticCity:
    """Return a synthetic city.

    Raises
    ------
    ValueError
        If there are no cells, or cells have no size.
    """
    if rows < 1 or columns < 1 or not cell_m > 0:
        raise ValueError(f"synthetic city: needs cells with a size, not {rows} x {columns} of {cell_m} m")
    plan = np.random.default_rng(seed)
    y, x = (floats((np.arange(count) + 0.5) * cell_m) for count in (rows, columns))
    kind = _buildings(plan, y, x)
    streets = _lines(plan, rows * cell_m), _lines(plan, columns * cell_m)
    kind[_within(y, streets[0], _STREET_M), :] = Kind.STREET
    kind[:, _within(x, streets[1], _STREET_M)] = Kind.STREET
    bed = _waves(plan, y, x)
    _canals(plan, kind, y, x)
    _canals(plan, kind.T, x, y)
    _pits(plan, kind, streets, (rows * cell_m, columns * cell_m), cell_m)
    heights = np.zeros(len(Kind), dtype=np.float32)
    heights[[Kind.BUILDING, Kind.STREET, Kind.CANAL, Kind.PIT]] = (
        *(_BUILDING_M, -_STREET_DEPTH_M, -_CANAL_DEPTH_M, -_PIT_DEPTH_M),
    )
    noise = np.random.default_rng([seed, rows, columns])
    for i in range(rows):  # row by row, for a city of many cells
        bed[i] += heights[kind[i]] + np.float32(_NOISE_M) * noise.standard_normal(columns, dtype=np.float32)
    return SyntheticCity(bed, kind, cell_m)


def _waves(plan: np.random.Generator, y: Floats, x: Floats) -> Singles:
    found = np.full((len(y), len(x)), _GROUND_M, dtype=np.float32)
    for length, height in _WAVES:
        down, along = plan.uniform(0, 2 * np.pi, 2)
        rises = np.float32(height) * np.sin(2 * np.pi * y / length + down).astype(np.float32)
        found += rises[:, None] * np.sin(2 * np.pi * x / length + along).astype(np.float32)
    return found


def _lines(plan: np.random.Generator, length_m: float) -> Floats:
    """Return the middles of streets along one side, more than enough of them."""
    blocks = plan.uniform(*_BLOCK_M, int(length_m / _BLOCK_M[0]) + 2)
    return np.cumsum(blocks) - plan.uniform(0, _BLOCK_M[0])


def _within(place: Floats, lines: Floats, breadth_m: float) -> npt.NDArray[np.bool_]:
    """Return which places are within half a breadth of a line."""
    after = np.searchsorted(lines, place)
    near = np.minimum(
        np.abs(place - lines[np.minimum(after, len(lines) - 1)]), np.abs(place - lines[np.maximum(after - 1, 0)])
    )
    return near <= breadth_m / 2


def _buildings(plan: np.random.Generator, y: Floats, x: Floats) -> npt.NDArray[np.uint8]:
    lots: tuple[Ints, Ints] = (y // _LOT_M).astype(np.int64), (x // _LOT_M).astype(np.int64)
    shape = int(lots[0][-1]) + 1, int(lots[1][-1]) + 1
    built = plan.random(shape) < _BUILT
    tall, broad = plan.choice(_SIDES_M, shape), plan.choice(_SIDES_M, shape)
    kind = np.full((len(y), len(x)), Kind.OPEN, dtype=np.uint8)
    for i in range(len(y)):
        lot = lots[0][i]
        stands = built[lot] & (y[i] - lot * _LOT_M < tall[lot])
        kind[i] = Kind.BUILDING * (stands[lots[1]] & (x - lots[1] * _LOT_M < broad[lot, lots[1]]))
    return kind


def _canals(plan: np.random.Generator, kind: npt.NDArray[np.uint8], y: Floats, x: Floats) -> None:
    """Dig canals that swing about lines of one y."""
    swing, bend = _BENDS_M
    for middle in np.arange(_CANAL_EVERY_M / 2, y[-1] + swing, _CANAL_EVERY_M):
        line = middle + swing * np.sin(2 * np.pi * x / bend + plan.uniform(0, 2 * np.pi))
        reach = swing + _CANAL_M
        rows = np.flatnonzero(np.abs(y - middle) <= reach)
        kind[rows] = np.where(np.abs(y[rows, None] - line) <= _CANAL_M / 2, np.uint8(Kind.CANAL), kind[rows])


def _pits(
    plan: np.random.Generator,
    kind: npt.NDArray[np.uint8],
    streets: tuple[Floats, Floats],
    extent_m: tuple[float, float],
    cell_m: float,
) -> None:
    """Sink short pieces of streets that run along the rows."""
    count = round(_PITS_PER_KM2 * extent_m[0] * extent_m[1] / 1e6)
    lines = streets[0][(streets[0] > _STREET_M) & (streets[0] < extent_m[0] - _STREET_M)]
    if len(lines) == 0:
        return
    for line, begin in zip(plan.choice(lines, count), plan.uniform(0, extent_m[1], count), strict=True):
        rows = slice(round((line - _STREET_M / 2) / cell_m), max(1, round((line + _STREET_M / 2) / cell_m)))
        columns = slice(int(begin / cell_m), int((begin + _PIT_M) / cell_m))
        part = kind[rows, columns]
        part[part != Kind.CANAL] = Kind.PIT
