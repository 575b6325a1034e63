"""Rain on a grid in space and time: one series for all, between gauges, on a radar's grid, or a design storm.

A rain is a row of intervals, each with rates that hold within it: rain gauges, radars and nowcasts all tell what fell
between two moments. Before the first moment and after the last one no rain falls. In space it is one number, or a
coarse frame of cells from which the grid of the flood is filled by the nearest cell or bilinearly, once in each
interval. Rates below zero, rates that are not numbers and moments that do not rise are refused by name and value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.rain import StormFormula, areal_reduction, between_gauges, chicago_mm, nearest_gauge

Fill = Literal["nearest", "bilinear"]
MM_H = 1e-3 / 3600
"""Metres per second in a millimetre per hour."""


@dataclass(frozen=True)
class Frame:
    """Where the cells of a north-up grid stand in a plane: its north-western corner and the size of its cells, m."""

    west_m: float
    north_m: float
    dx_m: float
    dy_m: float
    rows: int
    columns: int

    def __post_init__(self) -> None:
        if not (self.dx_m > 0 and self.dy_m > 0 and self.rows > 0 and self.columns > 0):
            raise ValueError(f"frame: needs cells with a size, not {self.rows} x {self.columns} of {self.dx_m} m")

    @classmethod
    def of(cls, grid: Grid, west_m: float = 0.0, north_m: float = 0.0) -> Self:
        """Return the frame of a flood's grid whose north-western corner stands there."""
        return cls(west_m, north_m, grid.dx_m, grid.dy_m, *grid.shape)

    def coarse(self, cell_m: float) -> "Frame":
        """Return a frame of square cells that covers this one."""
        rows, columns = (
            max(1, int(np.ceil(side / cell_m))) for side in (self.rows * self.dy_m, self.columns * self.dx_m)
        )
        return Frame(self.west_m, self.north_m, cell_m, cell_m, rows, columns)

    def centres_m(self) -> tuple[Floats, Floats]:
        """Return x of the columns and y of the rows, in the middle of the cells."""
        x = self.west_m + (np.arange(self.columns) + 0.5) * self.dx_m
        y = self.north_m - (np.arange(self.rows) + 0.5) * self.dy_m
        return floats(x), floats(y)

    def covers(self, other: "Frame") -> bool:
        """Whether no point of another frame lies more than a cell of this one outside."""
        west, north = other.west_m - self.west_m, self.north_m - other.north_m
        east, south = west + other.columns * other.dx_m, north + other.rows * other.dy_m
        return bool(
            min(west + self.dx_m, north + self.dy_m) >= 0
            and east <= (self.columns + 1) * self.dx_m
            and south <= (self.rows + 1) * self.dy_m
        )


@dataclass(frozen=True, eq=False)
class _Axis:
    """Between which two coarse cells each fine one lies along one side, and how far on the way to the second."""

    first: Ints
    second: Ints
    part: Floats

    @classmethod
    def of(cls, place: Floats, count: int, fill: Fill) -> "_Axis":
        """``place`` counts coarse cells from the middle of the first one. Beyond the last one its value holds."""
        held = np.clip(place, 0, count - 1)
        if fill == "nearest":
            held = np.floor(held + 0.5)
        first = np.minimum(held.astype(np.int64), max(count - 2, 0))
        return cls(first, np.minimum(first + 1, count - 1), held - first)

    def along(self, values: Floats, axis: int) -> Floats:
        """Fill one side."""
        part = self.part[:, None] if axis == 0 else self.part
        return floats(np.take(values, self.first, axis) * (1 - part) + np.take(values, self.second, axis) * part)


