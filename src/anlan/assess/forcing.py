"""What drives a forecast hour by hour: rain that has fallen and that is expected, and the water at the outfalls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan.assess.ground import Ground
from anlan.assess.model import outlooks
from anlan.assess.sea import outfall_m
from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.canonical import JSON
from anlan.science.arrays import Bools, Floats
from anlan.science.rain import between_gauges
from anlan.science.scipy_parts import tree
from anlan.sense import queries as sense

HOUR_S = 3600.0
_RATE, _TIDE = "rain_rate", "tide_level"


@dataclass(frozen=True)
class Hours:
    """The whole hours that a forecast steps through, the moment it is made in and the moment it ends at."""

    starts_s: Floats
    now_s: float
    end_s: float

    @property
    def elapsed(self) -> Floats:
        """The part of each hour that is past."""
        return np.clip((self.now_s - self.starts_s) / HOUR_S, 0, 1)

    @property
    def ahead(self) -> Floats:
        """The part of each hour that lies between now and the end."""
        return np.clip((self.end_s - self.starts_s) / HOUR_S, 0, 1) - self.elapsed

    @property
    def counts(self) -> Bools:
        """Which hours end after now: those that the forecast tells about."""
        return self.starts_s + HOUR_S > self.now_s


@dataclass(frozen=True)
class Forcing:
    """Arrays of shape (hours, towns), and on what they rest.

    Attributes
    ----------
    fallen_mm, expected_mm : arrays
        Rain observed, and expected, in each hour.
    outfall_m : array
        Level of the receiving water at the town's outfalls; NaN where nothing is known of it.
    inputs : mapping
        For people: which data, how much of it, from whom, whether synthetic.
    """

    fallen_mm: Floats
    expected_mm: Floats
    outfall_m: Floats
    inputs: Mapping[str, JSON]


def hours_of(catalog: Catalog, now: datetime) -> Hours:
    """Return the hours from as far back as policy looks up to the forecast's end."""
    back = timedelta(hours=float(catalog.setting("forecast.lookback_h")))
    end = now + timedelta(hours=float(catalog.setting("forecast.horizon_h")))
    starts = np.arange(_floor(now - back), end.timestamp(), HOUR_S)
    return Hours(starts, now.timestamp(), end.timestamp())


def forcing(reader: Reader, city: City, ground: Ground, hours: Hours) -> Forcing:
    """Return rain and outfall levels for every town and hour."""
    outlook = newest_outlook(reader)
    rate, known = _observed_rates(reader, city, ground, hours)
    fallen = np.nan_to_num(rate) * hours.elapsed[:, None]
    ahead = _persisting(rate) if outlook is None else _outlook_rates(outlook, ground, hours)
    expected = ahead * hours.ahead[:, None]
    levels, tide = _outfalls(reader, city, ground, hours, outlook)
    inputs: dict[str, JSON] = {
        **known,
        "rain_fallen_mm": round(float(fallen.sum(axis=0).mean()), 1),
        "rain_expected_mm": round(float(expected.sum(axis=0).mean()), 1),
        "outlook": None if outlook is None else outlook["id"],
        "outlook_source": "persistence" if outlook is None else outlook["source"],
        "outlook_synthetic": False if outlook is None else outlook["synthetic"],
        **tide,
    }
    return Forcing(fallen, expected, levels, inputs)


def newest_outlook(reader: Reader) -> Mapping[str, Any] | None:
    """Return the outlook in force; it is the public word of the forecasters, whatever the reader's areas."""
    query = sa.select(outlooks).where(outlooks.c.issued <= reader.now)
    newest = query.order_by(outlooks.c.issued.desc(), outlooks.c.id.desc()).limit(1)
    row = reader.conn.execute(newest).mappings().first()
    return None if row is None else dict(row)


def _floor(moment: datetime) -> float:
    return moment.timestamp() // HOUR_S * HOUR_S


def _observed_rates(reader: Reader, city: City, ground: Ground, hours: Hours) -> tuple[Floats, dict[str, JSON]]:
    """Return mm/h by hour and town between the gauges that spoke in that hour; NaN where none did."""
    gauges = sense.sensor_list(reader, quantity=_RATE)
    table = _by_hour(reader, _RATE, [row["id"] for row in gauges], hours, "mean")
    x, y = city.projection.metres([row["lon"] for row in gauges], [row["lat"] for row in gauges])
    places = np.column_stack([x, y])
    power = float(reader.catalog.setting("flood.gauge_power"))
    rates = np.full((len(table), len(ground.town_xy_m)), np.nan)
    for hour in np.flatnonzero(np.any(~np.isnan(table), axis=1)):
        rates[hour] = between_gauges(table[hour], places, ground.town_xy_m, power=power)
    heard = ~np.isnan(table)
    known: dict[str, JSON] = {
        "rain_gauges": int(heard.any(axis=0).sum()),
        "rain_hours": int(heard.any(axis=1).sum()),
        "rain_synthetic": any(row["synthetic"] for row in gauges),
    }
    return rates, known


