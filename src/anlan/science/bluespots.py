"""What is known of a terrain's bluespots, however it was found; see `anlan.science.depressions`."""

from dataclasses import dataclass

from anlan.science.arrays import Floats, Ints


@dataclass(frozen=True)
class Bluespots:
    """The depressions of a grid, numbered 1 to ``b``; number 0 is the outside.

    Attributes
    ----------
    shape : (rows, columns)
    cell_m2 : float
        Area of a cell.
    catchment : (rows, columns) array of int
        The bluespot that rain on a cell runs to; 0 where it runs out of the grid, -1 on cells that are not part of it.
    label : (rows, columns) array of int
        The bluespot that a cell is part of, or 0.
    downstream : (b + 1,) array of int
        The bluespot that each spills to.
    generation : (b + 1,) array of int
        Every bluespot has a lower generation than the one that it spills to.
    sill_m, bottom_m, capacity_m3 : (b + 1,) arrays
        Level at which it spills, its lowest ground, and what it holds then. Of the outside: NaN, NaN, inf.
    catchment_m2 : (b + 1,) array
        Area of its catchment without those upstream.
    pour_cell : (b + 1,) array of int
        The cell of the sill over which it spills, counted row by row; -1 for the outside.
    cell, height_m : (w,) arrays
        The cells of the bluespots, by bluespot and then by height above its bottom, and those heights.
    first : (b + 2,) array of int
        Where the cells of each bluespot begin in `cell`.
    volume_m3 : (w,) array
        The water in the bluespot when its level stands at that cell's height.
    """

    shape: tuple[int, int]
    cell_m2: float
    catchment: Ints
    label: Ints
    downstream: Ints
    generation: Ints
    sill_m: Floats
    bottom_m: Floats
    capacity_m3: Floats
    catchment_m2: Floats
    pour_cell: Ints
    cell: Ints
    height_m: Floats
    first: Ints
    volume_m3: Floats

    def __len__(self) -> int:
        return len(self.downstream) - 1
