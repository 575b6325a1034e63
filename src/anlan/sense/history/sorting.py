"""First step of compaction: rows as they arrived are sorted into files of one hour and one shard."""

from collections.abc import Iterator, Sequence

import numpy as np

from anlan.sense.history.files import Files, Write
from anlan.sense.history.parquet import writer
from anlan.sense.history.rows import SCHEMA, Rows, distinct
from anlan.sense.history.spans import HOUR_US, hour_of
from anlan.sense.history.state import Change, Loose, hour_file, loose_name, open_sums_name
from anlan.sense.history.sums import SCHEMA as SUMS_SCHEMA
from anlan.sense.history.sums import Sums
from anlan.sense.history.view import View
from anlan.sense.stream.batch import Int64s


def loose_file(rows: Rows, day: Int64s, generation: int, *, waiting: bool) -> tuple[Loose, tuple[str, Write]]:
    """Return what a file of rows in order of arrival will be called and hold, sorted by day, sensor and time."""
    ordered = rows.in_order(day)
    first_us, last_us = int(ordered.time_us.min()), int(ordered.time_us.max())
    loose = Loose(generation, len(ordered), first_us, last_us, waiting)
    return loose, (loose_name(generation), writer(SCHEMA, [ordered.to_arrow()]))


def sort_out(view: View, files: Files, taken: Sequence[Loose], generations: tuple[int, int]) -> Change:
    """Sort the rows of loose files into hours and shards, and those for closed days into one file that waits.

    Parameters
    ----------
    taken
        The oldest loose files that do not wait.
    generations
        Two that no file bears.
    """
    rows = Rows.joined([Rows.from_arrow(view.shelf.read(loose_name(one.generation))) for one in taken])
    change = Change(taken=frozenset(one.generation for one in taken))
    day = view.day_of(rows.time_us)
    closed = [one for one in distinct(day) if not view.state.is_open(one)]
    if closed:
        late = np.isin(day, closed)
        change.waiting, content = loose_file(rows.where(late), day[late], generations[1], waiting=True)
        files.put([content])
        rows = rows.where(~late)
    sums: list[Sums] = []
    files.put(_files(view, rows, generations[0], change, sums))
    if sums:
        table = Sums.joined(sums).in_order().to_arrow()
        files.put([(open_sums_name(generations[0]), writer(SUMS_SCHEMA, [table]))])
    return change


def _files(view: View, rows: Rows, generation: int, change: Change, sums: list[Sums]) -> Iterator[tuple[str, Write]]:
    """Yield the file of each hour and shard, joined with the one that was; note it in ``change`` and its ``sums``."""
    # Shards are few: NumPy puts numbers of 16 bits into order by counting them.
    shard_of = (rows.sensor % view.state.shards).astype(np.uint16)
    order = np.argsort(shard_of, kind="stable")
    rows, shard_of = rows.where(order), shard_of[order]
    shards = distinct(shard_of.astype(np.int64))
    begins = np.searchsorted(shard_of, [*shards, view.state.shards]).tolist()
    for shard, begin, end in zip(shards, begins, begins[1:], strict=False):
        own = rows.where(slice(begin, end))
        hour_of_own = hour_of(own.time_us)
        for hour in distinct(hour_of_own):
            first_us, last_us = hour * HOUR_US + 1, (hour + 1) * HOUR_US
            names = view.names(view.state.day_of_hour(hour), shard, first_us, last_us)
            older = view.filed(names, None, first_us, last_us)
            ordered = Rows.joined([older, own.where(hour_of_own == hour)]).in_order()
            change.hours.setdefault(hour, {})[shard] = generation
            sums.append(Sums.of(ordered, np.full(len(ordered), hour * HOUR_US)))
            yield hour_file(hour, shard, generation), writer(SCHEMA, [ordered.to_arrow()])
