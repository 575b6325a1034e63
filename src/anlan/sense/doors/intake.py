"""The one way from a door to the station, whatever the door: read, held to a quota, taken, counted, kept if refused."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from anlan.catalog.catalog import Catalog
from anlan.kernel.clock import Clock
from anlan.kernel.errors import Invalid
from anlan.sense.doors.decode.forms import DEFAULT_FORM, decode
from anlan.sense.doors.excerpts import excerpt
from anlan.sense.doors.joining import Piece, joined, read_all
from anlan.sense.doors.letters import Letters
from anlan.sense.doors.limits import Limits, Unreadable, shown
from anlan.sense.doors.mapping.adapter import Adapter
from anlan.sense.doors.mapping.hj212 import without_password
from anlan.sense.doors.mapping.topics import fits
from anlan.sense.doors.message import Message
from anlan.sense.doors.quota import Quotas
from anlan.sense.doors.resolving import Resolver, named
from anlan.sense.doors.senders import Sender
from anlan.sense.doors.taker import Known, Taker
from anlan.sense.doors.tally import UNKNOWN, Tally
from anlan.sense.stream.admission import Receipt
from anlan.sense.stream.batch import Refusal, Rows

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)

Finished = Callable[[Exception | None], None]


class Busy(Exception):
    """The source has used up its quota; nothing of the message was taken."""

    def __init__(self, wait_s: float, rows: int) -> None:
        self.wait_s, self.rows = wait_s, rows
        super().__init__(f"wait {wait_s:.3f} s")


class Intake:
    """Takes messages for one world.

    Parameters
    ----------
    catalog
        Policy: limits, quotas' burst, payload mappings.
    taker
        The station.
    clock
        The world's.
    letters
        Where what is refused is kept.
    """

    def __init__(self, catalog: Catalog, taker: Taker, clock: Clock, letters: Letters) -> None:
        self.limits, self.letters, self.tally = Limits.of(catalog), letters, Tally()
        self._catalog, self._taker, self._clock = catalog, taker, clock
        self._quotas = Quotas(float(catalog.setting("door.burst_s")))
        self._adapters: dict[str, Adapter] = {}
        self._resolver = Resolver()
        self._making = threading.Lock()

    def now_us(self) -> int:
        """Return the world's time, microseconds since 1970 UTC."""
        return (self._clock.now() - _EPOCH) // _US

    # -- reading ------------------------------------------------------------------------------------------------

    def read(self, message: Message, sender: Sender | None) -> Rows:
        """Return the observations of a message by its mapping or its form.

        Raises
        ------
        Unreadable
            If nothing of it can be taken.
        """
        mapping = self._mapping_of(message, sender)
        if mapping is None:
            return decode(message.form or DEFAULT_FORM, message.payload, self.limits)
        return self._adapter(mapping).rows(message.payload, message.topic, message.received_us, self.limits)

    def _mapping_of(self, message: Message, sender: Sender | None) -> str | None:
        """Return the mapping of a message: the door's, the source's, or by topic; none where a form was named."""
        if message.mapping is not None:
            return message.mapping
        if message.form:
            return None
        if sender is not None and sender.mapping is not None:
            return sender.mapping
        known = self._catalog.payload_mappings
        return next((name for name, one in known.items() if fits(one.topics, message.topic)), None)

    def _adapter(self, mapping: str) -> Adapter:
        adapter = self._adapters.get(mapping)
        if adapter is not None:
            return adapter
        with self._making:  # the first conversion of units takes seconds, and must not be done twice
            known = self._catalog.payload_mappings.get(mapping)
            if known is None:
                raise Unreadable("message.mapping", mapping)
            try:
                return self._adapters.setdefault(mapping, Adapter(known))
            except Invalid as error:
                raise Unreadable("message.mapping", f"{mapping}: {error.value}") from error

    def prepare(self, mappings: Iterable[str]) -> None:
        """Make ready what the first message would wait seconds for: the index of names, and units of mappings."""
        self._resolver.prepare(self._taker.registry)
        for mapping in mappings:
            if mapping in self._catalog.payload_mappings:
                self._adapter(mapping)

    # -- taking -------------------------------------------------------------------------------------------------

    def take(self, message: Message, sender: Sender) -> Receipt:
        """Take one message; what is accepted is durable on return.

        Raises
        ------
        Busy
            If the source's quota is used up: nothing was taken.
        Unreadable
            If nothing of it can be taken; it was counted and kept.
        """
        self._wait_none(sender, 0)
        try:
            rows = self.read(message, sender)
        except Unreadable as error:
            self._tell(message, sender, (error.refusal,))
            raise
        return self.take_rows(message, rows, sender)

    def take_rows(self, message: Message, rows: Rows, sender: Sender) -> Receipt:
        """Take a message that was read already.

        Raises
        ------
        Busy
            As :meth:`take`.
        """
        count = len(rows) + len(rows.refused)
        wait_s = self._quotas.take(sender.source.id, sender.quota_per_s, count, self._clock.now().timestamp())
        if wait_s > 0:
            self.tally.held(sender.source.id)
            raise Busy(wait_s, count)
        receipt = self._taken(sender, rows)
        self._count([Piece(message, 0, count)], sender, rows, receipt)
        return receipt

    def _taken(self, sender: Sender, rows: Rows) -> Receipt:
        known = self._taker.registry
        resolved = self._resolver.resolved(rows, known)
        receipt = self._taker.take(sender.source, resolved)
        return receipt if resolved is rows else replace(receipt, refused=named(receipt.refused, known))

    def must_wait(self, sender: Sender) -> bool:
        """Tell whether a source has used up its quota."""
        return self._quotas.wait_s(sender.source.id, sender.quota_per_s, self._clock.now().timestamp()) > 0

    def _wait_none(self, sender: Sender, rows: int) -> None:
        wait_s = self._quotas.wait_s(sender.source.id, sender.quota_per_s, self._clock.now().timestamp())
        if wait_s > 0:
            self.tally.held(sender.source.id)
            raise Busy(wait_s, rows)

    def take_soon(self, messages: Sequence[Message], sender: Sender, finished: Finished) -> float:
        """Take messages of one source without waiting.

        ``finished`` is called once all of them are dealt with: taken and durable, or refused, counted and kept; or
        with the error because of which none of them may be acknowledged.

        Returns
        -------
        float
            0, or how long to wait before they are offered again, s: then nothing was taken.
        """
        try:
            self._wait_none(sender, 0)
        except Busy as busy:
            return busy.wait_s
        parts, pieces = read_all(messages, lambda message: self._read_bounded(message, sender))
        count = pieces[-1].end if pieces else 0
        self._quotas.take(sender.source.id, sender.quota_per_s, count, self._clock.now().timestamp())
        for piece in pieces:
            if piece.unreadable is not None:
                self._tell(piece.message, sender, (piece.unreadable,))
        readable = [piece for piece in pieces if piece.unreadable is None]
        rows = joined(parts)
        if not rows:
            finished(None)
            return 0.0
        waiting = _Countdown(len(rows), finished)
        known = self._taker.registry
        for one in rows:
            resolved = self._resolver.resolved(one, known)
            done = self._done(one, known if resolved is not one else None, readable, sender, waiting)
            self._taker.take_soon(sender.source, resolved, done)
        return 0.0

    def _read_bounded(self, message: Message, sender: Sender) -> Rows:
        if len(message.payload) > self.limits.message_bytes:
            raise Unreadable("message.size", len(message.payload))
        return self.read(message, sender)

    def _done(
        self, rows: Rows, known: Known | None, pieces: Sequence[Piece], sender: Sender, waiting: "_Countdown"
    ) -> Callable[[Receipt | Exception], None]:
        def done(answer: Receipt | Exception) -> None:
            if isinstance(answer, Receipt):
                self._count(pieces, sender, rows, replace(answer, refused=named(answer.refused, known)))
                waiting.one(None)
            elif isinstance(answer, Invalid):  # whoever tries again finds the same: they are refused
                for piece in pieces:
                    if _touches(piece, rows):
                        self._tell(piece.message, sender, (Refusal(-1, answer.code, shown(str(answer.value))),))
                waiting.one(None)
            else:
                waiting.one(answer)

        return done

    def take_again(self, rows: Rows, sender: Sender) -> Receipt:
        """Take observations that were refused before; what is refused again is not kept a second time."""
        receipt = self._taken(sender, rows)
        newest = int(rows.time_us.max()) if receipt.accepted else None
        self.tally.came(
            sender.source.id, "again", self.now_us(), size=0, accepted=receipt.accepted, newest_us=newest, messages=0
        )
        return receipt

    def stranger(self, message: Message, rule: str = "source.unknown") -> None:
        """Count and keep a message of nobody who is registered."""
        self._tell(message, None, (Refusal(-1, rule, message.source[:80]),))

    def refuse(self, message: Message, sender: Sender, refusal: Refusal) -> None:
        """Count and keep a message that its door could not read."""
        self._tell(message, sender, (refusal,))

    # -- telling ------------------------------------------------------------------------------------------------

    def _count(self, pieces: Sequence[Piece], sender: Sender, rows: Rows, receipt: Receipt) -> None:
        newest = int(rows.time_us.max()) if receipt.accepted and len(rows) else None
        inside = [piece for piece in pieces if _touches(piece, rows)]
        self.tally.came(
            sender.source.id,
            pieces[0].message.door,
            pieces[-1].message.received_us,
            size=sum(len(piece.message.payload) for piece in inside),
            messages=len(inside),
            accepted=receipt.accepted,
            newest_us=newest,
            refused=receipt.refused,
        )
        if receipt.refused:
            for piece, refused in _by_piece(pieces, receipt.refused):
                self._keep(piece.message, sender, refused, rows, piece.begin)

    def _tell(self, message: Message, sender: Sender | None, refused: tuple[Refusal, ...]) -> None:
        """Count and keep a message of which nothing was taken."""
        name = UNKNOWN if sender is None else sender.source.id
        self.tally.came(name, message.door, message.received_us, size=len(message.payload), refused=refused)
        self._keep(message, sender, refused, None, 0)

    def _keep(
        self, message: Message, sender: Sender | None, refused: Sequence[Refusal], rows: Rows | None, begin: int
    ) -> None:
        mapping = self._mapping_of(message, sender)
        if mapping is not None and (known := self._catalog.payload_mappings.get(mapping)) and known.reads == "hj212":
            message = replace(message, payload=without_password(message.payload))
        if rows is not None and not 0 < len(message.payload) <= self.letters.most_bytes:
            message, refused = excerpt(message, refused, rows, begin)
        name, area = (UNKNOWN, "") if sender is None else (sender.source.id, sender.area)
        self.letters.keep(message, name, area, refused, self._catalog.fingerprint)


