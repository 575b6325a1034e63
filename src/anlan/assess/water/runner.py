"""Where the members of a forecast run: on this machine's threads, or on the Ray cluster that the process knows of."""

import os
from collections.abc import Callable, Sequence

from anlan.assess.water.members import Job, Run, on_threads
from anlan.assess.water.on_ray import on_ray
from anlan.science.flood.ensemble import Failure

_CLUSTER = "RAY_ADDRESS"
"""Ray's own name for the address of its cluster."""


def spread(function: Callable[[Job], Run | Failure], jobs: Sequence[Job]) -> list[Run | Failure]:
    """Run all jobs and return what came of each."""
    return on_ray(function, jobs) if os.environ.get(_CLUSTER) else on_threads(function, jobs)
