"""Averaging times and gusts of wind in tropical cyclones, and the Beaufort scale.

References
----------
Harper, Kepert and Ginger (2010), Guidelines for converting between various wind averaging periods in tropical
cyclone conditions, WMO/TD-No. 1555, table 1.1 (reference period 600 s).
GB/T 28591-2012, Wind scale, table 1 (0 to 17), after WMO-No. 8, part I, chapter 5, and, above 12, the extension used
in China.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints, floats

Exposure = Literal["in_land", "off_land", "off_sea", "at_sea"]
"""Roughly open terrain; offshore wind at a coast; onshore wind at a coast; more than 20 km offshore (Harper 2010)."""

GUST_3_S: Mapping[Exposure, float] = {"in_land": 1.66, "off_land": 1.52, "off_sea": 1.38, "at_sea": 1.23}
"""Greatest mean over 3 s within 10 minutes, over the mean of those 10 minutes: Harper 2010, table 1.1."""

GUST_60_S: Mapping[Exposure, float] = {"in_land": 1.21, "off_land": 1.16, "off_sea": 1.11, "at_sea": 1.05}
"""The same of 60 s, which is what "1-minute sustained" means in best tracks: Harper 2010, table 1.1."""

_BEAUFORT_M_S = (
    *(0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7),  # lower bounds of 1 to 12
    *(37.0, 41.5, 46.2, 51.0, 56.1),  # 13 to 17
)


def mean_from_sustained_m_s(sustained_m_s: npt.ArrayLike, exposure: Exposure) -> Floats:
    """Return the 10-minute mean from the greatest 1-minute mean."""
    return floats(sustained_m_s) / GUST_60_S[exposure]


def sustained_from_mean_m_s(mean_m_s: npt.ArrayLike, exposure: Exposure) -> Floats:
    """Return the greatest 1-minute mean from the 10-minute mean, in which JMA and the WMO report cyclones."""
    return floats(mean_m_s) * GUST_60_S[exposure]


def gust_m_s(mean_m_s: npt.ArrayLike, exposure: Exposure) -> Floats:
    """Return the 3-second gust to be expected within 10 minutes of this mean."""
    return floats(mean_m_s) * GUST_3_S[exposure]


def beaufort(wind_m_s: npt.ArrayLike) -> Ints:
    """Return Beaufort numbers 0 to 17 (and above) of winds at 10 m; -1 where the wind is NaN.

    The scale is stated to a tenth of a metre per second (grade 12 from 32.7), and so are winds before they are graded.

    Examples
    --------
    >>> beaufort([0.0, 17.1, 17.2, 32.7, 60.0]).tolist()
    [0, 7, 8, 12, 17]
    """
    wind = floats(wind_m_s)
    grade = np.searchsorted(_BEAUFORT_M_S, np.round(wind, 1), side="right")
    return np.where(np.isnan(wind), -1, grade).astype(np.int64)
