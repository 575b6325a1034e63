"""Doors of a world on a station that only remembers, and a source that may send."""

from dataclasses import dataclass

import sqlalchemy as sa

from anlan.kernel.access import Actor, Grant
from anlan.kernel.tables import users
from anlan.kernel.world import World
from anlan.sense.doors.doors import Doors
from anlan.sense.doors.message import Message
from anlan.sense.doors.senders import Sender
from sense.doors.faking import FakeTaker

ADMIN = Actor("admin", (Grant("administrator", "310000"),))


@dataclass(frozen=True)
class Standing:
    """Doors of a world, and what they handed on."""

    world: World
    doors: Doors
    taker: FakeTaker

    def register(self, source: str = "gateway", area: str = "310117", **more: object) -> Sender:
        """Make a source known, with an account of its own that may send within its area."""
        user = f"{source}-account"
        with self.world.store.read() as conn:
            new = conn.execute(sa.select(users.c.id).where(users.c.id == user)).first() is None
        if new:
            self.world.act(ADMIN, "user.create", {"user": user, "name": user, "area": area})
            self.world.act(ADMIN, "user.grant", {"user": user, "role": "instrument", "area": area})
        self.world.act(ADMIN, "source.register", {"id": source, "user": user, "area": area, **more})
        self.doors.senders.read()
        found = self.doors.senders.find(source)
        assert found is not None
        return found

    def message(self, payload: bytes, source: str = "gateway", **more: object) -> Message:
        return Message(source, "mqtt", payload, self.doors.intake.now_us(), **more)  # type: ignore[arg-type]