class Rainfall:
    """Rain in intervals; implements `anlan.science.flood.simulation.Rain`. Several runs may share one."""

    def __init__(
        self,
        edges_s: npt.ArrayLike,
        rate_mm_h: npt.ArrayLike,
        frame: Frame | None = None,
        ground: Frame | None = None,
        fill: Fill = "bilinear",
    ) -> None:
        """Take up the rain.

        Parameters
        ----------
        edges_s : (t + 1,) array
            Moments between which the rates hold.
        rate_mm_h : (t,) or (t, rows, columns) array
            Rates, on the cells of ``frame`` where they have three axes.
        frame, ground : Frame
            Where the rates stand, and where the flood's grid stands, in one plane. None where one number holds for all.
        fill
            How the cells of the flood's grid are filled from those of the frame.

        Raises
        ------
        ValueError
            If moments do not rise, a rate is negative or not a number, shapes do not fit, or the frame does not reach
            over the grid.
        """
        self.edges_s, self.rate_mm_h = checked(edges_s, rate_mm_h)
        self.frame, self.ground, self.fill = frame, ground, fill
        shape = () if frame is None else (frame.rows, frame.columns)
        if self.rate_mm_h.shape[1:] != shape or (frame is None) != (ground is None):
            raise ValueError(
                f"rate_mm_h: has {self.rate_mm_h.shape[1:]} places, the frame {shape}; a frame needs a ground"
            )
        if frame is not None and ground is not None and not frame.covers(ground):
            raise ValueError(f"frame: {frame} does not reach over the grid {ground}")
        self._axes: tuple[_Axis, _Axis] | None = None
        self._last: tuple[int, Singles] = (-1, np.zeros((0, 0), dtype=np.float32))
        self._wet = self.rate_mm_h.reshape(len(self.rate_mm_h), -1).max(axis=1) > 0

    def depth_m(self, begin_s: float, end_s: float) -> float | Singles | None:
        """Return what falls between two moments, one number or (rows, columns); None where none falls anywhere."""
        first = max(int(np.searchsorted(self.edges_s, begin_s, side="right")) - 1, 0)
        last = min(int(np.searchsorted(self.edges_s, end_s, side="left")), len(self.rate_mm_h))
        parts = [
            (step, min(end_s, self.edges_s[step + 1]) - max(begin_s, self.edges_s[step]))
            for step in range(first, last)
            if self._wet[step]
        ]
        parts = [(step, float(seconds)) for step, seconds in parts if seconds > 0]
        if not parts:
            return None
        if self.frame is None:
            return float(sum(self.rate_mm_h[step] * seconds for step, seconds in parts) * MM_H)
        return self._filled(parts)

    def _filled(self, parts: Sequence[tuple[int, float]]) -> Singles:
        step, seconds = parts[0]
        fallen = self._rate_m_s(step) * np.float32(seconds)
        for other, more in parts[1:]:
            fallen += self._rate_m_s(other) * np.float32(more)
        return fallen

    def _rate_m_s(self, step: int) -> Singles:
        last, field = self._last
        if step != last:
            rows, columns = self._axes or self._laid()
            values = columns.along(rows.along(self.rate_mm_h[step], 0), 1)
            field = (values * MM_H).astype(np.float32)
            self._last = step, field  # in one go: another run may look at it now
        return field

    def _laid(self) -> tuple[_Axis, _Axis]:
        frame, ground = self.frame, self.ground
        if frame is None or ground is None:
            raise TypeError("rain that is one number for all has no axes")
        x, y = ground.centres_m()
        self._axes = (
            _Axis.of((frame.north_m - y) / frame.dy_m - 0.5, frame.rows, self.fill),
            _Axis.of((x - frame.west_m) / frame.dx_m - 0.5, frame.columns, self.fill),
        )
        return self._axes

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which the rain changes; infinity after the last."""
        later = int(np.searchsorted(self.edges_s, time_s, side="right"))
        return float(self.edges_s[later]) if later < len(self.edges_s) else np.inf

    def varied(
        self, *, factor: float = 1.0, east_m: float = 0.0, north_m: float = 0.0, later_s: float = 0.0
    ) -> "Rainfall":
        """Return a member of an ensemble: more or less rain, moved, later or earlier.

        Cells into which no rain is moved from within the frame take that of its nearest cell. One number for all cannot
        be moved and stays what it is.

        Raises
        ------
        ValueError
            If the factor is negative or a number is not finite.
        """
        if not (factor >= 0 and np.isfinite([factor, east_m, north_m, later_s]).all()):
            raise ValueError(f"factor: must not be negative, and all must be finite, not {factor}")
        made = Rainfall(self.edges_s + later_s, self.rate_mm_h * factor, self.frame, self.ground, self.fill)
        if self.frame is not None:
            made.frame = replace(self.frame, west_m=self.frame.west_m + east_m, north_m=self.frame.north_m + north_m)
        return made


def checked(edges_s: npt.ArrayLike, rate_mm_h: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return moments and rates, or refuse them.

    Raises
    ------
    ValueError
        If moments do not rise, or a rate is negative, infinite or not a number: with its place and value.
    """
    edges, rates = np.atleast_1d(floats(edges_s)), np.atleast_1d(floats(rate_mm_h))
    if edges.ndim != 1 or len(edges) != len(rates) + 1 or len(rates) == 0:
        raise ValueError(f"edges_s: {len(rates)} intervals need {len(rates) + 1} moments, not {edges.shape}")
    if not np.isfinite(edges).all():
        number = int(np.flatnonzero(~np.isfinite(edges))[0])
        raise ValueError(f"edges_s: moment {number} is {edges[number]}; moments must be finite")
    falls = np.flatnonzero(np.diff(edges) <= 0)
    if len(falls):
        number = int(falls[0])
        raise ValueError(f"edges_s: moments must rise, but after {edges[number]} s comes {edges[number + 1]} s")
    wrong = ~(np.isfinite(rates) & (rates >= 0))
    if wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        where = f" at row {place[1]}, column {place[2]}" if rates.ndim == 3 else ""
        raise ValueError(
            f"rate_mm_h: the rain from {edges[place[0]]} s to {edges[place[0] + 1]} s{where} is {rates[place]}; "
            "it must be a number, and not below zero"
        )
    return edges, rates


