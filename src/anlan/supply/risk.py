"""Who is at risk, as a forecast found it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anlan.assess import queries as assess
from anlan.kernel.actions import Tx
from anlan.supply.sites import KINDS


@dataclass(frozen=True)
class TownRisk:
    """People at risk in one town."""

    area: str
    grade: str | None
    low: int
    best: int
    high: int


@dataclass(frozen=True)
class Risk:
    """What a need is estimated from.

    Attributes
    ----------
    area : str
        The area as a whole.
    towns : sequence of TownRisk
        Its graded towns.
    assets : mapping
        Number of assets under water by town and type.
    flooded : sequence of str
        Ids of the sites under water.
    """

    area: str
    towns: Sequence[TownRisk]
    assets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    flooded: Sequence[str] = ()


def of_forecast(tx: Tx, forecast: str) -> Risk:
    """Return what a forecast found: graded towns, assets whose harm counts, and the sites in water.

    Raises
    ------
    NotFound
        ``forecast.unknown`` where there is none that the actor may see.
    """
    reader = tx.reader("forecast")
    area = assess.forecast(reader, forecast)["area"]
    towns = [_town(row) for row in assess.impact_towns(reader, forecast) if row["grade"] is not None]
    hit = assess.impact_assets(reader, forecast)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in hit:
        if row["critical"]:
            counts[row["area"]][row["type"]] += 1
    flooded = [row["asset"] for row in hit if row["type"] in KINDS and row["grade"] is not None]
    return Risk(area, towns, counts, sorted(flooded))


def _town(row: Mapping[str, Any]) -> TownRisk:
    return TownRisk(row["area"], row["grade"], row["low"], row["best"], row["high"])
