"""Anomaly detectors on labelled series, by the scorings that were published with them, beside published detectors.

The parameters are the defaults of `anlan.science.anomalies`; only the number of samples collected first is that of
NAB's probation, which NAB tells every detector. They were chosen on the 33 series of NAB that are *not* in the part
that stands here. Two environment variables point to what does not stand here. ``ANLAN_NAB``: a checkout of
https://github.com/numenta/NAB, for its whole corpus. ``ANLAN_LABELLED_SERIES``: a folder with ``batadal.parquet``, the
three data sets of https://www.batadal.net, whose redistribution nobody granted, as one table with their columns,
``ATT_FLAG`` and ``split`` (dataset03_clean, dataset04_partially_labelled, test_labelled).
"""

import importlib
import importlib.util
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from anlan.science.anomalies import bank, batadal, kernels, nab, relations
from anlan.science.arrays import Bools, Floats, Ints

HERE = Path(__file__).parent / "nab"


@dataclass(frozen=True)
class Labelled:
    """A series with the first and last rows of its windows."""

    time_us: Ints
    value: Floats
    windows: Ints


def part_of_nab() -> dict[str, Labelled]:
    """Return the 25 series of NAB that stand in this repository."""
    table = pq.read_table(HERE / "series.parquet")
    windows = json.loads((HERE / "windows.json").read_text(encoding="utf-8"))
    names = table["series"].cast(pa.string())
    found = {}
    for name in sorted(windows):
        own = table.filter(_is(names, name.removesuffix(".csv")))
        found[name] = _labelled(_micros(own["timestamp"]), own["value"].to_numpy(), windows[name])
    return found


def whole_nab() -> dict[str, Labelled]:
    """Return the whole corpus of the checkout at ``ANLAN_NAB``; empty if there is none."""
    root = os.environ.get("ANLAN_NAB")
    if root is None:
        return {}
    windows = json.loads((Path(root) / "labels" / "combined_windows.json").read_text(encoding="utf-8"))
    found = {}
    for name in sorted(windows):
        table = pyarrow.csv.read_csv(Path(root) / "data" / name)
        value = table["value"].cast(pa.float64()).to_numpy()
        found[name] = _labelled(_micros(table["timestamp"].cast(pa.timestamp("us"))), value, windows[name])
    return found


@dataclass(frozen=True)
class Plant:
    """Rows of all channels of a plant, hour by hour, and whether it was attacked."""

    rows: Floats
    attacked: Bools


def plants_of_batadal() -> Mapping[str, Plant]:
    """Return the three data sets by their split; empty if the file is not there."""
    root = os.environ.get("ANLAN_LABELLED_SERIES")
    if root is None or not (Path(root) / "batadal.parquet").exists():
        return {}
    table = pq.read_table(Path(root) / "batadal.parquet")
    channels = [name for name in table.column_names if name not in {"DATETIME", "ATT_FLAG", "split"}]
    split = table["split"].cast(pa.string())
    found = {}
    for name in ("dataset03_clean", "dataset04_partially_labelled", "test_labelled"):
        own = table.filter(_is(split, name))
        rows = np.stack([own[channel].to_numpy().astype(np.float64) for channel in channels], axis=1)
        found[name] = Plant(rows, own["ATT_FLAG"].to_numpy() == 1)
    return found


def _is(column: "pa.ChunkedArray[Any]", text: str) -> Any:
    return pc.equal(column, pa.scalar(text))


def _micros(column: "pa.ChunkedArray[Any]") -> Ints:
    return column.cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()


def _labelled(time_us: Ints, value: npt.NDArray[Any], windows: list[list[str]]) -> Labelled:
    spans = [[_moment(text) for text in pair] for pair in windows]
    return Labelled(time_us, value.astype(np.float64), nab.rows_of(time_us, np.array(spans, np.int64)))


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1e6)


_LEAST_WARM = 250

