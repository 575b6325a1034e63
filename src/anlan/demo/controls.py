"""The demo's own controls over HTTP: speed, pause, let it run, and who can sign in."""

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from anlan.demo import founding
from anlan.demo.director import Director
from anlan.demo.scenario import Scenario
from anlan.kernel.access import Actor
from anlan.kernel.clock import SimClock
from anlan.kernel.errors import Forbidden
from anlan.kernel.http import ActorDep
from anlan.kernel.world import World


class DemoUser(BaseModel):
    """Somebody to sign in as."""

    user: str
    name: str
    name_en: str
    role: str
    area: str


class DemoState(BaseModel):
    """The night, and how it is being played."""

    scenario: str
    name_zh: str
    name_en: str
    start: AwareDatetime
    end: AwareDatetime
    now: AwareDatetime
    speed: float
    paused: bool
    autopilot: bool
    synthetic: bool = True
    users: list[DemoUser]
    password: str


class DemoChange(BaseModel):
    """What to change; what is left out stays."""

    speed: float | None = Field(default=None, gt=0, le=3600)
    paused: bool | None = None
    autopilot: bool | None = None


class Controls:
    """Routes of one night."""

    def __init__(self, world: World, director: Director, scenario: Scenario, end: AwareDatetime) -> None:
        self._world, self._director, self._scenario, self._end = world, director, scenario, end
        self.router = APIRouter(prefix="/api/v1/demo", tags=["demo"])
        self.router.add_api_route("", self.state, methods=["GET"], response_model=DemoState)
        self.router.add_api_route("", self.change, methods=["POST"], response_model=DemoState)

    def _clock(self) -> SimClock:
        clock = self._world.clock
        if not isinstance(clock, SimClock):
            raise TypeError("a demo has a simulated clock")
        return clock

    def state(self) -> DemoState:
        """Tell how the night is being played, and who can sign in."""
        clock, own = self._clock(), self._scenario
        users = [
            DemoUser(
                user=f"{desk['role']}.{desk['area']}",
                name=self._world.city.name(desk["area"], "zh"),
                name_en=self._world.city.name(desk["area"], "en"),
                role=desk["role"],
                area=desk["area"],
            )
            for desk in founding.desks()
        ]
        return DemoState(
            scenario=own.id,
            name_zh=own.zh,
            name_en=own.en,
            start=own.start,
            end=self._end,
            now=clock.now(),
            speed=clock.speed,
            paused=clock.paused,
            autopilot=self._director.autopilot,
            users=users,
            password=founding.password(),
        )

    def change(self, change: DemoChange, actor: ActorDep) -> DemoState:
        """Change speed, pause or autopilot; whoever is signed in may."""
        _signed_in(actor)
        clock = self._clock()
        if change.speed is not None:
            clock.set_speed(change.speed)
        if change.paused is not None:
            (clock.pause if change.paused else clock.resume)()
        if change.autopilot is not None:
            self._director.autopilot = change.autopilot
        return self.state()


def _signed_in(actor: Actor) -> None:
    if actor.id == "public":
        raise Forbidden("access.sign_in")
