"""The verbs by which forecasters' products come in: a cyclone's track, and an outlook on rain and tide."""

from typing import Annotated, Literal, Self

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from anlan.assess.model import advices, outlooks
from anlan.city.city import city_of
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.canonical import plain
from anlan.kernel.errors import Invalid

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Source = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Fix(Args):
    """Where a cyclone was, or is expected, and how strong."""

    at: AwareDatetime
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    pressure_hpa: float = Field(ge=850, le=1040)
    wind_m_s: float | None = Field(default=None, ge=0, le=120)
    kind: Literal["observed", "forecast"]


class AdviseCyclone(Args):
    """Record an advice on a cyclone: its track so far and the track expected."""

    storm: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    name_zh: Name
    name_en: Name
    issued: AwareDatetime
    source: Source
    synthetic: bool = False
    points: Annotated[list[Fix], Field(min_length=2, max_length=400)]

    @model_validator(mode="after")
    def _times_rise(self) -> Self:
        if any(one.at >= two.at for one, two in zip(self.points, self.points[1:], strict=False)):
            raise ValueError("the points must be in order of time, no two at one time")
        return self


def advise(tx: Tx, args: AdviseCyclone) -> Effect:
    """Keep the advice; the newest one is the one in force."""
    row = args.model_dump(exclude={"points"}) | {"id": tx.new_id("advice"), "area": tx.city.root}
    tx.conn.execute(sa.insert(advices).values(row | {"points": plain(args.points)}))
    here = next((p for p in reversed(args.points) if p.kind == "observed"), args.points[0])
    data = {name: row[name] for name in ("storm", "name_zh", "name_en", "issued", "source", "synthetic")}
    now = {name: getattr(here, name) for name in ("at", "lon", "lat", "pressure_hpa", "wind_m_s")}
    return Effect(f"cyclone:{args.storm}", tx.city.root, data | {"advice": row["id"], "now": now})


class RainOutlook(Args):
    """Rain expected in one area, mm/h, one value for each step."""

    area: AreaCode
    hours: Annotated[list[Annotated[float, Field(ge=0, le=500)]], Field(min_length=1, max_length=500)]


class TideOutlook(Args):
    """Levels expected at one station (an asset of the city), m above the city's datum, at the end of each step."""

    station: Annotated[str, StringConstraints(max_length=120)]
    levels: Annotated[list[Annotated[float, Field(ge=-10, le=20)]], Field(min_length=1, max_length=500)]


class RecordOutlook(Args):
    """Record an outlook: rain by area and tide by station for the steps after it was issued."""

    issued: AwareDatetime
    source: Source
    synthetic: bool = False
    step_s: int = Field(default=3600, ge=60, le=86_400)
    rain: Annotated[list[RainOutlook], Field(max_length=1000)]
    tide: Annotated[list[TideOutlook], Field(max_length=100, default_factory=list)]


def record_outlook(tx: Tx, args: RecordOutlook) -> Effect:
    """Keep the outlook; the newest one is the one in force."""
    stations = city_of(tx).assets
    for number, tide in enumerate(args.tide):
        if tide.station not in stations:
            raise Invalid("outlook.station", at=f"args.tide.{number}.station", value=tide.station)
    row = {"id": tx.new_id("outlook"), "area": tx.city.root, "issued": args.issued, "source": args.source}
    row |= {"synthetic": args.synthetic, "step_s": args.step_s}
    rain = {one.area: one.hours for one in args.rain}
    tides = {one.station: one.levels for one in args.tide}
    tx.conn.execute(sa.insert(outlooks).values(row | {"rain": rain, "tide": tides}))
    told = {
        "outlook": row["id"],
        "issued": args.issued,
        "source": args.source,
        "synthetic": args.synthetic,
        "max_rain_mm_h": max((max(hours) for hours in rain.values()), default=0.0),
        "max_tide_m": max((max(levels) for levels in tides.values()), default=None),
    }
    return Effect(str(row["id"]), tx.city.root, told)


ACTIONS = {
    "cyclone.advise": Action("cyclone.advise", AdviseCyclone, advise),
    "outlook.record": Action("outlook.record", RecordOutlook, record_outlook),
}
