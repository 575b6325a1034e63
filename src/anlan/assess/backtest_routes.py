"""HTTP of the backtest: forecasts of depth against what gauges then observed."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel

from anlan.assess import backtest as own
from anlan.assess.backtest import Backtest
from anlan.assess.compute import moment
from anlan.assess.plume import Plume, plumes
from anlan.catalog.catalog import Catalog
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.science.scores import Contingency

router = APIRouter(prefix="/api/v1/assess/backtest", tags=["assess"])

ForecastReader = Annotated[Reader, Depends(reads("forecast"))]
Observer = Annotated[Reader, Depends(reads("observation"))]
Outcome = Literal["hit", "miss", "false_alarm", "correct_rejection"]

_DIGITS = 4


class CountsView(BaseModel):
    """Cases that were forecast and seen, and their measures; none where nothing can be said."""

    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int
    pod: float | None
    far: float | None
    csi: float | None
    bias: float | None
    hss: float | None


class LeadView(BaseModel):
    """A class of lead time, hours."""

    from_h: float
    to_h: float


class TableView(CountsView):
    """Cases of one depth in one class of lead time."""

    depth_m: float
    lead: LeadView


class EventsView(CountsView):
    """Gauges as events of the whole span, by depth: how long before it came a depth was foretold, minutes."""

    depth_m: float
    lead_median_min: float | None
    lead_least_min: float | None
    lead_most_min: float | None


class DepthsView(BaseModel):
    """Scores of depth, m: of all ``count`` cases, and of the ``wet`` ones, in which water was foretold or seen."""

    lead: LeadView
    count: int
    wet: int
    crps_m: float | None
    wet_crps_m: float | None
    bias_m: float | None
    error_m: float | None


class PointView(BaseModel):
    """One class of chances: its cases, their mean chance, and how often the depth then came."""

    count: int
    chance: float | None
    frequency: float | None


class ChancesView(BaseModel):
    """How far the chances of one depth can be relied on: the Brier score, its parts, and the diagram's points."""

    depth_m: float
    brier: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None
    points: list[PointView]


class GaugeOutcome(BaseModel):
    """What became of one depth at a gauge, and how long before it had been foretold, minutes."""

    depth_m: float
    outcome: Outcome
    lead_min: float | None


class GaugeView(BaseModel):
    """One gauge: its greatest depth, and what became of each depth; nothing where it was silent."""

    sensor: str
    asset: str | None
    name_zh: str
    name_en: str
    area: str
    peak_m: float | None
    peak_at: datetime | None
    outcomes: list[GaugeOutcome]
    synthetic: bool


class IndicatorView(BaseModel):
    """One figure with its target, and who says so."""

    id: str
    zh: str
    en: str
    value: float | None
    target: float
    unit: str
    met: bool | None
    source: str
    confidence: str


class BacktestView(BaseModel):
    """All scores of a span."""

    area: str
    since: datetime
    until: datetime
    forecasts: int
    partial: int
    synthetic: bool
    said_chance: float
    indicators: list[IndicatorView]
    tables: list[TableView]
    events: list[EventsView]
    depths: list[DepthsView]
    chances: list[ChancesView]
    gauges: list[GaugeView]


class PlumeView(BaseModel):
    """What one forecast said of a gauge: the least, middle and greatest of its members at moments."""

    forecast: str
    at: datetime
    moments: list[datetime]
    low: list[float]
    best: list[float]
    high: list[float]


class GaugePlumes(BaseModel):
    """What a gauge told in a span, and what forecasts had said of it, the oldest first."""

    sensor: str
    name_zh: str
    name_en: str
    synthetic: bool
    since: datetime
    until: datetime
    depths_m: list[float]
    observed: list[tuple[datetime, float]]
    forecasts: list[PlumeView]


