"""From the durable log to alarms in the store: the standard job folded by the station as it folds a city's log.

The log is written first; then the station is opened on it, as after a restart: it reads every record with its
checksums, evaluates the rules, fills the history, and brings the alarms up to date through the gate. There is no peer
that goes the whole way; the alarms must be those that the engine alone finds on the same rows.
"""

import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan import migrations, root
from anlan.catalog.catalog import Catalog, builtin_layers, load_catalog
from anlan.catalog.schema.sensors import SensorRule
from anlan.city.load import load_city
from anlan.kernel.clock import SimClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store
from anlan.kernel.world import World
from anlan.science.rules.engine import advance
from anlan.science.rules.state import EngineState
from anlan.sense.model import alarms, sensors
from anlan.sense.stream.batch import TICK_SENSOR, Batch
from anlan.sense.stream.log import Kind, SegmentLog
from anlan.sense.stream.moments import moment
from anlan.sense.stream.station import FOLDER, Station
from sensing.standard_job import CONDITIONS, Job, standard_job

RUNS = 3
RECORD_ROWS = 10_000
PROVENANCE = {"source": "the standard job", "confidence": "P", "from": None}


def _rules() -> dict[str, SensorRule]:
    """Return the job's conditions as rules of a catalog, and its groups as a compound rule over assets."""
    found = {}
    for number, one in enumerate(CONDITIONS):
        grades = {
            level.grade: {
                "value": level.value,
                "hold_s": level.hold_s,
                "clear_hold_s": level.clear_hold_s,
                **PROVENANCE,
            }
            for level in one.levels
        }
        body: dict[str, Any] = {"id": f"r{number}", "zh": "x", "en": "x", **PROVENANCE, "kind": one.kind}
        body |= {"quantity": "ponding_depth", "grades": grades}
        if one.kind == "silence":
            body |= {"clear": one.levels[0].value if one.clear is None else one.clear}
        else:
            body |= {"op": one.op, "unit": "m", "clear": one.clear, "hold_s": 0.0, "clear_hold_s": 0.0}
            body |= {"max_gap_s": one.max_gap_s}
        if one.kind == "rate":
            body |= {"window_s": one.window_s}
        found[body["id"]] = SensorRule.model_validate(body)
    return found


def _catalog() -> Catalog:
    catalog = load_catalog(*builtin_layers("songjiang"))
    settings = dict(catalog.settings)
    settings["sense.tick_s"] = settings["sense.tick_s"].model_copy(update={"value": 10})
    nothing: Any = MappingProxyType({})
    policy = {"reactions": nothing, "detectors": nothing, "settings": MappingProxyType(settings)}
    return replace(catalog, sensor_rules=MappingProxyType(_rules()), **policy)


def _world(folder: Path, job: Job, catalog: Catalog) -> World:
    store = Store.at(folder)
    world = root.build_world(
        folder=folder,
        store=store,
        catalog=catalog,
        city=load_city("shanghai"),
        clock=SimClock(moment(int(job.time_us.max()))),
        entropy=SeededEntropy(1),
    )
    migrations.upgrade(store)
    place: dict[str, Any] = {"asset_type": "underpass", "quantity": "ponding_depth", "unit": "m", "area": "310117001"}
    place |= {"lon": 121.2, "lat": 31.0, "name_zh": "x", "name_en": "x", "synthetic": True}
    rows = [{"id": f"s{n:06}", "number": n, "asset": f"a{n // 100}", **place} for n in range(job.n_sensors)]
    with store.write() as conn:
        conn.execute(sa.insert(sensors), rows)
    return world


def _log(folder: Path, job: Job) -> None:
    log = SegmentLog(folder / FOLDER / "log", segment_bytes=1 << 26)
    ticks = np.flatnonzero(job.sensor == TICK_SENSOR)
    start = 0
    for stop in [*ticks.tolist(), len(job.sensor)]:
        for begin in range(start, stop, RECORD_ROWS):
            own = slice(begin, min(begin + RECORD_ROWS, stop))
            batch = Batch.of(job.sensor[own], job.time_us[own], job.value[own])
            log.append(Kind.OBSERVED, batch, received_us=0, source="bench")
        if stop < len(job.sensor):
            tick_us = int(job.time_us[stop])
            log.append(Kind.TICK, Batch.tick(tick_us), received_us=tick_us, source="")
        start = stop + 1
    log.close()


def _standing(job: Job) -> set[tuple[str, str, str]]:
    """Return what stands at the end of the job by the engine alone: sensor, rule, grade."""
    plan = job.plan()
    state = EngineState.fresh(plan)
    advance(plan, state, job.sensor, job.time_us, job.value)
    found = set()
    for place, level in enumerate(state.levels().tolist()):
        if level:
            condition = int(plan.slot_condition[place])
            grade = CONDITIONS[condition].levels[level - 1].grade
            found.add((f"s{plan.slot_sensor[place]:06}", f"r{condition}", grade))
    return found


def cases() -> list[dict[str, Any]]:
    """Return the figures of the way from the log to findings, and on to alarms in the store."""
    job, catalog = standard_job(), _catalog()
    expected = _standing(job)
    folds, follows, found, equal = [], [], 0, True
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as name:
            world = _world(Path(name), job, catalog)
            _log(Path(name), job)
            station = world.part(Station)
            began = time.process_time()
            station.log  # noqa: B018  # opening folds the log up to its end
            folded = time.process_time()
            found = station.waiting
            station.pump()
            ended = time.process_time()
            folds.append(job.rows / (folded - began))
            follows.append(found / (ended - folded))
            with world.store.read() as conn:
                rows = conn.execute(
                    sa.select(alarms.c.subject, alarms.c.rule, alarms.c.grade).where(alarms.c.active.is_(True))
                )
                equal &= {tuple(row) for row in rows} == expected
            world.close()
    spread = (max(folds) - min(folds)) / statistics.median(folds)
    return [
        {
            "case": "durable log to findings, history filled",
            "unit": "obs/CPU-s",
            "ours": round(statistics.median(folds)),
            "peer": "aim of 1.5 M; no peer goes the whole way",
            "theirs": 1_500_000,
            "ratio": round(statistics.median(folds) / 1_500_000, 2),
            "equal": equal,
            "note": f"opening included, with the plan of {job.n_sensors} sensors; {RUNS} runs, spread {spread:.0%}",
        },
        {
            "case": "findings to alarms through the gate, journalled",
            "unit": "findings/CPU-s",
            "ours": round(statistics.median(follows)),
            "peer": None,
            "theirs": None,
            "ratio": None,
            "equal": equal,
            "note": f"{found} findings of the job; what stands at the end equals the engine alone",
        },
    ]
