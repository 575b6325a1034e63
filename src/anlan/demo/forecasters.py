"""What forecasters tell through the night: advisories on the cyclone, outlooks on rain and tide, weather signals.

All of it is made from the true weather with an error that grows with lead time, and is labelled synthetic.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from anlan.catalog.catalog import Catalog
from anlan.catalog.texts import text
from anlan.city.city import City
from anlan.demo.scenario import Scenario, Signal
from anlan.demo.weather import Weather
from anlan.science.track import interpolate

_KM_PER_DEGREE = 111.2
_HOUR_S = 3600
_POINT_EVERY_H = 3
_SOURCE = "IBTrACS v04r01 best track; forecast part: best track with synthetic error"


@dataclass
class Forecasters:
    """The weather office of the night."""

    city: City
    catalog: Catalog
    scenario: Scenario
    weather: Weather
    seed: int

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng([self.seed, 2])
        self._told: dict[str, str] = {}

    def advice(self, now: datetime) -> dict[str, Any]:
        """Return ``cyclone.advise`` of this moment: fixes so far, and a track ahead that errs."""
        track, own = self.weather.track, self.scenario
        past = [float(t) for t in track.time_s if t <= now.timestamp()]
        ahead = now.timestamp() + np.arange(0, own.forecaster.horizon_h + 1, _POINT_EVERY_H) * _HOUR_S
        ahead = ahead[ahead <= track.time_s[-1]]
        drift = self._rng.normal(0, own.forecaster.track_error_km_per_h, 2) / _KM_PER_DEGREE
        points = [self._fix(t, "observed", 0.0, 0.0) for t in past]
        points += [
            self._fix(float(t), "forecast", *(drift * (t - now.timestamp()) / _HOUR_S)) for t in ahead if t not in past
        ]
        return {
            "storm": own.number,
            "name_zh": own.zh,
            "name_en": own.en,
            "issued": now,
            "source": _SOURCE,
            "synthetic": True,
            "points": points,
        }

    def _fix(self, time_s: float, kind: str, east_deg: float, north_deg: float) -> dict[str, Any]:
        here = interpolate(self.weather.track, [time_s])
        return {
            "at": datetime.fromtimestamp(time_s, UTC),
            "lon": round(float(here.lon[0]) + east_deg, 2),
            "lat": round(float(here.lat[0]) + north_deg, 2),
            "pressure_hpa": round(float(here.pressure_hpa[0]), 1),
            "wind_m_s": round(float(here.wind_m_s[0]), 1),
            "kind": kind,
        }

    def outlook(self, now: datetime) -> dict[str, Any]:
        """Return ``outlook.record`` of this moment: hourly rain by district and tide by station."""
        own = self.scenario.forecaster
        hours = now.timestamp() + (np.arange(own.horizon_h) + 0.5) * _HOUR_S
        rain = []
        for district in self.city.children(self.city.root):
            towns = [self.city.area(town) for town in self.city.children(district)]
            places = np.array([(town.lon, town.lat) for town in towns if town.lon is not None], dtype=np.float64)
            true = self.weather.rain_mm_h(hours, places[:, 0], places[:, 1]).mean(axis=1)
            error = np.exp(
                self._rng.normal(0, own.rain_error, own.horizon_h) * np.sqrt(np.arange(1, own.horizon_h + 1) / 6)
            )
            rain.append({"area": district, "hours": [round(float(v), 2) for v in true * error]})
        ends = now.timestamp() + np.arange(1, own.horizon_h + 1) * _HOUR_S
        tide = [
            {"station": station, "levels": [round(float(v), 2) for v in self.weather.tide_m(ends, station)]}
            for station in self.scenario.tide.stations
        ]
        return {
            "issued": now,
            "source": "synthetic: the night's own weather with an error that grows with lead time",
            "synthetic": True,
            "rain": rain,
            "tide": tide,
            "step_s": _HOUR_S,
        }

    def due(self, now: datetime) -> list[tuple[str, dict[str, Any]]]:
        """Return the acts that forecasters do in the step that ends now."""
        own, since = self.scenario.forecaster, now - self.scenario.start
        acts: list[tuple[str, dict[str, Any]]] = []
        if since % timedelta(hours=own.advice_every_h) == timedelta(0):
            acts.append(("cyclone.advise", self.advice(now)))
        if since % timedelta(hours=own.outlook_every_h) == timedelta(0):
            acts.append(("outlook.record", self.outlook(now)))
        last = now - timedelta(seconds=self.scenario.step_s)
        acts += [("warning.relay", self._signal(s)) for s in self.scenario.signals if last < s.at <= now]
        return acts

    def _signal(self, signal: Signal) -> dict[str, Any]:
        """Return ``warning.relay`` of a signal; one of the same kind is replaced by the next."""
        own = self.scenario
        identifier = f"synthetic-{own.id}-{signal.event_type}-{signal.grade}"
        words = {lang: {"headline": self._headline(signal, lang)} for lang in ("zh", "en")}
        before = self._told.get(signal.event_type)
        self._told[signal.event_type] = identifier
        return {
            "identifier": identifier,
            "issuer_zh": own.issuer.zh,
            "issuer_en": own.issuer.en,
            "event_type": signal.event_type,
            "grade": signal.grade,
            "areas": [self.city.root],
            "sent": signal.at,
            "expires": signal.at + timedelta(hours=signal.hours),
            "replaces": before,
            **words,
        }

    def _headline(self, signal: Signal, lang: str) -> str:
        event = self.catalog.event_types[signal.event_type]
        told = {"issuer": getattr(self.scenario.issuer, lang), "event": getattr(event, lang)}
        colour = text(f"warning.grade.{signal.grade}", lang)
        return str(getattr(self.scenario.wording, lang)).format(**told, colour=colour)
