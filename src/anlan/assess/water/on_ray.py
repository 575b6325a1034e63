"""Members of an ensemble on the machines of a Ray cluster: the same function, the same results, more machines.

Ray is an optional extra (``pip install anlan[ray]``) and is imported only when a job is spread. Without a cluster it
uses the processors of this machine, each job in a process of its own.
"""

import os
import pickle
from collections.abc import Callable, Sequence

from anlan.assess.water.members import Job, Run
from anlan.science.flood.ensemble import Failure

_RETRIES = 3
"""Times that a job begins again on another worker when its own is lost; a job that kills every worker must end."""


def on_ray(function: Callable[[Job], Run | Failure], jobs: Sequence[Job]) -> list[Run | Failure]:
    """Spread jobs over the cluster that this program belongs to, or that ``RAY_ADDRESS`` names, or over this machine.

    All jobs travel as one object, once to each machine: those of an ensemble share nearly all their arrays. A worker
    unpacks them into arrays of its own, which it may write to, as a thread may. A job whose worker, or whose machine,
    is lost in the middle begins again elsewhere.

    Parameters
    ----------
    function
        The workers must be able to import it (the same version of this package on every machine).

    Returns
    -------
    One result for each job, in their order. A job that lost its worker too often is a `Failure` of its member.

    References
    ----------
    Moritz et al. (2018), Ray: a distributed framework for emerging AI applications, OSDI 18, 561-577.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # what a city computes is nobody else's business
    import ray  # noqa: PLC0415  # an extra, and a second to import

    if not jobs:
        return []
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False)
    packed = ray.put(pickle.dumps(list(jobs), protocol=pickle.HIGHEST_PROTOCOL))
    task = ray.remote(num_cpus=1, max_retries=_RETRIES)(_run)
    waiting = [task.remote(function, packed, number) for number in range(len(jobs))]
    done: list[Run | Failure] = []
    for job, result in zip(jobs, waiting, strict=True):
        try:
            done.append(ray.get(result))
        except ray.exceptions.RayTaskError:
            raise  # what the function itself raised
        except ray.exceptions.RayError as fault:
            done.append(Failure(job.member.number, f"{type(fault).__name__}: {fault}"))
    return done


def _run(function: Callable[[Job], Run | Failure], packed: bytes, number: int) -> Run | Failure:
    jobs: list[Job] = pickle.loads(packed)  # noqa: S301  # from the process that asked, over the cluster's own way
    return function(jobs[number])
