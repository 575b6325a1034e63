"""Where the detectors stand on Numenta's labelled series, as the pages say: a change of method shows here."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from anlan.science.anomalies import nab
from anlan.science.anomalies.bank import METHODS, Setup, State, advance

FOLDER = Path(__file__).parents[3] / "benchmarks" / "sensing" / "nab"


@pytest.fixture(scope="module")
def series() -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    table = pq.read_table(FOLDER / "series.parquet")
    names = np.array(table["series"].to_pylist())
    times, values = table["timestamp"].to_numpy().astype(np.int64), table["value"].to_numpy()
    windows = json.loads((FOLDER / "windows.json").read_text(encoding="utf-8"))
    found = {}
    for file, spans in windows.items():
        own = names == file.removesuffix(".csv")
        limits = np.array(spans, "datetime64[us]").astype(np.int64)
        found[file] = (times[own], values[own], nab.rows_of(times[own], limits))
    return found


def test_the_series_are_those_of_numenta(series):
    assert len(series) == 25
    assert sum(len(value) for _, value, _ in series.values()) == 129_577
    assert sum(len(windows) for *_, windows in series.values()) == 39
    for time_us, _, windows in series.values():
        assert len(time_us) > 1000
        assert np.all(windows[:, 0] < windows[:, 1])


def test_the_joint_detector_stands_where_the_page_says_it_stands(series):
    corpus = []
    for time_us, value, windows in series.values():
        setup = Setup(METHODS["joint"], warm=max(nab.probation(len(value)), 250))
        found = advance(setup, State.fresh(setup, 1), np.zeros(len(value)), time_us, value)
        corpus.append(nab.Series(np.nan_to_num(found.score), windows))
    scores = {name: nab.judged(corpus, profile).score for name, profile in nab.PROFILES.items()}

    assert scores == pytest.approx({"standard": 59.4, "reward_low_FP_rate": 50.9, "reward_low_FN_rate": 67.4}, abs=0.5)