# Scores of detectors that Numenta published, standard profile. On the whole corpus: README of numenta/NAB @ea702d7. On
# the 25 series that stand here: from the rows' scores published there (results/), scored by our form of the scoring,
# which gives the published totals of all detectors on the whole corpus.
PUBLISHED_PART = {"ARTime": 74.6, "Numenta HTM": 67.2, "CAD OSE": 64.5, "Relative Entropy": 60.3, "KNN CAD": 45.9}
PUBLISHED_WHOLE = {"ARTime": 74.9, "Numenta HTM": 70.1, "CAD OSE": 69.9, "KNN CAD": 58.0, "Relative Entropy": 54.6}
# Taormina et al. (2018), as two public repositories repeat it (confidence S): best, second, third and fourth of seven
PUBLISHED_BATADAL = {"Housh, Ohar": 0.970, "Abokifa et al.": 0.949, "Giacomoni et al.": 0.927, "Brentan et al.": 0.894}


def scored(method: str, corpus: Mapping[str, Labelled]) -> list[nab.Series]:
    """Return the scores of one method on every series, each from a fresh state."""
    found = []
    for one in corpus.values():
        setup = bank.Setup(bank.METHODS[method], warm=max(nab.probation(len(one.value)), _LEAST_WARM))
        slots = np.zeros(len(one.value), np.int64)
        scores = bank.advance(setup, bank.State.fresh(setup, 1), slots, one.time_us, one.value).score
        found.append(nab.Series(np.nan_to_num(scores), one.windows))
    return found


def _case(name: str, ours: float, peer: str, theirs: float | None, note: str, **more: Any) -> dict[str, Any]:
    ratio = None if not theirs else round(ours / theirs, 2)
    told = {"case": name, "unit": "score of 100", "ours": ours, "peer": peer, "theirs": theirs, "ratio": ratio}
    return told | {"equal": None, "note": note} | more


def _missing(name: str, why: str) -> dict[str, Any]:
    return _case(name, 0.0, "", None, f"not measured: {why}") | {"ours": None}


def _nab_cases(where: str, corpus: Mapping[str, Labelled], published: Mapping[str, float]) -> Iterable[dict[str, Any]]:
    best, theirs = next(iter(published.items()))
    ranks = ", ".join(f"{name} {score}" for name, score in published.items())
    for method in bank.METHODS:
        series = scored(method, corpus)
        found = {name: nab.judged(series, profile) for name, profile in nab.PROFILES.items()}
        told = f"low FP {found['reward_low_FP_rate'].score:.1f}, low FN {found['reward_low_FN_rate'].score:.1f}"
        note = f"{told}; threshold {found['standard'].threshold:.3f}; published: {ranks}"
        yield _case(f"NAB {where}, {method}", round(found["standard"].score, 1), best, theirs, note)


def _false_alarms(corpus: Mapping[str, Labelled]) -> Iterable[dict[str, Any]]:
    """Count what scores that a catalog may call an alarm cost where nothing is labelled."""
    series = scored("joint", corpus)
    spans = [one.time_us[-1] - one.time_us[nab.probation(len(one.time_us))] for one in corpus.values()]
    days = float(sum(spans)) / 8.64e10
    windows = sum(len(one.windows) for one in series)
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.7):
        false = sum(nab.counted([one], nab.PROFILES["standard"], threshold).false_positive for one in series)
        found = sum(_found(one, threshold) for one in series)
        note = f"{found} of {windows} windows found at this score; samples every 5 min to 1 h"
        name = f"NAB part, joint at {threshold}: false alarms"
        yield _case(name, round(false / days, 3), "", None, note, unit="1/(sensor day)")


def _found(series: nab.Series, threshold: float) -> int:
    over = series.score >= threshold
    return sum(bool(over[first : last + 1].any()) for first, last in series.windows.tolist())


