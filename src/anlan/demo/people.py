"""People of the night: habits, read from ``people.yaml``, by which desks answer what the journal tells them.

A habit is to a person what a reaction is to Anlan: on an entry, where a condition holds, do a verb, after a while. The
acts pass the same gate in the person's own role and area. A real person who was quicker simply leaves nothing to do.
"""

import hashlib
import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from anlan.catalog.expressions import evaluate
from anlan.demo.tables import table
from anlan.kernel.access import Actor, Grant
from anlan.kernel.canonical import JSON, plain, stamp
from anlan.kernel.errors import AnlanError
from anlan.kernel.world import World

Level = Literal["city", "district", "town", "village", "own"]
_DIGITS = {"district": 6, "town": 9, "village": 12}


class Habit(BaseModel):
    """What somebody at a desk does about a kind of entry.

    ``minutes`` is a span after the entry; ``part`` a span of the time left until the moment that ``until`` gives.
    ``late_share`` of the people take ``late_factor`` as long.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    on: str
    where: str | None = None
    for_each: str | None = None
    role: str = ""
    role_from: str | None = None
    level: Level = "own"
    area: str | None = None
    do: str
    with_: dict[str, str] = Field(alias="with", default_factory=dict)
    minutes: tuple[float, float] = (1, 5)
    part: tuple[float, float] | None = None
    until: str | None = None
    late_share: float = 0.0
    late_factor: float = 1.0


def load_habits() -> tuple[Habit, ...]:
    """Read the habits that ship with the demo."""
    return tuple(Habit.model_validate(row) for row in table("people.yaml")["habits"])


@dataclass(order=True)
class _Plan:
    at: datetime
    number: int
    actor: Actor = field(compare=False)
    verb: str = field(compare=False)
    args: dict[str, JSON] = field(compare=False)
    key: str = field(compare=False)


class People:
    """Everybody at every desk, acting by habit."""

    def __init__(self, world: World, habits: tuple[Habit, ...], seed: int) -> None:
        self._world, self._seed = world, seed
        self._by_verb: dict[str, list[Habit]] = {}
        for habit in habits:
            self._by_verb.setdefault(habit.on, []).append(habit)
        self._plans: list[_Plan] = []
        self._count = 0
        self.refused: list[tuple[str, str]] = []

    def notice(self, entry: Mapping[str, Any], now: datetime) -> None:
        """Plan what people will do about an entry of the journal."""
        for habit in self._by_verb.get(entry["verb"], ()):
            variables = {"entry": dict(entry), "now": stamp(now)}
            if habit.where and not evaluate(habit.where, variables):
                continue
            items = evaluate(habit.for_each, variables) if habit.for_each else [None]
            for number, item in enumerate(items):
                self._plan(habit, entry, variables | {"item": item}, f"{entry['seq']}:{habit.id}:{number}")

    def _plan(self, habit: Habit, entry: Mapping[str, Any], variables: dict[str, Any], name: str) -> None:
        area = self._desk(habit, str(evaluate(habit.area, variables)) if habit.area else str(entry["area"]))
        if area is None:
            return
        role = str(evaluate(habit.role_from, variables)) if habit.role_from else habit.role
        args = {arg: plain(evaluate(text, variables)) for arg, text in habit.with_.items()}
        self._count += 1
        when = self._when(habit, datetime.fromisoformat(str(entry["at"])), variables, name)
        heapq.heappush(self._plans, _Plan(when, self._count, person(role, area), habit.do, args, f"habit:{name}"))

    def _desk(self, habit: Habit, area: str) -> str | None:
        if habit.level == "own":
            return area
        if habit.level == "city":
            return self._world.city.root
        code = area[: _DIGITS[habit.level]]
        fits = len(code) == _DIGITS[habit.level] and self._world.city.contains(code) and code != self._world.city.root
        return code if fits else None

    def _when(self, habit: Habit, told: datetime, variables: dict[str, Any], name: str) -> datetime:
        chance, share = self._draw(name, "late"), self._draw(name, "delay")
        slow = habit.late_factor if chance < habit.late_share else 1.0
        low, high = habit.part or habit.minutes
        amount = (low + (high - low) * share) * slow
        if habit.part and habit.until:
            left = datetime.fromisoformat(str(evaluate(habit.until, variables))) - told
            return told + max(left, timedelta(minutes=1)) * amount
        return told + timedelta(minutes=amount)

    def _draw(self, *words: str) -> float:
        """Return a number in [0, 1) that belongs to these words in every run of this seed."""
        told = hashlib.sha256("/".join([str(self._seed), *words]).encode()).digest()
        return int.from_bytes(told[:6], "big") / 2**48

    def next_due(self) -> datetime | None:
        """Return when somebody acts next."""
        return self._plans[0].at if self._plans else None

    def act_until(self, now: datetime) -> Iterator[str]:
        """Do what is due, in order; yield each verb done. What no longer fits is left undone."""
        while self._plans and self._plans[0].at <= now:
            plan = heapq.heappop(self._plans)
            try:
                self._world.act(plan.actor, plan.verb, plan.args, key=plan.key)
            except AnlanError as error:
                self.refused.append((plan.verb, str(error)))
                continue
            yield plan.verb


def person(role: str, area: str) -> Actor:
    """Return the person who holds a role over an area; users of the demo are named so too."""
    return Actor(f"{role}.{area}", (Grant(role, area), Grant("public", area)))