def everywhere(edges_s: npt.ArrayLike, rate_mm_h: npt.ArrayLike) -> Rainfall:
    """Return one rain for the whole grid: (t + 1,) moments and (t,) rates between them."""
    return Rainfall(edges_s, rate_mm_h)


def gauged(
    edges_s: npt.ArrayLike,
    rate_mm_h: npt.ArrayLike,
    gauge_xy_m: npt.ArrayLike,
    ground: Frame,
    *,
    block_m: float,
    power: float | None = 2.0,
    nearest: int = 8,
) -> Rainfall:
    """Return rain between gauges, worked out at the middles of coarse blocks.

    Parameters
    ----------
    edges_s : (t + 1,) array
    rate_mm_h : (t, g) array
        NaN while a gauge is silent: the others then stand in for it.
    gauge_xy_m : (g, 2) array
        Places in the plane of ``ground``; they may lie outside.
    ground : Frame
    block_m : float
        Side of the blocks; rain between their middles is bilinear.
    power : float or None
        Of the inverse distance (`anlan.science.rain.between_gauges`); None gives each block the rain of its nearest
        gauge (Thiessen).
    nearest : int
        How many gauges count at a place.

    Raises
    ------
    ValueError
        As `Rainfall`, naming the gauge; if all gauges are silent at once; if places do not fit.
    """
    rates, gauges = floats(rate_mm_h), floats(gauge_xy_m).reshape(-1, 2)
    if rates.ndim != 2 or rates.shape[1] != len(gauges) or not np.isfinite(gauges).all():
        raise ValueError(f"gauge_xy_m: {rates.shape} rates need as many finite places, not {gauges.shape}")
    wrong = np.argwhere((rates < 0) | np.isinf(rates))
    if len(wrong):
        step, gauge = (int(index) for index in wrong[0])
        raise ValueError(
            f"rate_mm_h: gauge {gauge} tells {rates[step, gauge]} in interval {step}; must not be below zero"
        )
    silent = np.flatnonzero(np.isnan(rates).all(axis=1))
    if len(silent):
        raise ValueError(f"rate_mm_h: all gauges are silent in interval {int(silent[0])}; what fell then is not known")
    frame = ground.coarse(block_m)
    x, y = frame.centres_m()
    middles = np.column_stack([np.tile(x, frame.rows), np.repeat(y, frame.columns)])
    blocks = [
        nearest_gauge(row, gauges, middles)
        if power is None
        else between_gauges(row, gauges, middles, power=power, nearest=nearest)
        for row in rates
    ]
    field = np.reshape(blocks, (len(rates), frame.rows, frame.columns))
    return Rainfall(edges_s, field, frame, ground, "nearest" if power is None else "bilinear")


def radar(
    edges_s: npt.ArrayLike,
    rate_mm_h: npt.ArrayLike,
    frame: Frame,
    ground: Frame,
    *,
    fill: Fill = "bilinear",
    blind_mm_h: float | None = None,
) -> Rainfall:
    """Return rain on a radar's or a nowcast's own grid and time steps.

    Parameters
    ----------
    edges_s : (t + 1,) array
    rate_mm_h : (t, rows, columns) array
        On the cells of ``frame``.
    blind_mm_h : float or None
        The rate where the radar is blind (NaN); without it NaN is refused.

    Raises
    ------
    ValueError
        As `Rainfall`.
    """
    rates = floats(rate_mm_h)
    if blind_mm_h is not None:
        rates = np.where(np.isnan(rates), blind_mm_h, rates)
    return Rainfall(edges_s, rates, frame, ground, fill)


def design_storm(
    formula: StormFormula,
    years: float,
    *,
    minutes: float,
    step_minutes: float,
    peak: float,
    begin_s: float = 0.0,
    area_km2: float = 0.0,
) -> Rainfall:
    """Return a Chicago storm (`anlan.science.rain.chicago_mm`), the same everywhere.

    Parameters
    ----------
    formula : StormFormula
        Of the place.
    years, minutes, step_minutes, peak : float
        Return period, length, step and part before the peak.
    begin_s : float
        When the storm begins.
    area_km2 : float
        The depth is that of a point, less what `anlan.science.rain.areal_reduction` takes off over this area.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    depth = chicago_mm(formula, years, minutes=minutes, step_minutes=step_minutes, peak=peak)
    edges = np.append(np.arange(0, minutes, step_minutes), minutes) * 60
    rate = depth / np.diff(edges) * 3600 * areal_reduction(area_km2, minutes / 60)
    return Rainfall(begin_s + edges, rate)
