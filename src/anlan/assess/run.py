"""The verb ``forecast.run``: from rain, tide and cyclone to water and wind, people and assets, and one colour.

The water is that of `anlan.science.flood.inertial` on the city's grid, an ensemble begun from the water as it stands;
the wind that of `anlan.science.wind`. Every number that is policy comes from the catalog. All is computed before the
transaction; in it the forecast is kept, and while rain lasts the next one is put on the clock.
"""

from datetime import timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import StringConstraints

from anlan.assess.compute import Result, compute, refresh_after
from anlan.assess.ground import ground_of
from anlan.assess.keeping import keep
from anlan.assess.model import forecasts
from anlan.assess.telling import told_of
from anlan.assess.water import surface
from anlan.city.city import city_of
from anlan.kernel.actions import Action, Ahead, AreaCode, Args, Effect, Tx


class RunForecast(Args):
    """Forecast water, wind and their impact for an area; a fresh forecast is told again instead of being made anew."""

    area: AreaCode
    cause: Annotated[str, StringConstraints(max_length=200)] = ""


def prepare(ahead: Ahead, args: RunForecast) -> Result | None:
    """Compute the forecast, unless a fresh one stands."""
    area = _assessed(ahead, args.area)
    ahead.require(area)
    if _fresh(ahead, area) is not None:
        return None
    city = city_of(ahead)
    return compute(ahead.reader("observation"), city, ground_of(city), area)


def run(tx: Tx, args: RunForecast) -> Effect:
    """Keep the forecast, or tell the newest one of this area again if it is younger than policy asks."""
    area = _assessed(tx, args.area)
    tx.require(area)
    fresh = _fresh(tx, area)
    if fresh is not None or tx.prepared is None:
        # Told in full once, by the run itself: whoever asks again learns which one stands.
        found = fresh or _newest(tx, area)
        brief = {name: found.told[name] for name in ("hazard", "grade", "valid_from", "valid_to")}
        return Effect(found.id, area, brief | {"forecast": found.id, "reused": True, "cause": args.cause})
    result: Result = tx.prepared
    forecast = tx.new_id("forecast")
    told = told_of(tx.catalog, city_of(tx), result)
    told |= {"forecast": forecast, "reused": False, "cause": args.cause}
    keep(tx, forecast, result, told)
    surface.save(tx, area, tx.now, result.now)
    _put_on_the_clock(tx, area, result)
    return Effect(forecast, area, told)


def _assessed(act: Ahead | Tx, area: str) -> str:
    """Return the area at the smallest level assessed by itself, or the one named if the actor reaches no further."""
    city = city_of(act)
    smallest = str(act.catalog.setting("forecast.smallest_level"))
    above = next((a for a in (area, *city.areas.ancestors(area)) if city.level(a) == smallest), area)
    return above if act.scope.covers(above) else area


def _newest(act: Ahead | Tx, area: str) -> Any:
    """Return the newest forecast of an area; None if there is none."""
    query = sa.select(forecasts).where(forecasts.c.area == area)
    return act.conn.execute(query.order_by(forecasts.c.seq.desc()).limit(1)).one_or_none()


def _fresh(act: Ahead | Tx, area: str) -> Any:
    interval = timedelta(minutes=float(act.catalog.setting("forecast.min_interval_min")))
    newest = _newest(act, area)
    return newest if newest is not None and newest.at > act.now - interval else None


def _put_on_the_clock(tx: Tx, area: str, result: Result) -> None:
    """Have the forecast made anew soon, as long as rain is expected and something is touched."""
    lasting = result.driven.expected_mm[:, result.towns].sum(axis=0).max(initial=0.0)
    key = f"forecast:{area}"
    touched = any(result.harm.grade[row] is not None for row in result.towns)
    if touched and lasting >= float(tx.catalog.setting("forecast.rain_lasts_mm")):
        tx.at(key, tx.now + refresh_after(tx.catalog), "forecast.run", {"area": area, "cause": "refresh"})
    else:
        tx.cancel(key)


ACTIONS = {"forecast.run": Action("forecast.run", RunForecast, run, prepare=prepare)}
