"""The rules alone on the standard job: equal to the slow reference row by row, and how fast, beside Bytewax.

``ANLAN_BENCH_REFERENCE_ROWS`` shortens what the reference must confirm (the whole job takes it minutes);
``ANLAN_BENCH_PEER_ROWS`` what Bytewax is given.
"""

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from anlan.science.rules import EngineState, advance
from sensing.standard_job import CONDITIONS, SENSORS_AN_AREA, Job, standard_job

RUNS = 5
BATCHES = (1_000, 10_000, 100_000)
PEER_ROWS = int(os.environ.get("ANLAN_BENCH_PEER_ROWS", "1000000"))
REFERENCE = Path(__file__).parents[2] / "tests" / "science" / "rules" / "reference.py"
MANY = 1_000_000

Finding = tuple[int, int, int, int, int, int, float]


def _engine(job: Job, batch: int) -> tuple[float, list[Finding]]:
    """Return CPU-seconds and findings."""
    plan = job.plan()
    state = EngineState.fresh(plan)
    outcomes = []
    began = time.process_time()
    for start in range(0, len(job.sensor), batch):
        some = slice(start, start + batch)
        outcomes.append(advance(plan, state, job.sensor[some], job.time_us[some], job.value[some]))
    taken = time.process_time() - began
    return taken, [row for n, outcome in enumerate(outcomes) for row in _rows(outcome.findings, n * batch)]


