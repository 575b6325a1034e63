"""What the station writes down: history files, checkpoints, and anchors of the log in the journal."""

from pathlib import Path
from typing import Any

from anlan.kernel.access import Actor
from anlan.kernel.clock import stopwatch
from anlan.kernel.world import World
from anlan.science.rules.carry import carried
from anlan.science.rules.state import EngineState
from anlan.sense.history.history import History
from anlan.sense.stream import checkpoint
from anlan.sense.stream.fold import Fold
from anlan.sense.stream.latest import Latest
from anlan.sense.stream.log import SegmentLog
from anlan.sense.stream.planning import Planned

_LATEST, _DETECTED = "latest.", "detected."


class Keeper:
    """Writes when it is time, by the time that this process has run: a drill at sixty times the pace need not hurry."""

    def __init__(self, world: World, folder: Path, actor: Actor) -> None:
        self._world, self._folder, self._actor = world, folder, actor
        self._written_s = self._flushed_s = stopwatch()
        self._anchored = 0

    def restored(self, plan: Planned, history: History) -> Fold:
        """Return what the last checkpoint remembers, for the plan as it is now; without one, nothing."""
        held, watched = checkpoint.read(self._folder), plan.watched
        count = watched.plan.n_sensors
        if held is None:
            return Fold(watched, EngineState.fresh(watched.plan), Latest.of(count), history, plan.detect({}))
        detected = {name[len(_DETECTED) :]: a for name, a in held.arrays.items() if name.startswith(_DETECTED)}
        arrays = {name: array for name, array in held.arrays.items() if not name.startswith(_DETECTED)}
        latest = Latest(*(arrays.pop(_LATEST + name) for name in ("time_us", "value", "quality")))
        state = carried(EngineState.from_arrays(arrays), watched.plan)
        fold = Fold(watched, state, latest.grown(count), history, plan.detect(detected), held.position)
        fold.tick_us, fold.origin = int(held.facts["tick_us"]), int(held.facts["origin"])
        self._anchored = int(held.facts["anchored"])
        return fold

    def keep(self, fold: Fold, log: SegmentLog, *, followed: bool) -> int:
        """Write what is due; return the number of acts.

        Parameters
        ----------
        followed
            Whether all findings stand in the alarms; if not, no checkpoint is written: a restart must find them anew.
        """
        setting, now_s = self._world.catalog.setting, stopwatch()
        if now_s - self._flushed_s >= float(setting("history.flush_s")):
            self._flushed_s = now_s
            fold.history.flush(fold.position - 1)
        acts = self._anchor(log)
        if followed and now_s - self._written_s >= float(setting("sense.checkpoint_s")):
            self.write(fold)
            self._trim(log, int(setting("sense.log_segments")), fold.position)
        return acts

    def write(self, fold: Fold) -> None:
        """Write the history out, then the checkpoint, so that the history is never behind it."""
        fold.history.flush(fold.position - 1)
        self._written_s = self._flushed_s = stopwatch()
        arrays: dict[str, Any] = {_LATEST + name: value for name, value in vars(fold.latest).items()}
        arrays |= {_DETECTED + name: array for name, array in fold.detectors.arrays().items()}
        facts = {"tick_us": fold.tick_us, "origin": fold.origin, "anchored": self._anchored}
        checkpoint.write(self._folder, checkpoint.Checkpoint(fold.position, facts, arrays | fold.state.arrays()))

    def _trim(self, log: SegmentLog, keep: int, written: int) -> None:
        """Forget the oldest of the segments that stand in the journal, the history and the checkpoint.

        Parameters
        ----------
        keep
            How many segments stay besides the one that is written to.
        written
            History and checkpoint hold everything below this position.
        """
        firsts = log.firsts
        anchored = sum(first <= self._anchored for first in firsts)
        if anchored > keep:
            log.trim(min(firsts[anchored - keep], written))

    def _anchor(self, log: SegmentLog) -> int:
        """Put the digests of closed segments into the journal, each once."""
        acts = 0
        for closed in log.closed_segments(self._anchored):
            args = {"segment": closed.name, "first": closed.first, "last": closed.next - 1, "sha256": closed.sha256}
            self._world.act(self._actor, "sense.anchor", args, key=f"anchor:{closed.name}")
            self._anchored = closed.first
            acts += 1
        return acts
