"""Workers: each holds the lease of its part, begins at its checkpoint, and tells what it finds.

A worker that meets a fault ends. What starts it again is the machine's own service manager.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anlan.kernel.clock import stopwatch
from anlan.sense.partition.feed import Feed
from anlan.sense.partition.fold import PartitionFold, Plans
from anlan.sense.partition.gather import Gathering
from anlan.sense.partition.lease import Lease
from anlan.sense.partition.link import Link
from anlan.sense.partition.natslog import NatsLog
from anlan.sense.partition.plans import PlanStore
from anlan.sense.partition.spread import Source, Spreader
from anlan.sense.partition.told import Outlet, told_of

_WAIT_S = 0.2
_LOOK_S = 0.05


@dataclass(frozen=True)
class Layout:
    """Where everything of one city is found on a server, and how workers behave.

    Attributes
    ----------
    name : str
        First part of all subjects: ``name.log.0``, ``name.findings.0``.
    partitions : int
    folder : Path
        For checkpoints, one folder below it for each partition.
    plan : str
        Name of the plan in force before the first record of the log.
    lent_s, checkpoint_s : float
        How long a lease lasts that is not renewed; how often a checkpoint is written.
    """

    name: str
    partitions: int
    folder: Path
    plan: str = "0"
    replicas: int = 1
    lent_s: float = 10.0
    checkpoint_s: float = 20.0

    @property
    def bucket(self) -> str:
        """Name of buckets."""
        return self.name.replace(".", "_")

    def log(self, link: Link, partition: int, *, sender: str = "") -> NatsLog:
        """Open the log of a partition."""
        subject = f"{self.name}.log.{partition}"
        return NatsLog(link, subject, sender=sender, sole=False, replicas=self.replicas)

    def findings(self, link: Link, partition: int) -> NatsLog:
        """Open the findings of a partition; of number ``partitions``, those of groups across partitions."""
        return NatsLog(link, f"{self.name}.findings.{partition}", replicas=self.replicas)

    def plans(self, link: Link) -> PlanStore:
        """Open the plans."""
        return PlanStore(link, f"{self.bucket}_plans")

    @contextmanager
    def lent(self, link: Link, key: str, holder: str, stop: threading.Event) -> Iterator[Lease | None]:
        """Hold a lease; None if told to stop before it was free."""
        lease = Lease(link, f"{self.bucket}_leases", key, holder, lent_s=self.lent_s)
        try:
            yield lease if lease.claim(stop) else None
        finally:
            lease.release()

    def place(self, part: int) -> Path:
        """Return the folder of a part's checkpoints."""
        folder = self.folder / f"{part:04d}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


class _Rhythm:
    """Tells when the next checkpoint is due."""

    def __init__(self, every_s: float) -> None:
        self._every_s, self._last = every_s, stopwatch()

    def due(self) -> bool:
        now = stopwatch()
        if now - self._last < self._every_s:
            return False
        self._last = now
        return True


def fold_partition(
    layout: Layout, link: Link, plans: Plans, partition: int, holder: str, stop: threading.Event
) -> None:
    """Fold one partition until told to stop.

    Raises
    ------
    LogFault
        If the server is out of reach, the lease is lost, another worker has told findings, or a stream is damaged.
    """
    with layout.lent(link, f"part.{partition}", holder, stop) as lease:
        if lease is None:
            return
        folder, outlet = layout.place(partition), Outlet(layout.findings(link, partition))
        fold = PartitionFold(partition, plans, layout.plan)
        fold.restore(folder)
        feed, rhythm = layout.log(link, partition).follow(fold.position), _Rhythm(layout.checkpoint_s)
        while not stop.is_set():
            lease.check()
            if records := feed.take(_WAIT_S):
                for told in fold.take(records):
                    outlet.tell(told)
            if rhythm.due():
                outlet.sync()
                fold.keep(folder)
        outlet.sync()
        fold.keep(folder)


def fold_crossing(layout: Layout, link: Link, plans: Plans, holder: str, stop: threading.Event) -> None:
    """Fold the groups whose members lie in several partitions until told to stop; faults as of a partition."""
    part = layout.partitions
    with layout.lent(link, f"part.{part}", holder, stop) as lease:
        if lease is None:
            return
        folder, outlet = layout.place(part), Outlet(layout.findings(link, part))
        gathering = Gathering(plans, layout.plan)
        gathering.restore(folder)
        feeds = [layout.findings(link, p).follow(gathering.next(p)) for p in range(part)]
        rhythm = _Rhythm(layout.checkpoint_s)
        while not stop.is_set():
            lease.check()
            if _hear(gathering, feeds):
                for told in gathering.release():
                    outlet.tell(told)
            if rhythm.due():
                outlet.sync()
                gathering.keep(folder)
        outlet.sync()
        gathering.keep(folder)


def spread(layout: Layout, link: Link, plans: Plans, source: Source, door: str, stop: threading.Event) -> None:
    """Take a door's log to the partitions until told to stop; faults as of a partition, and of the log itself."""
    with layout.lent(link, f"door.{door}", door, stop) as lease:
        if lease is None:
            return
        targets = [layout.log(link, partition, sender=door) for partition in range(layout.partitions)]
        spreader = Spreader(source, door, targets, lambda plan: plans(plan).partition, plan=layout.plan)
        while not stop.is_set():
            lease.check()
            if not spreader.step():
                stop.wait(_LOOK_S)


def _hear(gathering: Gathering, feeds: Sequence[Feed]) -> int:
    count = 0
    for partition, feed in enumerate(feeds):
        for record in feed.take(_WAIT_S / len(feeds)):
            gathering.hear(partition, record.position, told_of(record.note))
            count += 1
    return count