def _speed() -> dict[str, Any]:
    n_sensors, n_rows = 1000, 400
    chance = np.random.default_rng(2)
    setup = bank.Setup(bank.METHODS["joint"], warm=300)
    state = bank.State.fresh(setup, n_sensors)
    slot = np.tile(np.arange(n_sensors), n_rows)
    time_us = np.repeat(np.arange(n_rows) * 300_000_000, n_sensors)
    value = chance.normal(size=len(slot))
    bank.advance(setup, state, slot[:1000], time_us[:1000], value[:1000])
    per_s = _per_cpu_s(lambda: bank.advance(setup, state, slot[1000:], time_us[1000:], value[1000:]), len(slot) - 1000)
    held = sum(array.nbytes for array in state.arrays().values()) / n_sensors
    note = f"{held / 1024:.0f} KiB a sensor; the shapes are compared with up to 1 000 before"
    return _case("joint: samples", round(per_s), "", None, note, unit="samples/CPU-s")


def _per_cpu_s(work: Callable[[], object], count: int) -> float:
    began = time.process_time()
    work()
    return count / (time.process_time() - began)


def _stumpy_case(corpus: Mapping[str, Labelled]) -> dict[str, Any]:
    """Compare the nearest shape's distance with stumpy's incremental matrix profile, not normalised."""
    stumpy: Any = importlib.import_module("stumpy")
    width, value = 19, corpus["realTraffic/speed_7578.csv"].value
    start = 3 * width
    setup = bank.Setup(("shape",), warm=250, width=width, memory=len(value), neighbours=1)
    before, stumpy.config.STUMPY_EXCL_ZONE_DENOM = stumpy.config.STUMPY_EXCL_ZONE_DENOM, 1.06  # windows do not overlap
    theirs: list[float] = []

    def peer() -> None:
        profile = stumpy.stumpi(value[:start], width, egress=False, normalize=False)
        for one in value[start:]:
            profile.update(one)
            theirs.append(float(profile.left_P_[-1]))

    peer()
    theirs.clear()
    their_speed = _per_cpu_s(peer, len(value) - start)
    stumpy.config.STUMPY_EXCL_ZONE_DENOM = before
    ours = _nearest(value, width)
    known = np.isfinite(np.array(theirs))
    equal = bool(np.allclose(ours[start:][known], np.array(theirs)[known], atol=1e-6))
    slots, times = np.zeros(len(value), np.int64), np.arange(len(value)) * 1_000_000
    per_s = _per_cpu_s(lambda: bank.advance(setup, bank.State.fresh(setup, 1), slots, times, value), len(value))
    note = f"{len(value)} samples, windows of {width}, all remembered; ours scores them too"
    told = {"ratio": round(per_s / their_speed, 1), "equal": equal, "unit": "samples/CPU-s"}
    peer_name = "stumpy.stumpi, normalize=False"
    return _case("nearest shape on a stream", round(per_s), peer_name, round(their_speed), note, **told)


def _nearest(value: Floats, width: int) -> Floats:
    ring, place, best = np.zeros((1, 2 * len(value))), np.zeros(1, np.int64), np.empty(1)
    return np.array([kernels.unlike(one, 0, ring, place, width, best) for one in value])


