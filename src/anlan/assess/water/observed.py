"""Gauges in the water: where depths are observed, and how they correct the water that the model carries."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from anlan.assess.water.district import District
from anlan.assess.water.members import Surface
from anlan.city.city import City
from anlan.kernel.actions import Reader
from anlan.science.arrays import Ints, floats
from anlan.science.flood.assimilation import Errors, Gauges, analysed
from anlan.sense import queries as sense

_DEPTH = "ponding_depth"
_ERRORS = ("model_error", "gauge_error", "error_reach")


@dataclass(frozen=True)
class Correction:
    """What the gauges changed: how many were heard, the mean absolute misfit before and after, water added."""

    gauges: int = 0
    before_m: float = 0.0
    after_m: float = 0.0
    added_m3: float = 0.0


def watched_cells(reader: Reader, city: City) -> Ints:
    """Return the cells of the city's grid that have a gauge of depth, each once, in rising order."""
    gauges = sense.sensor_list(reader, quantity=_DEPTH)
    rows, columns = city.terrain.cells([one["lon"] for one in gauges], [one["lat"] for one in gauges])
    cells = np.where(rows < 0, -1, rows * city.terrain.shape[1] + columns)
    return np.unique(cells[cells >= 0])


def corrected(reader: Reader, city: City, district: District, now: Surface) -> tuple[Correction, Surface]:
    """Return the water drawn towards what the gauges told last, and what that changed."""
    gauges = _newest(reader, city, district)
    bed = np.where(district.water, np.float32(np.nan), district.bed_m)
    errors = Errors(*(float(reader.catalog.setting(f"forecast.{name}_m")) for name in _ERRORS))
    depth = analysed(now.depth_m, bed, district.cell_m, gauges, errors)
    misfits = [np.abs(gauges.depth_m - field.ravel()[gauges.cell]) for field in (now.depth_m, depth)]
    before, after = (float(misfit.mean()) if len(misfit) else 0.0 for misfit in misfits)
    added = float((depth - now.depth_m).sum(dtype=np.float64)) * district.cell_m**2
    return Correction(len(gauges.cell), before, after, added), replace(now, depth_m=depth)


def _newest(reader: Reader, city: City, district: District) -> Gauges:
    """Return the mean depth of each cell of the cut in which a gauge spoke lately."""
    since = reader.now - timedelta(minutes=float(reader.catalog.setting("forecast.gauge_age_min")))
    heard = {one.sensor: one.value for one in sense.hourly(reader, _DEPTH, since, reader.now, "last")}
    gauges = [one for one in sense.sensor_list(reader, quantity=_DEPTH) if one["id"] in heard]
    rows, columns = city.terrain.cells([one["lon"] for one in gauges], [one["lat"] for one in gauges])
    cells = district.local(np.where(rows < 0, -1, rows * city.terrain.shape[1] + columns).astype(np.int64))
    land = (cells >= 0) & ~district.water.ravel()[np.maximum(cells, 0)]
    depth = np.maximum([heard[one["id"]] for one in gauges], 0.0)[land] if gauges else np.zeros(0)
    places, which = np.unique(cells[land], return_inverse=True)
    return Gauges(places, floats(np.bincount(which, depth, len(places)) / np.maximum(np.bincount(which), 1)))
