"""The station: takes observations into the log, folds the log, and brings the alarms to where the rules found them.

There is one owner of a data folder's log. Another process of the same world (a command beside the server) reads what
is durable there and hands in observations through the inbox. Who only reads never takes the log from a server that is
about to start; who has to write takes it if nobody has it, and a server that finds it taken takes it when it is free.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.kernel.errors import AnlanError, Conflict
from anlan.kernel.reactions import automaton
from anlan.kernel.world import World
from anlan.sense.history.history import History
from anlan.sense.history.retention import ANY, Retention
from anlan.sense.history.upkeep import Pace
from anlan.sense.model import inbox
from anlan.sense.stream.admission import Admission, Receipt, Source
from anlan.sense.stream.batch import Batch, Rows
from anlan.sense.stream.fold import Located
from anlan.sense.stream.follow import followed
from anlan.sense.stream.keeping import Keeper
from anlan.sense.stream.latest import Latest
from anlan.sense.stream.log import Kind, LogFault, LogReader, Record, SegmentLog
from anlan.sense.stream.moments import micros
from anlan.sense.stream.planning import Planned, last_change, planned, utc_offset_s
from anlan.sense.stream.reconcile import reconcile, standing
from anlan.sense.stream.registry import Registry
from anlan.sense.stream.syncer import Syncer

FOLDER = "observations"
_PARTITION = 0
_STEP_ROWS = 200_000
_FOLLOWED_AT_ONCE = 500
_AnyLog = TypeVar("_AnyLog", SegmentLog, LogReader)
_FIRST_NEEDING_CHECKPOINT = 2  # a log that holds the change of the plan alone has nothing to remember


class Station:
    """Everything of one world between the doors and the alarms.

    Nothing is opened before it is needed. :attr:`folded` is what is known up to where the log has been folded.
    """

    def __init__(self, world: World) -> None:
        self._world, self._folder = world, world.folder / FOLDER
        self._rules = automaton(world.gate, "rules")
        self._folding = threading.RLock()
        self._opening = threading.RLock()
        self._unsettled = True  # the open alarms have not been held against the engine yet
        self._news = True  # something may have been committed that concerns the station
        self._awake = threading.Event()
        self.driven = False
        world.gate.after_commit.append(lambda _state: self.hear())
        self._log: SegmentLog | LogReader | None = None
        self._syncer: Syncer | None = None
        self._waiting: list[Located] = []
        self._applied = (0, 0)

    def hear(self) -> None:
        """Look into the store at the next step: something may have been committed, here or by another process."""
        self._news = True
        self._awake.set()

    def wake(self) -> None:
        """End the rest of whoever drives the station."""
        self._awake.set()

    def rest(self, until: datetime) -> None:
        """Wait until something arrives, or a moment has come."""
        self._world.clock.wait(until, self._awake)
        self._awake.clear()

    # -- opening ------------------------------------------------------------------------------------------------

    @property
    def log(self) -> SegmentLog | LogReader:
        """The log; opened, and folded up to its end, when first asked for."""
        self._open()
        assert self._log is not None  # noqa: S101  # for the type checker: opening makes it
        return self._log

    @property
    def owner(self) -> bool:
        """Whether this process writes the log; it takes the log if nobody has it."""
        return self._own() is not None

    @property
    def registry(self) -> Registry:
        """The sensors that are known."""
        self._open()
        return self._admission.registry

    @property
    def history(self) -> History:
        """What was observed."""
        self._open()
        return self.folded.history

    @property
    def latest(self) -> Latest:
        """The newest of every sensor."""
        self._open()
        return self.folded.latest

    def _open(self) -> None:
        """Open the log if it is not open: to read it, unless this is a server's station."""
        if self._log is not None or (self.driven and self._own() is not None):
            return
        with self._opening:
            if self._log is None:
                self._log = self._loaded(LogReader(self._folder / "log"))

    def _own(self) -> SegmentLog | None:
        """Return the log to write to, taking it if nobody has it; None while another process does."""
        if (own := self._owned()) is not None:
            return own
        with self._folding, self._opening:
            if (own := self._owned()) is not None:
                return own
            most_bytes = int(self._world.catalog.setting("sense.segment_bytes"))
            try:
                log = SegmentLog(self._folder / "log", segment_bytes=most_bytes)
            except LogFault as fault:
                if fault.code != "log.owned":
                    raise
                return None
            try:
                before, self._log = self._log, self._loaded(log)
            except BaseException:
                log.close()
                raise
            if before is not None:
                before.close()
            return log

    def _owned(self) -> SegmentLog | None:
        return self._log if isinstance(self._log, SegmentLog) else None

    def _loaded(self, log: _AnyLog) -> _AnyLog:
        """Return a log after folding it up to its end, on from the last checkpoint."""
        world, setting = self._world, self._world.catalog.setting
        with world.store.read() as conn:
            self._applied = self._found_before = followed(conn, _PARTITION)
            plan = planned(conn, world.catalog, world.city, self.offset_s)
        if isinstance(log, SegmentLog) and self._applied[0] >= log.end:
            raise Conflict("sense.log_behind", value=log.end, params={"position": self._applied[0]})
        self._plan_seq, self._admission, self._waiting = plan.seq, Admission(plan.registry), []
        self._keeper = Keeper(world, self._folder, self._rules)
        # Who only reads writes no files: what the owner has not flushed yet stays in memory here.
        pace = Pace(hot_rows=int(setting("history.flush_rows")) if isinstance(log, SegmentLog) else None)
        history = History(self._folder / "history", offset_h=self.offset_s // 3600, pace=pace)
        self.folded = self._keeper.restored(plan, history)
        self._catch_up(log)
        return log

    @property
    def waiting(self) -> int:
        """How many findings do not stand in the alarms yet."""
        self._open()
        return len(self._waiting)

    @property
    def offset_s(self) -> int:
        """The city's local time less UTC, s."""
        return utc_offset_s(self._world.city, self._world.clock.now())

    # -- taking -------------------------------------------------------------------------------------------------

    def take(self, source: Source, rows: Rows) -> Receipt:
        """Take a message; what is accepted is durable on return.

        Raises
        ------
        Conflict
            ``sense.not_owner`` if another process writes this world's log.
        LogFault
            If it could not be made durable.
        """
        receipt = self._append(source, rows)
        if receipt.position:
            self._writer().sync(receipt.position)
            self._awake.set()
        return receipt

    def take_soon(self, source: Source, rows: Rows, done: Callable[[Receipt | Exception], None]) -> None:
        """Take a message without waiting: ``done`` is called, by another thread, when what is accepted is durable."""
        try:
            receipt = self._append(source, rows)
        except AnlanError as error:
            done(error)
            return
        self._syncing().add(receipt, done)

    def _writer(self) -> SegmentLog:
        log = self._own()
        if log is None:
            raise Conflict("sense.not_owner")
        return log

    def _append(self, source: Source, rows: Rows) -> Receipt:
        log = self._writer()
        now_us = self._now_us()
        ahead_us = int(float(self._world.catalog.setting("ingest.max_future_s")) * 1e6)
        batch, refused = self._admission.admit(source, rows, now_us + ahead_us)
        if not len(batch):
            return Receipt(0, 0, refused)
        position = log.append(Kind.OBSERVED, batch, received_us=now_us, source=source.id)
        return Receipt(position, len(batch), refused)

    def _syncing(self) -> Syncer:
        log = self._writer()
        with self._opening:
            if self._syncer is None:
                self._syncer = Syncer(log, self._awake.set)
            return self._syncer

    def _now_us(self) -> int:
        return micros(self._world.clock.now())

    # -- folding ------------------------------------------------------------------------------------------------

    def waits(self) -> bool:
        """Tell in one look whether there is something to fold now, and no thread of its own does it."""
        return not self.driven and (self._news or self._behind() or self._tick_due() is not None)

    def _behind(self) -> bool:
        return self._log is not None and self._log.end > self.folded.position

    def run(self) -> int:
        """Do what there is to do; return how many acts that was."""
        return self.pump()

    def pump(self) -> int:
        """Fold what is new: changes of the plan, the inbox, a tick, the log; follow what was found; return the acts."""
        with self._folding:
            log = self._own()
            if log is None:  # what is found is the owner's to follow
                self._news = False
                self._catch_up(self.log)
                self._waiting = []
                return 0
            self._hear_news(log)
            if (tick_us := self._tick_due()) is not None:
                log.append(Kind.TICK, Batch.tick(tick_us), received_us=tick_us, source="")
            if log.end > self.folded.position:
                log.sync(log.end - 1)
                self._catch_up(log)
            acts = self._follow()
            if self._unsettled:
                acts += self._reconcile()
            return acts + self._keeper.keep(self.folded, log, followed=not self._waiting)

    def _reconcile(self) -> int:
        """Bring the engine and the open alarms together after a change of the plan; return the number of acts."""
        self._unsettled = False
        with self._world.store.read() as conn:
            held = standing(conn)
        ended = list(reconcile(self.folded, held, self._world.clock.now()))
        for start in range(0, len(ended), _FOLLOWED_AT_ONCE):
            some = [tuple(one) for one in ended[start : start + _FOLLOWED_AT_ONCE]]
            self._world.act(self._rules, "sense.release", {"findings": some})
        return len(ended)

    def _hear_news(self, log: SegmentLog) -> None:
        """Look into the store for a change of the plan and for what acts handed in, at one moment."""
        if not self._news:
            return
        self._news = False
        with self._world.store.read() as conn:
            world, changed = self._world, None
            if last_change(conn) != self._plan_seq:
                changed = planned(conn, world.catalog, world.city, self.offset_s)
            query = sa.select(inbox).where(inbox.c.seq > self.folded.origin).order_by(inbox.c.seq)
            handed_in = conn.execute(query).all()
        if changed is not None:
            self._change_plan(log, changed)
        for row in handed_in:
            kind = Kind.BACKFILL if row.backfill else Kind.OBSERVED
            batch, now_us = Batch.unpacked(row.packed), self._now_us()
            log.append(kind, batch, received_us=now_us, source=row.source, origin=row.seq)
        if handed_in:
            log.sync(log.end - 1)
            with self._world.store.write() as conn:
                conn.execute(sa.delete(inbox).where(inbox.c.seq <= handed_in[-1].seq))

    def _change_plan(self, log: SegmentLog, plan: Planned) -> None:
        """Fold all that was taken under the old plan, then go on under the new one."""
        log.sync(
            log.append(Kind.PLAN, Batch.empty(), received_us=self._now_us(), source="", note=str(plan.seq).encode())
        )
        self._catch_up(log)
        self._follow()
        self.folded.adopt(plan)
        self._plan_seq, self._admission, self._unsettled = plan.seq, Admission(plan.registry), True
        if log.end > _FIRST_NEEDING_CHECKPOINT:
            self._keeper.write(self.folded)

    def _tick_due(self) -> int | None:
        """Return the newest whole multiple of the tick, if the log has not got it yet."""
        if not isinstance(self._log, SegmentLog):
            return None
        every_us = int(float(self._world.catalog.setting("sense.tick_s")) * 1e6)
        tick_us = self._now_us() // every_us * every_us
        return tick_us if tick_us > self.folded.tick_us else None

    def _catch_up(self, log: SegmentLog | LogReader) -> None:
        """Fold all records that are durable now."""
        if log.end <= self.folded.position:
            return
        for records in _steps(log.read(max(self.folded.position, log.begin))):
            self._waiting += _unfollowed(self.folded.take(records), self._found_before)

    # -- following ----------------------------------------------------------------------------------------------

    def _follow(self) -> int:
        """Bring the alarms to where the rules found them; return the number of acts."""
        acts = 0
        while self._waiting:
            some = self._waiting[:_FOLLOWED_AT_ONCE]
            position = some[-1].position
            before = self._applied[1] if self._applied[0] == position else 0
            taken = before + sum(one.position == position for one in some)
            args = {"position": position, "taken": taken, "findings": [tuple(one.finding) for one in some]}
            self._world.act(self._rules, "sense.follow", args)
            self._waiting = self._waiting[len(some) :]
            self._applied = (position, taken)
            acts += 1
        return acts

    def upkeep(self) -> int:
        """Sort the history's files and drop what need not be kept; any one thread may do it; return the steps."""
        if not isinstance(self._log, SegmentLog):
            return 0
        now_us, catalog = self._now_us(), self._world.catalog
        keep = Retention(
            rows={ANY: int(catalog.setting("history.rows_days")), **_kept_days(catalog)},
            sums={ANY: int(catalog.setting("history.sums_days"))},
        )
        steps = self.history.compact(now_us)
        return steps + self.history.drop(now_us, self.registry.quantity.values, keep)

    def close(self) -> None:
        """Write everything down and let go of the files."""
        if self._log is None:
            return
        with self._folding:
            if isinstance(self._log, SegmentLog):
                if self._syncer is not None:
                    self._syncer.stop()
                if not self._waiting:
                    self._keeper.write(self.folded)
            self._log.close()


def _kept_days(catalog: Catalog) -> dict[str, int]:
    """Return for how many days the observations of quantities are kept, where the catalog says so."""
    return {name: one.keep_days for name, one in catalog.quantities.items() if one.keep_days is not None}


def _unfollowed(found: Iterable[Located], before: tuple[int, int]) -> Iterator[Located]:
    """Yield what was not followed before a restart: all but the earlier positions, and the first of that position."""
    position, taken = before
    for one in found:
        if one.position == position and taken:
            taken -= 1
        elif one.position >= position:
            yield one


def _steps(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Yield records in runs of not too many rows."""
    run: list[Record] = []
    rows = 0
    for record in records:
        run.append(record)
        rows += len(record.batch)
        if rows >= _STEP_ROWS:
            yield run
            run, rows = [], 0
    if run:
        yield run