def _river_case(corpus: Mapping[str, Labelled]) -> dict[str, Any]:
    """Score river's half-space trees on windows of ten samples, its own example's way of taking a stream."""
    anomaly: Any = importlib.import_module("river.anomaly")
    preprocessing: Any = importlib.import_module("river.preprocessing")

    def scores(value: Floats) -> Floats:
        trees = anomaly.HalfSpaceTrees(n_trees=25, height=8, window_size=250, seed=7)
        scaler, window, found = preprocessing.MinMaxScaler(), [value[0]] * 10, []
        for one in value.tolist():
            window = [*window[1:], one]
            features = dict(enumerate(window))
            scaler.learn_one(features)
            scaled = scaler.transform_one(features)
            found.append(trees.score_one(scaled))
            trees.learn_one(scaled)
        return np.nan_to_num(np.array(found, np.float64))

    raw: list[Floats] = []
    rows = sum(len(one.value) for one in corpus.values())
    speed = _per_cpu_s(lambda: raw.extend(scores(one.value) for one in corpus.values()), rows)
    windows = [one.windows for one in corpus.values()]
    standard = nab.PROFILES["standard"]
    theirs = nab.judged([nab.Series(*pair) for pair in zip(raw, windows, strict=True)], standard).score
    helped = nab.judged([nab.Series(*pair) for pair in zip(map(_tailed, raw), windows, strict=True)], standard).score
    ours = nab.judged(scored("joint", corpus), standard).score
    note = f"with our tail and rest over its scores {helped:.1f}; river scores {round(speed)} samples/CPU-s"
    peer = "river HalfSpaceTrees"
    return _case("NAB part, joint and half-space trees", round(ours, 1), peer, round(theirs, 1), note)


def _tailed(scores: Floats) -> Floats:
    """Return how surprising another detector's scores are, and damp what lasts, as our own detectors do."""
    warm = max(nab.probation(len(scores)), _LEAST_WARM)
    tail = (np.zeros(1, np.int64), np.zeros(1), np.zeros(1, np.int64), np.zeros((1, warm)))
    peak, age = np.zeros(1), np.zeros(1, np.int64)
    orders = [kernels.surprise(float(one), 0, *tail, 0.02, 0.01, 100, np.inf) for one in scores]
    return np.array([kernels.onset(min(one / 10.0, 1.0), 0, peak, age, 100) for one in orders])


def _batadal_case(plants: Mapping[str, Plant]) -> dict[str, Any]:
    """Learn from the clean year, choose the threshold on the second set, and tell the third."""
    clean, second, test = plants.values()
    setup = relations.Setup(learn=7000, warm=1700)
    state = relations.State.fresh(setup, clean.rows.shape[1])
    relations.advance(setup, state, clean.rows)
    chosen = relations.advance(setup, state, second.rows).lasting
    thresholds = np.quantile(chosen, np.linspace(0.5, 1.0, 400))
    threshold = max(thresholds, key=lambda one: batadal.judged(chosen >= one, second.attacked).score)
    told = relations.advance(setup, state, test.rows).lasting
    verdict = batadal.judged(told >= threshold, test.attacked)
    best, theirs = next(iter(PUBLISHED_BATADAL.items()))
    delays = ", ".join(f"{d} of {n} h" for d, n in zip(verdict.delay.tolist(), verdict.length.tolist(), strict=True))
    note = (
        f"S_TTD {verdict.time_to_detection:.3f}, S_CM {verdict.classification:.3f}, "
        f"{int(verdict.found.sum())} of {len(verdict.found)} attacks, found after {delays}; "
        f"published: {', '.join(f'{name} {score}' for name, score in PUBLISHED_BATADAL.items())}"
    )
    return _case("BATADAL test, relations", round(verdict.score, 3), best, theirs, note, unit="S of 1")


def cases() -> list[dict[str, Any]]:
    """Score all methods on all labelled series that are at hand."""
    part = part_of_nab()
    found = [*_nab_cases("part (25 series)", part, PUBLISHED_PART), *_false_alarms(part), _speed()]
    if whole := whole_nab():
        found += _nab_cases("whole (58 series)", whole, PUBLISHED_WHOLE)
    else:
        found.append(_missing("NAB whole", "ANLAN_NAB names no checkout of NAB"))
    if plants := plants_of_batadal():
        found.append(_batadal_case(plants))
    else:
        found.append(
            _case("BATADAL", float("nan"), "", None, "not measured: ANLAN_LABELLED_SERIES has no batadal.parquet")
        )
    if importlib.util.find_spec("stumpy"):
        found.append(_stumpy_case(part))
    if importlib.util.find_spec("river"):
        found.append(_river_case(part))
    return found