def _by_hour(reader: Reader, quantity: str, ids: Sequence[str], hours: Hours, reduce: Any) -> Floats:
    """Return (hours, sensors) of a quantity up to now; NaN where a sensor was silent."""
    column = {name: number for number, name in enumerate(ids)}
    table = np.full((len(hours.starts_s), len(ids)), np.nan)
    since, until = (datetime.fromtimestamp(s, UTC) for s in (float(hours.starts_s[0]), hours.now_s))
    for one in sense.hourly(reader, quantity, since, until, reduce):
        row = round((one.hour.timestamp() - float(hours.starts_s[0])) / HOUR_S)
        table[row, column[one.sensor]] = one.value
    return table


def _persisting(rate: Floats) -> Floats:
    """Return the last rate known of each town for all hours; 0 where there is none."""
    spoke = np.flatnonzero(~np.isnan(rate).all(axis=1))
    last = np.nan_to_num(rate[spoke[-1]]) if len(spoke) else np.zeros(rate.shape[1])
    return np.broadcast_to(last, rate.shape)


def _outlook_rates(outlook: Mapping[str, Any], ground: Ground, hours: Hours) -> Floats:
    """Return the outlook's mm/h in the middle of the part of each hour that lies ahead; 0 beyond its end."""
    middle = hours.starts_s + (hours.elapsed + hours.ahead / 2) * HOUR_S
    step = np.floor((middle - outlook["issued"].timestamp()) / outlook["step_s"]).astype(np.int64)
    rates = np.zeros((len(middle), len(ground.population)))
    # Broad areas first, so that what is told of a part stands over what is told of the whole.
    for area in sorted(outlook["rain"], key=lambda code: len(jurisdiction(code))):
        values = np.array(outlook["rain"][area], dtype=np.float64)
        inside = (step >= 0) & (step < len(values))
        series = np.where(inside, values[np.clip(step, 0, len(values) - 1)], 0.0)
        prefix = jurisdiction(area)
        rates[:, [row for code, row in ground.town_row.items() if code.startswith(prefix)]] = series[:, None]
    return rates


def _outfalls(
    reader: Reader, city: City, ground: Ground, hours: Hours, outlook: Mapping[str, Any] | None
) -> tuple[Floats, dict[str, JSON]]:
    """Return the level at each town's outfalls: that of the nearest tide station of which anything is known.

    Where the outlook tells no tide of a station, its own is taken (`anlan.assess.sea`) if it explains the readings.
    """
    gauges = sense.sensor_list(reader, quantity=_TIDE)
    seen = _by_hour(reader, _TIDE, [row["id"] for row in gauges], hours, "max")
    told: Mapping[str, Any] = {} if outlook is None else outlook["tide"]
    column = {row["asset"]: seen[:, number] for number, row in enumerate(gauges)}
    silent = np.full(len(hours.starts_s), np.nan)
    untold = {name: np.where(hours.counts, np.nan, own) for name, own in column.items() if name not in told}
    modelled = outfall_m(reader, untold, hours.starts_s)
    column |= {name: np.where(hours.counts, np.fmax(column[name], own), column[name]) for name, own in modelled.items()}
    levels, stations = [], []
    for station in sorted({*column, *told}):
        series = _level(column.get(station, silent), told.get(station), outlook, hours)
        if not np.isnan(series).all():
            levels.append(series)
            stations.append(city.assets.row(station))
    known: dict[str, JSON] = {"tide_stations": len(stations), "tide_max_m": None}
    if not stations:
        return np.full((len(hours.starts_s), len(ground.population)), np.nan), known
    x, y = city.projection.metres(city.assets.lon[stations], city.assets.lat[stations])
    _, nearest = tree(np.column_stack([x, y])).query(ground.town_xy_m)
    table = np.column_stack(levels)
    known["tide_max_m"] = round(float(np.nanmax(table[hours.counts])), 2)
    return table[:, nearest], known


def _level(seen: Floats, told: Sequence[float] | None, outlook: Mapping[str, Any] | None, hours: Hours) -> Floats:
    """Return one station's level in each hour: observed, then as told, then as it was last."""
    series = seen.copy()
    if told is not None and outlook is not None:
        at = outlook["issued"].timestamp() + outlook["step_s"] * np.arange(1, len(told) + 1)
        ends = hours.starts_s + HOUR_S
        expected = np.interp(ends, at, told, left=np.nan, right=np.nan)
        series = np.where(hours.counts, np.fmax(series, expected), series)
    known = np.flatnonzero(~np.isnan(series))
    if len(known):  # the last level known goes on, and the first one holds before it
        series = series[known[np.clip(np.searchsorted(known, np.arange(len(series)), side="right") - 1, 0, None)]]
    return series
