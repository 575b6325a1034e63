"""A process of workers: a thread for each part, one connection, and an end as soon as one of them meets a fault."""

import argparse
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from anlan.sense.partition.link import Link
from anlan.sense.partition.worker import Layout, fold_crossing, fold_partition, spread
from anlan.sense.stream.log import LogReader

SERVER = "ANLAN_NATS_SERVER"
"""Variable of the environment with the server's address: it may hold a password, which no list of processes shows."""

Work = Callable[[threading.Event], None]


def together(works: Sequence[Work], stop: threading.Event) -> None:
    """Do several things in threads until told to stop, or until one of them fails: then all end, and it is raised."""
    faults: list[BaseException] = []

    def guarded(work: Work) -> None:
        try:
            work(stop)
        except BaseException as fault:  # noqa: BLE001  # raised below, by the thread that waits
            faults.append(fault)
        finally:
            stop.set()

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def fold(layout: Layout, link: Link, parts: Sequence[int], holder: str, stop: threading.Event) -> None:
    """Fold some parts until told to stop; the part after the last partition is that of groups across them."""
    plans = layout.plans(link)

    def work(part: int) -> Work:
        if part == layout.partitions:
            return lambda stop: fold_crossing(layout, link, plans, holder, stop)
        return lambda stop: fold_partition(layout, link, plans, part, holder, stop)

    together([work(part) for part in parts], stop)


def main(given: Sequence[str] | None = None) -> None:
    """Run ``python -m anlan.sense.partition``."""
    options = _options().parse_args(given)
    layout = Layout(
        options.name,
        options.partitions,
        options.folder,
        plan=options.plan,
        replicas=options.replicas,
        lent_s=options.lent_s,
        checkpoint_s=options.checkpoint_s,
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    link = Link(options.server, credentials=options.credentials)
    try:
        if options.work == "fold":
            fold(layout, link, options.parts, options.holder, stop)
        else:
            plans, source = layout.plans(link), LogReader(options.folder)
            together([lambda stop: spread(layout, link, plans, source, options.door, stop)], stop)
    finally:
        link.close()


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m anlan.sense.partition", description=__doc__)
    server = os.environ.get(SERVER, "nats://127.0.0.1:4222")
    parser.add_argument("--server", default=server, help=f"address of NATS, several by commas; else ${SERVER}")
    parser.add_argument("--credentials", type=Path, help="credentials file of the server")
    parser.add_argument("--name", default="anlan.sense", help="first part of all subjects")
    parser.add_argument("--partitions", type=int, required=True, help="how many there are; never changed for a city")
    parser.add_argument("--plan", default="0", help="name of the plan before the log's first record")
    parser.add_argument("--replicas", type=int, default=1, help="copies of each stream that is made")
    parser.add_argument("--lent-s", type=float, default=10.0, help="how long a lease lasts that is not renewed, s")
    parser.add_argument("--checkpoint-s", type=float, default=20.0, help="how often a checkpoint is written, s")
    works = parser.add_subparsers(dest="work", required=True)
    folding = works.add_parser("fold", help="fold some parts")
    folding.add_argument(
        "--parts", type=_parts, required=True, help="as 0-31,64; the number of partitions: groups across"
    )
    folding.add_argument("--folder", type=Path, required=True, help="where checkpoints are kept")
    folding.add_argument("--holder", default=socket.gethostname(), help="who holds the leases, for people who look")
    spreading = works.add_parser("spread", help="take a door's log to the partitions")
    spreading.add_argument("--folder", type=Path, required=True, help="the log of the door's station")
    spreading.add_argument("--door", required=True, help="name of the door, its own among all doors")
    return parser


def _parts(text: str) -> list[int]:
    found: list[int] = []
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
