"""The backtest: forecasts written by hand beside observations written by hand, counted by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from anlan.assess.backtest import Backtest, backtest, span_of
from anlan.assess.depth_record import depth_record
from anlan.assess.footprint import pack
from anlan.assess.model import footprints, forecasts
from anlan.assess.plume import plumes
from anlan.catalog.catalog import Catalog
from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.science.scores import Contingency
from anlan.sense.stream.station import Station
from assess.floodings import THRESHOLDS, flooding

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # numbers, not storage

MINUTES = 10
"""Between a forecast's looks, as policy has it."""

LEADS = [(0.0, 1.0), (1.0, 3.0), (3.0, 6.0)]


@dataclass
class Night:
    """Gauges of a district, and forecasts written straight into the store."""

    assessing: Any
    gauges: list[Any]
    cell: np.ndarray
    made: int = 0

    @property
    def now(self) -> datetime:
        now: datetime = self.assessing.world.clock.now()
        return now

    def advance(self, hours: float) -> None:
        self.assessing.world.clock.advance_to(self.now + timedelta(hours=hours))

    def observe(self, depth_m: list[float], hours: float, every_min: int = 5) -> None:
        """Let all gauges tell one depth each, from now on, while the clock goes on; NaN: silent."""
        begin = self.now
        self.advance(hours)
        rows = [
            [gauge.id, begin + timedelta(minutes=minute), depth]
            for minute in range(every_min, int(hours * 60) + 1, every_min)
            for gauge, depth in zip(self.gauges, depth_m, strict=True)
            if not np.isnan(depth)
        ]
        holder = self.assessing.holder("instrument")
        self.assessing.world.act(holder, "sense.ingest", {"source": "test", "rows": rows})
        self.assessing.world.part(Station).pump()

    def forecast(self, members_m: Any, area: str = "310117", hours: int = 6, synthetic: bool = False) -> str:
        """Keep a forecast, made now, whose members, (members, gauges), stand at one depth all the time."""
        members = np.asarray(members_m, dtype=np.float32)
        cells, first = np.unique(self.cell[: members.shape[1]], return_index=True)
        looks = self.now.timestamp() + np.arange(1, hours * 60 // MINUTES + 1) * MINUTES * 60.0
        series = np.repeat(members[:, None, first], len(looks), axis=1)
        found = flooding(self.assessing.city, members[:, first], cells, watched=cells, looks_s=looks, series_m=series)
        self.made += 1
        name = f"forecast-{self.made}"
        end = self.now + timedelta(hours=hours)
        row = {"id": name, "seq": self.made, "area": area, "at": self.now, "valid_from": self.now, "valid_to": end}
        row |= {"grade": None, "told": {"synthetic": synthetic}, "inputs": {}}
        with self.assessing.world.store.engine.begin() as conn:
            conn.execute(sa.insert(forecasts).values(row))
            packed = pack(found, self.now.timestamp())
            conn.execute(sa.insert(footprints).values(forecast=name, area=area, packed=packed))
        return name

    def score(self, area: str = "310117", at: str = "310000", **span: Any) -> Backtest:
        with self.assessing.reader(at) as reader:
            return backtest(reader, reader, area, **span)


@pytest.fixture
def night(assessing: Any) -> Night:
    """Four gauges of Songjiang, each in a cell of its own."""
    ponding = [s for s in assessing.city.sensors if s.quantity == "ponding_depth" and s.area.startswith("310117")]
    terrain = assessing.city.terrain
    rows, columns = terrain.cells([s.lon for s in ponding], [s.lat for s in ponding])
    cells = rows * terrain.shape[1] + columns
    _, first = np.unique(cells, return_index=True)
    chosen = sorted(first[:4].tolist(), key=lambda place: ponding[place].id)
    gauges = [ponding[place] for place in chosen]
    names = ("id", "asset", "quantity", "unit", "area", "lon", "lat")
    items = [
        {n: getattr(one, n) for n in names} | {"name_zh": one.id, "name_en": one.id, "synthetic": True}
        for one in gauges
    ]
    assessing.world.act(assessing.holder("administrator"), "sensor.register", {"items": items})
    return Night(assessing, gauges, cells[chosen])


def at(found: Backtest, depth_m: float, lead: tuple[float, float] = (0.0, 1.0)) -> Contingency:
    """Return the cases of one depth and class of lead time."""
    return next(one.cases for one in found.tables if one.depth_m == depth_m and one.lead_h == lead)


def test_hits_misses_false_alarms_and_correct_rejections_are_told_apart(night: Night) -> None:
    night.forecast([[0.4, 0.1, 0.4, 0.0]] * 3)
    night.observe([0.35, 0.35, 0.05, 0.0], 6)
    found = night.score()

    for lead in LEADS:
        assert at(found, 0.15, lead) == at(found, 0.3, lead) == Contingency(1, 1, 1, 1)
        assert at(found, 0.5, lead) == Contingency(0, 0, 0, 4)
    assert found.together(0.3) == Contingency(3, 3, 3, 3)
    assert (found.forecasts, found.partial) == (1, 0)
    assert found.events.table(1) == Contingency(1, 1, 1, 1)


def test_a_forecast_says_so_from_the_share_of_members_that_policy_names(night: Night, catalog: Catalog) -> None:
    assert catalog.setting("backtest.said_chance") == 0.5
    night.forecast([[0.2, 0.2, 0.2, 0.0], [0.2, 0.2, 0.0, 0.0], [0.2, 0.0, 0.0, 0.0], [0.2, 0.0, 0.0, 0.0]])
    night.observe([0.2] * 4, 1)

    assert at(night.score(), 0.15) == Contingency(2, 2, 0, 0)


def test_depths_are_scored_as_an_ensemble_against_each_observation(night: Night) -> None:
    night.forecast([[0.0, 0.2, 0.0, 0.0], [0.4, 0.2, 0.0, 0.0]])
    night.observe([0.1, 0.3, 0.0, np.nan], 2)
    near, far, last = night.score().depths

    # Gauge 1: |0 - 0.1| and |0.4 - 0.1| are 0.2 on average, less half the mean distance of two members, 0.1.
    assert near.crps_m == pytest.approx((0.1 + 0.1 + 0.0) / 3)
    assert near.wet_crps_m == pytest.approx(0.1)
    assert near.bias_m == pytest.approx((0.1 - 0.1 + 0) / 3)
    assert near.error_m == pytest.approx((0.1 + 0.1 + 0) / 3)
    assert (near.count, near.wet) == (6 * 3, 6 * 2)
    assert (far.count, last.count) == (6 * 3, 0)
    assert np.isnan(last.crps_m)
    assert night.score().wet_crps_m == pytest.approx(0.1)


def test_a_young_forecast_is_scored_for_the_part_that_is_past(night: Night) -> None:
    night.forecast([[0.4, 0.0, 0.0, 0.0]])
    night.observe([0.4, 0.0, 0.0, 0.4], 1.5)
    found = night.score()

    assert (found.forecasts, found.partial) == (1, 1)
    assert [at(found, 0.3, lead).total for lead in LEADS] == [4, 4, 0]
    assert at(found, 0.3, (1.0, 3.0)) == Contingency(1, 1, 0, 2)


def test_what_lies_outside_the_span_is_not_scored(night: Night) -> None:
    night.forecast([[0.4] * 4])
    begin = night.now
    night.observe([0.0] * 4, 2)
    night.observe([0.4] * 4, 2)
    late = night.score(since=begin + timedelta(hours=2, minutes=30), until=begin + timedelta(hours=3, minutes=30))

    assert [at(late, 0.3, lead).total for lead in LEADS] == [0, 4, 4]
    assert late.together(0.3).hits == 8
    assert night.score(until=begin + timedelta(hours=1)).together(0.3) == Contingency(0, 0, 4, 0)


def test_water_that_no_forecast_told_about_is_a_miss(night: Night) -> None:
    night.observe([0.4, 0.0, 0.0, np.nan], 1)
    found = night.score()

    assert found.forecasts == 0
    assert found.together(0.3).total == 0
    assert found.events.table(1) == Contingency(0, 1, 0, 2)  # who was silent is not counted


def test_a_gauge_that_no_forecast_watched_is_an_event_but_no_case(night: Night) -> None:
    night.forecast([[0.4, 0.4]])
    night.observe([0.4] * 4, 1)
    found = night.score()

    assert at(found, 0.3) == Contingency(2, 0, 0, 0)
    assert found.events.table(1) == Contingency(2, 2, 0, 0)


def test_lead_time_counts_from_the_first_forecast_that_said_so(night: Night) -> None:
    night.forecast([[0.2, 0.0, 0.0, 0.0]])  # says 0.15 m, but not 0.3 m
    night.observe([0.0] * 4, 1)
    night.forecast([[0.4, 0.0, 0.0, 0.0]])
    night.observe([0.0] * 4, 1)
    night.observe([0.4, 0.4, 0.0, 0.0], 1)
    night.forecast([[0.4, 0.4, 0.0, 0.0]])  # too late for both
    night.observe([0.4, 0.4, 0.0, 0.0], 1)
    events = night.score().events
    lead_min = events.lead_s[:2] / 60

    assert lead_min[:, 0].tolist() == [125, 65]  # the water came with the reading at five past
    assert np.isnan(lead_min[:, 1:]).all()
    assert events.table(1) == Contingency(1, 1, 0, 2)


def test_a_silent_gauge_counts_for_nobody_and_an_old_reading_is_none(night: Night) -> None:
    night.forecast([[0.4] * 4])
    night.observe([0.4, np.nan, np.nan, np.nan], 1 / 6)
    night.advance(2)
    found = night.score()

    assert at(found, 0.3) == Contingency(1, 0, 0, 0)
    assert at(found, 0.3, (1.0, 3.0)).total == 0
    assert found.depths[0].count == 1  # the reading of ten past serves the look of ten past alone


def test_chances_that_come_true_as_often_as_they_say_are_reliable(night: Night) -> None:
    members = np.zeros((4, 4))
    members[0] = 0.2  # a quarter of the members
    night.forecast(members)
    night.observe([0.2, 0.0, 0.0, 0.0], 1)  # a quarter of the gauges
    chances = night.score().chances[0]

    assert chances.depth_m == 0.15
    assert chances.brier.reliability == pytest.approx(0)
    assert chances.brier.score == pytest.approx(0.25 * 0.75)
    assert chances.diagram.count.tolist() == [0, 4, 0, 0, 0]
    assert (chances.diagram.chance[1], chances.diagram.frequency[1]) == (0.25, 0.25)


def test_forecasts_of_what_holds_an_area_count_and_those_of_others_do_not(night: Night) -> None:
    night.forecast([[0.4] * 4], area="310000")
    night.forecast([[0.4] * 4], area="310115")
    night.observe([0.4] * 4, 1)

    assert night.score().forecasts == 1
    assert night.score().together(0.3).hits == 4


def test_a_district_scores_what_it_sees(night: Night) -> None:
    night.forecast([[0.4] * 4], area="310000")
    night.forecast([[0.4] * 4])
    night.observe([0.4] * 4, 1)
    own = night.score(at="310117")

    assert (own.forecasts, len(own.record.gauges)) == (1, 4)
    with pytest.raises(Forbidden):
        night.score(at="310115")
    with night.assessing.reader("310115") as reader, pytest.raises(NotFound):
        plumes(reader, reader, night.gauges[0].id)


def test_what_rests_on_made_up_data_says_so(night: Night) -> None:
    night.forecast([[0.4] * 4], synthetic=True)
    night.observe([0.4] * 4, 1)

    assert night.score().synthetic


def test_a_plume_is_the_range_of_the_members_at_a_gauge(night: Night) -> None:
    name = night.forecast([[0.1, 0.0], [0.2, 0.0], [0.6, 0.0]])
    night.observe([0.3, 0.0, 0.0, 0.0], 1)
    with night.assessing.reader() as reader:
        found = plumes(reader, reader, night.gauges[0].id)
        unwatched = plumes(reader, reader, night.gauges[3].id)

    assert [one.forecast for one in found.plumes] == [name]
    assert found.plumes[0].depth_m[:, 0] == pytest.approx([0.1, 0.2, 0.6])
    assert len(found.plumes[0].looks_s) == 36
    assert found.record.depth_m.tolist() == [0.3] * 12
    assert (unwatched.plumes, found.depths_m) == ([], THRESHOLDS)


def test_a_span_must_be_past_and_no_longer_than_policy_allows(night: Night) -> None:
    with night.assessing.reader() as reader:
        begin, end = span_of(reader, None, reader.now + timedelta(hours=3))
        for wrong in (reader.now, reader.now - timedelta(days=8)):
            with pytest.raises(Invalid, match="at most 7 days"):
                span_of(reader, wrong, None)

        assert (end, end - begin) == (reader.now, timedelta(hours=24))


def test_only_good_observations_within_the_span_are_recorded(night: Night) -> None:
    begin = night.now
    night.observe([0.1, 0.2, 0.3, -0.01], 1)
    night.observe([99.0, 0.5, 0.3, 0.0], 1)  # no street is 99 m under water
    with night.assessing.reader() as reader:
        record = depth_record(reader, night.assessing.city, "310117", begin, night.now)
    when, peak = record.peak()

    assert np.diff(record.first).tolist() == [12, 24, 24, 12]
    assert peak.tolist() == [0.1, 0.5, 0.3, 0.0]
    assert when[1] == (begin + timedelta(minutes=65)).timestamp()
    assert record.onset_s([0.5])[0][1] == when[1]
