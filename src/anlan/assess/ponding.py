"""Rain on the city's hollows and drains, three times: with a low, a best and a high reading of what is uncertain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from anlan.assess.forcing import HOUR_S, Forcing, Hours
from anlan.assess.ground import Ground
from anlan.catalog.catalog import Catalog
from anlan.city.terrain import Towns
from anlan.science.arrays import Floats, Ints
from anlan.science.ponding import Drains, Water, depth_grid_m, outfall_blocked, step

Bound = Literal["low", "best", "high"]
BOUNDS: tuple[Bound, ...] = ("low", "best", "high")


@dataclass(frozen=True)
class Ponding:
    """Greatest water in the hours that a forecast tells about.

    Attributes
    ----------
    depth_m : (3, cells of bluespots) array
        Low, best and high, in the order of ``bluespots.cell``.
    asset_depth_m : (3, assets) array
        At the assets; 0 off the grid.
    peak_s : float
        End of the hour in which the best estimate holds most water in the bluespots asked about.
    """

    depth_m: Floats
    asset_depth_m: Floats
    peak_s: float


def factors(catalog: Catalog) -> Mapping[Bound, tuple[float, float]]:
    """Return, for each bound, what expected rain and drain capacity are multiplied by."""
    return {
        bound: (
            float(catalog.setting(f"forecast.rain_factor.{bound}")),
            float(catalog.setting(f"forecast.drain_factor.{bound}")),
        )
        for bound in BOUNDS
    }


def ponding(catalog: Catalog, towns: Towns, ground: Ground, hours: Hours, driven: Forcing, about: Ints) -> Ponding:
    """Run the three readings through the hours.

    Parameters
    ----------
    towns
        What each town drains and stores.
    about
        Numbers of the bluespots whose peak is wanted.
    """
    blocked = _blocked(catalog, ground, driven.outfall_m)
    capacity, storage = ground.on_catchments(towns.drain_mm_h), ground.on_catchments(towns.storage_mm)
    depths, at_assets, peak_s = [], [], hours.now_s
    for bound, (rain_factor, drain_factor) in factors(catalog).items():
        rain_mm = driven.fallen_mm + driven.expected_mm * rain_factor
        drains = Drains(capacity * drain_factor, storage)
        most, volumes = _run(ground, hours, rain_mm, drains, blocked, about)
        grid = depth_grid_m(ground.bluespots, most).ravel()
        depths.append(grid[ground.bluespots.cell])
        at_assets.append(np.where(ground.asset_cell < 0, 0.0, grid[ground.asset_cell]))
        if bound == "best":
            peak_s = float(hours.starts_s[int(np.argmax(volumes))]) + HOUR_S
    return Ponding(np.stack(depths), np.stack(at_assets), peak_s)


def _run(
    ground: Ground, hours: Hours, rain_mm: Floats, drains: Drains, blocked: Floats, about: Ints
) -> tuple[Floats, Floats]:
    """Return the most water in each bluespot in the hours that count, and hourly the water in those asked about."""
    spots, water = ground.bluespots, Water.none(ground.bluespots)
    most, volumes = np.zeros(len(spots) + 1), np.zeros(len(rain_mm))
    runoff_m3 = ground.on_catchments(rain_mm) * 1e-3 * ground.area_m2
    for hour, counts in enumerate(hours.counts):
        water = step(spots, water, runoff_m3[hour], drains, hours=1.0, outfall_blocked=blocked[hour]).water
        if counts:
            most = np.maximum(most, water.ponded_m3)
            volumes[hour] = water.ponded_m3[about].sum()
    return most, volumes


def _blocked(catalog: Catalog, ground: Ground, outfall_m: Floats) -> Floats:
    """Return the part of each catchment's drains that the receiving water takes away, (hours, b + 1)."""
    below, pumped = (float(catalog.setting(f"flood.{name}")) for name in ("outfall_below_street_m", "pumped_share"))
    low = np.nan_to_num(outfall_m, nan=-np.inf)
    part = outfall_blocked(low, outfall_m=ground.street_m - below, street_m=ground.street_m)
    return np.clip(ground.on_catchments(part * (1 - pumped)), 0.0, 1.0)
