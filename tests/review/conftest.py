"""A small night, written by hand: what the readings of the journal are checked against; and names for sentences."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.review.queries import CityNames
from anlan.review.wording import Names

START = datetime(2024, 9, 15, 16, 0, tzinfo=UTC)
CITY, DISTRICT, TOWN = "310000", "310117", "310117001"


def minute(value: float) -> datetime:
    """Return a moment of the night."""
    return START + timedelta(minutes=value)


def stamp(moment: datetime) -> str:
    """Return a moment as the journal writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Night:
    """Entries, written one after another."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def minute(self, value: float) -> datetime:
        """Return a moment of the night."""
        return minute(value)

    def note(
        self,
        at: float,
        verb: str,
        subject: str,
        area: str = DISTRICT,
        because: int | None = None,
        args: Mapping[str, Any] | None = None,
        **data: Any,
    ) -> int:
        """Write an entry at a minute of the night and return its number."""
        seq = len(self.entries) + 1
        entry = {"seq": seq, "at": stamp(minute(at)), "by": "somebody", "verb": verb, "subject": subject, "area": area}
        entry |= {"args": dict(args or {}), "data": data, "because": because, "depth": 0, "why": ""}
        self.entries.append(entry)
        return seq


@pytest.fixture(scope="session")
def names(city: City, catalog: Catalog) -> Names:
    return CityNames(city, catalog)


@pytest.fixture
def empty() -> Night:
    return Night()


@pytest.fixture
def night() -> Night:
    """A night with one of everything; the minutes in it are the answers of the tests."""
    night = Night()
    name = {"name_zh": "人民路下立交", "name_en": "Renmin Road Underpass"}
    water = name | {"quantity": "ponding_depth", "value": 0.31, "threshold": 0.25, "unit": "m", "asset": "underpass-1"}
    storm = {"headline_zh": "暴雨内涝橙色预警", "headline_en": "Orange warning of flooding", "grade": "orange"}
    patrol = {"title_zh": "巡查下立交", "title_en": "Patrol the underpass", "role": "street_officer", "grade": "orange"}
    alarm = night.note(
        0, "alarm.open", "alarm-1", TOWN, **water, grade="orange", state="unacknowledged", latency_s=60, alarm="alarm-1"
    )
    forecast = night.note(
        2,
        "forecast.run",
        "forecast-2",
        because=alarm,
        forecast="forecast-2",
        grade="orange",
        people={"low": 100, "best": 400, "high": 900},
        towns=[{"area": TOWN, "grade": "orange", "people": {"low": 100, "best": 400, "high": 900}}],
        max_depth_m=0.6,
    )
    night.note(3, "warning.draft", "warning-3", because=forecast, **storm, state="draft", forecast="forecast-2")
    night.note(4, "alarm.acknowledge", "alarm-1", TOWN, **water, grade="orange", state="acknowledged")
    night.note(
        5,
        "need.estimate",
        "need-5",
        because=forecast,
        need="need-5",
        people={"low": 20, "best": 80, "high": 180},
        days=3,
    )
    night.note(
        6,
        "allocation.propose",
        "allocation-6",
        need="need-5",
        unmet=[{"item": "folding_bed", "quantity": 30}],
        placed=70,
        unplaced=10,
    )
    plan = {
        "plan": "flood",
        "name_zh": "防汛预案",
        "name_en": "Flood plan",
        "activation": "activation-7",
        "level": "III",
    }
    night.note(10, "plan.propose", "activation-7", **plan, state="proposed", grade="yellow", reason="alarm")
    activate = night.note(20, "plan.activate", "activation-7", **plan, state="active", grade="yellow", tasks=3)
    for number, due in ((1, 50), (2, 50), (3, 600)):
        night.note(
            20,
            "task.open",
            f"task-{number}",
            TOWN,
            because=activate,
            args={"source": f"activation-7/{number}"},
            **patrol,
            due=stamp(minute(due)),
            state="dispatched",
            source=f"activation-7/{number}",
        )
    night.note(26, "task.accept", "task-1", TOWN, **patrol, state="handling", due=stamp(minute(50)))
    night.note(40, "task.submit", "task-1", TOWN, **patrol, state="verifying", due=stamp(minute(50)))
    night.note(43, "warning.issue", "warning-3", **storm, state="issued")
    night.note(45, "shelter.open", "shelter-1", TOWN, **name, state="open", capacity=70, occupants=0)
    night.note(55, "shelter.admit", "shelter-1", TOWN, **name, state="open", capacity=70, occupants=70, people=70)
    night.note(60, "task.verify", "task-1", TOWN, **patrol, state="closed", due=stamp(minute(50)))
    night.note(62, "task.escalate", "task-2", TOWN, **patrol, state="dispatched", overdue_min=12, due=stamp(minute(50)))
    night.note(
        65,
        "forecast.run",
        "forecast-20",
        forecast="forecast-20",
        grade="yellow",
        people={"low": 50, "best": 200, "high": 500},
    )
    night.note(66, "forecast.run", "forecast-20", reused=True, people={"low": 9, "best": 9999, "high": 9999})
    night.note(80, "task.submit", "task-2", TOWN, **patrol, state="verifying", due=stamp(minute(50)))
    night.note(85, "task.verify", "task-2", TOWN, **patrol, state="closed", due=stamp(minute(50)))
    night.note(90, "shelter.admit", "shelter-1", TOWN, **name, state="open", capacity=70, occupants=40, people=-30)
    night.note(95, "alarm.clear", "alarm-1", TOWN, **water, grade="orange", state="normal")
    night.note(
        100,
        "report.draft",
        "report-1",
        title_zh="松江区内涝",
        title_en="Flooding in Songjiang",
        kind="first",
        due=stamp(minute(110)),
    )
    night.note(
        115,
        "report.send",
        "report-1",
        title_zh="松江区内涝",
        title_en="Flooding in Songjiang",
        kind="first",
        due=stamp(minute(110)),
    )
    return night
