"""Quality marks are the same whichever way a row comes: live, late, or as a record of the past."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.science.rules.engine import advance
from anlan.science.rules.plan import Plan
from anlan.science.rules.state import EngineState
from anlan.sense.stream.batch import MISSING, OUT_OF_RANGE, QUALITIES, Batch
from anlan.sense.stream.judging import judged

LOW, HIGH = [0.0, -5.0, np.nan], [10.0, 12.0, np.nan]
EDGES = [0.0, 10.0, -5.0, 12.0, np.nextafter(0.0, -1.0), np.nextafter(10.0, 11.0), np.nan, np.inf, -np.inf, 3.0]


@given(
    sensor=arrays(np.int32, 12, elements=st.integers(0, 2)),
    value=arrays(np.float64, 12, elements=st.sampled_from(EDGES)),
    quality=arrays(np.uint8, 12, elements=st.integers(0, len(QUALITIES) - 1)),
)
def test_a_row_gets_the_mark_that_the_rule_engine_gives_it_live(sensor: Any, value: Any, quality: Any) -> None:
    plan = Plan.build(3, [], [], [], [], low=LOW, high=HIGH)
    rising = np.arange(1, 13)  # each later than all before it, so the engine judges every one
    live = advance(plan, EngineState.fresh(plan), sensor, rising, value, quality)

    np.testing.assert_array_equal(judged(Batch.of(sensor, rising, value, quality), plan), live.quality)


def qualities(sensing: Any, sensor: str) -> dict[float, str]:
    """Return the quality of each row of a sensor in the history, by seconds from the start."""
    station, start_us = sensing.station, int(sensing.start.timestamp() * 1e6)
    span = (start_us - 9 * 86_400_000_000, start_us + 9 * 86_400_000_000)
    rows = station.history.series(station.registry.number(sensor), *span, 100)
    return {(at - start_us) / 1e6: QUALITIES[code] for at, code in zip(rows.time_us, rows.quality, strict=True)}


def test_records_of_the_past_and_late_rows_are_held_to_the_range_of_their_sensor(sensing: Any) -> None:
    ranged = {**sensing.item("a", "310117001"), "low": 0.0, "high": 2.0}
    sensing.act("sensor.register", role="administrator", items=[ranged])
    sensing.send(("a", -86400, 9.0), ("a", -86300, 2.0), ("a", -86200, None), backfill=True)
    sensing.send(("a", 0, 9.0), ("a", 60, 0.05))
    late = sensing.send(("a", 30, -0.5), ("a", 40, 0.05))

    assert qualities(sensing, "a") == {
        -86400.0: "out_of_range",
        -86300.0: "good",
        -86200.0: "missing",
        0.0: "out_of_range",
        30.0: "out_of_range",
        40.0: "good",
        60.0: "good",
    }
    assert (late.opened, sensing.counts()["late"]) == ([], 2)


def test_what_is_out_of_range_makes_no_daily_value(sensing: Any) -> None:
    ranged = {**sensing.item("a", "310117001"), "low": 0.0, "high": 2.0}
    sensing.act("sensor.register", role="administrator", items=[ranged])
    sensing.send(("a", -86400, 9.0), ("a", -86300, 1.0), backfill=True)
    station, start_us = sensing.station, int(sensing.start.timestamp() * 1e6)
    days = station.history.days([station.registry.number("a")], start_us - 2 * 86_400_000_000, start_us)

    assert (days.high.max(), days.out_of_range.sum(), days.count.sum()) == (1.0, 1, 1)


def test_the_codes_of_the_engine_are_those_of_the_observations() -> None:
    assert (QUALITIES[MISSING], QUALITIES[OUT_OF_RANGE]) == ("missing", "out_of_range")
