"""One sweep over all models: the card is whole, the arguments stay, NaN stays NaN, empty is empty, shapes are kept."""

import doctest
import importlib
import math
import pkgutil
from collections.abc import Callable
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

import anlan.science
from anlan.science.bluespots import Bluespots
from anlan.science.cards import Maturity
from anlan.science.cone import Errors as TrackErrors
from anlan.science.depressions import analyse
from anlan.science.flood.assimilation import Errors, Gauges
from anlan.science.flood.drains import Subcatchment
from anlan.science.flood.ensemble import Uncertain
from anlan.science.flood.grid import Grid
from anlan.science.flood.simulation import Case
from anlan.science.flood.subgrid_tables import subgrid_tables
from anlan.science.flood.team import Team
from anlan.science.impact import FLOOD_RESIDENTIAL_ASIA
from anlan.science.models import MODELS
from anlan.science.ponding import Drains, Water
from anlan.science.rain import StormFormula
from anlan.science.rules import Condition, Level
from anlan.science.surge import Shelf, Weather
from anlan.science.tide import Harmonic
from anlan.science.track import Track

MODULES = [
    m.name.removeprefix("anlan.science.") for m in pkgutil.walk_packages(anlan.science.__path__, "anlan.science.")
]
N = 5


def function(model: str) -> Callable:
    module, name = model.rsplit(".", 1)
    return getattr(importlib.import_module(f"anlan.science.{module}"), name)


def track() -> Track:
    columns = ([0, 3600], [122, 121.8], [30, 30.2], [955, 957], [1008, 1008], [45, 44], [40, 40])
    return Track(*(np.array(c, float) for c in columns))


def some(n: int, low: float = 1.0, high: float = 5.0) -> np.ndarray:
    return np.linspace(low, high, n)


def bluespots() -> Bluespots:
    dem = np.full((5, 6), 3.0)
    dem[2, 2] = 1.0
    return analyse(dem, 10.0)


def pond() -> Grid:
    return Grid(np.add.outer(some(6), some(8)), 10.0, 10.0, 0.03)


def points(n: int) -> tuple:
    return track(), np.array([0.0, 1800.0]), some(n, 120, 123), some(n, 29, 32)


# how each model is called with arrays of n elements; those without the last mark do not take arrays of any length
CALLS: dict[str, Callable[[int], tuple[tuple, dict]]] = {
    "wind.wind_field": lambda n: (points(n), {}),
    "vortex.wind_holland_1980_m_s": lambda n: (
        (some(n) * 1e4,),
        {"deficit_hpa": some(n, 20, 60), "rmax_m": some(n, 3e4, 6e4), "b": some(n, 1, 2), "lat": some(n, 20, 30)},
    ),
    "vortex.wind_holland_2010_m_s": lambda n: (
        (some(n) * 1e4,),
        {"vmax_m_s": some(n, 20, 60), "rmax_m": some(n, 3e4, 6e4), "b": some(n, 1, 2), "x": some(n, 0.4, 1)},
    ),
    "tide.tide_m": lambda n: ((some(n) * 1e9, {"M2": Harmonic(1.0, 30.0)}), {}),
    "tide.inverse_barometer_m": lambda n: ((some(n, 950, 1010),), {}),
    "tide.set_up_m": lambda n: (
        (some(n, 5, 50), some(n, 0, 90)),
        {"shore_normal_deg": 90.0, "shelf_m": 4e4, "depth_m": 12.0},
    ),
    "rain.chicago_mm": lambda _: (
        (StormFormula(1600, 0.846, 7.0, 0.656), 5),
        {"minutes": 120, "step_minutes": 5, "peak": 0.4},
    ),
    "rain.cyclone_rain_mm_h": lambda n: (points(n), {}),
    "rain.between_gauges": lambda n: ((some(n), np.stack([some(n), some(n)], 1), np.ones((n, 2))), {}),
    "depressions.analyse": lambda _: ((np.add.outer(some(6), some(7)), 10.0), {}),
    "ponding.step": lambda _: (
        (bluespots(), Water.none(bluespots()), np.array([5.0, 20.0]), Drains(np.full(2, 36.0), np.full(2, 5.0))),
        {"hours": 1.0},
    ),
    "flood.simulation.inertial": lambda _: ((pond(), Case()), {"team": Team(1)}),
    "flood.momentum.momentum": lambda _: ((pond(), Case()), {"team": Team(1)}),
    "flood.subgrid.subgrid": lambda _: ((subgrid_tables(pond(), 2), Case()), {"team": Team(1)}),
    "flood.infiltration.runoff_mm": lambda n: ((some(n, 0, 100), some(n, 60, 98)), {}),
    "flood.drains.Drains": lambda _: ((pond(), [Subcatchment("town", np.arange(4), 36.0, 10.0, 72.0)]), {}),
    "flood.openings.Weir": lambda _: ((1.0, 2.0), {}),
    "flood.gates.froehlich_2008": lambda _: ((1e6, 10.0, 2.0), {"overtopped": True}),
    "flood.assimilation.analysed": lambda _: (
        (np.ones((5, 6), np.float32), np.ones((5, 6)), 10.0, Gauges(np.array([3]), np.array([0.5])), Errors(1, 1, 30)),
        {},
    ),
    "flood.ensemble.members": lambda _: ((5, Uncertain((0.7, 1.4), 0, (1, 1), (1, 1, 1), 0)), {"seed": 1}),
    "surge.surge_m": lambda _: (
        (Shelf(np.full(5, 20.0), 5e3), Weather(np.array([0.0, 3600.0]), *np.full((3, 1, 2, 5), 1e-3))),
        {},
    ),
    "cone.members": lambda _: (
        (
            track(),
            0.0,
            TrackErrors(np.array([0.0, 86400.0]), np.array([2e4, 8e4]), np.array([1.0, 4.0]), 2e5),
            3,
            np.random.default_rng(1),
        ),
        {},
    ),
    "scores.crps": lambda n: ((np.stack([some(n), some(n) + 1]), some(n)), {}),
    "impact.impact": lambda n: ((some(n), some(n), FLOOD_RESIDENTIAL_ASIA), {}),
    "impact.cannot_stand": lambda n: ((some(n), some(n)), {"height_m": 1.7, "mass_kg": 70.0}),
    "rules.evaluate_series": lambda n: (
        (Condition(kind="threshold", op=">", levels=(Level("red", 3.0),)), some(n), some(n)),
        {},
    ),
    "visibility.estimate": lambda _: (
        (np.full((8, 8, 3), 0.5), np.repeat([0, 1, 2, 3], 16).reshape(8, 8), np.array([100.0, 500.0, 1000.0])),
        {},
    ),
    "allocate.allocate": lambda n: ((some(n), some(n), np.outer(some(n), some(n))), {}),
    "grading.lec": lambda n: ((some(n), some(n), some(n)), {}),
}
ELEMENTWISE = [
    "vortex.wind_holland_1980_m_s",
    "vortex.wind_holland_2010_m_s",
    "tide.tide_m",
    "tide.inverse_barometer_m",
    "tide.set_up_m",
    "impact.impact",
    "impact.cannot_stand",
    "flood.infiltration.runoff_mm",
    "grading.lec",
]
ANY_LENGTH = [*ELEMENTWISE, "wind.wind_field", "rain.cyclone_rain_mm_h", "rain.between_gauges", "rules.evaluate_series",
              "allocate.allocate"]  # fmt: skip