@router.get("")
def show_backtest(
    reader: ForecastReader,
    observer: Observer,
    area: str,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> BacktestView:
    """Score the forecasts of an area against its gauges; without a span, over the last day."""
    found = own.backtest(reader, observer, area, since=since, until=until)
    return BacktestView(
        area=found.area,
        since=found.since,
        until=found.until,
        forecasts=found.forecasts,
        partial=found.partial,
        synthetic=found.synthetic,
        said_chance=found.rules.said_chance,
        indicators=_indicators(reader.catalog, found),
        tables=[
            TableView(depth_m=one.depth_m, lead=_lead(one.lead_h), **_counts(one.cases).model_dump())
            for one in found.tables
        ],
        events=[_events(found, number) for number in range(len(found.rules.depths_m))],
        depths=[
            DepthsView(
                lead=_lead(one.lead_h),
                count=one.count,
                wet=one.wet,
                crps_m=_told(one.crps_m),
                wet_crps_m=_told(one.wet_crps_m),
                bias_m=_told(one.bias_m),
                error_m=_told(one.error_m),
            )
            for one in found.depths
        ],
        chances=[_chances(one) for one in found.chances],
        gauges=_gauges(found),
    )


@router.get("/gauges/{sensor_id}")
def show_plumes(
    reader: ForecastReader,
    observer: Observer,
    sensor_id: str,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> GaugePlumes:
    """Show what one gauge told and what forecasts had said of it; without a span, in the last day."""
    found = plumes(reader, observer, sensor_id, since=since, until=until)
    gauge, record = found.gauge, found.record
    columns = zip(record.time_s.tolist(), record.depth_m.tolist(), strict=True)
    return GaugePlumes(
        sensor=gauge["id"],
        name_zh=gauge["name_zh"],
        name_en=gauge["name_en"],
        synthetic=gauge["synthetic"],
        since=found.since,
        until=found.until,
        depths_m=list(found.depths_m),
        observed=[(moment(at), round(depth, _DIGITS)) for at, depth in columns],
        forecasts=[_plume(one) for one in found.plumes],
    )


def _plume(one: Plume) -> PlumeView:
    low, best, high = one.depth_m.round(_DIGITS).tolist()
    moments = [moment(at) for at in one.looks_s.tolist()]
    return PlumeView(forecast=one.forecast, at=moment(one.begin_s), moments=moments, low=low, best=best, high=high)


def _told(value: float) -> float | None:
    return round(float(value), _DIGITS) if math.isfinite(value) else None


def _lead(hours: tuple[float, float]) -> LeadView:
    return LeadView(from_h=hours[0], to_h=hours[1])


def _counts(cases: Contingency) -> CountsView:
    measures = {name: _told(getattr(cases, name)) for name in ("pod", "far", "csi", "bias", "hss")}
    counts = {name: getattr(cases, name) for name in ("hits", "misses", "false_alarms", "correct_rejections")}
    return CountsView.model_validate(counts | measures)


def _events(found: Backtest, depth: int) -> EventsView:
    lead = found.events.lead_s[depth]
    lead_min = lead[np.isfinite(lead)] / 60.0
    told = [_told(float(of(lead_min))) if len(lead_min) else None for of in (np.median, np.min, np.max)]
    return EventsView(
        depth_m=found.rules.depths_m[depth],
        lead_median_min=told[0],
        lead_least_min=told[1],
        lead_most_min=told[2],
        **_counts(found.events.table(depth)).model_dump(),
    )


def _chances(one: own.Chances) -> ChancesView:
    parts: Sequence[tuple[int, float, float]] = list(
        zip(one.diagram.count.tolist(), one.diagram.chance.tolist(), one.diagram.frequency.tolist(), strict=True)
    )
    return ChancesView(
        depth_m=one.depth_m,
        brier=_told(one.brier.score),
        reliability=_told(one.brier.reliability),
        resolution=_told(one.brier.resolution),
        uncertainty=_told(one.brier.uncertainty),
        points=[PointView(count=count, chance=_told(x), frequency=_told(y)) for count, x, y in parts],
    )


def _gauges(found: Backtest) -> list[GaugeView]:
    """Return the gauges, those with the deepest water first."""
    when, peak = found.record.peak()
    order = np.argsort(-np.nan_to_num(peak, nan=-1.0), kind="stable")
    return [
        GaugeView(
            sensor=gauge["id"],
            asset=gauge["asset"],
            name_zh=gauge["name_zh"],
            name_en=gauge["name_en"],
            area=gauge["area"],
            peak_m=_told(peak[place]),
            peak_at=moment(float(when[place])) if math.isfinite(when[place]) else None,
            outcomes=_outcomes(found, place),
            synthetic=gauge["synthetic"],
        )
        for place in order.tolist()
        for gauge in (found.record.gauges[place],)
    ]


def _outcomes(found: Backtest, gauge: int) -> list[GaugeOutcome]:
    events = found.events
    if not events.heard[gauge]:
        return []
    told = []
    for number, depth in enumerate(found.rules.depths_m):
        came, lead = math.isfinite(events.onset_s[number, gauge]), _told(events.lead_s[number, gauge] / 60.0)
        said = lead is not None if came else bool(events.said[number, gauge])
        outcome: Outcome = ("hit" if said else "miss") if came else ("false_alarm" if said else "correct_rejection")
        told.append(GaugeOutcome(depth_m=depth, outcome=outcome, lead_min=lead))
    return told


def _indicators(catalog: Catalog, found: Backtest) -> list[IndicatorView]:
    csi = found.together(float(catalog.setting("backtest.csi_depth_m"))).csi
    crps = found.wet_crps_m
    targets = {name: float(catalog.setting(f"backtest.{name}")) for name in ("csi", "crps_m")}
    return [
        _indicator(catalog, "csi", csi, targets["csi"], csi >= targets["csi"]),
        _indicator(catalog, "crps_m", crps, targets["crps_m"], crps <= targets["crps_m"]),
    ]


def _indicator(catalog: Catalog, name: str, value: float, target: float, met: bool) -> IndicatorView:
    setting = catalog.settings[f"backtest.{name}"]
    told = {"unit": setting.unit, "source": setting.source, "confidence": setting.confidence}
    value_told = _told(value)
    met_told = None if value_told is None else met
    return IndicatorView(id=name, zh=setting.zh, en=setting.en, value=value_told, target=target, met=met_told, **told)
