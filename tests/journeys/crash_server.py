"""A nursery of servers for the crash test: imports everything once, then forks one server for each line it reads.

Run as a program. Each line on standard input is ``FOLDER PORT``; the answer is the child's process id.
"""

import os
import signal
import sys
from pathlib import Path

import uvicorn

from anlan import root
from anlan.api.app import create_app
from anlan.catalog.catalog import builtin_layers, load_catalog
from anlan.city.load import load_city
from anlan.kernel.clock import RealClock
from anlan.kernel.entropy import SystemEntropy
from anlan.kernel.store import Store


def serve(folder: Path, port: int, catalog: object, city: object) -> None:
    described = root.WorldFile.read(folder)
    world = root.build_world(
        folder=folder,
        store=Store(described.store) if described.store else Store.at(folder),
        catalog=catalog,
        city=city,
        clock=RealClock(),
        entropy=SystemEntropy(),
    )
    uvicorn.run(create_app(world), host="127.0.0.1", port=port, log_level="error")


def main() -> None:
    catalog, city = load_catalog(*builtin_layers("songjiang")), load_city("shanghai")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the children
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        folder, port = line.split()
        child = os.fork()
        if child == 0:
            serve(Path(folder), int(port), catalog, city)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
