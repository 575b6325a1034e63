"""An office with its people, and a forecast that calls for a warning."""

from typing import Any

import pytest

from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Outcome
from anlan.kernel.world import World
from anlan.warn import queries
from anlan.warn.cap import Alert
from anlan.warn.cap_read import parse
from anlan.warn.views import WarnedInFull

SONGJIANG, PUDONG, CITY = "310117", "310115", "310000"


def person(name: str, role: str, area: str) -> Actor:
    return Actor(name, (Grant(role, area), Grant("public", CITY)))


FACTS = {
    "hazard": "waterlogging",
    "grade": "orange",
    "people": {"low": 1600, "best": 2140, "high": 2900},
    "towns": [
        {"area": "310117001", "grade": "yellow", "people": {"low": 400, "best": 640, "high": 900}},
        {"area": "310117004", "grade": "orange", "people": {"low": 1200, "best": 1500, "high": 2000}},
    ],
    "underpasses": 3,
    "assets_hit": 41,
    "critical_assets": 5,
    "max_depth_m": 0.83,
    "valid_from": "2024-09-15T09:00:00Z",
    "valid_to": "2024-09-15T15:00:00Z",
    "forecast": "forecast-7",
    "maturity": "screening",
    "synthetic": True,
    "wind": {"grade": "yellow"},
}


class Office:
    """Songjiang's duty room with its neighbours, and short ways to act and to look."""

    wang = person("wang", "duty_officer", SONGJIANG)
    li = person("li", "shift_leader", SONGJIANG)
    zhao = person("zhao", "commander", SONGJIANG)
    chen = person("chen", "shift_leader", PUDONG)
    city_duty = person("city-duty", "duty_officer", CITY)
    city_leader = person("city-leader", "shift_leader", CITY)
    street = person("street", "street_officer", "310117001")
    machine = Actor("system:reaction", (Grant("automaton", CITY),))
    public = Actor("public", (Grant("public", CITY),))

    def __init__(self, world: World) -> None:
        self.world = world

    def orange(self, **args: Any) -> dict[str, Any]:
        given = {"event_type": "11A02", "grade": "orange", "areas": ["310117001", "310117004"], "facts": FACTS}
        return given | args

    def draft(self, *steps: str, by: Actor = wang, second: Actor = li, **args: Any) -> str:
        """Draft, and take the steps named; return the warning's id."""
        warning = self.world.act(by, "warning.draft", self.orange(**args)).subject
        self.steps(warning, *steps, by=by, second=second)
        return warning

    def steps(self, warning: str, *steps: str, by: Actor = wang, second: Actor = li) -> None:
        for step in steps:
            self.act(by if step == "submit" else second, step, warning)

    def issued(self, **args: Any) -> str:
        return self.draft("submit", "approve", "issue", **args)

    def act(self, actor: Actor, step: str, warning: str, **args: Any) -> Outcome:
        return self.world.act(actor, f"warning.{step}", {"warning": warning, **args})

    def see(self, warning: str, by: Actor = city_leader) -> WarnedInFull:
        with self.world.read(by, "warning") as reader:
            return queries.warning(reader, warning)

    def cap(self, warning: str, by: Actor = public) -> Alert:
        with self.world.read(by, "issued_warning") as reader:
            return parse(queries.cap_message(reader, warning))


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)
