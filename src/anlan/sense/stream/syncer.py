"""Doors that do not wait: a thread that makes the log durable and tells each of them when it is."""

import queue
import threading
from collections.abc import Callable

from anlan.kernel.errors import AnlanError
from anlan.sense.stream.admission import Receipt
from anlan.sense.stream.log import SegmentLog

Done = Callable[[Receipt | Exception], None]
_Item = tuple[Receipt, Done]


class Syncer:
    """Serves all who wait with one flush of the log, then those who came meanwhile with the next."""

    def __init__(self, log: SegmentLog, after: Callable[[], object]) -> None:
        self._log, self._after = log, after
        self._items: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="anlan-syncer", daemon=True)
        self._thread.start()

    def add(self, receipt: Receipt, done: Done) -> None:
        """Have ``done`` told when the receipt's position is durable."""
        self._items.put((receipt, done))

    def stop(self) -> None:
        """Serve those who wait, and end."""
        self._items.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            waiting, going = self._taken()
            answer = self._synced(max((receipt.position for receipt, _ in waiting), default=0))
            for receipt, done in waiting:
                done(answer or receipt)
            self._after()

    def _taken(self) -> tuple[list[_Item], bool]:
        """Return all who wait now, at least one, and whether to go on after them."""
        waiting: list[_Item] = []
        item = self._items.get()
        while item is not None:
            waiting.append(item)
            if self._items.empty():
                return waiting, True
            item = self._items.get()
        return waiting, False

    def _synced(self, position: int) -> Exception | None:
        """Make the log durable up to a position; return why that failed, if it did."""
        if not position:
            return None
        try:
            self._log.sync(position)
        except AnlanError as error:
            return error
        return None
