"""The doors on the real station: from a message to the newest value, with names told where something is refused."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from anlan.kernel.clock import SimClock
from anlan.sense.doors.doors import Doors
from anlan.sense.doors.files import take_file
from anlan.sense.stream.station import Station
from sense.doors.standing import ADMIN, Standing


def registered(sensor: str, area: str) -> dict[str, object]:
    return {
        "id": sensor,
        "asset": f"underpass-{sensor}",
        "asset_type": "underpass",
        "quantity": "ponding_depth",
        "unit": "m",
        "area": area,
        "lon": 121.2,
        "lat": 31.0,
        "name_zh": f"测点{sensor}",
        "name_en": f"point {sensor}",
        "synthetic": True,
    }


@pytest.fixture
def real(make_standing: Callable[..., Standing], clock: SimClock) -> Standing:
    standing = make_standing(clock)
    items = [registered(f"a{number}", "310117001") for number in range(40)] + [registered("p", "310115004")]
    standing.world.act(ADMIN, "sensor.register", {"items": items})
    object.__setattr__(standing, "doors", Doors(standing.world, standing.world.part(Station)))
    standing.register()
    return standing


def test_what_a_door_takes_is_the_newest_of_its_sensor(real: Standing, clock: SimClock) -> None:
    at = clock.now().isoformat()
    rows = [[f"a{number}", at, number / 100] for number in range(40)]
    receipt = real.doors.intake.take(real.message(json.dumps(rows).encode()), real.register())
    station = real.world.part(Station)
    station.pump()

    assert receipt.accepted == 40
    numbers = station.registry.numbers([f"a{number}" for number in range(40)])
    assert station.latest.value[numbers].tolist() == [number / 100 for number in range(40)]


@pytest.mark.parametrize("together", [False, True])
def test_what_is_refused_is_told_by_name(real: Standing, clock: SimClock, together: bool) -> None:
    at, later = clock.now().isoformat(), (clock.now() + timedelta(hours=1)).isoformat()
    rows = [["a0", at, 1], ["nobody", at, 2], ["p", at, 3], ["a1", later, 4], ["a2", "noon", 5]]
    payload = json.dumps(rows + [["a3", at, 6]] * 20).encode()
    sender = real.register()
    if together:
        ended: list[Exception | None] = []
        real.doors.intake.take_soon([real.message(payload)], sender, ended.append)
        while not ended:
            pass
    else:
        real.doors.intake.take(real.message(payload), sender)
    (letter,) = real.doors.letters.newest()

    assert [(fault.row, fault.rule, fault.sensor) for fault in letter.refused] == [
        (1, "observation.sensor", "nobody"),
        (2, "observation.sensor", "p"),
        (3, "observation.future", "a1"),
        (4, "observation.at", "a2"),
    ]


def test_a_file_is_taken_for_a_source(real: Standing, clock: SimClock, tmp_path: Path) -> None:
    at = clock.now().isoformat()
    path = tmp_path / "readings.csv"
    path.write_text("sensor,at,value\n" + "".join(f"a{n % 40},{at},{n}\n" for n in range(100)), encoding="utf-8")

    report = take_file(path, real.register(), real.doors.intake)

    assert report.accepted == 100
    records = list(real.world.part(Station).log.read(1))
    values = np.concatenate([record.batch.value for record in records if record.source == "gateway"])
    assert values.tolist() == [float(n) for n in range(100)]
