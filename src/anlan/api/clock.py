"""The world's time."""

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from anlan.kernel.clock import SimClock
from anlan.kernel.http import WorldDep

router = APIRouter(prefix="/api/v1", tags=["clock"])


class ClockState(BaseModel):
    """The world's time, and how it runs."""

    now: AwareDatetime
    simulated: bool
    speed: float
    running: bool


@router.get("/clock")
def clock(world: WorldDep) -> ClockState:
    """Tell the world's time."""
    own = world.clock
    if isinstance(own, SimClock):
        running = not own.paused and own.speed > 0
        return ClockState(now=own.now(), simulated=True, speed=own.speed, running=running)
    return ClockState(now=own.now(), simulated=False, speed=1.0, running=True)