def arrays_in(thing) -> list[np.ndarray]:
    if isinstance(thing, np.ndarray):
        return [thing]
    if is_dataclass(thing):
        return [a for f in fields(thing) for a in arrays_in(getattr(thing, f.name))]
    if isinstance(thing, dict):
        return [a for value in thing.values() for a in arrays_in(value)]
    if isinstance(thing, tuple):
        return [a for value in thing for a in arrays_in(value)]
    return []


def test_every_model_is_in_this_sweep():
    assert set(CALLS) == set(MODELS)


@pytest.mark.parametrize("card", MODELS.values(), ids=MODELS)
def test_its_card_is_whole(card):
    assert callable(function(card.id))
    for text in (card.title, card.limits, card.source):
        assert text.strip()
    assert card.verified_by or card.maturity is Maturity.SCREENING
    for quantity in (*card.inputs, *card.outputs):
        assert quantity.name
        assert quantity.unit
        assert quantity.least < quantity.most
    assert card.inputs
    assert card.outputs


@pytest.mark.parametrize("model", MODELS)
def test_its_docstring_says_where_it_is_from_or_its_module_does(model):
    module = importlib.import_module(f"anlan.science.{model.rsplit('.', 1)[0]}")

    assert function(model).__doc__
    assert "References\n----------" in (module.__doc__ or "") + (function(model).__doc__ or "")


@pytest.mark.parametrize("model", CALLS)
def test_it_leaves_its_arguments_as_they_were(model):
    args, options = CALLS[model](N)
    given = arrays_in((args, options))
    copies = [a.copy() for a in given]
    for array in given:
        array.flags.writeable = False
    function(model)(*args, **options)

    for array, copy in zip(given, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("model", CALLS)
def test_it_gives_finite_numbers_within_the_range_of_its_card(model):
    args, options = CALLS[model](N)
    result = function(model)(*args, **options)
    for quantity in MODELS[model].outputs:
        values = getattr(result, quantity.name, None)
        if values is None and isinstance(result, np.ndarray):
            values = result
        if isinstance(values, np.ndarray):
            known = values[np.isfinite(values)]

            assert np.all((known >= quantity.least) & (known <= quantity.most))


@pytest.mark.parametrize("model", ELEMENTWISE)
def test_it_keeps_the_shape_of_its_arguments(model):
    args, options = CALLS[model](6)

    def folded(thing):
        return thing.reshape(2, 3) if isinstance(thing, np.ndarray) else thing

    flat = function(model)(*args, **options)
    square = function(model)(*map(folded, args), **{k: folded(v) for k, v in options.items()})
    for one, other in zip(arrays_in(flat), arrays_in(square), strict=True):
        np.testing.assert_array_equal(one.reshape(2, 3), other)


@pytest.mark.parametrize("model", ELEMENTWISE)
def test_nan_goes_in_and_comes_out_there_and_nowhere_else(model):
    args, options = CALLS[model](N)
    args[0][2] = math.nan
    for result in arrays_in(function(model)(*args, **options)):
        assert np.flatnonzero(np.isnan(result)).tolist() == [2]


@pytest.mark.parametrize("model", ANY_LENGTH)
def test_of_nothing_comes_nothing(model):
    args, options = CALLS[model](0)
    result = function(model)(*args, **options)
    if model != "rain.between_gauges":
        assert all(a.size == 0 for a in arrays_in(result))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_run(name):
    assert doctest.testmod(importlib.import_module(f"anlan.science.{name}")).failed == 0
