"""Members on Ray: the bits of threads, also when a worker or a machine is lost in the middle."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ray
from ray.cluster_utils import Cluster

from anlan.assess.water.district import District
from anlan.assess.water.drainage import Drainage
from anlan.assess.water.members import Job, Physics, Run, Surface, on_threads, run_member, run_members
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


@dataclass
class Machines:
    """A cluster of two nodes with one processor each, as processes of this machine."""

    cluster: Cluster
    second: Any

    def lose_the_second(self) -> None:
        self.cluster.remove_node(self.second, allow_graceful=False)


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import this file
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    second = cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False)
    cluster.wait_for_nodes()
    yield Machines(cluster, second)
    ray.shutdown()
    cluster.shutdown()


@pytest.fixture(scope="module")
def expected() -> list[Any]:
    """What threads give."""
    return [bits(run) for run in on_threads(run_member, jobs())]


def _wait(mark: Path, word: str) -> None:
    """Leave a word, the first time only, and wait for the end."""
    if not mark.exists():
        mark.with_suffix(".new").write_text(word)
        mark.with_suffix(".new").rename(mark)
        time.sleep(WAIT_S)


def _third_waits(folder: Path, job: Job) -> Run | Failure:
    if job.member.number == 2:
        _wait(folder / "third", str(os.getpid()))
    return run_member(job)


def _second_machine_waits(folder: Path, lost: str, job: Job) -> Run | Failure:
    if ray.get_runtime_context().get_node_id() == lost:
        _wait(folder / "second", str(job.member.number))
    return run_member(job)


def _when(mark: Path, act: Callable[[str], None]) -> threading.Thread:
    """Do something, beside what runs, as soon as a word was left."""

    def wait() -> None:
        end = time.monotonic() + WAIT_S
        while not mark.exists() and time.monotonic() < end:
            time.sleep(0.05)
        act(mark.read_text())

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_ray_gives_what_threads_give_bit_for_bit_also_when_a_worker_is_killed(
    machines: Machines, expected: list[Any], tmp_path: Path
) -> None:
    killed: list[int] = []

    def kill(word: str) -> None:
        killed.append(int(word))
        os.kill(killed[0], signal.SIGKILL)

    killer = _when(tmp_path / "third", kill)
    found, failures = run_members(jobs(), _on_ray_with(partial(_third_waits, tmp_path)))
    killer.join()

    assert failures == []
    assert killed
    assert killed[0] != os.getpid()
    assert [bits(run) for run in found] == expected
    assert len({repr(run["peak_m"]) for run in expected}) == MEMBERS  # members differ, so their order is tested too


def _on_ray_with(function: Callable[[Job], Run | Failure]) -> Callable[..., list[Run | Failure]]:
    """Spread over Ray, but with a function of the test's own."""
    return lambda _function, jobs: on_ray(function, jobs)


def _dies(job: Job) -> Run | Failure:
    if job.member.number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return run_member(job)


def test_a_member_that_kills_every_worker_is_a_failure_and_the_rest_is_used(machines: Machines) -> None:
    runs, failures = run_members(jobs()[:3], _on_ray_with(_dies))

    assert [one.number for one in failures] == [1]
    assert [one.number for one in runs] == [0, 2]


def test_what_the_function_raises_is_raised(machines: Machines) -> None:
    def broken(_job: Job) -> Run | Failure:
        raise ValueError("no water")

    with pytest.raises(ValueError, match="no water"):
        on_ray(broken, jobs()[:1])


def test_no_jobs_have_no_results(machines: Machines) -> None:
    assert on_ray(run_member, []) == []


def test_when_a_machine_is_lost_in_the_middle_its_members_begin_again_elsewhere(
    machines: Machines, expected: list[Any], tmp_path: Path
) -> None:
    """The last test here: the machine does not come back."""
    loser = _when(tmp_path / "second", lambda _word: machines.lose_the_second())
    found = on_ray(partial(_second_machine_waits, tmp_path, machines.second.node_id), jobs())
    loser.join()

    assert (tmp_path / "second").exists()
    assert [bits(run) for run in found] == expected