def _rows(found: Any, offset: int) -> list[Finding]:
    columns = (
        found.row + offset,
        found.time_us,
        found.slot,
        found.group,
        found.from_level,
        found.to_level,
        found.value,
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _reference(job: Job) -> tuple[float, list[Finding]]:
    """Return CPU-seconds and findings of the obvious interpreter of the tests."""
    reference = _reference_module().Reference(
        job.n_sensors, CONDITIONS, job.slot_sensor.tolist(), job.slot_condition.tolist(), job.groups
    )
    columns = zip(job.sensor.tolist(), job.time_us.tolist(), job.value.tolist(), strict=True)
    began = time.process_time()
    for sensor, time_us, value in columns:
        reference.take(sensor, time_us, value)
    return time.process_time() - began, reference.findings


def _reference_module() -> Any:
    spec = importlib.util.spec_from_file_location("anlan_rules_reference", REFERENCE)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(REFERENCE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _bytewax(job: Job) -> tuple[float, list[Finding]]:
    """Return CPU-seconds and findings of the reference's rules as a stateful step of Bytewax, keyed by area."""
    import bytewax.operators as op
    from bytewax.dataflow import Dataflow
    from bytewax.testing import TestingSink, TestingSource, run_main

    areas = -(-job.n_sensors // SENSORS_AN_AREA)
    columns = enumerate(zip(job.sensor.tolist(), job.time_us.tolist(), job.value.tolist(), strict=True))
    rows = [
        (str(area), (row, sensor, time_us, value))
        for row, (sensor, time_us, value) in columns
        for area in (range(areas) if sensor < 0 else (sensor // SENSORS_AN_AREA,))
    ]
    fresh = {str(area): _Area(job, area) for area in range(areas)}
    found: list[tuple[str, Finding]] = []
    flow = Dataflow("rules")
    stream = op.input("rows", flow, TestingSource(rows, batch_size=1000))
    keyed = op.key_on("area", stream, lambda item: item[0])

    def step(area: Any, item: Any) -> tuple[Any, list[Finding]]:
        area = fresh[item[0]] if area is None else area
        return area, area.take(*item[1])

    op.output("found", op.stateful_flat_map("rules", keyed, step), TestingSink(found))
    began = time.process_time()
    run_main(flow, epoch_interval=timedelta(hours=1))
    return time.process_time() - began, [finding for _, finding in found]


class _Area:
    """The reference over the sensors of one area, its findings in the numbers of the whole job."""

    def __init__(self, job: Job, area: int) -> None:
        self._first = area * SENSORS_AN_AREA
        own = range(self._first, min(self._first + SENSORS_AN_AREA, job.n_sensors))
        slots = np.flatnonzero((job.slot_sensor >= own.start) & (job.slot_sensor < own.stop))
        self._slot, self._area = int(slots[0]), area
        group = job.groups[area]
        (term,) = group.terms
        group = replace(group, terms=(replace(term, slots=term.slots - self._slot),))
        self._reference = _reference_module().Reference(
            len(own),
            CONDITIONS,
            (job.slot_sensor[slots] - self._first).tolist(),
            job.slot_condition[slots].tolist(),
            [group],
        )

    def __deepcopy__(self, memo: Any) -> "_Area":
        """Return itself: without recovery nobody needs the copies that Bytewax makes, and they are not its work."""
        return self

    def take(self, row: int, sensor: int, time_us: int, value: float) -> list[Finding]:
        """Return what one row finds."""
        before = len(self._reference.findings)
        self._reference.take(sensor if sensor < 0 else sensor - self._first, time_us, value)
        return [
            (row, t, -1 if slot < 0 else slot + self._slot, -1 if group < 0 else self._area, *rest)
            for _, t, slot, group, *rest in self._reference.findings[before:]
        ]


def _case(name: str, unit: str, ours: float, **more: Any) -> dict[str, Any]:
    return {"case": name, "unit": unit, "ours": round(ours), "peer": None, "theirs": None, "ratio": None,
            "equal": None, "note": "", **more}  # fmt: skip


def _speeds(job: Job) -> list[dict[str, Any]]:
    _engine(job.first(1000), 1000)  # compiled, or read from the disk
    found = []
    for batch in BATCHES:
        taken = [_engine(job, batch)[0] for _ in range(RUNS)]
        spread = (max(taken) - min(taken)) / statistics.median(taken)
        note = f"{job.n_sensors} sensors, {job.rows} rows; median of {RUNS} runs, spread {spread:.0%}"
        speed = job.rows / statistics.median(taken)
        found.append(_case(f"rules alone, batches of {batch}", "observations/CPU-second", speed, note=note))
    return found


def _exact(job: Job) -> dict[str, Any]:
    job = job.first(int(os.environ.get("ANLAN_BENCH_REFERENCE_ROWS", len(job.sensor))))
    ours = {batch: _engine(job, batch) for batch in BATCHES}
    seconds, wanted = _reference(job)
    equal = all(found == wanted for _, found in ours.values())
    own = job.rows / ours[BATCHES[-1]][0]
    note = f"{_counted(wanted)} in {job.rows} rows, the same at batches of {', '.join(map(str, BATCHES))}"
    return _compared(
        "every finding as the obvious interpreter has it", own, "plain Python", job.rows / seconds, equal, note
    )


def _counted(found: list[Finding]) -> str:
    """Return how many changes of level were found, by kind."""
    names = [condition.kind for condition in CONDITIONS]
    kinds = Counter("area" if slot < 0 else names[slot % len(names)] for _, _, slot, *_ in found)
    return f"{len(found)} changes of level ({', '.join(f'{kind} {n}' for kind, n in sorted(kinds.items()))})"


def _compared(name: str, own: float, peer: str, theirs: float, equal: bool, note: str) -> dict[str, Any]:
    return _case(name, "observations/CPU-second", own, peer=peer, theirs=round(theirs), ratio=round(own / theirs, 1),
                 equal=equal, note=note)  # fmt: skip


def _peer(job: Job) -> dict[str, Any]:
    name, job = "beside Bytewax, on the first rows", job.first(PEER_ROWS)
    taken, ours = min(_engine(job, 10_000) for _ in range(RUNS))
    if importlib.util.find_spec("bytewax") is None:
        return _case(name, "observations/CPU-second", job.rows / taken, note="Bytewax is not installed")
    seconds, theirs = _bytewax(job)
    note = f"{_counted(ours)} in {job.rows} rows; its step is plain Python, one row at a time, keyed by area"
    return _compared(name, job.rows / taken, "Bytewax 0.21", job.rows / seconds, sorted(ours) == sorted(theirs), note)


def _many() -> list[dict[str, Any]]:
    """Measure a million sensors: what is remembered of each, and how long a fresh process takes to its first row."""
    job = standard_job(MANY, MANY)
    plan = job.plan()
    state = EngineState.fresh(plan)
    advance(plan, state, job.sensor, job.time_us, job.value)
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        for key, array in state.arrays().items():
            np.save(Path(name) / f"{key}.npy", array)
        wrote = time.perf_counter() - began
        kept = sum(array.nbytes for array in state.arrays().values())
        began = time.perf_counter()
        run = subprocess.run(
            [sys.executable, "-c", _RESTART, str(Path(__file__).parents[1]), name],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        wall = time.perf_counter() - began
    built, ready, cpu, arrays, resident = map(float, run.stdout.split())
    each = f"{MANY} sensors, {len(job.slot_sensor) // MANY} slots and a membership each"
    note = f"{built:.2f} s until the plan stood, {ready:.2f} s until the row was taken; {cpu:.2f} CPU-seconds in all"
    note += f"; the checkpoint of {kept / 1e6:.0f} MB was written in {wrote:.2f} s"
    return [
        _case("state, as in a checkpoint", "bytes/sensor", kept / MANY, note=each),
        _case("plan and state in memory", "bytes/sensor", arrays / MANY, note=each),
        _case("a process at its first row", "bytes/sensor", resident / MANY, note=f"{each}; all that is resident"),
        _case("from the start of a process to its first row", "ms", wall * 1000, note=note),
    ]


_RESTART = """
import sys, time
began = time.perf_counter()
from pathlib import Path
import numpy as np
sys.path.insert(0, sys.argv[1])
from anlan.science.rules import advance, restored
from sensing.standard_job import shape
plan = shape(1_000_000).plan()
built = time.perf_counter() - began
state = restored({file.stem: np.load(file) for file in Path(sys.argv[2]).glob("*.npy")}, plan)
advance(plan, state, [7], [4_000_000_000_000_000], [0.5])
ready = time.perf_counter() - began
held = [*vars(plan).values(), *vars(plan.compounds).values(), *plan.silences, *vars(state).values()]
arrays = {id(array): array.nbytes for array in held if isinstance(array, np.ndarray)}
resident = next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(built, ready, time.process_time(), sum(arrays.values()), resident)
"""


def cases() -> list[dict[str, Any]]:
    """Measure equality, speed and size."""
    job = standard_job()
    return [*_speeds(job), _peer(job), *_many(), _exact(job)]
