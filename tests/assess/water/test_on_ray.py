"""Members on Ray: the bits of threads, also when a worker is killed in the middle."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ray

from anlan.assess.water.district import District
from anlan.assess.water.drainage import Drainage
from anlan.assess.water.members import Job, Physics, Run, Surface, on_threads, run_member
from anlan.assess.water.on_ray import on_ray
from anlan.assess.water.rain import Intervals
from anlan.science.arrays import floats
from anlan.science.flood import ensemble
from anlan.science.flood.ensemble import Failure, Uncertain

SIDE, HOUR_S, MEMBERS, WAIT_S = 16, 3600.0, 5, 60.0
UNCERTAIN = Uncertain(rain=(0.7, 1.4), shift_m=300.0, roughness=(0.7, 1.4), drains=(0.3, 0.8, 1.0), pump_failure=0.2)


def jobs() -> list[Job]:
    """Return the members of a storm on a small basin of rough ground."""
    rng = np.random.default_rng(4)
    y, x = np.mgrid[:SIDE, :SIDE]
    bed = ((x - 8.0) ** 2 + (y - 8.0) ** 2) * 0.01 + rng.random((SIDE, SIDE)) * 0.3
    district = District(
        bed_m=bed.astype(np.float32),
        cell=np.arange(SIDE * SIDE, dtype=np.int32).reshape(SIDE, SIDE),
        town=(x >= 8).astype(np.int16),
        water=x == 0,
        own=x > 0,
        cell_m=100.0,
    )
    two, dry = np.ones(2), np.full((2, 2), np.nan)
    drainage = Drainage(20 * two, 3 * two, 108.0, 0.5, 2 * two, 4 * two, np.array([0.0, HOUR_S]), dry)
    rain = Intervals(np.array([0.0, HOUR_S, 2 * HOUR_S]), np.array([[60.0, 90.0], [20.0, 0.0]]))
    surface = Surface(0.0, np.full((SIDE, SIDE), 0.01, dtype=np.float32), {"0": 5.0})
    frames, watched, looks = np.array([HOUR_S]), np.array([40, 136]), floats(np.arange(1, 13) * 600.0)
    physics = Physics(0.03, 0.002, 60.0)
    first, *others = ensemble.members(MEMBERS, UNCERTAIN, seed=2)
    job = Job(district, drainage, physics, surface, rain, first, frames, watched, looks, 0.15)
    return [job, *(replace(job, member=member) for member in others)]


def bits(value: Any) -> Any:
    """Return a result as plain bytes, field by field."""
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, Run | Surface):
        return {field.name: bits(getattr(value, field.name)) for field in fields(value)}
    return value


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 * 2**20)
    yield
    ray.shutdown()


def _waiting(folder: Path, job: Job) -> Run | Failure:
    """Run a member; the third waits, the first time it is begun, for the end of its process."""
    mark = folder / "third.pid"
    if job.member.number == 2 and not mark.exists():
        (folder / "pid").write_text(str(os.getpid()))
        (folder / "pid").rename(mark)
        time.sleep(WAIT_S)
        return Failure(2, "nobody killed it")
    return run_member(job)


def _kill_the_third(folder: Path, killed: list[int]) -> None:
    mark = folder / "third.pid"
    end = time.monotonic() + WAIT_S
    while not mark.exists() and time.monotonic() < end:
        time.sleep(0.05)
    killed.append(int(mark.read_text()))
    os.kill(killed[0], signal.SIGKILL)


def test_ray_gives_what_threads_give_bit_for_bit_also_when_a_worker_is_killed(cluster: None, tmp_path: Path) -> None:
    expected = [bits(run) for run in on_threads(run_member, jobs())]
    killed: list[int] = []
    killer = threading.Thread(target=_kill_the_third, args=(tmp_path, killed))
    killer.start()
    found = on_ray(_by_value(tmp_path), jobs())
    killer.join()

    assert killed
    assert killed[0] != os.getpid()
    assert [bits(run) for run in found] == expected
    assert len({repr(run["peak_m"]) for run in expected}) == MEMBERS  # members differ, so their order is tested too


def _by_value(folder: Path) -> Any:
    """Return the waiting function as Ray can send it: workers cannot import this file."""
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    return partial(_waiting, folder)


def _dies(job: Job) -> Run | Failure:
    if job.member.number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return run_member(job)


def test_a_member_that_kills_every_worker_is_a_failure_and_the_rest_is_used(cluster: None) -> None:
    _by_value(Path())
    control, first, second = on_ray(_dies, jobs()[:3])

    assert isinstance(first, Failure)
    assert first.number == 1
    assert [one.number for one in (control, second) if isinstance(one, Run)] == [0, 2]


def test_what_the_function_raises_is_raised(cluster: None) -> None:
    def broken(_job: Job) -> Run | Failure:
        raise ValueError("no water")

    with pytest.raises(ValueError, match="no water"):
        on_ray(broken, jobs()[:1])


def test_no_jobs_have_no_results(cluster: None) -> None:
    assert on_ray(run_member, []) == []