class _Countdown:
    """Calls back when the last of some parts is done, with the first error that there was."""

    def __init__(self, parts: int, finished: Finished) -> None:
        self._left, self._finished = parts, finished
        self._error: Exception | None = None
        self._lock = threading.Lock()

    def one(self, error: Exception | None) -> None:
        with self._lock:
            self._error = self._error or error
            self._left -= 1
            last = self._left == 0
        if last:
            self._finished(self._error)


def _touches(piece: Piece, rows: Rows) -> bool:
    """Tell whether a piece has rows among these: they are sorted by their places."""
    if rows.place is None:
        return True
    first = int(np.searchsorted(rows.place, piece.begin))
    inside = first < len(rows.place) and rows.place[first] < piece.end
    return inside or any(piece.begin <= refusal.row < piece.end for refusal in rows.refused)


def _by_piece(pieces: Sequence[Piece], refused: Iterable[Refusal]) -> Iterator[tuple[Piece, list[Refusal]]]:
    """Yield the pieces of which something was refused, with the refusals by their places in the piece."""
    begins = [piece.begin for piece in pieces]
    found: dict[int, list[Refusal]] = {}
    for refusal in refused:
        place = int(np.searchsorted(begins, refusal.row, side="right")) - 1
        found.setdefault(place, []).append(replace(refusal, row=refusal.row - begins[place]))
    for place, some in found.items():
        yield pieces[place], some
