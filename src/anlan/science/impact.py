"""Impact = hazard x exposure x vulnerability, kept as three things.

The hazard is an intensity at each asset (depth of water, speed of wind); the exposure is what stands there (people,
value); the vulnerability is a curve from intensity to the part that is harmed, with a low, a best and a high reading.
`impact` puts the three together, `by_area` sums.

References
----------
H17: Huizinga, de Moel and Szewczyk (2017), Global flood depth-damage functions, JRC, EUR 28552 EN,
doi:10.2760/16510.
C10: Cox, Shand and Blacka (2010), Appropriate safety criteria for people, Australian Rainfall and Runoff, project 10,
report P10/S1/006.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, floats


@dataclass(frozen=True)
class Vulnerability:
    """The part of the exposed that is harmed, 0 to 1, against intensity: three polygons over the same knots.

    Below the first knot the first value holds, above the last knot the last.

    Raises
    ------
    ValueError
        If knots do not rise, lengths differ, parts are outside 0 to 1, or low, best and high are not in that order.
    """

    intensity: tuple[float, ...]
    low: tuple[float, ...]
    best: tuple[float, ...]
    high: tuple[float, ...]
    unit: str
    source: str

    def __post_init__(self) -> None:
        if any(len(part) != len(self.intensity) for part in (self.low, self.best, self.high)):
            raise ValueError("vulnerability: low, best, high need one value for each knot")
        rows = np.array([np.zeros_like(self.low), self.low, self.best, self.high, np.ones_like(self.low)])
        if len(self.intensity) == 0 or np.any(np.diff(self.intensity) <= 0):
            raise ValueError("vulnerability: knots must rise")
        if not np.all(np.diff(rows, axis=0) >= 0):
            raise ValueError("vulnerability: 0 <= low <= best <= high <= 1 must hold at every knot")

    def parts(self, intensity: npt.ArrayLike) -> Floats:
        """Return low, best and high parts at intensities, shape (3, ...); NaN stays NaN."""
        given = floats(intensity)
        return np.stack([np.interp(given, self.intensity, row) for row in (self.low, self.best, self.high)])


@dataclass(frozen=True)
class Impact:
    """Low, best and high estimate of what is harmed: arrays of one shape, in the unit of the exposure."""

    low: Floats
    best: Floats
    high: Floats


# H17, mean curves of residential buildings by continent. Asia is the best reading; the low is the least of Africa, Asia
# and Europe, the high the greater of Asia and North America: an envelope of ours, not the spread of the Asian curve.
FLOOD_RESIDENTIAL_ASIA = Vulnerability(
    intensity=(0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0),
    low=(0.0, 0.22, 0.38, 0.50, 0.60, 0.75, 0.85, 0.95, 1.0),
    best=(0.0, 0.33, 0.49, 0.62, 0.72, 0.87, 0.93, 0.98, 1.0),
    high=(0.0, 0.44, 0.58, 0.68, 0.78, 0.87, 0.93, 0.98, 1.0),
    unit="m",
    source="Huizinga et al. 2017, EUR 28552 EN",
)


def impact(intensity: npt.ArrayLike, exposure: npt.ArrayLike, vulnerability: Vulnerability) -> Impact:
    """Return what is harmed at each asset.

    Parameters
    ----------
    intensity : array
        Of the hazard at each asset, in the unit of the curve; NaN where the hazard is not known gives NaN.
    exposure : array
        People, value or number at each asset; not negative.
    vulnerability : Vulnerability

    Returns
    -------
    Impact
        Arrays of the broadcast shape.

    Raises
    ------
    ValueError
        If an exposure is negative.

    Examples
    --------
    >>> flooded = impact([0.0, 0.25, 1.0], [100, 100, 10], FLOOD_RESIDENTIAL_ASIA)
    >>> flooded.best.tolist()
    [0.0, 16.5, 4.9]
    """
    exposed = floats(exposure)
    if np.any(exposed < 0):
        raise ValueError("exposure: must not be negative")
    low, best, high = vulnerability.parts(intensity) * exposed
    return Impact(low, best, high)


def by_area(harmed: Impact, area: npt.ArrayLike, n_areas: int) -> Impact:
    """Sum impacts of (m,) assets by area; assets of area -1 belong to none, NaN counts for nothing.

    Low and high are summed as if all assets erred together, which makes the widest spread.
    """
    areas = np.asarray(area, dtype=np.int64)

    def total(values: Floats) -> Floats:
        known = (areas >= 0) & ~np.isnan(values)
        return floats(np.bincount(areas[known], values[known], n_areas))

    return Impact(total(harmed.low), total(harmed.best), total(harmed.high))


def sample(
    grid: Floats, x_m: npt.ArrayLike, y_m: npt.ArrayLike, *, west_m: float, north_m: float, cell_m: float
) -> Floats:
    """Return the value of the cell that each point lies in; NaN off the grid.

    Parameters
    ----------
    grid : (rows, columns) array
        First row in the north.
    x_m, y_m : arrays
        In the plane of the grid.
    west_m, north_m : float
        Its north-western corner.
    cell_m : float
    """
    column = np.floor((floats(x_m) - west_m) / cell_m).astype(np.int64)
    row = np.floor((north_m - floats(y_m)) / cell_m).astype(np.int64)
    on = (row >= 0) & (row < grid.shape[0]) & (column >= 0) & (column < grid.shape[1])
    return np.where(on, grid[np.where(on, row, 0), np.where(on, column, 0)], np.nan)


def cannot_stand(depth_m: npt.ArrayLike, speed_m_s: npt.ArrayLike, *, height_m: float, mass_kg: float) -> Floats:
    """Return how near flowing water brings a person to falling: 1 and more means that they cannot be sure to stand.

    The product of depth and speed is set against what is of low hazard to people of that product of height and mass
    (C10, table of flow hazard regimes: 0.4 m²/s for children of 25 to 50 m kg, 0.6 for adults above 50), and the depth
    against its limit (0.5 and 1.2 m); below 25 m kg, infants and frail people, no water is safe. Speed is limited to
    3 m/s.

    Parameters
    ----------
    depth_m, speed_m_s : arrays
    height_m, mass_kg : float
        Of the person.
    """
    depth, speed = floats(depth_m), floats(speed_m_s)
    build = height_m * mass_kg
    if build < 25:
        return floats(np.where(depth > 0, np.inf, depth * 0) + speed * 0)
    flow, deep = (0.4, 0.5) if build <= 50 else (0.6, 1.2)
    fast = np.where(depth > 0, speed / 3.0, 0)
    return floats(np.maximum(np.maximum(depth * speed / flow, depth / deep), fast))
