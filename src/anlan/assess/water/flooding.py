"""What an ensemble says together: depth with its spread, chances of exceeding, arrival, frames."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.assess.water.district import District
from anlan.assess.water.members import Run
from anlan.science.arrays import Bools, Floats, Ints
from anlan.science.compiled import Singles
from anlan.science.flood.ensemble import Failure, exceedance, quantiles

SPREAD = (0.1, 0.5, 0.9)
"""Low, best and high: the members' tenth, fiftieth and ninetieth percentile."""


@dataclass(frozen=True, eq=False)
class Coarse:
    """The members' runs on cells ``factor`` times as wide as the control's, the control's own first.

    What a member changes is read off there, and added to the control on its fine cells: the ensemble costs less than
    its control, and keeps its detail.
    """

    factor: int
    runs: tuple[Run, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, eq=False)
class Flooding:
    """Greatest water in the hours that a forecast tells about, on the wet land of the areas asked about.

    Attributes
    ----------
    cell : (n,) array
        Cells in the city's grid, counted row by row.
    depth_m : (3, n) array
        Low, best and high, cell by cell.
    member_depth_m : (members, n) array
    chance : (thresholds, n) array
        Share of members that reach each of ``thresholds_m``.
    arrival_s : (n,) array
        When the control first reaches ``arrival_m``; NaN for never.
    frames_s, frames_m : (f,) and (f, n) arrays
        The control's depth at moments.
    asset_depth_m : (3, assets) array
        At the city's assets; 0 off the land looked at. ``asset_chance`` (thresholds, assets), ``asset_arrival_s``
        (assets,) are the same for chance and arrival.
    watched, looks_s, series_m
        Cells of the city's grid, moments, and depths (members, looks, cells) there.
    peak_s : float
        When the control holds most water on the land asked about.
    """

    cell: Ints
    depth_m: Floats
    member_depth_m: Singles
    thresholds_m: tuple[float, ...]
    chance: npt.NDArray[np.float32]
    arrival_s: Floats
    frames_s: Floats
    frames_m: Singles
    asset_depth_m: Floats
    asset_chance: npt.NDArray[np.float32]
    asset_arrival_s: Floats
    watched: Ints
    looks_s: Floats
    series_m: Singles
    peak_s: float
    failures: tuple[Failure, ...]
    members: int
    mass_error: float


def together(
    district: District,
    control: Run,
    coarse: Coarse,
    *,
    thresholds_m: tuple[float, ...],
    frames_s: Floats,
    watched: Ints,
    looks_s: Floats,
    asset_cell: Ints,
    least_m: float,
) -> Flooding:
    """Put the control and the members together; ``asset_cell`` and ``watched`` are cells of the city's grid, or -1.

    Cells where no member reaches ``least_m`` count as dry.
    """
    changes = np.stack([run.peak_m for run in coarse.runs]) - coarse.runs[0].peak_m
    peaks = np.maximum(control.peak_m + district.fine(np.nan_to_num(changes), coarse.factor), 0)
    wet = district.own & (peaks.max(axis=0) >= least_m)
    here = district.local(asset_cell)
    at_assets = _taken(peaks.reshape(len(peaks), -1), here)
    arrival = control.arrival_s.ravel()
    series = np.stack([run.series_m for run in coarse.runs]) - coarse.runs[0].series_m + control.series_m
    return Flooding(
        cell=district.cell[wet].astype(np.int64),
        depth_m=quantiles(peaks[:, wet], SPREAD),
        member_depth_m=peaks[:, wet],
        thresholds_m=thresholds_m,
        chance=exceedance(peaks[:, wet], thresholds_m),
        arrival_s=control.arrival_s[wet],
        frames_s=frames_s,
        frames_m=control.frames_m[:, wet],
        asset_depth_m=quantiles(at_assets, SPREAD),
        asset_chance=exceedance(at_assets, thresholds_m),
        asset_arrival_s=np.where(here < 0, np.nan, arrival[np.where(here < 0, 0, here)]),
        watched=watched,
        looks_s=looks_s,
        series_m=np.maximum(series, 0),
        peak_s=control.most_at_s,
        failures=coarse.failures,
        members=len(coarse.runs),
        mass_error=max(abs(run.mass_error) for run in (control, *coarse.runs)),
    )


def _taken(fields: Singles, cells: Ints) -> Singles:
    """Return (members, cells) of fields (members, all cells); 0 where the cell is -1."""
    off: Bools = cells < 0
    return np.where(off, np.float32(0), fields[:, np.where(off, 0, cells)])
