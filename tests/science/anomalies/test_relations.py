"""The group detector: against NumPy's own decomposition, whatever the batches, and on what no single sensor shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.science.anomalies.relations import Setup, State, advance, deviation, model_of

QUICK = Setup(lags=1, explained=0.9, learn=300, warm=300, smooth=3, rate=0.05, kept=30, rest=10)


def plant(n_rows: int, seed: int = 2) -> np.ndarray:
    """Return rows of a pump's flow, the level behind it, and two pressures that follow both."""
    rng = np.random.default_rng(seed)
    flow = np.sin(np.arange(n_rows) / 9.0) + 0.3 * np.sin(np.arange(n_rows) / 4.0)
    level = np.cos(np.arange(n_rows) / 9.0)
    rows = np.stack([flow, level, flow + 2 * level, flow - level], axis=1)
    return rows + 0.02 * rng.normal(size=rows.shape)


def test_the_model_holds_the_first_components_of_the_correlation():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(500, 6)) @ rng.normal(size=(6, 6))
    standard = (rows - rows.mean(axis=0)) / rows.std(axis=0, ddof=1)
    _, singular, vectors = np.linalg.svd(standard, full_matrices=False)
    share = np.cumsum(singular**2) / np.sum(singular**2)
    inside = vectors[: int(np.searchsorted(share, 0.8)) + 1]

    model = model_of(rows.mean(axis=0), np.cov(rows.T), 0.8)
    outside = standard - standard @ inside.T @ inside

    np.testing.assert_allclose((rows - model.mean) / model.scale @ model.outside, outside, atol=1e-9)
    assert deviation(model, rows).mean() == pytest.approx(1.0, rel=0.01)


def test_a_column_that_never_varies_has_no_say():
    rows = plant(400)
    model = model_of(np.append(rows.mean(axis=0), 7.0), np.pad(np.cov(rows.T), ((0, 1), (0, 1))), 0.9)
    far = np.append(rows[0], 99.0)

    assert deviation(model, far[None, :])[0] == deviation(model, np.append(rows[0], 7.0)[None, :])[0]


@given(st.lists(st.integers(0, 800), max_size=5), st.booleans())
@settings(max_examples=10, deadline=None)
def test_scores_do_not_depend_on_how_the_rows_were_cut(cuts, stored):
    rows = plant(800)
    expected = advance(QUICK, State.fresh(QUICK, 4), rows)
    state, found = State.fresh(QUICK, 4), []
    for part in np.split(rows, sorted(cuts)):
        found.append(advance(QUICK, state, part).score)
        if stored:
            state = State.from_arrays(state.arrays())

    np.testing.assert_array_equal(np.concatenate(found), expected.score)


def test_it_finds_a_broken_relation_where_every_single_value_is_usual():
    rows = plant(1400)
    rows[1300:, 1] = rows[20:120, 1]  # the level goes on as it once was, not as it is
    found = advance(QUICK, State.fresh(QUICK, 4), rows)

    assert rows[1300:, 1].max() <= rows[:1300, 1].max()
    assert np.nanmax(found.lasting[620:1300]) < 0.4
    assert np.all(found.lasting[1306:] > 0.5)
    assert np.count_nonzero(found.score > 0.5) < 100


def test_rows_with_a_hole_are_not_scored_nor_those_that_look_back_on_one():
    rows = plant(700)
    rows[650, 2] = np.nan
    found = advance(QUICK, State.fresh(QUICK, 4), rows)

    assert np.flatnonzero(np.isnan(found.score)).tolist() == [*range(301), 650, 651]
