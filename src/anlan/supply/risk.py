"""Who is at risk, as a forecast found it: its journal entry tells the graded towns and their people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anlan.kernel.actions import Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.entries import entries
from anlan.kernel.errors import NotFound


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
    """Return what a forecast found.

    Raises
    ------
    NotFound
        ``supply.forecast_unknown`` where there is none that the actor may see.
    """
    told = [e for e in entries(tx.reader("forecast"), subject=forecast, verbs=("forecast.run",)) if not _again(e)]
    if not told:
        raise NotFound("supply.forecast_unknown", at="args.forecast", value=forecast)
    tx.require(told[0]["area"])
    return Risk(told[0]["area"], [_town(town) for town in told[0]["data"].get("towns", ())])


def _again(entry: Mapping[str, JSON]) -> bool:
    """Tell whether an entry only points to a forecast that was there already."""
    return bool(entry["data"].get("reused"))


def _town(told: Mapping[str, JSON]) -> TownRisk:
    people = told.get("people") or {}
    low, best, high = (int(people.get(bound) or 0) for bound in ("low", "best", "high"))
    return TownRisk(told["area"], told.get("grade"), low, best, high)
