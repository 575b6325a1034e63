"""What the clock does: verbs that acts have set for a moment run when the moment has come."""

from datetime import datetime

import sqlalchemy as sa

from anlan.kernel.canonical import stamp
from anlan.kernel.gate import Gate
from anlan.kernel.reactions import automaton
from anlan.kernel.store import Moment
from anlan.kernel.tables import timers

_NEXT = sa.select(timers.c.due).order_by(timers.c.due).limit(1)
_DUE = sa.select(timers).where(timers.c.due <= sa.bindparam("now", type_=Moment)).order_by(timers.c.due, timers.c.key)


class Jobs:
    """Runs due timers through the gate, each once, in order of their moments."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._actor = automaton(gate, "clock")

    def next_due(self, conn: sa.Connection) -> datetime | None:
        """Return the moment of the earliest timer."""
        due: datetime | None = conn.scalar(_NEXT)
        return due

    def run(self) -> int:
        """Run what is due and return how many acts were done."""
        now = self._gate.clock.now()
        with self._gate.store.read() as conn:
            rows = conn.execute(_DUE, {"now": now}).all()
        return sum(self._fire(row) for row in rows)

    def _fire(self, row: sa.Row[tuple[object, ...]]) -> int:
        """Act once for one timer; the receipt makes a repetition after a crash harmless."""
        key = f"timer:{row.key}:{stamp(row.due)}"
        try:
            self._gate.act(self._actor, row.verb, row.args, key=key, because=row.because)
            done = 1
        except Exception as error:  # noqa: BLE001  # a timer that fails must not stop the clock: people are told
            told = (str(error) or repr(error))[:2000]
            report = {"entry": row.because or 0, "reaction": f"timer:{row.verb}", "error": told}
            self._gate.act(self._actor, "reaction.fail", report | {"area": self._gate.city.root}, key=f"{key}:failed")
            done = 0
        with self._gate.store.write() as conn:
            conn.execute(sa.delete(timers).where(timers.c.key == row.key, timers.c.due == row.due))
        return done
