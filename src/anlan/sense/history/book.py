"""The state that counts now: put in place durably, held by readers as long as they read, its old files cleared away."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from anlan.sense.history.files import Files
from anlan.sense.history.hot import Hot
from anlan.sense.history.state import NAME, State, generation_in

_RESERVED = 1000


class ForeignHandError(RuntimeError):
    """Somebody else has changed the history since it was opened here; nothing was changed now."""


class Entry(NamedTuple):
    """One moment: the number of the state, what is in files, and what is not yet."""

    number: int
    state: State
    hot: Hot


class Book:
    """Leads from one state to the next.

    Parameters
    ----------
    fresh
        The state of a history of which there is nothing yet.
    """

    def __init__(self, files: Files, fresh: State) -> None:
        self._told = files.read(NAME)
        state = fresh if self._told is None else State.from_bytes(self._told)
        self._files = files
        self._entry = Entry(0, state, Hot())
        self._first = self._generation = state.generation
        self._writing = threading.RLock()
        self._lock = threading.Lock()
        self._readers: dict[int, int] = {}
        self._retired: list[tuple[int, set[str]]] = []
        self._swept = False

    @property
    def now(self) -> Entry:
        """What counts now; its files may go as soon as it does not."""
        return self._entry

    @contextmanager
    def held(self) -> Iterator[Entry]:
        """Hold what counts now: its files stay as long as the block runs."""
        with self._lock:
            entry = self._entry
            self._readers[entry.number] = self._readers.get(entry.number, 0) + 1
        try:
            yield entry
        finally:
            with self._lock:
                self._readers[entry.number] -= 1
                if not self._readers[entry.number]:
                    del self._readers[entry.number]

    def generation(self) -> int:
        """Return a number for the names of new files that none ever had, also none written before a crash."""
        with self._writing:
            if self._generation >= self._entry.state.generation:
                self.publish(lambda state: state)
            self._generation += 1
            return self._generation - 1

    def publish(self, change: Callable[[State], State], hot: Hot | None = None, months: set[int] | None = None) -> None:
        """Let another state count: durably first, then for readers.

        Parameters
        ----------
        hot
            New rows in memory, instead of those that are.
        months
            The change puts other files in place in these months, or of days that are not closed; None: it only adds.

        Raises
        ------
        ForeignHandError
            If the manifest is not the one that was read or written here last.
        """
        with self._writing:
            number, old, rows = self._entry
            state = replace(change(old), generation=max(old.generation, self._generation + _RESERVED))
            if self._files.read(NAME) != self._told:
                raise ForeignHandError(f"{NAME} is not what was written here last: another process keeps this history")
            text = state.to_bytes()
            self._files.replace(NAME, text)
            self._told = text
            with self._lock:
                self._entry = Entry(number + 1, state, rows if hot is None else hot)
            if months is not None and (gone := old.names(months) - state.names(months)):
                self._retired.append((number + 1, gone))

    def clear(self) -> None:
        """Remove files that do not count any more and that nobody reads; once, also what a crash has left."""
        with self._writing, self._lock:
            oldest = min(self._readers, default=self._entry.number)
            due = [names for number, names in self._retired if number <= oldest]
            self._retired = [one for one in self._retired if one[0] > oldest]
        for names in due:
            self._files.remove(sorted(names))
        if not self._swept:
            self._sweep({name for _, names in self._retired for name in names})
            self._swept = True

    def _sweep(self, retired: set[str]) -> None:
        """Remove files that were written, but did not come to count before a crash."""
        counted = self._entry.state.names() | retired
        older = [name for name in self._files.names() if (own := generation_in(name)) is not None and own < self._first]
        self._files.remove(sorted(set(older) - counted))
